"""decode: what PHP writes is opened to the byte, what it would not write is an error with an offset."""

from __future__ import annotations

import math

import pytest

from drupalsync.php import PhpDepthError, PhpObject, PhpSerialized, PhpSyntaxError, Value, decode, encode, same

OPENED = [
    pytest.param(b"N;", None, id="null"),
    pytest.param(b"b:1;", True, id="true"),
    pytest.param(b"i:-9223372036854775808;", -(2**63), id="the smallest int"),
    pytest.param(b"i:9223372036854775807;", 2**63 - 1, id="the largest int"),
    pytest.param(b"d:0.1;", 0.1, id="float"),
    pytest.param(b"d:-0;", -0.0, id="minus zero"),
    pytest.param(b"d:1;", 1.0, id="a whole float"),
    pytest.param(b"d:1.0E+25;", 1e25, id="float with an exponent"),
    pytest.param(b"d:-1.5E-7;", -1.5e-7, id="float with a negative exponent"),
    pytest.param(b"d:INF;", math.inf, id="infinity"),
    pytest.param(b"d:-INF;", -math.inf, id="minus infinity"),
    pytest.param(b"d:NAN;", math.nan, id="not a number"),
    pytest.param(b's:0:"";', "", id="empty string"),
    pytest.param(b's:7:"a";s:"b";', 'a";s:"b', id="a string that looks like its own end"),
    pytest.param('s:2:"ü";'.encode(), "ü", id="lengths count bytes"),
    pytest.param(b's:2:"\xff\x00";', b"\xff\x00", id="bytes that are not UTF-8"),
    pytest.param(b"a:0:{}", [], id="empty array"),
    pytest.param(b'a:2:{i:0;i:1;i:1;s:1:"1";}', [1, "1"], id="list"),
    pytest.param(b"a:2:{i:1;i:1;i:0;i:2;}", {1: 1, 0: 2}, id="keys out of order are no list"),
    pytest.param(b"a:1:{i:1;N;}", {1: None}, id="keys from 1 are no list"),
    pytest.param(b'a:2:{s:2:"05";i:1;s:2:"-0";i:2;}', {"05": 1, "-0": 2}, id="keys that only look like ints"),
    pytest.param(b'a:1:{s:19:"9223372036854775808";i:1;}', {"9223372036854775808": 1}, id="a key too large for an int"),
    pytest.param(b'a:1:{s:1:"\xff";i:1;}', {b"\xff": 1}, id="a key that is not UTF-8"),
    pytest.param(b'O:8:"stdClass":0:{}', PhpObject("stdClass"), id="empty object"),
    pytest.param(
        b'O:3:"A\\B":3:{s:1:"a";i:1;s:4:"\0*\0b";i:2;s:6:"\0A\\B\0c";i:3;}',
        PhpObject("A\\B", {"a": 1, "\0*\0b": 2, "\0A\\B\0c": 3}),
        id="public, protected and private properties",
    ),
    pytest.param(b'O:1:"A":2:{i:0;i:1;s:1:"5";i:2;}', PhpObject("A", {0: 1, "5": 2}), id="properties named by numbers"),
]


@pytest.mark.parametrize(("data", "value"), OPENED)
def test_what_php_writes_is_opened_and_written_back_to_the_byte(data: bytes, value: Value) -> None:
    assert same(decode(data), value)
    assert encode(decode(data)) == data


def test_a_float_of_php_5_reads_as_the_same_number() -> None:
    assert decode(b"d:0.10000000000000001;") == 0.1
    assert decode(b"d:1.0000000000000001E+25;") == 1e25


def test_an_array_in_php_s_order_stays_in_that_order() -> None:
    value = decode(b'a:3:{s:1:"b";i:1;i:7;i:2;s:1:"a";i:3;}')
    assert isinstance(value, dict)
    assert list(value) == ["b", 7, "a"]


