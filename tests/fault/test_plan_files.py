"""A plan file and a run that dies, or that is not alone: the plan is carried out once, and whole."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING

import pytest

from support.cli import Project

if TYPE_CHECKING:
    from pathlib import Path

    from support.tiny_site import TinySites

    from .conftest import Killer

HOOK = "    after_import: ['{hook}']\nnodes:\n  - {{type: page}}\n"
NAME = "SELECT value FROM variable WHERE name = 'site_name'"
RENAME = "UPDATE variable SET value = 's:3:\"New\";' WHERE name = 'site_name'"
STEPS = "SELECT COUNT(*) FROM drupalsync_step WHERE done = 0"
APPLY = ("import", "--plan", "release.plan")
DIE = 'sh -c "kill -KILL $PPID"'


@pytest.fixture
def prod(tiny_sites: TinySites, tmp_path: Path) -> Project:
    """Production, with a plan for a release to come."""
    project = Project(tmp_path / "project", tiny_sites.urls, manifest=HOOK.format(hook="true"))
    project.run("export", "--commit")
    project.at("prod").run("import", "--adopt", "--yes")
    project.click(RENAME)
    project.run("export", "--commit")
    prod = project.at("prod")
    prod.run("import", "--dry-run", "--out", "release.plan")
    return prod


def test_killed_after_the_commit_the_plan_is_spent_and_what_follows_is_finished(prod: Project, killer: Killer) -> None:
    manifest = prod.read("drupalsync.yml")
    prod.write("drupalsync.yml", manifest.replace("'true'", f"'{DIE}'"))

    assert killer.run(prod, APPLY) == -signal.SIGKILL
    assert prod.one(NAME) == 's:3:"New";'
    assert prod.one(STEPS) == 2  # the command, and the mark that all is done
    prod.write("drupalsync.yml", manifest)
    with_a_dry_run = prod.run(*APPLY, "--dry-run", exits=3)
    assert prod.one(STEPS) == 2
    again = prod.run(*APPLY, exits=3)

    assert again.stdout == "Finished first what an earlier release had left: true.\n"
    assert "is spent: release 2 carried it out" in again.stderr
    assert again.stderr == with_a_dry_run.stderr
    assert prod.one(STEPS) == 0
    assert prod.one("SELECT COUNT(*) FROM drupalsync_release") == 2


def test_killed_before_the_commit_the_plan_is_as_good_as_before(prod: Project, killer: Killer) -> None:
    assert killer.run(prod, APPLY, at=("statement", _number_of_commit(prod, killer), signal.SIGKILL)) == -signal.SIGKILL

    assert prod.one(NAME) != 's:3:"New";'
    prod.run(*APPLY)
    assert prod.one(NAME) == 's:3:"New";'


def test_of_two_runs_with_one_plan_the_second_finds_it_spent(prod: Project) -> None:
    first, second = (prod.spawn(*APPLY, "--lock-timeout", "60") for _ in range(2))
    said = [process.communicate() for process in (first, second)]

    assert sorted([first.returncode, second.returncode]) == [0, 3], said
    assert sum("is spent: release 2 carried it out" in complaint for _, complaint in said) == 1
    assert prod.one("SELECT COUNT(*) FROM drupalsync_release") == 2


def test_while_another_import_runs_the_lock_is_the_answer_whatever_else_is_wrong(prod: Project, tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    subprocess.run(["mkfifo", fifo], check=True)
    manifest = prod.read("drupalsync.yml")
    prod.write("drupalsync.yml", manifest.replace("'true'", f"'cat {fifo}'"))
    holder = prod.spawn(*APPLY)  # its command waits for somebody to write
    with fifo.open("w"):
        prod.write("config/variables/relays.yml", "relays: two\n")
        busy = prod.run(*APPLY, "--detailed-exitcode", exits=5)
    holder.communicate()

    assert "held by" in busy.stderr
    assert "was made from other files" in prod.run(*APPLY, exits=3).stderr


def _number_of_commit(prod: Project, killer: Killer) -> int:
    """The number of the statement that commits, from a run that is taken back."""
    log = prod.root.parent / "statements"
    database = prod.root.parent / "tiny-prod.sqlite"
    before = database.read_bytes()
    assert killer.run(prod, APPLY, log=str(log)) == 0
    database.write_bytes(before)
    statements = log.read_text().splitlines()
    return next(number for number, sql in enumerate(statements, 1) if "COMMIT" in sql)
