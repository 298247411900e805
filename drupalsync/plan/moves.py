"""Which new item is which old one: told by the tree, known by the kind, or suspected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from drupalsync.kinds.base import Item, Kind
from drupalsync.kinds.fields import same_tree
from drupalsync.php import PhpObject
from drupalsync.plan.model import Action, Change, FieldChange, Reason
from drupalsync.plan.paths import Path, differing, get_path
from drupalsync.tree import TreeValue, walk

ALIKE: Final = 0.6  # the share of two items that must be equal for a rename to be suspected
TELLING: Final = 20  # characters that they must share: `1` and `true` stand everywhere
MOST: Final = 200  # pairs of each kind that are looked at: who deletes and creates more is stopped by a limit


def moves(
    kinds: Mapping[str, Kind],
    vanished: Iterable[Item],
    appeared: Iterable[Item],
    told: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, str]:
    """New address → old address of what vanished here and appeared there, alike and alone in that.

    What is called after something that moves, in these or as `told`, moves along: a feed's block, an action's assignment.
    """
    gone, come = list(vanished), list(appeared)
    olds, news = _unique(kinds, gone), _unique(kinds, come)
    found = {news[alike].address: olds[alike].address for alike in news if alike in olds}
    new_names = {old: new for new, old in (found | dict(told)).items()}
    if not new_names:
        return found
    free = {item.address for item in come} - found.keys()
    for item in gone:
        key_after = getattr(kinds[item.kind], "key_after", None)
        if key_after is None or item.address in new_names:
            continue
        address = f"{item.kind}:{key_after(item.key, new_names)}"
        if address != item.address and address in free:
            found[address] = item.address
            free.discard(address)
    return found


def with_below(told: Mapping[str, str], live: Collection[str], desired: Collection[str]) -> dict[str, str]:
    """The moves that the tree tells (new → old) that are still to be made, and all that stands below their items."""
    found = {}
    for new, old in told.items():
        if old in live and new not in live:
            found[new] = old
            below = [address for address in live if address.startswith(f"{old}/")]
            pairs = [(new + address.removeprefix(old), address) for address in below]
            found |= {there: here for there, here in pairs if there in desired and there not in live}
    return found


def suspect_renames(
    kinds: Mapping[str, Kind], changes: Iterable[Change], gone: Iterable[Item], settled: Collection[str]
) -> Iterator[Change]:
    """The changes, every create that looks like something that has left the tree stopped.

    `settled` are the addresses of which the tree says that they are gone for good.
    """
    left: dict[str, list[Item]] = {}
    for item in gone:
        if item.address not in settled and kinds[item.kind].can_move(item):
            left.setdefault(item.kind, []).append(item)
    for change in changes:
        alike = None
        new = change.desired if change.action is Action.CREATE and change.base is None else None
        if new is not None and kinds[new.kind].can_move(new):
            alike = _most_alike(new, left.get(new.kind, [])[:MOST])
        yield change if alike is None or new is None else _suspected(change, alike, new)


def _suspected(change: Change, alike: Item, new: Item) -> Change:
    """The create, stopped, with what it would change of the other item if it was that."""
    pairs = [
        (path, get_path(alike.fields, path), get_path(new.fields, path)) for path in differing(alike.fields, new.fields)
    ]
    fields = tuple(
        FieldChange(path=path, base=old, live=old, desired=wanted, write=False) for path, old, wanted in pairs
    )
    return replace(change, blocked=Reason.RENAME, alike=alike.address, fields=fields)


def _most_alike(item: Item, candidates: Iterable[Item]) -> Item | None:
    """The one of several that a new item was probably made of; None where none is like it."""
    found = [(_likeness(candidate, item), candidate) for candidate in candidates]
    likeness, alike = max(found, key=lambda pair: pair[0], default=(0.0, None))
    return alike if likeness >= ALIKE else None


def _unique(kinds: Mapping[str, Kind], items: Iterable[Item]) -> dict[tuple[str, str], Item]:
    """The items by their likeness, where nobody else of the kind has it."""
    pairs = [((item.kind, alike), item) for item in items if (alike := kinds[item.kind].likeness(item)) is not None]
    count = Counter(alike for alike, _ in pairs)
    return {alike: item for alike, item in pairs if count[alike] == 1}


def _likeness(old: Item, new: Item) -> float:
    """The share of what the two say that both say, from 0 to 1, by length."""
    before, after = _leaves(old), _leaves(new)
    shared = sum(len(repr(value)) for path, value in after.items() if path in before and same_tree(before[path], value))
    whole = max(sum(len(repr(value)) for value in leaves.values()) for leaves in (before, after))
    return shared / whole if whole and shared >= TELLING else 0.0


def _leaves(item: Item) -> dict[Path, TreeValue]:
    """Everything that an item says, but for what says nothing."""
    nothing = (None, "", 0, 1)
    return {
        path: value
        for path, value in walk(dict(item.fields))
        if not isinstance(value, list | dict | PhpObject) and value not in nothing
    }