KEPT_WHOLE = [
    pytest.param(b"a:2:{i:0;i:1;i:1;R:2;}", id="reference"),
    pytest.param(b"a:1:{i:0;R:1;}", id="reference to the array around it"),
    pytest.param(b'a:2:{i:0;O:8:"stdClass":0:{}i:1;r:2;}', id="the same object twice"),
    pytest.param(b'a:3:{i:0;O:8:"stdClass":0:{}i:1;r:2;i:2;r:3;}', id="an object named by way of its second place"),
    pytest.param(b'O:8:"stdClass":1:{s:1:"a";r:1;}', id="an object in itself"),
    pytest.param(b'C:3:"Foo":2:{}}}', id="payload that looks like its own end"),
    pytest.param(b'a:2:{i:0;C:3:"Foo":4:{i:1;}i:1;R:3;}', id="a reference that may lead into a payload"),
    pytest.param(b'E:6:"Suit:A";', id="enum"),
    pytest.param(b'a:2:{i:0;E:6:"Suit:A";i:1;r:2;}', id="the same enum twice"),
    pytest.param(rb'S:3:"a\41b";', id="escaped string"),
    pytest.param(rb'a:1:{S:1:"\5c";i:1;}', id="escaped key"),
    pytest.param(b'a:2:{s:1:"a";i:1;s:1:"a";i:2;}', id="a key twice"),
    pytest.param(b'a:1:{s:1:"5";i:1;}', id="a key that PHP would write as an int"),
    pytest.param(b'a:1:{s:20:"-9223372036854775808";i:1;}', id="a key that is just within an int"),
    pytest.param(b'O:1:"A":2:{i:5;i:1;s:1:"5";i:2;}', id="a property twice, as int and as string"),
    pytest.param(b'O:1:"\xff":0:{}', id="a class whose name is not UTF-8"),
    pytest.param(b"a:1:{i:0;a:1:{i:0;a:2:{i:0;i:1;i:1;R:4;}}}", id="deep inside"),
]


@pytest.mark.parametrize("data", KEPT_WHOLE)
def test_what_cannot_be_opened_is_kept_whole(data: bytes) -> None:
    assert decode(data) == PhpSerialized(data)
    assert encode(decode(data)) == data


HOSTILE = [
    pytest.param(b"", "byte 0: cut short, a value is missing", id="nothing"),
    pytest.param(b's:99:"short";', "byte 6: string says 99 bytes, 7 are left", id="length past the end"),
    pytest.param(
        b's:3:"short";',
        'byte 8: "; expected after a string of 3 bytes, something else stands there',
        id="length too small",
    ),
    pytest.param(b's:5:"short', 'byte 10: "; expected after a string of 5 bytes, the data ends', id="no end mark"),
    pytest.param(
        b's:99999999999999999999:"x";', "byte 0: not the way PHP writes a value of type string", id="absurd length"
    ),
    pytest.param(
        b's:05:"short";', "byte 0: not the way PHP writes a value of type string", id="length with a leading zero"
    ),
    pytest.param(b's:-1:"";', "byte 0: not the way PHP writes a value of type string", id="negative length"),
    pytest.param(b"i:1;i:2;", "byte 4: data after the value", id="trailing data"),
    pytest.param(b"i:1;\n", "byte 4: data after the value", id="trailing newline"),
    pytest.param(b"i:+5;", "byte 0: not the way PHP writes a value of type int", id="plus sign"),
    pytest.param(b"i:007;", "byte 0: not the way PHP writes a value of type int", id="leading zeros"),
    pytest.param(b"i:-0;", "byte 0: not the way PHP writes a value of type int", id="minus zero as int"),
    pytest.param(
        b"i:1_0;", "byte 0: not the way PHP writes a value of type int", id="underscore, which Python's int() takes"
    ),
    pytest.param("i:٣;".encode(), "byte 0: not the way PHP writes a value of type int", id="a digit that is not ASCII"),
    pytest.param(b"i:9223372036854775808;", "byte 0: int beyond 64 bits", id="one too large"),
    pytest.param(b"i:" + b"9" * 5000 + b";", "byte 0: int beyond 64 bits", id="5000 digits"),
    pytest.param(b"a:1:{i:9223372036854775808;N;}", "byte 5: int beyond 64 bits", id="key one too large"),
    pytest.param(b"b:2;", "byte 0: not the way PHP writes a value of type bool", id="a bool of 2"),
    pytest.param(b"d:01.5;", "byte 0: not the way PHP writes a value of type float", id="float with a leading zero"),
    pytest.param(b"d:1e5;", "byte 0: not the way PHP writes a value of type float", id="small e"),
    pytest.param(b"d:-NAN;", "byte 0: not the way PHP writes a value of type float", id="minus NAN"),
    pytest.param(b"d:nan;", "byte 0: not the way PHP writes a value of type float", id="nan as Python writes it"),
    pytest.param(b"d:;", "byte 0: not the way PHP writes a value of type float", id="float without digits"),
    pytest.param(b"n;", "byte 0: no PHP value starts with 'n'", id="letters have a case"),
    pytest.param(b"\xff", "byte 0: no PHP value starts with 'ÿ'", id="a byte that is no letter"),
    pytest.param(b"a:-1:{}", "byte 0: not the way PHP writes a value of type array", id="negative count"),
    pytest.param(b"a:999999999:{}", "byte 2: the count says 999999999 items, 1 bytes are left", id="absurd count"),
    pytest.param(b"a:1:{i:0;}", "byte 2: the count says 1 items, 5 bytes are left", id="an item short"),
    pytest.param(
        b"a:1:{i:0;i:0;i:1;i:1;}",
        "byte 13: } expected after 1 items, something else stands there",
        id="an item too many",
    ),
    pytest.param(b"a:1:{i:0;i:17;", "byte 14: } expected after 1 items, the data ends", id="open array"),
    pytest.param(b"a:1:{b:1;i:0;}", "byte 5: a key is an int or a string", id="bool as key"),
    pytest.param(b"a:1:{R:1;i:0;}", "byte 5: a key is an int or a string", id="reference as key"),
    pytest.param(b"a:1:{x:1;i:0;}", "byte 5: no PHP value starts with 'x'", id="nonsense as key"),
    pytest.param(b"a:0:{};", "byte 6: data after the value", id="semicolon after an array"),
    pytest.param(b'O:0:"":0:{}', "byte 5: not a class name", id="class without a name"),
    pytest.param(b'O:3:"A B":0:{}', "byte 5: not a class name", id="class with a space"),
    pytest.param(b'O:2:"A\n":0:{}', "byte 5: not a class name", id="class with a newline at its end"),
    pytest.param(b'O:99:"A":0:{}', "byte 6: class name says 99 bytes, 7 are left", id="class name past the end"),
    pytest.param(b'O:1:"A":x:{}', "byte 7: the number of properties expected after a class name", id="no count"),
    pytest.param(b'O:1:"A":9:{}', "byte 8: the count says 9 items, 1 bytes are left", id="absurd count of properties"),
    pytest.param(b'C:3:"Foo":9:{ab}', "byte 13: payload says 9 bytes, 3 are left", id="payload past the end"),
    pytest.param(b'E:4:"Suit";', "byte 5: not an enum's class and case", id="enum without a case"),
    pytest.param(rb'S:1:"\4";', "byte 5: two hex digits expected after \\", id="half a hex escape"),
    pytest.param(b'S:9:"a";', "byte 5: string says 9 bytes, 3 are left", id="escaped string past the end"),
    pytest.param(b"R:1;", "byte 0: refers to value 1 of 0", id="reference to nothing"),
    pytest.param(b"a:1:{i:0;R:2;}", "byte 9: refers to value 2 of 1", id="reference to itself"),
    pytest.param(b"a:2:{i:0;i:1;i:1;R:0;}", "byte 17: refers to value 0 of 2", id="reference to value 0"),
    pytest.param(b"a:1:{i:0;r:2;}", "byte 9: refers to value 2 of 1", id="the same object as itself"),
    pytest.param(
        b"a:2:{i:0;i:1;i:1;r:2;}", "byte 17: refers to value 2, which is no object", id="the same object as an int"
    ),
]


