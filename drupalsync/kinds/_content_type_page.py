"""The page to add content of a type, and the link to it, as the rebuild of the router makes them.

Source: modules/node/node.module (node_menu), includes/menu.inc (_menu_router_save, _menu_navigation_links_rebuild).
"""

from __future__ import annotations

from typing import Final

from drupalsync.kinds import _menu_tree
from drupalsync.kinds._menu_rows import TABLE, read_rows
from drupalsync.kinds.base import Context
from drupalsync.php import Value, encode
from drupalsync.site import Cell

ADD: Final = "node/add"
ROUTER: Final = "menu_router"


def path_of(type_: str) -> str:
    """The page's path."""
    return f"{ADD}/{type_.replace('_', '-')}"


def write(ctx: Context, type_: str, name: str, description: str) -> None:
    """Makes the page and the link of a new type, or gives those of an old one their words."""
    site, path = ctx.site, path_of(type_)
    if not site.update(ROUTER, {"title": name, "description": description}, {"path": path}):
        site.insert(ROUTER, _router_row(type_, path, name, description))
    rows = read_rows(site, "link_path = ? AND module = 'system'", [path])
    for row in rows:
        if not row.customized:
            site.update(TABLE, {"link_title": name, "options": _options(description)}, {"mlid": row.mlid})
            _menu_tree.stale(site, row.menu)
    if not rows:
        _add_link(ctx, path, name, description)


def remove(ctx: Context, type_: str) -> None:
    """Takes the page and the links to it away."""
    path = path_of(type_)
    ctx.site.delete(ROUTER, {"path": path})
    for row in read_rows(ctx.site, "link_path = ? AND module = 'system'", [path]):
        _menu_tree.remove(ctx.site, row)
        ctx.keys.drop("menu_link", row.mlid)


def _add_link(ctx: Context, path: str, name: str, description: str) -> None:
    site = ctx.site
    above = next(iter(read_rows(site, "link_path = ? AND module = 'system'", [ADD])), None)
    if above is None:
        return  # then the rebuild makes both
    row: dict[str, Cell] = {
        "menu_name": above.menu,
        "plid": above.mlid,
        "link_path": path,
        "router_path": path,
        "link_title": name,
        "options": _options(description),
        "module": "system",
    }
    mlid = site.insert(TABLE, row)
    _menu_tree.hang(site, mlid, above.menu, above.mlid)
    _menu_tree.refresh_parent(site, above.menu, above.mlid)
    _menu_tree.stale(site, above.menu)
    ctx.keys.assign("menu_link", mlid, f"{above.menu}/system:{path}")


def _options(description: str) -> bytes:
    """The link's options (_menu_link_build): the description as what one reads on hovering."""
    whole: Value = {"attributes": {"title": description}} if description else []
    return encode(whole)


def _router_row(type_: str, path: str, name: str, description: str) -> dict[str, Cell]:
    return {
        "path": path,
        "load_functions": "",
        "to_arg_functions": "",
        "access_callback": "node_access",
        "access_arguments": encode(["create", type_]),
        "page_callback": "node_add",
        "page_arguments": encode([type_]),
        "delivery_callback": "",
        "fit": 7,
        "number_parts": 3,
        "context": 0,
        "tab_parent": "",
        "tab_root": path,
        "title": name,
        "title_callback": "check_plain",
        "title_arguments": "",
        "theme_callback": "",
        "theme_arguments": encode([]),
        "type": 6,
        "description": description,
        "position": "",
        "weight": 0,
        "include_file": "modules/node/node.pages.inc",
    }
