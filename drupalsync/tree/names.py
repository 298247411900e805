"""File names made of keys, safe on every disk that a themer may have.

Everything outside `a-z 0-9 . _ -` is percent-encoded, so capitals are too, and two keys that differ only by case
do not collide. What Windows and shells treat in a way of their own is encoded as well: leading and trailing dots,
and device names (con, nul, com1 …) before the first dot.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final

from drupalsync.errors import DrupalsyncError

_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|\Z)")
_DOTS: Final = re.compile(r"\A\.+|\.\Z")
_ESCAPE: Final = re.compile(rb"%([0-9A-Fa-f]{2})")
_LONGEST: Final = 200  # most disks take 255 bytes, and a suffix and a temporary name need room
_EMPTY: Final = "%"


class BadFileName(DrupalsyncError):
    """A file name in the tree that stands for no key."""


def encode_name(key: str) -> str:
    """The file name, without `.yml`, of a key; not empty, and at most 200 characters, all of them ASCII.

    A longer one is cut and ends in `~` and a hash of the key; it cannot be decoded, and need not be, because
    files carry their key inside.
    """
    if not key:
        return _EMPTY
    name = "".join(char if char in _PLAIN else _percent(char) for char in key)
    name = _DOTS.sub(lambda dots: "%2E" * len(dots[0]), name)
    if _DEVICE.match(name):
        name = f"%{ord(name[0]):02X}{name[1:]}"
    if len(name) <= _LONGEST:
        return name
    digest = blake2b(key.encode(errors="surrogatepass"), digest_size=8).hexdigest()
    return f"{name[: _LONGEST - 1 - len(digest)]}~{digest}"


def decode_name(name: str) -> str:
    """The key that a file name (without `.yml`) stands for.

    Raises BadFileName for a shortened name, and for percent signs that encode no UTF-8.
    """
    if name == _EMPTY:
        return ""
    if "~" in name:
        raise BadFileName("this file name is shortened, its key can only be read in the file", where=name)
    raw = name.encode()
    if len(_ESCAPE.findall(raw)) != raw.count(b"%"):
        raise BadFileName("a % in a file name must be followed by two hexadecimal digits", where=name,
                          hint="write a % in a key as %25")  # fmt: skip
    try:
        return _ESCAPE.sub(lambda code: bytes([int(code[1], 16)]), raw).decode(errors="strict")
    except UnicodeDecodeError as error:
        raise BadFileName("the percent signs in this file name encode no UTF-8 text", where=name) from error


def _percent(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode(errors="surrogatepass"))
