"""A block whose rows do not agree: themes that were off meanwhile have their own idea of its heading."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.kinds import Item, block
from drupalsync.site import Site
from drupalsync.tree import same
from support.blocks import block_rows, blocks, changed, context, custom, make_site

FOOTER = {"region": "footer", "weight": 0}
OFF = {"region": "none", "weight": 0}


@pytest.fixture
def site(tmp_path: Path) -> Site:
    """Twin stands in the footer of bartik as `Latest`; seven and garland, back on, know of no heading."""
    site = make_site(tmp_path / "site.sqlite")
    site.execute("UPDATE {system} SET status = 1 WHERE name = 'garland'")
    site.execute(
        "UPDATE {block} SET title = 'Latest', status = 1, region = 'footer' WHERE delta = '4' AND theme = 'bartik'"
    )
    return site


def twin(site: Site) -> Item:
    return blocks(context(site))["custom/twin"]


def tree(**fields: Any) -> Item:
    """Twin as a site without garland told of it."""
    return custom("twin", "Twin", **{"body": "Twin", "title": "Latest", "placements": {"bartik": FOOTER}, **fields})


def titles(site: Site) -> list[str]:
    """Of bartik, garland and seven."""
    return [row[6] for row in block_rows(site, "block", "4")]


def test_most_of_the_rows_say_what_holds_for_all_themes(site: Site) -> None:
    assert twin(site).fields["title"] == ""
    assert twin(site).fields["placements"] == {"bartik": {**FOOTER, "title": "Latest"}, "garland": OFF, "seven": OFF}


def test_two_ways_to_tell_the_same_block_are_no_difference(site: Site) -> None:
    for item in (tree(), tree(placements={"bartik": FOOTER, "seven": {**OFF, "title": ""}})):
        assert same(block.fill(item, twin(site)).fields, twin(site).fields)


def test_a_block_that_only_moves_leaves_the_headings_of_other_themes(site: Site) -> None:
    block.update(context(site), twin(site), changed(tree(placements={"bartik": {"region": "header", "weight": 2}})))

    assert titles(site) == ["Latest", "", ""]
    assert block_rows(site, "block", "4")[0][:4] == ("bartik", 1, "header", 2)


@pytest.mark.parametrize(
    ("fields", "title"),
    [
        pytest.param({"title": "Newest"}, "Newest", id="its heading"),
        pytest.param({"body": "Other"}, "Latest", id="its text"),
        pytest.param({"roles": ["editor"]}, "Latest", id="its roles"),
    ],
)
def test_a_block_that_is_configured_anew_gets_one_heading_in_all_themes(site: Site, fields: Any, title: str) -> None:
    item = tree(**fields)

    block.update(context(site), twin(site), item)

    assert titles(site) == [title] * 3
    assert same(block.fill(item, twin(site)).fields, twin(site).fields)


def test_a_heading_that_the_tree_gives_one_theme_stays_there(site: Site) -> None:
    item = tree(title="All", placements={"bartik": FOOTER, "seven": {**OFF, "title": "Seven"}})

    block.update(context(site), twin(site), item)

    assert titles(site) == ["All", "All", "Seven"]


def test_a_file_keeps_its_heading_where_other_themes_than_its_own_have_none(site: Site) -> None:
    document = block.dump([tree()], None)

    assert same(block.dump([twin(site)], document), document)


def test_a_file_gets_the_heading_that_its_themes_have_now(site: Site) -> None:
    document = block.dump([tree(title="Old")], None)

    written = block.dump([twin(site)], document)

    (back,) = block.load("", written)
    assert same(block.fill(back, twin(site)).fields, twin(site).fields)
