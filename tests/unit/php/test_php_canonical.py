"""same, canonical, uncanonical: typed equality, and the bytes that stand for it."""

from __future__ import annotations

import math

import pytest

from drupalsync.php import (
    PhpObject,
    PhpSerialized,
    PhpSyntaxError,
    PhpValueError,
    Value,
    canonical,
    encode,
    same,
    uncanonical,
)

# No two of these are the same value to PHP, though Python's == takes many for equal.
DIFFERENT: list[Value] = [
    None, False, 0, 0.0, -0.0, "", "0", [], [[]], [0], [None], ["0"], {"a": 1}, {"a": 1.0}, {"a": True}, {"b": 1},
    {1: "x"}, {2: "x"}, True, 1, 1.0, "1", [1], [1, 2], [2, 1], {1: 2, 0: 1}, math.nan, math.inf, -math.inf,
    b"\xff", b"\xfe", {b"\xff": 1}, "ÿ", "N", "i1;", PhpObject("A"), PhpObject("B"), PhpObject("A", {"a": 1}),
    PhpObject("A", {"a": 1.0}), PhpObject("A", {0: 1}), PhpObject("A", {"0": 1}), PhpSerialized(b"N"),
    PhpSerialized(b"i1;"), [1, [2]], [[1], 2], [[1, 2]], {"a": {"b": 1}}, {"a": "b"}, ["a", "b"],
]  # fmt: skip


@pytest.mark.parametrize("index", range(len(DIFFERENT)), ids=lambda index: repr(DIFFERENT[index]))
def test_values_that_php_tells_apart_are_not_the_same(index: int) -> None:
    value, others = DIFFERENT[index], DIFFERENT[:index] + DIFFERENT[index + 1 :]
    assert [other for other in others if same(value, other) or canonical(value) == canonical(other)] == []


@pytest.mark.parametrize("value", DIFFERENT, ids=repr)
def test_a_value_is_the_same_as_itself_and_as_what_is_read_back(value: Value) -> None:
    assert same(value, value)
    assert same(uncanonical(canonical(value)), value)


SAME = [
    pytest.param({"a": 1, "b": 2}, {"b": 2, "a": 1}, id="order of keys"),
    pytest.param({"a": 1, 7: 2, b"\xff": 3}, {b"\xff": 3, 7: 2, "a": 1}, id="order of keys of several types"),
    pytest.param(PhpObject("A", {"a": 1, "b": 2}), PhpObject("A", {"b": 2, "a": 1}), id="order of properties"),
    pytest.param({}, [], id="an empty array"),
    pytest.param([{0: "a", 1: "b"}], [["a", "b"]], id="a dict that is a list to PHP"),
    pytest.param(float("nan"), math.nan, id="not a number"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_what_php_does_not_tell_apart_is_the_same(a: Value, b: Value) -> None:
    assert same(a, b)
    assert canonical(a) == canonical(b)


def test_a_dict_with_a_list_s_keys_out_of_order_is_not_read_back_as_a_list() -> None:
    value: Value = {1: "b", 2: "c", 0: "a"}
    back = uncanonical(canonical(value))
    assert isinstance(back, dict)
    assert encode(back).startswith(b"a:3:{i:2;")


def test_a_value_of_any_depth_that_php_has_can_be_compared() -> None:
    value: Value = None
    for _ in range(300):
        value = [value]
    assert same(value, value)
    assert same(uncanonical(canonical(value)), value)


@pytest.mark.parametrize(
    "value",
    [(1,), 2**63, "\ud800", {True: 1}, {"a": {None: 1}}],
    ids=["tuple", "int beyond 64 bits", "half a surrogate pair", "bool as key", "null as key"],
)
def test_error_what_is_no_value_has_no_canonical_form(value: Value) -> None:
    with pytest.raises(PhpValueError):
        canonical(value)


BROKEN = [
    pytest.param(b"", 0, id="nothing"),
    pytest.param(b"NN", 1, id="two values"),
    pytest.param(b"z", 0, id="no such letter"),
    pytest.param(b"s9:abc", 3, id="text past the end"),
    pytest.param(b"s1:\xff", 3, id="text that is not UTF-8"),
    pytest.param(b"a999999999:", 11, id="absurd count"),
    pytest.param(b"a2:Nz", 4, id="an item that is none"),
    pytest.param(b"m1:NN", 3, id="null as key"),
    pytest.param(b"o0:i1;", 3, id="an int as class"),
    pytest.param(b"d0x;", 0, id="no float"),
    pytest.param(b"i" + b"9" * 9999 + b";", 0, id="an int of 9999 digits"),
]


@pytest.mark.parametrize(("data", "offset"), BROKEN)
def test_error_bytes_that_canonical_did_not_write(data: bytes, offset: int) -> None:
    with pytest.raises(PhpSyntaxError) as caught:
        uncanonical(data)
    assert caught.value.offset == offset
