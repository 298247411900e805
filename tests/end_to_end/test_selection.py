"""What a run is about: a selector that finds nothing is a mistake, and no half of a thing is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

YOUR_VISIT: Final = "menu_link:main-menu/your-visit"
NOTHING: Final = [
    pytest.param("variable:site_nmae", "did you mean variable:site_name?", id="a typo in a name"),
    pytest.param("variable:zzz_*", "drupalsync status shows what there is", id="a glob over nothing"),
    pytest.param("block:custom/footer", "did you mean block:custom/footer-notice?", id="half a key"),
    pytest.param("variabel:site_name", "did you mean variable?", id="a kind that there is not"),
]
COMMANDS: Final = [
    ["import", "--dry-run"],
    ["import", "--yes"],
    ["diff"],
    ["export"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("selector", "mend"), NOTHING)
def test_a_selector_that_finds_nothing_is_a_mistake(
    museum: Project, production: Project, selector: str, mend: str, command: list[str]
) -> None:
    museum.click("UPDATE variable SET value = 's:4:\"Ahoy\";' WHERE name = 'site_slogan'")

    with untouched(museum, production):
        said = production.run(*command, selector, exits=64)

    assert selector in said.stderr
    assert mend in said.stderr


def test_one_selector_that_finds_nothing_stops_those_that_find_something(production: Project) -> None:
    with untouched(production):
        said = production.run("import", "variable", "menu:foter", "--yes", exits=64)

    assert "nothing is called menu:foter" in said.stderr


def test_a_selector_finds_what_only_the_site_has(museum: Project, production: Project) -> None:
    production.click("INSERT INTO variable (name, value) VALUES ('relays', 's:3:\"two\";')")

    with untouched(museum, production):
        production.run("import", "variable:relays", "--yes")


@pytest.mark.parametrize("entry", ["exclude: ['varable:site_name']", "ignore: [{item: 'varable:site_name'}]"])
def test_an_exclude_of_a_kind_that_there_is_not_is_a_mistake(production: Project, entry: str) -> None:
    production.write("drupalsync.yml", production.read("drupalsync.yml") + entry + "\n")

    with untouched(production):
        said = production.run("import", "--yes", exits=64)

    assert "there is no kind 'varable'" in said.stderr
    assert "did you mean variable?" in said.stderr


def _without_your_visit(museum: Project, production: Project) -> None:
    """The parent of two links leaves the tree; on production all three are managed."""
    museum.click("DELETE FROM menu_links WHERE mlid IN (32, 33, 34)")
    museum.run("export", "--commit")
    assert production.one("SELECT count(*) FROM menu_links WHERE link_title = 'Your visit'") == 1


def test_a_parent_is_not_deleted_without_the_managed_ones_below_it(museum: Project, production: Project) -> None:
    _without_your_visit(museum, production)

    with untouched(museum, production):
        said = production.run("import", YOUR_VISIT, "--prune", "--yes", exits=64)

    assert f"hangs below {YOUR_VISIT}" in said.stderr
    assert f"{YOUR_VISIT} '{YOUR_VISIT}/*'" in said.stderr


def test_a_parent_is_deleted_together_with_those_below_it(museum: Project, production: Project) -> None:
    _without_your_visit(museum, production)

    said = production.run("import", YOUR_VISIT, f"{YOUR_VISIT}/*", "--prune", "--yes")

    assert "3 deleted" in said.stdout
    titles = [title for (title,) in production.rows("SELECT link_title FROM menu_links WHERE menu_name = 'main-menu'")]
    assert sorted(titles) == ["About us", "Exhibitions", "Friends", "Home"]


BELOW_ABOUT_US: Final = "menu_link:main-menu/about-us/your-visit"


def _moved(museum: Project) -> None:
    """A parent and its two links move to another place in the tree."""
    museum.click("UPDATE menu_links SET plid = 36 WHERE mlid = 32")
    museum.run("export", "--commit")


@pytest.mark.parametrize(
    "selected",
    [
        [BELOW_ABOUT_US],
        [f"{BELOW_ABOUT_US}*"],
        [f"{BELOW_ABOUT_US}/getting-here"],
        [YOUR_VISIT, "--prune"],
        [f"{YOUR_VISIT}*", "--prune"],
    ],
    ids=" ".join,
)
def test_one_end_of_a_move_is_no_new_item_and_no_delete(
    museum: Project, production: Project, selected: list[str]
) -> None:
    _moved(museum)

    with untouched(museum, production):
        said = production.run("import", *selected, "--yes", exits=64)

    assert f" becomes {BELOW_ABOUT_US}" in said.stderr


def test_a_parent_does_not_move_without_those_below_it(museum: Project, production: Project) -> None:
    _moved(museum)

    with untouched(museum, production):
        said = production.run("import", YOUR_VISIT, BELOW_ABOUT_US, "--yes", exits=64)

    assert f"hangs below {YOUR_VISIT}" in said.stderr


def test_what_moves_is_selected_by_both_its_names(museum: Project, production: Project) -> None:
    _moved(museum)

    said = production.run("import", f"{YOUR_VISIT}*", f"{BELOW_ABOUT_US}*", "--yes")

    assert "3 moved" in said.stdout
    assert production.one("SELECT count(*) FROM menu_links WHERE link_title = 'Your visit' AND depth = 2") == 1


def test_a_menu_is_not_deleted_without_its_managed_links(museum: Project, production: Project) -> None:
    museum.click("DELETE FROM menu_links WHERE menu_name = 'menu-footer'")
    museum.click("DELETE FROM menu_custom WHERE menu_name = 'menu-footer'")
    museum.run("export", "--commit")

    with untouched(museum, production):
        said = production.run("import", "menu:menu-footer", "--prune", "--yes", exits=64)

    assert "menu_link:menu-footer/" in said.stderr
