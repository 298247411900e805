"""One YAML scalar to one typed value: the YAML 1.2 core schema, and the dialect's own scalar tags."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Final

from drupalsync.php.values import PhpSerialized, type_of_key
from drupalsync.tree.values import Env, IntRef, TreeValue

CORE: Final = "tag:yaml.org,2002:"
BINARY: Final = CORE + "binary"
CRLF: Final = "!crlf"
ENV: Final = "!env"
INT: Final = "!int"
OBJECT: Final = "!php/object"
SERIALIZED: Final = "!php/serialized"
SERIALIZED_BASE64: Final = "!php/serialized:base64"

INT64: Final = 2**63

_CONSTANTS: Final[dict[str, bool | float | None]] = {
    **dict.fromkeys(["", "~", "null", "Null", "NULL"], None),
    **dict.fromkeys(["true", "True", "TRUE"], True),
    **dict.fromkeys(["false", "False", "FALSE"], False),
    **dict.fromkeys([".nan", ".NaN", ".NAN"], float("nan")),
    **{sign + word: float(sign + "inf") for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")},
}
_MAYBE_TYPED: Final = frozenset(["", *"~nNtTfF+-.0123456789"])
_INT: Final = re.compile(r"[-+]?[0-9]+\Z")
_OCTAL_HEX: Final = re.compile(r"0o[0-7]+\Z|0x[0-9a-fA-F]+\Z")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z")
_CANONICAL_INT: Final = re.compile(r"(?:0|-?[1-9][0-9]{0,18})\Z")
_CORE_TYPES: Final[dict[str, type]] = {
    CORE + "null": type(None),
    CORE + "bool": bool,
    CORE + "int": int,
    CORE + "float": float,
}
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")


class Refused(Exception):
    """A scalar that the dialect does not take; the reader adds the place."""

    def __init__(self, what: str, hint: str) -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint


def plain(text: str) -> bool | int | float | str | None:
    """Types an unquoted scalar by the YAML 1.2 core schema (section 10.3.2 of the specification).

    Raises Refused for a whole number that PHP's 64 bits do not hold.
    """
    if text[:1] not in _MAYBE_TYPED:
        return text
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INT.match(text):
        return _whole(text, 10)
    if _FLOAT.match(text):
        return float(text)
    if _OCTAL_HEX.match(text):
        return _whole(text, 0)
    return text


def _whole(text: str, base: int) -> int:
    number = int(text, base) if len(text) <= 64 else INT64  # Python refuses to read 5,000 digits
    if not -INT64 <= number < INT64:
        raise Refused("this number is too large for PHP", "if it is text, put it in quotes: '…'")
    return number


def key_of(tag: str | None, text: str, *, is_plain: bool, array: bool) -> type_of_key:
    """Types one key. Raises Refused. In an object (`array` false) a quoted '5' is the property "5", not 5."""
    if tag is None:
        return text if not array and not is_plain else _key(text, is_plain=is_plain)
    if not array and tag in ("!", CORE + "str"):
        return text
    return _tagged_key(tag, text)


def _key(text: str, *, is_plain: bool) -> int | str:
    """Types a key as PHP does: `5` and `'5'` are the integer 5, `'05'` stays text.

    Raises Refused for what cannot be a key in PHP: null, true, false, and numbers with a fraction.
    Source: the PHP manual, "Arrays", key casts.
    """
    if not is_plain:
        return array_key(text)
    value = plain(text)
    if isinstance(value, bool | float) or value is None:
        shown = text or "nothing"
        raise Refused(f"a key must be text or a whole number, and this is {shown}", f"put it in quotes: '{text}'")
    if text == "<<":
        raise Refused("merge keys (<<) are not used here", "write the entries out; a key that is << goes in quotes")
    return value


def array_key(text: str) -> int | str:
    """The key that a PHP array makes of this text."""
    if _CANONICAL_INT.match(text) and -INT64 <= int(text) < INT64:
        return int(text)
    return text


def text_or_bytes(data: bytes) -> str | bytes:
    """Bytes that are UTF-8 are text in the value model, however they were written."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def tagged(tag: str, text: str, *, is_plain: bool) -> TreeValue:
    """Types a scalar that carries a tag. Raises Refused for a tag or a content that the dialect does not know."""
    if tag in ("!", CORE + "str"):
        return text
    if tag == CRLF:
        return text.replace("\r\n", "\n").replace("\n", "\r\n")
    if tag == BINARY:
        return text_or_bytes(_base64(text))
    if tag == ENV:
        return Env(env_name(text))
    if tag == INT:
        return _int_reference(text)
    if tag == SERIALIZED:
        return PhpSerialized(text.encode())
    if tag == SERIALIZED_BASE64:
        return PhpSerialized(_base64(text))
    return _core(tag, text, is_plain=is_plain)


def _tagged_key(tag: str, text: str) -> type_of_key:
    """Types a key that carries a tag: `!!binary` for bytes, `!!str` for text. Raises Refused for others."""
    if tag == BINARY:
        data = text_or_bytes(_base64(text))
        return array_key(data) if isinstance(data, str) else data
    if tag in ("!", CORE + "str"):
        return array_key(text)
    raise Refused(f"a key cannot have the tag {shown(tag)}", "remove the tag")


def _core(tag: str, text: str, *, is_plain: bool) -> TreeValue:
    """The tags that YAML itself has for scalars (!!int, !!float …) may be written out; nothing needs them."""
    if tag not in _CORE_TYPES:
        raise unknown_tag(tag)
    value = plain(text)
    if tag == CORE + "float" and type(value) is int:
        return float(value)
    if type(value) is not _CORE_TYPES[tag]:
        hint = "remove the tag" if is_plain else "remove the tag or the quotes"
        raise Refused(f"the value {text!r} is not what its tag {shown(tag)} says", hint)
    return value


def unknown_tag(tag: str) -> Refused:
    """The refusal of a tag that the dialect does not have."""
    known = "!crlf, !!binary, !env, !int, !php/object:Class and !php/serialized"
    return Refused(f"the tag {shown(tag)} is not known", f"known are {known}; text that begins with ! goes in quotes")


def shown(tag: str) -> str:
    """A tag as people write it."""
    return tag.replace(CORE, "!!", 1)


def env_name(text: object) -> str:
    """Checks the name of an environment variable. Raises Refused."""
    if isinstance(text, str) and _NAME.match(text):
        return text
    raise Refused("!env needs the name of an environment variable", "for example: !env PROD_DB_PASSWORD")


def _int_reference(text: str) -> IntRef:
    kind, colon, name = text.partition(":")
    if not (kind and colon and name):
        raise Refused("!int needs a reference, kind:key", "for example: !int role:administrator")
    return IntRef(text)


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Refused("this is not base64", "copy the whole value again, or let export write it") from error
