"""A ledger is believed on the site, and for the repository, that it was written for; its copies go their own way."""

from __future__ import annotations

import json
import re
import socket
from typing import TYPE_CHECKING, Final

import pytest

from support.cli import Project
from support.dumps import sqlite_url
from support.ledgers import put_ledger
from support.tiny_site import PAGES
from support.untouched import untouched

if TYPE_CHECKING:
    from pathlib import Path

    from support.dumps import Load
    from support.golden import Check
    from support.tiny_site import TinySites

MANIFEST: Final = "nodes:\n  - {type: page}\n  - {type: landing}\n"
TAKE_OVER: Final = ("import", "--adopt", "--take-over", "--yes")
LATER: Final = 1_800_000_000
NAME: Final = "SELECT value FROM variable WHERE name = 'site_name'"


def _named(name: str) -> str:
    return f"UPDATE variable SET value = 's:{len(name)}:\"{name}\";' WHERE name = 'site_name'"


def _text(cell: str | bytes) -> str:
    return cell.decode() if isinstance(cell, bytes) else cell


def _install_again(project: Project) -> None:
    """Makes it another installation: what of a site no copy of it changes."""
    project.click(f"UPDATE variable SET value = 'i:{LATER};' WHERE name = 'install_time'")
    project.click(f"UPDATE users SET created = {LATER - 60} WHERE uid = 1")


def _meta(project: Project, name: str) -> object:
    ((value,),) = project.rows(f"SELECT value FROM drupalsync_meta WHERE name = '{name}'")
    return json.loads(value)


@pytest.fixture
def foreign(dump: Load, tmp_path: Path) -> Project:
    """A site over which a dump of another one was restored, without dropping drupalsync's tables."""
    databases = {"prod": dump("prod"), "dev": dump("base"), "theirs": dump("prod")}
    project = Project(tmp_path / "project", databases, manifest=MANIFEST)
    project.at("dev").run("export", "--commit")
    project.run("import", "--adopt", "--yes")
    theirs = project.at("theirs")
    put_ledger(of=project.database, into=theirs.database)
    _install_again(theirs)
    theirs.click(_named("Another site"))
    return theirs


def test_the_ledger_of_another_site_is_not_believed(foreign: Project, golden: Check) -> None:
    with untouched(foreign):
        said = [foreign.run(*command, exits=3) for command in (["import", "--yes"], ["status"], ["diff"])]

    assert len({result.stderr for result in said}) == 1
    transcript = re.sub("where: .*", "where: «site»", said[0].transcript)
    golden(transcript, "end_to_end/the-ledger-of-another-site.txt")


def test_taking_over_forgets_that_ledger_and_binds_a_new_one(foreign: Project) -> None:
    with untouched(foreign):
        looked = foreign.run("import", "--dry-run", "--take-over", exits=3)
        assert "first contact" in looked.stdout
        assert "--adopt --take-over\n" in foreign.run("import", "--dry-run", "--adopt", "--take-over").stdout

    said = foreign.run(*TAKE_OVER)

    assert "note: takes the site over: what the ledger says of " in said.stdout
    assert foreign.rows("SELECT id FROM drupalsync_release ORDER BY id") == [(1,), (2,)]
    assert foreign.rows("SELECT DISTINCT release_id FROM drupalsync_item") == [(2,)]
    assert _meta(foreign, "taken_over") == 2
    assert _meta(foreign, "installation") == {"install_time": LATER, "first_user": LATER - 60}
    assert foreign.run("import", "--yes").stdout.endswith("Nothing to do.\n")


def test_an_export_takes_no_key_from_the_ledger_of_another_site(foreign: Project) -> None:
    foreign.click(
        "UPDATE drupalsync_item SET item_key = 'custom/of-the-other-site' WHERE item_key = 'custom/footer-notice'"
    )

    with untouched(foreign.at("prod")):
        said = foreign.run("export", "block")

    assert "note: the ledger in this database was written for another site, so no key is taken from it" in said.stderr
    assert "of-the-other-site" not in foreign.git("status", "--porcelain")


