"""Where two values differ, and values at a path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.kinds.fields import same_tree
from drupalsync.tree import TreeValue

Step = int | str | bytes
Path = tuple[Step, ...]


class Absent:
    """What stands at a path that a value does not have: not null, not empty."""

    def __repr__(self) -> str:
        return "absent"


ABSENT: Final = Absent()
Found = TreeValue | Absent


def differing(old: Mapping[str, TreeValue], new: Mapping[str, TreeValue]) -> Iterator[Path]:
    """Every shortest path at which the two differ, in the order of `new`, then of `old`.

    Maps are compared key by key; a list, a text and everything else as one value.
    """
    if old is not new:
        yield from _differing(dict(old), dict(new), ())


def _differing(old: TreeValue, new: TreeValue, path: Path) -> Iterator[Path]:
    if isinstance(old, dict) and isinstance(new, dict):
        for name in [*new, *(name for name in old if name not in new)]:
            if name not in old or name not in new:
                yield (*path, name)
            else:
                yield from _differing(old[name], new[name], (*path, name))
    elif not same_tree(old, new):
        yield path


def get_path(value: Found, path: Path) -> Found:
    """What stands at `path`, or ABSENT."""
    for step in path:
        if not isinstance(value, dict) or step not in value:
            return ABSENT
        value = value[step]
    return value


def set_path(fields: dict[str, TreeValue], path: Path, value: Found) -> None:
    """Puts `value` at `path` of a fresh copy of each map on the way; ABSENT removes what is there.

    A map that loses its last entry becomes PHP's one empty array, `[]`; an empty array on the way becomes a map.
    """
    name = path[0]
    assert isinstance(name, str)
    new = _with(fields.get(name, ABSENT), path[1:], value)
    if isinstance(new, Absent):
        fields.pop(name, None)
    else:
        fields[name] = new


def _with(old: Found, path: Path, value: Found) -> Found:
    if not path:
        return value
    entries: dict[Step, TreeValue] = dict(old) if isinstance(old, dict) else {}
    new = _with(entries.get(path[0], ABSENT), path[1:], value)
    if isinstance(new, Absent):
        entries.pop(path[0], None)
    else:
        entries[path[0]] = new
    return entries or []


def same_found(a: Found, b: Found) -> bool:
    """Equality that also knows ABSENT."""
    if isinstance(a, Absent) or isinstance(b, Absent):
        return a is b
    return same_tree(a, b)


def dotted(path: Path) -> str:
    """A path in one word, as messages name it."""
    return ".".join(step.decode("utf-8", "replace") if isinstance(step, bytes) else str(step) for step in path)


def in_order_of(wanted: Mapping[str, TreeValue], fields: Mapping[str, TreeValue]) -> dict[str, TreeValue]:
    """The fields, those that say what `wanted` says in its very order: a part that was put in stands at the end.

    >>> in_order_of({"m": {"a": 1, "b": 2}}, {"m": {"b": 2, "a": 1}, "n": 3})
    {'m': {'a': 1, 'b': 2}, 'n': 3}
    """
    return {
        name: wanted[name] if name in wanted and same_tree(value, wanted[name]) else value
        for name, value in fields.items()
    }
