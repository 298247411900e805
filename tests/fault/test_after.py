"""What follows the commit and fails: the import stands, the message says so, and the next one finishes it."""

from __future__ import annotations

import re
import signal
import sys
from typing import TYPE_CHECKING, Final
from unittest import mock
from urllib.parse import urlsplit

import pytest

from drupalsync.apply import read_back
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
        ("hook", 1), ("hook", 0), ("read back", 0), ("record", 0),
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

    assert "STOPPED by 1 hand edit" in stopped.stdout
    assert ", true it is no longer as it was written: variable:site_name: value\n" in stopped.stderr
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


SETS: Final = "import sqlite3; db = sqlite3.connect({file!r}); db.execute({statement!r}); db.commit()"


def _meddling(prod: Project, statement: str, tmp_path: Path) -> None:
    """Makes the second command of after_import one that writes to the site, as a full cache flush does."""
    script = tmp_path / "flush.py"
    script.write_text(SETS.format(file=urlsplit(prod.database).path[1:], statement=statement))
    command = f"{sys.executable} {script}"
    prod.write("drupalsync.yml", prod.read("drupalsync.yml").replace("'false'", f"'{command}'"))


def test_a_command_that_changes_what_the_release_wrote_is_told(prod: Project, tmp_path: Path, golden: Check) -> None:
    _meddling(prod, RENAME.replace("New", "Old"), tmp_path)

    meddled = prod.run("import", "--yes", exits=3)

    said = meddled.stderr.replace(sys.executable, "python").replace(str(tmp_path), "«tmp»")
    golden(re.sub("where: .*", "where: «site»", said), "fault/a-command-after-the-import-that-changes-the-site.txt")
    assert prod.one(SITE_NAME) == 's:3:"Old";'
    assert prod.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0
    assert "hand edit" in prod.run("import", "--yes", exits=3).stdout


def test_a_command_that_deletes_what_the_release_wrote_is_told(prod: Project, tmp_path: Path) -> None:
    _meddling(prod, "DELETE FROM variable WHERE name = 'site_name'", tmp_path)

    assert (
        " it is no longer as it was written: variable:site_name: it is gone\n"
        in prod.run("import", "--yes", exits=3).stderr
    )


def test_a_command_that_changes_what_is_not_of_the_release_is_none_of_its_business(
    prod: Project, tmp_path: Path
) -> None:
    _meddling(prod, "UPDATE variable SET value = 's:3:\"Any\";' WHERE name = 'site_slogan'", tmp_path)

    prod.run("import", "--yes")


def test_a_command_that_makes_anew_what_the_release_deleted_is_told(prod: Project, tmp_path: Path) -> None:
    row = prod.rows("SELECT value FROM variable WHERE name = 'site_slogan'")[0][0].replace("'", "''")
    prod.at("dev").click("DELETE FROM variable WHERE name = 'site_slogan'")
    prod.at("dev").run("export", "--commit")
    _meddling(prod, f"INSERT INTO variable VALUES ('site_slogan', '{row}')", tmp_path)
    said = prod.run("import", "--prune", "--yes", exits=3)

    assert "variable:site_slogan: it is there again" in said.stderr


def test_a_later_run_that_finishes_the_commands_reads_back_too(prod: Project, tmp_path: Path) -> None:
    prod.run("import", "--yes", exits=1)
    _meddling(prod, RENAME.replace("New", "Old"), tmp_path)

    finished = prod.run("import", "--yes", exits=3)

    assert "release 2 stands, but after touch " in finished.stderr
    assert "it is no longer as it was written: variable:site_name: value\n" in finished.stderr
    assert "Finished first" not in prod.run("import", "--yes", exits=3).stdout


def test_killed_before_it_read_back_the_next_run_does(
    prod: Project, killer: Killer, tmp_path: Path, mark: Path
) -> None:
    kill = f"kill -KILL $PPID; touch {mark}"
    prod.write("drupalsync.yml", prod.read("drupalsync.yml").replace("'false'", f"'sh -c \"{kill}\"'"))
    assert killer.run(prod, ["import", "--yes"]) == -signal.SIGKILL
    prod.write("drupalsync.yml", prod.read("drupalsync.yml").replace(f'sh -c "{kill}"', "true"))
    prod.click(RENAME.replace("New", "Old"))

    assert "release 2 stands, but after touch " in prod.run("import", "--yes", exits=3).stderr


def test_without_commands_nothing_is_read_twice(tiny: Project) -> None:
    tiny.run("export", "--commit")
    prod = tiny.at("prod")
    prod.run("import", "--adopt", "--yes")
    tiny.click(RENAME)
    tiny.run("export", "--commit")

    with mock.patch.object(read_back, "read_back") as again:
        prod.run("import", "--yes")

    assert not again.called
    assert prod.rows("SELECT action FROM drupalsync_step WHERE action = 'read back'") == []


def test_what_the_commands_changed_of_a_secret_is_not_told(prod: Project, tmp_path: Path) -> None:
    prod.at("dev").click("UPDATE variable SET value = 's:7:\"hunter2\";' WHERE name = 'smtp_password'")
    _meddling(prod, "UPDATE variable SET value = 's:8:\"hunter22\";' WHERE name = 'smtp_password'", tmp_path)

    said = prod.run("import", "--yes", exits=3, env={"SMTP_PASSWORD": "hunter2"})

    assert "variable:smtp_password: value" in said.stderr
    assert "hunter" not in said.stdout + said.stderr


def test_a_hand_edit_that_was_kept_is_nothing_that_the_commands_did(prod: Project, tmp_path: Path) -> None:
    statement = "UPDATE block SET title = '{}' WHERE module = 'block' AND theme = 'bartik'"
    prod.at("dev").click(statement.format("Of the tree"))
    prod.at("dev").run("export", "--commit")
    prod.click("UPDATE block_custom SET body = 'Kept.' WHERE info = 'Footer notice'")
    prod.write("drupalsync.yml", prod.read("drupalsync.yml").replace("'false'", "'true'"))

    prod.run("import", "--on-drift", "keep", "--yes")

    assert prod.one("SELECT body FROM block_custom WHERE info = 'Footer notice'") == "Kept."


def test_a_rollback_is_read_back_too(prod: Project, tmp_path: Path) -> None:
    _meddling(prod, "DELETE FROM cache", tmp_path)
    prod.run("import", "--yes")
    (tmp_path / "flush.py").write_text(SETS.format(file=urlsplit(prod.database).path[1:], statement=RENAME))

    said = prod.run("rollback", "--yes", exits=3)

    assert "it is no longer as it was written: variable:site_name: value" in said.stderr
