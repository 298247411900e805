"""A release that waits to be imported, on both engines, and the process that carries it out and fails when told to."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from support import faulty
from support.cli import Project
from support.dumps import ABSENT, DUMPS, mysql_dump, sqlite_dump, sqlite_url
from support.sites import MariadbSite, Restorable, SqliteSite, State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from support.mariadb import Server

MANIFEST: Final = "nodes:\n  - {type: page}\n  - {type: landing}\n  - {type: book}\n"
IMPORT: Final = ("import", "--prune", "--yes")
ROLLBACK: Final = ("rollback", "2", "--yes")
PATIENCE: Final = 60.0  # seconds for a process to get where it is told to stop
# Rows of caches, planted where the dumps have none: those of the release must go, the others must stay.
STALE: Final = (("cache_bootstrap", "variables"), ("cache_menu", "links:main-menu:tree"), ("cache_page", "a page"))
FRESH: Final = (("cache_bootstrap", "bootstrap_modules"), ("cache_form", "form_a"))
COLUMNS: Final = "(cid, data, expire, created, serialized) VALUES"


class Killer:
    """Carries out commands in forks of one process, and ends them at a point; each says how it ended."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, faulty.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environ()
        )

    def run(self, project: Project, argv: Sequence[str], **order: Any) -> int:
        """The exit code, or the signal as a negative number; `order` as in support/faulty.py."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        whole = {"argv": argv, "cwd": str(project.root), "environ": project.environ(), **order}
        print(json.dumps(whole), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate()


@dataclass(kw_only=True)
class Release:
    """A project whose tree is ahead of a site, in two moments: `before` the import, and `after` one that nobody disturbed.

    `argv` may be another command that waits to be carried out: the rollback of that import.
    """

    project: Project
    site: Restorable
    killer: Killer
    argv: tuple[str, ...] = IMPORT
    before: State = field(default_factory=dict)
    after: State = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)  # of the undisturbed import, in their order
    seconds: float = 0.0  # that it took, in a process of its own

    def restore(self) -> None:
        """Goes back to `before`; what earlier runs remember of it is gone, so that all send the same statements."""
        self.site.restore()
        for memo in (self.project.root / ".drupalsync").glob("*.memo"):
            memo.unlink()

    def run(self, *argv: str, **order: Any) -> tuple[int, str]:
        """A command's exit (a signal is negative), and all that it said."""
        said = self.project.root.parent / "said"
        code = self.killer.run(self.project, argv, out=str(said), err=str(said) + ".err", **order)
        return code, said.read_text() + Path(f"{said}.err").read_text()

    def transcript(self, argv: Sequence[str], said: str, code: int) -> str:
        """A run as a golden file has it, without the name of this machine and the numbers of its processes."""
        text = self.project.transcript(tuple(argv), said, "", code)
        return re.sub(r"(connection|process) \d+", r"\1 «n»", text.replace(f"@{socket.gethostname()},", "@«host»,"))

    def spawn(self, *argv: str, **order: Any) -> subprocess.Popen[str]:
        """A command in a process of its own, that stops at `at`."""
        return subprocess.Popen(
            [sys.executable, faulty.__file__, json.dumps({"argv": argv, **order})],
            cwd=self.project.root,
            env=_environ() | self.project.environ(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def stopped(self, number: int) -> Iterator[subprocess.Popen[str]]:
        """The import, in a process that has stopped itself before a statement."""
        with self.spawn(*self.argv, at=("statement", number, signal.SIGSTOP)) as process:
            try:
                _await_stopped(process)
                yield process
            finally:
                process.kill()

    def number(self, start: str | tuple[str, ...], which: int = 0) -> int:
        """The number, from 1 on, of a statement of the import that begins so."""
        return [number for number, sql in enumerate(self.statements, 1) if sql.startswith(start)][which]

    def measure(self) -> None:
        """Carries the release out once, and goes back."""
        log = self.project.root.parent / "statements"
        self.restore()
        self.before = self.site.state()
        began = time.monotonic()
        process = self.spawn(*self.argv, log=str(log))
        said = process.communicate()
        assert process.returncode == 0, said
        self.seconds = time.monotonic() - began
        self.after = self.site.state()
        self.statements = log.read_text().splitlines()
        self.restore()
        assert self.site.state() == self.before


def _await_stopped(process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    flags = os.WSTOPPED | os.WEXITED | os.WNOHANG | os.WNOWAIT
    while (state := os.waitid(os.P_PID, process.pid, flags)) is None:
        assert time.monotonic() < deadline, "it did not stop"
        time.sleep(0.01)
    assert state.si_code == os.CLD_STOPPED, process.communicate()


@pytest.fixture(scope="session")
def killer() -> Iterator[Killer]:
    killer = Killer()
    yield killer
    killer.close()


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project, its tree as of the first export, and as of the release."""
    if not DUMPS.is_dir():
        pytest.skip(ABSENT)
    return tmp_path_factory.mktemp("fault")


def make_release(folder: Path, site: Restorable, killer: Killer) -> Release:
    """The real site's release: exported on the developer's site, adopted on production, waiting there."""
    release = _prepared(folder, site, killer)
    site.keep()
    release.measure()
    return release


def make_rollback(folder: Path, site: Restorable, killer: Killer) -> Release:
    """The same release, imported, and its rollback, which waits to be carried out."""
    release = replace(_prepared(folder, site, killer), argv=ROLLBACK)
    code, said = release.run(*IMPORT)
    assert code == 0, said
    site.keep()
    release.measure()
    return release


def _prepared(folder: Path, site: Restorable, killer: Killer) -> Release:
    databases = {
        "prod": site.url,
        "dev": sqlite_url(sqlite_dump("base", folder)),
        "after_dev": sqlite_url(sqlite_dump("dev", folder)),
    }
    project = Project(folder / "project", databases, manifest=MANIFEST)
    release = Release(project=project, site=site, killer=killer)
    project.at("dev").run("export", "--commit")
    for bin_, cid in (*STALE, *FRESH):
        project.click(f"DELETE FROM {bin_} WHERE cid = '{cid}'")
        project.click(f"INSERT INTO {bin_} {COLUMNS} ('{cid}', 'x', 0, 0, 0)")
    code, said = release.run("import", "--adopt", "--yes")
    assert code == 0, said
    project.at("after_dev").run("export", "--commit")
    return release


@pytest.fixture(scope="session")
def sqlite_release(released: Path, killer: Killer) -> Release:
    return make_release(released / "sqlite", SqliteSite(sqlite_dump("prod", _folder(released / "sqlite"))), killer)


@pytest.fixture(scope="session")
def mariadb_release(released: Path, killer: Killer, mariadb: Server) -> Iterator[Release]:
    site = MariadbSite(mariadb, mysql_dump("prod", mariadb))
    yield make_release(_folder(released / "mariadb"), site, killer)
    site.close()


@pytest.fixture(scope="session")
def sqlite_rollback(released: Path, killer: Killer) -> Release:
    folder = _folder(released / "sqlite-rollback")
    return make_rollback(folder, SqliteSite(sqlite_dump("prod", folder)), killer)


@pytest.fixture(scope="session")
def mariadb_rollback(released: Path, killer: Killer, mariadb: Server) -> Iterator[Release]:
    site = MariadbSite(mariadb, mysql_dump("prod", mariadb))
    yield make_rollback(_folder(released / "mariadb-rollback"), site, killer)
    site.close()


@pytest.fixture
def rollback(engine: str, request: pytest.FixtureRequest) -> Release:
    """The rollback of the release, about to be carried out."""
    rollback: Release = request.getfixturevalue(f"{engine}_rollback")
    rollback.restore()
    return rollback


@pytest.fixture
def release(engine: str, request: pytest.FixtureRequest) -> Release:
    """The release, about to be imported."""
    release: Release = request.getfixturevalue(f"{engine}_release")
    release.restore()
    return release


def _folder(path: Path) -> Path:
    path.mkdir(exist_ok=True)
    return path


def _environ() -> dict[str, str]:
    from support.surroundings import REPO

    return {"PATH": os.environ["PATH"], "PYTHONPATH": f"{REPO}:{REPO / 'tests'}"}
