"""Before something is deleted, the plan says what of the site would go with it, and what it cannot bring back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

BLOCK: Final = "config/blocks/menu/menu-footer.yml"
LINK: Final = (
    "INSERT INTO menu_links (menu_name, plid, link_path, router_path, link_title, options, module, depth) "
    "VALUES ('menu-footer', 0, 'contact', 'contact', '{}', 'a:0:{{}}', 'menu', 1)"
)
COMMENT: Final = (
    "INSERT INTO comment (nid, uid, subject, hostname, created, changed, status, thread, language) "
    "VALUES ({}, 0, 'Well said', '', 1700000000, 1700000000, 1, '01/', 'und')"
)


@pytest.fixture
def without_footer(museum: Project, production: Project) -> Project:
    """Production, with the footer's menu on its way out, and links in it that only production has."""
    museum.click("DELETE FROM menu_links WHERE menu_name = 'menu-footer'")
    museum.click("DELETE FROM menu_links WHERE link_path = 'admin/structure/menu/manage/menu-footer'")
    museum.click("DELETE FROM menu_custom WHERE menu_name = 'menu-footer'")
    museum.click("DELETE FROM block WHERE module = 'menu' AND delta = 'menu-footer'")
    museum.run("export", "--commit")
    for title in ("Tickets", "Jobs"):
        production.click(LINK.format(title))
        production.click("UPDATE menu_links SET p1 = mlid WHERE p1 = 0 AND depth = 1 AND menu_name = 'menu-footer'")
    return production


def test_links_that_only_the_site_has_go_with_their_menu_and_are_named(without_footer: Project) -> None:
    with untouched(without_footer):
        said = without_footer.run("import", "--prune", "--dry-run")

    (note,) = [line for line in said.stdout.splitlines() if line.startswith("note: with the menu menu-footer")]
    assert "2 links" in note
    assert "Tickets" in note
    assert "Jobs" in note
    assert "Imprint" not in note  # that one is in the plan itself


def test_nothing_is_said_of_links_where_the_menu_stays(without_footer: Project) -> None:
    assert "with the menu" not in without_footer.run("import", "--dry-run").stdout


def test_nothing_is_said_where_all_links_of_the_menu_are_in_the_plan(without_footer: Project) -> None:
    without_footer.click("DELETE FROM menu_links WHERE link_title IN ('Tickets', 'Jobs')")

    assert "with the menu" not in without_footer.run("import", "--prune", "--dry-run").stdout


def test_a_block_of_the_menu_that_the_tree_never_had_goes_with_it_and_is_named(without_footer: Project) -> None:
    without_footer.click("DELETE FROM drupalsync_item WHERE item_key = 'menu/menu-footer'")

    said = without_footer.run("import", "--prune", "--dry-run")

    told = "with the menu menu-footer goes its block, which the tree never had: it stands in bartik/footer"
    assert told in said.stdout
    without_footer.run("import", "--prune", "--yes")
    assert without_footer.rows("SELECT bid FROM block WHERE module = 'menu'") == []


def test_nothing_is_said_of_a_block_that_is_nowhere(without_footer: Project) -> None:
    without_footer.click("DELETE FROM drupalsync_item WHERE item_key = 'menu/menu-footer'")
    without_footer.click("UPDATE block SET status = 0, region = '-1' WHERE module = 'menu'")

    assert "its block" not in without_footer.run("import", "--prune", "--dry-run").stdout


def test_a_menu_cannot_go_while_its_blocks_file_stays(museum: Project, production: Project, golden: Check) -> None:
    (museum.root / "config/menus/menu-footer.yml").unlink()

    with untouched(museum, production):
        said = production.run("import", "--prune", "--yes", exits=4)
        assert production.run("import", "--prune", "--dry-run", exits=4).stdout == said.stdout

    golden(said.transcript, "end_to_end/a-menu-that-goes-without-its-block.txt")
    (museum.root / BLOCK).unlink()
    production.run("import", "--prune", "--yes")
    assert production.rows("SELECT delta FROM block WHERE module = 'menu'") == []


