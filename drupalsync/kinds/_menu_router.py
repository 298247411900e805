"""What serves a path, and what a link is by the word of the module that declares it.

Source: includes/menu.inc (menu_get_ancestors, _menu_find_router_path, _menu_link_build, _menu_router_build,
_menu_link_find_parent), includes/common.inc (url_is_external, drupal_strip_dangerous_protocols).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from drupalsync.kinds._menu_rows import TABLE, Row
from drupalsync.php import PhpSyntaxError, Value, encode
from drupalsync.site import Cell, Site, get_variable

PARTS: Final = 9  # MENU_MAX_PARTS
FRONT: Final = "<front>"
PROTOCOLS: Final = (
    "ftp", "http", "https", "irc", "mailto", "news", "nntp", "rtsp", "sftp", "ssh", "tel", "telnet", "webcal"
)  # fmt: skip
VISIBLE_IN_TREE: Final = 0x02
SUGGESTED: Final = 0x14  # MENU_VISIBLE_IN_BREADCRUMB and 0x10
# hook_menu()'s `menu_name` is not kept in {menu_router}; these are core's (system_menu, user_menu, node_menu).
DECLARED_MENUS: Final = {
    "admin": "management", "user": "user-menu", "user/logout": "user-menu", "user/%": "navigation", "node": "navigation"
}  # fmt: skip
DEFAULT_MENU: Final = "navigation"


def is_external(site: Site, path: str) -> bool:
    """Whether Drupal marks a link's path external: a URL, or `<front>`."""
    return path == FRONT or _is_url(site, path)


def _is_url(site: Site, path: str) -> bool:
    """url_is_external()."""
    slashed = path.replace("\\", "/")
    if slashed.startswith("//") or (path and unicodedata.category(path[0]).startswith("C")):
        return True
    before, colon, _ = slashed.partition(":")
    return bool(colon) and not re.search(r"[/?#]", before) and _keeps_its_protocol(site, slashed)


def _keeps_its_protocol(site: Site, uri: str) -> bool:
    """Whether drupal_strip_dangerous_protocols() would leave `uri` as it is: it strips what it does not know."""
    protocol, colon, _ = uri.partition(":")
    return not colon or not protocol or protocol.lower() in _protocols(site)


def _protocols(site: Site) -> Sequence[str]:
    try:
        allowed = get_variable(site, "filter_allowed_protocols")
    except PhpSyntaxError:
        allowed = None
    if isinstance(allowed, dict):
        allowed = list(allowed.values())
    return [str(name) for name in allowed] if isinstance(allowed, list) else PROTOCOLS


def router_path(site: Site, path: str) -> str:
    """The router's path that serves an internal path, or "" (_menu_find_router_path)."""
    candidates = list(dict.fromkeys(_ancestors(path, _masks(site))))
    if not candidates:
        return ""
    rows = site.rows_in("SELECT path, fit FROM {menu_router} WHERE path IN (…)", candidates)
    return str(max(rows, key=lambda row: int(str(row[1])))[0]) if rows else ""


def _masks(site: Site) -> list[int]:
    """The patterns of wildcards that the router has; all there can be where the variable is missing."""
    try:
        masks = get_variable(site, "menu_masks")
    except PhpSyntaxError:
        masks = None
    values = list(masks.values()) if isinstance(masks, dict) else masks
    found = [mask for mask in values if isinstance(mask, int)] if isinstance(values, list) else []
    return found or list(range(511, 0, -1))


def _ancestors(path: str, masks: Sequence[int]) -> Iterator[str]:
    """menu_get_ancestors(): `node/1/edit`, `node/%/edit`, `node/%` … as far as the masks allow."""
    parts = path.split("/", PARTS - 1)
    length = len(parts) - 1
    end = (1 << len(parts)) - 1
    for mask in masks:
        if mask > end:
            continue
        if mask < (1 << length):
            length -= 1  # by one only, also where no mask of that length follows: so does Drupal
        yield "/".join(parts[length - bit] if mask & (1 << bit) else "%" for bit in range(length, -1, -1))


def is_routed(site: Site, path: str) -> bool:
    """Whether the router has just this path."""
    return site.one("SELECT path FROM {menu_router} WHERE path = ?", [path]) is not None


def declared_columns(site: Site, path: str) -> dict[str, Cell] | None:
    """The columns that a module's own link has (_menu_link_build, user_menu_link_alter); None where none declares it."""
    row = site.one("SELECT title, description, weight, type FROM {menu_router} WHERE path = ?", [path])
    if row is None:
        return None
    kind = int(str(row[3]))
    description = str(row[1] or "")
    options: dict[int | str | bytes, Value] = {"attributes": {"title": description}} if description else {}
    if path == "user":
        options["alter"] = True
    return {
        "link_title": str(row[0]),
        "weight": int(str(row[2])),
        "hidden": 1 if kind == SUGGESTED else 0 if kind & VISIBLE_IN_TREE else -1,
        "expanded": 0,
        "customized": 0,
        "options": encode(options or []),
        "router_path": path,
    }


def declared_place(site: Site, row: Row) -> tuple[str, int]:
    """(menu, parent's id) where a module's own link belongs.

    The menu is core's own, else that of the nearest path above, else, where there are paths below, the one that the link
    stands in now, else navigation. Where a contributed module names another one, the menu rebuild that follows a reset
    corrects it.
    """
    menu = _declared_menu(site, row.path) or _menu_lent_by_children(site, row.path) or DEFAULT_MENU
    if row.path == "user/logout":
        return menu, 0
    return menu, _parent_by_path(site, row, menu)


def stays_in_its_menu(site: Site, path: str) -> bool:
    """Whether a module's own link that is handed back stays in whatever menu it was put into."""
    return _declared_menu(site, path) is None and _menu_lent_by_children(site, path) is not None


def _declared_menu(site: Site, path: str) -> str | None:
    """What _menu_router_build() makes of a path's menu: its own, else what the nearest path above has or stands in."""
    if path in DECLARED_MENUS:
        return DECLARED_MENUS[path]
    for at in _above(path):
        if is_routed(site, at):
            menu = _declared_menu(site, at) or _stored_menu(site, at)
            if menu:
                return menu
    return None


def _menu_lent_by_children(site: Site, path: str) -> str | None:
    """A path below that looks for a menu to inherit gives this one the menu that it stands in (_menu_router_build)."""
    below = site.rows("SELECT path FROM {menu_router} WHERE SUBSTR(path, 1, ?) = ?", [len(path) + 1, f"{path}/"])
    return _stored_menu(site, path) if any(str(child) not in DECLARED_MENUS for (child,) in below) else None


def _stored_menu(site: Site, path: str) -> str | None:
    row = site.one(
        f"SELECT menu_name FROM {{{TABLE}}} WHERE router_path = ? AND module = 'system' ORDER BY mlid", [path]
    )
    return str(row[0]) if row is not None else None


def _parent_by_path(site: Site, row: Row, menu: str) -> int:
    """The nearest path above that exactly one link of the menu has; 0: none."""
    for at in _above(row.path):
        found = site.rows(
            f"SELECT mlid FROM {{{TABLE}}} WHERE module = 'system' AND menu_name = ? AND link_path = ?", [menu, at]
        )
        if len(found) == 1:
            return int(str(found[0][0]))
    return 0


def _above(path: str) -> Iterator[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
