"""A key that changes: told, it keeps its row; untold, the run stops and says what to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

BID: Final = "SELECT bid FROM block_custom WHERE info LIKE 'Opening%'"
MOVED: Final = "moved:\n  - {from: 'block:custom/opening-times', to: 'block:custom/times'}\n"


@pytest.fixture
def renamed(museum: Project) -> Project:
    """The museum with the file of a block renamed, its key with it, and its name changed."""
    museum.git("mv", "config/blocks/custom/opening-times.yml", "config/blocks/custom/times.yml")
    text = museum.read("config/blocks/custom/times.yml").replace("custom/opening-times", "custom/times")
    museum.write("config/blocks/custom/times.yml", text.replace("info: Opening times", "info: Opening hours"))
    museum.git("commit", "--quiet", "--all", "--message=Another name")
    return museum


def test_a_delete_and_a_create_that_look_alike_stop_with_the_line_to_paste(renamed: Project, golden: Check) -> None:
    production = renamed.at("prod")
    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=3)
    golden(said.transcript, "end_to_end/a-suspected-rename-stops-the-release.txt")


def test_pasted_it_keeps_its_row(renamed: Project, golden: Check) -> None:
    production = renamed.at("prod")
    bid = production.one(BID)
    renamed.write("config/moved.yml", MOVED)

    said = production.run("import", "--prune", "--yes")

    assert production.one(BID) == bid
    golden(said.transcript, "end_to_end/a-rename-that-is-told-keeps-its-row.txt")
    assert production.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")


def test_said_to_be_gone_it_is_deleted_and_the_other_one_made(renamed: Project) -> None:
    production = renamed.at("prod")
    bid = production.one(BID)
    renamed.write("config/moved.yml", "removed: ['block:custom/opening-times']\n")

    said = production.run("import", "--prune", "--yes")

    assert "1 created, 1 deleted" in said.stdout
    assert production.one(BID) != bid


def test_a_variable_gets_another_name(museum: Project) -> None:
    production = museum.at("prod")
    text = museum.read("config/variables/site.yml").replace("site_slogan:", "slogan_of_the_site:")
    museum.write("config/variables/site.yml", text)
    museum.write("config/moved.yml", "moved: [{from: 'variable:site_slogan', to: 'variable:slogan_of_the_site'}]\n")

    production.run("import", "--prune", "--yes")

    assert production.rows("SELECT name FROM variable WHERE name LIKE '%slogan%'") == [("slogan_of_the_site",)]


def test_a_page_gets_another_key_and_every_reference_follows(museum: Project) -> None:
    production = museum.at("prod")
    nid = production.one("SELECT nid FROM node WHERE title = 'About us'")
    for file in [path.relative_to(museum.root) for path in (museum.root / "config").rglob("*.yml")]:
        museum.write(str(file), museum.read(str(file)).replace("page/about", "page/the-museum"))
    museum.write("config/moved.yml", "moved: [{from: 'node:page/about', to: 'node:page/the-museum'}]\n")

    production.run("import", "--prune", "--yes")

    assert production.one("SELECT nid FROM node WHERE title = 'About us'") == nid
    assert production.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("moved: [{from: 'block:custom/x', to: 'block:custom/nowhere'}]\n", "config/moved.yml:1:"),
        ("moved: [{from: 'block:custom/x'}]\n", "config/moved.yml:1:"),
        ("- block:custom/x\n", "and nothing else"),
        ("moved: [\n", "config/moved.yml:2:1"),
    ],
)
def test_a_line_that_matches_nothing_is_an_error_with_its_place(museum: Project, text: str, said: str) -> None:
    museum.write("config/moved.yml", text)
    production = museum.at("prod")
    with untouched(production):
        assert said in production.run("import", "--yes", exits=1).stderr


def test_an_export_leaves_the_file_alone(museum: Project) -> None:
    museum.write("config/moved.yml", "removed: ['block:custom/of-old']\n")
    museum.git("add", "--all")
    museum.git("commit", "--quiet", "--message=The past")
    with untouched(museum):
        museum.run("export", "--commit")


@pytest.mark.parametrize("past", [MOVED, ""])
def test_half_of_a_rename_cannot_be_selected(renamed: Project, past: str) -> None:
    production = renamed.at("prod")
    if past:
        renamed.write("config/moved.yml", past)
    with untouched(production):
        said = production.run("import", "block:custom/times", "--yes", exits=64)
    assert "block:custom/opening-times is not selected" in said.stderr

    if past:
        assert "1 moved" in production.run("import", "block:custom/*", "--prune", "--yes").stdout
