"""What the project asks of a database engine: the one place that knows where SQL differs.

SQL is written once, for all engines: tables in braces (`{menu_links}`, prefixed and quoted), parameters as `?`,
identifiers in double quotes where they need any. Text columns are str, blobs are bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from drupalsync.errors import DrupalsyncError

Cell = None | int | float | str | bytes
Row = tuple[Cell, ...]


class CannotConnect(DrupalsyncError):
    """No connection: server away, wrong password, no such database or file."""


class DatabaseError(DrupalsyncError):
    """The database refused a statement."""


class ConnectionLost(DatabaseError):
    """The server is gone, or it ended our connection; it rolls back by itself what was not committed."""


class LockBusy(DrupalsyncError):
    """Another import holds the lock of this site."""

    exit_code = 5


@dataclass(frozen=True, slots=True)
class Column:
    """A column as the schema declares it."""

    name: str
    type: str  # "int", "float", "numeric", "text" or "blob"
    nullable: bool
    default: Cell
    scale: int = 0  # digits after the point, of a numeric column where the engine knows it
    length: int = 0  # characters, of a text column that has a limit the engine knows of
    charset: str = ""  # of a text column, where the engine has several; not every one holds every character


class Database(Protocol):
    """One open connection. Reads outside a transaction are autocommitted."""

    engine: str

    def query(self, sql: str, params: Sequence[Cell] = ()) -> list[Row]:
        """All rows of a SELECT; raises DatabaseError."""

    def stream(self, sql: str, params: Sequence[Cell] = ()) -> Iterator[Row]:
        """The rows of a SELECT, a few at a time; nothing else may run on the connection meanwhile."""

    def execute(self, sql: str, params: Sequence[Cell] = ()) -> int:
        """The number of rows that a statement touched."""

    def execute_many(self, sql: str, rows: Iterable[Sequence[Cell]]) -> None:
        """One statement for many rows."""

    def insert(self, sql: str, params: Sequence[Cell]) -> int:
        """The id that an INSERT's auto-increment column got."""

    def named(self, prefix: str) -> str:
        """What a table's full name begins with where Drupal's settings say `prefix`."""

    def tables(self) -> set[str]:
        """Every table's full name."""

    def columns(self, table: str) -> Mapping[str, Column]:
        """The columns of a table (full name), in order."""

    def quote(self, name: str) -> str:
        """An identifier, quoted."""

    def for_update(self) -> str:
        """What makes a SELECT lock the rows it reads; empty where a write transaction locks the whole file."""

    def table_options(self) -> str:
        """What follows the columns in CREATE TABLE for a table of ours."""

    def cannot_roll_back(self) -> dict[str, str]:
        """Tables whose engine has no transactions, with that engine's name."""

    def begin_snapshot(self) -> None:
        """Starts a read-only transaction in which every read sees one moment."""

    def begin(self) -> None:
        """Starts a transaction that will write."""

    def commit(self) -> None: ...

    def rollback(self) -> None:
        """Ends the transaction, if there is one; never fails: a connection that cannot do it is closed, which does it."""

    def take_lock(self, name: str, seconds: float) -> None:
        """Takes an advisory lock that goes with the connection (or the process); raises LockBusy."""

    def session(self) -> str:
        """What to call this connection where somebody asks who holds the lock."""

    def lock_holder(self, name: str) -> str:
        """The `session` of whoever holds the lock; empty where nobody does, or it cannot be told."""

    def owns_lock(self) -> bool:
        """Whether the lock is still ours."""

    def release_lock(self) -> None:
        """Gives the lock back; never fails, as `rollback`."""

    def identity(self) -> str:
        """What tells this database from others for as long as it is not copied."""

    def close(self) -> None: ...
