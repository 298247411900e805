"""config/moved.yml: what the tree tells of its past, so that a rename keeps its row, and a deletion is surely meant.

    moved:
      - {from: 'menu_link:main-menu/about', to: 'menu_link:main-menu/company/about'}
    removed:
      - block:custom/old-notice

A site where it has happened already, or that never had the item, passes such a line over: it may stay for as long as any
environment lags behind. One that speaks of nothing in the tree is an error: it would be believed, and do nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from drupalsync.kinds import Item, Kind
from drupalsync.kinds.fields import FieldProblem, Path
from drupalsync.tree import TreeValue

FILE: Final = "moved.yml"
_EXAMPLE: Final = "moved: [{from: 'node:page/old', to: 'node:page/new'}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """`moved`: new address → what it was called before, the latest name first. `removed`: addresses that are gone."""

    moved: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()

    def moves_on(self, live: Collection[str]) -> dict[str, str]:
        """New address → the address under which this site still has it."""
        found = {new: next((old for old in olds if old in live), None) for new, olds in self.moved.items()}
        return {new: old for new, old in found.items() if old is not None}


def read_past(document: TreeValue, items: Mapping[str, Item], kinds: Mapping[str, Kind]) -> Past:
    """What the file says of a tree with these items; raises FieldProblem."""
    if not isinstance(document, dict) or not document.keys() <= {"moved", "removed"}:
        raise FieldProblem("this file has `moved:` and `removed:`, and nothing else", (), hint=_EXAMPLE)
    steps: dict[str, str] = {}  # old → new
    for path, old, new in _pairs(document.get("moved")):
        _check_pair(path, old, new, kinds)
        if old in steps or new in steps.values():
            raise FieldProblem("two lines speak of one item", path, hint="keep one of them")
        if old in items:
            raise FieldProblem(f"{old} is still in the tree", (*path, "from"), hint="delete it there, or this line")
        steps[old] = new
    _check_ends(steps, items, kinds)
    return Past(moved=_chains(steps), removed=frozenset(_removed(document.get("removed"), items)))


def _pairs(entries: TreeValue) -> Iterator[tuple[Path, str, str]]:
    for at, entry in enumerate(_listed(entries, "moved")):
        pair = (entry.get("from"), entry.get("to")) if isinstance(entry, dict) and len(entry) == 2 else (None, None)
        if not isinstance(pair[0], str) or not isinstance(pair[1], str):
            raise FieldProblem("a line of `moved` says from where and to where", ("moved", at), hint=_EXAMPLE)
        yield ("moved", at), pair[0], pair[1]


def _check_pair(path: Path, old: str, new: str, kinds: Mapping[str, Kind]) -> None:
    for name, address in (("from", old), ("to", new)):
        if address.partition(":")[0] not in kinds:
            raise FieldProblem(f"{address} is no address", (*path, name), hint=f"kind:key; kinds: {', '.join(kinds)}")
    if old == new or old.partition(":")[0] != new.partition(":")[0]:
        raise FieldProblem(f"{old} cannot become {new}", path, hint="an item keeps its kind, and gets another key")


def _check_ends(steps: Mapping[str, str], items: Mapping[str, Item], kinds: Mapping[str, Kind]) -> None:
    for at, (old, new) in enumerate(steps.items()):
        if new not in items and new not in steps:
            from difflib import get_close_matches

            near = get_close_matches(new, items, n=1)
            hint = f"did you mean {near[0]}?" if near else "take the line out, if the item has gone for good"
            raise FieldProblem(f"{new} is not in the tree", ("moved", at, "to"), hint=hint)
        if new in items and not kinds[items[new].kind].can_move(items[new]):
            raise FieldProblem(
                f"{old} cannot become {new}: its name is what Drupal knows it by",
                ("moved", at),
                hint="take the line out: the one is made and the other deleted",
            )


def _chains(steps: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The last name of each item with its earlier ones; raises FieldProblem where names go round in a circle."""
    before = {new: old for old, new in steps.items()}
    found = {}
    for new in before:
        if new in steps:
            continue
        names = [new]
        while names[-1] in before:
            names.append(before[names[-1]])
        found[new] = tuple(names[1:])
    if sum(map(len, found.values())) != len(steps):
        raise FieldProblem("these lines lead round in a circle", ("moved",), hint="keep the last move of each item")
    return found


def _removed(entries: TreeValue, items: Mapping[str, Item]) -> Iterator[str]:
    for at, address in enumerate(_listed(entries, "removed")):
        if not isinstance(address, str):
            raise FieldProblem("`removed` lists addresses", ("removed", at), hint="removed: [block:custom/old]")
        if address in items:
            raise FieldProblem(f"{address} is still in the tree", ("removed", at), hint="delete it there, or this line")
        yield address


def _listed(entries: TreeValue, name: str) -> list[TreeValue]:
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise FieldProblem("this must be a list", (name,), hint=_EXAMPLE)
    return entries
