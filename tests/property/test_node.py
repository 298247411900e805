"""Laws of a node's values: what a file says is what the site has, whatever that is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from unittest.mock import Mock

from hypothesis import given
from hypothesis import strategies as st

from drupalsync.kinds._node_alias import _rewritten
from drupalsync.kinds._node_fields import decimal_text
from drupalsync.kinds._node_file import (
    dump_aliases,
    dump_values,
    is_time,
    load_aliases,
    load_values,
    ordered,
    time_text,
    unix_time,
)
from drupalsync.kinds._text_links import links_in, links_out
from drupalsync.kinds.fields import same_tree
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit

REFERENCES = st.sampled_from(
    ["file:public://a b.png", "term:tags/x/y", "node:page/a", "user:", "user:Zoë Ünal", "term:"]
)
CELLS = st.one_of(
    st.integers(-(2**31), 2**31),
    st.floats(allow_nan=False),
    st.text("aé: \n1-", max_size=8),
    REFERENCES,
    st.binary(max_size=4),
)
COLUMNS = st.sampled_from(
    ["value", "format", "fid", "tid", "nid", "uid", "target_id", "file", "term", "node", "user", "columns", "languages"]
)
ITEMS = st.dictionaries(COLUMNS, CELLS, min_size=1, max_size=4)
LANGUAGES = st.sampled_from(["und", "de", "en"])
FIELDS = st.dictionaries(LANGUAGES, st.lists(ITEMS, min_size=1, max_size=3), min_size=1, max_size=2)
VALUES = st.dictionaries(st.sampled_from(["body", "field_a", "languages", "columns"]), FIELDS, max_size=3)
ALIASES = st.lists(st.sampled_from("abcd"), max_size=5)
PIECES = st.sampled_from(
    [
        '="',
        '="/node:page/a"',
        '="/node/12"',
        '"',
        "/",
        "node/12",
        "node/13",
        "node/9",
        "taxonomy/term/3",
        "node:",
        "page/a",
        "term:",
        "tags/x",
        "::",
        "//",
        "?q=",
        "#",
        "'",
        "=",
        " ",
    ]
)
KEYS = {("node", 12): "page/a", ("node", 13): "page/a-2", ("term", 3): "tags/x y"}


def site() -> Any:
    ctx = Mock()
    ctx.keys.key = lambda kind, local_id: KEYS.get((kind, local_id))
    ctx.keys.local_id = lambda kind, key: {(known[0], name): known[1] for known, name in KEYS.items()}.get((kind, key))
    return ctx


@given(values=VALUES)
def test_field_values_come_back_from_their_file_as_they_were(values: Any) -> None:
    as_text = {
        name: {
            code: [{c: _utf8_is_text(v) for c, v in item.items()} for item in items] for code, items in field.items()
        }
        for name, field in values.items()
    }
    written = parse(emit({"fields": dump_values(as_text)}), where="test")
    assert isinstance(written, dict)
    assert same_tree(load_values(written["fields"], ()), as_text)


def _utf8_is_text(value: Any) -> Any:
    """The value model has no bytes that are UTF-8."""
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


@given(rows=ALIASES, wanted=st.lists(st.sampled_from("abcd"), max_size=4, unique=True))
def test_aliases_become_the_wanted_ones_in_the_wanted_order(rows: list[str], wanted: list[str]) -> None:
    becomes = _rewritten(rows, wanted)
    assert len(becomes) >= len(rows)
    assert None not in becomes[len(rows) :]
    left = [{"alias": alias, "language": "de"} for alias in becomes if alias is not None]
    assert [alias["alias"] for alias in ordered(left)] == wanted


@given(rows=ALIASES)
def test_aliases_that_are_right_already_stay_in_their_rows(rows: list[str]) -> None:
    wanted = [alias["alias"] for alias in ordered([{"alias": alias, "language": "de"} for alias in rows])]
    assert _rewritten(rows, wanted) == rows


@given(
    aliases=st.lists(st.fixed_dictionaries({"alias": st.text(max_size=3), "language": LANGUAGES}), max_size=4),
    own=LANGUAGES,
)
def test_aliases_come_back_from_their_file(aliases: list[dict[str, str]], own: str) -> None:
    assert load_aliases(dump_aliases(ordered(aliases), own), own) == ordered(aliases)


@given(pieces=st.lists(PIECES, max_size=12))
def test_links_in_a_text_come_back_as_they_were(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert links_in(site(), links_out(site(), text)) == text


@given(seconds=st.integers(-62135596800, 253402300799))
def test_a_time_comes_back_to_the_second(seconds: int) -> None:
    text = time_text(seconds)
    assert is_time(text)
    assert unix_time(text) == seconds


@given(
    number=st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=4),
    scale=st.integers(0, 4),
)
def test_a_decimal_keeps_its_value_and_has_one_way_to_be_written(number: Decimal, scale: int) -> None:
    text = decimal_text(str(number), scale)
    assert Decimal(text) == number
    assert decimal_text(text, scale) == text == decimal_text(f"{number:.6f}", scale)
    assert len(text.partition(".")[2]) >= scale
