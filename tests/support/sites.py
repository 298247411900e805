"""A site that can be put back as it was, a hundred times over, and compared in a few milliseconds."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol
from urllib.parse import urlsplit

from support import sql

if TYPE_CHECKING:
    from support.mariadb import Server

PATIENCE: Final = 20.0  # seconds for a server to see that a client is gone
LEDGER: Final = "drupalsync_"
WHO: Final = "drupalsync_lock"  # names a process, so no two runs write the same
META: Final = "drupalsync_meta"
ITS_ROWS: Final = f"SELECT name, value FROM {META} WHERE name <> 'generation'"  # which is random

STEPS: Final = f"{LEDGER}step"
LEFT: Final = f"{LEDGER}left"  # stands for the empty tables that a run which died has noted, and the next one drops
NO_RELEASE: Final = 0

State = dict[str, str]  # a digest of its rows for every table but WHO


class Restorable(Protocol):
    """A site with a moment to go back to."""

    url: str

    def keep(self) -> None:
        """Takes this moment as the one that `restore` goes back to."""

    def restore(self) -> None: ...

    def close_gaps(self) -> None:
        """Takes back the ids that a rolled back transaction used up: InnoDB leaves a gap there, and so may we."""

    def state(self) -> State:
        """What is in the tables, once whoever was killed has left the database."""


def own(state: State) -> State:
    """The site's own tables: without what is cached, and without what drupalsync keeps for itself."""
    return {table: rows for table, rows in state.items() if not table.startswith(("cache", LEDGER))}


def without_left(state: State) -> State:
    """The tables without those that a run made for nothing: whoever loses the connection cannot drop them."""
    return {table: rows for table, rows in state.items() if table != LEFT}


def _as_steps_leave_it(state: State, steps: list[sql.Row]) -> State:
    """The tables under the names that they will have when what is noted of them (site/later.py) is done."""
    out = dict(state)
    for release, _, action, argument, done in steps:
        if not done and action == "drop table" and int(str(release)) == NO_RELEASE:
            out.pop(str(argument), None)
            out[LEFT] = "some"
        if not done and action == "rename table":
            old, new = json.loads(str(argument))
            if old in out:
                out[new] = out.pop(old)
    if STEPS in out:
        out[STEPS] = _digest([row for row in steps if int(str(row[0])) != NO_RELEASE])
    return out


@dataclass
class SqliteSite:
    """Files: the database, and what a killed writer leaves beside it."""

    path: Path

    @property
    def url(self) -> str:
        return f"sqlite:///{self.path}"

    def keep(self) -> None:
        sql.execute(self.url, "PRAGMA journal_mode = DELETE")  # one file; and the mode that Drupal itself uses
        shutil.copyfile(self.path, self._kept)

    def restore(self) -> None:
        for suffix in ("-journal", "-wal", "-shm"):
            Path(f"{self.path}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self._kept, self.path)

    def close_gaps(self) -> None:
        pass  # SQLite rolls its counters back, too

    def state(self) -> State:
        with closing(sql.connect(self.url)) as db:
            names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            rows = {name: db.execute(_reading(name)).fetchall() for name in names if name != WHO}
        state = {name: _digest(found) for name, found in rows.items()}
        return _as_steps_leave_it(state, rows.get(STEPS, []))

    @property
    def _kept(self) -> Path:
        return self.path.with_suffix(".kept")


class MariadbSite:
    """A schema, beside it a second one with the copies, and one connection that stays."""

    def __init__(self, server: Server, url: str) -> None:
        self.url = url
        self._server = server
        self._name = urlsplit(url).path[1:]
        self._kept = urlsplit(server.create_database(f"{self._name}_kept")).path[1:]
        self._moment: State = {}
        self._counters: dict[str, int | None] = {}
        self.connect()

    def connect(self) -> None:
        """Opens the connection; again, where the server was away."""
        self._db = sql.connect(self._server.url())
        self._do("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'")  # Drupal's anonymous user has the id 0

    def close(self) -> None:
        self._do(f"DROP DATABASE `{self._kept}`")
        self._db.close()

    def keep(self) -> None:
        self._await_others()
        for table in self._tables():
            self._do(f"CREATE OR REPLACE TABLE `{self._kept}`.`{table}` LIKE `{self._name}`.`{table}`")
            self._do(f"INSERT INTO `{self._kept}`.`{table}` SELECT * FROM `{self._name}`.`{table}`")
        self._moment, self._counters = self._checksums(), self._next_ids()

    def restore(self) -> None:
        now = self._checksums()
        for table in [table for table, rows in now.items() if rows != self._moment.get(table)]:
            self._do(f"DROP TABLE `{self._name}`.`{table}`")
        for table in [table for table, rows in self._moment.items() if rows != now.get(table)]:
            self._do(f"CREATE TABLE `{self._name}`.`{table}` LIKE `{self._kept}`.`{table}`")
            self._do(f"INSERT INTO `{self._name}`.`{table}` SELECT * FROM `{self._kept}`.`{table}`")
        self.close_gaps()

    def close_gaps(self) -> None:
        for table, counter in self._next_ids().items():
            if counter is not None and counter != self._counters.get(table):
                self._do(f"ALTER TABLE `{self._name}`.`{table}` AUTO_INCREMENT = {self._counters[table]}")

    def state(self) -> State:
        self._await_others()
        state = {table: rows for table, rows in self._checksums().items() if table != WHO}
        if META in state:
            state[META] = _digest(self._do(ITS_ROWS.replace(META, f"`{self._name}`.{META}")))
        steps = self._do(f"SELECT * FROM `{self._name}`.{STEPS}") if STEPS in state else []
        return _as_steps_leave_it(state, steps)

    def _await_others(self) -> None:
        """Waits until the server has seen that a killed client is gone, and has rolled back what it had begun."""
        deadline = time.monotonic() + PATIENCE
        others = "SELECT id FROM information_schema.processlist WHERE db = %s AND id <> CONNECTION_ID()"
        while self._do(others, self._name):
            assert time.monotonic() < deadline, "the server still has a client that is gone"
            time.sleep(0.005)

    def _tables(self) -> list[str]:
        return [str(name) for (name,) in self._do(f"SHOW TABLES IN `{self._name}`")]

    def _checksums(self) -> State:
        listed = ", ".join(f"`{self._name}`.`{table}`" for table in self._tables())
        rows = self._do(f"CHECKSUM TABLE {listed}")
        return {str(table).partition(".")[2]: str(checksum) for table, checksum in rows}

    def _next_ids(self) -> dict[str, int | None]:
        rows = self._do(
            "SELECT table_name, auto_increment FROM information_schema.tables WHERE table_schema = %s", self._name
        )
        return {str(table): counter for table, counter in rows}

    def _do(self, statement: str, *params: Any) -> list[sql.Row]:
        with closing(self._db.cursor()) as cursor:
            cursor.execute(statement, params or None)
            rows = list(cursor.fetchall())
        self._db.commit()
        return rows


def _reading(table: str) -> str:
    return ITS_ROWS if table == META else f'SELECT * FROM "{table}"'


def _digest(rows: list[sql.Row]) -> str:
    return hashlib.sha256(repr(sorted(rows, key=repr)).encode("utf-8", "surrogateescape")).hexdigest()
