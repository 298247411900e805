"""An alias that goes from a page with a file of its own to another page, or the other way, also in a rollback."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

ALIASES: Final = "SELECT source, language FROM url_alias WHERE alias = 'about'"
NODE: Final = "config/nodes/page/about.yml"


def _to_the_login(museum: Project) -> None:
    text = museum.read(NODE)
    start = text.index("aliases:")
    museum.write(NODE, text[:start] + text[text.index("\n", text.index("about", start)) + 1 :])
    museum.write("config/url_aliases/about.yml", "url_alias: und/about\nsource: user/login\n")
    museum.git("add", "--all")
    museum.git("commit", "--quiet", "--message=The alias moves")


def test_it_moves_there_and_back(museum: Project, production: Project) -> None:
    before = production.rows(ALIASES)
    _to_the_login(museum)

    production.run("import", "--yes")

    assert production.rows(ALIASES) == [("user/login", "und")]
    production.run("rollback", "--yes")
    assert production.rows(ALIASES) == before
    production.run("import", "--yes")
    museum.git("revert", "--no-edit", "HEAD")
    production.run("import", "--prune", "--yes")
    assert production.rows(ALIASES) == before
    with untouched(production):
        production.run("import", "--yes")
