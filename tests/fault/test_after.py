"""What follows the commit and fails: the import stands, the message says so, and the next one finishes it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from support.cli import Project
from support.sites import own

from .conftest import IMPORT

if TYPE_CHECKING:
    from pathlib import Path

    from support.golden import Check
    from support.tiny_site import TinySites

    from .conftest import Killer, Release

HOOKS = "    after_import: ['touch {mark}', '{second}']\nnodes:\n  - {{type: page}}\n"
SITE_NAME = "SELECT value FROM variable WHERE name = 'site_name'"
RENAME = "UPDATE variable SET value = 's:3:\"New\";' WHERE name = 'site_name'"


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    """A file that a command of after_import makes."""
    return tmp_path / "mark"


@pytest.fixture
def prod(tiny_sites: TinySites, tmp_path: Path, mark: Path) -> Project:
    """Production, with a release to come, after which the second of two commands fails."""
    project = Project(tmp_path / "project", tiny_sites.urls, manifest=_hooks(mark, "false"))
    project.run("export", "--commit")
    project.at("prod").run("import", "--adopt", "--yes")
    project.click(RENAME)
    project.run("export", "--commit")
    return project.at("prod")


def test_a_cache_bin_that_the_site_does_not_have_is_nothing_to_clear(release: Release) -> None:
    for bin_ in ("cache_block", "cache_page"):
        release.project.click(f"DROP TABLE {bin_}")

    assert release.run(*IMPORT)[0] == 0

    assert own(release.site.state()) == own(release.after)
    assert release.project.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0


def test_a_command_that_fails_leaves_the_import_standing(prod: Project, golden: Check) -> None:
    failed = prod.run("import", "--yes", exits=1)

    golden(failed.stderr, "fault/a-command-after-the-import-fails.txt")
    assert prod.one(SITE_NAME) == 's:3:"New";'
    assert prod.rows("SELECT action, done FROM drupalsync_step WHERE release_id = 2 AND action <> 'cache' ORDER BY number") == [
        ("hook", 1), ("hook", 0), ("record", 0),
    ]  # fmt: skip


def test_the_next_import_tries_it_again_and_does_not_repeat_what_is_done(prod: Project, mark: Path) -> None:
    prod.run("import", "--yes", exits=1)
    mark.unlink()

    again = prod.run("import", "--yes", exits=1)

    assert "release 2 stands, but a command of after_import failed: exit 1\n" in again.stderr
    assert not mark.exists()


def test_corrected_in_the_manifest_it_runs_as_it_is_there(prod: Project, mark: Path, tmp_path: Path) -> None:
    prod.run("import", "--yes", exits=1)
    mark.unlink()
    manifest = prod.read("drupalsync.yml")
    prod.write("drupalsync.yml", manifest.replace("'false'", f"'touch {tmp_path}/corrected'"))

    finished = prod.run("import", "--yes")

    assert f"Finished first what an earlier release had left: touch {tmp_path}/corrected.\n" in finished.stdout
    assert (tmp_path / "corrected").exists()
    assert not mark.exists()
    assert prod.rows("SELECT DISTINCT state FROM drupalsync_release") == [("done",)]
    assert "Finished first" not in prod.run("import", "--yes").stdout


def test_taken_out_of_the_manifest_it_is_let_go(prod: Project) -> None:
    prod.run("import", "--yes", exits=1)
    prod.write("drupalsync.yml", prod.read("drupalsync.yml").replace(", 'false'", ""))

    prod.run("import", "--yes")

    assert prod.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0


def test_an_import_that_drift_stops_finishes_the_earlier_one_all_the_same(prod: Project) -> None:
    prod.run("import", "--yes", exits=1)
    prod.write("drupalsync.yml", prod.read("drupalsync.yml").replace("'false'", "'true'"))
    prod.click("UPDATE variable SET value = 's:4:\"Hand\";' WHERE name = 'site_name'")

    stopped = prod.run("import", "--yes", exits=3)

    assert "Finished first what an earlier release had left: true." in stopped.stdout
    assert prod.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0


def test_interrupted_while_a_command_runs_the_import_stands(prod: Project, killer: Killer, tmp_path: Path) -> None:
    interrupting = f'sh -c "kill -INT $PPID; sleep 20; touch {tmp_path}/late"'
    prod.write("drupalsync.yml", prod.read("drupalsync.yml").replace("'false'", f"'{interrupting}'"))
    said = tmp_path / "said"

    assert killer.run(prod, ["import", "--yes"], err=str(said)) == 128 + signal.SIGINT

    assert "release 2 stands" in said.read_text()
    prod.write("drupalsync.yml", prod.read("drupalsync.yml").replace(interrupting, "true"))
    assert "Finished first what an earlier release had left: true." in prod.run("import", "--yes").stdout
    assert not (tmp_path / "late").exists()


def _hooks(mark: Path, second: str) -> str:
    return HOOKS.format(mark=mark, second=second)
