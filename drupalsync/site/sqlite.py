"""SQLite through the standard library."""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from drupalsync.site.database import CannotConnect, Cell, Column, DatabaseError, LockBusy, Row
from drupalsync.site.url import Address

POLL_SECONDS = 0.1
MENDS = {
    sqlite3.SQLITE_BUSY: "another program is writing to the database: run it again when that is done",
    sqlite3.SQLITE_FULL: "make room on the disk of the database",
    sqlite3.SQLITE_READONLY: "the account needs the right to write to the database and its folder",
}


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
        self._lock_file = Path(f"{self._path}.drupalsync-lock")
        self._lock: BinaryIO | None = None
        self._db = sqlite3.connect(self._path.as_uri() + "?mode=rw", uri=True, isolation_level=None, timeout=30)
        self._attached: list[str] = []
        for prefix in sorted({address.prefix, *(prefix for _, prefix in address.prefixes)}):
            self._attach(prefix)

    def _attach(self, prefix: str) -> None:
        """Opens the file that Drupal keeps tables of a prefix in (DatabaseConnection_sqlite::__construct), if it is there."""
        file = Path(f"{self._path}-{prefix}")
        if prefix and file.is_file():
            self._run(f"ATTACH DATABASE ? AS {_quoted(prefix)}", (file.as_uri() + "?mode=rw",))
            self._attached.append(prefix)

    def named(self, prefix: str) -> str:
        return f"{prefix}." if prefix in self._attached else prefix

    def query(self, sql: str, params: Sequence[Cell] = ()) -> list[Row]:
        cells = tuple(map(_bound, params))
        try:
            try:
                return self._db.execute(sql, cells).fetchall()
            except sqlite3.OperationalError as error:
                if not str(error).startswith("Could not decode to UTF-8"):
                    raise
                self._db.text_factory = _decoded  # slower than sqlite3's own, which nearly every site can do with
                return self._db.execute(sql, cells).fetchall()
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def stream(self, sql: str, params: Sequence[Cell] = ()) -> Iterator[Row]:
        self._db.text_factory = _decoded
        yield from self._run(sql, params)

    def execute(self, sql: str, params: Sequence[Cell] = ()) -> int:
        return self._run(sql, params).rowcount

    def execute_many(self, sql: str, rows: Iterable[Sequence[Cell]]) -> None:
        try:
            self._db.executemany(sql, (tuple(map(_bound, row)) for row in rows))
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def insert(self, sql: str, params: Sequence[Cell]) -> int:
        return self._run(sql, params).lastrowid or 0

    def tables(self) -> set[str]:
        # Not sqlite_schema: SQLite learned that name in 3.33.
        found: set[str] = set()
        for file, before in (("main", ""), *((prefix, f"{prefix}.") for prefix in self._attached)):
            rows = self.query(f"SELECT name FROM {_quoted(file)}.sqlite_master WHERE type = 'table'")
            found |= {f"{before}{name!s}" for (name,) in rows}
        return found

    def columns(self, table: str) -> dict[str, Column]:
        file, name = self._split(table)
        rows = self.query(
            'SELECT name, type, "notnull", dflt_value FROM pragma_table_info(?, ?)', (name, file or "main")
        )
        return {
            str(name): _column(str(name), str(kind), bool(required), default) for name, kind, required, default in rows
        }

    def quote(self, name: str) -> str:
        file, own = self._split(name)
        return f"{_quoted(file)}.{_quoted(own)}" if file else _quoted(own)

    def _split(self, name: str) -> tuple[str, str]:
        """The attached file ("": none) that a full name begins with, and the rest."""
        file, dot, own = name.partition(".")
        return (file, own) if dot and file in self._attached else ("", name)

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
            try:
                self._run("ROLLBACK", ())
            except DatabaseError:
                self.close()

    def take_lock(self, name: str, seconds: float) -> None:
        """Locks `FILE.drupalsync-lock`: the lock goes with the process, whatever kills it."""
        del name  # the file is the site
        try:
            file = self._lock_file.open("ab", buffering=0)
        except OSError as error:
            raise DatabaseError(
                f"the lock beside the database cannot be taken: {error.strerror}",
                where=str(self._lock_file),
                hint="SQLite itself must make files there, too: look at the folder's rights and room",
            ) from error
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
                with contextlib.suppress(OSError):  # a full disk: then nobody learns who holds it
                    file.truncate(0)
                    file.write(self.session().encode())
                return

    def session(self) -> str:
        return f"process {os.getpid()}"

    def lock_holder(self, name: str) -> str:
        del name
        try:
            told = self._lock_file.read_text(errors="replace")[:30]
        except OSError:
            return ""
        return told if _is_alive(told.removeprefix("process ")) else ""  # the file stays when its lock goes

    def owns_lock(self) -> bool:
        """Whether the file that is locked is still the one that the next run would lock: anybody may delete it."""
        if self._lock is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._lock.fileno()), self._lock_file.stat())
        except OSError:
            return False

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
            raise self._refused(error) from error

    def _refused(self, error: sqlite3.Error) -> DatabaseError:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
        return DatabaseError(f"the database says: {error}", where=self._shown, hint=MENDS.get(code & 0xFF, ""))


def _is_alive(process: str) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        pass  # it is somebody else's
    return True


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


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
        return int(text) if re.fullmatch(r"-?\d+", text) else None  # `DEFAULT ''`, which some modules ask for
    return float(text) if kind in {"float", "numeric"} else text
