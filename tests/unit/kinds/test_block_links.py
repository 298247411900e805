"""Links in the text of a custom block: no local id is in a file, and none of another site gets into a row."""

from __future__ import annotations

from pathlib import Path

import pytest

from drupalsync.kinds import Context, block
from drupalsync.site import Site
from support.blocks import Remembered, blocks, changed, context, custom, make_site

ON_THE_SITE = '<a href="/node/12/edit">a</a> <a href="/node/99">b</a> <a href="http://example.org/node/12">c</a>'
IN_THE_TREE = (
    '<a href="/node:page/about//edit">a</a> <a href="/node/99">b</a> <a href="http://example.org/node/12">c</a>'
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = make_site(tmp_path / "site.sqlite")
    site.execute("UPDATE {block_custom} SET body = ? WHERE bid = 3", [ON_THE_SITE])
    return site


@pytest.fixture
def ctx(site: Site) -> Context:
    return context(site)


def body(site: Site, bid: int) -> object:
    return site.rows("SELECT body FROM {block_custom} WHERE bid = ?", [bid])[0][0]


def test_a_link_to_a_node_is_read_by_its_name(ctx: Context) -> None:
    assert blocks(ctx)["custom/footer-notice"].fields["body"] == IN_THE_TREE


def test_a_block_is_known_by_its_text_on_a_site_with_other_ids(site: Site, ctx: Context) -> None:
    known = [changed(blocks(ctx)["custom/footer-notice"])]
    site.execute("UPDATE {block_custom} SET info = 'Renamed' WHERE bid = 3")

    assert blocks(context(site, Remembered(known)))["custom/footer-notice"].local_id == 3


def test_a_link_is_written_with_the_id_that_the_site_has(site: Site, ctx: Context) -> None:
    text = '<a href="/node:page/team">T</a>'

    bid = block.create(ctx, custom("new", "New", body=text))
    live = blocks(ctx)["custom/footer-notice"]
    block.update(ctx, live, changed(live, body=text))

    assert body(site, int(bid)) == body(site, 3) == '<a href="/node/13">T</a>'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            '<a href="/node/12">x</a>', "write the reference: node:page/about", id="an id that is somebody's here"
        ),
        pytest.param('<a href="/node:page/gone">x</a>', "node:page/gone is neither", id="a node that is nowhere"),
    ],
)
def test_a_link_that_would_lead_astray_is_refused(ctx: Context, text: str, said: str) -> None:
    item = custom("new", "New", body=text)

    (problem,) = block.check(ctx, item, {item.address: item})

    assert said in str(problem)
    assert problem.where.endswith("body")