def test_two_clones_of_one_database_go_their_own_ways(dump: Load, tmp_path: Path, golden: Check) -> None:
    databases = {"prod": dump("prod"), "dev": dump("base"), "stage": dump("prod")}
    prod = Project(tmp_path / "project", databases, manifest=MANIFEST)
    dev, stage = prod.at("dev"), prod.at("stage")
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")
    put_ledger(of=prod.database, into=stage.database)
    told = []

    dev.click(_named("First"))
    dev.run("export", "--commit")
    told.append(stage.run("import", "--yes"))
    stage.click("UPDATE block_custom SET info = 'Renamed on stage' WHERE info = 'Footer notice'")
    dev.click(_named("Second"))
    dev.run("export", "--commit")
    told.append(prod.run("import", "--yes"))
    told.append(stage.run("import", "--on-drift", "keep", "--yes"))

    assert (_text(prod.one(NAME)), _text(stage.one(NAME))) == ('s:6:"Second";', 's:6:"Second";')
    numbers = [clone.rows("SELECT id FROM drupalsync_release ORDER BY id") for clone in (prod, stage)]
    assert numbers == [[(1,), (2,)], [(1,), (2,), (3,)]]
    transcript = re.sub(
        r"(?m)^(\w+): \S.*, last release", r"\1: «site», last release", "".join(said.transcript for said in told)
    )
    golden(transcript, "end_to_end/two-clones-of-one-database.txt")
    keys = []
    for clone in (prod, stage):
        clone.run("export")
        keys.append(sorted(path.name for path in (clone.root / "config").rglob("*.yml")))
        clone.git("checkout", "--quiet", "--", "config")
    assert keys[0] == keys[1]


@pytest.fixture
def managed(tiny: Project) -> Project:
    """Production, with the release of one repository; the developer's repository is that one."""
    tiny.run("export", "--commit")
    tiny.at("prod").run("import", "--adopt", "--yes")
    return tiny.at("prod")


def _other_repository(managed: Project, root: Path) -> Project:
    """Another repository with the same tree, and some other history."""
    other = Project(root, managed.databases, manifest=f"{PAGES}# another project\n").at("prod")
    for name in managed.git("ls-files", "config").splitlines():
        other.write(name, managed.read(name))
    other.git("add", "--all")
    other.git("commit", "--quiet", "--message=The same tree")
    return other


def test_a_site_that_another_repository_manages_is_not_touched(managed: Project, tmp_path: Path, golden: Check) -> None:
    other = _other_repository(managed, tmp_path / "other")

    with untouched(managed, other):
        said = other.run("import", "--yes", exits=3)
        other.run("status", exits=3)

    golden(_anonymous(said.transcript), "end_to_end/a-site-that-another-repository-manages.txt")


def test_a_repository_can_take_a_site_over_and_then_the_other_stops(managed: Project, tmp_path: Path) -> None:
    managed.click("UPDATE menu_links SET weight = 33 WHERE link_title = 'Press'")
    other = _other_repository(managed, tmp_path / "other")
    other.run("import", "--take-over", "--yes", exits=3)

    other.run(*TAKE_OVER)

    assert managed.one("SELECT weight FROM menu_links WHERE link_title = 'Press'") != 33
    assert other.run("import", "--yes").stdout.endswith("Nothing to do.\n")
    assert "managed from another repository: its release 2" in managed.run("import", "--yes", exits=3).stderr


def test_what_the_first_owner_had_is_not_pruned_after_taking_over(managed: Project, tmp_path: Path) -> None:
    other = _other_repository(managed, tmp_path / "other")
    other.git("rm", "--quiet", "config/blocks/custom/footer-notice.yml")

    said = other.run(*TAKE_OVER, "--prune")

    assert "1 to delete" not in said.stdout
    assert managed.one("SELECT COUNT(*) FROM block_custom WHERE info = 'Footer notice'") == 1


