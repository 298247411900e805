"""A site of two themes and a few blocks, made of the tables that blocks need."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from drupalsync.kinds import Context, Item, Scope, block
from drupalsync.php import encode
from drupalsync.site import LOADERS, Address, Keys, LocalId, Site
from drupalsync.site.sqlite import Sqlite

SCHEMA: Final = """
CREATE TABLE system (name VARCHAR(255), type VARCHAR(12), status INTEGER NOT NULL DEFAULT 0, info BLOB);
CREATE TABLE role (rid INTEGER PRIMARY KEY, name VARCHAR(64));
CREATE TABLE filter_format (format VARCHAR(255) PRIMARY KEY, status INTEGER NOT NULL DEFAULT 1);
CREATE TABLE node_type (type VARCHAR(32) PRIMARY KEY);
CREATE TABLE node (nid INTEGER PRIMARY KEY);
CREATE TABLE menu_custom (menu_name VARCHAR(32) PRIMARY KEY);
CREATE TABLE aggregator_feed (fid INTEGER PRIMARY KEY, title VARCHAR(255));
CREATE TABLE block (bid INTEGER PRIMARY KEY AUTOINCREMENT, module VARCHAR(64) NOT NULL DEFAULT '',
  delta VARCHAR(32) NOT NULL DEFAULT '0', theme VARCHAR(64) NOT NULL DEFAULT '', status INTEGER NOT NULL DEFAULT 0,
  weight INTEGER NOT NULL DEFAULT 0, region VARCHAR(64) NOT NULL DEFAULT '', custom INTEGER NOT NULL DEFAULT 0,
  visibility INTEGER NOT NULL DEFAULT 0, pages TEXT NOT NULL, title VARCHAR(255) NOT NULL DEFAULT '',
  cache INTEGER NOT NULL DEFAULT 1, UNIQUE (theme, module, delta));
CREATE TABLE block_custom (bid INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT, info VARCHAR(128) NOT NULL DEFAULT '' UNIQUE,
  format VARCHAR(255));
CREATE TABLE block_role (module VARCHAR(64), delta VARCHAR(32), rid INTEGER, PRIMARY KEY (module, delta, rid));
CREATE TABLE block_node_type (module VARCHAR(64), delta VARCHAR(32), type VARCHAR(32), PRIMARY KEY (module, delta, type));
INSERT INTO role VALUES (1, 'anonymous user'), (2, 'authenticated user'), (7, 'editor');
INSERT INTO filter_format (format) VALUES ('full_html'), ('plain_text');
INSERT INTO node_type VALUES ('article'), ('page');
INSERT INTO node VALUES (12), (13);
INSERT INTO menu_custom VALUES ('menu-legal');
INSERT INTO aggregator_feed VALUES (5, 'Planet');
INSERT INTO block_custom VALUES (3, '<p>©</p>', 'Footer notice', 'full_html'), (4, 'Twin', 'Twin', NULL);
"""
MODULES: Final = ("block", "user", "menu", "aggregator", "custom")
REGIONS: Final = {"bartik": ("header", "content", "footer"), "seven": ("content", "help"), "garland": ("content",)}
OFF_THEME: Final = "garland"
CRLF: Final = "\r\n"


class Remembered:
    """What earlier runs know: `rows` by bid, `items` of the tree."""

    def __init__(self, items: Iterable[Item] = (), rows: Iterable[Item] = ()) -> None:
        self._tree = [replace(item, local_id=None) for item in items]
        self._rows = {item.local_id: item for item in rows}

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        del kind
        return iter([self._rows[local_id]] if local_id in self._rows else [])

    def tree(self, kind: str) -> Sequence[Item]:
        del kind
        return self._tree


def make_site(path: Path) -> Site:
    """A site with two custom blocks, in the footer and nowhere, and the login block."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(SCHEMA)
        db.executemany("INSERT INTO system VALUES (?, 'module', 1, '')", [(name,) for name in MODULES])
        for theme, regions in REGIONS.items():
            info = encode({"name": theme, "regions": {region: region for region in regions}})
            db.execute("INSERT INTO system VALUES (?, 'theme', ?, ?)", [theme, theme != OFF_THEME, info])
        for theme in REGIONS:
            placed = (1, "footer", 3) if theme == "bartik" else (0, "-1", 0)
            add(
                db,
                "block",
                "3",
                theme,
                placed,
                title="<none>",
                visibility=1,
                pages=f"<front>{CRLF}node/12{CRLF}about*",
                cache=-1,
            )
            add(db, "block", "4", theme, (0, "-1", 0), cache=-1)
            add(db, "user", "login", theme, (1, "content", 2), cache=-1)
        db.execute("INSERT INTO block_role VALUES ('block', '3', 7)")
        db.execute("INSERT INTO block_node_type VALUES ('block', '3', 'page')")
        db.commit()
    return Site(Sqlite(Address(engine="sqlite", database=str(path))), shown="test")


def add(db: Any, module: str, delta: str, theme: str, placed: tuple[int, str, int], **columns: Any) -> None:
    """A row of {block}; `placed` is status, region, weight."""
    row = {"module": module, "delta": delta, "theme": theme, "pages": "", **columns}
    row["status"], row["region"], row["weight"] = placed
    marks = ", ".join("?" * len(row))
    db.execute(f"INSERT INTO block ({', '.join(row)}) VALUES ({marks})", list(row.values()))


def context(site: Site, memory: Remembered | None = None) -> Context:
    """A run on the site, its nodes 12 and 13 identified as page/about and page/team, its blocks too."""
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=memory or Remembered(), now=1)
    ctx.keys.assign("node", 12, "page/about")
    ctx.keys.assign("node", 13, "page/team")
    block.identify(ctx)
    return ctx


def blocks(ctx: Context) -> dict[str, Item]:
    """The site's blocks by key."""
    return {item.key: item for item in block.read(ctx)}


def block_rows(site: Site, module: str, delta: str) -> list[tuple[Any, ...]]:
    """theme, status, region, weight, visibility, pages, title, custom, cache of a block's rows."""
    return site.rows(
        "SELECT theme, status, region, weight, visibility, pages, title, custom, cache FROM {block} "
        "WHERE module = ? AND delta = ? ORDER BY theme",
        [module, delta],
    )


def changed(item: Item, **fields: Any) -> Item:
    """The item as a tree has it, with other fields."""
    return replace(item, local_id=None, fields={**item.fields, **fields})


def custom(key: str, info: str, **fields: Any) -> Item:
    """A custom block of a tree."""
    defaults = {name: spec.default for name, spec in block.FIELDS.items()}
    return Item(kind="block", key=f"custom/{key}", fields={**defaults, "info": info, "body": info, **fields})


def module_block(key: str, **fields: Any) -> Item:
    """A module's block of a tree."""
    defaults = {name: spec.default for name, spec in block.FIELDS.items()}
    return Item(kind="block", key=key, fields={**defaults, **fields})
