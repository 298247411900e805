"""What a rollback finds on the site, and what it refuses: edits of every sort, secrets, rules, releases that cannot go."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

import pytest

from support import sql
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

ITEMS: Final = "SELECT kind, item_key, base, release_id, protect FROM drupalsync_item ORDER BY kind, item_key"
SLOGAN: Final = "SELECT value FROM variable WHERE name = 'site_slogan'"
PRESS: Final = "SELECT weight FROM menu_links WHERE link_title = 'Press'"
ODD: Final = "SELECT name, status FROM filter_format WHERE format = 'odd'"
SECRET: Final = "swordfish-1871-swordfish"


def _set(name: str, value: str) -> str:
    return f"UPDATE variable SET value = 's:{len(value)}:\"{value}\";' WHERE name = '{name}'"


def _new(name: str, value: str) -> str:
    return f"INSERT INTO variable (name, value) VALUES ('{name}', 's:{len(value)}:\"{value}\";')"


def release(museum: Project, production: Project, *clicks: str) -> None:
    """Brings what somebody clicked on the developer's site to production."""
    for click in clicks:
        museum.click(click)
    museum.run("export", "--commit")
    production.run("import", "--prune", "--yes")


def test_an_edit_of_what_the_release_left_alone_stays_and_stops_nothing(museum: Project, production: Project) -> None:
    release(museum, production, "UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'", _set("site_name", "New"))
    production.click("UPDATE menu_links SET link_title = 'The Press' WHERE link_title = 'Press'")
    production.click(_set("site_slogan", "By hand"))

    production.run("rollback", "--yes")

    assert production.one("SELECT weight FROM menu_links WHERE link_title = 'The Press'") == 10
    assert production.one(SLOGAN) == 's:7:"By hand";'


def test_what_the_release_deleted_and_somebody_made_again_is_not_overwritten(
    museum: Project, production: Project, golden: Check
) -> None:
    release(museum, production, "DELETE FROM variable WHERE name = 'site_slogan'")
    production.click(_new("site_slogan", "By hand"))

    with untouched(production):
        stopped = production.run("rollback", "--yes", exits=3)

    golden(stopped.transcript, "end_to_end/what-the-release-deleted-and-somebody-made-again.txt")
    production.run("rollback", "--yes", "--on-drift", "keep")
    assert production.one(SLOGAN) == 's:7:"By hand";'
    production.run("rollback", "2", "--dry-run", exits=1)
    production.run("import", "--rev", "HEAD~1", "--dry-run", exits=3)


def test_with_overwrite_it_is_what_it_was(museum: Project, production: Project) -> None:
    before = production.rows(ITEMS)
    release(museum, production, "DELETE FROM variable WHERE name = 'site_slogan'")
    production.click(_new("site_slogan", "By hand"))

    production.run("rollback", "--yes", "--on-drift", "overwrite")

    assert production.one(SLOGAN) == 's:22:"900 years by the water";'
    assert production.rows(ITEMS) == before


def test_what_somebody_made_again_as_it_was_is_taken_for_it(museum: Project, production: Project) -> None:
    before = production.rows(ITEMS)
    release(museum, production, "DELETE FROM variable WHERE name = 'site_slogan'")
    production.click(_new("site_slogan", "900 years by the water"))

    said = production.run("rollback", "--yes")

    assert "1 adopted" in said.stdout
    assert production.rows(ITEMS) == before


def test_what_the_release_changed_and_somebody_deleted_since_stops_it(
    museum: Project, production: Project, golden: Check
) -> None:
    release(museum, production, _set("site_slogan", "Ahoy"))
    production.click("DELETE FROM variable WHERE name = 'site_slogan'")

    with untouched(production):
        stopped = production.run("rollback", "--yes", exits=3)

    golden(stopped.transcript, "end_to_end/what-the-release-changed-and-somebody-deleted-since.txt")
    with untouched(production):
        assert "deleted on the site" in production.run("rollback", "--dry-run", "--on-drift", "keep").stdout
    production.run("rollback", "--yes", "--on-drift", "overwrite")
    assert production.one(SLOGAN) == 's:22:"900 years by the water";'


def test_what_the_release_made_and_somebody_deleted_is_done_already(museum: Project, production: Project) -> None:
    before = production.rows(ITEMS)
    release(museum, production, _new("site_motto", "Ahoy"))
    production.click("DELETE FROM variable WHERE name = 'site_motto'")

    said = production.run("rollback", "--yes")

    assert "Release 3: rolled back release 2: 1 forgotten" in said.stdout
    assert production.rows(ITEMS) == before


