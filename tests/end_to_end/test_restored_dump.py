"""A dump restored under a ledger of another day: the plan says what it looks like, and nothing is lost either way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.cli import Project
from support.ledgers import put_ledger
from support.untouched import untouched

if TYPE_CHECKING:
    from pathlib import Path

    from support.dumps import Load
    from support.golden import Check

MANIFEST: Final = "nodes:\n  - {type: page}\n  - {type: landing}\n  - {type: book}\n"
NAME: Final = "SELECT value FROM variable WHERE name = 'site_name'"
EDITS: Final = (
    "UPDATE variable SET value = 's:13:\"Museum by day\";' WHERE name = 'site_name'",
    "UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'",
    "UPDATE block_custom SET body = 'Closed today.' WHERE info = 'Footer notice'",
    "DELETE FROM menu_links WHERE link_title = 'Imprint'",
)


@pytest.fixture
def prod(dump: Load, tmp_path: Path) -> Project:
    """A real site that has had a release; `restored` and `newer` are the same site before and after it."""
    databases = {name: dump(of) for name, of in (("prod", "prod"), ("dev", "base"), ("dev2", "dev"), ("other", "prod"))}
    project = Project(tmp_path / "project", databases, manifest=MANIFEST)
    project.at("dev").run("export", "--commit")
    project.run("import", "--adopt", "--yes")
    put_ledger(of=project.database, into=project.at("other").database)  # as it was then
    project.at("dev2").run("export", "--commit")
    return project


def test_an_older_dump_under_a_newer_ledger_is_told_from_hand_edits(prod: Project, engine: str, golden: Check) -> None:
    prod.run("import", "--prune", "--yes")
    restored = prod.at("other")
    put_ledger(of=prod.database, into=restored.database)

    with untouched(restored):
        stopped = restored.run("import", "--dry-run", exits=3)

    notes = [line for line in stopped.transcript.splitlines() if line.startswith(("$", "note: the site is", "Plan"))]
    golden("\n".join([*notes, ""]), "end_to_end/an-older-dump-under-a-newer-ledger.txt")
    restored.run("import", "--prune", "--adopt", "--on-drift", "overwrite", "--yes")
    assert restored.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")


def test_a_newer_dump_under_an_older_ledger_is_adopted(prod: Project) -> None:
    older = prod.at("other")
    before = older.rows("SELECT * FROM drupalsync_item")
    prod.run("import", "--prune", "--yes")
    put_ledger(of=older.database, into=prod.database)
    assert sorted(map(str, prod.rows("SELECT * FROM drupalsync_item"))) == sorted(map(str, before))

    said = prod.run("import", "--prune", "--yes")

    assert "Plan: 0 to create, 0 to update, 0 to move, " in said.stdout
    assert prod.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")


def _release(museum: Project, production: Project) -> None:
    for edit in EDITS:
        museum.click(edit)
    museum.run("export", "--commit")
    production.run("import", "--prune", "--yes")


def test_one_value_that_came_back_will_not_settle(museum: Project, production: Project, golden: Check) -> None:
    _release(museum, production)
    production.click("UPDATE variable SET value = 's:14:\"Harbour Museum\";' WHERE name = 'site_name'")

    said = production.run("import", "--dry-run", exits=3)

    golden(said.transcript, "end_to_end/one-value-that-came-back-will-not-settle.txt")
    assert "note: will not settle: variable:site_name (value)" in production.run("status").stdout


def test_another_edit_of_what_the_release_wrote_is_only_a_hand_edit(museum: Project, production: Project) -> None:
    _release(museum, production)
    production.click("UPDATE variable SET value = 's:15:\"Museum by night\";' WHERE name = 'site_name'")

    said = production.run("import", "--dry-run", exits=3)

    assert "note:" not in said.stdout.replace("note: not set here", "")


def test_all_that_came_back_and_one_edit_more_is_no_restored_dump(museum: Project, production: Project) -> None:
    _release(museum, production)
    production.click("UPDATE variable SET value = 's:15:\"Museum by night\";' WHERE name = 'site_name'")
    production.click("UPDATE menu_links SET weight = 0 WHERE link_title = 'Press'")

    assert "restored" not in production.run("import", "--dry-run", exits=3).stdout


def test_what_the_release_made_and_is_gone_again_will_not_settle(museum: Project, production: Project) -> None:
    museum.click("INSERT INTO variable VALUES ('museum_hours', 's:4:\"9-17\";')")
    museum.run("export", "--commit")
    production.run("import", "--yes")
    production.click("DELETE FROM variable WHERE name = 'museum_hours'")

    said = production.run("import", "--dry-run", exits=3)

    assert "note: will not settle: variable:museum_hours is gone again, as before release 2 made it" in said.stdout
