"""A MariaDB of the tests' own: on a socket, in memory where there is room, gone with the process that started it."""

from __future__ import annotations

import gzip
import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from support import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH: Final = os.environ.get("PATH", os.defpath) + ":/usr/sbin:/usr/local/sbin"  # Debian's mariadbd lies in sbin
PROGRAMS: Final = ("mariadbd", "mariadb-install-db", "mariadb")
PATIENCE: Final = 30.0  # seconds for a server to answer
ROOM: Final = 2 * 1024**3  # bytes; a server with a few sites takes some 300 MB
PREFIX: Final = "ds-"  # short: a socket's path may have 107 bytes (sockaddr_un)

# A throwaway server keeps no promise beyond its own life; without persistent statistics a dump loads twice as fast.
SETTINGS: Final = (
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_general_ci",
    "--innodb-buffer-pool-size=64M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-log-file-size=16M",
    "--innodb-stats-persistent=0",
    "--max-allowed-packet=64M",
    "--performance-schema=OFF",
    "--skip-innodb-doublewrite",
    "--skip-name-resolve",
)
AS_ROOT: Final = ("--user=root",) if os.getuid() == 0 else ()

# Its input closes when the tests end, however they end; then the server goes, and its folder.
WATCHDOG: Final = 'read -r line; kill -KILL "$0"; sleep 1; rm -rf "$1"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server, whose `root` needs no password; `port` is None where it listens on the socket alone."""

    folder: Path
    process: subprocess.Popen[bytes]
    port: int | None = None

    @property
    def socket(self) -> Path:
        return self.folder / "socket"

    def url(self, database: str = "") -> str:
        return f"mysql://root@localhost/{database}?unix_socket={self.socket}"

    def execute(self, statement: str, database: str = "") -> list[sql.Row]:
        return sql.execute(self.url(database), statement)

    def create_database(self, name: str) -> str:
        """Makes an empty database and returns its URL; `name` gets a number where it is taken."""
        taken = {row[0] for row in self.execute("SHOW DATABASES")}
        free = next(n for n in (name, *(f"{name}_{i}" for i in range(2, 1000))) if n not in taken)
        self.execute(f"CREATE DATABASE `{free}`")
        return self.url(free)

    def drop_database(self, name: str) -> None:
        self.execute(f"DROP DATABASE `{name}`")

    def load(self, name: str, dump: Path) -> None:
        """Runs a gzipped SQL dump in the database `name`."""
        subprocess.run(
            [_program("mariadb"), "--no-defaults", "--user=root", f"--socket={self.socket}", name],
            input=gzip.decompress(dump.read_bytes()),
            check=True,
        )


@contextmanager
def running(*options: str, port: int | None = None) -> Iterator[Server]:
    """Starts a new, empty server and ends it; `port` makes it listen on 127.0.0.1 too, `options` are mariadbd's own."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_memory()))
    try:
        _install(folder)
        with _started(folder, options, port) as process:
            server = Server(folder=folder, process=process, port=port)
            _await(server)
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def restarted(server: Server, *options: str) -> Iterator[Server]:
    """Starts a server that was killed again, on what it left on its disk."""
    server.process.wait()
    server.socket.unlink(missing_ok=True)
    with _started(server.folder, options, server.port) as process:
        again = Server(folder=server.folder, process=process, port=server.port)
        _await(again)
        yield again


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def mariadb() -> Iterator[Server]:
    """The session's server: each xdist worker has one. Skips where MariaDB is missing, and fails there in CI."""
    missing = [program for program in PROGRAMS if shutil.which(program, path=PATH) is None]
    if missing:
        reason = f"{', '.join(missing)} not found: apt-get install mariadb-server-core mariadb-client-core"
        if "CI" in os.environ:
            pytest.fail(f"CI tests on MariaDB too; {reason}")
        pytest.skip(reason)
    with running() as server:
        yield server


def _program(name: str) -> str:
    return shutil.which(name, path=PATH) or name


def _memory() -> str | None:
    """A folder in memory, four times as fast as a disk here; None, for the usual place, where there is little room."""
    memory = "/dev/shm"
    return memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM else None


def _places(folder: Path) -> tuple[str, str]:
    """Its data, and temporary files of its own: a server that starts deletes all `#sql-temptable…` in its tmpdir."""
    return f"--datadir={folder / 'data'}", f"--tmpdir={folder / 'tmp'}"


def _install(folder: Path) -> None:
    (folder / "tmp").mkdir()
    quick = (*SETTINGS, *AS_ROOT, "--auth-root-authentication-method=normal", "--skip-test-db")
    command = [_program("mariadb-install-db"), "--no-defaults", *_places(folder), *quick]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def _started(folder: Path, options: tuple[str, ...], port: int | None) -> Iterator[subprocess.Popen[bytes]]:
    network = ("--skip-networking",) if port is None else (f"--port={port}", "--bind-address=127.0.0.1")
    places = (*_places(folder), f"--socket={folder / 'socket'}", f"--pid-file={folder / 'pid'}")
    command = [_program("mariadbd"), "--no-defaults", *SETTINGS, *AS_ROOT, *places, *network, *options]
    with (folder / "log").open("wb") as log:
        # a session of its own: Ctrl-C on the tests must not reach the server before they are done with it
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    watchdog = subprocess.Popen(
        ["sh", "-c", WATCHDOG, str(server.pid), folder],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield server
    finally:
        watchdog.kill()
        watchdog.communicate()
        server.kill()
        server.wait()


def _await(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _answers(server):
        dead, late = server.process.poll() is not None, time.monotonic() > deadline
        if dead or late:
            raise AssertionError("mariadbd did not start:\n" + (server.folder / "log").read_text(errors="replace"))
        time.sleep(0.02)


def _answers(server: Server) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(server.socket)) == 0