def test_what_the_release_made_and_somebody_edited_stays_with_keep(museum: Project, production: Project) -> None:
    before = production.rows(ITEMS)
    release(museum, production, _new("site_motto", "Ahoy"))
    production.click(_set("site_motto", "By hand"))

    with untouched(production):
        production.run("rollback", "--yes", exits=3)
    production.run("rollback", "--yes", "--on-drift", "keep")

    assert production.one("SELECT value FROM variable WHERE name = 'site_motto'") == 's:7:"By hand";'
    assert production.rows(ITEMS) == before


def test_a_moved_link_that_somebody_moved_back_is_left_where_it_is(museum: Project, production: Project) -> None:
    before = production.rows(ITEMS)
    there = "UPDATE menu_links SET menu_name = '{}' WHERE link_title = 'Press'"
    release(museum, production, there.format("main-menu"))
    assert production.one("SELECT menu_name FROM menu_links WHERE link_title = 'Press'") == "main-menu"
    production.click(there.format("menu-footer"))

    production.run("rollback", "--yes")

    assert production.one("SELECT menu_name FROM menu_links WHERE link_title = 'Press'") == "menu-footer"
    assert production.rows(ITEMS) == before


def test_a_moved_link_that_somebody_deleted_does_not_come_back_by_itself(museum: Project, production: Project) -> None:
    release(museum, production, "UPDATE menu_links SET menu_name = 'main-menu' WHERE link_title = 'Press'")
    production.click("DELETE FROM menu_links WHERE link_title = 'Press'")

    with untouched(production):
        stopped = production.run("rollback", "--yes", exits=3)
    assert "deleted on the site since release 2 left it there" in stopped.stdout

    production.run("rollback", "--yes", "--on-drift", "overwrite")
    assert production.one("SELECT menu_name FROM menu_links WHERE link_title = 'Press'") == "menu-footer"


def test_a_release_that_only_took_note_writes_nothing_and_is_forgotten(tiny: Project, golden: Check) -> None:
    tiny.run("export", "--commit")
    prod = tiny.at("prod")
    before = sql.contents(prod.database)
    prod.run("import", "--adopt", "--yes")

    said = prod.run("rollback", "--yes")

    after = sql.contents(prod.database)
    assert {table: after[table] for table in before} == before
    assert prod.rows(ITEMS) == []
    golden(said.transcript, "end_to_end/a-release-that-only-took-note-is-rolled-back.txt")


def test_a_secret_comes_back_and_is_never_shown(museum: Project, production: Project) -> None:
    old = str(production.one("SELECT value FROM variable WHERE name = 'smtp_password'"))
    production.run("import", "--yes", "--on-drift", "overwrite", env={"SMTP_PASSWORD": SECRET})
    assert SECRET in str(production.one("SELECT value FROM variable WHERE name = 'smtp_password'"))

    looked = production.run("rollback", "--dry-run")
    in_json = production.run("rollback", "--dry-run", "--format", "json")
    done = production.run("rollback", "--yes")

    assert production.one("SELECT value FROM variable WHERE name = 'smtp_password'") == old
    assert "variable:smtp_password" in looked.stdout
    for said in (looked, in_json, done):
        assert SECRET not in said.transcript
        assert old.split('"')[1] not in said.transcript


def test_a_secret_that_only_the_tree_called_one_is_not_shown_when_it_comes_back(
    museum: Project, production: Project
) -> None:
    """The site's slogan looks like no secret; the tree took it from the environment, until it left the tree."""
    museum.write("config/variables/site.yml", museum.read("config/variables/site.yml").replace(
        "site_slogan: 900 years by the water", "site_slogan: !env {name: SLOGAN, unset: keep}"
    ))  # fmt: skip
    museum.git("commit", "--all", "--quiet", "--message=From the environment")
    production.run("import", "--yes", env={"SLOGAN": "900 years by the water"})
    museum.write("config/variables/site.yml", "".join(
        line for line in museum.read("config/variables/site.yml").splitlines(keepends=True) if "SLOGAN" not in line
    ))  # fmt: skip
    museum.git("commit", "--all", "--quiet", "--message=Without it")
    production.run("import", "--prune", "--yes")

    said = production.run("rollback", "--yes")

    assert production.one(SLOGAN) == 's:22:"900 years by the water";'
    assert "variable:site_slogan" in said.stdout
    assert "900 years" not in said.transcript


