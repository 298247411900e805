"""Compare live, desired and base, and put what is to do in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from drupalsync.kinds.base import Item, Kind
from drupalsync.manifest import Mode, Rules
from drupalsync.plan.limits import limits
from drupalsync.plan.model import Change, Plan, Reason
from drupalsync.plan.moves import moves, suspect_renames, with_below
from drupalsync.plan.order import in_order
from drupalsync.plan.verdicts import Policy, Sides, for_desired, for_gone, leaves_the_site_alone

Items = Mapping[str, Item]  # by address


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The three sides, sealed, for the selected items only; `kinds` in the order in which kinds are written.

    `moved` (address in the tree → address on the site) is what the tree tells of its past, or what somebody renamed on
    the site; of `removed` addresses the tree tells, too. `declared` and
    `protected` are the addresses that the tree, and the ledger, protect; `born` those that Drupal needs, and why.
    """

    kinds: Mapping[str, Kind]
    live: Items
    desired: Items
    base: Items
    moved: Mapping[str, str] = field(default_factory=dict)
    removed: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()
    protected: frozenset[str] = frozenset()
    born: Mapping[str, str] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    notes: tuple[str, ...] = field(default=())


@dataclass(slots=True)
class _Sorted:
    """The items of the tree by what becomes of them."""

    changes: list[Change] = field(default_factory=list)
    drift: list[Change] = field(default_factory=list)
    ignored: list[Change] = field(default_factory=list)
    in_sync: Counter[str] = field(default_factory=Counter)


def make_plan(inputs: Inputs, policy: Policy) -> Plan:
    """The plan for one site; the same values give the same plan, to the byte."""
    moved = _moves(inputs)
    found = _compared(inputs, policy, moved)
    gone = [address for address in inputs.base if address not in inputs.desired and address not in moved.values()]
    there = [address for address in gone if address in inputs.live and inputs.rules.ignored(address) is None]
    deletes = [_gone(inputs, policy, address) for address in there if _may_go(inputs.rules, policy, address)]
    renamed = suspect_renames(inputs.kinds, found.changes, [inputs.live[address] for address in there], inputs.removed)
    changes = in_order(inputs.kinds, [*renamed, *deletes])
    known = {*inputs.desired, *inputs.base, *moved.values()}
    return Plan(
        changes=changes,
        drift=tuple(found.drift),
        ignored=tuple(found.ignored),
        limits=tuple(limits(changes, _managed(inputs), policy)),
        left=tuple(sorted(set(there) - {change.address for change in deletes})),
        forgotten=tuple(sorted(address for address in gone if address not in inputs.live)),
        unmanaged=tuple(
            sorted(address for address in inputs.live if address not in known and _counts(inputs, address))
        ),
        in_sync=dict(found.in_sync),
        kinds=tuple(inputs.kinds),
        notes=inputs.notes,
    )


def _compared(inputs: Inputs, policy: Policy, moved: Mapping[str, str]) -> _Sorted:
    found = _Sorted()
    for address, desired in inputs.desired.items():
        before = moved.get(address, address)
        known = before if before in inputs.base else address  # the site's name is new where somebody renamed it there
        sides = Sides(
            kind=inputs.kinds[desired.kind],
            live=inputs.live.get(before),
            desired=desired,
            base=inputs.base.get(known),
            protection_changes=(address in inputs.declared) != (known in inputs.protected),
        )
        change = for_desired(sides, policy, inputs.rules)
        if change is None:
            found.in_sync[desired.kind] += 1
        elif change.because:
            found.ignored.append(change)
        elif leaves_the_site_alone(change, policy):
            found.drift.append(change)
        else:
            found.changes.append(change)
    return found


def _may_go(rules: Rules, policy: Policy, address: str) -> bool:
    """Whether an item that left the tree may be deleted, should nothing stand in the way."""
    return policy.prune and rules.mode(address) is Mode.FULL


def _gone(inputs: Inputs, policy: Policy, address: str) -> Change:
    """The deletion of an item, stopped where it is protected: by the ledger, for its declaration went with the item."""
    change = for_gone(inputs.live[address], inputs.base[address], policy)
    why = inputs.born.get(address) or (
        "the tree said `protect: true` of it" if address in inputs.protected | inputs.declared else ""
    )
    return replace(change, blocked=Reason.PROTECTED, because=why) if why else change


def _managed(inputs: Inputs) -> dict[str, int]:
    """How many items of each kind the site has that the tree or the ledger knows."""
    known = [address for address in inputs.live if address in inputs.desired or address in inputs.base]
    count = Counter(inputs.live[address].kind for address in known)
    return {kind: count[kind] for kind in inputs.kinds}


def _counts(inputs: Inputs, address: str) -> bool:
    """Whether an item that nobody manages is worth mentioning."""
    item = inputs.live[address]
    return inputs.kinds[item.kind].worth_exporting(item)


def _moves(inputs: Inputs) -> dict[str, str]:
    """New address → the live address that it moved from."""
    told = with_below(inputs.moved, inputs.live, inputs.desired)
    taken = set(told.values())
    appeared = _without(inputs.desired, inputs.live, told)
    vanished = _without(inputs.live, inputs.desired, taken)
    return moves(inputs.kinds, vanished, appeared, told) | told


def _without(items: Items, *others: Iterable[str]) -> list[Item]:
    known = set().union(*others)
    return [item for address, item in items.items() if address not in known]
