"""References to a term that somebody moved on one site only, and that the tree leaves out.

They follow it where that is sure, else the import stops.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

LINK: Final = "config/menus/main-menu.yml"


def _term(project: Project, tid: int, name: str, above: int) -> None:
    project.click(f"INSERT INTO taxonomy_term_data (tid, vid, name, description) VALUES ({tid}, 1, '{name}', '')")
    project.click(f"INSERT INTO taxonomy_term_hierarchy (tid, parent) VALUES ({tid}, {above})")


@pytest.fixture
def berlin(tiny: Project) -> Project:
    """A project in which `dev` has Europe/Berlin, a link to it, and a slogan that only looks like a reference."""
    _term(tiny, 50, "Europe", 0)
    _term(tiny, 51, "Berlin", 50)
    tiny.click("UPDATE menu_links SET link_path = 'taxonomy/term/51' WHERE link_title = 'Exhibitions'")
    tiny.click("UPDATE variable SET value = 's:23:\"term:tags/Europe/Berlin\";' WHERE name = 'site_slogan'")
    tiny.exclude("term:*")
    tiny.run("export")
    assert "path: term:tags/Europe/Berlin\n" in tiny.read(LINK)
    return tiny


def test_a_link_follows_a_term_that_got_a_step_more_and_a_text_does_not(berlin: Project) -> None:
    prod = berlin.at("prod")
    _term(prod, 70, "Europe", 0)
    _term(prod, 71, "Germany", 70)
    _term(prod, 72, "Berlin", 71)

    said = prod.run("import", "--adopt", "--yes")

    assert "note: term:tags/Europe/Berlin is term:tags/Europe/Germany/Berlin on this site" in said.stdout
    assert prod.one("SELECT link_path FROM menu_links WHERE link_title = 'Exhibitions'") == "taxonomy/term/72"
    assert prod.one("SELECT value FROM variable WHERE name = 'site_slogan'") == 's:23:"term:tags/Europe/Berlin";'
    with untouched(prod):
        prod.run("import", "--yes")


@pytest.mark.parametrize(
    "steps",
    [["America", "Berlin"], ["Berlin"], ["Europe", "Bonn"]],
    ids=["another parent", "no parent", "another name"],
)
def test_a_term_that_may_be_another_one_is_an_error(berlin: Project, steps: list[str]) -> None:
    prod = berlin.at("prod")
    for number, step in enumerate(steps):
        _term(prod, 70 + number, step, 69 + number if number else 0)

    with untouched(prod):
        said = prod.run("import", "--adopt", "--yes", exits=1)

    assert "term:tags/Europe/Berlin" in said.stderr