def test_the_tree_is_not_read_it_may_be_broken_or_gone(museum: Project, production: Project) -> None:
    release(museum, production, _set("site_slogan", "Ahoy"))
    museum.write("config/variables/site.yml", "a: [")
    production.run("rollback", "--dry-run")
    shutil.rmtree(museum.root / "config")

    production.run("rollback", "--yes")

    assert production.one(SLOGAN) == 's:22:"900 years by the water";'


def test_what_has_been_excluded_since_is_left_alone_and_told(museum: Project, production: Project) -> None:
    release(museum, production, _set("site_slogan", "Ahoy"), _set("site_name", "New"))
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "exclude: ['variable:site_slogan']\n")

    said = production.run("rollback", "--yes")

    assert "note: variable:site_slogan is excluded by drupalsync.yml since release 2, and stays as it is" in said.stdout
    assert production.one(SLOGAN) == 's:4:"Ahoy";'
    assert production.one("SELECT release_id FROM drupalsync_item WHERE item_key = 'site_slogan'") == 2
    assert production.one("SELECT release_id FROM drupalsync_item WHERE item_key = 'site_name'") == 1


def test_what_no_import_may_delete_stays_and_the_import_had_said_so(museum: Project, production: Project) -> None:
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "modes: {variable: no-delete}\n")
    museum.click(_new("site_motto", "Ahoy"))
    museum.run("export", "--commit")

    imported = production.run("import", "--yes")
    said = production.run("rollback", "--yes")

    assert "Undo: partial: variable:site_motto stays: its mode is no-delete." in imported.stdout
    assert "note: the site keeps 1 item that release 2 made, by their mode: variable:site_motto" in said.stdout
    assert production.one("SELECT value FROM variable WHERE name = 'site_motto'") == 's:4:"Ahoy";'


def test_a_protection_that_came_with_a_release_goes_with_it(museum: Project, production: Project) -> None:
    before = production.rows(ITEMS)
    file = "config/blocks/custom/footer-notice.yml"
    museum.write(file, museum.read(file) + "protect: true\n")
    museum.git("commit", "--all", "--quiet", "--message=Protected")
    production.run("import", "--yes")
    assert production.one("SELECT COUNT(*) FROM drupalsync_item WHERE protect = 1") == 1

    production.run("rollback", "--yes")

    assert production.rows(ITEMS) == before


def test_releases_are_rolled_back_newest_first(museum: Project, production: Project, golden: Check) -> None:
    before = production.rows(ITEMS)
    release(museum, production, _set("site_slogan", "Ahoy"))
    release(museum, production, _set("site_slogan", "Ahoy, captain"))

    with untouched(production):
        refused = production.run("rollback", "2", "--yes", exits=1)

    golden(refused.transcript, "end_to_end/a-release-that-another-went-on-from.txt")
    production.run("rollback", "--yes")
    production.run("rollback", "--yes")
    assert production.rows(ITEMS) == before


def test_a_release_of_other_items_stands_in_nobodys_way(museum: Project, production: Project) -> None:
    release(museum, production, _set("site_slogan", "Ahoy"))
    release(museum, production, _set("site_name", "New"))

    production.run("rollback", "2", "--yes")

    assert production.one(SLOGAN) == 's:22:"900 years by the water";'
    assert production.one("SELECT value FROM variable WHERE name = 'site_name'") == 's:3:"New";'


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        pytest.param(["9"], "there is no release 9 of this site\n  mend:  the last ones are 1, 2", id="a number too high"),
        pytest.param(["0"], "Invalid value", id="no number of a release"),
        pytest.param(["two"], "Invalid value", id="no number at all"),
    ],
)  # fmt: skip
def test_a_release_that_there_is_not_is_an_error(
    museum: Project, production: Project, argv: list[str], said: str
) -> None:
    release(museum, production, _set("site_slogan", "Ahoy"))

    with untouched(production):
        assert said in production.run("rollback", *argv, exits=1 if argv == ["9"] else 64).stderr


def test_where_nothing_was_ever_imported_there_is_nothing_to_roll_back(tiny: Project) -> None:
    with untouched(tiny):
        said = tiny.run("rollback", "--yes", exits=1)

    assert said.stderr.startswith("drupalsync: there is no release to roll back\n")


def test_a_release_of_an_older_drupalsync_says_that_it_cannot_be_rolled_back(
    museum: Project, production: Project
) -> None:
    release(museum, production, _set("site_slogan", "Ahoy"))
    production.click("DROP TABLE drupalsync_image")
    for table, column in (("item", "protect"), ("release", "plan_id"), ("release", "undoes")):
        production.click(f"ALTER TABLE drupalsync_{table} DROP COLUMN {column}")
    production.click("UPDATE drupalsync_meta SET value = '1' WHERE name = 'format'")

    with untouched(production):
        said = production.run("rollback", "--yes", exits=1)

    assert "release 2 cannot be rolled back: it has no before-images" in said.stderr
    assert "an older drupalsync made it" in said.stderr


