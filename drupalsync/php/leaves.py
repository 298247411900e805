"""Leaves of a serialized value, changed where they stand: also in one that references keep from being opened.

A reference counts the values before it. A leaf that takes another one's place leaves that count as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from drupalsync.php.decode import decode
from drupalsync.php.encode import encode
from drupalsync.php.syntax import PhpSyntaxError
from drupalsync.php.values import type_of_key

Leaf = int | str | bytes | None
Path = tuple[type_of_key, ...]
Change = Callable[[Path, Leaf], Leaf]

_SCALAR: Final = re.compile(rb"[bdrR]:[^;]*;")
_INT: Final = re.compile(rb"i:(-?[0-9]+);")
_TEXT: Final = re.compile(rb's:([0-9]+):"')
_ENTRIES: Final = re.compile(rb'(?:a|O:[0-9]+:"[^"]*"):([0-9]+):\{')


class _Unknown(Exception):
    """A token whose inside is its class's own business."""


def _as_it_is(path: Path, leaf: Leaf) -> Leaf:
    del path
    return leaf


def change_leaves(data: bytes, change: Change, change_key: Change = _as_it_is) -> bytes:
    """The value with every whole number, text and null replaced by what `change` makes of it, given its path.

    `change_key` does so to the keys of arrays, given the array's path; `change` sees the paths as they were.

    What is no value, or holds what only its class can read (`C:`, `E:`, `S:`), comes back as it is.

    >>> change_leaves(b'a:2:{i:0;s:1:"x";i:1;R:2;}', lambda path, leaf: "long")
    b'a:2:{i:0;s:4:"long";i:1;R:2;}'
    """
    try:
        decode(data)
        editor = _Editor(data, change, change_key)
        editor.value(())
    except (PhpSyntaxError, _Unknown):
        return data
    return b"".join(editor.out)


class _Editor:
    """A reader of bytes that are known to be one value; `out` is what is to stand there instead."""

    def __init__(self, data: bytes, change: Change, change_key: Change) -> None:
        self._data = data
        self._change = change
        self._change_key = change_key
        self._at = 0
        self.out: list[bytes] = []

    def value(self, path: Path) -> None:
        """One value, with all that is in it."""
        start = self._at
        entries = _ENTRIES.match(self._data, start)
        if entries:
            self._take(entries.end())
            for _ in range(int(entries[1])):
                begins = self._at
                key = self._leaf()
                self._put(begins, key, self._change_key(path, key))
                self.value((*path, key if key is not None else ""))
            self._take(self._at + 1)
            return
        scalar = _SCALAR.match(self._data, start)
        if scalar:
            self._take(scalar.end())
            return
        leaf = self._leaf()
        self._put(start, leaf, self._change(path, leaf))

    def _put(self, start: int, leaf: Leaf, changed: Leaf) -> None:
        """Writes the leaf that was just read, or what it became."""
        same = type(changed) is type(leaf) and changed == leaf
        self.out.append(self._data[start : self._at] if same else encode(changed))

    def _take(self, end: int) -> None:
        self.out.append(self._data[self._at : end])
        self._at = end

    def _leaf(self) -> Leaf:
        """A whole number, a text or null; raises _Unknown."""
        number = _INT.match(self._data, self._at)
        if number:
            self._at = number.end()
            return int(number[1])
        text = _TEXT.match(self._data, self._at)
        if text:
            end = text.end() + int(text[1])
            self._at = end + 2
            found = self._data[text.end() : end]
            try:
                return found.decode()
            except UnicodeDecodeError:
                return found
        if self._data.startswith(b"N;", self._at):
            self._at += 2
            return None
        raise _Unknown
