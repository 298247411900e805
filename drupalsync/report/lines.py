"""Two texts that differ, as lines: what differs in words where it cannot be seen, else a diff around it.

However long the texts are, what is shown of them differs.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

from drupalsync.report.style import Style
from drupalsync.report.visible import cut, visible, width

CONTEXT: Final = 2  # equal lines around lines that differ
WIDEST: Final = 96  # columns of a line of a text
AROUND: Final = 24  # equal letters shown on either side of those that differ, where a line is cut
_MANY: Final = 2000  # lines, from which on difflib may leave out what stands everywhere
_END = re.compile("\r\n|\r|\n")
_NAMES: Final = {"\r\n": "CRLF", "\n": "LF", "\r": "CR"}
_SPACE = re.compile(r"\s+")
_ODD_SPACE = re.compile(r"[^\S ]")


def unseen(old: str, new: str) -> str:
    """What alone differs, where the eye would not see it; "" where it does."""
    plain = _END.sub("\n", old), _END.sub("\n", new)
    if plain[0] == plain[1]:
        return f"only the line ends change: {_ends(old)} → {_ends(new)}"
    if plain[0].rstrip("\n") == plain[1].rstrip("\n"):
        return "only the line breaks at the end change"
    if unicodedata.normalize("NFC", old) == unicodedata.normalize("NFC", new):
        return "only the way in which Unicode composes letters changes"
    return "only characters that cannot be shown change" if visible(old) == visible(new) else ""


def seen_badly(old: str, new: str) -> str:
    """What is worth a word beside a diff: white space, line ends."""
    ends = _ends(old), _ends(new)
    words = ["only white space changes"] if _blank(old, new) else []
    if ends[0] != ends[1] and "none" not in ends:  # a text of one line has none that could change
        words.append(f"the line ends change: {ends[0]} → {ends[1]}")
    closed, closes = (text.endswith(("\r", "\n")) for text in (old, new))
    if "none" not in ends and closed != closes:
        words.append(f"the line break at the end {'goes' if closed else 'comes'}")
    return "; ".join(words)


def split(text: str) -> list[str]:
    """The lines of a text, without their ends."""
    lines = _END.split(text)
    return lines if lines[-1] else lines[:-1]


def diff(old: str, new: str, style: Style) -> Iterator[str]:
    """The lines that differ, with `-` and `+`, the equal ones around them, and how many are left out."""
    before, after = split(old), split(new)
    matcher = SequenceMatcher(None, before, after, autojunk=len(before) > _MANY)
    at = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        yield from _left_out(group[0][1] - at, style)
        at = group[-1][2]
        for verb, start, end, new_start, new_end in group:
            if verb == "equal":
                yield from (f"  {cut(_line(line), WIDEST)}".rstrip() for line in before[start:end])
            else:
                yield from _changed(before[start:end], after[new_start:new_end], style, blank=_blank(old, new))
    yield from _left_out(len(before) - at, style)


def focus(old: str, new: str, room: int = WIDEST) -> tuple[str, str]:
    """Both of two visible texts in one line each; where they are longer than that, around what differs."""
    if max(width(old), width(new)) <= room:
        return old, new
    start = max(0, _alike(old, new) - AROUND)
    tail = max(0, _alike(old[start:][::-1], new[start:][::-1]) - AROUND)
    return _window(old, start, tail, room), _window(new, start, tail, room)


def _changed(old: Sequence[str], new: Sequence[str], style: Style, *, blank: bool) -> Iterator[str]:
    """Lines taken out and put in; where these are as many as those, each cut around what differs."""
    outs, ins = ([_spaces(_line(line)) if blank else _line(line) for line in lines] for lines in (old, new))
    if len(outs) == len(ins):
        pairs = [focus(*pair) for pair in zip(outs, ins, strict=True)]
        outs, ins = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    for sign, colour, lines in (("-", "red", outs), ("+", "green", ins)):
        yield from (style.paint(f"{sign} {cut(line, WIDEST)}".rstrip(), colour) for line in lines)


def _line(text: str) -> str:
    return visible(text.replace("\t", "⇥ "))


def _blank(old: str, new: str) -> bool:
    """Whether white space is all that differs."""
    return _SPACE.sub("", old) == _SPACE.sub("", new)


def _spaces(line: str) -> str:
    """A line with its white space to be seen."""
    body = line.strip(" ")
    start = len(line) - len(line.lstrip(" ")) if body else 0
    odd = _ODD_SPACE.sub(lambda found: f"\\u{ord(found[0]):04x}", body)
    return "·" * start + odd + "·" * (len(line) - start - len(body))


def _left_out(count: int, style: Style) -> Iterator[str]:
    if count > 0:
        yield style.dim(f"  … {count} equal {'line' if count == 1 else 'lines'}")


def _window(text: str, start: int, tail: int, room: int) -> str:
    shown = cut(text[start : len(text) - tail], room - 2)
    return ("…" if start else "") + shown + ("…" if tail and not shown.endswith("…") else "")


def _alike(one: str, other: str) -> int:
    """How many letters both begin with."""
    shorter = min(len(one), len(other))
    return next((at for at in range(shorter) if one[at] != other[at]), shorter)


def _ends(text: str) -> str:
    return " and ".join(sorted({_NAMES[end] for end in _END.findall(text)})) or "none"
