"""What a plan says of its own rollback, and that it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from support.cli import Project

MENU: Final = "INSERT INTO menu_custom (menu_name, title, description) VALUES ('menu-legal', 'Legal', '')"
LINK: Final = (
    "INSERT INTO menu_links (menu_name, plid, link_path, router_path, link_title, options, module, depth, p1, p2) "
    "SELECT menu_name, mlid, '<front>', '', 'Tickets', 'a:0:{}', 'menu', 2, mlid, mlid + 1000 FROM menu_links "
    "WHERE link_title = 'Press'"
)
ACTIVE: Final = "SELECT COUNT(*) FROM variable WHERE name = 'menu_default_active_menus'"


def _undo(said: str) -> str:
    (line,) = [line for line in said.splitlines() if line.startswith("Undo: ")]
    return line


def test_a_menu_leaves_a_variable_behind_where_nobody_had_chosen_the_active_ones(
    museum: Project, production: Project
) -> None:
    assert production.one(ACTIVE) == 0
    museum.click(MENU)
    museum.run("export", "--commit")

    imported = production.run("import", "--yes")
    production.run("rollback", "--yes")

    told = "when the menu menu-legal goes again, Drupal leaves the variable menu_default_active_menus behind"
    assert _undo(imported.stdout) == f"Undo: partial: {told}."
    assert production.one(ACTIVE) == 1


def test_a_link_below_one_that_is_deleted_does_not_come_back_to_its_place(museum: Project, production: Project) -> None:
    museum.click("DELETE FROM menu_links WHERE link_title = 'Press'")
    museum.run("export", "--commit")
    production.click(LINK)

    imported = production.run("import", "--prune", "--yes")
    production.run("rollback", "--yes")

    told = "below menu_link:menu-footer/press is what the tree never had, and it moves up, 1 link: Tickets"
    assert _undo(imported.stdout) == (f"Undo: partial: {told}; menu_link:menu-footer/press comes back under a new id.")
    assert production.rows("SELECT plid FROM menu_links WHERE link_title = 'Tickets'") == [(0,)]


def test_an_update_of_a_page_comes_back_whole_in_a_new_revision(museum: Project, production: Project) -> None:
    museum.click("UPDATE node SET title = 'Our imprint' WHERE title = 'Imprint'")
    museum.click("UPDATE node_revision SET title = 'Our imprint' WHERE title = 'Imprint'")
    museum.run("export", "--commit")

    imported = production.run("import", "--yes")
    production.run("rollback", "--yes")

    assert _undo(imported.stdout) == "Undo: complete."
    nid = production.one("SELECT nid FROM node WHERE title = 'Imprint'")
    assert production.one(f"SELECT COUNT(*) FROM node_revision WHERE nid = {nid}") == 3
