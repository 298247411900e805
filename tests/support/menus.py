"""A site of a few menus, made of the tables that menus and their links need."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from drupalsync.kinds import Context, Item, Scope, menu, menu_link
from drupalsync.kinds._menu_document import SYSTEM_MENUS
from drupalsync.php import encode
from drupalsync.site import LOADERS, Address, Keys, LocalId, Site
from drupalsync.site.sqlite import Sqlite
from drupalsync.tree import TreeValue

P: Final = [f"p{level}" for level in range(1, 10)]
EMPTY: Final = b"a:0:{}"
SCHEMA: Final = f"""
CREATE TABLE system (name VARCHAR(255), type VARCHAR(12), status INTEGER NOT NULL DEFAULT 0, info BLOB);
CREATE TABLE variable (name VARCHAR(128) PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE node (nid INTEGER PRIMARY KEY);
CREATE TABLE url_alias (pid INTEGER PRIMARY KEY, source VARCHAR(255), alias VARCHAR(255), language VARCHAR(12));
CREATE TABLE book (mlid INTEGER PRIMARY KEY, nid INTEGER, bid INTEGER);
CREATE TABLE menu_custom (menu_name VARCHAR(32) PRIMARY KEY, title VARCHAR(255) NOT NULL DEFAULT '', description TEXT);
CREATE TABLE menu_router (path VARCHAR(255) PRIMARY KEY, fit INTEGER NOT NULL, title VARCHAR(255) NOT NULL DEFAULT '',
  type INTEGER NOT NULL DEFAULT 6, description TEXT NOT NULL DEFAULT '', weight INTEGER NOT NULL DEFAULT 0);
CREATE TABLE menu_links (menu_name VARCHAR(32) NOT NULL DEFAULT '', mlid INTEGER PRIMARY KEY AUTOINCREMENT,
  plid INTEGER NOT NULL DEFAULT 0, link_path VARCHAR(255) NOT NULL DEFAULT '', router_path VARCHAR(255) NOT NULL DEFAULT '',
  link_title VARCHAR(255) NOT NULL DEFAULT '', options BLOB, module VARCHAR(255) NOT NULL DEFAULT 'system',
  hidden INTEGER NOT NULL DEFAULT 0, external INTEGER NOT NULL DEFAULT 0, has_children INTEGER NOT NULL DEFAULT 0,
  expanded INTEGER NOT NULL DEFAULT 0, weight INTEGER NOT NULL DEFAULT 0, depth INTEGER NOT NULL DEFAULT 0,
  customized INTEGER NOT NULL DEFAULT 0, {", ".join(f"{p} INTEGER NOT NULL DEFAULT 0" for p in P)},
  updated INTEGER NOT NULL DEFAULT 0);
CREATE TABLE block (bid INTEGER PRIMARY KEY AUTOINCREMENT, module VARCHAR(64) NOT NULL DEFAULT '',
  delta VARCHAR(32) NOT NULL DEFAULT '0', theme VARCHAR(64) NOT NULL DEFAULT '', status INTEGER NOT NULL DEFAULT 0,
  weight INTEGER NOT NULL DEFAULT 0, region VARCHAR(64) NOT NULL DEFAULT '', custom INTEGER NOT NULL DEFAULT 0,
  visibility INTEGER NOT NULL DEFAULT 0, pages TEXT NOT NULL, title VARCHAR(255) NOT NULL DEFAULT '',
  cache INTEGER NOT NULL DEFAULT 1, UNIQUE (theme, module, delta));
CREATE TABLE block_role (module VARCHAR(64), delta VARCHAR(32), rid INTEGER, PRIMARY KEY (module, delta, rid));
"""
# path, fit, title, type, description, weight
ROUTER: Final = (
    ("admin", 1, "Administration", 6, "", 9),
    ("admin/structure", 3, "Structure", 6, "Administer blocks, content types, menus.", -8),
    ("admin/structure/menu", 7, "Menus", 6, "Add new menus.", 0),
    ("admin/structure/menu/manage/%", 30, "Customize menu", 6, "", 0),
    ("filter/tips", 3, "Compose tips", 0x14, "", 0),
    ("filter/tips/%", 6, "Compose tips", 6, "", 0),
    ("node", 1, "", 0, "", 0),
    ("node/%", 2, "", 6, "", 0),
    ("node/add", 3, "Add content", 6, "", 0),
    ("node/add/page", 7, "Basic page", 6, "Static content.", 0),
    ("poll", 1, "Polls", 0x14, "", 0),
    ("search/node", 3, "Content", 0x84, "", 0),
    ("user", 1, "User account", 6, "", -10),
    ("user/%", 2, "My account", 6, "", 0),
    ("user/logout", 3, "Log out", 6, "", 10),
)
MASKS: Final = (30, 7, 6, 3, 2, 1)
LINKS: Final[tuple[dict[str, Any], ...]] = (
    {"mlid": 1, "menu_name": "main-menu", "link_path": "node/12", "link_title": "About", "weight": -49, "expanded": 1},
    {"mlid": 2, "plid": 1, "menu_name": "main-menu", "link_path": "http://team.example.org/", "link_title": "Team", "external": 1},
    {"mlid": 3, "menu_name": "main-menu", "link_path": "<front>", "link_title": "Home", "external": 1},
    {"mlid": 4, "menu_name": "management", "link_path": "admin", "link_title": "Administration", "module": "system"},
    {"mlid": 5, "plid": 4, "menu_name": "management", "link_path": "admin/structure", "link_title": "Structure", "module": "system"},
    {"mlid": 6, "plid": 5, "menu_name": "management", "link_path": "admin/structure/menu", "link_title": "Menus", "module": "system"},
    {"mlid": 7, "plid": 6, "menu_name": "management", "link_path": "admin/structure/menu/manage/main-menu", "link_title": "Main menu"},
    {"mlid": 8, "menu_name": "navigation", "link_path": "node/add", "link_title": "Add content", "module": "system"},
    {"mlid": 9, "menu_name": "user-menu", "link_path": "user/logout", "link_title": "Sign out", "module": "system", "weight": 50,
     "customized": 1},
    {"mlid": 10, "plid": 8, "menu_name": "navigation", "link_path": "node/add/page", "link_title": "Basic page", "module": "system"},
)  # fmt: skip
NODES: Final = {12: "page/about-us", 13: "page/imprint"}
MADE: Final = "menu-footer"


class Remembered:
    """What earlier runs know: `rows` by local id, `items` of the tree."""

    def __init__(self, items: Iterable[Item] = (), rows: Iterable[Item] = ()) -> None:
        self._tree = [replace(item, local_id=None) for item in items]
        self._rows = {(item.kind, item.local_id): item for item in rows}

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        return iter([self._rows[kind, local_id]] if (kind, local_id) in self._rows else [])

    def tree(self, kind: str) -> Sequence[Item]:
        return [item for item in self._tree if item.kind == kind]


def make_site(path: Path, links: Iterable[dict[str, Any]] = LINKS) -> Site:
    """A site with Drupal's own menus and one that somebody made through the API."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"PRAGMA synchronous = OFF; BEGIN; {SCHEMA}")
        db.executemany("INSERT INTO system VALUES (?, 'module', 1, '')", [("block",), ("menu",)])
        db.executemany("INSERT INTO system VALUES (?, 'theme', ?, '')", [("bartik", 1), ("garland", 0), ("seven", 1)])
        db.executemany("INSERT INTO node VALUES (?)", [(nid,) for nid in NODES])
        db.executemany(
            "INSERT INTO menu_router VALUES (?, ?, ?, ?, ?, ?)", [(p, f, t, k, d, w) for p, f, t, k, d, w in ROUTER]
        )
        db.executemany(
            "INSERT INTO menu_custom VALUES (?, ?, ?)", [(name, *texts) for name, texts in SYSTEM_MENUS.items()]
        )
        db.execute("INSERT INTO menu_custom VALUES (?, 'Footer', 'At the bottom')", [MADE])
        db.execute("INSERT INTO variable VALUES ('menu_masks', ?)", [encode(list(MASKS))])
        db.execute("INSERT INTO variable VALUES ('menu_expanded', ?)", [encode(["main-menu"])])
        db.commit()
    site = Site(Sqlite(Address(engine="sqlite", database=str(path))), shown="test")
    site.execute("PRAGMA synchronous = OFF")  # a test's site need not outlive a crash
    site.db.begin()
    for link in links:
        add(site, **link)
    site.db.commit()
    return site


def add(site: Site, **columns: Any) -> int:
    """A row of {menu_links} as Drupal would have it; returns its id. Its parent must be there."""
    row: dict[str, Any] = {"module": "menu", "options": EMPTY, "plid": 0, **columns}
    if "router_path" not in row and not row.get("external"):
        row["router_path"] = row["link_path"] if not row["link_path"].startswith("node/1") else "node/%"
    mlid = site.insert("menu_links", row)
    above = site.rows(f"SELECT {', '.join(P)} FROM {{menu_links}} WHERE mlid = ?", [row["plid"]])
    trail = [*(value for value in (above[0] if above else ()) if value), mlid]
    site.update("menu_links", {"depth": len(trail), **dict(zip(P, [*trail, *[0] * 9], strict=False))}, {"mlid": mlid})
    if row["plid"] and not row.get("hidden"):
        site.update("menu_links", {"has_children": 1}, {"mlid": row["plid"]})
    return mlid


def context(site: Site, memory: Remembered | None = None) -> Context:
    """A run that knows the site's nodes, menus and links."""
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=memory or Remembered(), now=1_700_000_000)
    for nid, key in NODES.items():
        ctx.keys.assign("node", nid, key)
    menu.identify(ctx)
    menu_link.identify(ctx)
    return ctx


