"""Which item of an old list is which item of a new one, so that an edit touches the items that differ."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from drupalsync.php.values import PhpObject
from drupalsync.tree.values import TreeValue

# What names an item among its siblings: a link its key, other lists of mappings the item that they speak of.
_NAMES: Final = ("key", "item")


@dataclass(frozen=True, slots=True)
class Step:
    """Where an item of the new list comes from: `old` is None for a new one; `moved`: not in the old order."""

    old: int | None = None
    moved: bool = False


def align(old: list[Any], new: list[Any]) -> list[Step]:
    """One step for each item of `new`; items of `old` that no step names are gone."""
    old_names, new_names = _names(old), _names(new)
    steps = [Step()] * len(new)
    left: dict[Hashable, list[int]] = {}
    for what, i, i_end, j, j_end in SequenceMatcher(None, old_names, new_names, autojunk=False).get_opcodes():
        if what == "equal":
            steps[j:j_end] = [Step(index) for index in range(i, i_end)]
        else:
            for index in range(i, i_end):
                left.setdefault(old_names[index], []).append(index)
    for j, name in enumerate(new_names):
        if steps[j].old is None and left.get(name):
            steps[j] = Step(left[name].pop(0), moved=True)
    _pair_the_rest(old, new, steps)
    return steps


def _pair_the_rest(old: list[Any], new: list[Any], steps: list[Step]) -> None:
    """Between two items that stay, an item that is gone and a new one of the same sort are one item that changed."""
    used = {step.old for step in steps}
    position = 0
    for j, step in enumerate(steps):
        if step.old is not None:
            position = position if step.moved else step.old + 1
            continue
        following = next((s.old for s in steps[j:] if s.old is not None and not s.moved), len(old))
        for i in range(position, following):
            if i not in used and _same_sort(old[i], new[j]):
                steps[j] = Step(i)
                used.add(i)
                position = i + 1
                break


def _same_sort(old: TreeValue, new: TreeValue) -> bool:
    kinds = [type(item) if isinstance(item, dict | list | PhpObject) else None for item in (old, new)]
    return kinds[0] is kinds[1] and (_name(old) is None or _name(new) is None)


def _names(items: list[Any]) -> list[Hashable]:
    """A name for each item: its own where all items that have one have different ones, else its whole value."""
    own = [_name(item) for item in items]
    given = [name for name in own if name is not None]
    if len(set(given)) != len(given):
        own = [None] * len(items)
    return [name if name is not None else ("value", _frozen(item)) for name, item in zip(own, items, strict=True)]


def _name(item: TreeValue) -> Hashable | None:
    if isinstance(item, dict):
        for field in _NAMES:
            if isinstance(item.get(field), str | int):
                return (field, item[field])
    return None


def _frozen(value: TreeValue) -> Hashable:
    """Something to compare and hash, types included."""
    if isinstance(value, list):
        return ("list", *map(_frozen, value))
    if isinstance(value, dict):
        return ("dict", frozenset((key, _frozen(item)) for key, item in value.items()))
    if isinstance(value, str | bytes):
        return value
    return (type(value).__name__, repr(value))
