"""Ctrl-C, and the SIGTERM of a job that is cancelled: what is said of the site and the tree is true, whenever they come."""

from __future__ import annotations

import re
import shutil
import signal
from typing import TYPE_CHECKING

import pytest

from support.sites import own, without_left
from support.untouched import files, untouched

from .conftest import IMPORT

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

    from .conftest import Killer, Release

CTRL_C, SIGTERM = signal.SIGINT, signal.SIGTERM
SIGNALS = [pytest.param(CTRL_C, id="Ctrl-C"), pytest.param(SIGTERM, id="SIGTERM")]
NOTHING = "drupalsync: interrupted; nothing was changed\n"
INTERRUPTED = 130


def test_before_the_commit_nothing_was_changed(release: Release) -> None:
    commit = release.number("COMMIT")

    for number, sent in ((3, CTRL_C), (commit // 2, CTRL_C), (commit - 1, CTRL_C), (commit - 1, SIGTERM)):
        code, said = release.run(*IMPORT, at=("statement", number, sent))
        assert (code, said.endswith(NOTHING), "Traceback" in said) == (INTERRUPTED, True, False), said
        assert without_left(release.site.state()) == release.before
        release.restore()


def test_while_the_server_works_nothing_was_changed(mariadb_release: Release) -> None:
    release = mariadb_release
    release.restore()
    commit = release.number("COMMIT")

    for number in (3, commit // 2, commit - 3):
        code, said = release.run(*IMPORT, at=("answer", number, CTRL_C))
        assert (code, said.endswith(NOTHING), "Traceback" in said) == (INTERRUPTED, True, False), said
        assert without_left(release.site.state()) == release.before
        release.restore()


def test_from_the_commit_on_the_release_stands_and_the_next_import_finishes_it(release: Release) -> None:
    commit, clearing = release.number("COMMIT"), release.number("DELETE FROM", -1)
    last = len(release.statements)

    for number, sent in (
        (commit, CTRL_C),
        (commit, SIGTERM),
        (commit + 1, CTRL_C),
        (clearing, SIGTERM),
        (last, CTRL_C),
    ):
        code, said = release.run(*IMPORT, at=("statement", number, sent))
        assert code == INTERRUPTED, said
        assert "interrupted after the commit: release 2 stands" in said
        assert not re.search("nothing was changed|Traceback", said), said
        assert own(release.site.state()) == own(release.after)
        assert release.run(*IMPORT)[0] == 0
        assert release.site.state() == release.after
        release.restore()


def test_what_an_interrupted_import_says(sqlite_release: Release, golden: Check) -> None:
    release = sqlite_release
    release.restore()
    argv = ("import", "variable:site_name", "--yes")

    code, said = release.run(*argv, at=("statement", 3, CTRL_C))

    golden(release.transcript(argv, said, code), "fault/an-interrupted-import.txt")
    code, said = release.run(*argv, at=("statement", release.number("BEGIN IMMEDIATE"), CTRL_C))
    assert release.site.state() == release.before
    code, said = release.run(*IMPORT, at=("statement", release.number("COMMIT") + 1, CTRL_C))
    told = said[said.index("drupalsync:") :]
    golden(release.transcript(IMPORT, told, code), "fault/an-import-interrupted-after-its-commit.txt")


@pytest.mark.parametrize("sent", SIGNALS)
def test_an_export_that_still_reads_has_written_nothing(tiny: Project, killer: Killer, sent: int) -> None:
    tiny.run("export", "--commit")
    tiny.click("UPDATE variable SET value = 's:3:\"New\";' WHERE name = 'site_name'")

    for number in (3, 20, 40):
        with untouched(tiny):
            assert killer.run(tiny, ["export"], at=("statement", number, sent)) == INTERRUPTED


@pytest.mark.parametrize("sent", SIGNALS)
def test_an_export_that_writes_is_finished_and_says_so(tiny: Project, killer: Killer, sent: int) -> None:
    said = tiny.root.parent / "said"
    undisturbed = _exported(tiny)

    for number in range(3, len(undisturbed), 10):  # the first two that are put in place are not the tree's
        _forget(tiny)
        assert killer.run(tiny, ["export"], at=("file", number, sent), err=str(said)) == INTERRUPTED
        assert f"{len(undisturbed)} files written" in said.read_text()
        assert _tree(tiny) == undisturbed


def _exported(project: Project) -> dict[str, bytes]:
    project.run("export")
    return _tree(project)


def _tree(project: Project) -> dict[str, bytes]:
    return {name: data for name, data in files(project).items() if name.startswith("config/")}


def _forget(project: Project) -> None:
    shutil.rmtree(project.root / "config")
    shutil.rmtree(project.root / ".drupalsync")
