"""How far one import may go before somebody has to say the number (design §9.5).

A limit stops the write, never the view: what is exceeded is part of the plan, with the numbers that would allow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from drupalsync.plan.model import Action, Change, Limit
from drupalsync.plan.verdicts import Policy

FLOOR: Final = 10  # items of a kind below which a share says nothing
CHANGES: Final = {Action.UPDATE, Action.MOVE}


def limits(changes: Iterable[Change], managed: Mapping[str, int], policy: Policy) -> Iterator[Limit]:
    """Every limit that is nearer than nothing; `managed` counts what drupalsync and the tree know of each kind."""
    if policy.limits is None:
        return
    counted = [change for change in _once(changes) if change.blocked is None]
    changed = [change for change in counted if change.action in CHANGES]
    deleted = [change for change in counted if change.action is Action.DELETE]
    for kind, number in managed.items():
        some = sum(change.kind == kind for change in changed), sum(change.kind == kind for change in deleted)
        if number >= FLOOR and any(some):
            most = number * policy.limits.percent // 100
            yield replace(_limit("percent", kind, most, some, policy), of=number)
    if changed or deleted:
        yield _limit("changes", "", policy.limits.changes, (len(changed), len(deleted)), policy)
    if deleted and policy.limits.deletes is not None:
        yield _limit("deletes", "", policy.limits.deletes, (0, len(deleted)), policy)


def _limit(rule: str, kind: str, most: int, some: tuple[int, int], policy: Policy) -> Limit:
    changed, deleted = some
    value = changed + deleted
    allowed = changed <= (policy.allow_changes or 0) and deleted <= (policy.allow_deletes or 0)
    return Limit(
        rule=rule,
        kind=kind,
        value=value,
        most=most,
        exceeded=value > most and not allowed,
        allow_changes=changed,
        allow_deletes=deleted,
    )


def _once(changes: Iterable[Change]) -> list[Change]:
    """The changes, a moved subtree counted as its topmost item."""
    listed = list(changes)
    tops: set[tuple[str | None, str]] = {
        (change.previous_address, change.address) for change in listed if change.previous_address
    }
    return [change for change in listed if not _only_along(change, tops)]


def _only_along(change: Change, moves: set[tuple[str | None, str]]) -> bool:
    if change.previous_address is None or change.fields:
        return False
    old, _, own_before = change.previous_address.rpartition("/")
    new, _, own = change.address.rpartition("/")
    return own == own_before and (old, new) in moves
