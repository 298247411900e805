"""Somebody renamed on production what the tree knows by its name: it is the same row still, and no new one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

ROLES: Final = "SELECT rid, name FROM role ORDER BY rid"
BLOCKS: Final = "SELECT delta, name FROM block_role JOIN role USING (rid) ORDER BY 1, 2"
RENAMED: Final = "UPDATE role SET name = 'chief editor' WHERE name = 'editor'"
BLOCK: Final = (
    "INSERT INTO block_role (module, delta, rid) SELECT 'search', 'form', rid FROM role WHERE name = 'editor'"
)


@pytest.fixture
def renamed(museum: Project, production: Project) -> Project:
    """Production, where a role with a block of its own has another name since the last release."""
    museum.click(BLOCK)
    museum.run("export", "--commit")
    production.run("import", "--yes")
    production.click(RENAMED)
    return production


def test_it_stops_the_release_and_says_what_it_was(renamed: Project, golden: Check) -> None:
    with untouched(renamed):
        said = renamed.run("import", "--yes", exits=3)

    golden(said.transcript, "end_to_end/a-role-that-somebody-renamed.txt")


def test_overwriting_takes_the_name_back_and_keeps_the_row(museum: Project, renamed: Project) -> None:
    numbers = [rid for rid, _ in renamed.rows(ROLES)]

    renamed.run("import", "--yes", "--on-drift", "overwrite")

    assert [rid for rid, _ in renamed.rows(ROLES)] == numbers
    assert [name for _, name in renamed.rows(ROLES)] == [name for _, name in museum.rows(ROLES)]
    assert ("form", "editor") in renamed.rows(BLOCKS)
    assert renamed.rows(BLOCKS) == museum.rows(BLOCKS)
    with untouched(renamed):
        renamed.run("import", "--yes")


def test_keeping_it_leaves_the_name_and_carries_the_rest_out(museum: Project, renamed: Project) -> None:
    museum.click("UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'")
    museum.run("export", "--commit")

    renamed.run("import", "--yes", "--on-drift", "keep")

    assert "chief editor" in [name for _, name in renamed.rows(ROLES)]
    assert renamed.one("SELECT weight FROM menu_links WHERE link_title = 'Press'") == 5
    renamed.run("import", "--yes", exits=3)


def test_an_export_takes_it(renamed: Project) -> None:
    renamed.run("export", "--commit")

    assert "role: chief editor" in renamed.read("config/roles/chief%20editor.yml")
    assert "chief editor" in renamed.read("config/blocks/search/form.yml")


def test_a_new_row_under_the_old_name_is_no_rename(renamed: Project) -> None:
    renamed.click("INSERT INTO role (name, weight) VALUES ('editor', 9)")

    renamed.run("import", "--yes", "--on-drift", "overwrite")

    assert {"chief editor", "editor"} <= {name for _, name in renamed.rows(ROLES)}
