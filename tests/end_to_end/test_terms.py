"""Vocabularies in a release: what content has of them is never lost, and nothing is written that did not change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from support.sites import SqliteSite, own
from support.untouched import untouched

if TYPE_CHECKING:
    from pathlib import Path

    from support.cli import Project
    from support.golden import Check

TAGS: Final = "config/vocabularies/tags.yml"
HARBOUR: Final = (
    "INSERT INTO taxonomy_term_data (tid, vid, name, description) VALUES ({tid}, 1, 'Harbour', '')",
    "INSERT INTO taxonomy_term_hierarchy VALUES ({tid}, (SELECT tid FROM taxonomy_term_data WHERE name = 'History'))",
)
MOVED: Final = "moved:\n  - {from: 'term:tags/History', to: 'term:tags/Past'}\n"
SHIPS: Final = """\
  - name: Ships
    description: '<a href="/node:page/tides">When they sail</a>'
    format: filtered_html
    children:
      - Tugs
"""
TIDES: Final = """\
node: page/tides
title: Tides
author: anna
created: '2011-12-06T09:00:00Z'
aliases: [tides]
fields:
  body: {value: '<a href="/term:tags/Ships/Tugs">tugs</a>', summary: '', format: filtered_html}
"""


def add_harbour(project: Project, tid: int) -> None:
    for statement in HARBOUR:
        project.click(statement.format(tid=tid))


def site_of(project: Project) -> SqliteSite:
    from pathlib import Path

    return SqliteSite(Path(project.database.removeprefix("sqlite:///")))


@pytest.fixture
def nested(museum: Project, production: Project) -> Project:
    """The museum with articles in the tree, and Harbour below History on both sites, under other ids."""
    museum.write(
        "drupalsync.yml", museum.read("drupalsync.yml").replace("{type: page}", "{type: page}\n  - {type: article}")
    )
    add_harbour(museum, 50)
    add_harbour(production, 70)
    for site, tid in ((museum, 50), (production, 70)):
        nid = site.one("SELECT nid FROM node WHERE title = 'Knots for beginners'")
        for table in ("field_data_field_tags", "field_revision_field_tags"):
            site.click(f"UPDATE {table} SET field_tags_tid = {tid} WHERE entity_id = {nid}")
    museum.run("export", "--commit")
    production.run("import", "--adopt", "--yes")
    return museum


def rows(project: Project) -> list[Any]:
    return project.rows("SELECT nid, vid, changed FROM node ORDER BY nid")


def test_a_term_that_is_renamed_takes_what_stands_below_it_along_and_no_node_changes(
    nested: Project, golden: Check
) -> None:
    production = nested.at("prod")
    before = rows(production)
    nested.click("UPDATE taxonomy_term_data SET name = 'Past' WHERE name = 'History'")
    nested.run("export")
    nested.write("config/moved.yml", MOVED)
    nested.git("add", "--all")
    nested.git("commit", "--quiet", "--message=Another name")

    said = production.run("import", "--prune", "--yes")

    golden(said.transcript, "end_to_end/a-term-that-is-renamed.txt")
    assert rows(production) == before
    assert production.one("SELECT name FROM taxonomy_term_data WHERE tid = 2") == "Past"
    assert production.one("SELECT parent FROM taxonomy_term_hierarchy WHERE tid = 70") == 2
    assert production.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")


def test_terms_and_nodes_that_name_each_other_come_in_one_release(museum: Project, production: Project) -> None:
    museum.write(TAGS, museum.read(TAGS) + SHIPS)
    museum.write("config/nodes/page/tides.yml", TIDES)
    museum.git("add", "--all")
    museum.git("commit", "--quiet", "--message=Ships")

    production.run("import", "--yes")

    nid = production.one("SELECT nid FROM node WHERE title = 'Tides'")
    tid = production.one("SELECT tid FROM taxonomy_term_data WHERE name = 'Tugs'")
    described = production.one("SELECT description FROM taxonomy_term_data WHERE name = 'Ships'")
    assert described == f'<a href="/node/{nid}">When they sail</a>'
    body = production.one(f"SELECT body_value FROM field_data_body WHERE entity_type = 'node' AND entity_id = {nid}")
    assert body == f'<a href="/taxonomy/term/{tid}">tugs</a>'
    assert production.one("SELECT hierarchy FROM taxonomy_vocabulary") == 1
    with untouched(production):
        assert production.run("import", "--yes").stdout.endswith("Nothing to do.\n")


def test_what_a_form_makes_of_the_hierarchy_is_no_drift(nested: Project) -> None:
    production = nested.at("prod")
    nested.click("UPDATE variable SET value = 's:1:\"x\";' WHERE name = 'site_slogan'")
    nested.run("export", "--commit")
    production.click("UPDATE taxonomy_vocabulary SET hierarchy = 2")

    production.run("import", "--yes")

    assert production.one("SELECT hierarchy FROM taxonomy_vocabulary") == 2


def test_a_term_goes_only_without_those_that_the_site_has_below_it(nested: Project, golden: Check) -> None:
    production = nested.at("prod")
    production.click("INSERT INTO taxonomy_term_data (tid, vid, name, description) VALUES (90, 1, 'Crane', '')")
    production.click("INSERT INTO taxonomy_term_hierarchy VALUES (90, 70)")
    for table in ("field_data_field_tags", "field_revision_field_tags"):
        nested.click(f"DELETE FROM {table} WHERE field_tags_tid = 50")
    nested.click("DELETE FROM taxonomy_term_data WHERE tid = 50")
    nested.click("DELETE FROM taxonomy_term_hierarchy WHERE tid = 50")
    nested.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=1)

    golden(said.transcript, "end_to_end/a-term-with-others-below-it.txt")


def test_a_release_of_terms_is_taken_back_to_the_row(nested: Project, tmp_path: Path) -> None:
    production = nested.at("prod")
    nested.write(TAGS, nested.read(TAGS) + SHIPS.replace("page/tides", "page/about"))
    text = nested.read(TAGS).replace(
        "  - name: Families\n", "  - name: Families\n    weight: 5\n    aliases: [families]\n"
    )
    nested.write(TAGS, text)
    nested.git("commit", "--quiet", "--all", "--message=Ships")
    before = own(site_of(production).state())

    production.run("import", "--yes")
    assert own(site_of(production).state()) != before
    production.run("rollback", "--yes")

    after = own(site_of(production).state())
    assert {table for table in before if before[table] != after[table]} <= {"sqlite_sequence", "variable"}
    del tmp_path


def test_a_term_is_not_exported_without_the_one_above_it(nested: Project, golden: Check) -> None:
    nested.git("rm", "--quiet", TAGS)
    nested.exclude("term:tags/History")
    said = nested.run("export", exits=1)
    golden(said.transcript, "end_to_end/a-term-without-the-one-above-it.txt")


def test_where_people_log_in_may_have_an_alias(museum: Project, production: Project) -> None:
    museum.click("INSERT INTO url_alias (source, alias, language) VALUES ('user/login', 'login', 'und')")
    museum.run("export", "--commit")
    assert museum.read("config/url_aliases/und%2Flogin.yml") == "url_alias: und/login\nsource: user/login\n"

    production.run("import", "--yes")

    assert production.rows("SELECT source, language FROM url_alias WHERE alias = 'login'") == [("user/login", "und")]


def test_a_term_that_moves_away_outlives_the_one_that_it_stood_under(nested: Project) -> None:
    production = nested.at("prod")
    families = nested.one("SELECT tid FROM taxonomy_term_data WHERE name = 'Families'")
    nested.click(f"UPDATE taxonomy_term_hierarchy SET parent = {families} WHERE tid = 50")
    history = nested.one("SELECT tid FROM taxonomy_term_data WHERE name = 'History'")
    for table in ("taxonomy_term_data", "taxonomy_term_hierarchy"):
        nested.click(f"DELETE FROM {table} WHERE tid = {history}")
    for table in ("field_data_field_tags", "field_revision_field_tags"):
        nested.click(f"DELETE FROM {table} WHERE field_tags_tid = {history}")
    nested.run("export", "--commit")

    production.run("import", "--prune", "--yes", "--allow-changes", "20")

    here = production.one("SELECT tid FROM taxonomy_term_data WHERE name = 'Families'")
    assert production.one("SELECT parent FROM taxonomy_term_hierarchy WHERE tid = 70") == here
    assert production.rows("SELECT tid FROM taxonomy_term_data WHERE name = 'History'") == []
    knots = production.one("SELECT nid FROM node WHERE title = 'Knots for beginners'")
    assert production.one(f"SELECT field_tags_tid FROM field_data_field_tags WHERE entity_id = {knots}") == 70
    assert production.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")
