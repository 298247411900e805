"""Sites with the tables of contributed modules: hand-made in SQLite, of what tests/unit/kinds/tables/facts.txt says of them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item, Scope
from drupalsync.kinds.tables import Description, TableKind
from drupalsync.kinds.tables.shipped import shipped
from drupalsync.kinds.tables.words import read_descriptions
from drupalsync.site import LOADERS, Cell, Keys, Site
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import Address
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.surroundings import REPO
from support.variable_site import NOW, SCHEMA, Remembered

FACTS: Final = REPO / "tests" / "unit" / "kinds" / "tables" / "facts.txt"
_COLUMN: Final = re.compile(
    r"(\w+) +(\w+)(?:\((\d+)\))? +(not null|null)(?: +default ('.*?'|-?\d+))?(?: +(serialized))?"
)
_TYPES: Final = {"serial": "INTEGER", "int": "INTEGER", "varchar": "VARCHAR({})", "char": "CHAR({})", "text": "TEXT"}
CORE: Final = """
    CREATE TABLE node_type (type VARCHAR(32) PRIMARY KEY, name VARCHAR(255));
    CREATE TABLE users (uid INTEGER PRIMARY KEY, name VARCHAR(60));
    INSERT INTO node_type VALUES ('page', 'Page'), ('article', 'Article');
    INSERT INTO users VALUES (0, ''), (7, 'ann');
"""


@dataclass(frozen=True)
class Fact:
    """A column as its module's schema has it."""

    name: str
    type: str
    length: int
    nullable: bool
    default: int | str | None
    serialized: bool


@dataclass
class Facts:
    """A table as its module's schema has it."""

    table: str
    module: str
    columns: dict[str, Fact] = field(default_factory=dict)
    unique: list[tuple[str, ...]] = field(default_factory=list)
    exported_by: str = ""

    def ddl(self) -> str:
        """CREATE TABLE, as Drupal's SQLite driver would say it as far as drupalsync looks."""
        lines = [_ddl(column) for column in self.columns.values()]
        serial = [column.name for column in self.columns.values() if column.type == "serial"]
        lines += [f"UNIQUE ({', '.join(_quoted(key))})" for key in self.unique if [*key] != serial]
        return f'CREATE TABLE "{self.table}" ({", ".join(lines)})'


def _quoted(names: Sequence[str]) -> list[str]:
    return [f'"{name}"' for name in names]


def _ddl(column: Fact) -> str:
    type_ = _TYPES.get(column.type, "BLOB").format(column.length)
    if column.type == "serial":
        return f'"{column.name}" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL'
    default = "" if column.default is None else f" DEFAULT {column.default!r}"
    return f'"{column.name}" {type_}{"" if column.nullable else " NOT NULL"}{default}'


@cache
def facts() -> Mapping[str, Facts]:
    """What the file says, by table."""
    found: dict[str, Facts] = {}
    for block in FACTS.read_text("utf-8").split("\n\n")[1:]:
        head, *lines = block.strip().splitlines()
        table, module = head.rstrip(")").split(" (")
        about = found[table] = Facts(table, module)
        for line in map(str.strip, lines):
            if line.startswith("unique "):
                about.unique.append(tuple(line.split()[1:]))
            elif line.startswith("exported by "):
                about.exported_by = line.split()[2]
            else:
                match = _COLUMN.fullmatch(line)
                assert match, line
                name, type_, length, null, default, serialized = match.groups()
                value = None if default is None else default[1:-1] if default[0] == "'" else int(default)
                about.columns[name] = Fact(name, type_, int(length or 0), null == "null", value, bool(serialized))
    return found


def description(kind: str) -> Description:
    """One that comes with drupalsync."""
    return next(about for about in shipped() if about.kind == kind)


def described(text: str) -> Description:
    """One that a test writes: YAML as in drupalsync.yml."""
    (about,) = read_descriptions([yaml.safe_load(text)], "drupalsync.yml tables")
    return about


@dataclass
class Made:
    """A site and a kind on it."""

    ctx: Context
    kind: TableKind

    @property
    def site(self) -> Site:
        return self.ctx.site

    def items(self) -> dict[str, Item]:
        """What is read, by key."""
        return {item.key: item for item in self.kind.read(self.ctx)}

    def file(self, key: str) -> str:
        """The file of an item of the site."""
        return emit(self.kind.dump([self.items()[key]], None))

    def loaded(self, text: str, name: str = "x.yml") -> Item:
        """The item that a file says."""
        (item,) = self.kind.load(name, parse(text.encode(), where=name))
        return item

    def problems(self, text: str, *others: Item) -> list[str]:
        """What forbids the file, as a user reads it; `others` are in the tree, too."""
        item = self.loaded(text)
        desired = {one.address: one for one in (item, *others)}
        return [_told(wrong) for wrong in self.kind.check(self.ctx, item, desired)]

    def rows(self, table: str, columns: str = "*") -> list[tuple[Cell, ...]]:
        return self.site.rows(f"SELECT {columns} FROM {{{table}}}")


def _told(wrong: DrupalsyncError) -> str:
    return " | ".join(filter(None, [wrong.what, wrong.where, wrong.hint]))


@contextmanager
def sites(folder: Path) -> Iterator[Any]:
    """`make(description, sql…)` is a kind on a site of its own, with its tables of the facts, or those that `ddl` makes.

    `modules` are on: its own, unless others are named.
    """
    opened: list[Sqlite] = []

    def make(
        about: Description, *statements: str, ddl: Sequence[str] | None = None, modules: Sequence[str] | None = None
    ) -> Made:
        path = folder / f"{len(opened)}.sqlite"
        with sqlite3.connect(path) as db:
            db.execute("PRAGMA synchronous = OFF")
            db.executescript(SCHEMA + CORE)
            wanted = [facts()[table].ddl() for table in about.tables if table in facts()] if ddl is None else ddl
            for statement in [*wanted, *statements]:
                db.execute(statement)
            for module in [about.module or "dsx"] if modules is None else modules:
                db.execute("INSERT INTO system VALUES (?, ?, 'module', 1)", [module, module])
        db.close()
        opened.append(Sqlite(Address(engine="sqlite", database=str(path))))
        site = Site(opened[-1], shown="a site")
        ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=Remembered(), now=NOW)
        kind = TableKind(about=about)
        ctx.keys.assign("node", 12, "page/about-us")
        kind.identify(ctx)
        return Made(ctx, kind)

    yield make
    for database in opened:
        database.close()