def test_a_menu_cannot_go_while_the_tree_links_to_its_page(museum: Project, production: Project) -> None:
    (museum.root / "config/menus/menu-footer.yml").unlink()
    (museum.root / BLOCK).unlink()
    link = "  - {key: edit, title: Edit, path: admin/structure/menu/manage/menu-footer}\n"
    museum.write("config/menus/main-menu.yml", museum.read("config/menus/main-menu.yml") + link)

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=1)

    assert "menu_link:main-menu/edit cannot stay where its menu goes" in said.stderr


def test_one_of_drupals_own_menus_cannot_go_and_a_dry_run_says_so(museum: Project, production: Project) -> None:
    (museum.root / "config/menus/main-menu.yml").unlink()
    menu = "config/variables/menu.yml"
    museum.write(menu, museum.read(menu).replace("menu_link:main-menu/your-visit", "'main-menu:0'"))

    with untouched(production):
        said = production.run("import", "--prune", "--dry-run", exits=1)

    assert "the menu main-menu is Drupal's own: it cannot be deleted" in said.stderr
    assert "put its file back" in said.stderr


@pytest.fixture
def without_imprint(museum: Project, production: Project) -> Project:
    """Production, with the imprint on its way out, and its number in `{imprint}`."""
    (nid,) = {nid for (nid,) in museum.rows("SELECT nid FROM node WHERE title = 'Imprint'")}
    for table, column in (("node", "nid"), ("node_revision", "nid"), ("field_data_body", "entity_id")):
        museum.click(f"DELETE FROM {table} WHERE {column} = {nid}")
    museum.click(f"DELETE FROM url_alias WHERE source = 'node/{nid}'")
    museum.click(f"DELETE FROM menu_links WHERE link_path = 'node/{nid}'")
    museum.run("export", "--commit")
    return production


def test_the_comments_that_go_with_a_page_are_counted(without_imprint: Project) -> None:
    (nid,) = (nid for (nid,) in without_imprint.rows("SELECT nid FROM node WHERE title = 'Imprint'"))
    for _ in range(3):
        without_imprint.click(COMMENT.format(nid))

    with untouched(without_imprint):
        said = without_imprint.run("import", "--prune", "--dry-run")

    assert "with node:page/imprint goes what its readers wrote: 3 comments" in said.stdout


def test_comments_on_other_pages_are_not(without_imprint: Project) -> None:
    without_imprint.click(COMMENT.format(without_imprint.one("SELECT nid FROM node WHERE title = 'Welcome'")))

    assert "readers wrote" not in without_imprint.run("import", "--prune", "--dry-run").stdout


@pytest.fixture
def without_volunteers(museum: Project, production: Project) -> Project:
    """Production, with a role on its way out, which somebody there has made a block of everybody's visible to alone."""
    museum.click("INSERT INTO role (rid, name, weight) VALUES (7, 'volunteer', 7)")
    museum.run("export", "--commit")
    production.run("import", "--yes")
    production.click("INSERT INTO block_role SELECT 'block', '2', rid FROM role WHERE name = 'volunteer'")
    (museum.root / "config/roles/volunteer.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=No volunteers")
    return production


@pytest.mark.parametrize(
    ("options", "manifest"),
    [
        pytest.param(["role:volunteer"], "", id="the run is not about the block"),
        pytest.param(["--on-drift", "keep"], "", id="what somebody did stays"),
        pytest.param([], "ignore:\n  - {item: 'block:*', field: roles}\n", id="the field is ignored"),
        pytest.param([], "exclude: ['block:*']\n", id="blocks are excluded"),
    ],
)
def test_trap_13_a_block_whose_roles_are_not_written_is_not_made_everybodys(
    without_volunteers: Project, options: list[str], manifest: str
) -> None:
    without_volunteers.write("drupalsync.yml", without_volunteers.read("drupalsync.yml") + manifest)

    with untouched(without_volunteers):
        said = without_volunteers.run("import", "--prune", "--yes", *options, exits=1)

    assert "role:volunteer cannot be deleted: the block custom/footer-notice is for it" in said.stderr


def test_trap_13_a_block_that_the_import_makes_everybodys_holds_no_role(without_volunteers: Project) -> None:
    without_volunteers.run("import", "--prune", "--yes", "--on-drift", "overwrite")

    assert without_volunteers.rows("SELECT delta FROM block_role WHERE delta = '2'") == []
    assert without_volunteers.rows("SELECT rid FROM role WHERE name = 'volunteer'") == []
