"""Traps 1 to 10 of the peers' study: menu links."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING, Final

import pytest

from support.clicks import add_link, add_page, mlid, nid
from support.flush import rebuild_menus
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

MAIN: Final = "config/menus/main-menu.yml"
FOOTER: Final = "config/menus/menu-footer.yml"
PRESS: Final = "mailto:press@museum.example"


def test_trap_01_two_links_to_one_path_in_one_menu_stay_two(museum: Project, production: Project) -> None:
    add_link(museum, "main-menu", "Your visit", f"node/{nid(museum, 'Plan your visit')}", weight=7)
    museum.run("export", "--commit")
    production.run("import", "--yes")
    twins = "SELECT mlid, weight FROM menu_links WHERE link_title = 'Your visit' ORDER BY mlid"
    (first, _), (second, weight) = production.rows(twins)
    assert weight == 7
    museum.click("UPDATE menu_links SET weight = 8 WHERE link_title = 'Your visit' AND weight = 7")
    museum.run("export", "--commit")

    production.run("import", "--yes")

    assert production.rows(twins) == [(first, -40), (second, 8)]


def test_trap_01_a_link_that_could_be_either_of_two_is_an_error(museum: Project, production: Project) -> None:
    production.click("DROP TABLE drupalsync_item")  # nobody remembers which row it was
    original, twin = mlid(production, "Press"), add_link(production, "menu-footer", "Press", PRESS, weight=3)
    production.click(f"UPDATE menu_links SET weight = 2 WHERE mlid = {original}")

    with untouched(production):
        said = production.run("import", "--adopt", "--yes", exits=1)

    assert "2 rows of the site look like menu_link:menu-footer/press" in said.stderr
    assert f"local ids {original}, {twin}" in said.stderr


def test_trap_02_titles_in_any_script_or_in_none_get_keys_of_their_own(museum: Project, production: Project) -> None:
    titles = ["日本", "中国", "Новости", "→", "★", "…"]
    for title in titles:
        add_link(museum, "menu-footer", title, "contact")

    museum.run("export", "--commit")

    keys = [line.split("key: ")[1] for line in museum.read(FOOTER).splitlines() if "key: " in line]
    assert len(set(keys)) == len(keys) == 3 + len(titles)
    assert "''" not in keys
    production.run("import", "--yes")
    found = {title for (title,) in production.rows("SELECT link_title FROM menu_links WHERE link_path = 'contact'")}
    assert found.issuperset(titles)


@pytest.mark.parametrize("key", ["imprint/legal", "nowhere/legal"], ids=["deleted by hand", "never there"])
def test_trap_03_a_link_whose_parent_is_missing_never_becomes_a_top_level_one(
    museum: Project, production: Project, key: str
) -> None:
    entry = f"  - {{key: {key}, title: Legal, path: contact}}\n"
    museum.write(FOOTER, museum.read(FOOTER).replace("  - key: imprint\n", f"{entry}  - key: imprint\n"))
    production.click("DELETE FROM menu_links WHERE link_title = 'Imprint'")

    with untouched(production):
        said = production.run("import", "menu_link:*/legal", "--yes", exits=1)

    assert f"menu_link:menu-footer/{key.partition('/')[0]} is neither in the tree nor on this site" in said.stderr


def test_trap_03_a_link_under_a_page_that_no_module_declares_is_refused(museum: Project, production: Project) -> None:
    entry = "  - {key: legal, title: Legal, path: contact, parent: 'system:admin/off'}\n"
    museum.write(FOOTER, museum.read(FOOTER) + entry)

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "hangs from system:admin/off, which this site does not have" in said.stderr


def test_trap_04_a_changed_system_link_outlives_the_next_rebuild_and_has_no_twin(
    museum: Project, production: Project
) -> None:
    museum.click("UPDATE menu_links SET link_title = 'Write', customized = 1 WHERE link_path = 'node/add'")
    museum.run("export", "--commit")

    production.run("import", "--yes")
    rebuild_menus(production)

    assert production.rows("SELECT link_title, module, customized FROM menu_links WHERE link_path = 'node/add'") == [
        ("Write", "system", 1)
    ]
    with untouched(production):
        production.run("import", "--yes")


def test_trap_05_a_link_that_nothing_serves_is_refused_unless_it_is_meant(museum: Project, production: Project) -> None:
    entry = "  - {key: shop, title: Shop, path: shop/tickets}\n"
    museum.write(FOOTER, museum.read(FOOTER) + entry)

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "the next rebuild of the menus would delete the link" in said.stderr
    museum.write(FOOTER, museum.read(FOOTER).replace("shop/tickets}", "shop/tickets, customized: true}"))
    production.run("import", "--yes")
    rebuild_menus(production)
    with untouched(production):
        production.run("import", "--yes")
    assert production.one("SELECT link_title FROM menu_links WHERE link_path = 'shop/tickets'") == "Shop"


def test_trap_06_a_moved_subtree_takes_its_children_along_and_both_menus_are_stale(
    museum: Project, production: Project
) -> None:
    start, footer = museum.read(MAIN).index("  - key: your-visit\n"), museum.read(FOOTER)
    end = museum.read(MAIN).index("  - key: exhibitions\n")
    branch = museum.read(MAIN)[start:end]
    museum.write(MAIN, museum.read(MAIN).replace(branch, ""))
    museum.write(FOOTER, footer + branch)
    museum.write(
        "config/variables/menu.yml",
        museum.read("config/variables/menu.yml").replace("main-menu/your-visit", "menu-footer/your-visit"),
    )
    museum.git("commit", "--quiet", "--all", "--message=Visit goes down")
    ids = {title: mlid(production, title) for title in ("Your visit", "Opening hours")}
    for menu in ("main-menu", "menu-footer", "navigation"):
        production.click(f"INSERT INTO cache_menu (cid, data) VALUES ('links:{menu}:tree', '')")

    production.run("import", "--yes")

    assert {title: mlid(production, title) for title in ids} == ids
    assert production.rows("SELECT menu_name, depth, p1, p2 FROM menu_links WHERE link_title = 'Opening hours'") == [
        ("menu-footer", 2, ids["Your visit"], ids["Opening hours"])
    ]
    assert production.rows("SELECT cid FROM cache_menu WHERE cid LIKE '%:tree'") == [("links:navigation:tree",)]


def test_trap_06_a_move_that_would_push_the_sites_own_links_below_nine_levels_is_refused(
    museum: Project, production: Project
) -> None:
    above = "Getting here"
    for level in range(3, 9):
        add_link(production, "main-menu", f"Level {level}", "contact", under=above)
        above = f"Level {level}"
    tree = museum.read(MAIN)
    own = tree[tree.index("      - key: getting-here\n") : tree.index("  - key: exhibitions\n")]
    deeper = "        children:\n" + indent(own, "    ")
    museum.write(MAIN, tree.replace(own, "").replace("weight: -10\n", f"weight: -10\n{deeper}"))
    production.run("import", "--dry-run")
    add_link(production, "main-menu", "Level 9", "contact", under="Level 8")

    with untouched(production):
        said = production.run("import", "--dry-run", exits=1)

    assert "menu_link:main-menu/your-visit/opening-hours/getting-here would be on level 3" in said.stderr
    assert "with 7 more below it, and Drupal keeps 9" in said.stderr


def test_trap_07_a_hidden_link_and_a_column_of_another_module_travel(museum: Project, production: Project) -> None:
    for site in (museum, production):
        site.click("ALTER TABLE menu_links ADD COLUMN language VARCHAR(12) NOT NULL DEFAULT 'und'")
    museum.click("UPDATE menu_links SET hidden = 1, language = 'de' WHERE link_title = 'Press'")
    museum.run("export", "--commit")

    production.run("import", "--yes")

    assert production.rows("SELECT hidden, language FROM menu_links WHERE link_title = 'Press'") == [(1, "de")]
    assert production.rows("SELECT DISTINCT language FROM menu_links WHERE link_title <> 'Press'") == [("und",)]


def test_trap_07_a_column_that_the_other_site_lacks_is_not_dropped_in_silence(
    museum: Project, production: Project
) -> None:
    museum.click("ALTER TABLE menu_links ADD COLUMN language VARCHAR(12) NOT NULL DEFAULT 'und'")
    museum.click("UPDATE menu_links SET language = 'de' WHERE link_title = 'Press'")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "{menu_links} has no column language on this site" in said.stderr


def test_trap_08_query_and_fragment_lie_in_the_options_and_front_is_external(
    museum: Project, production: Project
) -> None:
    options = {"query": {"day": "sun"}, "fragment": "prices"}
    add_link(museum, "menu-footer", "Sunday", f"node/{nid(museum, 'Plan your visit')}", options=options)
    add_link(museum, "menu-footer", "Start", "<front>")
    museum.run("export", "--commit")
    assert "fragment: prices" in museum.read(FOOTER)

    production.run("import", "--yes")

    visit = nid(production, "Plan your visit")
    assert production.rows(
        "SELECT link_title, link_path, external, options FROM menu_links WHERE link_title IN ('Sunday', 'Start') ORDER BY mlid"
    ) == [
        ("Start", "<front>", 1, "a:0:{}"),
        ("Sunday", f"node/{visit}", 0, 'a:2:{s:5:"query";a:1:{s:3:"day";s:3:"sun";}s:8:"fragment";s:6:"prices";}'),
    ]


@pytest.mark.parametrize("path", ["contact?from=footer", "contact#form"])
def test_trap_08_a_path_with_a_query_or_a_fragment_is_refused(museum: Project, production: Project, path: str) -> None:
    museum.write(FOOTER, museum.read(FOOTER) + f"  - {{key: form, title: Form, path: '{path}'}}\n")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "has a query or a fragment" in said.stderr


def test_trap_09_a_link_to_a_missing_page_takes_none_with_the_same_title(museum: Project, production: Project) -> None:
    add_page(museum, "Night of the museums", type_="article", alias="night/2024")
    add_page(production, "Night of the museums", type_="article", alias="night/2019")
    add_link(museum, "menu-footer", "Night of the museums", f"node/{nid(museum, 'Night of the museums')}")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "node:article/night-2024 is neither in the tree nor on this site" in said.stderr


def test_trap_10_an_export_writes_nothing_to_the_site_and_leaves_out_what_features_marked(
    museum: Project, production: Project
) -> None:
    mark = 'a:1:{s:10:"identifier";s:27:"menu-footer_contact:contact";}'
    contact = "link_path = 'contact' AND module = 'menu'"
    for site in (museum, production):
        site.click(f"UPDATE menu_links SET options = '{mark}' WHERE {contact}")

    with untouched(museum, production):
        museum.run("export")

    assert "identifier" not in museum.read(FOOTER)
    museum.click(f"UPDATE menu_links SET weight = 9 WHERE {contact}")
    museum.run("export", "--commit")
    production.run("import", "--yes")
    assert production.rows(f"SELECT weight, options FROM menu_links WHERE {contact}") == [(9, mark)]
