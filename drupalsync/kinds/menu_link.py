"""Menu links: those made by hand, and what was changed in those that modules declare.

Tables    menu_links (modules/system/system.install)
Key       the menu and the keys of the links down to it, as `main-menu/about/team`; a link's own key starts as the slug
          of its title; below a link that a module declares the key starts anew, and `parent` names that one
File      config/menus/<menu_name>.yml, nested
Defaults  weight 0, shown, not expanded, no options, not customized
Keeps     depth, p1 … p9 and has_children of all that a change touches; what is below a link moves with it, also to
          another menu; a deleted link's children move up; a declared link is customised, and handed back to its module
          in place of being deleted; router_path and external by core's rule; what Features marks in `options`;
          {menu_links}.updated and the translation set of i18n_menu stay as they are
Caches    cache_menu `links:<menu>:` of both menus, cache_block, cache_page; the variable menu_expanded
Not here  pages of books (kind node); the links of menus' own pages in their original state (kind menu)
Source    includes/menu.inc (menu_link_save, menu_link_delete), modules/menu/menu.admin.inc, modules/menu/menu.module
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from drupalsync.errors import DrupalsyncError, Problems, counted
from drupalsync.kinds import _menu_check, _menu_tree
from drupalsync.kinds import _menu_router as router
from drupalsync.kinds._menu_document import LINK_FIELDS
from drupalsync.kinds._menu_identity import Links, address_key, identify
from drupalsync.kinds._menu_rows import (
    FLAGS,
    KNOWN,
    TABLE,
    BadOptions,
    Row,
    extras_in,
    fields_of,
    number,
    options_in,
    read_row,
    read_rows,
)
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import Field, same_tree
from drupalsync.kinds.references import path_in
from drupalsync.kinds.slug import unique
from drupalsync.site import Cell, LocalId, set_variable
from drupalsync.tree import TreeValue

__all__ = ["identify"]

NAME: Final = "menu_link"
TABLES: Final = ("menu_links",)
AFTER: Final = (
    "menu",
    "shortcut_set",
    "node",
    "content_type",
    "vocabulary",
    "term",
    "user",
    "aggregator_feed",
    "aggregator_category",
)
DOCUMENT: Final = "menu"
FIELDS: Final[Mapping[str, Field]] = LINK_FIELDS


def read(ctx: Context) -> Iterator[Item]:
    """Yields every link that belongs to the tree, by key, in four queries however many there are.

    Raises Problems, with all of them, where stored options are cut or corrupt.
    """
    links = Links(ctx.site)
    items: list[Item] = []
    broken: list[DrupalsyncError] = []
    for mlid, row in links.ours.items():
        if (key := ctx.keys.key(NAME, mlid)) is None:
            continue
        try:
            items.append(Item(kind=NAME, key=key, fields=fields_of(ctx, row, links.addressed(mlid)), local_id=mlid))
        except BadOptions as problem:
            broken.append(problem)
    if broken:
        raise Problems(broken)
    yield from sorted(items, key=lambda item: item.key)


def worth_exporting(item: Item) -> bool:
    """Every such link is: no module makes it anew by itself."""
    del item
    return True


def fill(item: Item, live: Item | None) -> Item:
    """A declared link's title, where the tree leaves it to the site."""
    if live is None or item.fields["title"] is not None:
        return item
    return replace(item, fields={**item.fields, "title": live.fields["title"]})


def needs(item: Item) -> tuple[str, ...]:
    """The link above it."""
    return _menu_check.needed(item)


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields missing menus, parents and targets, paths that nothing serves, and links on a tenth level."""
    yield from _menu_check.problems(ctx, item, desired)


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the menus: a link's move touches what is below it and both its parents."""
    live = list(items)
    ctx.site.lock_rows(TABLE, "menu_name", sorted({item.key.partition("/")[0] for item in live}))
    ctx.site.lock_rows(TABLE, "mlid", [item.local_id for item in live if item.local_id is not None])