def links(ctx: Context) -> dict[str, Item]:
    """The site's links by key."""
    return {item.key: item for item in menu_link.read(ctx)}


def menus(ctx: Context) -> dict[str, Item]:
    """The site's menus by key."""
    return {item.key: item for item in menu.read(ctx)}


def link(key: str, title: str = "A link", path: str = "<front>", **fields: TreeValue) -> Item:
    """A link as a file gives it."""
    rest = {name: spec.default for name, spec in menu_link.FIELDS.items()}
    return Item(
        kind="menu_link", key=key, fields={**rest, "title": title, "path": path, **fields}, source="menus/x.yml"
    )


def changed(item: Item, *, key: str | None = None, **fields: TreeValue) -> Item:
    """The item with other fields, or another key."""
    return replace(item, key=key or item.key, fields={**item.fields, **fields}, local_id=None)


def row(site: Site, mlid: LocalId, *columns: str) -> tuple[Any, ...]:
    """Some columns of a link."""
    found = site.one(f"SELECT {', '.join(columns)} FROM {{menu_links}} WHERE mlid = ?", [mlid])
    assert found is not None
    return found


def unsound(site: Site) -> list[str]:
    """What is wrong with the columns that say where the links hang; nothing, as Drupal has it."""
    columns = ", ".join(["mlid", "plid", "menu_name", "hidden", "has_children", "depth", *P])
    rows: dict[Any, Any] = {found[0]: found[1:] for found in site.rows(f"SELECT {columns} FROM {{menu_links}}")}
    shown = {plid for plid, _, hidden, *_ in rows.values() if not hidden}
    wrong: list[str] = []
    for mlid, (plid, name, _, has_children, depth, *trail) in rows.items():
        above: list[int] = []
        at = mlid
        while at:
            above.insert(0, at)
            at = rows[at][0] if at in rows else 0
        if trail != [*above, *[0] * (9 - len(above))]:
            wrong.append(f"{mlid}: p1 … p9 are {trail}, not {above}")
        if depth != len(above):
            wrong.append(f"{mlid}: depth is {depth}")
        if bool(has_children) != (mlid in shown):
            wrong.append(f"{mlid}: has_children is {has_children}")
        if plid and (plid not in rows or rows[plid][1] != name):
            wrong.append(f"{mlid}: its parent {plid} is not in {name}")
    return wrong
