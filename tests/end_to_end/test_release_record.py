"""What a release leaves behind in the ledger, and what a ledger that is not whole is worth: nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

LAST: Final = "SELECT revision FROM drupalsync_release ORDER BY id DESC LIMIT 1"
SITE: Final = "config/variables/site.yml"


def _slogan(text: str) -> str:
    return f"UPDATE variable SET value = 's:{len(text)}:\"{text}\";' WHERE name = 'site_slogan'"


def _edit(project: Project, old: str, new: str) -> None:
    project.write(SITE, project.read(SITE).replace(old, new))


def test_a_release_of_committed_files_is_recorded_by_its_revision(museum: Project, production: Project) -> None:
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")

    production.run("import", "--yes")

    assert production.one(LAST) == museum.git("rev-parse", "HEAD").strip()


@pytest.mark.parametrize("staged", [False, True], ids=["not staged", "staged"])
def test_a_release_of_edited_files_is_recorded_as_dirty(museum: Project, production: Project, staged: bool) -> None:
    _edit(museum, "900 years", "901 years")
    if staged:
        museum.git("add", "--all")

    production.run("import", "--yes")

    assert production.one(LAST) == museum.git("rev-parse", "HEAD").strip() + "+dirty"
    assert "+dirty" in production.run("status").stdout


def test_a_release_with_a_file_that_git_does_not_have_is_recorded_as_dirty(
    museum: Project, production: Project
) -> None:
    museum.write("config/variables/relays.yml", "relays: two\n")

    production.run("import", "--yes")

    assert production.one(LAST).endswith("+dirty")


def test_edits_outside_of_the_tree_make_no_release_dirty(museum: Project, production: Project) -> None:
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")
    museum.write("README.md", "A museum.\n")
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "# ours\n")

    production.run("import", "--yes")

    assert production.one(LAST) == museum.git("rev-parse", "HEAD").strip()


def test_a_release_of_a_revision_is_not_dirty_whatever_lies_on_the_disk(museum: Project, production: Project) -> None:
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")
    _edit(museum, "Ahoy", "All hands")

    production.run("import", "--rev", "HEAD", "--yes")

    assert production.one(LAST) == museum.git("rev-parse", "HEAD").strip()
    assert production.one("SELECT value FROM variable WHERE name = 'site_slogan'") == 's:4:"Ahoy";'


LOST: Final = [
    pytest.param("DROP TABLE drupalsync_item", id="a table"),
    pytest.param("DROP TABLE drupalsync_release", id="the table of the releases"),
    pytest.param("DROP TABLE drupalsync_step", id="the table of the steps"),
    pytest.param("DELETE FROM drupalsync_meta", id="the rows that say what it is"),
    pytest.param("DELETE FROM drupalsync_meta WHERE name = 'format'", id="the mark that it is whole"),
    pytest.param("DELETE FROM drupalsync_meta WHERE name = 'key'", id="its key"),
]


@pytest.mark.parametrize("lose", LOST)
def test_a_ledger_that_lost_a_part_is_none_and_the_first_contact_stops(
    museum: Project, production: Project, lose: str
) -> None:
    production.click(_slogan("Mind the tide"))
    production.click(lose)

    with untouched(museum, production):
        said = production.run("import", "--prune", "--yes", exits=3)

    assert "first contact" in said.stdout


@pytest.mark.parametrize("lose", LOST)
def test_a_ledger_that_lost_a_part_is_made_anew(museum: Project, production: Project, lose: str) -> None:
    production.click(_slogan("Mind the tide"))
    production.click(lose)

    production.run("import", "--adopt", "--yes")

    assert production.one("SELECT value FROM variable WHERE name = 'site_slogan'") == 's:22:"900 years by the water";'
    with untouched(museum, production):
        assert production.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")


@pytest.mark.parametrize(
    ("refused", "address"),
    [
        ("UPDATE ON variable WHEN new.name = 'site_slogan'", "variable:site_slogan"),
        ("UPDATE ON block_custom WHEN new.info = 'Footer notice'", "block:custom/footer-notice"),
        ("INSERT ON menu_links WHEN new.link_title = 'Jobs'", "menu_link:menu-footer/jobs"),
        ("DELETE ON menu_links WHEN old.link_title = 'Contact'", "menu_link:menu-footer/contact"),
    ],
    ids=["an update", "an update of another kind", "an insert", "a delete"],
)
def test_a_write_that_the_database_refuses_names_its_item(
    museum: Project, production: Project, refused: str, address: str
) -> None:
    museum.click(_slogan("Ahoy"))
    museum.click("UPDATE block_custom SET body = 'Closed.' WHERE info = 'Footer notice'")
    museum.click("DELETE FROM menu_links WHERE link_title = 'Contact' AND menu_name = 'menu-footer'")
    museum.click(
        "INSERT INTO menu_links (menu_name, plid, link_path, router_path, link_title, options, module, depth, mlid, p1) "
        "VALUES ('menu-footer', 0, 'search', 'search', 'Jobs', 'a:0:{}', 'menu', 1, 99, 99)"
    )
    museum.run("export", "--commit")
    production.click(f"CREATE TRIGGER refuse BEFORE {refused} BEGIN SELECT raise(ABORT, 'the disk says no'); END")

    with untouched(museum, production):
        said = production.run("import", "--prune", "--yes", exits=1)

    assert "the disk says no" in said.stderr
    assert f"where: {address} (" in said.stderr
