"""Two imports at once: the second one stops, names the first, and gets its turn as soon as that is gone, however it went."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from drupalsync.apply import steps
from drupalsync.site.mysql import Mysql
from support import sql
from support.sites import without_left

from .conftest import IMPORT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from drupalsync.site import Cell, Row, Site
    from support.golden import Check

    from .conftest import Release

BUSY = 5


@pytest.fixture
def holder(release: Release) -> Iterator[subprocess.Popen[str]]:
    """An import that holds the lock, stopped before its commit."""
    with release.stopped(release.number("COMMIT")) as process:
        yield process


def test_the_second_stops_and_names_the_first(
    release: Release, holder: subprocess.Popen[str], engine: str, golden: Check
) -> None:
    code, said = release.run(*IMPORT)

    golden(release.transcript(IMPORT, said, code), f"fault/two-imports-at-once-on-{engine}.txt")
    assert "writing, in one transaction\n" in said
    assert code == BUSY
    assert f"held by tess@{socket.gethostname()}, " in said
    if engine == "sqlite":
        assert f", process {holder.pid}\n" in said
    else:
        assert re.search(rf", connection \d+, process {holder.pid}\n", said)


def test_a_dry_run_needs_no_lock(release: Release, holder: subprocess.Popen[str]) -> None:
    assert release.run("import", "--prune", "--dry-run")[0] == 0


def test_the_lock_of_a_killed_import_is_free_at_once(release: Release, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert without_left(release.site.state()) == release.before  # the server has seen that it is gone
    release.site.close_gaps()

    assert release.run(*IMPORT)[0] == 0

    assert release.site.state() == release.after


def test_with_a_timeout_the_second_waits_for_the_first(release: Release, holder: subprocess.Popen[str]) -> None:
    second = release.spawn(*IMPORT, "--lock-timeout", "60")
    with pytest.raises(subprocess.TimeoutExpired):
        second.wait(1.5)

    holder.send_signal(signal.SIGCONT)

    assert holder.wait() == 0
    said, complaint = second.communicate()
    assert (second.returncode, said.endswith("Nothing to do.\n"), complaint) == (0, True, ""), said
    assert release.site.state() == release.after


def test_a_timeout_that_is_too_short_ends_as_none(release: Release, holder: subprocess.Popen[str]) -> None:
    assert release.run(*IMPORT, "--lock-timeout", "0.3")[0] == BUSY


def test_an_earlier_holder_is_not_taken_for_the_one_of_now(release: Release) -> None:
    assert release.project.one("SELECT COUNT(*) FROM drupalsync_lock") == 1

    with release.stopped(release.number("SELECT", 20)):  # it has the lock, and has not yet written who it is
        code, said = release.run(*IMPORT)

    assert code == BUSY
    assert re.search(r"held by (process|connection) \d+\n", said), said


def test_after_its_commit_it_is_still_told_who_holds_it(release: Release) -> None:
    with release.stopped(release.number("COMMIT") + 3):
        code, said = release.run(*IMPORT)

    assert code == BUSY
    assert "committed, and now clearing caches and running after_import\n" in said


def test_a_lock_that_is_lost_before_the_commit_keeps_nothing(
    release: Release, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = steps.write_steps

    def losing(site: Site, number: int, hooks: Sequence[str]) -> int:
        if engine == "sqlite":
            Path(f"{urlsplit(release.project.database).path[1:]}.drupalsync-lock").unlink()
        else:
            site.db.query("SELECT RELEASE_ALL_LOCKS()")
        return write(site, number, hooks)

    monkeypatch.setattr(steps, "write_steps", losing)

    said = release.project.run(*IMPORT, exits=1)

    assert "the lock was lost before the commit; nothing was written" in said.stderr
    assert release.site.state() == release.before
    release.site.close_gaps()


def test_a_proxy_that_cannot_keep_a_lock_is_found_before_anything_is_read(
    mariadb_release: Release, monkeypatch: pytest.MonkeyPatch, golden: Check
) -> None:
    mariadb_release.restore()
    project = mariadb_release.project
    query = Mysql.query
    other = sql.connect(project.database)

    def scattered(self: Mysql, statement: str, params: Sequence[Cell] = ()) -> list[Row]:
        rows = query(self, statement, params)
        if "GET_LOCK" in statement:
            kept.append(self._db)
            self._db = other  # what a pooler does between two statements
        return rows

    kept: list[Any] = []
    monkeypatch.setattr(Mysql, "query", scattered)

    said = project.run(*IMPORT, exits=1)

    kept[0].close()
    text = re.sub("where: .*", "where: «site»", said.transcript)
    golden(text, "fault/a-lock-that-a-proxy-cannot-keep.txt")
    assert mariadb_release.site.state() == mariadb_release.before


def test_a_run_that_only_waits_for_an_answer_says_so(release: Release, engine: str) -> None:
    with release.stopped(_asking(release)):
        code, said = release.run(*IMPORT)

    assert code == BUSY
    assert "waiting for somebody to say yes to its plan\n" in said
    assert "drupalsync import --env prod\n" in said


def _asking(release: Release) -> int:
    """The statement that follows what says that somebody is being asked."""
    return release.number("UPDATE", 0) + 1
