"""Whether a rollback would bring everything back that a plan changes, and what it would not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from drupalsync.manifest import Mode, Rules
from drupalsync.plan.model import Action, Change, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`why` is a sentence for each thing that does not come back as it was; `partial` the addresses that it is about."""

    why: tuple[str, ...] = ()
    partial: frozenset[str] = frozenset()

    @property
    def complete(self) -> bool:
        return not self.why


def forecast(plan: Plan, rules: Rules) -> Forecast:
    """What a rollback of this plan, carried out, could not do; a new revision of a node is not counted as a loss."""
    found = [(change.address, why) for change in plan.changes for why in _of(change, rules)]
    found += [*plan.losses, *plan.remains]
    return Forecast(why=tuple(why for _, why in found), partial=frozenset(address for address, _ in found))


def _of(change: Change, rules: Rules) -> Iterator[str]:
    if change.action is Action.DELETE and change.live is not None and isinstance(change.live.local_id, int):
        yield f"{change.address} comes back under a new id"  # what else holds the old one does not find it
    if change.action is Action.CREATE and (mode := rules.mode(change.address)) is not Mode.FULL:
        yield f"{change.address} stays: its mode is {mode}"
