"""Typed equality of values, and the bytes that stand for it in digests and in the ledger.

Python's == must not decide: 1 == True == 1.0, and 0.0 == -0.0, are different values to PHP.
The order of a dict's keys and of an object's properties is noise, the order of a list is not. A dict whose keys are
0…n-1 in order is the list that PHP takes it for, so `{}` equals `[]`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Final

from drupalsync.php.encode import PhpValueError
from drupalsync.php.syntax import INT_MAX, INT_MIN, PhpSyntaxError
from drupalsync.php.values import PhpObject, PhpSerialized, Value, type_of_key

Order = Callable[[Collection[type_of_key]], list[type_of_key]]

_TOO_DEEP: Final = "nested deeper than Python can follow here"
_token = re.compile(rb"([Ntf])|i(-?[0-9]+);|d([^;]+);|([sbaomx])([0-9]+):").match


def same(a: Value, b: Value) -> bool:
    """Says whether two values are equal, types included: 1, 1.0, True and '1' are four; NAN equals NAN."""
    open_pairs: list[tuple[Value, Value]] = [(a, b)]
    while open_pairs:
        left, right = open_pairs.pop()
        if isinstance(left, dict):
            left = _as_php_has_it(left)
        if isinstance(right, dict):
            right = _as_php_has_it(right)
        if type(left) is not type(right):
            return False
        if isinstance(left, PhpObject) and isinstance(right, PhpObject):
            if left.cls != right.cls:
                return False
            left, right = left.properties, right.properties
        if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
            open_pairs += zip(left, right, strict=True)
        elif isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
            open_pairs += [(item, right[key]) for key, item in left.items()]
        elif not _same_scalar(left, right):
            return False
    return True


def _same_scalar(a: Value, b: Value) -> bool:
    if isinstance(a, float) and isinstance(b, float):
        return math.copysign(1, a) == math.copysign(1, b) if a == b else a != a and b != b
    return not isinstance(a, list | dict) and a == b


def _as_php_has_it(items: dict[type_of_key, Value]) -> dict[type_of_key, Value] | list[Value]:
    if not items or (0 in items and list(items) == list(range(len(items)))):
        return list(items.values())
    return items


def canonical(value: Value) -> bytes:
    """Writes a value so that canonical(a) == canonical(b) exactly where same(a, b); `uncanonical` reads it.

    Raises PhpValueError for what is no Value.
    """
    return _written(value, _sorted)


def exact(value: Value) -> bytes:
    """Writes a value as `canonical` does, but keys in the order in which they stand: `uncanonical` gives that back.

    What PHP does with an array may depend on its order, though two that differ in nothing else are equal to us.
    Raises PhpValueError for what is no Value.
    """
    return _written(value, list)


def _written(value: Value, order: Order) -> bytes:
    parts: list[bytes] = []
    try:
        _write(value, parts, order)
    except RecursionError as e:
        raise PhpValueError(_TOO_DEEP) from e
    return b"".join(parts)


def _write(value: Value, parts: list[bytes], order: Order) -> None:
    if type(value) is str:  # first, for most are
        parts.append(_text(value))
        return
    if type(value) is dict:
        value = _as_php_has_it(value)
    if type(value) is list:
        parts.append(b"a%d:" % len(value))
        for item in value:
            _write(item, parts, order)
    elif type(value) is dict:
        parts.append(b"m%d:" % len(value))
        _write_items(value, parts, order)
    elif type(value) is PhpObject:
        parts += (b"o%d:" % len(value.properties), _text(value.cls))
        _write_items(value.properties, parts, order)
    else:
        parts.append(_scalar(value))


def _scalar(value: Value) -> bytes:
    if type(value) is str or type(value) is bytes:
        return _text(value)
    if type(value) is int:
        return _int(value)
    if value is None:
        return b"N"
    if type(value) is bool:
        return b"t" if value else b"f"
    if type(value) is float:
        return b"d%b;" % repr(value).encode()
    if isinstance(value, PhpSerialized):
        return b"x%d:%b" % (len(value.data), value.data)
    raise PhpValueError(f"PHP has no {type(value).__name__}")


def _write_items(items: dict[type_of_key, Value], parts: list[bytes], order: Order) -> None:
    for key in order(items):
        parts.append(_key(key))
        _write(items[key], parts, order)


@lru_cache(maxsize=4096)  # the names of fields: few, and everywhere
def _key(key: type_of_key) -> bytes:
    return _int(key) if isinstance(key, int) else _text(key)


def _sorted(keys: Collection[type_of_key]) -> list[type_of_key]:
    """Sorts keys: ints from high to low, then text, then bytes.

    From high to low, because a dict with the keys 0…n-1 in that order would be read back as a list.
    """
    texts = sorted([key for key in keys if type(key) is str])
    if len(texts) == len(keys):  # as nearly always
        return [*texts]
    ints = sorted((key for key in keys if type(key) is int), reverse=True)
    others = sorted(key for key in keys if type(key) is bytes)
    if len(ints) + len(texts) + len(others) != len(keys):
        raise PhpValueError("PHP has no keys but int and string")
    return [*ints, *texts, *others]


def _int(number: int) -> bytes:
    if INT_MIN <= number <= INT_MAX:
        return b"i%d;" % number
    raise PhpValueError("an int beyond 64 bits")


def _text(text: str | bytes) -> bytes:
    if isinstance(text, bytes):
        return b"b%d:%b" % (len(text), text)
    try:
        raw = text.encode()
    except UnicodeEncodeError as e:
        raise PhpValueError("text with a lone surrogate, which is not Unicode") from e
    return b"s%d:%b" % (len(raw), raw)


def uncanonical(data: bytes) -> Value:
    """Reads what `canonical` or `exact` wrote; a dict comes back in the order in which it was written.

    Raises PhpSyntaxError (with `.offset`) for other bytes.
    """
    try:
        value, end = _read(data, 0)
    except RecursionError as e:
        raise PhpSyntaxError(0, _TOO_DEEP) from e
    if end != len(data):
        raise PhpSyntaxError(end, "data after the value")
    return value


def _read(data: bytes, start: int) -> tuple[Value, int]:
    """Reads the value at `start`; gives it, and where it ends."""
    match = _token(data, start)
    if match is None:
        raise PhpSyntaxError(start, "no canonical value starts here")
    pos = match.end()
    word, integer, number, kind, count = match.groups()
    try:
        if word:
            return {b"N": None, b"t": True, b"f": False}[word], pos
        if integer:
            return int(integer), pos
        if number:
            return float(number), pos
    except ValueError as e:
        raise PhpSyntaxError(start, "not a number") from e
    return _read_long(data, pos, kind, int(count))


def _read_long(data: bytes, pos: int, kind: bytes, count: int) -> tuple[Value, int]:
    """Reads what is `count` bytes, items or pairs long."""
    if count > len(data) - pos:
        raise PhpSyntaxError(pos, f"{count} are announced, {len(data) - pos} bytes are left")
    if kind == b"a":
        listed: list[Value] = []
        for _ in range(count):
            item, pos = _read(data, pos)
            listed.append(item)
        return listed, pos
    if kind == b"m":
        return _read_items(data, pos, count)
    if kind == b"o":
        cls, items_at = _read(data, pos)
        if not isinstance(cls, str):
            raise PhpSyntaxError(pos, "a class name is text")
        items, end = _read_items(data, items_at, count)
        return PhpObject(cls, items), end
    end = pos + count
    if kind == b"s":
        try:
            return data[pos:end].decode(), end
        except UnicodeDecodeError as e:
            raise PhpSyntaxError(pos, "text that is not UTF-8") from e
    return PhpSerialized(data[pos:end]) if kind == b"x" else data[pos:end], end


def _read_items(data: bytes, pos: int, count: int) -> tuple[dict[type_of_key, Value], int]:
    items: dict[type_of_key, Value] = {}
    for _ in range(count):
        key, value_at = _read(data, pos)
        if type(key) is not int and type(key) is not str and type(key) is not bytes:
            raise PhpSyntaxError(pos, "a key is an int or a string")
        items[key], pos = _read(data, value_at)
    return items, pos
