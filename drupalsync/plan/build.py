"""Compare live, desired and base, and put what is to do in order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from drupalsync.kinds.base import Item, Kind
from drupalsync.kinds.fields import same_tree
from drupalsync.plan.model import Action, Change, OnDrift, Plan, Reason
from drupalsync.plan.order import in_order
from drupalsync.plan.three_way import blocked_by, compare

Items = Mapping[str, Item]  # by address


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the operator allows."""

    adopt: bool = False
    prune: bool = False
    on_drift: OnDrift = OnDrift.FAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The three sides, sealed, for the selected items only; `kinds` in the order in which kinds are written.

    `moved` says which live item one of the tree was: new address → old address, of what has not moved yet.
    """

    kinds: Mapping[str, Kind]
    live: Items
    desired: Items
    base: Items
    moved: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=())


def make_plan(inputs: Inputs, policy: Policy) -> Plan:
    """The plan for one site; the same values give the same plan, to the byte."""
    moved = _moves(inputs) | dict(inputs.moved)
    changes: list[Change] = []
    drift: list[Change] = []
    in_sync: Counter[str] = Counter()
    for address, desired in inputs.desired.items():
        live = inputs.live.get(moved.get(address, address))
        base = inputs.base.get(moved.get(address, address))
        change = _for_desired(inputs, policy, desired, live, base)
        if change is None:
            in_sync[desired.kind] += 1
        elif _leaves_the_site_alone(change, policy):
            drift.append(change)
        else:
            changes.append(change)
    gone = [address for address in inputs.base if address not in inputs.desired and address not in moved.values()]
    deletes = [
        _delete(inputs.live[address], inputs.base[address], policy) for address in gone if address in inputs.live
    ]
    known = {*inputs.desired, *inputs.base, *moved.values()}
    return Plan(
        changes=in_order(inputs.kinds, [*changes, *(deletes if policy.prune else [])]),
        drift=tuple(drift),
        left=() if policy.prune else tuple(sorted(change.address for change in deletes)),
        forgotten=tuple(sorted(address for address in gone if address not in inputs.live)),
        unmanaged=tuple(
            sorted(address for address in inputs.live if address not in known and _counts(inputs, address))
        ),
        in_sync=dict(in_sync),
        kinds=tuple(inputs.kinds),
        notes=inputs.notes,
    )


def _for_desired(inputs: Inputs, policy: Policy, desired: Item, live: Item | None, base: Item | None) -> Change | None:
    """What an item of the tree needs; None where the site and the ledger have it just so."""
    if live is None:
        return _create(desired, base, policy)
    kind = inputs.kinds[desired.kind]
    desired = kind.fill(desired, live)
    moves = live.key != desired.key
    # What stands at Drupal's own defaults nobody has written: there is nothing of anybody's to overwrite.
    before = live if base is None and not moves and not kind.worth_exporting(live) else base
    fields = tuple(compare(live, desired, before, policy.on_drift, adopt=policy.adopt))
    if not fields and not moves:
        if base is not None and same_tree(base.fields, desired.fields):
            return None
        return Change(action=Action.ADOPT, kind=desired.kind, key=desired.key, live=live, desired=desired, base=base)
    blocked = blocked_by(fields, policy.on_drift)
    if moves and base is None and not policy.adopt:
        blocked = Reason.FIRST_CONTACT
    return Change(
        action=Action.MOVE if moves else Action.UPDATE,
        kind=desired.kind,
        key=desired.key,
        previous_key=live.key if moves else None,
        live=live,
        desired=desired,
        base=base,
        fields=fields,
        blocked=blocked,
    )


def _create(desired: Item, base: Item | None, policy: Policy) -> Change:
    """An item that the site lacks: new, or deleted there by hand since we left it."""
    blocked = None
    if base is not None and policy.on_drift is OnDrift.FAIL:
        blocked = Reason.DRIFT if same_tree(base.fields, desired.fields) else Reason.CONFLICT
    return Change(action=Action.CREATE, kind=desired.kind, key=desired.key, desired=desired, base=base, blocked=blocked)


def _delete(live: Item, base: Item, policy: Policy) -> Change:
    """An item that left the tree; edits made on the site since stop its deletion."""
    edited = not same_tree(live.fields, base.fields)
    blocked = Reason.CONFLICT if edited and policy.on_drift is not OnDrift.OVERWRITE else None
    return Change(action=Action.DELETE, kind=live.kind, key=live.key, live=live, base=base, blocked=blocked)


def _leaves_the_site_alone(change: Change, policy: Policy) -> bool:
    """Whether all that differs is a hand edit that stays, be it that somebody deleted the item."""
    if change.action is Action.CREATE:
        return change.base is not None and policy.on_drift is OnDrift.KEEP
    return (
        change.action is Action.UPDATE
        and change.blocked is None
        and not any(field_change.write for field_change in change.fields)
    )


def _counts(inputs: Inputs, address: str) -> bool:
    """Whether an item that nobody manages is worth mentioning."""
    item = inputs.live[address]
    return inputs.kinds[item.kind].worth_exporting(item)


def _moves(inputs: Inputs) -> dict[str, str]:
    """New address → the live address that it moved from."""
    appeared = [item for address, item in inputs.desired.items() if address not in inputs.live]
    vanished = [item for address, item in inputs.live.items() if address not in inputs.desired]
    return moves(inputs.kinds, vanished, appeared)


def moves(kinds: Mapping[str, Kind], vanished: Iterable[Item], appeared: Iterable[Item]) -> dict[str, str]:
    """New address → old address of what vanished here and appeared there, alike and alone in that."""
    olds, news = _unique(kinds, vanished), _unique(kinds, appeared)
    return {news[alike].address: olds[alike].address for alike in news if alike in olds}


def _unique(kinds: Mapping[str, Kind], items: Iterable[Item]) -> dict[tuple[str, str], Item]:
    """The items by their likeness, where nobody else of the kind has it."""
    pairs = [((item.kind, alike), item) for item in items if (alike := kinds[item.kind].likeness(item)) is not None]
    count = Counter(alike for alike, _ in pairs)
    return {alike: item for alike, item in pairs if count[alike] == 1}
