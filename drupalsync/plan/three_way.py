"""The verdict on one path, and on the paths of one item, from live, desired and base."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from drupalsync.kinds.base import Item
from drupalsync.kinds.fields import Field
from drupalsync.manifest import Rule
from drupalsync.plan.members import merged
from drupalsync.plan.model import FieldChange, OnDrift, Reason
from drupalsync.plan.paths import ABSENT, Found, differing, get_path, same_found


def reason_for(*, base: Found, live: Found, desired: Found) -> Reason | None:
    """Why live and desired, known to differ, differ: None where only the tree moved."""
    if same_found(live, base):
        return None
    return Reason.DRIFT if same_found(desired, base) else Reason.CONFLICT


def compare(live: Item, desired: Item, base: Item | None, on_drift: OnDrift, *, adopt: bool) -> Iterator[FieldChange]:
    """The paths at which live and desired differ, each with its verdict; none where they are equal."""
    for path in differing(live.fields, desired.fields):
        here, wanted = get_path(live.fields, path), get_path(desired.fields, path)
        if base is None:
            yield FieldChange(path=path, base=here, live=here, desired=wanted, reason=Reason.FIRST_CONTACT, write=adopt)
            continue
        before = get_path(base.fields, path)
        reason = reason_for(base=before, live=here, desired=wanted)
        yield FieldChange(
            path=path,
            base=before,
            live=here,
            desired=wanted,
            reason=reason,
            write=reason is None or on_drift is OnDrift.OVERWRITE,
        )


def merge_members(change: FieldChange, fields: Mapping[str, Field], on_drift: OnDrift) -> FieldChange:
    """The verdict on a list whose members stand for themselves: both sides' edits, where both made some.

    It is no conflict then: nobody's edit is lost but the site's, where that is to be overwritten.
    """
    field = fields.get(str(change.path[0]))
    if change.reason is not Reason.CONFLICT or field is None or not field.by_member:
        return change
    both = merged(base=change.base, live=change.live, desired=change.desired)
    if both is ABSENT:
        return change
    if on_drift is OnDrift.OVERWRITE:
        return replace(change, reason=Reason.DRIFT)
    write = on_drift is OnDrift.KEEP and not same_found(both, change.live)
    return replace(change, reason=Reason.DRIFT, write=write, merged=both)


def leave_alone(change: FieldChange, rules: tuple[Rule, ...]) -> FieldChange:
    """The verdict where a rule of the manifest leaves the path to the site."""
    rule = next((rule for rule in rules if rule.covers(change.path)), None)
    if rule is None:
        return change
    return replace(change, write=False, merged=ABSENT, because=rule.reason or "ignored by drupalsync.yml")


def blocked_by(fields: tuple[FieldChange, ...], on_drift: OnDrift) -> Reason | None:
    """What of these stops the import: the worst of the verdicts that nobody settled."""
    unsettled = {change.reason for change in fields if change.reason and not change.write and not change.because}
    if Reason.FIRST_CONTACT in unsettled:
        return Reason.FIRST_CONTACT
    if on_drift is not OnDrift.FAIL:
        return None
    return next((reason for reason in (Reason.CONFLICT, Reason.DRIFT) if reason in unsettled), None)
