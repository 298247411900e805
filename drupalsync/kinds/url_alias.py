"""URL aliases of pages that are neither a node nor a term: those two bring their own along.

Tables    url_alias (modules/path/path.install)
Key       language and alias: `und/contact-us`
File      config/url_aliases/<key>.yml
Defaults  none
Keeps     path_alias_whitelist; aliases of users are content, and stay; of two rows that say the same none is an item
Caches    cache_block, cache_page
Source    includes/path.inc (path_save, path_delete, drupal_path_alias_whitelist_rebuild), modules/path/path.admin.inc
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._node_alias import whitelist
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind

NAME: Final = "url_alias"
# The page of a node, a term or a user, and nothing below it.
_ELSEWHERE: Final = " AND ".join(
    f"NOT (source LIKE '{start}/%' AND source NOT LIKE '{start}/%/%')" for start in ("node", "taxonomy/term", "user")
)


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: an alias that is none, an unknown language, an alias that leads somewhere else already."""
    where = item.source or item.address
    language, _, alias = item.key.partition("/")
    source = item.fields["source"]
    if not alias or alias != alias.strip().strip("/"):
        yield CannotBeRow(f"{alias!r} cannot be an alias", where=where, hint="no spaces and no / at its ends")
    missing = problem(ctx, "language", language, desired, where=where) if language != "und" else None
    if missing is not None:
        yield missing
    if not source:
        yield CannotBeRow(f"{item.address} leads nowhere", where=where, hint="source: the path that it stands for")
        return
    rows = ctx.site.rows("SELECT source FROM {url_alias} WHERE alias = ? AND language = ?", [alias, language])
    own = ctx.keys.local_id(NAME, item.key)
    if own is None and rows:
        yield CannotBeRow(
            f"the alias {alias} ({language}) leads to {rows[0][0]!s} already",
            where=where,
            hint="delete it there, or choose another",
        )


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """drupal_path_alias_whitelist_rebuild()."""
    del live
    row = ctx.site.one(
        "SELECT source FROM {url_alias} WHERE pid = ?", [ctx.keys.need(NAME, item.key, where=item.address)]
    )
    whitelist(ctx.site, str(row[0]).partition("/")[0] if row else "")


KIND: Final = TableKind(
    about=Description(
        kind=NAME,
        table="url_alias",
        key=("language", "alias"),
        id="pid",
        folder="url_aliases",
        columns={"source": Col(help="The path that it stands for.", path=True, required=True, default="")},
        condition=_ELSEWHERE,
        after=("language", "node", "term"),
        caches=(("cache_block", "*"), ("cache_page", "*")),
        likeness=("source",),
    ),
    doc=__doc__,
    hooks=Hooks(check=check, wrote=wrote),
)
