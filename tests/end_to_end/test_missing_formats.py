"""Texts whose format is gone: none is made new, but what a site has shown nothing of may come back as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

TERM: Final = "SELECT name, description, format FROM taxonomy_term_data WHERE name = 'Cranes'"
WITHOUT: Final = (
    "INSERT INTO taxonomy_term_data (tid, vid, name, description, format) VALUES (90, 1, 'Cranes', 'Big.', 'gone')"
)


@pytest.fixture
def cranes(museum: Project, production: Project) -> Project:
    """Production with a term whose text has a format that is gone, as dev has it."""
    for site in (museum, production):
        site.click(WITHOUT)
        site.click("INSERT INTO taxonomy_term_hierarchy (tid, parent) VALUES (90, 0)")
    museum.run("export", "--commit")
    production.run("import", "--adopt", "--yes")
    return production


def test_what_somebody_deleted_comes_back_as_it_was(cranes: Project) -> None:
    before = cranes.rows(TERM)
    cranes.click("DELETE FROM taxonomy_term_data WHERE tid = 90")
    cranes.click("DELETE FROM taxonomy_term_hierarchy WHERE tid = 90")

    said = cranes.run("import", "--yes", "--on-drift", "overwrite")

    assert "Cranes as before, though text_format:gone is neither in the tree nor on this site" in said.stdout
    assert cranes.rows(TERM) == before


def test_another_change_of_such_an_item_is_made(museum: Project, cranes: Project) -> None:
    museum.click("UPDATE taxonomy_term_data SET weight = 7 WHERE tid = 90")
    museum.run("export", "--commit")

    cranes.run("import", "--yes")

    assert cranes.one("SELECT weight FROM taxonomy_term_data WHERE tid = 90") == 7


def test_a_new_one_is_refused(museum: Project, production: Project) -> None:
    museum.click(WITHOUT)
    museum.click("INSERT INTO taxonomy_term_hierarchy (tid, parent) VALUES (90, 0)")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "text_format:gone is neither in the tree nor on this site" in said.stderr
