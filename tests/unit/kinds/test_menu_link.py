"""Menu links on a site: what is read, and which rows a write leaves. The rows are what menu_link_save() would write."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.errors import Problems
from drupalsync.kinds import Context, Item, menu_link
from drupalsync.kinds._menu_tree import TooDeep
from drupalsync.php import PhpSerialized, decode
from drupalsync.site import Site, Stale, get_variable
from support.menus import EMPTY, P, add, changed, context, link, links, row, unsound
from support.menus import make_site as make

PLACE = ("menu_name", "plid", "depth", "p1", "p2", "p3")


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make(tmp_path / "site.sqlite")


@pytest.fixture
def ctx(site: Site) -> Context:
    return context(site)


def made(ctx: Context, item: Item) -> Any:
    """Creates a link, and sees that it reads back."""
    mlid = menu_link.create(ctx, item)
    assert links(ctx)[item.key] == item
    assert unsound(ctx.site) == []
    return mlid


def test_a_link_is_read_without_local_ids(ctx: Context) -> None:
    assert links(ctx)["main-menu/about"].fields == {
        "title": "About",
        "path": "node:page/about-us",
        "module": "menu",
        "weight": -49,
        "hidden": False,
        "expanded": True,
        "customized": False,
        "options": [],
        "parent": None,
        "extra": {},
    }


def test_only_links_made_by_hand_and_customised_ones_are_read(ctx: Context) -> None:
    assert sorted(links(ctx)) == ["main-menu/about", "main-menu/about/team", "main-menu/home", "user-menu/sign-out"]


def test_books_are_not_menus(site: Site) -> None:
    add(site, menu_name="book-toc-12", link_path="node/12", link_title="Handbook")
    add(site, menu_name="navigation", link_path="node/13", link_title="A page of a book", module="book", customized=1)
    site.insert("book", {"mlid": 3, "nid": 12, "bid": 12})
    assert sorted(links(context(site))) == ["main-menu/about", "main-menu/about/team", "user-menu/sign-out"]


def test_a_link_that_is_shown_to_nobody_keeps_its_minus_one(site: Site, ctx: Context) -> None:
    site.update("menu_links", {"hidden": -1}, {"mlid": 3})
    home = links(ctx)["main-menu/home"]
    assert home.fields["hidden"] == -1
    menu_link.update(ctx, home, changed(home, weight=2))
    assert row(site, 3, "hidden", "weight") == (-1, 2)


def test_a_new_link_is_the_row_that_drupal_writes(site: Site, ctx: Context) -> None:
    options = {"query": {"keys": "a b"}, "attributes": {"title": ""}}
    mlid = made(
        ctx, link("main-menu/about/search", "Search us", "search/node", weight=5, customized=True, options=options)
    )

    columns = (
        "link_path",
        "router_path",
        "link_title",
        "module",
        "hidden",
        "external",
        "has_children",
        "expanded",
        "weight",
    )
    assert row(site, mlid, *columns) == ("search/node", "search/node", "Search us", "menu", 0, 0, 0, 0, 5)
    assert row(site, mlid, *PLACE, "p4", "customized", "updated") == ("main-menu", 1, 2, 1, mlid, 0, 0, 1, 0)
    assert row(site, mlid, "options") == (
        'a:2:{s:5:"query";a:1:{s:4:"keys";s:3:"a b";}s:10:"attributes";a:1:{s:5:"title";s:0:"";}}',
    )
    assert site.caches.stale() == [
        Stale("cache_block", "*"),
        Stale("cache_menu", "links:main-menu:", prefix=True),
        Stale("cache_page", "*"),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("<front>", ("<front>", "", 1), id="the front page counts as external"),
        pytest.param("mailto:info@example.org", ("mailto:info@example.org", "", 1), id="a protocol that Drupal knows"),
        pytest.param("node:page/imprint", ("node/13", "node/%", 0), id="a reference"),
        pytest.param(
            "admin/structure/menu/manage/x",
            ("admin/structure/menu/manage/x", "admin/structure/menu/manage/%", 0),
            id="wildcard",
        ),
        pytest.param("nowhere/at/all", ("nowhere/at/all", "", 0), id="served by nothing"),
    ],
)
def test_a_new_links_path_is_stored_as_drupal_stores_it(
    site: Site, ctx: Context, path: str, expected: tuple[str, str, int]
) -> None:
    mlid = made(ctx, link("main-menu/new", "New", path, customized=True))
    assert row(site, mlid, "link_path", "router_path", "external") == expected


def test_an_update_writes_what_differs_and_leaves_the_rest(site: Site, ctx: Context) -> None:
    site.update(
        "menu_links", {"router_path": "node/%/old", "updated": 1, "options": b'a:1:{s:1:"x";d:1.50;}'}, {"mlid": 1}
    )
    live = links(ctx)["main-menu/about"]
    menu_link.update(ctx, live, changed(live, title="About Example", expanded=False, hidden=True))

    assert row(site, 1, "link_title", "expanded", "hidden", "router_path", "updated") == (
        "About Example",
        0,
        1,
        "node/%/old",
        1,
    )
    assert row(site, 1, "options") == ('a:1:{s:1:"x";d:1.50;}',)


def test_a_new_path_finds_its_router_path(site: Site, ctx: Context) -> None:
    live = links(ctx)["main-menu/home"]
    menu_link.update(ctx, live, changed(live, path="node:page/imprint"))
    assert row(site, 3, "link_path", "router_path", "external") == ("node/13", "node/%", 0)


def test_hiding_the_only_child_leaves_the_parent_without_any(site: Site, ctx: Context) -> None:
    live = links(ctx)["main-menu/about/team"]
    menu_link.update(ctx, live, changed(live, hidden=True))
    assert row(site, 1, "has_children") == (0,)
    assert unsound(site) == []


def test_a_moved_link_takes_along_what_is_below_it(site: Site, ctx: Context) -> None:
    deep = made(ctx, link("main-menu/about/team/people", "People"))
    site.caches.forget()
    live = links(ctx)["main-menu/about"]
    menu_link.update(ctx, live, changed(live, key="menu-footer/about"))

    assert row(site, 1, *PLACE) == ("menu-footer", 0, 1, 1, 0, 0)
    assert row(site, 2, *PLACE) == ("menu-footer", 1, 2, 1, 2, 0)
    assert row(site, deep, *PLACE) == ("menu-footer", 2, 3, 1, 2, deep)
    assert {"menu-footer/about", "menu-footer/about/team", "menu-footer/about/team/people"} < links(ctx).keys()
    assert Stale("cache_menu", "links:main-menu:", prefix=True) in site.caches.stale()
    assert Stale("cache_menu", "links:menu-footer:", prefix=True) in site.caches.stale()
    assert unsound(site) == []


def test_a_link_changes_places_with_its_parent(site: Site, ctx: Context) -> None:
    about, team = links(ctx)["main-menu/about"], links(ctx)["main-menu/about/team"]
    menu_link.update(ctx, team, changed(team, key="main-menu/team"))
    menu_link.update(ctx, about, changed(about, key="main-menu/team/about"))

    assert row(site, 2, *PLACE, "has_children") == ("main-menu", 0, 1, 2, 0, 0, 1)
    assert row(site, 1, *PLACE, "has_children") == ("main-menu", 2, 2, 2, 1, 0, 0)
    assert unsound(site) == []


def chain(ctx: Context, menu: str, length: int) -> None:
    key = menu
    for level in range(1, length + 1):
        key += f"/l{level}"
        menu_link.create(ctx, link(key, f"L{level}"))


def test_a_subtree_may_be_too_deep_while_its_lower_half_is_yet_to_move(site: Site, ctx: Context) -> None:
    chain(ctx, "main-menu", 9)
    chain(ctx, "menu-footer", 4)
    all_links = links(ctx)
    upper = all_links["main-menu/l1/l2"]
    lower = all_links["main-menu/l1/l2/l3/l4"]
    menu_link.update(ctx, upper, changed(upper, key="menu-footer/l1/l2/l3/l4/l2"))
    with pytest.raises(TooDeep, match="level 10"):
        menu_link.finish(ctx)
    menu_link.update(ctx, lower, changed(lower, key="navigation/l4"))
    menu_link.finish(ctx)

    assert unsound(site) == []
    assert "navigation/l4/l5/l6/l7/l8/l9" in links(ctx)


def test_the_children_of_a_deleted_link_move_up_to_its_parent(site: Site, ctx: Context) -> None:
    deep = made(ctx, link("main-menu/about/team/people", "People", weight=3))
    hidden = made(ctx, link("main-menu/about/team/hidden", "Hidden", hidden=True))
    menu_link.delete(ctx, links(ctx)["main-menu/about/team"])

    assert row(site, deep, *PLACE, "weight") == ("main-menu", 1, 2, 1, deep, 0, 3)
    assert row(site, hidden, *PLACE) == ("main-menu", 1, 2, 1, hidden, 0)
    assert {"main-menu/about/people", "main-menu/about/hidden"} < links(ctx).keys()
    assert unsound(site) == []


def test_the_last_child_that_goes_leaves_the_parent_without_any(site: Site, ctx: Context) -> None:
    menu_link.delete(ctx, links(ctx)["main-menu/about/team"])
    assert row(site, 1, "has_children") == (0,)
    assert ctx.keys.local_id("menu_link", "main-menu/about/team") is None


def test_a_link_that_went_with_its_node_is_gone_already(site: Site, ctx: Context) -> None:
    about = links(ctx)["main-menu/about"]
    site.delete("menu_links", {"mlid": 1})
    menu_link.delete(ctx, about)
    assert ctx.keys.key("menu_link", 1) is None


def test_a_declared_link_is_customised_where_it_is(site: Site, ctx: Context) -> None:
    item = link("main-menu/write", "Write", "node/add", module="system", weight=5, customized=True)
    assert menu_link.create(ctx, item) == 8

    assert links(ctx)["main-menu/write"] == item
    assert row(site, 8, *PLACE, "customized", "router_path") == ("main-menu", 0, 1, 8, 0, 0, 1, "node/add")
    assert row(site, 10, *PLACE, "customized") == ("main-menu", 8, 2, 8, 10, 0, 0)
    assert ctx.keys.key("menu_link", 10) == "main-menu/system:node/add/page"
    assert unsound(site) == []


def test_a_declared_link_may_leave_its_title_to_the_site(ctx: Context) -> None:
    item = link("navigation/add", path="node/add", module="system", customized=True, hidden=True, title=None)  # type: ignore[arg-type]
    menu_link.create(ctx, item)
    live = links(ctx)["navigation/add"]
    assert live.fields["title"] == "Add content"
    assert menu_link.fill(item, live) == live


def test_a_declared_link_goes_back_to_its_module_in_place_of_being_deleted(site: Site, ctx: Context) -> None:
    add_page = link(
        "main-menu/about/page", "Page!", "node/add/page", module="system", customized=True, weight=9, expanded=True
    )
    menu_link.create(ctx, add_page)
    menu_link.delete(ctx, links(ctx)["main-menu/about/page"])

    columns = ("link_title", "weight", "hidden", "expanded", "customized", "menu_name", "plid")
    assert row(site, 10, *columns) == ("Basic page", 0, 0, 0, 0, "navigation", 8)
    assert decode(row(site, 10, "options")[0].encode()) == {"attributes": {"title": "Static content."}}
    assert get_variable(site, "menu_rebuild_needed") is True
    assert ctx.keys.key("menu_link", 10) == "navigation/system:node/add/page"
    assert unsound(site) == []


@pytest.mark.parametrize(
    ("mlid", "path", "expected"),
    [
        pytest.param(9, "user/logout", ("user-menu", 0, "Log out", 10, 0), id="the logout link hangs from nothing"),
        pytest.param(30, "user", ("user-menu", 0, "User account", -10, 0), id="the account link"),
        pytest.param(5, "admin/structure", ("management", 4, "Structure", -8, 0), id="its menu is the path's above"),
        pytest.param(None, "poll", ("navigation", 0, "Polls", 0, 1), id="a suggested link is off"),
        pytest.param(
            None, "filter/tips", ("main-menu", 0, "Compose tips", 0, 1), id="paths below lend it the menu it is in"
        ),
        pytest.param(None, "search/node", ("navigation", 0, "Content", 0, -1), id="a tab is in no tree"),
    ],
)
def test_a_reset_link_is_where_and_what_its_module_says(
    site: Site, mlid: int | None, path: str, expected: tuple[Any, ...]
) -> None:
    add(site, mlid=30, menu_name="user-menu", link_path="user", link_title="User account", module="system")
    if mlid is None:
        mlid = add(site, menu_name="main-menu", link_path=path, link_title="Mine", module="system", customized=1)
    site.update("menu_links", {"customized": 1, "link_title": "Mine", "weight": 3, "options": EMPTY}, {"mlid": mlid})
    ctx = context(site)
    menu_link.delete(ctx, next(item for item in links(ctx).values() if item.local_id == mlid))
    assert row(site, mlid, "menu_name", "plid", "link_title", "weight", "hidden") == expected
    assert (decode(row(site, mlid, "options")[0].encode()) == {"alter": True}) == (path == "user")


def test_a_link_below_a_declared_one_names_it_and_keeps_its_key(site: Site, ctx: Context) -> None:
    item = link("management/legal", "Legal", "search/node", parent="system:admin/structure")
    mlid = made(ctx, item)
    assert row(site, mlid, *PLACE) == ("management", 5, 3, 4, 5, mlid)
    menu_link.create(
        ctx,
        link(
            "management/structure",
            "Structure",
            "admin/structure",
            module="system",
            customized=True,
            parent="system:admin",
        ),
    )

    assert links(ctx)["management/legal"] == item
    again = context(site)
    assert links(again)["management/legal"] == item


def test_what_features_marked_is_kept_and_not_exported(site: Site, ctx: Context) -> None:
    mark = b'a:1:{s:10:"identifier";s:23:"main-menu_about:node/12";}'
    site.update("menu_links", {"options": mark}, {"mlid": 1})
    live = links(ctx)["main-menu/about"]
    assert live.fields["options"] == []
    menu_link.update(ctx, live, changed(live, options={"fragment": "top"}))
    assert decode(row(site, 1, "options")[0].encode()) == {"fragment": "top", "identifier": "main-menu_about:node/12"}


@pytest.mark.parametrize(
    ("stored", "meant"),
    [
        pytest.param(None, None, id="NULL"),
        pytest.param(b"N;", PhpSerialized(b"N;"), id="a null"),
        pytest.param(b"b:0;", False, id="false"),
    ],
)
def test_options_that_are_no_array_are_exact(site: Site, ctx: Context, stored: bytes | None, meant: Any) -> None:
    site.update("menu_links", {"options": stored}, {"mlid": 3})
    live = links(ctx)["main-menu/home"]
    assert live.fields["options"] == meant
    mlid = made(ctx, changed(live, key="main-menu/copy", title="Copy"))
    kept = row(site, mlid, "options")[0]
    assert (kept.encode() if kept is not None else None) == stored


def test_options_that_nobody_can_read_are_told_all_at_once(site: Site) -> None:
    for mlid in (1, 3):
        site.update("menu_links", {"options": b"a:1:{junk"}, {"mlid": mlid})
    with pytest.raises(Problems) as caught:
        links(context(site))
    assert [problem.where for problem in caught.value.problems] == [
        "menu_links.options of mlid 1",
        "menu_links.options of mlid 3",
    ]


def test_the_menus_with_expanded_links_are_counted_anew(site: Site, ctx: Context) -> None:
    live = links(ctx)["main-menu/about"]
    menu_link.update(ctx, live, changed(live, expanded=False))
    made(ctx, link("menu-footer/a", "A", expanded=True))
    menu_link.finish(ctx)
    assert get_variable(site, "menu_expanded") == ["menu-footer"]


def test_an_orphan_hangs_from_its_nearest_ancestor_that_is_left(site: Site, ctx: Context) -> None:
    deep = made(ctx, link("main-menu/about/team/people", "People"))
    site.delete("menu_links", {"mlid": 2})
    assert links(context(site))["main-menu/about/people"].local_id == deep


def test_links_that_hang_from_each_other_do_not_hang_the_run(site: Site) -> None:
    site.update("menu_links", {"plid": 2}, {"mlid": 1})
    assert {"main-menu/about", "main-menu/about/team"} < links(context(site)).keys()


def test_a_move_below_ones_own_child_leaves_p1_to_p9_in_order(site: Site, ctx: Context) -> None:
    """A declared parent may be one's own descendant until that moves too."""
    assert row(site, 8, *P[:2]) == (8, 0)
    menu_link.create(ctx, link("main-menu/about/page", "Page", "node/add/page", module="system", customized=True))
    menu_link.create(
        ctx, link("main-menu/add", "Add", "node/add", module="system", customized=True, parent="system:node/add/page")
    )
    assert row(site, 8, "plid", "depth", *P[:4]) == (10, 3, 1, 10, 8, 0)
    assert unsound(site) == []