def test_a_release_that_lost_some_of_its_images_cannot_be_rolled_back(museum: Project, production: Project) -> None:
    release(museum, production, _set("site_slogan", "Ahoy"), _set("site_name", "New"))
    production.click("DELETE FROM drupalsync_image WHERE release_id = 2 AND item_key = 'site_name'")

    with untouched(production):
        said = production.run("rollback", "--yes", exits=1)

    assert "it wrote 2 items, and of 1 it is known what was there before" in said.stderr


def test_without_a_terminal_it_needs_a_yes(museum: Project, production: Project) -> None:
    release(museum, production, _set("site_slogan", "Ahoy"))

    with untouched(production):
        assert "no terminal to ask on" in production.run("rollback", exits=1).stderr


def test_what_the_images_refer_to_and_is_gone_is_an_error_before_anything_is_written(
    museum: Project, production: Project
) -> None:
    release(museum, production, "DELETE FROM menu_links WHERE link_title = 'Imprint'")
    nid = production.one("SELECT nid FROM node WHERE title = 'Imprint'")
    for table in ("node", "node_revision", "url_alias"):
        where = f"source = 'node/{nid}'" if table == "url_alias" else f"nid = {nid}"
        production.click(f"DELETE FROM {table} WHERE {where}")

    with untouched(production):
        said = production.run("rollback", "--yes", exits=1)

    assert "node:page/imprint" in said.stderr


def test_an_array_comes_back_in_its_order_be_it_changed_or_deleted(museum: Project, production: Project) -> None:
    """PHP's arrays have one, though no comparison of ours looks at it."""
    settings, other = "theme_bartik_settings", "theme_seven_settings"
    value = 'a:3:{s:1:"z";i:1;s:1:"a";i:2;s:1:"m";i:3;}'
    for project in (museum, production):
        for name in (settings, other):
            project.click(f"DELETE FROM variable WHERE name = '{name}'")
            project.click(f"INSERT INTO variable (name, value) VALUES ('{name}', '{value}')")
    museum.run("export", "--commit")
    production.run("import", "--yes", "--on-drift", "overwrite")
    shorter = 'a:2:{s:1:"z";i:1;s:1:"m";i:3;}'
    release(
        museum, production, f"UPDATE variable SET value = '{shorter}' WHERE name = '{settings}'",
        f"DELETE FROM variable WHERE name = '{other}'",
    )  # fmt: skip

    production.run("rollback", "--yes")

    for name in (settings, other):
        assert production.one(f"SELECT value FROM variable WHERE name = '{name}'") == value


@pytest.fixture
def without_odd(museum: Project, production: Project) -> Project:
    """Production after a release that switched a text format off."""
    release(museum, production, "INSERT INTO filter_format VALUES ('odd', 'Odd', 1, 1, 9)")
    museum.click("UPDATE filter_format SET status = 0 WHERE format = 'odd'")
    (museum.root / "config/text_formats/odd.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=Nothing odd")
    production.run("import", "--prune", "--yes")
    assert production.rows(ODD) == [("Odd", 0)]
    return production


def test_a_text_format_that_the_release_switched_off_is_on_again(without_odd: Project) -> None:
    without_odd.run("rollback", "--yes")

    assert without_odd.rows(ODD) == [("Odd", 1)]
    without_odd.run("rollback", "4", "--yes")
    assert without_odd.rows(ODD) == [("Odd", 0)]
    without_odd.run("rollback", "5", "--yes")
    assert without_odd.rows(ODD) == [("Odd", 1)]
    without_odd.run("rollback", "2", "--yes")
    assert without_odd.rows(ODD) == [("Odd", 0)]
    without_odd.run("rollback", "7", "--yes")
    assert without_odd.rows(ODD) == [("Odd", 1)]


def test_a_text_format_that_somebody_renamed_since_it_was_switched_off_stops_the_rollback(without_odd: Project) -> None:
    without_odd.click("UPDATE filter_format SET name = 'Odder' WHERE format = 'odd'")

    with untouched(without_odd):
        without_odd.run("rollback", "--yes", exits=3)


def test_a_text_format_that_somebody_switched_on_again_is_left_as_it_is(without_odd: Project) -> None:
    without_odd.click("UPDATE filter_format SET status = 1 WHERE format = 'odd'")

    without_odd.run("rollback", "--yes")

    assert without_odd.rows(ODD) == [("Odd", 1)]
