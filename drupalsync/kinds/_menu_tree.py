"""Where a link hangs: plid, depth, p1 … p9 and has_children, kept as Drupal keeps them.

Drupal shifts the columns of a moved subtree by arithmetic (_menu_link_move_children); here they are computed anew from
the parents. That comes to the same, and also holds while a subtree is deeper than nine levels for a moment, because a
part of it is yet to move elsewhere: what is still too deep at the end is refused (`too_deep`).
Source: includes/menu.inc (menu_link_save, _menu_link_parents_set, _menu_update_parental_status, _menu_delete_item).
"""

from __future__ import annotations

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._menu_rows import LEVELS, TABLE, P, Row, read_row, read_rows
from drupalsync.site import Cell, Site, get_variable, set_variable


class TooDeep(DrupalsyncError):
    """A link would be on a tenth level."""


def hang(site: Site, mlid: int, menu: str, plid: int) -> list[int]:
    """Hangs a link under `plid` (0: at the top of `menu`), with all that is below it; returns the ids of that.

    The has_children of neither parent is touched: see `refresh_parent`.
    """
    row = read_row(site, mlid)
    assert row is not None
    levels = below(site, row)
    trail = _trail(site, plid)
    _write(site, mlid, menu, plid, (*trail, mlid))
    trails = {mlid: (*trail, mlid)}
    for level in levels:
        for child, parent in level:
            trails[child] = (*trails[parent], child)
            _write(site, child, menu, parent, trails[child])
    return [child for level in levels for child, _ in level]


def below(site: Site, row: Row) -> list[list[tuple[int, int]]]:
    """(id, parent's id) of what hangs below a link in its menu, level by level."""
    levels: list[list[tuple[int, int]]] = []
    seen = {row.mlid}
    parents = [row.mlid]
    while parents:
        found = site.rows_in(
            f"SELECT mlid, plid FROM {{{TABLE}}} WHERE menu_name = ? AND plid IN (…) ORDER BY mlid", parents, [row.menu]
        )
        level = [(int(str(mlid)), int(str(plid))) for mlid, plid in found if int(str(mlid)) not in seen]
        if level:
            levels.append(level)
        parents = [mlid for mlid, _ in level]
        seen.update(parents)
    return levels


def _trail(site: Site, plid: int) -> tuple[int, ...]:
    """The ids from the top down to a link; by plid, because p1 … p9 of a link that is too deep are cut off."""
    trail: list[int] = []
    while plid and plid not in trail:
        row = site.one(f"SELECT plid FROM {{{TABLE}}} WHERE mlid = ?", [plid])
        if row is None:
            break
        trail.append(plid)
        plid = int(str(row[0]))
    return tuple(reversed(trail))


def _write(site: Site, mlid: int, menu: str, plid: int, trail: tuple[int, ...]) -> None:
    ids = dict(zip(P, (*trail, *[0] * LEVELS), strict=False))
    site.update(TABLE, {"menu_name": menu, "plid": plid, "depth": len(trail), **ids}, {"mlid": mlid})


def refresh_parent(site: Site, menu: str, plid: int) -> None:
    """Sets a parent's has_children: whether it has a child that is not hidden (_menu_update_parental_status)."""
    if plid:
        child = site.one(
            f"SELECT mlid FROM {{{TABLE}}} WHERE menu_name = ? AND hidden = 0 AND plid = ? LIMIT 1", [menu, plid]
        )
        site.update(TABLE, {"has_children": int(child is not None)}, {"mlid": plid})


def move(site: Site, row: Row, menu: str, plid: int) -> list[int]:
    """Moves a link that is there, with all below it, and refreshes both parents; returns the ids of what is below."""
    moved = hang(site, row.mlid, menu, plid)
    refresh_parent(site, row.menu, row.plid)
    refresh_parent(site, menu, plid)
    stale(site, row.menu, menu)
    return moved


def remove(site: Site, row: Row) -> list[int]:
    """Deletes a link as _menu_delete_item() does: its children move up to its parent; returns their ids.

    Drupal leaves children behind where all of them are hidden, hanging from nothing; here they move up as well.
    """
    children = read_rows(site, "plid = ?", [row.mlid])
    for child in children:
        hang(site, child.mlid, row.menu, row.plid)
    site.delete(TABLE, {"mlid": row.mlid})
    refresh_parent(site, row.menu, row.plid)
    stale(site, row.menu)
    return [child.mlid for child in children]


def stale(site: Site, *menus: str) -> None:
    """What menu_cache_clear() and _menu_clear_page_cache() clear."""
    for menu in menus:
        site.caches.prefix("cache_menu", f"links:{menu}:")
    site.caches.everything("cache_block")
    site.caches.everything("cache_page")


def set_expanded_menus(site: Site) -> None:
    """_menu_set_expanded_menus(): the menus that have an expanded link."""
    rows = site.rows(f"SELECT DISTINCT menu_name FROM {{{TABLE}}} WHERE expanded <> 0 ORDER BY menu_name")
    names: list[Cell] = [str(name) for (name,) in rows]
    if get_variable(site, "menu_expanded") != names:
        set_variable(site, "menu_expanded", list(names))


def refuse_too_deep(site: Site) -> None:
    """Raises TooDeep where a link ended up deeper than Drupal can keep it."""
    row = site.one(
        f"SELECT menu_name, link_title, depth FROM {{{TABLE}}} WHERE depth > ? ORDER BY depth, mlid", [LEVELS]
    )
    if row is not None:
        menu, title, depth = map(str, row)
        raise TooDeep(
            f"the link {title!r} in the menu {menu} would be on level {depth}, and Drupal keeps {LEVELS}",
            where=f"menu_links of {menu}",
            hint="move a link above it up; it may be one that only the site has",
        )
