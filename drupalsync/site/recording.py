"""Reads, noted down: what was asked of a database and the digest of each answer.

A result that was made from nothing but these answers holds for as long as the database gives them again: `replays`
asks again and compares. It reads all rows, but decodes, compares and plans nothing.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import blake2b

from drupalsync.site.database import Cell, Column, Database, Row
from drupalsync.site.site import Site

Log = list[list[object]]  # [statement, parameters, digest] each
_TABLES = "tables"
_COLUMNS = "columns"


class Recorder:
    """Stands in front of a database, and notes what is read through it."""

    def __init__(self, database: Database, key: bytes, short: Mapping[str, str]) -> None:
        self._database = database
        self._key = key
        self._short = short
        self.log: Log = []
        self._noted: set[tuple[str, tuple[Cell, ...], str]] = set()

    def query(self, sql: str, params: Sequence[Cell] = ()) -> list[Row]:
        rows = self._database.query(sql, params)
        in_short = self._database.query(self._short[sql]) if sql in self._short else []
        if in_short and in_short[0][0] is not None:
            self._note(self._short[sql], (), in_short)
        else:
            self._note(sql, params, rows)
        return rows

    def stream(self, sql: str, params: Sequence[Cell] = ()) -> Iterator[Row]:
        yield from self.query(sql, params)

    def tables(self) -> set[str]:
        found = self._database.tables()
        self._note(_TABLES, (), sorted(found))
        return found

    def columns(self, table: str) -> Mapping[str, Column]:
        found = self._database.columns(table)
        self._note(_COLUMNS, (table,), [repr(column) for column in found.values()])
        return found

    def __getattr__(self, name: str) -> object:
        return getattr(self._database, name)

    def _note(self, what: str, params: Sequence[Cell], answer: list[Row] | list[str]) -> None:
        digest = _digest(answer, self._key)
        entry = (what, tuple(params), digest)
        if entry not in self._noted:  # kinds may ask the same: once is enough
            self._noted.add(entry)
            self.log.append([what, list(params), digest])


@contextmanager
def recording(site: Site, key: bytes, short: Mapping[str, str]) -> Iterator[Log]:
    """Notes every read of `site` in the block; what it knows of its schema is read anew, so that it is noted, too.

    `short`: statements, and what may be asked in their place later; if the first cell of the answer is not NULL, equal
    answers mean equal rows.
    """
    database = site.db
    recorder = Recorder(database, key, {site.sql(long): site.sql(brief) for long, brief in short.items()})
    site.tables_changed()
    site.db = recorder  # type: ignore[assignment]  # all but the reads is the database's own, by __getattr__
    try:
        yield recorder.log
    finally:
        site.db = database


def replays(database: Database, log: Log, key: bytes) -> bool:
    """Whether the database, at one moment, still answers everything as noted; stops at the first difference."""
    database.begin_snapshot()
    try:
        return all(_digest(_answer(database, str(what), params), key) == digest for what, params, digest in log)
    finally:
        database.rollback()


def _answer(database: Database, what: str, params: object) -> list[Row] | list[str]:
    assert isinstance(params, list)
    if what == _TABLES:
        return sorted(database.tables())
    if what == _COLUMNS:
        return [repr(column) for column in database.columns(str(params[0])).values()]
    return database.query(what, params)


def _digest(answer: list[Row] | list[str], key: bytes) -> str:
    # Version 2: later ones write object identity into the bytes, which equal answers need not share.
    return blake2b(marshal.dumps(answer, 2), key=key, digest_size=32).hexdigest()