def create(ctx: Context, item: Item) -> LocalId:
    """menu_link_save() for a new link; one that a module declares is there already, and becomes a customised one."""
    path = path_in(ctx, str(item.fields["path"]), where=item.source or item.address)
    if item.fields["module"] != "menu":
        there = _menu_check.links_to(ctx.site, str(item.fields["module"]), path)
        if there:
            _save(ctx, there[0], None, item)
            return there[0].mlid
    menu, plid = _place(ctx, item)
    columns: dict[str, Cell] = {"options": options_in(item.fields["options"], None)}
    columns.update(_columns(ctx, item, path))
    columns.setdefault("link_title", (router.declared_columns(ctx.site, path) or {}).get("link_title", ""))
    mlid = ctx.site.insert(TABLE, {**columns, "menu_name": menu, "plid": plid, "has_children": 0, "updated": 0})
    _menu_tree.hang(ctx.site, mlid, menu, plid)
    _menu_tree.refresh_parent(ctx.site, menu, plid)
    _menu_tree.stale(ctx.site, menu)
    ctx.keys.assign(NAME, mlid, item.key)
    return mlid


def update(ctx: Context, live: Item, item: Item) -> None:
    """menu_link_save() for a link that is there; what hangs from it moves with it."""
    row = read_row(ctx.site, int(live.local_id or 0))
    if row is None:
        raise ctx.keys.missing(NAME, live.key, where=item.source or item.address)
    _save(ctx, row, live, item)


def delete(ctx: Context, item: Item) -> None:
    """menu_link_delete(), whose children move up; a link that a module declares is reset, as menu_reset_item() does."""
    row = read_row(ctx.site, int(item.local_id or 0))
    if row is None:  # it went with its node, or with its menu
        ctx.keys.drop(NAME, item.local_id or 0)
        return
    if row.declared:
        reset(ctx, row)
        return
    own = ctx.keys.key(NAME, row.mlid) or item.key
    left = _menu_tree.below(ctx.site, row)
    _menu_tree.remove(ctx.site, row)
    ctx.keys.drop(NAME, row.mlid)
    _rename(ctx, left, own, own.rpartition("/")[0])


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The place of what only the site has below the link: it moves up."""
    row = read_row(ctx.site, int(item.local_id or 0))
    if row is None or row.declared or f"menu:{row.menu}" in going:
        return
    below = read_rows(ctx.site, "plid = ?", [row.mlid])
    left = [other.title for other in below if f"{NAME}:{ctx.keys.key(NAME, other.mlid)}" not in going]
    if left:
        shown = ", ".join(left[:5]) + (" …" if len(left) > 5 else "")
        yield f"below {item.address} is what the tree never had, and it moves up, {counted(len(left), 'link')}: {shown}"


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Of a module's own link that moves to another menu, the place: handed back, Drupal may leave it there."""
    if item.fields["module"] == "menu":
        return
    path, menu = str(item.fields["path"]), item.key.partition("/")[0]
    for row in _menu_check.links_to(ctx.site, str(item.fields["module"]), path)[:1]:
        if row.menu != menu and router.stays_in_its_menu(ctx.site, path):
            yield f"handed back to its module, {item.address} stays in {menu}; it was in {row.menu}"


def finish(ctx: Context) -> None:
    """Recomputes menu_expanded; raises TooDeep where the site's own links ended up below the ninth level."""
    _menu_tree.refuse_too_deep(ctx.site)
    _menu_tree.set_expanded_menus(ctx.site)


def can_move(item: Item) -> bool:
    """A link that was made by hand; what a module declares is known by its path."""
    return item.fields["module"] == "menu"


def likeness(item: Item) -> str | None:
    """Its own key, where it leads, and whose it is; a declared link is the same wherever it hangs."""
    module, path = item.fields["module"], item.fields["path"]
    own = item.key.rpartition("/")[2] if module == "menu" else ""
    return f"{module!r}\n{path!r}\n{own}"


def reset(ctx: Context, row: Row) -> None:
    """Gives a link back to the module that declares it (menu_reset_item); one of another module than system stays as it is.

    hook_menu() may name a menu or a parent that no table holds: the rebuild that is asked for corrects that.
    """
    columns = router.declared_columns(ctx.site, row.path) if row.module == "system" else None
    ctx.site.update(TABLE, columns or {"customized": 0}, {"mlid": row.mlid})
    _menu_tree.refresh_parent(ctx.site, row.menu, row.plid)
    _menu_tree.stale(ctx.site, row.menu)
    if columns is not None:
        _move(ctx, row, *router.declared_place(ctx.site, row))
    set_variable(ctx.site, "menu_rebuild_needed", True)
    now = read_row(ctx.site, row.mlid)
    assert now is not None
    _call(ctx, now, address_key(ctx, now))


