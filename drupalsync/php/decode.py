"""PHP's serialize format, read strictly: what PHP itself would not write is an error with an offset.

Strict, because the bytes come from a production site and go back to it: a reader that forgives (a wrong length, a
bool of 2, bytes after the value) writes back something else than it read.
"""

from __future__ import annotations

from typing import Final

from drupalsync.php.syntax import (
    ARRAY,
    BOOL,
    CLASS_NAME,
    COUNT_BRACE,
    CUSTOM,
    ENUM,
    ESCAPED,
    FLOAT,
    INT,
    INT_MAX,
    INT_MIN,
    MAX_DEPTH,
    NULL,
    OBJECT,
    REFERENCE,
    SAME_OBJECT,
    SMALLEST_ITEM,
    STRING,
    TOKEN,
    PhpDepthError,
    PhpSyntaxError,
    expected,
    is_int_key,
    malformed,
    unterminated,
)
from drupalsync.php.values import PhpObject, PhpSerialized, Value, type_of_key

_OBJECTS: Final = frozenset({OBJECT, CUSTOM, ENUM, SAME_OBJECT})
_HEX: Final = frozenset(b"0123456789abcdefABCDEF")
_token = TOKEN.match


def decode(data: bytes, *, max_depth: int = MAX_DEPTH) -> Value:
    """Decodes one PHP-serialized value; `data` must be that value and nothing more.

    Strings come back as str where they are UTF-8, else as bytes; an array as a list where its keys are 0…n-1 in
    order, else as a dict in PHP's order. A value that cannot be opened without loss (it holds a reference, a `C:`,
    `E:` or `S:`, a key twice, or a key that PHP would write otherwise) comes back whole as PhpSerialized(data), after
    the same strict check: a reference counts the values before it, so no part of it could be changed alone.
    `max_depth` counts nested arrays and objects.
    Raises PhpSyntaxError (malformed, cut short, trailing data; has `.offset`), PhpDepthError.
    Source: php-src ext/standard/var_unserializer.re
    >>> decode(b'a:2:{i:0;s:1:"x";i:1;d:0.5;}')
    ['x', 0.5]
    """
    reader = _Reader(data)
    try:
        value = reader.value(max_depth)
    except RecursionError as e:
        raise PhpDepthError(reader.pos, "nested deeper than Python can follow here") from e
    if reader.pos != len(data):
        raise PhpSyntaxError(reader.pos, "data after the value")
    return PhpSerialized(data) if reader.opaque else value