@pytest.mark.parametrize(("data", "message"), HOSTILE)
def test_error_what_php_would_not_write(data: bytes, message: str) -> None:
    with pytest.raises(PhpSyntaxError) as caught:
        decode(data)
    assert str(caught.value) == message
    assert caught.value.offset == int(message.split()[1].rstrip(":"))


@pytest.mark.parametrize("data", [pytest.param(case.values[0], id=case.id) for case in [*OPENED, *KEPT_WHOLE]])
def test_a_value_cut_at_any_byte_is_a_syntax_error(data: bytes) -> None:
    for end in range(len(data)):
        with pytest.raises(PhpSyntaxError):
            decode(data[:end])


def nested(levels: int) -> bytes:
    return b"a:1:{i:0;" * levels + b"N;" + b"}" * levels


def test_depth_is_counted_in_arrays_and_objects() -> None:
    assert decode(nested(3), max_depth=3) == [[[None]]]
    with pytest.raises(PhpDepthError, match="byte 18: nested deeper than allowed"):
        decode(nested(3), max_depth=2)
    with pytest.raises(PhpDepthError):
        decode(b'O:1:"A":1:{i:0;a:0:{}}', max_depth=1)


def test_the_depth_that_is_allowed_can_be_read_and_written_back() -> None:
    assert encode(decode(nested(256))) == nested(256)
    with pytest.raises(PhpDepthError):
        decode(nested(257))


def test_a_depth_beyond_python_s_own_is_the_same_error() -> None:
    with pytest.raises(PhpDepthError, match="deeper than Python can follow"):
        decode(nested(100_000), max_depth=1_000_000)
