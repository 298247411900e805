"""PHP's serialize format, written: byte for byte what PHP 7.1 and later write with serialize_precision = -1."""

from __future__ import annotations

from drupalsync.php.syntax import CLASS_NAME, INT_MAX, INT_MIN, MAX_DEPTH, is_int_key
from drupalsync.php.values import PhpObject, PhpSerialized, Value, type_of_key


class PhpValueError(ValueError):
    """PHP has no such value: the key '5' (5 to PHP), an int beyond 64 bits, text that is not Unicode, …"""


def encode(value: Value) -> bytes:
    """Encodes a value as PHP's serialize() writes it.

    A dict whose keys are 0…n-1 in order is written as the list that PHP takes it for.
    Raises PhpValueError where PHP has no such value, where a PhpSerialized stands inside another value (its
    references count from its own beginning), and where `decode` would refuse the depth.
    Source: php-src ext/standard/var.c:php_var_serialize_intern
    >>> encode(['x', 0.5])
    b'a:2:{i:0;s:1:"x";i:1;d:0.5;}'
    """
    if isinstance(value, PhpSerialized):
        return value.data
    parts: list[bytes] = []
    _write(value, parts, MAX_DEPTH)
    return b"".join(parts)


def float_text(number: float) -> str:
    """Writes a float as PHP does: the shortest digits that read back, `1.0E+25` where the plain form is not used.

    Python and PHP find the same digits; they part at 10 to the 16th, where PHP still writes plainly.
    Source: php-src main/snprintf.c:smart_str_append_double, php_gcvt with 17 digits
    """
    text = repr(number)
    if text in ("nan", "inf", "-inf"):
        return text.upper()
    mantissa, _, exponent = text.partition("e")
    if not exponent:
        return text.removesuffix(".0")
    power = int(exponent)
    if power == 16:
        sign = "-" if number < 0 else ""
        return sign + mantissa.removeprefix("-").replace(".", "").ljust(17, "0")
    if "." not in mantissa:
        mantissa += ".0"
    return f"{mantissa}E{power:+d}"


def _write(value: Value, parts: list[bytes], depth: int) -> None:
    """Appends the value's bytes; `depth` is how many levels of arrays and objects may still open."""
    if type(value) is str or type(value) is bytes:
        parts.append(_string(value))
    elif type(value) is int:
        parts.append(_int(value))
    elif value is None:
        parts.append(b"N;")
    elif type(value) is bool:
        parts.append(b"b:1;" if value else b"b:0;")
    elif type(value) is float:
        parts.append(b"d:%b;" % float_text(value).encode())
    elif type(value) is list or type(value) is dict or type(value) is PhpObject:
        if depth <= 0:
            raise PhpValueError(f"nested deeper than {MAX_DEPTH} levels")
        _write_items(value, parts, depth - 1)
    elif isinstance(value, PhpSerialized):
        raise PhpValueError("a serialized value that cannot be opened stands inside another value")
    else:
        raise PhpValueError(f"PHP has no {type(value).__name__}")


def _write_items(value: list[Value] | dict[type_of_key, Value] | PhpObject, parts: list[bytes], depth: int) -> None:
    if isinstance(value, list):
        parts.append(b"a:%d:{" % len(value))
        for index, item in enumerate(value):
            parts.append(b"i:%d;" % index)
            _write(item, parts, depth)
    else:
        if isinstance(value, dict):
            items, key_bytes = value, _key
            parts.append(b"a:%d:{" % len(items))
        else:
            items, key_bytes = value.properties, _property
            _write_class(value, parts)
        for key, item in items.items():
            parts.append(key_bytes(key))
            _write(item, parts, depth)
    parts.append(b"}")


def _write_class(value: PhpObject, parts: list[bytes]) -> None:
    name, properties = _utf8(value.cls), value.properties
    if not CLASS_NAME.fullmatch(name):
        raise PhpValueError(f"PHP has no class {value.cls!r}")
    if len({str(key) if type(key) is int else key for key in properties}) != len(properties):
        raise PhpValueError(f"an object of class {value.cls} has a property twice, as an int and as a string")
    parts.append(b'O:%d:"%b":%d:{' % (len(name), name, len(properties)))


def _key(key: type_of_key) -> bytes:
    if type(key) is str and is_int_key(key):
        raise PhpValueError(f"PHP has no array key '{key}', to it that is {key}")
    return _property(key)


def _property(key: type_of_key) -> bytes:
    if type(key) is int:
        return _int(key)
    if type(key) is str or type(key) is bytes:
        return _string(key)
    raise PhpValueError(f"PHP has no key of type {type(key).__name__}")


def _int(number: int) -> bytes:
    if INT_MIN <= number <= INT_MAX:
        return b"i:%d;" % number
    raise PhpValueError("an int beyond 64 bits")


def _string(text: str | bytes) -> bytes:
    raw = text if isinstance(text, bytes) else _utf8(text)
    return b's:%d:"%b";' % (len(raw), raw)


def _utf8(text: str) -> bytes:
    try:
        return text.encode()
    except UnicodeEncodeError as e:
        raise PhpValueError("text with a lone surrogate, which is not Unicode") from e
