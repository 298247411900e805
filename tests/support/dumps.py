"""A real Drupal site in four states (base, dev, prod, after), as SQLite files and in MariaDB; and the judge.

They lie beside the repository, in shared/dumps, or where DRUPALSYNC_DUMPS says; tests skip where there are none.
"""

from __future__ import annotations

import functools
import gzip
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from support.surroundings import OURS, REPO

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.mariadb import Server

DUMPS: Final = Path(os.environ.get(OURS) or REPO.parent / "shared" / "dumps").resolve()
ORACLE: Final = DUMPS.parent / "oracle" / "same_site.py"
ABSENT: Final = f"no dumps of a real site in {DUMPS}: set {OURS}"

needs_dumps: Final = pytest.mark.skipif(not DUMPS.is_dir(), reason=ABSENT)

Load = Callable[[str], str]


def sqlite_dump(name: str, folder: Path) -> Path:
    """A fresh copy of the dump `name` as a SQLite file in `folder`; a second copy gets a number."""
    paths = (folder / f"{name}{suffix}.sqlite" for suffix in ("", *(f"_{i}" for i in range(2, 1000))))
    path = next(path for path in paths if not path.exists())
    path.write_bytes(_unzipped(DUMPS / f"{name}.sqlite.gz"))
    return path


def mysql_dump(name: str, server: Server) -> str:
    """The URL of a fresh copy of the dump `name`, in a database of that name; a second copy gets a number."""
    url = server.create_database(name)
    server.load(urlsplit(url).path[1:], DUMPS / f"{name}.mysql.sql.gz")
    return url


def sqlite_url(path: Path) -> str:
    return f"sqlite:///{path.absolute()}"


def same_site(a: str, b: str, *tables: str) -> tuple[int, str]:
    """Asks the judge whether two sites, by URL, are the same: (0, what it prints), or (1, where they differ).

    `tables` are glob patterns; without any it compares all that Drupal does not fill by itself.
    """
    wanted = [f"--table={table}" for table in tables]
    command = [sys.executable, str(ORACLE), _for_the_judge(a), _for_the_judge(b), *wanted]
    done = subprocess.run(command, capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


@pytest.fixture(params=["sqlite", "mariadb"])
def engine(request: pytest.FixtureRequest) -> str:
    """The database engine; a test that asks for it runs once on each."""
    return str(request.param)


@pytest.fixture
def dump(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Load]:
    """`dump(name)` is the URL of a fresh copy of that dump on the engine; it is gone after the test."""
    if not DUMPS.is_dir():
        pytest.skip(ABSENT)
    if engine == "sqlite":
        yield lambda name: sqlite_url(sqlite_dump(name, tmp_path))
        return
    server: Server = request.getfixturevalue("mariadb")
    loaded: list[str] = []

    def load(name: str) -> str:
        loaded.append(mysql_dump(name, server))
        return loaded[-1]

    yield load
    for url in loaded:
        server.drop_database(urlsplit(url).path[1:])


@functools.cache
def _unzipped(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes())


def _for_the_judge(url: str) -> str:
    """It takes a SQLite file by its path, and calls the socket `socket`."""
    return re.sub(r"^sqlite:///", "", url).replace("?unix_socket=", "?socket=")
