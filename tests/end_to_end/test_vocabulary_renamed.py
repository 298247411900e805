"""Somebody gave a vocabulary another machine name on the site: it is one vocabulary still, and no second one is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

RENAMED: Final = "UPDATE taxonomy_vocabulary SET machine_name = 'labels' WHERE machine_name = 'tags'"
TWO_PARENTS: Final = (
    "INSERT INTO taxonomy_term_data (tid, vid, name) SELECT 90, vid, 'Boats' FROM taxonomy_vocabulary",
    "INSERT INTO taxonomy_term_hierarchy SELECT 90, tid FROM taxonomy_term_data WHERE name IN ('Families', 'History')",
)


@pytest.fixture
def renamed(production: Project) -> Project:
    production.click(RENAMED)
    return production


@pytest.mark.parametrize("policy", ["fail", "overwrite"])
def test_it_stops_and_says_what_it_was(renamed: Project, golden: Check, policy: str) -> None:
    with untouched(renamed):
        said = renamed.run("import", "--yes", "--on-drift", policy, exits=1)

    golden(said.transcript, f"end_to_end/a-vocabulary-that-somebody-renamed-{policy}.txt")


def test_keeping_it_leaves_all_as_it_is(renamed: Project) -> None:
    with untouched(renamed):
        said = renamed.run("import", "--yes", "--on-drift", "keep")

    assert "Nothing to do." in said.stdout


def test_terms_that_refer_to_others_tell_of_the_vocabulary(museum: Project, production: Project) -> None:
    for statement in TWO_PARENTS:
        museum.click(statement)
    museum.run("export", "--commit")
    production.run("import", "--yes")
    production.click(RENAMED)

    for policy in ("fail", "overwrite"):
        with untouched(production):
            said = production.run("import", "--yes", "--on-drift", policy, exits=1)
        assert "vocabulary:tags is vocabulary:labels on this site: somebody changed its name there" in said.stderr
        assert said.stderr.count("somebody changed its name") == (2 if policy == "fail" else 1)
        assert "is neither in the tree nor on this site" not in said.stderr


def test_an_export_takes_the_new_name_and_all_is_well(renamed: Project) -> None:
    renamed.run("export", "--commit")
    renamed.run("import", "--yes", "--adopt")

    assert renamed.rows("SELECT machine_name FROM taxonomy_vocabulary") == [("labels",)]
    with untouched(renamed):
        renamed.run("import", "--yes")


def test_the_name_given_back_is_the_other_way_out(renamed: Project) -> None:
    renamed.click("UPDATE taxonomy_vocabulary SET machine_name = 'tags'")
    with untouched(renamed):
        renamed.run("import", "--yes")


def test_one_that_somebody_deleted_is_made_again_beside_another(production: Project) -> None:
    production.click("DELETE FROM taxonomy_vocabulary")
    production.click("INSERT INTO taxonomy_vocabulary (vid, name, machine_name) VALUES (70, 'Labels', 'labels')")

    production.run("import", "--yes", "--on-drift", "overwrite")

    names = production.rows("SELECT machine_name FROM taxonomy_vocabulary ORDER BY machine_name")
    assert names == [("labels",), ("tags",)]
