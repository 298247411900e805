"""On which pages a block is seen: `{block}.visibility` and `{block}.pages` as one value.

`{hide_on: […]}` is everywhere but there, `{show_on: […]}` only there, `{php: …}` where that code returns TRUE. The
lists are lines joined by CRLF, as Drupal's textarea sends them; a text whose lines end otherwise stands as it is.
Source: modules/block/block.module (BLOCK_VISIBILITY_*, block_block_list_alter), includes/path.inc (drupal_match_path).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import references
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import TEXT, TEXTS, FieldProblem, Path, Schema
from drupalsync.tree import Env, TreeValue

MODES: Final = {"hide_on": 0, "show_on": 1, "php": 2}
EVERYWHERE: Final[dict[str, TreeValue]] = {"hide_on": []}
_LISTS: Final = ("hide_on", "show_on")
_NAMES: Final = {visibility: name for name, visibility in MODES.items()}
_LINES: Schema = {"anyOf": [TEXTS, TEXT]}
SCHEMA: Schema = {
    "type": "object",
    "properties": {"show_on": _LINES, "hide_on": _LINES, "php": TEXT, "other": {"type": "array"}},
    "additionalProperties": False,
}
_BREAK: Final = re.compile(r"(\r\n|\r|\n)")


def from_row(ctx: Context, visibility: int, text: str | bytes) -> dict[str, TreeValue]:
    """The value for a row; `{other: [visibility, text]}` for a visibility that core does not know."""
    name = _NAMES.get(visibility)
    if name is None:
        return {"other": [visibility, text]}
    if name not in _LISTS or isinstance(text, bytes):
        return {name: text}
    return {name: _as_lines(_each_line(text, lambda line: _out(ctx, line)))}


def to_row(ctx: Context, pages: TreeValue, *, where: str) -> tuple[int, str | bytes]:
    """(visibility, text) for a row; raises NoSuchReference."""
    assert isinstance(pages, dict)
    name, value = next(iter(pages.items()))
    if name == "other":
        visibility, text = value
        return int(visibility), text
    if name not in _LISTS or isinstance(value, bytes):
        return MODES[name], value
    return MODES[name], _each_line(_as_text(value), lambda line: _in(ctx, line, where=where))


def settled(pages: TreeValue, path: Path) -> TreeValue:
    """`pages` of a file in the one form that a row gives; raises FieldProblem."""
    if pages == []:
        return dict(EVERYWHERE)
    if not isinstance(pages, dict) or len(pages) != 1:
        raise FieldProblem("this must say one thing", path, hint="keep one of show_on, hide_on, php")
    name, value = next(iter(pages.items()))
    if name == "other" and [type(part) for part in value] not in ([int, str], [int, bytes]):
        raise FieldProblem("this must be the number of a visibility, and its text", (*path, name))
    if name not in _LISTS or isinstance(value, bytes | Env):
        return pages
    if isinstance(value, list) and any(isinstance(line, bytes) for line in value):
        raise FieldProblem("a path must be UTF-8 text", (*path, name), hint="write all lines as one `!!binary`")
    if isinstance(value, list) and not all(isinstance(line, str) for line in value):
        return pages  # an `!env` among the lines
    return {name: _as_lines(_as_text(value))}


def is_one_rule(pages: TreeValue) -> bool:
    """Whether a value says one thing; half merged with what the site has, it could say two or none."""
    return not isinstance(pages, dict | list) or (isinstance(pages, dict) and len(pages) == 1)


def problems(ctx: Context, pages: TreeValue, desired: Mapping[str, Item], *, where: str) -> Iterator[DrupalsyncError]:
    """The paths that name a row by its id, or what neither the tree nor the site has."""
    if not isinstance(pages, dict):
        return
    for name, value in pages.items():
        if name not in _LISTS or not isinstance(value, list | str):
            continue
        for line in _BREAK.split(_as_text(value))[::2]:
            path, _ = _without_star(ctx, line)
            problem = references.path_problem(ctx, path, desired, where=where)
            if problem is not None:
                yield problem


def _as_lines(text: str) -> TreeValue:
    if not text:
        return []
    lines = text.split("\r\n")
    return text if any("\r" in line or "\n" in line for line in lines) else [*lines]


def _as_text(value: TreeValue) -> str:
    return "\r\n".join(map(str, value)) if isinstance(value, list) else str(value)


def _each_line(text: str, change: Callable[[str], str]) -> str:
    parts = _BREAK.split(text)
    return "".join(change(part) if at % 2 == 0 else part for at, part in enumerate(parts))


def _out(ctx: Context, line: str) -> str:
    path = references.path_out(ctx, line)
    if path == line and line.endswith("*"):  # `node/12*` is node 12, and all below it
        shorter = references.path_out(ctx, line[:-1])
        return f"{shorter}*" if shorter != line[:-1] else line
    return path


def _in(ctx: Context, line: str, *, where: str) -> str:
    path, star = _without_star(ctx, line)
    return references.path_in(ctx, path, where=where) + star


def _without_star(ctx: Context, line: str) -> tuple[str, str]:
    """`node:page/about*` as its reference and the star; a key that itself ends so is left whole."""
    if not line.endswith("*"):
        return line, ""
    parts = references.split(line)
    if parts is None:
        return (line[:-1], "*") if references.path_out(ctx, line[:-1]) != line[:-1] else (line, "")
    word, key, rest = parts
    return (line, "") if rest or ctx.keys.local_id(references.kind_of(word), key) is not None else (line[:-1], "*")
