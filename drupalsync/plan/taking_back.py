"""What a rollback wants of each item of a release, and the plan of it: an import's, but for what only a rollback can meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from drupalsync.kinds.base import Fields
from drupalsync.plan.build import Inputs, make_plan
from drupalsync.plan.model import Action, Change, FieldChange, OnDrift, Plan, Reason
from drupalsync.plan.paths import ABSENT, Path, differing, get_path, in_order_of, set_path
from drupalsync.plan.verdicts import Policy
from drupalsync.tree import TreeValue


def as_before(*, live: Fields, before: Fields, paths: list[Path]) -> Fields:
    """An item as it is, with what it had before the release at the paths that the release changed.

    So an edit of anything else, made since, is none of the rollback's business, and stays.
    >>> as_before(live={"a": 2, "b": "edited"}, before={"a": 1, "b": "x"}, paths=[("a",)])
    {'a': 1, 'b': 'edited'}
    """
    fields = dict(live)
    for path in (_with_what_it_lies_in(path, live, before) for path in paths):
        set_path(fields, path, get_path(dict(before), path))
    return in_order_of(before, fields)


def changed_by_release(*, left: Fields, before: Fields) -> list[Path]:
    """The paths at which what the release left differs from what was there before it."""
    return list(differing(left, before))


def take_back(inputs: Inputs, policy: Policy) -> Plan:
    """The plan of a rollback. With `keep`, what the release made and somebody edited since stays on the site."""
    plan = make_plan(inputs, policy)
    if policy.on_drift is not OnDrift.KEEP:
        return plan
    kept = [change for change in plan.changes if change.action is Action.DELETE and change.blocked is Reason.CONFLICT]
    return replace(
        plan,
        changes=tuple(change for change in plan.changes if change not in kept),
        drift=(*plan.drift, *map(_kept, kept)),
    )


def _kept(change: Change) -> Change:
    assert change.live is not None
    assert change.base is not None
    live, base = dict(change.live.fields), dict(change.base.fields)
    fields = tuple(
        FieldChange(
            path=path,
            base=get_path(base, path),
            live=get_path(live, path),
            desired=ABSENT,
            reason=Reason.CONFLICT,
            write=False,
        )
        for path in differing(base, live)
    )
    return replace(change, blocked=None, fields=fields)


def _with_what_it_lies_in(path: Path, live: Mapping[str, TreeValue], before: Mapping[str, TreeValue]) -> Path:
    """The path, or the beginning of it at which the item has nothing to put a part into any more."""
    for length in range(1, len(path)):
        here, there = (get_path(dict(side), path[:length]) for side in (live, before))
        if isinstance(there, dict) and not isinstance(here, dict):
            return path[:length]
    return path