def _save(ctx: Context, row: Row, live: Item | None, item: Item) -> None:
    """Makes a row into `item`; `live` is what it is now, None where it is not in the tree yet."""
    path = row.path
    if live is None or not same_tree(live.fields["path"], item.fields["path"]):
        path = path_in(ctx, str(item.fields["path"]), where=item.source or item.address)
    columns = _columns(ctx, item, path)
    if row.router_path and path == row.path:
        del columns["router_path"]
    if live is None or not same_tree(live.fields["options"], item.fields["options"]):
        columns["options"] = options_in(item.fields["options"], row.options)
    if live is None or not _same_but_place(live, item):
        ctx.site.update(TABLE, columns, {"mlid": row.mlid})
        _menu_tree.refresh_parent(ctx.site, row.menu, row.plid)
        _menu_tree.stale(ctx.site, row.menu)
    menu, plid = _place(ctx, item)
    _move(ctx, row, menu, plid)
    _call(ctx, replace(row, menu=menu), item.key)


def _same_but_place(live: Item, item: Item) -> bool:
    return all(same_tree(live.fields[name], item.fields[name]) for name in FIELDS if name != "parent")


def _columns(ctx: Context, item: Item, path: str) -> dict[str, Cell]:
    """The columns that an item says, but for where it hangs and its options."""
    external = router.is_external(ctx.site, path)
    fields = item.fields
    columns: dict[str, Cell] = {
        "link_path": path,
        "router_path": "" if external else router.router_path(ctx.site, path),
        "external": int(external),
        "module": str(fields["module"]),
        "weight": number(fields["weight"]),
        **{name: number(fields[name]) for name in FLAGS},
        **extras_in(ctx.site, TABLE, KNOWN, fields["extra"]),
    }
    if fields["title"] is not None:
        columns["link_title"] = _text(fields["title"])
    return columns


def _text(value: TreeValue) -> Cell:
    assert isinstance(value, str | bytes)
    return value


def _place(ctx: Context, item: Item) -> tuple[str, int]:
    """(menu, parent's id) where an item hangs: a parent's menu is its children's, whatever they say."""
    where = item.source or item.address
    row = _menu_check.parent_row(ctx, item, where=where)
    above = item.key.rpartition("/")[0]
    if row is None and "/" in above:
        row = read_row(ctx.site, ctx.keys.need(NAME, above, where=where))
    return (row.menu, row.mlid) if row is not None else (above.partition("/")[0], 0)


def _move(ctx: Context, row: Row, menu: str, plid: int) -> None:
    if (menu, plid) != (row.menu, row.plid):
        _menu_tree.move(ctx.site, row, menu, plid)


def _call(ctx: Context, row: Row, key: str) -> None:
    """Gives a row its key, and what is below it keys that follow from it."""
    old = ctx.keys.key(NAME, row.mlid)
    ctx.keys.assign(NAME, row.mlid, key)
    if old is not None and old != key:
        _rename(ctx, _menu_tree.below(ctx.site, row), old, key)


def _rename(ctx: Context, levels: Iterable[Iterable[tuple[int, int]]], old: str, new: str) -> None:
    """New keys for what is below a link whose key was `old`; the key of a declared link only begins with its menu."""
    menus = (old.partition("/")[0], new.partition("/")[0])
    for mlid in (mlid for level in levels for mlid, _ in level):
        key = ctx.keys.key(NAME, mlid) or ""
        own = ":" not in key and ":" not in old and key.startswith(f"{old}/")
        before, after = (old, new) if own else menus
        if before != after and key.startswith(f"{before}/"):
            ctx.keys.assign(NAME, mlid, unique(after + key[len(before) :], _Taken(ctx)))


class _Taken:
    """The keys that some link has."""

    def __init__(self, ctx: Context) -> None:
        self._keys = ctx.keys

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and self._keys.local_id(NAME, key) is not None
