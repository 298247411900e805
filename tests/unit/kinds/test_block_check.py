"""What forbids writing a block."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.kinds import Context, Item, block
from support.blocks import blocks, context, custom, make_site, module_block


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return context(make_site(tmp_path / "site.sqlite"))


def told(ctx: Context, item: Item, *others: Item) -> list[str]:
    desired = {each.address: each for each in (item, *others)}
    return [f"{problem.what} | {problem.hint}" for problem in block.check(ctx, item, desired)]


def at(theme: str, region: str, **more: Any) -> dict[str, Any]:
    return {"placements": {theme: {"region": region, "weight": 0, **more}}}


def test_what_the_site_has_can_be_written(ctx: Context) -> None:
    for item in blocks(ctx).values():
        assert told(ctx, item) == []


@pytest.mark.parametrize(
    ("item", "what"),
    [
        pytest.param(
            custom("a", "A", roles=["editr"]), "role:editr is neither in the tree nor on this site", id="role"
        ),
        pytest.param(custom("a", "A", content_types=["story"]), "content_type:story", id="content type"),
        pytest.param(custom("a", "A", format="php_code"), "text_format:php_code", id="format"),
        pytest.param(custom("a", "A", pages={"show_on": ["node:page/x//*"]}), "node:page/x", id="page"),
        pytest.param(custom("a", "A", pages={"show_on": ["node/12"]}), "write the reference: node:page/about", id="id"),
        pytest.param(
            custom("a", "A", pages={"show_on": ["node/12*"]}), "the path node/12 names a row by its id", id="star"
        ),
        pytest.param(
            custom("a", "A", **at("bartik", "content", pages={"hide_on": ["node/9"]})), "node/9", id="own page"
        ),
        pytest.param(
            custom("a", "A", **at("bartik", "foter")), "no region 'foter' | did you mean footer?", id="region"
        ),
        pytest.param(custom("a", "A", **at("seven", "x")), "its regions: content, help", id="region unlike any"),
        pytest.param(custom("a", "A", **at("garland", "content")), "the theme garland is not enabled", id="theme"),
        pytest.param(custom("a", "A", **at("bartk", "content")), "did you mean bartik?", id="theme misspelt"),
        pytest.param(custom("a", ""), "needs an `info`", id="no info"),
        pytest.param(custom("a", "A" * 129), "the info has 129 characters; there is room for 128", id="long info"),
        pytest.param(custom("a", "A", title="A" * 256), "the title has 256 characters", id="long title"),
        pytest.param(custom("a", "A", extra={"css_class": "x"}), "has no column 'css_class'", id="column"),
        pytest.param(module_block("usr/login"), "the module usr is off on this site", id="module"),
        pytest.param(module_block(f"user/{'x' * 33}"), "a delta has at most 32 characters, this one 33", id="delta"),
        pytest.param(module_block("menu/menu-x"), "menu:menu-x", id="menu"),
        pytest.param(module_block("aggregator/feed-X"), "aggregator_feed:X", id="feed"),
    ],
)
def test_one_thing_wrong_is_one_problem(ctx: Context, item: Item, what: str) -> None:
    problems = told(ctx, item)

    assert len(problems) == 1
    assert what in problems[0]


def test_what_the_tree_will_create_may_be_referred_to(ctx: Context) -> None:
    item = custom("a", "A", roles=["boss"], pages={"show_on": ["node:page/new", "node:page/new*", "node:page/new//*"]})
    new = [Item(kind=kind, key=key, fields={}) for kind, key in (("role", "boss"), ("node", "page/new"))]

    assert told(ctx, item, *new) == []


def test_two_custom_blocks_of_a_tree_have_two_names(ctx: Context) -> None:
    assert (
        "block:custom/a and block:custom/b have the same info, 'A'" in told(ctx, custom("a", "A"), custom("b", "A"))[0]
    )


def test_a_region_may_be_anything_where_the_row_contradicts_itself(ctx: Context) -> None:
    assert told(ctx, custom("a", "A", **at("bartik", "", status=1))) == []


def test_a_block_may_be_off_in_a_theme_that_is_not_there(ctx: Context) -> None:
    assert told(ctx, custom("a", "A", **at("olivero", "none"))) == []


def test_a_site_without_the_module_has_no_blocks_and_takes_none(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site.sqlite")
    for table in ("block", "block_custom", "block_role", "block_node_type"):
        site.execute(f"DROP TABLE {{{table}}}")
    site.tables_changed()
    ctx = context(site)

    assert blocks(ctx) == {}
    (problem,) = block.check(ctx, custom("x", "X"), {})
    assert "needs the module block" in problem.what
