"""The tokens of PHP's serialize format, and what is said where the bytes are not one.

Source: php-src ext/standard/var.c (what is written), ext/standard/var_unserializer.re (what is read).
"""

from __future__ import annotations

import re
from typing import Final

INT_MIN: Final = -(2**63)
INT_MAX: Final = 2**63 - 1
MAX_DEPTH: Final = 256  # of nested arrays and objects
SMALLEST_ITEM: Final = len(b"i:0;N;")

# The numbers of the groups in TOKEN: one match says what starts here, and which number or text is in it.
STRING, INT, ARRAY, BOOL, NULL, FLOAT, OBJECT, ESCAPED, CUSTOM, ENUM, REFERENCE, SAME_OBJECT = range(1, 13)
_COUNT = rb"(0|[1-9][0-9]{0,17})"
TOKEN: Final = re.compile(
    rb's:%(n)s:"|i:(0|-?[1-9][0-9]{0,18});|a:%(n)s:\{|b:([01]);|(N);'
    rb"|d:(-?(?:(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:E[+-][0-9]+)?|INF)|NAN);"
    rb'|O:%(n)s:"|S:%(n)s:"|C:%(n)s:"|E:%(n)s:"|R:%(n)s;|r:%(n)s;' % {b"n": _COUNT}
)
COUNT_BRACE: Final = re.compile(rb":%b:\{" % _COUNT)  # after a class's name: how many properties, or bytes
CLASS_NAME: Final = re.compile(rb"[A-Za-z0-9_\x80-\xff](?:[A-Za-z0-9_\\\x80-\xff]*[A-Za-z0-9_\x80-\xff])?")

_NAMES: Final = {
    "s": "string",
    "i": "int",
    "a": "array",
    "b": "bool",
    "N": "null",
    "d": "float",
    "O": "object",
    "S": "escaped string",
    "C": "custom object",
    "E": "enum",
    "R": "reference",
    "r": "reference",
}
_LONG_INT: Final = re.compile(rb"i:-?[1-9][0-9]{18,};")
_LIKE_AN_INT: Final = re.compile(r"0|-?[1-9][0-9]{0,18}")


class PhpSyntaxError(ValueError):
    """The bytes are not one PHP-serialized value; `offset` is the byte at which that shows."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(f"byte {offset}: {what}")
        self.offset = offset
        self.what = what


class PhpDepthError(PhpSyntaxError):
    """The value is nested deeper than allowed."""


def is_int_key(text: str) -> bool:
    """Says whether PHP turns this string into an int where it is an array's key ('5', not '05').

    Source: php-src Zend/zend_hash.c:_zend_handle_numeric_str_ex
    """
    # Almost every key starts with a letter: the comparison with ":" saves the search.
    return text < ":" and _LIKE_AN_INT.fullmatch(text) is not None and INT_MIN <= int(text) <= INT_MAX


def malformed(data: bytes, pos: int) -> PhpSyntaxError:
    """Says why no token stands at `pos`."""
    if pos >= len(data):
        return PhpSyntaxError(len(data), "cut short, a value is missing")
    letter = chr(data[pos])
    if letter not in _NAMES:
        return PhpSyntaxError(pos, f"no PHP value starts with {letter!r}")
    if _LONG_INT.match(data, pos):
        return PhpSyntaxError(pos, "int beyond 64 bits")
    return PhpSyntaxError(pos, f"not the way PHP writes a value of type {_NAMES[letter]}")


def unterminated(data: bytes, start: int, length: int, end_mark: bytes, what: str) -> PhpSyntaxError:
    """Says why `length` bytes from `start` are not followed by `end_mark`."""
    left = len(data) - start
    if length > left:
        return PhpSyntaxError(start, f"{what} says {length} bytes, {left} are left")
    return expected(data, start + length, end_mark, f"a {what} of {length} bytes")


def expected(data: bytes, pos: int, mark: bytes, after: str) -> PhpSyntaxError:
    """Says that `mark` is missing at `pos`."""
    found = "the data ends" if pos >= len(data) else "something else stands there"
    return PhpSyntaxError(pos, f"{mark.decode()} expected after {after}, {found}")
