"""Names that are two to us and one to the database: it may tell neither case nor accents apart, nor spaces at the end."""

from __future__ import annotations

import unicodedata

from drupalsync.kinds.base import Context


def is_one_name(ctx: Context, table: str, column: str, name: str, other: str) -> bool:
    """Whether a unique column has room for only one of the two; asks the database, for only its collation knows."""
    if name == other:
        return True
    if folded(name) != folded(other):
        return False
    # The empty first half of the union lends the column's collation to the name in the second.
    sql = f"SELECT 1 FROM (SELECT {column} FROM {{{table}}} WHERE 1 = 0 UNION ALL SELECT ?) t WHERE t.{column} = ?"
    return ctx.site.one(sql, [other, name]) is not None


def folded(name: str) -> str:
    """What two names have in common that some collation may take for one."""
    plain = unicodedata.normalize("NFKD", name)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold().rstrip(" ")
