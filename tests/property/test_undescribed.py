"""Whatever a module's tables look like: what doctor says to paste reads every row, and writes it again as it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from drupalsync.apply.memory import RowMemory
from drupalsync.kinds import Context, Scope
from drupalsync.kinds.tables import TableKind
from drupalsync.kinds.tables.paste import entry
from drupalsync.kinds.tables.undescribed import undescribed
from drupalsync.kinds.tables.words import read_descriptions
from drupalsync.php import encode
from drupalsync.site import LOADERS, DatabaseError, Keys, Site
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import Address
from drupalsync.tree import same

TABLES = ("dsx", "dsx_part", "dsx_other")
COLUMNS = {
    "name": "VARCHAR(64) NOT NULL",
    "title": "VARCHAR(255) NULL",
    "type": "VARCHAR(32) NOT NULL DEFAULT ''",
    "rid": "INTEGER NOT NULL DEFAULT 0",
    "thing_id": "INTEGER",
    "weight": "INTEGER NOT NULL DEFAULT 0",
    "ratio": "FLOAT NOT NULL DEFAULT 1.5",
    "price": "NUMERIC(10, 2) NOT NULL DEFAULT 0",
    "changed": "INTEGER NOT NULL",
    "path": "VARCHAR(255) NULL",
    "data": "BLOB",
    "settings": "TEXT NOT NULL",
    "extra": "VARCHAR(9)",
    "on": "INTEGER NOT NULL DEFAULT 1",
}
SYSTEM = """
CREATE TABLE role (rid INTEGER PRIMARY KEY, name VARCHAR(64)); INSERT INTO role VALUES (1, 'anonymous'), (2, 'member'), (4, 'editor');
CREATE TABLE system (name VARCHAR(64), type VARCHAR(12), status INTEGER, info BLOB); INSERT INTO system VALUES ('dsx', 'module', 1, '');
"""
leaves = (
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.floats(allow_nan=False, width=16)
    | st.sampled_from(["", "a", "ü", "node/1", "4"])
)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["rid", "rids", "roles", "x", "é y"]), inner, max_size=3)
    ),
    max_leaves=6,
)
serialized = values.map(encode)
texts = st.sampled_from(["", "a", "B-1", "two words", "12", "node/3", "x\r\ny", "ü", "a/b", "%2F", "N;"])
cells: dict[str, st.SearchStrategy[Any]] = {
    "name": st.sampled_from(["a", "b", "c", "x/y", "a b", "%", "10"]),
    "title": st.none() | texts,
    "type": texts,
    "rid": st.sampled_from([0, 1, 2, 4, 9]),
    "thing_id": st.none() | st.integers(0, 5),
    "weight": st.integers(-2, 2),
    "ratio": st.sampled_from([0.0, 0.25, 1.5]),
    "price": st.sampled_from([0, 12.5]),
    "changed": st.sampled_from([0, 1400000000]),
    "path": st.none() | texts,
    "data": st.none() | serialized | st.sampled_from([b"", b"\xff\xfe", b"plain"]),
    "settings": serialized | texts,
    "extra": st.none() | texts,
    "on": st.integers(0, 2),
}


@st.composite
def schemas(draw: st.DrawFn) -> tuple[str, dict[str, list[dict[str, Any]]]]:
    """Tables with their rows; the others have the first one's `id` in a column of that name, at times."""
    script: list[str] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    for number, table in enumerate(draw(st.lists(st.sampled_from(TABLES), min_size=1, unique=True))):
        names = ["name", *draw(st.lists(st.sampled_from(list(COLUMNS)[1:]), min_size=1, max_size=5, unique=True))]
        columns = [f'"{name}" {COLUMNS[name]}' for name in names]
        serial = f"{table}_key" if draw(st.booleans()) else ""
        columns += [f"{serial} INTEGER PRIMARY KEY AUTOINCREMENT"] if serial else []
        columns += ["dsx_key INTEGER NOT NULL DEFAULT 1"] if number and serial != "dsx_key" else []
        script.append(f"CREATE TABLE {table} ({', '.join(columns)})")
        named = [("name",), ("type", "name"), ("rid", "name"), ("name", "weight"), ()]
        unique = [name for name in draw(st.sampled_from(named)) if name in names]
        if unique:
            listed = ", ".join(f'"{name}"' for name in unique)
            script.append(f"CREATE UNIQUE INDEX {table}_u ON {table} ({listed})")
        rows[table] = draw(
            st.lists(st.fixed_dictionaries({name: cells[name] for name in names}), min_size=1, max_size=4)
        )
    return ";\n".join(script), rows


@settings(max_examples=60)
@given(schemas())
def test_what_is_proposed_reads_and_writes_every_row(made: tuple[str, dict[str, list[dict[str, Any]]]]) -> None:
    script, rows = made
    with TemporaryDirectory() as folder:
        one, other = (_site(Path(folder) / name, script) for name in ("one.sqlite", "other.sqlite"))
        try:
            _fill(one, rows)
            ctx, there = _context(one), _context(other)
            found = undescribed(ctx, {}, {"dsx": False})

            for proposal in found.proposals:
                text = f"tables:\n{entry(proposal.about, proposal.notes, proposal.remarks)}"
                assert read_descriptions(yaml.safe_load(text)["tables"], "here") == [proposal.about]
            kinds = [TableKind(about=proposal.about) for proposal in found.proposals]
            for kind in kinds:
                _carry(kind, ctx, there)
        finally:
            one.db.close()
            other.db.close()


def _carry(kind: TableKind, ctx: Context, there: Context) -> None:
    """Writes a kind's items into the other site, where they must be the same."""
    kind.identify(ctx)
    items = list(kind.read(ctx))
    assert len(items) == len(ctx.site.rows(f"SELECT 1 FROM {{{kind.about.table}}}"))
    refused = False
    for item in items:
        (read,) = kind.load(kind.place(item), kind.dump([item], None))
        if list(kind.check(there, read, {})):  # what refers to nothing, on this site too, is refused
            refused = True
            continue
        kind.create(there, read)
    kind.identify(there)
    back = list(kind.read(there))
    assert refused or [item.key for item in back] == [item.key for item in items]
    known = {item.key: item for item in items}
    assert all(same(item.fields[name], value) for item in back for name, value in known[item.key].fields.items())


def _site(file: Path, script: str) -> Site:
    with closing(sqlite3.connect(file)) as db:
        db.executescript(SYSTEM + script)
    return Site(Sqlite(Address(engine="sqlite", database=str(file))), shown="site")


def _fill(site: Site, rows: dict[str, list[dict[str, Any]]]) -> None:
    for table, listed in rows.items():
        for row in listed:
            with suppress(DatabaseError):  # a key that is there already
                site.insert(table, row)


def _context(site: Site) -> Context:
    return Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=RowMemory((), (), ()), now=0)
