"""Blocks: where each stands in each theme, who sees it, and the text of custom ones.

Tables    block, block_custom, block_role (modules/block/block.install), block_node_type (modules/node/node.install)
Key       `module/delta`; a custom block: `custom/` and the slug its `info` had when it was first exported
File      config/blocks/<module>/<delta>.yml, config/blocks/custom/<key>.yml
Defaults  off (region none), weight 0, no heading of its own, on every page, for everybody
Keeps     a row for every theme that is on; title, pages and user_control alike in all rows of a block, unless a
          placement says otherwise; rows of themes that the tree does not name, or that are off, stay where they are;
          a custom block's delta is its bid; {block}.cache is its module's business; roles and types by module and delta
Caches    cache_block and cache_page: what cache_clear_all() clears, which every form of blocks ends with
Source    modules/block/block.admin.inc, modules/block/block.module (_block_rehash), modules/node/node.module
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import _block_check
from drupalsync.kinds._block_document import (
    CUSTOM,
    FIELDS,
    FOLDER,
    NAME,
    NOWHERE,
    dump,
    is_custom,
    load,
    place,
    with_news,
)
from drupalsync.kinds._block_keys import key_after, place_of
from drupalsync.kinds._block_rows import has_blocks, read_customs, read_items, read_titles
from drupalsync.kinds._block_write import create, delete, fill, no_info_is_parked, update
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.fields import mapping_schema
from drupalsync.kinds.identity import Hints, match
from drupalsync.kinds.slug import slug, unique
from drupalsync.site import LocalId
from drupalsync.tree import TreeValue
from drupalsync.tree import same as same_tree

__all__ = [
    "AFTER",
    "DOCUMENT",
    "FIELDS",
    "FOLDER",
    "NAME",
    "TABLES",
    "can_move",
    "check",
    "create",
    "delete",
    "dump",
    "fill",
    "finish",
    "identify",
    "key_after",
    "likeness",
    "load",
    "lock",
    "losses",
    "needs",
    "place",
    "read",
    "remains",
    "schema",
    "update",
    "with_news",
    "worth_exporting",
]

TABLES: Final = ("block", "block_custom", "block_role", "block_node_type")
AFTER: Final = (
    "theme",
    "role",
    "text_format",
    "content_type",
    "term",
    "node",
    "menu",
    "aggregator_feed",
    "aggregator_category",
)
DOCUMENT: Final = NAME


def identify(ctx: Context) -> None:
    """Gives custom blocks their keys: by their `info`, which is unique, else by body and format, else by its slug.

    A remembered row may have lost all three, if it kept its heading.
    """
    if not has_blocks(ctx.site):
        return
    customs = read_customs(ctx)
    titles = read_titles(ctx.site)
    rows: dict[LocalId, Hints] = {
        bid: (*_hints(fields, _slug(fields)), _heading(titles.get(str(bid)))) for bid, fields in customs.items()
    }
    known = [replace(item, local_id=None) for item in ctx.memory.tree(NAME) if is_custom(item.key)]
    found = match(ctx, NAME, rows, known, _hints_of)
    taken = {item.key for item in (*known, *found.values())}
    for bid, fields in customs.items():
        key = found[bid].key if bid in found else unique(_slug(fields), taken)
        taken.add(key)
        ctx.keys.assign(NAME, bid, key)


def read(ctx: Context) -> Iterator[Item]:
    """Yields every block of a module that is on, by key, in five queries however many there are."""
    items = sorted(read_items(ctx), key=lambda item: item.key) if has_blocks(ctx.site) else []
    for item in items:
        if not isinstance(item.local_id, int):
            ctx.keys.assign(NAME, f"{item.local_id}", item.key)
    yield from items


def worth_exporting(item: Item) -> bool:
    """A custom block is; a module's one is where it stands in a region, or anything else is not Drupal's default."""
    placements = item.fields["placements"]
    return (
        is_custom(item.key)
        or any(not same_tree(at, NOWHERE) for at in (placements.values() if isinstance(placements, dict) else ()))
        or any(not same_tree(item.fields[name], spec.default) for name, spec in FIELDS.items() if name != "placements")
    )


def schema() -> Mapping[str, object]:
    """The JSON Schema of a file."""
    return mapping_schema(FIELDS, NAME)


def needs(item: Item) -> tuple[str, ...]:
    """No block needs another."""
    del item
    return ()


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields missing roles, types, formats, pages, modules, themes and regions, and names that are taken."""
    yield from _block_check.problems(ctx, item, desired)


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the rows of these blocks; {block} is found by delta, and small."""
    live = list(items)
    deltas = [place_of(ctx, item)[1] for item in live]
    for table in ("block", "block_role", "block_node_type"):
        if table in ctx.site.tables:
            ctx.site.lock_rows(table, "delta", deltas)
    ctx.site.lock_rows("block_custom", "bid", [item.local_id for item in live if isinstance(item.local_id, int)])


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the item itself goes."""
    del ctx, item, going
    return iter(())


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Nothing stays behind."""
    del ctx, item
    return iter(())


def finish(ctx: Context) -> None:
    """Makes sure that no custom block lost its name to another; nothing is derived from blocks."""
    no_info_is_parked(ctx)


def can_move(item: Item) -> bool:
    """A custom block; the others are what their modules call them."""
    return is_custom(item.key)


def likeness(item: Item) -> str | None:
    """A custom block's `info`: no two have the same."""
    return f"{item.fields['info']!r}" if is_custom(item.key) else None


def _slug(fields: Fields) -> str:
    """The key that a custom block starts with."""
    info = fields["info"]
    return CUSTOM + slug(info if isinstance(info, str) else repr(info))


def _hints_of(item: Item) -> Hints:
    """What an item is known by; a heading says enough of the same row, and nothing of a row of another site."""
    hints = _hints(item.fields, item.key)
    return hints if item.local_id is None else (*hints, _heading(item.fields["title"]))


def _hints(fields: Fields, key: str) -> Hints:
    body = fields["body"]
    return (f"info {fields['info']!r}", f"body {fields['format']!r}\0{body!r}" if body else None, f"key {key}")


def _heading(title: TreeValue) -> str | None:
    return f"title {title!r}" if title not in (None, "", "<none>") else None
