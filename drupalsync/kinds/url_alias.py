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
from drupalsync.kinds._alias_check import alias_problems
from drupalsync.kinds._node_alias import whitelist
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import split
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind

NAME: Final = "url_alias"
# The page of a node, a term or a user, and nothing below it: `user/12`, but not `user/login`.
_ELSEWHERE: Final = " AND ".join(
    f"NOT (source LIKE '{start}/%' AND source NOT LIKE '{start}/%/%'"
    f" AND SUBSTR(source, {len(start) + 2}, 1) BETWEEN '0' AND '9')"
    for start in ("node", "taxonomy/term", "user")
)

_ELSEWHERE_IN: Final = {
    "node": "write it under `aliases:` in the file of the node",
    "term": "write it under `aliases:` of the term, in the file of its vocabulary",
    "user": "make it on the site",
}


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: an alias that is none, an unknown language, one of a page that has a file of its own, one that is taken."""
    where = item.source or item.address
    language, _, alias = item.key.partition("/")
    source = item.fields["source"]
    if not source or not isinstance(source, str) or source != source.strip().strip("/"):
        yield CannotBeRow(
            f"{item.address} leads nowhere",
            where=where,
            hint="source: the path that it stands for, without / at its ends",
        )
        return
    reference = split(source)
    if reference is not None and reference[0] in _ELSEWHERE_IN and not reference[2]:
        yield CannotBeRow(
            f"{item.address} is an alias of {source}, which has it in its own file"
            if reference[0] != "user"
            else f"{item.address} is the alias of a user, which is content",
            where=where,
            hint=_ELSEWHERE_IN[reference[0]],
        )
        return
    own = _source_of(ctx, item)
    yield from alias_problems(ctx, item, [{"alias": alias, "language": language}], desired, where, own)


def _source_of(ctx: Context, item: Item) -> set[str]:
    """Where the row that the item is leads to now."""
    row = ctx.site.one("SELECT source FROM {url_alias} WHERE pid = ?", [ctx.keys.local_id(NAME, item.key)])
    return {str(row[0])} if row else set()


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
