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


def test_keeping_it_does_not_lose_what_the_tree_changed_of_it(museum: Project, renamed: Project) -> None:
    museum.click("UPDATE role SET weight = 9 WHERE name = 'editor'")
    museum.run("export", "--commit")

    with untouched(renamed):
        said = renamed.run("import", "--yes", "--on-drift", "keep", exits=3)

    assert "STOPPED by 1 conflict" in said.stdout


@pytest.mark.parametrize("selector", ["role:editor", "role:chief*"])
def test_half_of_it_is_no_selection(renamed: Project, selector: str) -> None:
    with untouched(renamed):
        said = renamed.run("import", "--yes", "--on-drift", "overwrite", selector, exits=64)

    assert "role:editor is called chief editor on this site since somebody renamed it" in said.stderr
    assert "select both: 'role:editor' 'role:chief editor'" in said.stderr


def test_a_rename_in_the_tree_of_what_somebody_renamed_stops(museum: Project, renamed: Project) -> None:
    museum.click("UPDATE role SET name = 'author' WHERE name = 'editor'")
    museum.run("export", "--commit")
    museum.write("config/moved.yml", "moved:\n  - {from: 'role:editor', to: 'role:author'}\n")
    museum.git("add", "--all")
    museum.git("commit", "--quiet", "--message=Authors")

    with untouched(renamed):
        renamed.run("import", "--yes", exits=3)
    renamed.run("import", "--yes", "--on-drift", "overwrite")

    assert renamed.rows(ROLES) == museum.rows(ROLES)
    with untouched(renamed):
        renamed.run("import", "--yes")


def test_names_that_were_swapped_are_told_and_nobody_gets_the_other_s_rights(museum: Project, renamed: Project) -> None:
    renamed.click("INSERT INTO role (name, weight) VALUES ('guide', 9)")
    renamed.click("UPDATE role SET name = 'editor' WHERE name = 'chief editor'")
    renamed.run("export", "--commit")
    renamed.run("import", "--yes", "--adopt")
    for old, new in (("editor", "tmp"), ("guide", "editor")):
        renamed.click(f"UPDATE role SET name = '{new}' WHERE name = '{old}'")

    with untouched(renamed):
        said = renamed.run("import", "--yes", "--on-drift", "overwrite", exits=1)

    assert "what drupalsync left as role:editor is called tmp on this site, and role:guide has its name" in said.stderr


def test_verify_says_what_it_is_called(renamed: Project) -> None:
    said = renamed.run("verify", exits=3)

    assert "role:editor → chief editor" in said.stdout
    assert "block:" not in said.stdout


def test_an_export_takes_it(renamed: Project) -> None:
    renamed.run("export", "--commit")

    assert "role: chief editor" in renamed.read("config/roles/chief%20editor.yml")
    assert "chief editor" in renamed.read("config/blocks/search/form.yml")


def test_a_new_row_under_the_old_name_is_no_rename(renamed: Project) -> None:
    renamed.click("INSERT INTO role (name, weight) VALUES ('editor', 9)")

    renamed.run("import", "--yes", "--on-drift", "overwrite")

    assert {"chief editor", "editor"} <= {name for _, name in renamed.rows(ROLES)}
