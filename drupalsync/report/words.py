"""Differences that are already known, in words and lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from drupalsync.errors import counted
from drupalsync.report import lines
from drupalsync.report.parts import Part, Path, differing, label, leaves, sides
from drupalsync.report.style import Style
from drupalsync.report.values import NOTHING, SECRET, beside, has_secret, same, worded
from drupalsync.report.visible import cut, width

WIDEST: Final = 96  # columns
SHORT: Final = 60  # columns of a value that may stand beside another on one line
INDENT: Final = "    "


def difference(path: Path, old: Any, new: Any, style: Style) -> Iterator[str]:
    """Yields a line for each part that differs, by its path; a text of several lines as a diff."""
    told = False
    for part in differing(path, old, new):
        told = True
        yield from _part(part, style)
    if not told:
        yield f"{label(path)}  (a secret in it, changed)" if has_secret([old, new]) else f"{label(path)}  (changed)"


def three(path: Path, values: Sequence[Any], heads: Sequence[str], style: Style) -> Iterator[str]:
    """Base, live and desired under each other, part by part; where they are long, what became of the base."""
    told = False
    for below, (base, live, desired) in sides(path, values):
        told = True
        yield label(below)
        if any(map(has_secret, (base, live, desired))):
            yield f"{INDENT}(secret, changed)"
        else:
            told_below = _long_sides if any(map(_long, (base, live, desired))) else _short_sides
            yield from (f"{INDENT}{line}" for line in told_below((base, live, desired), heads, style))
    if not told:
        yield f"{label(path)}  (a secret in it, changed)"


def content(fields: Sequence[tuple[Path, Any]]) -> Iterator[str]:
    """What an item has, several short fields on a line; of a long text its first line and how many follow."""
    line = ""
    parts = [part for field in fields for part in leaves(*field, SHORT)]
    for path, value in parts:
        if value in ("", [], None) and len(path) > 1:
            continue
        entry = f"{label(path)} {_brief(value)}"
        if line and width(line) + width(entry) + 2 <= WIDEST:
            line += f", {entry}"
            continue
        if line:
            yield f"{line},"
        line = entry
    if line:
        yield line


def _part(part: Part, style: Style) -> Iterator[str]:
    name, old, new = label(part.path), part.old, part.new
    if SECRET in (old, new):
        named = any(
            isinstance(side, dict) and "$env" in side for side in (old, new)
        )  # in the tree, its name is no secret
        yield _headed(name, f"{worded(old)} → {worded(new)}" if named else "(secret, changed)")
    elif part.sign == "order":
        yield _headed(name, "only the order changes")
        yield from _under(beside(old, new), style)
    elif part.sign:
        yield _headed(name, _member(part, WIDEST - width(name), style))
    elif isinstance(old, str) and isinstance(new, str):
        yield from _text(name, old, new, style)
    elif NOTHING in (old, new):
        yield from _came_or_went(part, style)
    else:
        yield from _values(name, old, new, "", style)


def _member(part: Part, room: int, style: Style) -> str:
    came = part.sign == "+"
    text = cut(worded(part.new if came else part.old), max(room, SHORT))
    return style.paint(f"{part.sign} {text}", "green" if came else "red")


def _text(name: str, old: str, new: str, style: Style) -> Iterator[str]:
    words, note = lines.unseen(old, new), lines.seen_badly(old, new)
    if words:
        yield _headed(name, words)
    elif _several(old) or _several(new):
        if name or note:
            yield _headed(name, note).rstrip()
        yield from (f"{INDENT}{line}" for line in lines.diff(old, new, style))
    else:
        yield from _values(name, old, new, note, style)


def _values(name: str, old: Any, new: Any, note: str, style: Style) -> Iterator[str]:
    """On one line where there is room, else under each other, cut to where they differ."""
    texts = beside(old, new)
    line = _headed(name, " → ".join(texts)) + (f"  ({note})" if note else "")
    if width(line) <= WIDEST:
        yield line
        return
    if name or note:
        yield _headed(name, f"({note})" if note else "").rstrip()
    yield from _under(texts, style)


def _under(texts: Sequence[str], style: Style) -> Iterator[str]:
    for sign, colour, text in zip("-+", ("red", "green"), lines.focus(texts[0], texts[1], WIDEST), strict=True):
        yield INDENT + style.paint(f"{sign} {text}", colour)


def _came_or_went(part: Part, style: Style) -> Iterator[str]:
    """A part that only one side has, each of its own parts on a line."""
    came = part.old == NOTHING
    for path, value in leaves(part.path, part.new if came else part.old, SHORT):
        name = label(path)
        if isinstance(value, str) and _several(value):
            yield name
            yield from (f"{INDENT}{line}" for line in lines.diff(*(("", value) if came else (value, "")), style))
        else:
            text = cut(worded(value), max(WIDEST - width(name), SHORT))
            yield _headed(name, " → ".join(("(nothing)", text) if came else (text, "(nothing)")))


def _short_sides(values: Sequence[Any], heads: Sequence[str], style: Style) -> Iterator[str]:
    wide = max(map(width, heads))
    for head, text in zip(heads, beside(*values), strict=True):
        yield f"{style.dim(head)}{' ' * (wide - width(head))}  {text}"


def _long_sides(values: Sequence[Any], heads: Sequence[str], style: Style) -> Iterator[str]:
    base, live, desired = values
    if base == NOTHING:
        yield f"{style.dim(heads[0])}  (nothing)"
        yield from _became(heads[1], heads[2], live, desired, style)
    else:
        yield from _became(heads[0], heads[1], base, live, style)
        yield from _became(heads[0], heads[2], base, desired, style)


def _became(base_head: str, head: str, base: Any, other: Any, style: Style) -> Iterator[str]:
    """What a side made of the base."""
    if same(base, other):
        yield f"{style.dim(head)}  as {base_head} it"
    elif other == NOTHING:
        yield f"{style.dim(head)}  (nothing)"
    else:
        yield style.dim(f"{base_head} → {head}")
        found = [line for part in differing((), base, other) for line in _part(part, style)]
        yield from (line if line.startswith(INDENT) else INDENT + line for line in found)


def _headed(name: str, text: str) -> str:
    return f"{name}  {text}" if name else text


def _brief(value: Any) -> str:
    if isinstance(value, str) and _several(value):
        first, *more = lines.split(value)
        return f"{cut(worded(first), SHORT)}" + (f" and {counted(len(more), 'more line')}" if more else "")
    return cut(worded(value), WIDEST)


def _several(text: str) -> bool:
    return "\n" in text or "\r" in text


def _long(value: Any) -> bool:
    return (isinstance(value, str) and _several(value)) or width(worded(value)) > WIDEST - 24
