"""Menus on a site: what is read, and which rows a write leaves. The rows are what Drupal's forms would write."""

from __future__ import annotations

from pathlib import Path

import pytest

from drupalsync.kinds import Context, Item, menu, menu_link
from drupalsync.kinds.menu import MenuProblem
from drupalsync.site import Site, Stale, get_variable, set_variable
from support.menus import MADE, Remembered, add, changed, context, links, menus, row, unsound
from support.menus import make_site as make

OVERVIEW = "admin/structure/menu/manage/"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make(tmp_path / "site.sqlite")


@pytest.fixture
def ctx(site: Site) -> Context:
    return context(site)


def new(key: str = "menu-legal", **fields: object) -> Item:
    given = {"title": "Legal", "description": "Small print", "admin_link": True, "extra": {}, **fields}
    return Item(kind="menu", key=key, fields=given, source=f"menus/{key}.yml")  # type: ignore[arg-type]


def overviews(site: Site, name: str) -> list[tuple[object, ...]]:
    sql = "SELECT plid, menu_name, router_path, link_title, module, customized, depth, options FROM {menu_links} WHERE link_path = ?"
    return site.rows(sql, [OVERVIEW + name])


def test_a_menu_is_read_with_whether_the_administration_menu_links_to_it(ctx: Context) -> None:
    assert menus(ctx)[MADE].fields == {
        "title": "Footer",
        "description": "At the bottom",
        "admin_link": False,
        "extra": {},
    }
    assert menus(ctx)["main-menu"].fields["admin_link"] is True


def test_only_what_drupal_would_not_make_itself_is_worth_exporting(site: Site, ctx: Context) -> None:
    assert menu.worth_exporting(menus(ctx)[MADE])
    assert not menu.worth_exporting(menus(ctx)["main-menu"])
    site.update("menu_custom", {"description": ""}, {"menu_name": "main-menu"})
    assert menu.worth_exporting(menus(ctx)["main-menu"])


def test_a_new_menu_has_its_link_and_a_block_in_every_theme_that_is_on(site: Site, ctx: Context) -> None:
    menu.create(ctx, new())

    assert menus(ctx)["menu-legal"] == new()
    assert overviews(site, "menu-legal") == [(6, "management", f"{OVERVIEW}%", "Legal", "menu", 0, 4, "a:0:{}")]
    blocks = "SELECT theme, status, weight, region, custom, visibility, pages, title, cache FROM {block} WHERE delta = 'menu-legal'"
    off = (0, 0, "-1", 0, 0, "", "", -1)
    assert site.rows(blocks) == [("bartik", *off), ("seven", *off)]
    assert get_variable(site, "menu_default_active_menus") is None
    assert Stale("cache_menu", "*") in site.caches.stale()
    assert unsound(site) == []


def test_the_blocks_of_drupals_own_menus_are_not_the_module_menus(site: Site, ctx: Context) -> None:
    site.delete("menu_custom", {"menu_name": "user-menu"})
    menu.create(ctx, new("user-menu"))
    assert site.rows("SELECT bid FROM {block}") == []


def test_a_new_menu_joins_the_active_ones_where_somebody_chose_them(site: Site, ctx: Context) -> None:
    set_variable(site, "menu_default_active_menus", {0: "main-menu", 3: "navigation"})
    menu.create(ctx, new())
    assert get_variable(site, "menu_default_active_menus") == {0: "main-menu", 3: "navigation", 4: "menu-legal"}


def test_the_link_to_a_menus_page_takes_its_new_title(site: Site, ctx: Context) -> None:
    menu.create(ctx, new())
    menu.update(ctx, new(), changed(new(), title="Imprint & more", description=None))

    assert overviews(site, "menu-legal")[0][3] == "Imprint & more"
    assert menus(ctx)["menu-legal"].fields["description"] is None


@pytest.mark.parametrize(("before", "after"), [(True, False), (False, True)])
def test_the_link_to_a_menus_page_comes_and_goes(site: Site, ctx: Context, before: bool, after: bool) -> None:
    menu.create(ctx, new(admin_link=before))
    menu.update(ctx, new(admin_link=before), new(admin_link=after))

    assert len(overviews(site, "menu-legal")) == after
    assert menus(ctx)["menu-legal"].fields["admin_link"] is after


def test_a_link_to_a_menus_page_that_somebody_changed_is_a_link_like_any_other(site: Site) -> None:
    assert "management/main-menu" not in links(context(site))
    site.update("menu_links", {"weight": 3, "customized": 1}, {"mlid": 7})
    ctx = context(site)
    assert links(ctx)["management/main-menu"].fields["parent"] == "system:admin/structure/menu"
    assert menus(ctx)["main-menu"].fields["admin_link"] is False


