"""Two documents as one: a base, and an overlay that says only what differs from it.

Mappings are laid over each other entry by entry, deeply. So are lists of mappings in which the overlay names every
member by its `key` or its `system` (the links of a menu): by that name, new members after the others. Any other value
of the overlay stands in the place of the base's. A document that is None, {} or [] says nothing.

Nothing in an overlay takes an entry or a member of the base away.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

from drupalsync.php.values import PhpObject, type_of_key
from drupalsync.tree.values import UNSET, Path, TreeValue, Unset, same

NAMES: Final = ("key", "system")  # what a member of a list is known by, the first that it has


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Which members of two lists are one: the overlay's index by the base's, and the overlay's that are new."""

    size: int
    shared: dict[int, int]
    new: list[int]

    def at(self, step: type_of_key) -> tuple[int | None, int | None]:
        """The index in the base and in the overlay of a member of the merged list."""
        if not isinstance(step, int) or not 0 <= step < self.size + len(self.new):
            return None, None
        return (step, self.shared.get(step)) if step < self.size else (None, self.new[step - self.size])


Memory = dict[tuple[int, int], _Pairs | None]  # of lists that live as long as it does, by their ids


def merge(base: TreeValue, over: TreeValue) -> TreeValue:
    """The document that the two are together.

    >>> merge({"a": {"x": 1, "y": 2}, "b": [1, 2]}, {"a": {"y": 3}, "b": [4]})
    {'a': {'x': 1, 'y': 3}, 'b': [4]}
    >>> merge([{"key": "home", "weight": 0}], [{"key": "home", "weight": 5}, {"key": "new"}])
    [{'key': 'home', 'weight': 5}, {'key': 'new'}]
    """
    return base if says_nothing(over) else _merged(base, over)


def split(document: TreeValue, base: TreeValue, over: TreeValue) -> tuple[TreeValue, TreeValue]:
    """The base and the overlay that are `document` together, each as near as can be to what it was.

    What the overlay says stays its own, and the base keeps its value there; all else goes to the base. Of an entry that
    `document` lacks neither keeps anything (`vanished` tells which were in both). A half is None where it has nothing.
    The two are not `document` where the overlay put something else in the place of a mapping (or of a list by name),
    and `document` has a mapping (or such a list) there again, without all that the base has.
    """
    if says_nothing(over):
        return document, over
    new_base, new_over = _split(document, UNSET if base is None else base, over)
    return (None if new_base is UNSET else new_base), (None if new_over is UNSET else new_over)


def vanished(document: TreeValue, base: TreeValue, over: TreeValue, path: Path = ()) -> Iterator[Path]:
    """Yields where in `document` an entry of a mapping is missing that both the base and the overlay have."""
    if isinstance(document, dict) and isinstance(base, dict) and isinstance(over, dict):
        for key in [key for key in base if key in over]:
            if key not in document:
                yield (*path, key)
            else:
                yield from vanished(document[key], base[key], over[key], (*path, key))
    elif (lists := _by_name(base, over)) and _is_mappings(document):
        for at, (member, in_base, in_over) in enumerate(_threes(document, *lists)):
            if in_base is not None and in_over is not None:
                yield from vanished(member, lists[0][in_base], lists[1][in_over], (*path, at))


def origins(
    path: Path, base: TreeValue, over: TreeValue, memory: Memory | None = None
) -> tuple[Path | None, Path | None]:
    """Where the value at a path of the merged document stands in the base, and where in the overlay.

    Both, for a mapping or list that they share; neither, where there is no such value. `memory` spares whoever asks for
    many paths of the same two documents to pair their members each time.
    """
    memory = {} if memory is None else memory
    low: TreeValue | Unset = UNSET if base is None else base
    high: TreeValue | Unset = UNSET if says_nothing(over) else over
    below: Path = ()
    above: Path = ()
    for step in path:
        pairs = _pairs(low, high, memory)
        steps: tuple[type_of_key | None, type_of_key | None] = pairs.at(step) if pairs else (step, step)
        low = low if _are_one(low, high, pairs) else UNSET
        low, high = _inside(low, steps[0]), _inside(high, steps[1])
        below, above = (*below, steps[0] or 0), (*above, steps[1] or 0)
    low = low if _are_one(low, high, _pairs(low, high, memory)) else UNSET
    return (None if low is UNSET else below), (None if high is UNSET else above)


def nameless(base: TreeValue, over: TreeValue, path: Path = ()) -> Iterator[Path]:
    """Yields where in the overlay a member of a list has no name, and those of the base's list have."""
    if isinstance(base, dict) and isinstance(over, dict):
        for key in over:
            if key in base:
                yield from nameless(base[key], over[key], (*path, key))
    elif _is_mappings(over) and _is_mappings(base) and all(map(_has_name, base)):
        partners = _partners(base, over)
        for at, member in enumerate(over):
            partner = partners[at]
            if not _has_name(member):
                yield (*path, at)
            elif partner is not None:
                yield from nameless(base[partner], member, (*path, at))


def says_nothing(document: TreeValue) -> bool:
    """Whether a document has no value: its file is not there, is empty, or says {}."""
    return document is None or document in ({}, [])


def value_at(document: TreeValue, path: Path) -> TreeValue | Unset:
    """The value at a path, UNSET where there is none."""
    found: TreeValue | Unset = document
    for step in path:
        found = _inside(found, step)
    return found


