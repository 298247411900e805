"""One typed scalar to YAML text that every loader, of YAML 1.1 or 1.2, reads as the same value."""

from __future__ import annotations

import math
import re
from typing import Final

from drupalsync.errors import DrupalsyncError

# Words that YAML 1.1 or 1.2, or a loader that goes its own way, takes for something else than text.
_WORDS: Final = frozenset(["y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "~", "<<", "="])
# Whatever could be a number, a time or a date to either version; a few harmless texts are quoted with them.
_NUMBERLIKE: Final = re.compile(
    r"""[-+]?[0-9.][0-9_.,:]*(?:e[-+]?[0-9_]*)?\Z      # 1e3 0777 1_000 12:30:45 1.2.3 ...
    | [-+]?0[xob][0-9a-f_]*\Z                           # 0x1F 0o17 0b11
    | [-+]?\.(?:inf|nan)\Z
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t\s].*)?\Z      # 2020-01-01 and with a time""",
    re.IGNORECASE | re.VERBOSE,
)
# Inside { } and [ ] loaders differ in what they take without quotes, above all around colons.
_PLAIN_IN_FLOW: Final = re.compile(r"[\w<>/.][\w<>/.\- ]*(?<! )\Z")
# What libyaml prints as it is; NEL, LS and PS are line breaks to YAML 1.1, a byte order mark vanishes.
UNPRINTABLE: Final = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_NOT_PLAIN: Final = re.compile(
    r"""\A[\s\-?:,\[\]{}#&*!|>'"%@`=]|:\s|\s\#|[:\s]\Z|[\t\n]|""" + UNPRINTABLE.pattern,
)
_ESCAPED: Final = re.compile(r'["\\\t\n]|' + UNPRINTABLE.pattern)
_SHORT: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0"}


class NotWritable(DrupalsyncError):
    """A value that no YAML file can hold: half a surrogate pair, or nesting without end."""


def text(value: str, *, flow: bool = False) -> str:
    """A text on one line: without quotes where that is safe, else in '…', else in "…".

    Raises NotWritable for half a surrogate pair.
    """
    if is_plain(value, flow=flow):
        return value
    if not can_be_single_quoted(value):
        return double_quoted(value)
    # "Don't" is easier on the eye than 'Don''t'.
    return double_quoted(value) if "'" in value and not {'"', "\\"} & set(value) else single_quoted(value)


def is_plain(value: str, *, flow: bool) -> bool:
    """Whether a text can stand without quotes, and no loader would take it for something else."""
    return (
        value != ""
        and _NOT_PLAIN.search(value) is None
        and value.lower() not in _WORDS
        and _NUMBERLIKE.match(value) is None
        and (not flow or _PLAIN_IN_FLOW.match(value) is not None)
    )


def can_be_single_quoted(value: str) -> bool:
    return "\n" not in value and "\t" not in value and UNPRINTABLE.search(value) is None


def single_quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def double_quoted(value: str) -> str:
    return '"' + _ESCAPED.sub(_escape, value) + '"'


def _escape(match: re.Match[str]) -> str:
    char = match[0]
    if char in _SHORT:
        return _SHORT[char]
    code = ord(char)
    if 0xD800 <= code <= 0xDFFF:
        raise NotWritable(f"a text holds half a character (U+{code:04X}), which UTF-8 cannot hold")
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def number(value: bool | int | float | None) -> str:
    """null, true, false and numbers; a float always reads back as a float, in YAML 1.1 too (1.0e+25)."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if not math.isfinite(value):
        return ".nan" if math.isnan(value) else ".inf" if value > 0 else "-.inf"
    digits, exponent, power = repr(value).partition("e")
    return (digits if "." in digits else digits + ".0") + exponent + power
