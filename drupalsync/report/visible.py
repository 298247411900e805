"""Text of a site or of a file as a terminal may have it: nothing in it moves the cursor, hides, or turns round.

A title may hold anything: an escape sequence that clears the screen or forges a line, a mark that reverses the rest of
one, a letter of no width. Such characters are shown by their numbers, and so never reach a terminal.
Source: ECMA-48 (C0 and C1 control characters), Unicode TR 36 (bidirectional spoofing).
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Any

# Controls (C0, DEL, C1), format characters that reverse or hide, line separators, lone surrogates, tag characters. The two
# joiners (U+200C, U+200D) stay: Persian and emoji are written with them.
_HIDDEN = re.compile(
    "[\0-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def visible(text: str) -> str:
    r"""The text on one line, with what a terminal would obey, or not show, as `\n`, `\u001b` and so on."""
    return _HIDDEN.sub(lambda found: _escape(found[0]), text)


def visible_lines(text: str) -> str:
    """The same for a text of several lines, whose line ends stay."""
    return "\n".join(map(visible, text.split("\n")))


def json_text(document: Any) -> str:
    """A document as JSON that any terminal and any encoding can take: read back it is the same."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _HIDDEN.sub(lambda found: found[0] if found[0] == "\n" else json.dumps(found[0])[1:-1], text)


def has_hidden(text: str) -> bool:
    """Whether `visible` would change the text."""
    return _HIDDEN.search(text) is not None


def width(text: str) -> int:
    """The columns that a visible text takes: two for a wide letter, none for one that joins the letter before it."""
    if text.isascii():
        return len(text)
    return sum(
        0
        if unicodedata.combining(letter) or letter in "\u200c\u200d\ufe0f"
        else 1 + (unicodedata.east_asian_width(letter) in "WF")
        for letter in text
    )


def cut(text: str, room: int) -> str:
    """The text, where it is wider than `room` columns its beginning and `…`."""
    if len(text) * 2 <= room or width(text) <= room:
        return text
    taken = 0
    for at, letter in enumerate(text):
        taken += width(letter)
        if taken > room - 1:
            return f"{text[:at]}…"
    return text


def _escape(letter: str) -> str:
    return _SHORT.get(letter) or (f"\\u{ord(letter):04x}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08x}")
