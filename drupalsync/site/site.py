"""A Drupal 7 site's database: its tables by their bare names, whatever prefix they carry."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType

from drupalsync.errors import DrupalsyncError
from drupalsync.site.caches import Caches
from drupalsync.site.database import Cell, Column, Database, DatabaseError, Row

_TABLE = re.compile(r"\{(\w+)\}")
BATCH = 500  # ids in one IN (…), rows in one INSERT: well below SQLite's limit on parameters


class NotDrupal(DrupalsyncError):
    """The database is not a Drupal 7 site's."""


class Site:
    """One site. `{table}` in SQL is the site's table of that name."""

    def __init__(
        self, database: Database, *, shown: str, prefix: str = "", prefixes: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        self.db = database
        self.shown = shown
        self.prefix = prefix
        self._prefixes = dict(prefixes)
        self._columns: dict[str, Mapping[str, Column]] = {}
        self._sql: dict[str, str] = {}
        self.caches = Caches()
        self.renames: dict[str, str] = {}  # tables that get another name after the commit (site/later.py)
        self.story: Mapping[str, str | int] = {}  # of the run that holds the lock, for whoever finds it taken

    def identity(self) -> str:
        """What tells this site from others, for as long as its database is not copied."""
        return f"{self.db.identity()} {self.prefix} {sorted(self._prefixes.items())}"

    def full_name(self, table: str) -> str:
        """The table's name in the database (DatabaseConnection::prefixTables in includes/database/database.inc)."""
        return self._prefixes.get(table, self.prefix) + table

    @cached_property
    def tables(self) -> frozenset[str]:
        """The bare names of the site's tables."""
        found = self.db.tables()
        own = {name[len(self.prefix) :] for name in found if name.startswith(self.prefix)}
        return frozenset(own | {table for table, prefix in self._prefixes.items() if prefix + table in found})

    def tables_changed(self) -> None:
        """Forgets what was read of the schema, after a CREATE TABLE."""
        self.__dict__.pop("tables", None)
        self._columns.clear()

    def columns(self, table: str) -> Mapping[str, Column]:
        """The columns of `table`, in order; empty where there is no such table."""
        if table not in self._columns:
            self._columns[table] = self.db.columns(self.full_name(table))
        return self._columns[table]

    def extra_columns(self, table: str, known: Iterable[str]) -> list[str]:
        """Columns that core does not know: contributed modules add them, and they are carried along."""
        return [name for name in self.columns(table) if name not in set(known)]

    def rows(self, sql: str, params: Sequence[Cell] = ()) -> list[Row]:
        return self.db.query(self.sql(sql), params)

    def stream(self, sql: str, params: Sequence[Cell] = ()) -> Iterator[Row]:
        return self.db.stream(self.sql(sql), params)

    def one(self, sql: str, params: Sequence[Cell] = ()) -> Row | None:
        """The first row, or None."""
        rows = self.rows(sql, params)
        return rows[0] if rows else None

    def rows_in(self, sql: str, values: Iterable[Cell], before: Sequence[Cell] = ()) -> list[Row]:
        """Runs `sql`, whose `(…)` stands for a list of values, in batches; `before` are the parameters that precede it."""
        return [row for batch in _batches(values) for row in self.rows(_listing(sql, batch), [*before, *batch])]

    def change_in(self, sql: str, values: Iterable[Cell], before: Sequence[Cell] = ()) -> None:
        """Runs a statement that writes, as `rows_in` runs one that reads."""
        for batch in _batches(values):
            self.execute(_listing(sql, batch), [*before, *batch])

    def execute(self, sql: str, params: Sequence[Cell] = ()) -> int:
        return self.db.execute(self.sql(sql), params)

    def insert(self, table: str, row: Mapping[str, Cell]) -> int:
        """Writes one row; returns the id that the auto-increment column got."""
        return self.db.insert(self._insert_sql(table, list(row)), list(row.values()))

    def insert_many(self, table: str, rows: Sequence[Mapping[str, Cell]]) -> None:
        """Writes rows that all have the same columns."""
        if rows:
            self.db.execute_many(self._insert_sql(table, list(rows[0])), [list(row.values()) for row in rows])

    def update(self, table: str, row: Mapping[str, Cell], where: Mapping[str, Cell]) -> int:
        """Sets columns of the rows that `where` (column = value, all of them) finds; returns how many."""
        quote = self.db.quote
        sets = ", ".join(f"{quote(name)} = ?" for name in row)
        return self.execute(
            f"UPDATE {{{table}}} SET {sets} WHERE {self._where(where)}", [*row.values(), *where.values()]
        )

    def delete(self, table: str, where: Mapping[str, Cell]) -> int:
        """Deletes the rows that `where` (column = value, all of them) finds; returns how many."""
        if not where:
            raise DatabaseError(
                f"a delete from {table} without a condition", hint="please report this: it is an error of drupalsync"
            )
        return self.execute(f"DELETE FROM {{{table}}} WHERE {self._where(where)}", list(where.values()))

    def lock_rows(self, table: str, column: str, values: Iterable[Cell]) -> None:
        """Locks the rows whose `column` is one of `values` until the transaction ends."""
        quoted = self.db.quote(column)
        self.rows_in(f"SELECT {quoted} FROM {{{table}}} WHERE {quoted} IN (…){self.db.for_update()}", values)

    def sql(self, text: str) -> str:
        """`text` with its tables prefixed and quoted."""
        known = self._sql.get(text)
        if known is None:
            known = _TABLE.sub(lambda match: self.db.quote(self.full_name(match[1])), text)
            if len(self._sql) < 1000:
                self._sql[text] = known
        return known

    def _where(self, where: Mapping[str, Cell]) -> str:
        return " AND ".join(f"{self.db.quote(name)} = ?" for name in where)

    def _insert_sql(self, table: str, columns: Sequence[str]) -> str:
        names = ", ".join(self.db.quote(name) for name in columns)
        marks = ", ".join("?" * len(columns))
        return self.sql(f"INSERT INTO {{{table}}} ({names}) VALUES ({marks})")


def _batches(values: Iterable[Cell]) -> Iterator[list[Cell]]:
    wanted = list(dict.fromkeys(values))
    for start in range(0, len(wanted), BATCH):
        yield wanted[start : start + BATCH]


def _listing(sql: str, batch: Sequence[Cell]) -> str:
    return sql.replace("(…)", f"({', '.join('?' * len(batch))})")