def test_a_menu_goes_with_all_that_is_in_it(site: Site, ctx: Context) -> None:
    menu.create(ctx, new())
    above = add(site, menu_name="menu-legal", link_path="node/13", link_title="Imprint", expanded=1)
    add(site, plid=above, menu_name="menu-legal", link_path="node/12", link_title="About")
    poll = add(
        site, menu_name="menu-legal", link_path="poll", link_title="Vote", module="system", customized=1, weight=4
    )
    gone = add(site, menu_name="menu-legal", link_path="gone", link_title="Gone", module="system")
    site.insert("block_role", {"module": "menu", "delta": "menu-legal", "rid": 3})
    ctx = context(site)
    menu_link.identify(ctx)
    told = list(menu.losses(ctx, menus(ctx)["menu-legal"], {"menu_link:menu-legal/imprint"}))
    menu.delete(ctx, menus(ctx)["menu-legal"])
    menu.finish(ctx)

    assert "menu-legal" not in menus(ctx)
    # Drupal leaves what nobody declares any more to the next rebuild.
    assert site.rows("SELECT mlid FROM {menu_links} WHERE menu_name = 'menu-legal'") == [(gone,)]
    assert overviews(site, "menu-legal") == []
    assert site.rows("SELECT bid FROM {block}") == site.rows("SELECT rid FROM {block_role}") == []
    assert row(site, poll, "menu_name", "link_title", "weight", "hidden", "customized") == (
        "navigation",
        "Polls",
        0,
        1,
        0,
    )
    assert told == ["with the menu menu-legal goes what the tree never had, 1 link: About"]
    assert get_variable(site, "menu_expanded") == ["main-menu"]
    assert unsound(site) == []


def test_a_deleted_menu_leaves_a_hole_among_the_active_ones(site: Site, ctx: Context) -> None:
    """menu_delete() writes the variable even where nobody had: all menus by title, keys as they were."""
    menu.delete(ctx, menus(ctx)[MADE])
    names = ["main-menu", "management", "navigation", "user-menu"]
    assert get_variable(site, "menu_default_active_menus") == dict(zip([1, 2, 3, 4], names, strict=True))


def test_drupals_own_menus_cannot_be_deleted(ctx: Context) -> None:
    with pytest.raises(MenuProblem, match="Drupal's own"):
        menu.delete(ctx, menus(ctx)["main-menu"])


def test_a_menu_is_never_renamed(ctx: Context) -> None:
    with pytest.raises(MenuProblem, match="never renames"):
        menu.update(ctx, menus(ctx)[MADE], new("menu-bottom"))


def test_what_a_site_cannot_hold_is_found_before_it_is_written(site: Site, ctx: Context) -> None:
    long = new("menu-" + "x" * 28, title="y" * 256, extra={"language": "de"})
    assert [problem.what for problem in menu.check(ctx, long, {})] == [
        f"the name of menu:{long.key} has 33 characters, and Drupal keeps 32",
        f"the title of menu:{long.key} has 256 characters, and Drupal keeps 255",
        "{menu_custom} has no column language on this site",
    ]
    assert list(menu.check(ctx, new(), {})) == []
    site.delete("menu_links", {"mlid": 6})
    assert [problem.hint for problem in menu.check(ctx, new(), {})] == ["admin_link: false"]


def test_a_site_without_the_module_menu_has_drupals_own_as_they_are(site: Site) -> None:
    site.execute("DROP TABLE menu_custom")
    bare = context(Site(site.db, shown="test"), Remembered())
    assert sorted(menus(bare)) == ["main-menu", "management", "navigation", "user-menu"]
    assert not any(menu.worth_exporting(item) for item in menus(bare).values())
    (named,) = menu.load("menus/main-menu.yml", {"menu": "main-menu"})
    assert named == menus(bare)["main-menu"]
    assert "main-menu/about" in links(bare)
    assert ["the module menu" in problem.what for problem in menu.check(bare, new(), {})] == [True]


def test_columns_of_contributed_modules_are_carried_along(site: Site) -> None:
    site.execute("ALTER TABLE menu_custom ADD COLUMN language VARCHAR(12) NOT NULL DEFAULT 'und'")
    site.execute("ALTER TABLE menu_links ADD COLUMN language VARCHAR(12) NOT NULL DEFAULT 'und'")
    site.execute("ALTER TABLE menu_links ADD COLUMN i18n_tsid INTEGER NOT NULL DEFAULT 0")
    site.update("menu_links", {"language": "de", "i18n_tsid": 7}, {"mlid": 3})
    ctx = context(Site(site.db, shown="test"))
    german = new(extra={"language": "de"})
    menu.create(ctx, german)
    home = links(ctx)["main-menu/home"]

    assert menus(ctx)["menu-legal"] == german
    assert home.fields["extra"] == {"language": "de"}
    menu_link.update(ctx, home, changed(home, title="Start"))
    assert row(site, 3, "language", "i18n_tsid", "link_title") == ("de", 7, "Start")
    menu_link.update(ctx, links(ctx)["main-menu/home"], changed(home, extra={}))
    assert row(site, 3, "language", "i18n_tsid") == ("und", 7)
