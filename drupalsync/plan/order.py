"""The order of a plan: total, and what others need comes first.

Kinds in the order in which they are written; in a kind, moves, creates and updates before deletes, what an item
needs (its `needs`, a parent whose key its own begins with) before it; deletes in the reverse of all that, at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Kind
from drupalsync.plan.model import Action, Change


class Circular(DrupalsyncError):
    """Items that need each other: none can come first."""


def in_order(kinds: Mapping[str, Kind], changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes in the order in which they are carried out; raises Circular."""
    rank = {name: at for at, name in enumerate(kinds)}
    ordered = sorted(changes, key=lambda change: (rank[change.kind], change.key))
    writes = [change for change in ordered if change.action is not Action.DELETE]
    deletes = [change for change in ordered if change.action is Action.DELETE]
    out: list[Change] = []
    for name, kind in kinds.items():
        out += _needed_first(kind, [change for change in writes if change.kind == name])
    return (*out, *reversed(deletes))


def _needed_first(kind: Kind, changes: list[Change]) -> list[Change]:
    """The changes of one kind, each after those of its items that it needs."""
    by_address = {change.address: change for change in changes}
    # What is there under its key already can be referred to at any time: only what is new, or newly there, must come first.
    new = {change.address for change in changes if change.action in {Action.CREATE, Action.MOVE}}
    needs = {
        change.address: [address for address in kind.needs(change.desired) if address in new]
        for change in changes
        if change.desired is not None
    }
    if not any(needs.values()):
        return changes
    at = {change.address: index for index, change in enumerate(changes)}
    sorter = TopologicalSorter(needs)
    try:
        sorter.prepare()
    except CycleError as error:
        raise Circular(
            f"these items need each other: {' → '.join(error.args[1])}", hint="take one of the references out"
        ) from error
    out: list[Change] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=at.__getitem__)
        out += [by_address[address] for address in ready]
        sorter.done(*ready)
    return out
