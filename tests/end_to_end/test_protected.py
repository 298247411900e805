"""What must not be deleted is not, though its declaration went with it; and it can be let go in two releases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

FILE: Final = "config/blocks/custom/footer-notice.yml"
THERE: Final = "SELECT COUNT(*) FROM block_custom WHERE info = 'Footer notice'"


def _delete(project: Project, file: str) -> None:
    project.git("rm", "--quiet", "-f", file)


def test_protection_outlasts_its_declaration(museum: Project, production: Project, golden: Check) -> None:
    museum.write(FILE, museum.read(FILE) + "protect: true\n")
    recorded = production.run("import", "--yes")
    _delete(museum, FILE)

    with untouched(production):
        stopped = production.run("import", "--prune", "--yes", exits=4)

    golden(recorded.transcript + stopped.transcript, "end_to_end/protection-outlasts-its-declaration.txt")


def test_it_is_let_go_in_two_releases(museum: Project, production: Project) -> None:
    unprotected = museum.read(FILE)
    museum.write(FILE, unprotected + "protect: true\n")
    production.run("import", "--yes")
    museum.write(FILE, unprotected)
    production.run("import", "--yes")
    _delete(museum, FILE)

    production.run("import", "--prune", "--yes")

    assert production.one(THERE) == 0


def test_the_manifest_protects_what_has_no_place_for_the_word(museum: Project, production: Project) -> None:
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "protect: ['variable:site_slogan']\n")
    production.run("import", "--yes")
    text = museum.read("config/variables/site.yml")
    museum.write("config/variables/site.yml", "\n".join(line for line in text.split("\n") if "slogan" not in line))
    museum.write("drupalsync.yml", museum.read("drupalsync.yml").replace("protect:", "include:"))

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=4)

    assert "variable:site_slogan" in said.stdout


def test_the_front_page_is_born_protected(museum: Project, production: Project) -> None:
    _delete(museum, "config/nodes/page/welcome.yml")

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=4)

    assert "it is the front page" in said.stdout


def test_an_export_keeps_the_word_in_the_file(museum: Project) -> None:
    museum.write(FILE, museum.read(FILE) + "protect: true\n")
    menu = "config/menus/main-menu.yml"
    museum.write(menu, museum.read(menu).replace("  - key: home\n", "  - key: home\n    protect: true\n"))
    museum.git("commit", "--quiet", "--all", "--message=Protected")
    museum.click("UPDATE block SET weight = 9 WHERE module = 'block'")
    museum.click("UPDATE menu_links SET weight = 9 WHERE link_title = 'Home'")

    museum.run("export", "--commit")

    assert "protect: true\n" in museum.read(FILE)
    assert "    protect: true\n" in museum.read(menu)
    assert "weight: 9" in museum.read(FILE)
    assert "weight: 9" in museum.read(menu)
