"""What goes with a menu that is deleted, and what forbids that it goes.

Source: modules/menu/menu.module (menu_delete), modules/menu/menu.admin.inc (menu_delete_menu_confirm_submit).
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from drupalsync.errors import DrupalsyncError, Problems, counted
from drupalsync.kinds._menu_document import SYSTEM_MENUS
from drupalsync.kinds._menu_identity import NAME as LINK
from drupalsync.kinds._menu_rows import OVERVIEW, read_rows
from drupalsync.kinds.base import Context, Item

BLOCK: Final = "block"


class MenuProblem(DrupalsyncError):
    """A menu that this site cannot have, or must not lose."""


def losses(ctx: Context, name: str, going: Container[str]) -> Iterator[str]:
    """Sentences on the links and the block that only the site has.

    Raises Problems where the menu cannot go: Drupal's own, or one of which the tree still has a part.
    """
    if name in SYSTEM_MENUS:
        raise drupals_own(name)
    if left := list(_left_behind(ctx, name)):
        raise Problems(left)
    rows = [row for row in read_rows(ctx.site, "menu_name = ?", [name]) if row.module != "system" or row.updated]
    titles = [row.title for row in rows if f"{LINK}:{ctx.keys.key(LINK, row.mlid)}" not in going]
    if titles:
        shown = ", ".join(titles[:5]) + (" …" if len(titles) > 5 else "")
        yield f"with the menu {name} goes what the tree never had, {counted(len(titles), 'link')}: {shown}"
    if f"{BLOCK}:menu/{name}" not in going and (places := _places(ctx, name)):
        yield f"with the menu {name} goes its block, which the tree never had: it stands in {', '.join(places)}"


def drupals_own(name: str) -> MenuProblem:
    """The error that the deletion of one of Drupal's own menus is."""
    return MenuProblem(
        f"the menu {name} is Drupal's own: it cannot be deleted", where=f"menu:{name}", hint="put its file back"
    )


def _left_behind(ctx: Context, name: str) -> Iterator[MenuProblem]:
    """What the tree still has, and what would go with the menu nevertheless."""
    for item in (*ctx.memory.tree(BLOCK), *ctx.memory.tree(LINK)):
        if _is_part(item, name):
            yield MenuProblem(
                f"{item.address} cannot stay where its menu goes: menu:{name} is gone from the tree",
                where=item.source or item.address,
                hint="delete this file, too, or put the menu's back" if item.kind == BLOCK else "take it out, too",
            )


def _is_part(item: Item, name: str) -> bool:
    if item.kind == BLOCK:
        return item.key == f"menu/{name}"
    return item.key.startswith(f"{name}/") or item.fields["path"] == f"{OVERVIEW}{name}"


def _places(ctx: Context, name: str) -> list[str]:
    """Where the menu's block is seen, as `theme/region`."""
    if BLOCK not in ctx.site.tables:
        return []
    sql = "SELECT theme, region FROM {block} WHERE module = 'menu' AND delta = ? AND status <> 0 ORDER BY theme"
    return [f"{theme!s}/{region!s}" for theme, region in ctx.site.rows(sql, [name])]
