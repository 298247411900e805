"""What forbids writing a menu link, all of it told before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from drupalsync.kinds import Context, Item, menu_link
from drupalsync.site import Site
from support.menus import context, link
from support.menus import make_site as make


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make(tmp_path / "site.sqlite")


@pytest.fixture
def ctx(site: Site) -> Context:
    return context(site)


def problems(ctx: Context, item: Item, *others: Item) -> list[str]:
    """What is wrong with an item, in a tree that has it and these others."""
    desired = {other.address: other for other in (item, *others)}
    return [problem.what for problem in menu_link.check(ctx, item, desired)]


SYSTEM = {"module": "system", "customized": True}


@pytest.mark.parametrize(
    "item",
    [
        pytest.param(link("main-menu/a", path="node:page/imprint"), id="a node of the site"),
        pytest.param(link("main-menu/a", path="http://example.org/?a=b#c"), id="a URL"),
        pytest.param(link("main-menu/a", path="nowhere", customized=True), id="served by nothing, and customised"),
        pytest.param(link("main-menu/about/a"), id="below a link of the site"),
        pytest.param(link("management/a", parent="system:admin/structure"), id="below a declared link"),
        pytest.param(
            link("management/a", parent="menu:admin/structure/menu/manage/main-menu"), id="below a menu's own page"
        ),
        pytest.param(link("user-menu/bye", path="user/logout", **SYSTEM), id="a declared link"),  # type: ignore[arg-type]
        pytest.param(link("navigation/p", path="poll", **SYSTEM), id="a page without a link so far"),  # type: ignore[arg-type]
        pytest.param(link("main-menu/" + "/".join("abcdefgh"), path="node/add"), id="nothing but its parent missing"),
    ],
)
def test_a_link_that_drupal_would_take_passes(ctx: Context, item: Item) -> None:
    parent = item.key.rpartition("/")[0]
    assert problems(ctx, item, link(parent)) == []


@pytest.mark.parametrize(
    ("item", "what"),
    [
        pytest.param(link("main-menu/a", path="node/12"), "names a row by its id", id="a local id"),
        pytest.param(
            link("main-menu/a", path="node:page/gone"),
            "neither in the tree nor on this site",
            id="a node that is not there",
        ),
        pytest.param(
            link("main-menu/a", path="nowhere"), "nothing on this site serves the path nowhere", id="served by nothing"
        ),
        pytest.param(link("main-menu/a", path="node/add?x=y"), "has a query or a fragment", id="a query"),
        pytest.param(link("main-menu/a", path=""), "leads nowhere", id="no path"),
        pytest.param(link("main-menu/gone/a"), "menu_link:main-menu/gone is neither in the tree", id="no parent"),
        pytest.param(
            link("management/a", parent="system:admin/gone"), "which this site does not have", id="no declared parent"
        ),
        pytest.param(
            link("main-menu/a", parent="system:admin"), "which is in the menu management", id="a parent of another menu"
        ),
        pytest.param(link("menu-gone/a"), "a menu that this site does not have", id="no menu"),
        pytest.param(
            link("user-menu/a", path="nowhere", **SYSTEM), "no module on this site declares", id="not declared"
        ),  # type: ignore[arg-type]
        pytest.param(link("main-menu/a", "x" * 256), "the title of .* has 256 characters", id="a title too long"),
        pytest.param(
            link("main-menu/a", path="http://" + "x" * 256), "the path of .* has 263 characters", id="a path too long"
        ),
        pytest.param(
            link("main-menu/a", extra={"language": "de"}), "no column language", id="a column that is not there"
        ),
    ],
)
def test_what_drupal_would_not_take_or_soon_lose_is_told(ctx: Context, item: Item, what: str) -> None:
    import re

    found = problems(ctx, item)
    assert len(found) == 1
    assert re.search(what, found[0])


def test_the_tree_may_bring_what_the_site_lacks(ctx: Context) -> None:
    node = Item(kind="node", key="page/new", fields={})
    menu = Item(kind="menu", key="menu-new", fields={})
    add = link("menu-new/add", path="node/add", **SYSTEM)  # type: ignore[arg-type]
    item = link("menu-new/a", path="node:page/new", parent="system:node/add")
    assert problems(ctx, item, node, menu, add) == []


def test_a_page_that_comes_with_a_content_type_is_declared(ctx: Context) -> None:
    item = link("navigation/x", path="node/add/press-release", **SYSTEM)  # type: ignore[arg-type]
    assert problems(ctx, item) != []
    assert problems(ctx, item, Item(kind="content_type", key="press_release", fields={})) == []


def test_an_alias_is_told_with_the_reference_to_write(site: Site, ctx: Context) -> None:
    site.insert("url_alias", {"pid": 1, "source": "node/12", "alias": "about-us", "language": "und"})
    item = link("main-menu/a", path="about-us")
    assert next(menu_link.check(ctx, item, {})).hint == "about-us is an alias: write path: node:page/about-us"


def test_shortcuts_are_in_menus_of_their_own(site: Site) -> None:
    site.execute("CREATE TABLE shortcut_set (set_name VARCHAR(32) PRIMARY KEY, title VARCHAR(255))")
    site.insert("shortcut_set", {"set_name": "shortcut-set-1", "title": "Default"})
    assert problems(context(Site(site.db, shown="test")), link("shortcut-set-1/add", path="node/add")) == []


def test_a_tenth_level_is_refused_also_below_a_declared_link(ctx: Context) -> None:
    deep = link("management/" + "/".join("abcdefg"))
    first = link("management/a", parent="system:admin/structure/menu")
    above = link(deep.key.rpartition("/")[0])
    assert problems(ctx, deep, first, above) == [
        "menu_link:management/a/b/c/d/e/f/g would be on level 10, and Drupal keeps 9"
    ]
    assert problems(ctx, above, first, link("management/a/b/c/d/e")) == []


def test_what_is_below_a_declared_link_counts_too(ctx: Context) -> None:
    keys = ["main-menu/" + "/".join("abcdefgh"[:level]) for level in range(1, 9)]
    add = link(f"{keys[-1]}/add", path="node/add", **SYSTEM)  # type: ignore[arg-type]
    assert problems(ctx, add, *map(link, keys)) == [
        f"{add.address} would be on level 9, with 1 more below it, and Drupal keeps 9"
    ]


def test_a_link_cannot_hang_from_itself(ctx: Context) -> None:
    inner = link("navigation/a/add", path="node/add", **SYSTEM)  # type: ignore[arg-type]
    outer = link("navigation/a", parent="system:node/add")
    assert problems(ctx, outer, inner)[0] == "menu_link:navigation/a hangs from itself"