class _Reader:
    """Where we are in the bytes; `opaque` once something was met that cannot be opened without loss."""

    __slots__ = ("data", "hidden_values", "opaque", "pos", "seen")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pos = 0
        self.opaque = False
        self.seen: list[int] = []  # the token of every value so far: what a reference's number counts
        self.hidden_values = False  # a custom object's payload may hold values that count as well

    def value(self, depth: int) -> Value:
        """Reads the value at `pos`; `depth` is how many levels of arrays and objects may still open."""
        start = self.pos
        match = _token(self.data, start)
        if match is None or (token := match.lastindex) is None:
            raise malformed(self.data, start)
        if token == STRING:
            self.seen.append(STRING)
            return self.string(int(match[STRING]), match.end())
        self.pos = match.end()
        if token == REFERENCE:  # the only one that is no new value
            self.reference(int(match[REFERENCE]), start)
            return None
        self.seen.append(token)
        if token == INT:
            return _int(match[INT], start)
        if token == ARRAY:
            count = int(match[ARRAY])
            return self.array(self.items(count, start, start + 2, depth), count)
        if token == BOOL:
            return match[BOOL] == b"1"
        if token == NULL:
            return None
        if token == FLOAT:
            return float(match[FLOAT])
        if token == OBJECT:
            name = self.class_name(int(match[OBJECT]))
            count, count_at = self.count_brace("properties")
            return self.object(name, self.items(count, start, count_at, depth), count)
        self.unopened(token, int(match[token]), start)
        return None

    def string(self, length: int, start: int) -> str | bytes:
        """Reads `length` bytes from `start`, and the `";` after them."""
        data = self.data
        end = start + length
        if data[end : end + 2] != b'";':
            raise unterminated(data, start, length, b'";', "string")
        self.pos = end + 2
        text = data[start:end]
        try:
            return text.decode()
        except UnicodeDecodeError:
            return text

    def array(self, items: dict[type_of_key, Value], count: int) -> Value:
        """Makes a list or a dict of an array's items, of which `count` were written."""
        if len(items) != count:
            self.opaque = True  # a key twice: PHP keeps the last one, and the bytes would change
        elif count == 0 or (0 in items and list(items) == list(range(count))):
            return list(items.values())
        # PHP's arrays have no key "5": it would read it as 5, and write other bytes than these.
        if any(type(key) is str and is_int_key(key) for key in items):
            self.opaque = True
        return items

    def object(self, name: bytes, properties: dict[type_of_key, Value], count: int) -> Value:
        """Makes an object of its properties, of which `count` were written."""
        # PHP before 7.2 wrote int names, later ones write strings: both are kept, but it is one property.
        if len({str(key) if type(key) is int else key for key in properties}) != count:
            self.opaque = True
        try:
            return PhpObject(name.decode(), properties)
        except UnicodeDecodeError:  # PHP's names are bytes, ours are text
            self.opaque = True
            return None

    def items(self, count: int, start: int, count_at: int, depth: int) -> dict[type_of_key, Value]:
        """Reads `count` keys with their values, and the brace that closes them."""
        data = self.data
        if depth <= 0:
            raise PhpDepthError(start, "nested deeper than allowed")
        if count * SMALLEST_ITEM > len(data) - self.pos:
            raise PhpSyntaxError(count_at, f"the count says {count} items, {len(data) - self.pos} bytes are left")
        items: dict[type_of_key, Value] = {}
        for _ in range(count):
            match = _token(data, self.pos)
            token = match.lastindex if match else None
            key: type_of_key
            if match is None:
                raise malformed(data, self.pos)
            if token == STRING:
                key = self.string(int(match[STRING]), match.end())
            elif token == INT:
                key = _int(match[INT], self.pos)
                self.pos = match.end()
            elif token == ESCAPED:
                self.pos = match.end()
                key = self.escaped(int(match[ESCAPED]))
            else:
                raise PhpSyntaxError(self.pos, "a key is an int or a string")
            items[key] = self.value(depth - 1)
        if data[self.pos : self.pos + 1] != b"}":
            raise expected(data, self.pos, b"}", f"{count} items")
        self.pos += 1
        return items

    def class_name(self, length: int) -> bytes:
        """Reads a class's name, and the quote after it."""
        start, end = self.pos, self.pos + length
        if self.data[end : end + 1] != b'"':
            raise unterminated(self.data, start, length, b'"', "class name")
        name = self.data[start:end]
        if not CLASS_NAME.fullmatch(name):
            raise PhpSyntaxError(start, "not a class name")
        self.pos = end + 1
        return name

    def count_brace(self, what: str) -> tuple[int, int]:
        """Reads `:12:{`; gives the number, and where it stands."""
        match = COUNT_BRACE.match(self.data, self.pos)
        if match is None:
            raise PhpSyntaxError(self.pos, f"the number of {what} expected after a class name")
        self.pos = match.end()
        return int(match[1]), match.start(1)

    def unopened(self, token: int, number: int, start: int) -> None:
        """Checks a value that cannot be opened; `pos` stands after its first token, `number` is the one in that."""
        self.opaque = True
        if token == ESCAPED:
            self.escaped(number)
        elif token == CUSTOM:
            self.custom(number)
        elif token == ENUM:
            self.enum(number)
        else:
            self.same_object(number, start)

    def reference(self, number: int, start: int) -> None:
        """Checks that `R:number;` names a value before it."""
        self.opaque = True
        if number == 0 or (number > len(self.seen) and not self.hidden_values):
            raise PhpSyntaxError(start, f"refers to value {number} of {len(self.seen)}")

    def same_object(self, number: int, start: int) -> None:
        """Checks that `r:number;` names an object before it; it counts as a value, but not as its own target."""
        before = self.seen[:-1]
        if number == 0 or (number > len(before) and not self.hidden_values):
            raise PhpSyntaxError(start, f"refers to value {number} of {len(before)}")
        if not self.hidden_values and before[number - 1] not in _OBJECTS:
            raise PhpSyntaxError(start, f"refers to value {number}, which is no object")

    def escaped(self, length: int) -> bytes:
        r"""Reads the text of `S:3:"a\41b";`, where `\41` is one byte in hex: PHP reads it, and never writes it."""
        self.opaque = True
        data, pos = self.data, self.pos
        if length > len(data) - pos:
            raise unterminated(data, pos, length, b'";', "string")
        text = bytearray()
        for _ in range(length):
            if data[pos : pos + 1] != b"\\":
                text += data[pos : pos + 1]
                pos += 1
            elif len(digits := data[pos + 1 : pos + 3]) == 2 and _HEX.issuperset(digits):
                text.append(int(digits, 16))
                pos += 3
            else:
                raise PhpSyntaxError(pos, "two hex digits expected after \\")
        if data[pos : pos + 2] != b'";':
            raise expected(data, pos, b'";', f"a string of {length} bytes")
        self.pos = pos + 2
        return bytes(text)

    def custom(self, length: int) -> None:
        """Checks `C:3:"Foo":2:{ab}`: a class that writes itself, so the payload is known to nobody else."""
        self.class_name(length)
        size, _ = self.count_brace("payload bytes")
        end = self.pos + size
        if self.data[end : end + 1] != b"}":
            raise unterminated(self.data, self.pos, size, b"}", "payload")
        self.pos = end + 1
        self.hidden_values = True

    def enum(self, length: int) -> None:
        """Checks `E:6:"Suit:A";`: a class, a colon, a case."""
        start = self.pos
        name = self.string(length, start)
        parts = (name.encode() if isinstance(name, str) else name).split(b":")
        if len(parts) != 2 or not all(CLASS_NAME.fullmatch(part) for part in parts):
            raise PhpSyntaxError(start, "not an enum's class and case")


def _int(digits: bytes, start: int) -> int:
    number = int(digits)
    if INT_MIN <= number <= INT_MAX:
        return number
    raise PhpSyntaxError(start, "int beyond 64 bits")
