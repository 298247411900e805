"""Which link is which: as remembered, else by where it hangs and what it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from drupalsync.kinds.identity import AmbiguousMatch
from drupalsync.site import Site
from support.menus import Remembered, add, changed, context, link, links
from support.menus import make_site as make


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make(tmp_path / "site.sqlite")


def keys(site: Site, memory: Remembered | None = None) -> dict[object, str]:
    """Key by id, of the links of the main menu and the footer."""
    found = links(context(site, memory)).values()
    return {item.local_id: item.key for item in found if item.key.startswith(("main-menu", "menu-footer"))}


def test_keys_start_as_slugs_and_equal_siblings_are_numbered(site: Site) -> None:
    add(site, mlid=20, menu_name="main-menu", link_path="node/13", link_title="Über uns")
    add(site, mlid=21, menu_name="main-menu", link_path="node/13", link_title="日本")
    add(site, mlid=22, menu_name="main-menu", link_path="node/13", link_title="Home")
    add(site, mlid=23, plid=22, menu_name="main-menu", link_path="node/13", link_title="Home")
    assert keys(site) == {
        1: "main-menu/about",
        2: "main-menu/about/team",
        3: "main-menu/home",
        20: "main-menu/uber-uns",
        21: "main-menu/riben",
        22: "main-menu/home-2",
        23: "main-menu/home-2/home",
    }


def test_every_row_has_a_key_also_those_that_no_tree_holds(site: Site) -> None:
    ctx = context(site)
    assert ctx.keys.key("menu_link", 6) == "management/system:admin/structure/menu"
    assert ctx.keys.key("menu_link", 7) == "management/menu:admin/structure/menu/manage/main-menu"
    assert ctx.keys.local_id("menu_link", "navigation/system:node/add") == 8


def test_a_key_outlives_a_new_title_a_new_path_and_a_new_parent(site: Site) -> None:
    about, team, home, _ = links(context(site)).values()
    tree = [about, changed(team, key="main-menu/about/crew"), changed(home, key="main-menu/start")]
    site.update("menu_links", {"link_title": "Who we are"}, {"mlid": 1})
    site.update("menu_links", {"link_path": "node/13", "external": 0}, {"mlid": 3})
    site.update("menu_links", {"menu_name": "menu-footer", "plid": 0, "depth": 1, "p1": 2, "p2": 0}, {"mlid": 2})
    assert keys(site, Remembered(tree)) == {1: "main-menu/about", 2: "menu-footer/crew", 3: "main-menu/start"}


def test_below_a_renamed_and_moved_link_the_others_are_found_again(site: Site) -> None:
    add(site, mlid=20, plid=2, menu_name="main-menu", link_path="node/13", link_title="Imprint")
    tree = [*links(context(site)).values()]
    site.update("menu_links", {"link_title": "The team", "plid": 3, "p1": 3}, {"mlid": 2})
    memory = Remembered(tree, rows=[item for item in tree if item.local_id == 2])
    assert keys(site, memory)[20] == "main-menu/home/team/imprint"


def test_what_is_remembered_of_a_row_comes_before_what_it_looks_like(site: Site) -> None:
    add(site, mlid=20, menu_name="main-menu", link_path="<front>", link_title="Home", external=1)
    first, second = link("main-menu/home", "Home"), link("main-menu/start", "Home")
    memory = Remembered([first, second], rows=[replace(first, local_id=20), replace(second, local_id=3)])
    assert keys(site, memory) == {
        1: "main-menu/about",
        2: "main-menu/about/team",
        3: "main-menu/start",
        20: "main-menu/home",
    }


def test_no_two_rows_are_one_item_whatever_is_remembered(site: Site) -> None:
    add(site, mlid=20, menu_name="main-menu", link_path="<front>", link_title="Start", external=1)
    first = link("main-menu/front", "Home")
    memory = Remembered(
        [link("main-menu/other", "Other", "node/add")], rows=[replace(first, local_id=3), replace(first, local_id=20)]
    )
    assert keys(site, memory) == {
        1: "main-menu/about",
        2: "main-menu/about/team",
        3: "main-menu/front",
        20: "main-menu/start",
    }


def test_a_row_that_is_not_what_is_remembered_is_not_trusted(site: Site) -> None:
    other = replace(link("main-menu/contact", "Contact", "contact"), local_id=3)
    assert keys(site, Remembered(rows=[other]))[3] == "main-menu/home"


def test_twins_keep_their_keys_by_what_tells_them_apart(site: Site) -> None:
    add(site, mlid=20, menu_name="main-menu", link_path="<front>", link_title="Home", external=1, weight=7)
    tree = [*links(context(site)).values()]
    site.delete("menu_links", {"mlid": 3})
    assert keys(site, Remembered(tree))[20] == "main-menu/home-2"


def test_two_links_that_could_both_be_the_trees_one_are_an_error(site: Site) -> None:
    tree = [link("main-menu/home", "Home", weight=4)]
    add(site, mlid=20, menu_name="main-menu", link_path="<front>", link_title="Home", external=1, weight=7)
    with pytest.raises(AmbiguousMatch, match="2 rows of the site look like menu_link:main-menu/home"):
        keys(site, Remembered(tree))


def test_a_new_link_does_not_take_the_key_that_another_one_left(site: Site) -> None:
    tree = [*links(context(site)).values()]
    site.update("menu_links", {"menu_name": "menu-footer", "plid": 0, "depth": 1, "p1": 2, "p2": 0}, {"mlid": 2})
    add(site, mlid=20, plid=1, menu_name="main-menu", link_path="node/13", link_title="Team")
    assert keys(site, Remembered(tree, tree)) == {
        1: "main-menu/about",
        2: "menu-footer/team",
        3: "main-menu/home",
        20: "main-menu/about/team-2",
    }


def test_a_link_that_tree_and_site_moved_alike_takes_the_trees_key(site: Site) -> None:
    before = links(context(site))["main-menu/about/team"]
    site.update("menu_links", {"menu_name": "menu-footer", "plid": 0, "depth": 1, "p1": 2, "p2": 0}, {"mlid": 2})
    memory = Remembered([changed(before, key="menu-footer/team")], rows=[before])
    assert keys(site, memory)[2] == "menu-footer/team"


def test_a_declared_link_is_known_by_its_path_in_whatever_menu(site: Site) -> None:
    tree = [link("user-menu/bye", "Bye", "user/logout", module="system", customized=True)]
    site.update("menu_links", {"menu_name": "main-menu"}, {"mlid": 9})
    assert keys(site, Remembered(tree))[9] == "main-menu/bye"


def test_a_second_look_says_the_same(site: Site) -> None:
    add(site, mlid=20, plid=1, menu_name="main-menu", link_path="node/13", link_title="Team")
    ctx = context(site)
    once = links(ctx)
    assert links(context(site, Remembered(once.values()))) == once
    assert links(context(site, Remembered(once.values(), once.values()))) == once
