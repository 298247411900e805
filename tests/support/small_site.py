"""A site in SQLite with the tables of core's small kinds of configuration, and what a test does with it.

The tables are those that modules/*/*.install of Drupal 7.105 make on SQLite.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds import Context, Item, Scope, all_kinds
from drupalsync.php import encode
from drupalsync.site import LOADERS, Address, Keys, LocalId, Site
from drupalsync.site.sqlite import Sqlite
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit

SCHEMA: Final = """
CREATE TABLE image_styles (isid INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(255) NOT NULL UNIQUE,
  label VARCHAR(255) NOT NULL DEFAULT '');
CREATE TABLE image_effects (ieid INTEGER PRIMARY KEY AUTOINCREMENT, isid INTEGER NOT NULL DEFAULT 0,
  weight INTEGER NOT NULL DEFAULT 0, name VARCHAR(255) NOT NULL, data BLOB NOT NULL);
CREATE TABLE field_config_instance (id INTEGER PRIMARY KEY AUTOINCREMENT, field_name VARCHAR(32), entity_type VARCHAR(32),
  bundle VARCHAR(128), data BLOB NOT NULL, deleted INTEGER NOT NULL DEFAULT 0);
CREATE TABLE date_format_type (type VARCHAR(64) NOT NULL PRIMARY KEY, title VARCHAR(255) NOT NULL,
  locked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE date_formats (dfid INTEGER PRIMARY KEY AUTOINCREMENT, format VARCHAR(100) NOT NULL,
  type VARCHAR(64) NOT NULL, locked INTEGER NOT NULL DEFAULT 0, UNIQUE (format, type));
CREATE TABLE date_format_locale (format VARCHAR(100) NOT NULL, type VARCHAR(64) NOT NULL, language VARCHAR(12) NOT NULL,
  PRIMARY KEY (type, language));
CREATE TABLE languages (language VARCHAR(12) NOT NULL PRIMARY KEY, name VARCHAR(64) NOT NULL DEFAULT '');
CREATE TABLE contact (cid INTEGER PRIMARY KEY AUTOINCREMENT, category VARCHAR(255) NOT NULL DEFAULT '' UNIQUE,
  recipients TEXT NOT NULL, reply TEXT NOT NULL, weight INTEGER NOT NULL DEFAULT 0, selected INTEGER NOT NULL DEFAULT 0);
CREATE TABLE users (uid INTEGER PRIMARY KEY, name VARCHAR(60), mail VARCHAR(254));
CREATE TABLE profile_field (fid INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR(255), name VARCHAR(128) NOT NULL UNIQUE,
  explanation TEXT, category VARCHAR(255), page VARCHAR(255), type VARCHAR(128), weight INTEGER NOT NULL DEFAULT 0,
  required INTEGER NOT NULL DEFAULT 0, register INTEGER NOT NULL DEFAULT 0, visibility INTEGER NOT NULL DEFAULT 0,
  autocomplete INTEGER NOT NULL DEFAULT 0, options TEXT);
CREATE TABLE profile_value (fid INTEGER NOT NULL DEFAULT 0, uid INTEGER NOT NULL DEFAULT 0, value TEXT,
  PRIMARY KEY (uid, fid));
CREATE TABLE rdf_mapping (type VARCHAR(128) NOT NULL, bundle VARCHAR(128) NOT NULL, mapping BLOB,
  PRIMARY KEY (type, bundle));
CREATE TABLE actions (aid VARCHAR(255) NOT NULL DEFAULT '0' PRIMARY KEY, type VARCHAR(32) NOT NULL DEFAULT '',
  callback VARCHAR(255) NOT NULL DEFAULT '', parameters BLOB NOT NULL, label VARCHAR(255) NOT NULL DEFAULT '0');
CREATE TABLE sequences (value INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE trigger_assignments (hook VARCHAR(78) NOT NULL DEFAULT '', aid VARCHAR(255) NOT NULL DEFAULT '',
  weight INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (hook, aid));
CREATE TABLE aggregator_category (cid INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR(255) NOT NULL DEFAULT '' UNIQUE,
  description TEXT NOT NULL, block INTEGER NOT NULL DEFAULT 0);
CREATE TABLE aggregator_feed (fid INTEGER PRIMARY KEY AUTOINCREMENT, title VARCHAR(255) NOT NULL DEFAULT '' UNIQUE,
  url TEXT NOT NULL, refresh INTEGER NOT NULL DEFAULT 0, checked INTEGER NOT NULL DEFAULT 0,
  queued INTEGER NOT NULL DEFAULT 0, link TEXT NOT NULL, description TEXT NOT NULL, image TEXT NOT NULL,
  hash VARCHAR(64) NOT NULL DEFAULT '', etag VARCHAR(255) NOT NULL DEFAULT '', modified INTEGER NOT NULL DEFAULT 0,
  block INTEGER NOT NULL DEFAULT 0);
CREATE TABLE aggregator_category_feed (fid INTEGER NOT NULL, cid INTEGER NOT NULL, PRIMARY KEY (cid, fid));
CREATE TABLE aggregator_category_item (iid INTEGER NOT NULL, cid INTEGER NOT NULL, PRIMARY KEY (cid, iid));
CREATE TABLE aggregator_item (iid INTEGER PRIMARY KEY AUTOINCREMENT, fid INTEGER NOT NULL DEFAULT 0, title VARCHAR(255));
CREATE TABLE shortcut_set (set_name VARCHAR(32) NOT NULL DEFAULT '' PRIMARY KEY, title VARCHAR(255) NOT NULL DEFAULT '');
CREATE TABLE shortcut_set_users (uid INTEGER PRIMARY KEY, set_name VARCHAR(32) NOT NULL DEFAULT '');
CREATE TABLE menu_custom (menu_name VARCHAR(32) PRIMARY KEY, title VARCHAR(255), description TEXT);
CREATE TABLE menu_links (menu_name VARCHAR(32) NOT NULL DEFAULT '', mlid INTEGER PRIMARY KEY AUTOINCREMENT,
  plid INTEGER NOT NULL DEFAULT 0, link_path VARCHAR(255) NOT NULL DEFAULT '', router_path VARCHAR(255) NOT NULL DEFAULT '',
  link_title VARCHAR(255) NOT NULL DEFAULT '', options BLOB, module VARCHAR(255) NOT NULL DEFAULT 'system',
  hidden INTEGER NOT NULL DEFAULT 0, external INTEGER NOT NULL DEFAULT 0, has_children INTEGER NOT NULL DEFAULT 0,
  expanded INTEGER NOT NULL DEFAULT 0, weight INTEGER NOT NULL DEFAULT 0, depth INTEGER NOT NULL DEFAULT 0,
  customized INTEGER NOT NULL DEFAULT 0, p1 INTEGER NOT NULL DEFAULT 0, p2 INTEGER NOT NULL DEFAULT 0,
  p3 INTEGER NOT NULL DEFAULT 0, p4 INTEGER NOT NULL DEFAULT 0, p5 INTEGER NOT NULL DEFAULT 0,
  p6 INTEGER NOT NULL DEFAULT 0, p7 INTEGER NOT NULL DEFAULT 0, p8 INTEGER NOT NULL DEFAULT 0,
  p9 INTEGER NOT NULL DEFAULT 0, updated INTEGER NOT NULL DEFAULT 0);
CREATE TABLE block (bid INTEGER PRIMARY KEY AUTOINCREMENT, module VARCHAR(64) NOT NULL DEFAULT '',
  delta VARCHAR(32) NOT NULL DEFAULT '0', theme VARCHAR(64) NOT NULL DEFAULT '', status INTEGER NOT NULL DEFAULT 0,
  weight INTEGER NOT NULL DEFAULT 0, region VARCHAR(64) NOT NULL DEFAULT '', custom INTEGER NOT NULL DEFAULT 0,
  visibility INTEGER NOT NULL DEFAULT 0, pages TEXT NOT NULL DEFAULT '', title VARCHAR(255) NOT NULL DEFAULT '',
  cache INTEGER NOT NULL DEFAULT 1, UNIQUE (theme, module, delta));
CREATE TABLE block_custom (bid INTEGER PRIMARY KEY, body TEXT, info VARCHAR(128) NOT NULL UNIQUE, format VARCHAR(255));
CREATE TABLE block_role (module VARCHAR(64), delta VARCHAR(32), rid INTEGER, PRIMARY KEY (module, delta, rid));
CREATE TABLE block_node_type (module VARCHAR(64), delta VARCHAR(32), type VARCHAR(32), PRIMARY KEY (module, delta, type));
CREATE TABLE role (rid INTEGER PRIMARY KEY, name VARCHAR(64));
CREATE TABLE system (filename VARCHAR(255) NOT NULL PRIMARY KEY, name VARCHAR(255) NOT NULL DEFAULT '',
  type VARCHAR(12) NOT NULL DEFAULT '', status INTEGER NOT NULL DEFAULT 0, info BLOB);
CREATE TABLE variable (name VARCHAR(128) NOT NULL DEFAULT '' PRIMARY KEY, value BLOB NOT NULL);
INSERT INTO users VALUES (0, '', ''), (1, 'admin', 'admin@example.org'), (7, 'anna', 'anna@example.org');
INSERT INTO languages VALUES ('en', 'English'), ('de', 'German');
INSERT INTO sequences VALUES (7);
INSERT INTO menu_custom VALUES ('navigation', 'Navigation', ''), ('menu-legal', 'Legal', '');
"""
ON: Final = (
    "aggregator",
    "block",
    "contact",
    "image",
    "menu",
    "profile",
    "rdf",
    "shortcut",
    "system",
    "trigger",
    "user",
)
REGIONS: Final = {
    "bartik": ("header", "content", "footer"),
    "seven": ("content", "help"),
    "stark": ("content", "footer"),
}
OFF: Final = "stark"
IDENTIFIED: Final = (
    "theme",
    "image_style",
    "date_type",
    "date_format",
    "date_format_locale",
    "contact_category",
    "profile_field",
    "rdf_mapping",
    "action",
    "trigger_assignment",
    "aggregator_category",
    "aggregator_feed",
    "shortcut_set",
    "block",
)


class Remembered:
    """A memory that holds a tree, and no earlier run."""

    def __init__(self, tree: Iterable[Item]) -> None:
        self._tree = [replace(item, local_id=None) for item in tree]

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        del kind, local_id
        return iter(())

    def tree(self, kind: str) -> Sequence[Item]:
        return [item for item in self._tree if item.kind == kind]


def small_site(folder: Path, rows: str = "", *, off: str = "") -> Site:
    """A site with these rows (SQL); `off` is a module that is not on."""
    path = folder / "small.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(SCHEMA)
        for name in ON:
            db.execute("INSERT INTO system VALUES (?, ?, 'module', ?, '')", [f"{name}.module", name, name != off])
        for theme, regions in REGIONS.items():
            info = encode({"name": theme, "regions": {region: region for region in regions}})
            db.execute("INSERT INTO system VALUES (?, ?, 'theme', ?, ?)", [f"{theme}.info", theme, theme != OFF, info])
        db.executescript(rows)
        db.commit()
    return Site(Sqlite(Address(engine="sqlite", database=str(path))), shown="test")


def run_on(site: Site, *tree: Item) -> Context:
    """A run on the site with a tree of these items."""
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=Remembered(tree), now=1)
    for name in IDENTIFIED:
        all_kinds()[name].identify(ctx)
    return ctx


def item(kind: str, key: str, **fields: Any) -> Item:
    """An item of a tree, what is left out at its default."""
    defaults = {name: spec.default for name, spec in all_kinds()[kind].FIELDS.items()}
    return Item(kind=kind, key=key, fields={**defaults, **fields}, source=f"{kind}.yml")


def live(ctx: Context, kind: str) -> dict[str, Item]:
    """The site's items of a kind by key."""
    return {found.key: found for found in all_kinds()[kind].read(ctx)}


def put(ctx: Context, *wanted: Item) -> None:
    """Makes these items of the site, new ones or old ones, one after the other; the finish of their kinds comes last."""
    for each in wanted:
        kind, there = all_kinds()[each.kind], live(ctx, each.kind).get(each.key)
        if there is None:
            kind.create(ctx, each)
        else:
            change(ctx, there, each)
    for name in dict.fromkeys(each.kind for each in wanted):
        all_kinds()[name].finish(ctx)


def change(ctx: Context, before: Item, wanted: Item) -> None:
    """Makes an item of the site into another one, as an import does."""
    kind = all_kinds()[wanted.kind]
    kind.update(ctx, before, replace(kind.fill(wanted, before), local_id=before.local_id))


def rename(ctx: Context, kind: str, old: str, new: str) -> None:
    """Gives an item of the site another key."""
    before = live(ctx, kind)[old]
    change(ctx, before, item(kind, new, **before.fields))


def take_away(ctx: Context, kind: str, key: str) -> list[str]:
    """Deletes an item of the site; returns what it says is lost besides."""
    going = live(ctx, kind)[key]
    losses = list(all_kinds()[kind].losses(ctx, going, {going.address}))
    all_kinds()[kind].delete(ctx, going)
    return losses


def told(ctx: Context, wanted: Item, *others: Item) -> list[str]:
    """What forbids writing an item of a tree that has these others, as a reader sees it."""
    desired = {each.address: each for each in (wanted, *others)}
    return [str(problem) for problem in all_kinds()[wanted.kind].check(ctx, wanted, desired)]


def refused(problem: DrupalsyncError) -> list[str]:
    """The texts of an error, or of those that it holds."""
    return [str(each) for each in problem.problems] if isinstance(problem, Problems) else [str(problem)]


def message(what: str, where: str, mend: str = "") -> str:
    """An error as a reader sees it."""
    return f"{what}\n  where: {where}" + (f"\n  mend:  {mend}" if mend else "")


def as_file(wanted: Item) -> str:
    """The item's file, and proof that it reads back as the same."""
    kind: Any = all_kinds()[wanted.kind]
    data = emit(kind.dump([wanted], None))
    (back,) = kind.load("x.yml", parse(data, where="x.yml"))
    assert back == replace(wanted, local_id=None)
    return data


def queries(site: Site, action: Any) -> int:
    """How many statements an action sends."""
    count = 0
    query = site.db.query

    def counting(sql: str, params: Any = ()) -> Any:
        nonlocal count
        count += 1
        return query(sql, params)

    site.db.query = counting  # type: ignore[method-assign]  # to count, not to pretend
    try:
        action()
    finally:
        site.db.query = query  # type: ignore[method-assign]
    return count
