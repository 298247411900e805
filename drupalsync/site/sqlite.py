"""SQLite through the standard library."""

from __future__ import annotations

import fcntl
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from drupalsync.site.database import CannotConnect, Cell, Column, DatabaseError, LockBusy, Row
from drupalsync.site.url import Address

POLL_SECONDS = 0.1


def _decoded(data: bytes) -> str:
    # Drupal's PDO stores blobs as text here; bytes that are not UTF-8 must survive the way through str.
    return data.decode("utf-8", "surrogateescape")


def _bound(value: Cell) -> Cell:
    """`value` as Drupal's PDO would bind it: text, also for a blob, wherever it is UTF-8."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogateescape")
        return value
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    return value


class Sqlite:
    """A site in a SQLite file."""

    engine = "sqlite"

    def __init__(self, address: Address) -> None:
        path = Path(address.database)
        if not path.is_file():
            raise CannotConnect(
                "there is no such database file", where=address.shown, hint="check the path in drupalsync.yml"
            )
        try:
            with path.open("rb") as file:
                head = file.read(16)
        except OSError as error:
            raise CannotConnect(f"the database file cannot be read: {error.strerror}", where=address.shown) from error
        if head and head != b"SQLite format 3\x00":
            raise CannotConnect(
                "this file is not a SQLite database", where=address.shown, hint="check the path in drupalsync.yml"
            )
        self._path = path.resolve()
        self._shown = address.shown
        self._lock: BinaryIO | None = None
        self._db = sqlite3.connect(self._path.as_uri() + "?mode=rw", uri=True, isolation_level=None, timeout=30)
        self._db.text_factory = _decoded

    def query(self, sql: str, params: Sequence[Cell] = ()) -> list[Row]:
        return self._run(sql, params).fetchall()

    def stream(self, sql: str, params: Sequence[Cell] = ()) -> Iterator[Row]:
        yield from self._run(sql, params)

    def execute(self, sql: str, params: Sequence[Cell] = ()) -> int:
        return self._run(sql, params).rowcount

    def execute_many(self, sql: str, rows: Iterable[Sequence[Cell]]) -> None:
        try:
            self._db.executemany(sql, (tuple(map(_bound, row)) for row in rows))
        except sqlite3.Error as error:
            raise DatabaseError(f"the database says: {error}", where=self._shown) from error

    def insert(self, sql: str, params: Sequence[Cell]) -> int:
        return self._run(sql, params).lastrowid or 0

    def tables(self) -> set[str]:
        # Not sqlite_schema: SQLite learned that name in 3.33.
        return {str(name) for (name,) in self.query("SELECT name FROM sqlite_master WHERE type = 'table'")}

    def columns(self, table: str) -> dict[str, Column]:
        rows = self.query('SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?)', (table,))
        return {
            str(name): _column(str(name), str(kind), bool(required), default) for name, kind, required, default in rows
        }

    def quote(self, name: str) -> str:
        return '"' + name.replace('"', '""') + '"'

    def for_update(self) -> str:
        return ""

    def table_options(self) -> str:
        return ""

    def cannot_roll_back(self) -> dict[str, str]:
        return {}

    def begin_snapshot(self) -> None:
        self._run("BEGIN", ())

    def begin(self) -> None:
        self._run("BEGIN IMMEDIATE", ())

    def commit(self) -> None:
        self._run("COMMIT", ())

    def rollback(self) -> None:
        if self._db.in_transaction:
            self._run("ROLLBACK", ())

    def take_lock(self, name: str, seconds: float) -> None:
        """Locks `FILE.drupalsync-lock`: the lock goes with the process, whatever kills it."""
        del name  # the file is the site
        file = Path(f"{self._path}.drupalsync-lock").open("ab")  # noqa: SIM115 held until release_lock
        deadline = time.monotonic() + seconds
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    file.close()
                    raise LockBusy("another import is running on this site", where=self._shown) from None
                time.sleep(POLL_SECONDS)
            else:
                self._lock = file
                return

    def owns_lock(self) -> bool:
        return self._lock is not None

    def release_lock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None

    def identity(self) -> str:
        return f"sqlite:{self._path}"

    def close(self) -> None:
        self.release_lock()
        self._db.close()

    def _run(self, sql: str, params: Sequence[Cell]) -> sqlite3.Cursor:
        try:
            return self._db.execute(sql, tuple(map(_bound, params)))
        except sqlite3.Error as error:
            raise DatabaseError(f"the database says: {error}", where=self._shown) from error


def _column(name: str, declared: str, required: bool, default: Cell) -> Column:
    upper = declared.upper()
    numbers = [int(number) for number in re.findall(r"\d+", upper)]
    if "INT" in upper:
        kind = "int"
    elif "CHAR" in upper or "TEXT" in upper:
        kind = "text"
    elif "BLOB" in upper:
        kind = "blob"
    elif "NUMERIC" in upper or "DECIMAL" in upper:
        kind = "numeric"
    else:
        kind = "float"
    return Column(
        name=name,
        type=kind,
        nullable=not required,
        default=_default(kind, default),
        scale=numbers[1] if kind == "numeric" and len(numbers) > 1 else 0,
        length=numbers[0] if kind == "text" and numbers else 0,
    )


def _default(kind: str, written: Cell) -> Cell:
    """The value that a DEFAULT clause stands for, as the schema shows it: NULL, 0, 'text'."""
    if written is None or str(written).upper() == "NULL":
        return None
    text = str(written)
    if text.startswith("'"):
        text = text[1:-1].replace("''", "'")
    if kind == "int":
        return int(text)
    return float(text) if kind in {"float", "numeric"} else text
