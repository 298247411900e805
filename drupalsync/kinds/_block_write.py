"""What writing a block does to {block}, {block_custom}, {block_role} and {block_node_type}.

Source: modules/block/block.admin.inc (block_add_block_form_submit, block_admin_configure_submit,
block_admin_display_form_submit, block_custom_block_delete_submit), modules/block/block.module (block_custom_block_save,
_block_rehash), modules/node/node.module (node_form_block_admin_configure_submit).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._block_document import FIELDS, NAME, NOWHERE, OWN, is_custom, is_off
from drupalsync.kinds._block_keys import CUSTOM_MODULE, Place, local_id_of, place_of
from drupalsync.kinds._block_pages import is_one_rule
from drupalsync.kinds._block_rows import (
    cell,
    custom_columns,
    placement_columns,
    read_items,
    shared_columns,
)
from drupalsync.kinds._block_shared import SHARED, as_usual, placements_of, seen_in
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.site import Cell, LocalId
from drupalsync.tree import TreeValue
from drupalsync.tree import same as same_tree

NO_CACHE: Final = -1  # DRUPAL_NO_CACHE, includes/common.inc
PER_ROLE: Final = 1  # DRUPAL_CACHE_PER_ROLE: the column's default, until _block_rehash() asks the module
PARKED: Final = "drupalsync renames block "


class InfoTaken(DrupalsyncError):
    """Two custom blocks would have the same name; {block_custom}.info is unique."""


def fill(item: Item, live: Item | None) -> Item:
    """`item` with the site's placements in themes that it does not name.

    Those show what they did, unless the block is configured anew: core's form writes its heading, pages … to all rows. A
    theme in which a block is off, and which the site does not even have a row for, is as it should be. Half a rule of
    pages, left of a merge in which the site's edit stays, is the site's rule.
    """
    if live is None:
        return item
    named, there = placements_of(item.fields), placements_of(live.fields)
    pages = item.fields["pages"] if is_one_rule(item.fields["pages"]) else live.fields["pages"]
    fields = {**item.fields, "pages": pages}
    kept = {theme: at for theme, at in named.items() if theme in there or not is_off(at)}
    others = {theme: at for theme, at in there.items() if theme not in named}
    if _configured(fields, live.fields):
        others = {
            theme: {name: value for name, value in at.items() if name not in SHARED} for theme, at in others.items()
        }
    else:
        others = {theme: {**at, **seen_in(live.fields, at)} for theme, at in others.items()}
    return replace(item, fields=as_usual({**fields, "placements": {**others, **kept}}))


def _configured(fields: Fields, live: Fields) -> bool:
    """Whether anything differs that the block's own form writes, in the themes that the tree names."""
    named, there = placements_of(fields), placements_of(live)
    if any(not same_tree(fields[name], live[name]) for name in (*OWN, "roles", "content_types")):
        return True
    both = [(seen_in(fields, named[theme]), seen_in(live, there[theme])) for theme in named if theme in there]
    both = both or [(seen_in(fields, {}), seen_in(live, {}))]
    return any(not same_tree(wanted[name], shown[name]) for wanted, shown in both for name in SHARED)


def create(ctx: Context, item: Item) -> LocalId:
    """Writes a block and a row for every theme that is on; rows that a module's block has already are kept."""
    if is_custom(item.key):
        place, found = (CUSTOM_MODULE, str(_insert_custom(ctx, item))), None
    else:
        place = place_of(ctx, item)
        found = next(read_items(ctx, place), None)
    blank: Fields = {name: spec.default for name, spec in FIELDS.items()} | {name: item.fields[name] for name in OWN}
    live = found or Item(kind=NAME, key=item.key, fields=blank, local_id=local_id_of(place))
    everywhere = {str(theme): dict(NOWHERE) for theme, _ in ctx.keys.all("theme")}
    placements = {**everywhere, **placements_of(live.fields), **placements_of(item.fields)}
    _write(ctx, place, live, replace(item, fields={**item.fields, "placements": placements}))
    return local_id_of(place)


def update(ctx: Context, live: Item, item: Item) -> None:
    """Writes what differs. A module's block that moves is another block: the old one goes back to Drupal's defaults.

    But for one that has a feed's or a node's name in its key, which got another: it is what it was.
    """
    same_row = is_custom(live.key) and is_custom(item.key)
    if live.key != item.key and not same_row and place_of(ctx, live) != place_of(ctx, replace(item, local_id=None)):
        delete(ctx, live)
        create(ctx, replace(item, local_id=None))
    else:
        _write(ctx, place_of(ctx, live), live, fill(item, live))


def delete(ctx: Context, item: Item) -> None:
    """Deletes a custom block; puts a module's block back to Drupal's defaults, as only its module can take it away."""
    module, delta = place_of(ctx, item)
    where: dict[str, Cell] = {"module": module, "delta": delta}
    if module == CUSTOM_MODULE:
        ctx.site.delete("block_custom", {"bid": int(delta)})
        ctx.site.delete("block", where)
    else:
        columns = shared_columns(ctx, {name: FIELDS[name].default for name in SHARED}, SHARED, where=item.address)
        ctx.site.update("block", columns, where)
        for theme in placements_of(item.fields):
            ctx.site.update("block", placement_columns(NOWHERE), {**where, "theme": theme})
    for table in ("block_role", "block_node_type"):
        if table in ctx.site.tables:
            ctx.site.delete(table, where)
    ctx.keys.drop(NAME, local_id_of((module, delta)))
    stale(ctx)


