"""A tiny site in SQLite with the tables that variables and their references need, and a run on it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import variable
from drupalsync.kinds.base import Context, Item, Scope
from drupalsync.php import decode, encode
from drupalsync.site import LOADERS, Keys, LocalId, Site, as_bytes
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import Address
from drupalsync.tree import TreeValue

NOW: Final = 1_700_000_000
# The columns that are asked for, after modules/system, user, taxonomy, filter and search .install.
SCHEMA: Final = """
    CREATE TABLE variable (name VARCHAR(128) NOT NULL DEFAULT '' PRIMARY KEY, value LONGBLOB NOT NULL);
    CREATE TABLE system (filename VARCHAR(255) PRIMARY KEY, name VARCHAR(255), type VARCHAR(12), status INT);
    CREATE TABLE role (rid INTEGER PRIMARY KEY, name VARCHAR(64), weight INT);
    CREATE TABLE taxonomy_vocabulary (vid INTEGER PRIMARY KEY, machine_name VARCHAR(255));
    CREATE TABLE taxonomy_term_data (tid INTEGER PRIMARY KEY, vid INT, name VARCHAR(255));
    CREATE TABLE taxonomy_term_hierarchy (tid INT, parent INT);
    CREATE TABLE filter_format (format VARCHAR(255) PRIMARY KEY, name VARCHAR(255), status INT NOT NULL DEFAULT 1);
    CREATE TABLE search_dataset (sid INT, type VARCHAR(16), reindex INT);
    INSERT INTO system VALUES ('m1', 'node', 'module', 1), ('m2', 'node_options', 'module', 1), ('m3', 'off', 'module', 0),
        ('t1', 'bartik', 'theme', 1), ('t2', 'garland', 'theme', 0);
    INSERT INTO role VALUES (3, 'administrator', 2), (4, 'editor', 3);
    INSERT INTO taxonomy_vocabulary VALUES (2, 'forums');
    INSERT INTO taxonomy_term_data VALUES (5, 2, 'General'), (6, 2, 'Off topic');
    INSERT INTO taxonomy_term_hierarchy VALUES (5, 0), (6, 5);
    INSERT INTO filter_format (format, name) VALUES ('plain_text', 'Plain text');
    INSERT INTO search_dataset VALUES (1, 'node', 0), (1, 'user', 0);
"""

MakeContext = Callable[..., Context]


class Remembered:
    def __init__(self, tree: Sequence[Item] = ()) -> None:
        self._tree = tree

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        del kind, local_id
        return iter(())

    def tree(self, kind: str) -> Sequence[Item]:
        return [item for item in self._tree if item.kind == kind]


def item(name: str, value: TreeValue, source: str = "") -> Item:
    return Item(kind="variable", key=name, fields={"value": value}, source=source)


def context(site: Site, scope: Scope, tree: Sequence[Item]) -> Context:
    keys = Keys(site, LOADERS)
    for kind, local_id, key in (
        ("node", 12, "page/about-us"),
        ("menu_link", 7, "main-menu/about"),
        ("menu_link", 8, "footer/imprint"),
    ):
        keys.assign(kind, local_id, key)
    return Context(site=site, keys=keys, scope=scope, memory=Remembered(tree), now=NOW)


@contextmanager
def sites(folder: Path) -> Iterator[MakeContext]:
    """`make({name: value}, scope, tree)` is a run on a site that has these variables; bytes are stored as they are."""
    opened: list[Sqlite] = []

    def make(stored: Mapping[str, Any], scope: Scope | None = None, tree: Sequence[Item] = ()) -> Context:
        path = folder / f"{len(opened)}.sqlite"
        with sqlite3.connect(path) as db:
            db.executescript(SCHEMA)
            rows = [(name, value if isinstance(value, bytes) else encode(value)) for name, value in stored.items()]
            db.executemany("INSERT INTO variable VALUES (?, ?)", rows)
        db.close()
        opened.append(Sqlite(Address(engine="sqlite", database=str(path))))
        ctx = context(Site(opened[-1], shown="a site"), scope or Scope(), tree)
        variable.identify(ctx)
        return ctx

    yield make
    for database in opened:
        database.close()


def values(ctx: Context) -> dict[str, TreeValue]:
    """What is read, by name."""
    return {found.key: found.fields["value"] for found in variable.read(ctx)}


def stored(ctx: Context) -> dict[str, Any]:
    """What the table has, by name."""
    return {str(name): decode(as_bytes(data)) for name, data in ctx.site.rows("SELECT name, value FROM {variable}")}


def problems(ctx: Context, *tree: Item) -> list[DrupalsyncError]:
    """What forbids a tree of these items."""
    desired = {one.address: one for one in tree}
    return [problem for one in tree for problem in variable.check(ctx, one, desired)]
