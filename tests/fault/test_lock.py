"""Two imports at once: the second one stops, names the first, and gets its turn as soon as that is gone, however it went."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from .conftest import IMPORT

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    assert code == BUSY
    assert f"held by tess@{socket.gethostname()}, " in said
    if engine == "sqlite":
        assert f", process {holder.pid}\n" in said


def test_a_dry_run_needs_no_lock(release: Release, holder: subprocess.Popen[str]) -> None:
    assert release.run("import", "--prune", "--dry-run")[0] == 0


def test_the_lock_of_a_killed_import_is_free_at_once(release: Release, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert release.site.state() == release.before  # the server has seen that it is gone
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
