"""drupalsync in a process that stops, or dies, exactly where it is told to; run as a program, never imported by a test.

`faulty.py ORDER` carries out one order and is that process. `faulty.py` alone reads orders from its input, a line each,
carries out each in a fork of its own, so that Python starts only once, and answers with a line.
An order is JSON: `argv`, and where wanted `at` (see `Point`), `cwd`, `environ`, `out` and `err` (files), `log` (a file
for the statements), `limit` (bytes that a file may have). The clock stands still and the ledger's key is fixed, so that two runs write the same rows.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import resource
import secrets
import signal
import sqlite3
import sys
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pymysql.connections

import drupalsync

CLOCK = 1_714_979_289.0


class Point:
    """Sends this process a signal at the nth statement, answer of the server, or file that is put in place."""

    def __init__(self, what: str = "", number: int = 0, signal_: int = signal.SIGKILL) -> None:
        self._what = what
        self._left = number
        self._signal = signal_

    def pass_(self, what: str) -> None:
        if what == self._what:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), self._signal)


def obey(order: dict[str, Any]) -> None:
    """Carries out an order in this process, and ends it."""
    _prepare(order)
    from drupalsync.cli.main import entry

    sys.argv = ["drupalsync", *order["argv"]]
    entry()


def serve() -> None:
    """Carries out orders until the input ends."""
    for module in pkgutil.walk_packages(drupalsync.__path__, "drupalsync."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)  # here, once, and not in every fork
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _run(order: dict[str, Any]) -> None:
    for name, mode in (("out", 1), ("err", 2)):
        os.dup2(os.open(order.get(name, os.devnull), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), mode)
    code = 70
    try:
        os.chdir(order["cwd"])
        os.environ.clear()
        os.environ.update(order["environ"])
        obey(order)
    except SystemExit as done:
        code = int(str(done.code))
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)  # the fork must not go on as the server


def _prepare(order: dict[str, Any]) -> None:
    import drupalsync.apply.ledger

    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
    time.time = lambda: CLOCK
    drupalsync.apply.ledger.secrets = SimpleNamespace(token_bytes=b"k".__mul__, token_hex=secrets.token_hex)  # type: ignore[assignment]
    if "limit" in order:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # then the write fails, as on a full disk
        resource.setrlimit(resource.RLIMIT_FSIZE, (order["limit"], order["limit"]))
    point = Point(*order.get("at", ()))
    log = Path(order["log"]).open("w", buffering=1) if "log" in order else None  # noqa: SIM115 ends with the process

    def statement(sql: str) -> None:
        if log is not None:
            print(" ".join(sql.split()), file=log)
        point.pass_("statement")

    _watch_sqlite(statement)
    _watch_mysql(statement, point)
    replace = Path.replace

    def watched(path: Path, target: Path) -> Path:
        point.pass_("file")
        return replace(path, target)

    Path.replace = watched  # type: ignore[method-assign,assignment]


def _watch_sqlite(statement: Any) -> None:
    class Watched(sqlite3.Connection):
        def execute(self, sql: str, *params: Any) -> sqlite3.Cursor:
            statement(sql)
            return super().execute(sql, *params)

        def executemany(self, sql: str, *params: Any) -> sqlite3.Cursor:
            statement(sql)
            return super().executemany(sql, *params)

    sqlite3.connect = partial(sqlite3.connect, factory=Watched)


def _watch_mysql(statement: Any, point: Point) -> None:
    connection = pymysql.connections.Connection
    query, answer = connection.query, connection._read_query_result

    def asked(self: Any, sql: Any, unbuffered: bool = False) -> Any:
        statement(sql if isinstance(sql, str) else sql.decode("utf-8", "replace"))
        return query(self, sql, unbuffered)

    def answered(self: Any, unbuffered: bool = False) -> Any:
        point.pass_("answer")
        return answer(self, unbuffered)

    connection.query, connection._read_query_result = asked, answered


if __name__ == "__main__":
    if len(sys.argv) > 1:
        obey(json.loads(sys.argv[1]))
    serve()