def no_info_is_parked(ctx: Context) -> None:
    """Raises InfoTaken where a block gave its name to another, and got none itself."""
    for bid, info in ctx.site.rows(
        "SELECT bid, info FROM {block_custom} WHERE SUBSTR(info, 1, ?) = ? ORDER BY bid", [len(PARKED), PARKED]
    ):
        key = ctx.keys.key(NAME, bid)
        raise InfoTaken(
            "another custom block of the site has the `info` that a block of the tree is to have",
            where=f"{NAME}:{key}" if key else str(info),
            hint="give one of them another `info`, or import both",
        )


def stale(ctx: Context) -> None:
    """cache_clear_all() without arguments, which every form of blocks ends with (includes/cache.inc)."""
    ctx.site.caches.everything("cache_block")
    ctx.site.caches.everything("cache_page")


def _write(ctx: Context, place: Place, live: Item, item: Item) -> None:
    changed = [name for name in FIELDS if not same_tree(live.fields[name], item.fields[name])]
    _update_custom(ctx, place, item, [name for name in changed if name in OWN])
    _update_rows(ctx, place, live, item, [name for name in changed if name in SHARED])
    _insert_rows(ctx, place, live, item)
    where = _named(item)
    if "roles" in changed:
        # An unknown role raises: left out, it could leave the block open to everybody.
        rids = [ctx.keys.need("role", name, where=where) for name in _list(item, "roles")]
        _restrict(ctx, "block_role", "rid", place, rids)
    if "content_types" in changed and ("block_node_type" in ctx.site.tables or _list(item, "content_types")):
        _restrict(ctx, "block_node_type", "type", place, _list(item, "content_types"))
    ctx.keys.assign(NAME, local_id_of(place), item.key)
    stale(ctx)


def _insert_custom(ctx: Context, item: Item) -> int:
    _make_room(ctx, item.fields["info"], None)
    return ctx.site.insert("block_custom", custom_columns(ctx, item.fields, OWN))


def _update_custom(ctx: Context, place: Place, item: Item, changed: Sequence[str]) -> None:
    if not changed:
        return
    columns = custom_columns(ctx, item.fields, changed)
    if "info" in columns:
        _make_room(ctx, columns["info"], int(place[1]))
    if columns:
        ctx.site.update("block_custom", columns, {"bid": int(place[1])})


def _make_room(ctx: Context, info: TreeValue, own: int | None) -> None:
    """Takes the name from the block that has it: the same import gives it another (else finish() stops)."""
    for (bid,) in ctx.site.rows("SELECT bid FROM {block_custom} WHERE info = ?", [cell(info)]):
        if bid != own:
            ctx.site.update("block_custom", {"info": f"{PARKED}{bid!s}"}, {"bid": bid})


def _update_rows(ctx: Context, place: Place, live: Item, item: Item, shared: Sequence[str]) -> None:
    """First what all rows share, those of disabled themes too, then what each theme has for itself."""
    where: dict[str, Cell] = {"module": place[0], "delta": place[1]}
    columns = shared_columns(ctx, item.fields, shared, where=_named(item))
    if columns:
        ctx.site.update("block", columns, where)
    for theme, before in placements_of(live.fields).items():
        after = placements_of(item.fields)[theme]
        now = {**live.fields, **before, **{name: item.fields[name] for name in shared}}
        then = {**item.fields, **after}
        differing = [name for name in SHARED if not same_tree(now[name], then[name])]
        old, new = placement_columns(before), placement_columns(after)
        columns = {name: value for name, value in new.items() if value != old[name]}
        columns.update(shared_columns(ctx, then, differing, where=_named(item)))
        if columns:
            ctx.site.update("block", columns, {**where, "theme": theme})


def _insert_rows(ctx: Context, place: Place, live: Item, item: Item) -> None:
    """Rows for themes that had none, with the cache mode of the block's other rows.

    A theme that was off until now may have kept its row from earlier: block.module initializes none but new themes.
    """
    missing = [theme for theme in placements_of(item.fields) if theme not in placements_of(live.fields)]
    if not missing:
        return
    module, delta = place
    usual = PER_ROLE if module != CUSTOM_MODULE else NO_CACHE
    where: dict[str, Cell] = {"module": module, "delta": delta}
    there = {
        str(theme): cache
        for theme, cache in ctx.site.rows(
            "SELECT theme, cache FROM {block} WHERE module = ? AND delta = ? ORDER BY bid", [module, delta]
        )
    }
    rows: list[Mapping[str, Cell]] = []
    for theme in missing:
        at = placements_of(item.fields)[theme]
        if is_off(at) and ctx.keys.local_id("theme", theme) is None:
            continue
        shared = shared_columns(ctx, {**item.fields, **at}, SHARED, where=_named(item))
        if theme in there:
            ctx.site.update("block", {**placement_columns(at), **shared}, {**where, "theme": theme})
            continue
        rows.append(
            {
                "module": module,
                "delta": delta,
                "theme": theme,
                "cache": next(iter(there.values()), usual),
                **placement_columns(at),
                **shared,
            }
        )
    ctx.site.insert_many("block", rows)


def _restrict(ctx: Context, table: str, column: str, place: Place, values: Sequence[Cell]) -> None:
    module, delta = place
    ctx.site.delete(table, {"module": module, "delta": delta})
    ctx.site.insert_many(table, [{column: value, "module": module, "delta": delta} for value in values])


def _list(item: Item, name: str) -> list[str]:
    found = item.fields[name]
    assert isinstance(found, list)
    return found


def _named(item: Item) -> str:
    return item.source or item.address