def _merged(base: TreeValue, over: TreeValue) -> TreeValue:
    if isinstance(base, dict) and isinstance(over, dict):
        out = {key: _merged(value, over[key]) if key in over else value for key, value in base.items()}
        return {**out, **{key: value for key, value in over.items() if key not in base}}
    if lists := _by_name(base, over):
        partners = _partners(*lists)
        laid = {partner: lists[1][at] for at, partner in enumerate(partners) if partner is not None}
        members = [_merged(member, laid[at]) if at in laid else member for at, member in enumerate(lists[0])]
        return members + [lists[1][at] for at, partner in enumerate(partners) if partner is None]
    return over


def _split(
    document: TreeValue, base: TreeValue | Unset, over: TreeValue | Unset
) -> tuple[TreeValue | Unset, TreeValue | Unset]:
    if over is UNSET:
        return document, UNSET
    if base is UNSET:
        return UNSET, document
    if isinstance(document, dict) and isinstance(base, dict) and isinstance(over, dict):
        return _split_mapping(document, base, over)
    if (lists := _by_name(base, over)) and (_is_mappings(document) or document == []):
        return _split_list(document, *lists)
    return base, document


def _split_mapping(
    document: dict[Any, Any], base: dict[Any, Any], over: dict[Any, Any]
) -> tuple[TreeValue | Unset, TreeValue | Unset]:
    new_base: dict[Any, Any] = {}
    new_over: dict[Any, Any] = {}
    for key, value in document.items():
        low, high = _split(value, base.get(key, UNSET), over.get(key, UNSET))
        if low is not UNSET:
            new_base[key] = low
        if high is not UNSET:
            new_over[key] = high
    if len(new_over) < len(over) and same(_merged(new_base, new_over), new_base):
        return new_base, UNSET  # what is left only names what it was laid over
    return new_base, new_over


def _split_list(document: list[Any], base: list[Any], over: list[Any]) -> tuple[TreeValue | Unset, TreeValue | Unset]:
    """The members of each half: the base's in the order of the document, the overlay's in its own."""
    new_base: list[Any] = []
    new_over: dict[int, Any] = {}
    for member, in_base, in_over in _threes(document, base, over):
        low, high = _split(
            member, UNSET if in_base is None else base[in_base], UNSET if in_over is None else over[in_over]
        )
        if low is not UNSET:
            new_base.append(low)
        if high is not UNSET and in_over is not None:
            new_over[in_over] = high
    return new_base, [new_over[at] for at in sorted(new_over)] or UNSET


def _threes(document: list[Any], base: list[Any], over: list[Any]) -> Iterator[tuple[Any, int | None, int | None]]:
    """Each member of a document's list, with its indices in both halves."""
    return zip(document, _partners(base, document), _partners(over, document), strict=True)


def _by_name(base: TreeValue | Unset, over: TreeValue | Unset) -> tuple[list[Any], list[Any]] | None:
    """The two, where they are lists that are laid over each other member by member."""
    return (base, over) if _is_mappings(base) and _is_mappings(over) and all(map(_has_name, over)) else None


def _is_mappings(value: TreeValue | Unset) -> TypeGuard[list[dict[Any, Any]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(member, dict) for member in value)


def _has_name(member: dict[Any, Any]) -> bool:
    return any(isinstance(member.get(name), str) for name in NAMES)


def _partners(members: list[Any], others: list[Any]) -> list[int | None]:
    """For each of `others` the index of the member that has its name; None for one that is new. No two get the same."""
    found: list[int | None] = [None] * len(others)
    taken: set[int] = set()
    for name in NAMES:
        free: dict[str, list[int]] = {}
        for at, member in enumerate(members):
            if at not in taken and isinstance(member.get(name), str):
                free.setdefault(member[name], []).append(at)
        for at, other in enumerate(others):
            if found[at] is None and isinstance(other.get(name), str):
                fitting = [one for one in free.get(other[name], ()) if _may_be_one(members[one], other, name)]
                if fitting:
                    found[at] = fitting[0]
                    taken.add(fitting[0])
                    free[other[name]].remove(fitting[0])
    return found


def _may_be_one(member: dict[Any, Any], other: dict[Any, Any], name: str) -> bool:
    """Whether no name that comes before this one tells the two apart: a link may be known by its `system` alone."""
    before = NAMES[: NAMES.index(name)]
    return not any(isinstance(member.get(one), str) and isinstance(other.get(one), str) for one in before)


def _are_one(low: TreeValue | Unset, high: TreeValue | Unset, pairs: _Pairs | None) -> bool:
    """Whether what the base has is still there, under what the overlay says."""
    return high is UNSET or (isinstance(low, dict) and isinstance(high, dict)) or pairs is not None


def _pairs(low: TreeValue | Unset, high: TreeValue | Unset, memory: Memory) -> _Pairs | None:
    """The members of two lists that are laid over each other by name; None for anything else."""
    if not isinstance(low, list) or not isinstance(high, list):
        return None
    place = id(low), id(high)
    if place not in memory:
        partners = _partners(*lists) if (lists := _by_name(low, high)) else None
        memory[place] = None if partners is None else _Pairs(
            size=len(low),
            shared={partner: at for at, partner in enumerate(partners) if partner is not None},
            new=[at for at, partner in enumerate(partners) if partner is None],
        )  # fmt: skip
    return memory[place]


def _inside(value: TreeValue | Unset, step: type_of_key | None) -> TreeValue | Unset:
    if isinstance(value, dict | PhpObject):
        entries: dict[Any, Any] = value.properties if isinstance(value, PhpObject) else value
        found: TreeValue | Unset = entries.get(step, UNSET)
        return found
    if isinstance(value, list) and isinstance(step, int) and 0 <= step < len(value):
        member: TreeValue = value[step]
        return member
    return UNSET
