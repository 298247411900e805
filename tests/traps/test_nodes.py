"""Traps 36 and 38 to 42 of the peers' study: text formats that are missing, and nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.clicks import add_block, add_page, nid, variable
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

ABOUT: Final = "config/nodes/page/about.yml"
NOTICE: Final = "config/blocks/custom/footer-notice.yml"


def _format(project: Project, file: str, name: str) -> None:
    project.write(file, project.read(file).replace("format: full_html", f"format: {name}"))


@pytest.mark.parametrize("file", [ABOUT, NOTICE], ids=["a node", "a block"])
def test_trap_36_a_missing_text_format_is_an_error_and_no_empty_page(
    museum: Project, production: Project, file: str
) -> None:
    _format(museum, file, "rich_html")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "text_format:rich_html is neither in the tree nor on this site" in said.stderr


@pytest.mark.parametrize("file", [ABOUT, NOTICE], ids=["a node", "a block"])
def test_trap_36_a_text_format_that_is_switched_off_shows_nothing_either(
    museum: Project, production: Project, file: str
) -> None:
    museum.exclude("text_format:*")
    production.click("UPDATE filter_format SET status = 0 WHERE format = 'plain_text'")
    _format(museum, file, "plain_text")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "the text format plain_text is switched off on this site: Drupal would show nothing" in said.stderr


@pytest.mark.parametrize("file", [ABOUT, NOTICE], ids=["a node", "a block"])
def test_trap_36_what_has_such_a_format_already_can_still_be_changed(
    museum: Project, production: Project, file: str
) -> None:
    museum.exclude("text_format:*")
    production.click("UPDATE filter_format SET status = 0 WHERE format = 'full_html'")
    museum.write(file, museum.read(file).replace("title: ", "title: The ").replace("The <none>", "The notice"))

    production.run("import", "--yes")


def test_trap_36_a_text_without_a_format_stays_without_one(museum: Project, production: Project) -> None:
    add_block(museum, "Plain", format_=None)
    museum.run("export", "--commit")

    production.run("import", "--yes")

    assert production.rows("SELECT format FROM block_custom WHERE info = 'Plain'") == [(None,)]


@pytest.mark.parametrize("gone", ["DELETE FROM filter_format", "UPDATE filter_format SET status = 0"])
def test_trap_36_the_fallback_format_must_be_there_and_on(museum: Project, production: Project, gone: str) -> None:
    museum.exclude("text_format:*")
    museum.click("UPDATE variable SET value = 's:13:\"filtered_html\";' WHERE name = 'filter_fallback_format'")
    museum.run("export", "--commit")
    production.click(f"{gone} WHERE format = 'filtered_html'")

    with untouched(production):
        production.run("import", "--yes", exits=1)

    assert variable(production, "filter_fallback_format") == "plain_text"


def test_trap_38_an_unknown_author_is_an_error_and_not_the_anonymous_user(museum: Project, production: Project) -> None:
    production.click("UPDATE users SET name = 'anna-maria' WHERE name = 'anna'")
    add_page(museum, "Volunteers")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "node:page/volunteers", "--yes", exits=1)

    assert "user:anna is neither in the tree nor on this site (did you mean" not in said.stderr
    assert "user:anna is neither in the tree nor on this site" in said.stderr


def test_trap_38_the_author_is_found_by_name_whatever_the_uid(museum: Project, production: Project) -> None:
    production.click("UPDATE users SET uid = 4711 WHERE name = 'anna'")
    production.click("UPDATE node SET uid = 4711 WHERE uid = 2")
    add_page(museum, "Volunteers")
    museum.run("export", "--commit")

    production.run("import", "--yes")

    assert production.one("SELECT uid FROM node WHERE title = 'Volunteers'") == 4711


def test_trap_39_a_run_without_a_difference_makes_no_revision(museum: Project, production: Project) -> None:
    about = nid(production, "About us")
    revisions = f"SELECT vid FROM node_revision WHERE nid = {about} ORDER BY vid"
    before = production.rows(revisions)
    museum.write(ABOUT, museum.read(ABOUT).replace("  - about\n", "  - about-the-museum\n"))
    production.run("import", "--yes")  # an alias is no part of a revision
    assert production.rows(revisions) == before
    museum.write(ABOUT, museum.read(ABOUT).replace("title: About us", "title: About"))
    production.run("import", "--yes")
    after = production.rows(revisions)
    assert len(after) == len(before) + 1

    with untouched(production):
        production.run("import", "--yes")

    assert production.one(f"SELECT vid FROM node WHERE nid = {about}") == after[-1][0]
    assert production.one(f"SELECT title FROM node_revision WHERE vid = {before[-1][0]}") == "About us"


@pytest.mark.parametrize(("word", "state"), [("false", 0), ("true", 1)])
def test_trap_40_whether_pathauto_may_replace_an_alias_travels_with_it(
    museum: Project, production: Project, word: str, state: int
) -> None:
    for site in (museum, production):
        site.click("CREATE TABLE pathauto_state (entity_type VARCHAR(32), entity_id INT, pathauto INT)")
    museum.click(f"INSERT INTO pathauto_state VALUES ('node', {nid(museum, 'About us')}, {state})")
    museum.run("export", "--commit")
    assert f"pathauto: {word}\n" in museum.read(ABOUT)

    production.run("import", "--yes")

    assert production.rows("SELECT * FROM pathauto_state") == [("node", nid(production, "About us"), state)]


def test_trap_40_another_alias_on_the_other_site_does_not_make_another_page(
    museum: Project, production: Project
) -> None:
    about = nid(production, "About us")
    production.click("DROP TABLE drupalsync_item")  # nobody remembers which row it was
    production.click(f"UPDATE url_alias SET alias = 'content/about-us-0' WHERE source = 'node/{about}'")

    stopped = production.run("import", "--yes", exits=3)
    production.run("import", "--adopt", "--yes")

    assert "+ create" not in stopped.stdout
    assert nid(production, "About us") == about
    assert production.rows(f"SELECT alias FROM url_alias WHERE source = 'node/{about}'") == [("about",)]


def test_trap_40_an_alias_that_leads_elsewhere_on_the_site_is_refused(museum: Project, production: Project) -> None:
    add_page(production, "Our cat", type_="article", alias="volunteers")
    add_page(museum, "Volunteers", alias="volunteers")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert f"the alias volunteers (und) leads to node/{nid(production, 'Our cat')} already" in said.stderr


def test_trap_41_a_node_that_cannot_be_written_stops_all_and_leaves_no_lock(
    museum: Project, production: Project
) -> None:
    for title in ("Volunteers", "Jobs", "Press room"):
        add_page(museum, title)
    museum.run("export", "--commit")
    production.click(
        "CREATE TRIGGER no BEFORE INSERT ON node WHEN new.title = 'Press room' BEGIN SELECT raise(ABORT, 'no'); END"
    )

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "nothing was changed" in said.stderr
    assert "node:page/press-room" in said.stderr
    production.click("DROP TRIGGER no")
    production.run("import", "--yes")
    assert production.one("SELECT COUNT(*) FROM node WHERE title IN ('Volunteers', 'Jobs', 'Press room')") == 3


def _with_uuids(*sites: Project) -> None:
    for site in sites:
        for table, column in (("node", "uuid"), ("node_revision", "vuuid")):
            site.click(f"ALTER TABLE {table} ADD COLUMN {column} CHAR(36) NOT NULL DEFAULT ''")


def test_trap_42_a_node_is_known_by_its_uuid_and_one_without_by_what_it_says(
    museum: Project, production: Project
) -> None:
    _with_uuids(museum, production)
    about = nid(production, "About us")
    for site in (museum, production):
        site.click("UPDATE node SET uuid = 'aaaaaaaa-0000-4000-8000-000000000001' WHERE title = 'About us'")
    production.click("DROP TABLE drupalsync_item")
    production.click(f"UPDATE node SET title = 'Who we are' WHERE nid = {about}")
    production.click(f"UPDATE url_alias SET alias = 'who' WHERE source = 'node/{about}'")
    museum.run("export", "--commit")

    production.run("import", "--adopt", "--yes")

    assert nid(production, "About us") == about
    assert production.one("SELECT COUNT(*) FROM node WHERE type = 'page' AND title = 'Welcome'") == 1
    assert production.one("SELECT COUNT(DISTINCT vuuid) FROM node_revision WHERE vuuid <> ''") == 0


def test_trap_42_other_uuids_on_the_other_site_are_neither_a_difference_nor_another_page(
    museum: Project, production: Project
) -> None:
    _with_uuids(museum, production)
    for number, site in enumerate((museum, production)):
        site.click(f"UPDATE node SET uuid = 'aaaaaaaa-0000-4000-8000-00000000{number}' || (1000 + nid)")
    museum.run("export", "--commit")
    production.run("import", "--yes")
    own = production.rows("SELECT nid, uuid FROM node ORDER BY nid")
    museum.write(ABOUT, museum.read(ABOUT).replace("title: About us", "title: About"))

    said = production.run("import", "--yes")

    assert "0 to create, 1 to update, 0 to move" in said.stdout
    assert production.rows("SELECT nid, uuid FROM node ORDER BY nid") == own
