"""Traps 18 to 23, 33 and 35: what the kinds of today refer to, and do not write yet (roles, terms), and who goes with whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.clicks import add_block, add_link, bid, mlid, nid, variable
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

MAIN: Final = "config/menus/main-menu.yml"
FOOTER: Final = "config/menus/menu-footer.yml"


OF_ROLES = ("block_role", "role_permission", "users_roles")


def test_trap_18_a_role_is_found_by_its_name_whatever_its_rid(museum: Project, production: Project) -> None:
    for statement in (
        "UPDATE role SET rid = 1886272 WHERE name = 'editor'",
        "UPDATE role SET rid = 4 WHERE name = 'administrator'",
        *(f"UPDATE {table} SET rid = 1886272 WHERE rid = 4" for table in OF_ROLES),
        *(f"UPDATE {table} SET rid = 4 WHERE rid = 3" for table in OF_ROLES),
        "UPDATE variable SET value = 's:1:\"4\";' WHERE name = 'user_admin_role'",
    ):
        production.click(statement)
    add_block(museum, "For editors", roles=[4])
    museum.run("export", "--commit")

    production.run("import", "--yes")

    delta = bid(production, "For editors")
    assert production.rows(f"SELECT rid FROM block_role WHERE module = 'block' AND delta = '{delta}'") == [(1886272,)]
    assert variable(production, "user_admin_role") == "4"


def test_trap_20_a_block_of_a_module_that_is_off_is_named_and_nothing_is_written(
    museum: Project, production: Project
) -> None:
    museum.exclude("module:search")  # else config/modules.yml stops the import before it looks at any item
    production.click("UPDATE system SET status = 0 WHERE name = 'search'")
    museum.click("UPDATE block SET weight = 9 WHERE module = 'search' AND theme = 'bartik'")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--on-drift", "overwrite", "--yes", exits=1)

    assert "the module search is off on this site, or is not there" in said.stderr


def test_trap_23_the_two_roles_of_core_have_one_name_in_every_language(museum: Project, production: Project) -> None:
    for site in (museum, production):  # where a German site translates "anonymous user", {role} has it in English
        site.click("INSERT INTO languages (language, name, native, enabled) VALUES ('sv', 'Swedish', 'Svenska', 1)")
    add_block(museum, "For guests", roles=[1, 2])
    museum.run("export", "--commit")
    file = museum.read("config/blocks/custom/for-guests.yml")
    assert "roles:\n  - anonymous user\n  - authenticated user\n" in file

    production.run("import", "--yes")

    delta = bid(production, "For guests")
    assert production.rows(f"SELECT rid FROM block_role WHERE delta = '{delta}' ORDER BY rid") == [(1,), (2,)]


@pytest.mark.parametrize("name", ["Editor", " editor", "editor "])
def test_trap_23_a_role_that_is_spelled_otherwise_is_none(museum: Project, production: Project, name: str) -> None:
    notes = "config/blocks/custom/notes-for-editors.yml"
    museum.write(notes, museum.read(notes).replace("- editor\n", f"- '{name}'\n"))

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert f"role:{name} is neither in the tree nor on this site" in said.stderr


def test_trap_33_a_link_that_leaves_a_menu_outlives_the_deletion_of_that_menu(
    museum: Project, production: Project
) -> None:
    press = mlid(production, "Press")
    entry = "  - {key: press, title: Press, path: 'mailto:press@museum.example', weight: 10}\n"
    museum.write(MAIN, museum.read(MAIN) + entry)
    for file in (FOOTER, "config/blocks/menu/menu-footer.yml"):
        (museum.root / file).unlink()
    museum.git("commit", "--quiet", "--all", "--message=No footer any more")

    production.run("import", "--prune", "--yes")

    assert production.rows(f"SELECT menu_name, depth FROM menu_links WHERE mlid = {press}") == [("main-menu", 1)]
    assert production.rows("SELECT title FROM menu_custom WHERE menu_name = 'menu-footer'") == []


def test_trap_33_a_link_that_leads_elsewhere_outlives_the_deletion_of_its_old_page(
    museum: Project, production: Project
) -> None:
    imprint = mlid(production, "Imprint")
    museum.write(FOOTER, museum.read(FOOTER).replace("node:page/imprint", "node:page/about"))
    (museum.root / "config/nodes/page/imprint.yml").unlink()

    production.run("import", "--prune", "--yes")

    about = nid(production, "About us")
    assert production.rows(f"SELECT link_path FROM menu_links WHERE mlid = {imprint}") == [(f"node/{about}",)]
    assert production.rows("SELECT nid FROM node WHERE title = 'Imprint'") == []


def test_trap_35_a_term_is_named_with_all_above_it_so_that_two_of_one_name_are_two(
    museum: Project, production: Project
) -> None:
    for site in (museum, production):
        for tid, name, parent in ((800, "Ships", 0), (801, "Model", 800), (802, "Trains", 0), (803, "Model", 802)):
            own = tid + (50 if site is production else 0)
            above = parent + (50 if site is production and parent else 0)
            site.click(f"INSERT INTO taxonomy_term_data (tid, vid, name, description) VALUES ({own}, 1, '{name}', '')")
            site.click(f"INSERT INTO taxonomy_term_hierarchy (tid, parent) VALUES ({own}, {above})")
    add_link(museum, "main-menu", "Model trains", "taxonomy/term/803")
    museum.run("export", "--commit")
    assert "path: term:tags/Trains/Model\n" in museum.read(MAIN)

    production.run("import", "--yes")

    assert production.one("SELECT link_path FROM menu_links WHERE link_title = 'Model trains'") == "taxonomy/term/853"
