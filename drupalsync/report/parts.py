"""The parts in which two or three values differ, for the reader's eye only: what is written, the plan has decided.

A plan takes a list for one value. Here it is opened: what differs inside one of its members, which members came and which
went. deepdiff words that, it never judges: it takes 1, 1.0 and true for one value, so it is given texts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from drupalsync.report.values import NOTHING, same, special
from drupalsync.report.visible import has_hidden, visible

Path = tuple[Any, ...]
_PLAIN = re.compile(r"[^\s.\"'\\]+")
_FIELDS: Final = ("fields", "und")  # fields.<name>.und is what a node says in no language: Drupal's own detail


@dataclass(frozen=True, slots=True)
class Part:
    """One part of two values: what it was and is. `sign` is + or - for a member of a list that came or went."""

    path: Path
    old: Any
    new: Any
    sign: str = ""


def label(path: Path) -> str:
    """A path in one word: `fields.body.value`."""
    steps = path[:2] + path[3:] if len(path) > 2 and (path[0], path[2]) == _FIELDS else path
    return ".".join(_step(str(step)) for step in steps)


def differing(path: Path, old: Any, new: Any) -> Iterator[Part]:
    """The smallest parts in which two values differ, in the order of the new one."""
    old, new = _alike(old, new)
    if same(old, new):
        return
    if _is_map(old) and _is_map(new) and (old.keys() & new.keys() or not old or not new):
        for name in [*new, *(name for name in old if name not in new)]:
            below = old.get(name, NOTHING), new.get(name, NOTHING)
            yield from differing((*path, name), *below)
    elif _is_object(old) and _is_object(new) and old["$object"] == new["$object"]:
        yield from differing(path, old["properties"], new["properties"])
    elif isinstance(old, list) and isinstance(new, list):
        yield from _members(path, old, new)
    else:
        yield Part(path, old, new)


def sides(path: Path, values: Sequence[Any]) -> Iterator[tuple[Path, Sequence[Any]]]:
    """The parts in which any of several values differ, as far down as all of them have the same parts."""
    steps = _common(values)
    if steps is None:
        yield path, values
        return
    for step in steps:
        below = [value[step] if isinstance(value, list) else value.get(step, NOTHING) for value in values]
        if not all(same(below[0], other) for other in below[1:]):
            yield from sides((*path, step) if len(steps) > 1 or not isinstance(step, int) else path, below)


def leaves(path: Path, value: Any, room: int) -> Iterator[tuple[Path, Any]]:
    """The parts of one value that fit in so many characters, as far as it has parts; what has only one part is that."""
    short = len(json.dumps(value, ensure_ascii=False)) <= room
    if _is_map(value) and value and (len(value) == 1 or not short):
        for name, below in value.items():
            yield from leaves((*path, name), below, room)
    elif isinstance(value, list) and value and (not short or (len(value) == 1 and _is_map(value[0]))):
        for at, member in enumerate(value):
            yield from leaves((*path, at) if len(value) > 1 else path, member, room)
    else:
        yield path, value


def _members(path: Path, old: list[Any], new: list[Any]) -> Iterator[Part]:
    """What came into a list, what went, and what changed in its place."""
    if len(old) == len(new) == 1:
        yield from differing(path, old[0], new[0])
        return
    inner = _only_key([*old, *new])
    if inner is not None:
        yield from _members((*path, inner), [member[inner] for member in old], [member[inner] for member in new])
        return
    if len(old) == len(new) and sorted(map(_text, old)) == sorted(map(_text, new)):
        yield Part(path, old, new, sign="order")
        return
    for at, before, after in _aligned(old, new):
        if before is not NOTHING and after is not NOTHING:
            yield from differing((*path, at), before, after)
        else:
            yield Part(path, before, after, sign="+" if before is NOTHING else "-")


def _aligned(old: list[Any], new: list[Any]) -> list[tuple[int, Any, Any]]:
    """(place, old, new) of the members that differ; NOTHING stands for one that is not there."""
    from deepdiff import DeepDiff  # slow to import, and few plans need it

    found = DeepDiff([_text(member) for member in old], [_text(member) for member in new], view="tree", verbose_level=2)
    out = []
    for level in (level for levels in found.values() for level in levels):
        before, after = (json.loads(side) if isinstance(side, str) else NOTHING for side in (level.t1, level.t2))
        place = level.path(output_format="list", use_t2=after is not NOTHING)[-1]
        out.append((int(place), before, after))
    return sorted(out, key=lambda found: (found[0], found[2] is not NOTHING))


def _only_key(members: list[Any]) -> str | None:
    """The one key that every member has, and nothing else."""
    if not members or not all(_is_map(member) and len(member) == 1 for member in members):
        return None
    names = {next(iter(member)) for member in members}
    return names.pop() if len(names) == 1 else None


def _alike(old: Any, new: Any) -> tuple[Any, Any]:
    """PHP has one empty array: beside a map it is one, and beside a list what is not there is empty, too."""
    if old == [] and _is_map(new):
        return {}, new
    if new == [] and _is_map(old):
        return old, {}
    return old, new


def _common(values: Sequence[Any]) -> list[Any] | None:
    """The steps to the parts that all values have; None where they are not alike enough to be told part by part."""
    if all(isinstance(value, list) for value in values):
        return list(range(len(values[0]))) if len({len(value) for value in values}) == 1 else None
    if not all(map(_is_map, values)):
        return None
    names = list(dict.fromkeys(name for value in values for name in value))
    return names if any(all(name in value for value in values) for name in names) else None


def _is_map(value: Any) -> bool:
    return isinstance(value, dict) and not special(value)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {"$object", "properties"}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _step(name: str) -> str:
    return name if _PLAIN.fullmatch(name) and not has_hidden(name) else visible(json.dumps(name, ensure_ascii=False))