def test_no_rollback_leads_back_behind_a_takeover(museum: Project, production: Project) -> None:
    museum.click(_named("By day"))
    museum.run("export", "--commit")
    production.run("import", "--yes")
    production.run(*TAKE_OVER)

    said = production.run("rollback", "2", "--yes", exits=1)

    assert "release 2 cannot be rolled back: release 3 took the site over" in said.stderr
    assert production.one("SELECT COUNT(*) FROM drupalsync_image WHERE release_id < 3") == 0


def test_a_takeover_can_be_rolled_back_itself_and_brings_no_other_ledger_back(production: Project) -> None:
    production.click(_named("By night"))
    production.run(*TAKE_OVER)

    production.run("rollback", "--yes")

    assert production.one(NAME) == 's:8:"By night";'
    assert production.one("SELECT COUNT(*) FROM drupalsync_item") == 0


@pytest.mark.parametrize("command", [["verify"], ["rollback", "--dry-run"]], ids=" ".join)
def test_whatever_reads_that_ledger_stops(production: Project, command: list[str]) -> None:
    _install_again(production)

    with untouched(production):
        said = production.run(*command, exits=3)

    assert "the ledger in this database was written for another site" in said.stderr


def test_another_folder_of_the_repository_is_another_owner(managed: Project) -> None:
    below = managed.at("prod")
    below.root = managed.root / "sites" / "two"
    below.write("drupalsync.yml", managed.read("drupalsync.yml"))
    for name in managed.git("ls-files", "config").splitlines():
        below.write(name, managed.read(name))

    said = below.run("import", "--yes", exits=3)

    assert "from the folder at the top of this repository, and this is sites/two: its release 1" in said.stderr


def test_a_clone_of_the_repository_is_the_same_owner(managed: Project, tmp_path: Path) -> None:
    assert managed.clone(tmp_path / "clone").run("import", "--yes").stdout.endswith("Nothing to do.\n")


def test_a_ledger_from_before_is_bound_by_the_next_import_that_writes(managed: Project, tmp_path: Path) -> None:
    bound = [_meta(managed, name) for name in ("installation", "repository")]
    managed.click("DELETE FROM drupalsync_meta WHERE name IN ('installation', 'repository')")
    other = _other_repository(managed, tmp_path / "other")
    assert other.run("import", "--yes").stdout.endswith("Nothing to do.\n")
    dev = managed.at("dev")
    dev.click(_named("By day"))
    dev.run("export", "--commit")

    managed.run("import", "--yes")

    assert [_meta(managed, name) for name in ("installation", "repository")] == bound


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param("DELETE FROM variable WHERE name = 'install_time'", id="the variable is gone"),
        pytest.param("UPDATE variable SET value = 'i:17' WHERE name = 'install_time'", id="the variable is cut"),
        pytest.param("UPDATE variable SET value = 'i:5;' WHERE name = 'install_time'", id="somebody set the variable"),
        pytest.param("UPDATE users SET created = 77 WHERE uid = 1", id="the first account is another"),
        pytest.param("DELETE FROM users WHERE uid = 1", id="the first account is gone"),
    ],
)
def test_one_of_its_marks_is_enough_to_know_the_site_again(managed: Project, edit: str) -> None:
    managed.click(edit)

    managed.run("import", "--yes")


def test_taking_over_is_for_the_whole_site(managed: Project) -> None:
    said = managed.run("import", "variable", "--take-over", "--dry-run", exits=64)

    assert "give no selector" in said.stderr


def test_outside_of_a_repository_a_site_is_managed_all_the_same(tiny_sites: TinySites, tmp_path: Path) -> None:
    project = Project(tmp_path / "project", {"dev": sqlite_url(tiny_sites.dev), **tiny_sites.urls}, manifest=PAGES)
    (project.root / ".git").rename(tmp_path / "away")
    project.run("export")

    project.at("prod").run("import", "--adopt", "--yes")

    prod = project.at("prod")
    assert prod.rows("SELECT name FROM drupalsync_meta WHERE name IN ('installation', 'repository')") == [
        ("installation",)
    ]
    assert prod.run("import", "--yes").stdout.endswith("Nothing to do.\n")


def _anonymous(transcript: str) -> str:
    return transcript.replace(f"@{socket.gethostname()} ", "@«host» ")
