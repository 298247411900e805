"""A real site's release is taken back, on both engines: right after it, after an edit, twice, and the taking back itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest

from drupalsync.php import decode
from support.cli import Project
from support.dumps import same_site
from support.untouched import untouched

if TYPE_CHECKING:
    from pathlib import Path

    from support import sql
    from support.cli import Result
    from support.dumps import Load
    from support.golden import Check

MANIFEST: Final = "nodes:\n  - {type: page}\n  - {type: landing}\n  - {type: book}\n"
# A node that was changed and changed back has two revisions more: its tables are compared as items, not as rows.
ROWS: Final = ("variable", "menu_*", "block*", "url_alias", "taxonomy_index", "book")
LEFT_BEHIND: Final = "menu_default_active_menus"  # what the forecast names: Drupal writes it when a menu goes
ITEMS: Final = "SELECT kind, item_key, base, release_id, protect FROM drupalsync_item ORDER BY kind, item_key"
IMPORT: Final = ("import", "--prune", "--allow-changes", "99", "--allow-deletes", "99")


def _named(name: str) -> str:
    return f"UPDATE variable SET value = 's:{len(name)}:\"{name}\";' WHERE name = 'site_name'"


def _name(project: Project) -> object:
    value = project.one("SELECT value FROM variable WHERE name = 'site_name'")
    return decode(value.encode() if isinstance(value, str) else value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A real site's production after a release, and as it was before it; `tree`: the revision of that time."""

    prod: Project
    before: str  # a database
    ledger: list[sql.Row]
    tree: str

    def check(self) -> None:
        """Fails where production is not what it was before the release, or drupalsync knows of it something else."""
        code, said = same_site(self.before, self.prod.database, *ROWS)
        lines = said.splitlines()
        assert (code, len(lines)) == (1, 3), said
        assert lines[0] == "variable: 0 rows only in A, 1 rows only in B"
        assert f"name={LEFT_BEHIND} " in lines[1]
        assert self.prod.rows(ITEMS) == self.ledger
        with untouched(self.prod):
            assert self.prod.run("import", "--rev", self.tree, "--dry-run").stdout.endswith("Nothing to do.\n")


@pytest.fixture
def released(dump: Load, tmp_path: Path) -> Released:
    """The dumps' release, imported on either engine."""
    databases = {"dev": dump("base"), "prod": dump("prod"), "after_dev": dump("dev")}
    dev = Project(tmp_path / "project", databases, manifest=MANIFEST)
    prod = dev.at("prod")
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")
    ledger = prod.rows(ITEMS)
    tree = dev.git("rev-parse", "HEAD").strip()
    dev.at("after_dev").run("export", "--commit")
    prod.run(*IMPORT, "--yes")
    return Released(prod=prod, before=dump("prod"), ledger=ledger, tree=tree)


def _told(*said: Result) -> str:
    """What was said, the same whatever the engine."""
    return re.sub(r"(sqlite|mysql)://[^\s,]+", "«database of prod»", "\n".join(one.transcript for one in said))


def test_a_release_is_rolled_back_and_the_site_is_what_it_was(released: Released, golden: Check) -> None:
    prod = released.prod
    with untouched(prod):
        looked = prod.run("rollback", "--dry-run")
        assert prod.run("rollback", "2", "--dry-run", "--detailed-exitcode", exits=2).stdout == looked.stdout

    done = prod.run("rollback", "--yes")

    released.check()
    plan = looked.stdout.splitlines()[:-1]
    assert done.stdout.splitlines()[: len(plan)] == plan
    with untouched(prod):
        twice = prod.run("rollback", "2", "--yes", exits=1)
    golden(_told(looked, done, twice), "end_to_end/a-release-is-rolled-back.txt")


def test_the_next_import_brings_it_again_and_the_next_rollback_takes_it_back_again(released: Released) -> None:
    prod = released.prod
    first = prod.run("rollback", "2", "--yes")

    again = prod.run(*IMPORT, "--yes")
    second = prod.run("rollback", "--yes")

    assert "Release 4: 11 created, 16 updated, 10 moved, 3 deleted" in again.stdout
    assert "Release 5: rolled back release 4: 3 created, 16 updated, 10 moved, 11 deleted" in second.stdout
    assert "Release 3: rolled back release 2: 3 created, 16 updated, 10 moved, 11 deleted" in first.stdout
    released.check()


def test_a_rollback_is_rolled_back_and_the_tree_has_nothing_to_add(released: Released, golden: Check) -> None:
    prod = released.prod
    prod.run("rollback", "--yes")

    back = prod.run("rollback", "3", "--yes")

    with untouched(prod):
        looked = prod.run(*IMPORT, "--dry-run")
    assert looked.stdout.endswith("Nothing to do.\n")
    golden(_told(back), "end_to_end/a-rollback-is-rolled-back.txt")
    prod.run("rollback", "--yes")
    released.check()


def test_an_edit_since_the_release_stops_its_rollback(released: Released, golden: Check) -> None:
    prod = released.prod
    prod.click(_named("Edited by hand"))
    prod.click("UPDATE block_custom SET body = 'Edited by hand.' WHERE info = 'Newsletter sign-up'")

    with untouched(prod):
        stopped = prod.run("rollback", "--yes", exits=3)
        kept = prod.run("rollback", "--dry-run", "--on-drift", "keep")
        overwritten = prod.run("rollback", "--dry-run", "--on-drift", "overwrite")

    said = _told(stopped, kept, overwritten)
    golden(said, "end_to_end/an-edit-since-the-release-stops-its-rollback.txt")


def test_with_keep_the_edit_stays_and_the_next_import_still_knows_it_for_one(released: Released) -> None:
    prod = released.prod
    prod.click(_named("Edited by hand"))

    prod.run("rollback", "--yes", "--on-drift", "keep")

    assert _name(prod) == "Edited by hand"
    assert prod.rows(ITEMS) == released.ledger
    with untouched(prod):
        stopped = prod.run("import", "--rev", released.tree, "--dry-run", exits=3)
        assert "variable:site_name" in stopped.stdout
    prod.run("import", "--rev", released.tree, "--yes", "--on-drift", "overwrite")
    assert _name(prod) == "Example Site"


def test_with_overwrite_the_edit_goes_and_the_site_is_what_it_was(released: Released) -> None:
    prod = released.prod
    prod.click(_named("Edited by hand"))

    prod.run("rollback", "--yes", "--on-drift", "overwrite")

    released.check()
