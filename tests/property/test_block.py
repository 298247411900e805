"""Laws of blocks: pages are exact, files are exact, and filling in settles."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drupalsync.kinds import Context, _block_pages, block
from drupalsync.kinds._block_shared import as_usual
from drupalsync.tree import same
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.blocks import context, custom, make_site

LINES = [
    "",
    " ",
    "<front>",
    "node/12",
    "node/12/*",
    "node/12*",
    "node/12/edit*",
    "node/12/",
    "node/13",
    "admin*",
    "*",
    "user/*",
]
breaks = st.sampled_from(["\r\n", "\n", "\r", "\r\n\r\n"])
pieces = st.one_of(
    st.sampled_from(LINES), st.text(st.characters(exclude_categories=["Cs"], exclude_characters=":"), max_size=4)
)
texts = st.lists(st.tuples(pieces, breaks), max_size=6).map(lambda parts: "".join(a + b for a, b in parts)) | st.lists(
    pieces, max_size=6
).map("\r\n".join)

regions = st.sampled_from(["none", "footer", "content"])
rules = st.one_of(
    st.fixed_dictionaries({"show_on": st.lists(st.sampled_from(["<front>", "a", "b*"]))}),
    st.fixed_dictionaries({"hide_on": st.lists(st.sampled_from(["<front>", "a\n"]), min_size=1)}),
    st.fixed_dictionaries({"php": st.text(st.characters(exclude_categories=["Cs"]), max_size=8)}),
)
placements = st.dictionaries(
    st.sampled_from(["bartik", "seven", "stark"]),
    st.fixed_dictionaries(
        {"region": regions, "weight": st.integers(-9, 9)}, optional={"title": st.sampled_from(["", "T"])}
    ),
)
items = st.builds(
    lambda **fields: custom("a", "A", **fields),
    title=st.sampled_from(["", "T", "<none>"]),
    pages=rules,
    roles=st.lists(st.sampled_from(["editor", "x"])),
    placements=placements,
).map(lambda item: next(block.load("", block.dump([item], None))))  # as a file settles it
lives = items.map(lambda item: replace(item, fields=as_usual(item.fields)))  # as a site is read


@pytest.fixture(scope="module")
def ctx() -> Iterator[Context]:
    with tempfile.TemporaryDirectory() as folder:
        yield context(make_site(Path(folder) / "site.sqlite"))


@given(visibility=st.sampled_from([0, 1, 2, 5]), text=texts)
@example(visibility=1, text="\r\n".join(LINES))
@example(visibility=0, text="\n".join(LINES))
def test_pages_read_back_to_the_byte(ctx: Context, visibility: int, text: str) -> None:
    pages: Any = _block_pages.from_row(ctx, visibility, text)

    assert same(_block_pages.settled(pages, ()), pages)
    assert _block_pages.to_row(ctx, pages, where="x") == (visibility, text)


@given(visibility=st.integers(0, 1), text=texts)
@example(visibility=1, text="\r".join(LINES))
def test_no_node_of_the_site_is_named_by_its_id(ctx: Context, visibility: int, text: str) -> None:
    (value,) = _block_pages.from_row(ctx, visibility, text).values()

    lines = value if isinstance(value, list) else re.split(r"[\r\n]", str(value))
    assert not [line for line in lines if re.fullmatch(r"node/1[23](/.*|\*)?", line)]


@given(item=items)
def test_a_file_reads_back(item: Any) -> None:
    document = parse(emit(block.dump([item], None)), where="x")
    (back,) = block.load("", document)

    assert same(back.fields, item.fields)
    assert same(block.dump([back], document), document)


@given(item=items, live=lives)
def test_filling_in_settles_and_keeps_what_the_tree_says(item: Any, live: Any) -> None:
    filled = block.fill(item, live)

    assert same(block.fill(filled, live).fields, filled.fields)
    assert same(block.fill(live, live).fields, live.fields)
    for theme, at in item.fields["placements"].items():
        assert filled.fields["placements"].get(theme, {"region": "none"})["region"] == at["region"]
    for theme in live.fields["placements"].keys() - item.fields["placements"].keys():
        assert filled.fields["placements"][theme]["region"] == live.fields["placements"][theme]["region"]


@given(old=items, new=lives)
def test_a_file_that_is_written_over_another_says_the_new_thing(old: Any, new: Any) -> None:
    document = block.dump([old], None)

    (back,) = block.load("", block.dump([new], document))

    assert same(block.fill(back, new).fields, new.fields)
