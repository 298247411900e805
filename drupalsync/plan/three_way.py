"""The verdict on one path, and on the paths of one item, from live, desired and base."""

from __future__ import annotations

from collections.abc import Iterator

from drupalsync.kinds.base import Item
from drupalsync.plan.model import FieldChange, OnDrift, Reason
from drupalsync.plan.paths import Found, differing, get_path, same_found


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


def blocked_by(fields: tuple[FieldChange, ...], on_drift: OnDrift) -> Reason | None:
    """What of these stops the import: the worst of the verdicts that nobody settled."""
    unsettled = {change.reason for change in fields if change.reason and not change.write}
    if Reason.FIRST_CONTACT in unsettled:
        return Reason.FIRST_CONTACT
    if on_drift is not OnDrift.FAIL:
        return None
    return next((reason for reason in (Reason.CONFLICT, Reason.DRIFT) if reason in unsettled), None)
