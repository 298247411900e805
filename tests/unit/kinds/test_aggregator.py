"""Feeds and categories of the aggregator: with their links, and their blocks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.errors import Problems
from drupalsync.kinds import Item, all_kinds
from drupalsync.kinds.references import path_in, path_out
from drupalsync.kinds.secrets import secret_paths
from drupalsync.plan import moves
from drupalsync.site import Site
from support.small_site import (
    as_file,
    change,
    item,
    live,
    message,
    put,
    queries,
    refused,
    rename,
    run_on,
    small_site,
    take_away,
    told,
)

BLOCK = {"bartik": {"region": "footer", "weight": 3}}


def category(key: str = "News", **fields: Any) -> Item:
    return item("aggregator_category", key, **{"block": 5, **fields})


def feed(key: str = "Planet", *categories: str, **fields: Any) -> Item:
    said = {"url": "http://planet.example.org/rss", "refresh": 3600, "block": 5}
    return item("aggregator_feed", key, **{**said, "categories": {name: {} for name in categories}, **fields})


def block(key: str, **placements: Any) -> Item:
    return item("block", f"aggregator/{key}", placements=placements or BLOCK)


def links(site: Site) -> list[tuple[Any, ...]]:
    return site.rows(
        "SELECT menu_name, link_path, router_path, link_title, module, plid, depth, p1 - mlid FROM {menu_links} ORDER BY mlid"
    )


def test_a_new_category_gets_its_link(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category("Ärger & Co"))
    assert site.rows("SELECT * FROM {aggregator_category}") == [(1, "Ärger & Co", "", 5)]
    assert links(site) == [
        ("navigation", "aggregator/categories/1", "aggregator/categories/%", "Ärger & Co", "aggregator", 0, 1, 0)
    ]
    assert "links:navigation:" in {entry.cid for entry in site.caches.stale()}


def test_a_category_that_gets_another_name_renames_its_link(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category())
    rename(run_on(site), "aggregator_category", "News", "Neues")
    assert [(link[1], link[3]) for link in links(site)] == [("aggregator/categories/1", "Neues")]


def test_but_not_one_that_somebody_named(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category())
    site.execute("UPDATE {menu_links} SET customized = 1, link_title = 'All the news'")
    rename(run_on(site), "aggregator_category", "News", "Neues")
    assert [link[3] for link in links(site)] == ["All the news"]


def test_a_new_feed_is_the_row_that_its_form_makes(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category("News"), category("A/B"), feed("Planet", "News", "A/B"))
    assert site.rows("SELECT * FROM {aggregator_feed}") == [
        (1, "Planet", "http://planet.example.org/rss", 3600, 0, 0, "", "", "", "", "", 0, 5)
    ]
    assert site.rows("SELECT fid, cid FROM {aggregator_category_feed} ORDER BY cid") == [(1, 1), (1, 2)]
    assert live(run_on(site), "aggregator_feed")["Planet"].fields["categories"] == {"News": {}, "A/B": {}}


def test_what_the_last_reading_found_stays(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), feed())
    site.execute("UPDATE {aggregator_feed} SET checked = 99, hash = 'abc', link = 'http://planet.example.org'")
    put(run_on(site), feed(refresh=900))
    assert site.rows("SELECT refresh, checked, hash, link FROM {aggregator_feed}") == [
        (900, 99, "abc", "http://planet.example.org")
    ]
    assert "hash" not in as_file(live(run_on(site), "aggregator_feed")["Planet"])


def test_a_category_that_a_feed_keeps_keeps_its_row_under_another_name(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category(), feed("Planet", "News"))
    ctx = run_on(site)
    before = live(ctx, "aggregator_feed")["Planet"]
    rename(ctx, "aggregator_category", "News", "Neues")
    change(ctx, before, feed("Planet", "Neues"))
    assert site.rows("SELECT fid, cid FROM {aggregator_category_feed}") == [(1, 1)]


def test_a_feed_and_its_block_are_made_together(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), feed(), block("feed-Planet"))
    assert site.rows("SELECT module, delta, region, weight FROM {block} WHERE theme = 'bartik'") == [
        ("aggregator", "feed-1", "footer", 3)
    ]


def test_a_feeds_block_moves_along_and_stays_where_it_is(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), feed(), block("feed-Planet"))
    rows = site.rows("SELECT * FROM {block} ORDER BY bid")
    ctx = run_on(site)
    before = live(ctx, "block")["aggregator/feed-Planet"]
    rename(ctx, "aggregator_feed", "Planet", "Moon")
    change(ctx, before, item("block", "aggregator/feed-Moon", **before.fields))
    assert site.rows("SELECT * FROM {block} ORDER BY bid") == rows
    assert list(live(ctx, "block")) == ["aggregator/feed-Moon"]


def test_the_plan_knows_that_a_block_moves_along() -> None:
    vanished = [feed("Planet"), category("News", description="All"), block("feed-Planet"), block("category-News")]
    appeared = [feed("Moon"), category("Neues", description="All"), block("feed-Moon"), block("category-Neues")]
    assert moves(all_kinds(), vanished, appeared) == {
        "aggregator_feed:Moon": "aggregator_feed:Planet",
        "aggregator_category:Neues": "aggregator_category:News",
        "block:aggregator/feed-Moon": "block:aggregator/feed-Planet",
        "block:aggregator/category-Neues": "block:aggregator/category-News",
    }


def test_what_the_tree_tells_moves_a_block_along_too() -> None:
    told_so = {"aggregator_feed:Moon": "aggregator_feed:Planet"}
    assert moves(all_kinds(), [block("feed-Planet")], [block("feed-Moon")], told_so) == {
        "block:aggregator/feed-Moon": "block:aggregator/feed-Planet"
    }
    assert moves(all_kinds(), [block("feed-Planet")], [block("feed-Moon")]) == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("aggregator/sources/1", "aggregator_feed:Planet"),
        ("aggregator/categories/1/configure", "aggregator_category:A/B//configure"),
        ("aggregator/categories/9", "aggregator_category:missing/9"),
        ("aggregator/sources", "aggregator/sources"),
        ("aggregator/rss/1", "aggregator/rss/1"),
    ],
)
def test_a_path_to_their_pages_is_a_reference(tmp_path: Path, path: str, text: str) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category("A/B"), feed())
    ctx = run_on(site)
    assert path_out(ctx, path) == text
    if "missing" not in text:
        assert path_in(ctx, text, where="") == path


def test_with_a_feed_go_its_items_and_its_block(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category(), feed("Planet", "News"), block("feed-Planet"))
    site.execute("INSERT INTO {aggregator_item} (fid, title) VALUES (1, 'a'), (1, 'b')")
    site.execute("INSERT INTO {aggregator_category_item} VALUES (1, 1), (2, 1)")
    assert take_away(run_on(site), "aggregator_feed", "Planet") == ["2 items of the feed Planet"]
    for table in (
        "aggregator_feed",
        "aggregator_category_feed",
        "aggregator_item",
        "aggregator_category_item",
        "block",
    ):
        assert site.rows(f"SELECT * FROM {{{table}}}") == [], table
    assert len(live(run_on(site), "aggregator_category")) == 1


def test_with_a_category_go_its_link_its_block_and_what_is_filed_under_it(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category(), category("Other"), feed("Planet", "News", "Other"), block("category-News"))
    site.execute("INSERT INTO {aggregator_category_item} VALUES (1, 1), (1, 2)")
    assert take_away(run_on(site), "aggregator_category", "News") == ["1 item of feeds lose the category News"]
    assert [link[3] for link in links(site)] == ["Other"]
    assert site.rows("SELECT * FROM {block}") == []
    assert site.rows("SELECT fid, cid FROM {aggregator_category_feed}") == [(1, 2)]
    assert site.rows("SELECT * FROM {aggregator_category_item}") == [(1, 2)]


def test_neither_goes_while_the_tree_needs_it(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category(), feed("Planet", "News"))
    ctx = run_on(site, feed("Planet", "News"), block("category-News"), block("feed-Planet"))
    with pytest.raises(Problems) as of_category:
        take_away(ctx, "aggregator_category", "News")
    assert refused(of_category.value) == [
        message(
            f"aggregator_category:News cannot go: {other} needs it",
            f"{other.partition(':')[0]}.yml",
            "take it out there, too, or put the category back",
        )
        for other in ("aggregator_feed:Planet", "block:aggregator/category-News")
    ]
    with pytest.raises(Problems, match="cannot go: block:aggregator/feed-Planet needs it"):
        take_away(ctx, "aggregator_feed", "Planet")


def test_reading_takes_as_many_queries_for_a_hundred_feeds_as_for_one(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category(), feed("Planet", "News"))
    ctx = run_on(site)
    one = queries(site, lambda: live(ctx, "aggregator_feed"))
    put(run_on(site), *(feed(f"F{number}", "News", url=f"http://a.example.org/{number}") for number in range(100)))
    ctx = run_on(site)
    assert queries(site, lambda: live(ctx, "aggregator_feed")) == one


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        pytest.param(
            feed(url="planet.example.org"),
            message(
                "the url of aggregator_feed:Planet is no address to read from",
                "aggregator_feed.yml url",
                "url: http://www.example.org/feed.xml",
            ),
            id="url",
        ),
        pytest.param(
            feed(block=21), message("block is 21, and Drupal knows 0 to 20", "aggregator_feed.yml block"), id="block"
        ),
        pytest.param(
            feed(refresh=-1),
            message("refresh is -1, and Drupal knows 0 or more", "aggregator_feed.yml refresh"),
            id="refresh",
        ),
        pytest.param(
            feed("Planet", "Nws"),
            message(
                "aggregator_category:Nws is neither in the tree nor on this site",
                "aggregator_feed.yml categories/Nws",
                "create it on the site, correct the name (did you mean News?), or remove the reference",
            ),
            id="category",
        ),
        pytest.param(
            feed("x" * 256),
            message(
                "title has 256 characters; there is room for 255", "aggregator_feed.yml aggregator_feed", "shorten it"
            ),
            id="long",
        ),
        pytest.param(
            feed("Planet", "News", categories={"News": {"colour": 1}}),
            message(
                "{aggregator_category_feed} has no column colour on this site",
                "aggregator_feed.yml categories/News",
                "switch on the module that adds it, or take it out",
            ),
            id="column",
        ),
        pytest.param(
            category(block=-1),
            message("block is -1, and Drupal knows 0 to 20", "aggregator_category.yml block"),
            id="block of a category",
        ),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, wanted: Item, problem: str) -> None:
    site = small_site(tmp_path)
    put(run_on(site), category())
    assert told(run_on(site), wanted) == [problem]


@pytest.mark.parametrize(
    ("url", "secret"),
    [
        ("https://anna:hunter2x@example.org/rss", True),
        ("https://example.org/rss?lang=de&access_token=abcdef0123456789", True),
        ("https://example.org/private.atom?token=AAAABBBBCCCC", True),
        ("https://example.org/rss?api_key=[site:key]", False),
        ("https://example.org/rss?token=1", False),
        ("https://example.org/rss?tokens=all&category=abcdef0123456789", False),
    ],
)
def test_what_a_feed_is_read_with_is_a_secret(url: str, secret: bool) -> None:
    assert secret_paths(feed(url=url)) == ({("url",)} if secret else set())


def test_two_feeds_do_not_read_from_one_url(tmp_path: Path) -> None:
    assert told(run_on(small_site(tmp_path)), feed("B"), feed("A")) == [
        message(
            "aggregator_feed:A and aggregator_feed:B read from one url",
            "aggregator_feed.yml url",
            "delete one of the two, or give it another url",
        )
    ]
