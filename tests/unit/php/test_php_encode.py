"""encode: what PHP 7.1 and later write, and a refusal of what PHP cannot hold."""

from __future__ import annotations

import pytest

from drupalsync.php import PhpObject, PhpSerialized, PhpValueError, Value, encode

# As PHP 8.2 wrote them, with serialize_precision = -1.
FLOATS = [
    (0.0, b"0"),
    (-0.0, b"-0"),
    (100000.0, b"100000"),
    (0.1 + 0.2, b"0.30000000000000004"),
    (0.0001, b"0.0001"),
    (0.000123, b"0.000123"),
    (0.00001, b"1.0E-5"),
    (-1.5e-7, b"-1.5E-7"),
    (1e15, b"1000000000000000"),
    (1e15 + 0.5, b"1000000000000000.5"),
    (9007199254740993.0, b"9007199254740992"),
    (1e16, b"10000000000000000"),
    (-1.2345678901234568e16, b"-12345678901234568"),
    (99999999999999984.0, b"99999999999999980"),
    (1e17, b"1.0E+17"),
    (123456789012345678.0, b"1.2345678901234568E+17"),
    (1.7976931348623157e308, b"1.7976931348623157E+308"),
    (5e-324, b"5.0E-324"),
    (float("nan"), b"NAN"),
    (float("inf"), b"INF"),
    (float("-inf"), b"-INF"),
]


@pytest.mark.parametrize(("number", "text"), FLOATS, ids=[text.decode() for _, text in FLOATS])
def test_a_float_is_written_as_php_writes_it(number: float, text: bytes) -> None:
    assert encode(number) == b"d:" + text + b";"


def test_a_dict_with_a_list_s_keys_is_written_as_the_list_that_php_sees() -> None:
    assert encode({0: "a", 1: "b"}) == encode(["a", "b"]) == b'a:2:{i:0;s:1:"a";i:1;s:1:"b";}'
    assert encode({}) == b"a:0:{}"


def test_a_dict_is_written_in_its_own_order() -> None:
    assert encode({"b": 1, 7: 2, "a": 3}) == b'a:3:{s:1:"b";i:1;i:7;i:2;s:1:"a";i:3;}'


def test_what_could_not_be_opened_is_written_as_it_was() -> None:
    assert encode(PhpSerialized(b"a:1:{i:0;R:1;}")) == b"a:1:{i:0;R:1;}"


def deep(levels: int) -> Value:
    value: Value = []
    for _ in range(levels - 1):
        value = [value]
    return value


REFUSED = [
    pytest.param({"5": 1}, "PHP has no array key '5', to it that is 5", id="a key that PHP reads as an int"),
    pytest.param({"-9223372036854775808": 1}, "PHP has no array key", id="the smallest int as a text key"),
    pytest.param(2**63, "an int beyond 64 bits", id="int too large"),
    pytest.param([-(2**63) - 1], "an int beyond 64 bits", id="int too small"),
    pytest.param({2**63: 1}, "an int beyond 64 bits", id="key too large"),
    pytest.param({True: 1}, "PHP has no key of type bool", id="bool as key"),
    pytest.param({None: 1}, "PHP has no key of type NoneType", id="null as key"),
    pytest.param((1, 2), "PHP has no tuple", id="tuple"),
    pytest.param("\ud800", "text with a lone surrogate", id="half a surrogate pair"),
    pytest.param({"\ud800": 1}, "text with a lone surrogate", id="half a surrogate pair as key"),
    pytest.param([PhpSerialized(b"R:1;")], "stands inside another value", id="a reference that would lead elsewhere"),
    pytest.param(PhpObject("A B"), "PHP has no class 'A B'", id="no class name"),
    pytest.param(PhpObject("A", {5: 1, "5": 2}), "has a property twice", id="a property twice"),
    pytest.param(deep(257), "nested deeper than 256 levels", id="deeper than decode would read"),
]


@pytest.mark.parametrize(("value", "message"), REFUSED)
def test_error_what_php_cannot_hold(value: Value, message: str) -> None:
    with pytest.raises(PhpValueError, match=message):
        encode(value)
