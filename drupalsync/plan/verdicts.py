"""What one item needs, from its three sides, the operator's policy and the rules of the manifest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from drupalsync.kinds.base import Item, Kind
from drupalsync.kinds.fields import same_tree
from drupalsync.manifest import Limits, Mode, Rules
from drupalsync.plan.model import Action, Change, FieldChange, OnDrift, Reason
from drupalsync.plan.three_way import blocked_by, compare, leave_alone, merge_members


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the operator allows. `limits` are the manifest's, None: of none; the numbers go beyond them."""

    adopt: bool = False
    prune: bool = False
    on_drift: OnDrift = OnDrift.FAIL
    limits: Limits | None = None
    allow_changes: int | None = None
    allow_deletes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One item as the site, the tree and the ledger have it; `protect`: as the tree and the ledger have that."""

    kind: Kind
    live: Item | None
    desired: Item
    base: Item | None
    protection_changes: bool = False


_OPEN = Policy(adopt=True, on_drift=OnDrift.OVERWRITE)


def for_desired(sides: Sides, policy: Policy, rules: Rules) -> Change | None:
    """What an item of the tree needs; None where the site and the ledger have it just so.

    A change with `because` is one that is left alone: by a rule, or by the item's mode.
    """
    address, mode = sides.desired.address, rules.mode(sides.desired.address)
    rule = rules.ignored(address)
    if rule is not None or mode is Mode.OBSERVE:
        because = f"mode {mode}" if rule is None else rule.reason or "ignored by drupalsync.yml"
        return _aside(_verdict(sides, _OPEN, Rules()), because)
    change = _verdict(sides, policy, rules)
    if mode is Mode.CREATE_ONLY and change is not None and change.action is not Action.ADOPT:
        if change.action is Action.CREATE and sides.base is None:
            return change
        return _aside(change, f"mode {mode}")
    return change


def for_gone(live: Item, base: Item, policy: Policy) -> Change:
    """An item that left the tree; edits made on the site since stop its deletion."""
    edited = not same_tree(live.fields, base.fields)
    blocked = Reason.CONFLICT if edited and policy.on_drift is not OnDrift.OVERWRITE else None
    return Change(action=Action.DELETE, kind=live.kind, key=live.key, live=live, base=base, blocked=blocked)


def leaves_the_site_alone(change: Change, policy: Policy) -> bool:
    """Whether all that differs is a hand edit that stays, be it that somebody deleted the item."""
    if change.action is Action.CREATE or _renamed_by_hand(change):
        stays = change.blocked is None or change.action is Action.CREATE
        return change.base is not None and policy.on_drift is OnDrift.KEEP and stays
    return (
        change.action is Action.UPDATE
        and change.blocked is None
        and not any(field_change.write for field_change in change.fields)
    )


def _verdict(sides: Sides, policy: Policy, rules: Rules) -> Change | None:
    live, base = sides.live, sides.base
    if live is None:
        return _create(sides.desired, base, policy)
    desired = sides.kind.fill(sides.desired, live)
    moves = live.key != desired.key
    # What stands at Drupal's own defaults nobody has written: there is nothing of anybody's to overwrite.
    before = live if base is None and not moves and not sides.kind.worth_exporting(live) else base
    fields = tuple(_fields(sides.kind, live, desired, before, policy, rules))
    if not fields and not moves:
        if base is not None and same_tree(base.fields, desired.fields) and not sides.protection_changes:
            return None
        return Change(action=Action.ADOPT, kind=desired.kind, key=desired.key, live=live, desired=desired, base=base)
    blocked = blocked_by(fields, policy.on_drift)
    if moves and base is None and not policy.adopt:
        blocked = Reason.FIRST_CONTACT
    change = Change(
        action=Action.MOVE if moves else Action.UPDATE,
        kind=desired.kind,
        key=desired.key,
        previous_key=live.key if moves else None,
        live=live,
        desired=desired,
        base=base,
        fields=fields,
        blocked=blocked,
        because="" if moves else _why_alone(fields),
    )
    return _by_hand(change, policy.on_drift) if _renamed_by_hand(change) else change


def _renamed_by_hand(change: Change) -> bool:
    """Whether the site, not the tree, gave an item another name."""
    return change.action is Action.MOVE and change.base is not None and change.base.key == change.key


def _by_hand(change: Change, on_drift: OnDrift) -> Change:
    """A rename on the site, as drift: it stops, is left as it is, or taken back."""
    if on_drift is OnDrift.FAIL:
        return replace(change, blocked=change.blocked or Reason.DRIFT)
    if on_drift is OnDrift.KEEP and any(one.write for one in change.fields):
        return replace(change, blocked=Reason.CONFLICT)  # the tree changed other things of it: they must not get lost
    return change


def _fields(
    kind: Kind, live: Item, desired: Item, base: Item | None, policy: Policy, rules: Rules
) -> Iterator[FieldChange]:
    about = rules.for_fields(desired.address)
    for change in compare(live, desired, base, policy.on_drift, adopt=policy.adopt):
        yield leave_alone(merge_members(change, kind.FIELDS, policy.on_drift), about)


def _why_alone(fields: Iterable[FieldChange]) -> str:
    """Why an item is left alone of which every field that differs is."""
    reasons = [change.because for change in fields]
    return ", ".join(dict.fromkeys(reasons)) if reasons and all(reasons) else ""


def _create(desired: Item, base: Item | None, policy: Policy) -> Change:
    """An item that the site lacks: new, or deleted there by hand since we left it."""
    blocked = None
    if base is not None and policy.on_drift is OnDrift.FAIL:
        blocked = Reason.DRIFT if same_tree(base.fields, desired.fields) else Reason.CONFLICT
    return Change(action=Action.CREATE, kind=desired.kind, key=desired.key, desired=desired, base=base, blocked=blocked)


def _aside(change: Change | None, because: str) -> Change | None:
    """A change that is not made: what differs, and why it stays so; nothing of it is written, and nothing stops."""
    if change is None or change.action is Action.ADOPT:
        return None
    fields = tuple(replace(field_change, write=False) for field_change in change.fields)
    return replace(change, fields=fields, blocked=None, because=because)
