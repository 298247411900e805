"""What the DEFAULT clauses of a SQLite site stand for."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from drupalsync.site import Cell
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import Address


@pytest.mark.parametrize(
    ("declared", "default"),
    [
        ("INTEGER DEFAULT 7", 7),
        ("INTEGER DEFAULT -1", -1),
        ("INTEGER DEFAULT '7'", 7),
        ("INTEGER DEFAULT ''", None),  # of a schema that says 'default' => '' for a number
        ("INTEGER", None),
        ("VARCHAR(9) DEFAULT ''", ""),
        ("VARCHAR(9) DEFAULT 'it''s'", "it's"),
        ("FLOAT DEFAULT 0.5", 0.5),
    ],
)
def test_a_default(tmp_path: Path, declared: str, default: Cell) -> None:
    path = tmp_path / "site.sqlite"
    with closing(sqlite3.connect(path)) as made:
        made.execute(f"CREATE TABLE t (c {declared})")
    database = Sqlite(Address(engine="sqlite", database=str(path)))
    try:
        assert database.columns("t")["c"].default == default
    finally:
        database.close()
