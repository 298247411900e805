"""Blocks on a site: what is read, and which rows a write leaves. The rows are what Drupal's forms would write."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from drupalsync.kinds import Context, block
from drupalsync.kinds._block_write import InfoTaken
from drupalsync.site import NoSuchReference, Site, Stale
from support.blocks import (
    CRLF,
    Remembered,
    add,
    block_rows,
    blocks,
    changed,
    context,
    custom,
    make_site,
    module_block,
)

PAGES = f"<front>{CRLF}node/12{CRLF}about*"
FOOTER = "custom/footer-notice"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path / "site.sqlite")


@pytest.fixture
def ctx(site: Site) -> Context:
    return context(site)


def everything(site: Site) -> list[Any]:
    """All rows of the four tables."""
    tables = ("block", "block_custom", "block_role", "block_node_type")
    return [sorted(site.rows(f"SELECT * FROM {{{table}}}"), key=str) for table in tables]


def test_a_custom_block_is_read_without_local_ids(ctx: Context) -> None:
    item = blocks(ctx)[FOOTER]

    assert item.local_id == 3
    assert item.fields == {
        "info": "Footer notice",
        "title": "<none>",
        "body": "<p>©</p>",
        "format": "full_html",
        "pages": {"show_on": ["<front>", "node:page/about", "about*"]},
        "roles": ["editor"],
        "content_types": ["page"],
        "user_control": 0,
        "placements": {"bartik": {"region": "footer", "weight": 3}, "seven": {"region": "none", "weight": 0}},
        "extra": {},
        "extra_custom": {},
    }


def test_blocks_of_modules_that_are_off_and_rows_without_a_block_are_not_read(site: Site) -> None:
    add(site.db, "weather", "today", "bartik", (1, "footer", 0))
    add(site.db, "block", "99", "bartik", (1, "footer", 0))
    add(site.db, "aggregator", "feed-6", "bartik", (1, "footer", 0))

    assert list(blocks(context(site))) == [FOOTER, "custom/twin", "user/login"]


def test_a_form_and_a_rehash_leave_the_same_configuration_behind(site: Site) -> None:
    before = blocks(context(site))
    site.execute("UPDATE {block} SET region = '' WHERE region = '-1'")
    assert blocks(context(site)) == before

    site.execute("UPDATE {block} SET region = 'footer' WHERE region = ''")  # with a status of 0: nowhere
    assert blocks(context(site)) == before


def test_only_what_stands_somewhere_or_was_changed_is_worth_exporting(site: Site) -> None:
    add(site.db, "user", "new", "bartik", (0, "-1", 0))
    add(site.db, "user", "online", "bartik", (0, "-1", 4))
    found = blocks(context(site))

    assert [key for key, item in found.items() if block.worth_exporting(item)] == [
        FOOTER,
        "custom/twin",
        "user/login",
        "user/online",
    ]


def test_a_new_custom_block_gets_a_row_in_every_theme_that_is_on(site: Site, ctx: Context) -> None:
    item = custom(
        "news",
        "News",
        title="Now",
        format="full_html",
        pages={"hide_on": ["node:page/team//edit", "admin*"]},
        roles=["editor"],
        content_types=["article"],
        user_control=1,
        placements={"bartik": {"region": "header", "weight": -2}},
    )

    assert block.create(ctx, item) == 5

    pages = f"node/13/edit{CRLF}admin*"
    assert site.rows("SELECT * FROM {block_custom} WHERE bid = 5") == [(5, "News", "News", "full_html")]
    assert block_rows(site, "block", "5") == [
        ("bartik", 1, "header", -2, 0, pages, "Now", 1, -1),
        ("seven", 0, "-1", 0, 0, pages, "Now", 1, -1),
    ]
    assert site.rows("SELECT * FROM {block_role} WHERE delta = '5'") == [("block", "5", 7)]
    assert site.rows("SELECT * FROM {block_node_type} WHERE delta = '5'") == [("block", "5", "article")]
    assert ctx.keys.local_id("block", "custom/news") == 5
    assert ctx.site.caches.stale() == [Stale("cache_block", "*"), Stale("cache_page", "*")]


def test_what_all_rows_share_reaches_themes_that_are_off_and_leaves_their_place(site: Site, ctx: Context) -> None:
    site.execute(
        "UPDATE {block} SET region = 'content', status = 1, weight = 9 WHERE theme = 'garland' AND delta = '3'"
    )
    live = blocks(ctx)[FOOTER]

    block.update(ctx, live, changed(live, title="Notice", pages={"hide_on": ["node:page/team"]}))

    assert block_rows(site, "block", "3") == [
        ("bartik", 1, "footer", 3, 0, "node/13", "Notice", 0, -1),
        ("garland", 1, "content", 9, 0, "node/13", "Notice", 0, -1),
        ("seven", 0, "-1", 0, 0, "node/13", "Notice", 0, -1),
    ]


def test_a_block_that_is_switched_off_keeps_its_weight(site: Site, ctx: Context) -> None:
    live = blocks(ctx)[FOOTER]

    block.update(ctx, live, changed(live, placements={"bartik": {"region": "none", "weight": 3}}))

    assert block_rows(site, "block", "3")[0][:4] == ("bartik", 0, "-1", 3)


def test_a_theme_that_the_tree_does_not_name_stays_as_it_is(site: Site, ctx: Context) -> None:
    live = blocks(ctx)["user/login"]
    item = changed(live, placements={"bartik": {"region": "header", "weight": 0}})

    block.update(ctx, live, item)

    assert [row[:4] for row in block_rows(site, "user", "login")] == [
        ("bartik", 1, "header", 0),
        ("garland", 1, "content", 2),
        ("seven", 1, "content", 2),
    ]
    after = blocks(context(site))["user/login"]
    assert block.fill(item, after).fields == after.fields


def test_a_write_that_changes_nothing_writes_nothing(site: Site, ctx: Context) -> None:
    before = everything(site)

    for item in blocks(ctx).values():
        block.update(ctx, item, changed(item))

    assert everything(site) == before


def test_a_row_that_contradicts_the_others_is_told_and_written_again(site: Site) -> None:
    site.execute("UPDATE {block} SET pages = '', visibility = 0 WHERE theme = 'seven' AND module = 'user'")
    site.execute("UPDATE {block} SET pages = 'x', visibility = 1 WHERE theme <> 'seven' AND module = 'user'")
    ctx = context(site)
    live = blocks(ctx)["user/login"]
    assert live.fields["pages"] == {"show_on": ["x"]}
    assert live.fields["placements"]["seven"] == {"region": "content", "weight": 2, "pages": {"hide_on": []}}

    block.update(ctx, live, changed(live, pages={"show_on": ["y"]}))

    rows = block_rows(site, "user", "login")
    assert [(row[0], row[4], row[5]) for row in rows] == [("bartik", 1, "y"), ("garland", 1, "y"), ("seven", 0, "")]


def test_a_status_that_contradicts_the_region_is_told_and_written_again(site: Site) -> None:
    site.execute("UPDATE {block} SET status = 1, region = '' WHERE module = 'user' AND theme = 'seven'")
    ctx = context(site)
    login = blocks(ctx)["user/login"]
    assert login.fields["placements"]["seven"] == {"region": "", "weight": 2, "status": 1}
    block.delete(ctx, login)

    block.create(ctx, changed(login))

    assert blocks(context(site))["user/login"].fields == login.fields


def test_a_missing_role_stops_the_write_and_never_opens_the_block(site: Site, ctx: Context) -> None:
    live = blocks(ctx)[FOOTER]

    with pytest.raises(NoSuchReference, match="role:ghost"):
        block.update(ctx, live, changed(live, roles=["ghost"]))

    assert site.rows("SELECT rid FROM {block_role}") == [(7,)]


def test_a_page_that_is_gone_from_the_site_stays_until_somebody_edits_the_pages(site: Site) -> None:
    site.execute("UPDATE {block} SET pages = ? WHERE delta = '3'", [f"node/99{CRLF}a"])
    ctx = context(site)
    live = blocks(ctx)[FOOTER]
    assert live.fields["pages"] == {"show_on": ["node:missing/99", "a"]}

    block.update(ctx, live, changed(live, title="T"))
    assert block_rows(site, "block", "3")[0][5:7] == (f"node/99{CRLF}a", "T")

    with pytest.raises(NoSuchReference, match="missing/99"):
        block.update(ctx, live, changed(live, pages={"show_on": ["node:missing/99", "b"]}))


def test_a_role_that_is_gone_from_the_site_still_restricts(site: Site) -> None:
    site.execute("DELETE FROM {role} WHERE rid = 7")
    ctx = context(site)
    live = blocks(ctx)[FOOTER]
    assert live.fields["roles"] == ["missing/7"]

    block.update(ctx, live, changed(live, title="Other"))

    assert site.rows("SELECT rid FROM {block_role}") == [(7,)]


def test_a_deleted_custom_block_leaves_no_row(site: Site, ctx: Context) -> None:
    block.delete(ctx, blocks(ctx)[FOOTER])

    assert block_rows(site, "block", "3") == []
    assert site.rows("SELECT bid FROM {block_custom}") == [(4,)]
    assert site.rows("SELECT * FROM {block_role}") == site.rows("SELECT * FROM {block_node_type}") == []
    assert ctx.keys.local_id("block", FOOTER) is None


def test_a_deleted_block_of_a_module_goes_back_to_its_defaults(site: Site, ctx: Context) -> None:
    site.execute("INSERT INTO {block_role} VALUES ('user', 'login', 1)")
    site.execute("UPDATE {block} SET title = 'T', pages = 'p', visibility = 1, custom = 2 WHERE module = 'user'")

    block.delete(ctx, blocks(ctx)["user/login"])

    assert block_rows(site, "user", "login") == [
        ("bartik", 0, "-1", 0, 0, "", "", 0, -1),
        ("garland", 1, "content", 2, 0, "", "", 0, -1),  # the theme is off: its row stays where it stood
        ("seven", 0, "-1", 0, 0, "", "", 0, -1),
    ]
    assert site.rows("SELECT * FROM {block_role} WHERE module = 'user'") == []


def test_a_module_block_without_rows_gets_them_for_every_theme(site: Site, ctx: Context) -> None:
    block.create(ctx, module_block("user/new", placements={"seven": {"region": "help", "weight": 1}}))

    assert block_rows(site, "user", "new") == [
        ("bartik", 0, "-1", 0, 0, "", "", 0, 1),
        ("seven", 1, "help", 1, 0, "", "", 0, 1),
    ]


def test_rows_that_drupal_made_already_are_taken_over_with_their_cache_mode(site: Site, ctx: Context) -> None:
    add(site.db, "menu", "menu-legal", "bartik", (0, "-1", 0), cache=-2)

    block.create(
        ctx, module_block("menu/menu-legal", title="<none>", placements={"bartik": {"region": "footer", "weight": 0}})
    )

    assert block_rows(site, "menu", "menu-legal") == [
        ("bartik", 1, "footer", 0, 0, "", "<none>", 0, -2),
        ("seven", 0, "-1", 0, 0, "", "<none>", 0, -2),
    ]


def test_two_custom_blocks_may_swap_their_names(site: Site, ctx: Context) -> None:
    footer, twin = blocks(ctx)[FOOTER], blocks(ctx)["custom/twin"]

    block.update(ctx, footer, changed(footer, info="Twin"))
    block.update(ctx, twin, changed(twin, info="Footer notice"))
    block.finish(ctx)

    assert site.rows("SELECT bid, info FROM {block_custom} ORDER BY bid") == [(3, "Twin"), (4, "Footer notice")]


def test_a_new_block_may_have_the_name_that_another_gives_up(site: Site, ctx: Context) -> None:
    twin = blocks(ctx)["custom/twin"]

    block.create(ctx, custom("twin-2", "Twin"))
    block.update(ctx, twin, changed(twin, info="Old twin"))
    block.finish(ctx)

    assert site.rows("SELECT bid, info FROM {block_custom} ORDER BY bid")[1:] == [(4, "Old twin"), (5, "Twin")]


def test_a_name_is_not_taken_from_a_block_that_gets_no_other(ctx: Context) -> None:
    footer = blocks(ctx)[FOOTER]
    block.update(ctx, footer, changed(footer, info="Twin"))

    with pytest.raises(InfoTaken, match="another custom block"):
        block.finish(ctx)


def test_columns_of_contributed_modules_are_carried_along(site: Site) -> None:
    site.execute("ALTER TABLE {block} ADD COLUMN css_class VARCHAR(255) NOT NULL DEFAULT ''")
    site.execute("ALTER TABLE {block_custom} ADD COLUMN i18n_mode INTEGER NOT NULL DEFAULT 0")
    site.execute("UPDATE {block} SET css_class = 'big' WHERE delta = '3'")
    site.execute("UPDATE {block_custom} SET i18n_mode = 1 WHERE bid = 3")
    ctx = context(site)
    live = blocks(ctx)[FOOTER]
    assert (live.fields["extra"], live.fields["extra_custom"]) == ({"css_class": "big"}, {"i18n_mode": 1})

    block.update(ctx, live, changed(live, extra={}, extra_custom={"i18n_mode": 2}))
    block.create(ctx, custom("other", "Other", extra={"css_class": "small"}))

    classes = site.rows("SELECT DISTINCT delta, css_class FROM {block} WHERE module = 'block' ORDER BY delta")
    assert classes == [("3", ""), ("4", ""), ("5", "small")]
    assert site.rows("SELECT bid, i18n_mode FROM {block_custom}") == [(3, 2), (4, 0), (5, 0)]


def test_the_id_in_a_delta_is_the_name_of_its_feed(site: Site) -> None:
    add(site.db, "aggregator", "feed-5", "bartik", (1, "footer", 0))
    ctx = context(site)
    live = blocks(ctx)["aggregator/feed-Planet"]
    assert live.local_id == "aggregator/feed-5"
    block.delete(ctx, live)

    block.create(ctx, changed(live))

    assert block_rows(site, "aggregator", "feed-5")[0][:3] == ("bartik", 1, "footer")


def test_a_module_named_custom_does_not_meet_the_folder_of_custom_blocks(site: Site, ctx: Context) -> None:
    add(site.db, "custom", "twin", "bartik", (1, "footer", 0))
    live = blocks(context(site))["custom.module/twin"]
    assert (live.local_id, live.fields["info"]) == ("custom/twin", None)

    block.update(ctx, live, changed(live, title="T"))

    assert block_rows(site, "custom", "twin")[0][6] == "T"


def test_a_block_of_a_module_that_moves_leaves_the_old_one_at_its_defaults(site: Site, ctx: Context) -> None:
    live = blocks(ctx)["user/login"]

    new = module_block("user/new", placements=live.fields["placements"])
    block.update(ctx, live, replace(new, local_id=live.local_id))

    assert [row[:3] for row in block_rows(site, "user", "new")] == [("bartik", 1, "content"), ("seven", 1, "content")]
    assert block_rows(site, "user", "login")[0][:4] == ("bartik", 0, "-1", 0)


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param("UPDATE {block_custom} SET info = 'Renamed' WHERE bid = 3", id="renamed"),
        pytest.param("UPDATE {block_custom} SET body = 'New' WHERE bid = 3", id="rewritten"),
    ],
)
def test_a_key_stays_when_a_block_is_renamed_or_rewritten(site: Site, sql: str) -> None:
    before = blocks(context(site))
    tree = [changed(item, title="") for item in before.values()]
    site.execute(sql)

    after = blocks(context(site, Remembered(tree, rows=before.values())))

    assert [(item.key, item.local_id) for item in after.values() if item.key == FOOTER] == [(FOOTER, 3)]


def test_a_row_that_only_shares_its_slug_with_an_item_of_the_tree_is_that_item(site: Site) -> None:
    tree = [custom("footer-notice", "Small print", body="New")]

    assert blocks(context(site, Remembered(tree)))[FOOTER].local_id == 3


def test_a_remembered_row_is_known_by_its_heading_alone(site: Site) -> None:
    site.execute("UPDATE {block} SET title = 'Hours' WHERE delta = '3'")
    known = [changed(item) for item in blocks(context(site)).values()]
    rows = list(blocks(context(site)).values())
    site.execute("UPDATE {block_custom} SET info = 'New', body = 'New' WHERE bid = 3")

    assert FOOTER in blocks(context(site, Remembered(known, rows)))
    assert FOOTER not in blocks(context(site, Remembered(known)))  # of another site it says nothing


def test_names_that_make_one_slug_get_numbers_in_the_order_of_their_ids(site: Site) -> None:
    site.execute("INSERT INTO {block_custom} (bid, info) VALUES (8, 'Twin!'), (9, 'TWIN')")

    found = blocks(context(site))

    assert {key: found[key].local_id for key in found if "twin" in key} == {
        "custom/twin": 4,
        "custom/twin-2": 8,
        "custom/twin-3": 9,
    }


def test_a_custom_block_that_moved_is_known_by_its_name(ctx: Context) -> None:
    found = blocks(ctx)

    assert block.likeness(found[FOOTER]) == block.likeness(custom("other", "Footer notice"))
    assert block.likeness(found["user/login"]) is None


def test_every_row_of_a_block_is_locked(ctx: Context) -> None:
    block.lock(ctx, (item for item in blocks(ctx).values()))
