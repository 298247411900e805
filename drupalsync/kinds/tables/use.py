"""Rows that content depends on: they are not deleted while there is any."""

from __future__ import annotations

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables.description import Description
from drupalsync.kinds.tables.rows import Named


class InUse(DrupalsyncError):
    """A row that cannot be deleted: content belongs to it."""


def check_unused(ctx: Context, about: Description, item: Item, row: Named) -> None:
    """Raises InUse; `row` are the id and the key of the row that is to go."""
    site, quote = ctx.site, ctx.site.db.quote
    for place, own in about.used_by.items():
        table, _, column = place.partition(".")
        if table not in site.tables or column not in site.columns(table):
            continue  # another version of the module, or one without
        found = site.one(f"SELECT COUNT(*) FROM {{{table}}} WHERE {quote(column)} = ?", [row[own]])
        count = int(str(found[0])) if found else 0
        if count:
            raise InUse(
                f"{item.address} cannot be deleted: {'1 row' if count == 1 else f'{count} rows'} of {table} {'belongs' if count == 1 else 'belong'} to it",
                where=item.address,
                hint="delete them on the site first, or put it back into the tree",
            )
