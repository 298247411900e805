"""Every combination of absent, a, b and c in live, desired and base, by hand."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from drupalsync.kinds import Item, Kind
from drupalsync.plan import Action, Inputs, OnDrift, Plan, Policy, Reason, make_plan

KIND = cast(
    "Kind",
    SimpleNamespace(
        NAME="thing",
        FIELDS={},
        can_move=lambda item: True,
        fill=lambda item, live: item,
        needs=lambda item: (),
        likeness=lambda item: None,
        worth_exporting=lambda item: True,
    ),
)


def thing(value: Any, key: str = "x") -> Item:
    return Item(kind="thing", key=key, fields={"value": value}, local_id=1)


def side(value: str | None) -> dict[str, Item]:
    return {} if value is None else {"thing:x": thing(value)}


def planned(live: str | None, desired: str | None, base: str | None, **policy: Any) -> Plan:
    inputs = Inputs(kinds={"thing": KIND}, live=side(live), desired=side(desired), base=side(base))
    return make_plan(inputs, Policy(**policy))


def told(plan: Plan) -> str:
    """The plan in one word or two: the action, and what stops it."""
    if plan.changes:
        change = plan.changes[0]
        return f"{change.action}, {change.blocked}" if change.blocked else str(change.action)
    for name in ("drift", "left", "forgotten", "unmanaged"):
        if getattr(plan, name):
            return name
    return "in sync" if plan.in_sync else "nothing"


# live, desired, base: fail; keep; overwrite; prune and fail; adopt
TABLE: dict[tuple[str | None, str | None, str | None], tuple[str, str, str, str, str]] = {
    (None, None, None): ("nothing",) * 5,
    (None, None, "a"): ("forgotten",) * 5,
    (None, "a", None): ("create",) * 5,
    (None, "a", "a"): ("create, drift", "drift", "create", "create, drift", "create, drift"),
    (None, "a", "b"): ("create, conflict", "drift", "create", "create, conflict", "create, conflict"),
    ("a", None, None): ("unmanaged",) * 5,
    ("a", None, "a"): ("left", "left", "left", "delete", "left"),
    ("a", None, "b"): ("left", "left", "left", "delete, conflict", "left"),
    ("a", "a", None): ("adopt",) * 5,
    ("a", "a", "a"): ("in sync",) * 5,
    ("a", "a", "b"): ("adopt",) * 5,
    ("a", "b", None): ("update, first contact",) * 4 + ("update",),
    ("a", "b", "a"): ("update",) * 5,
    ("a", "b", "b"): ("update, drift", "drift", "update", "update, drift", "update, drift"),
    ("a", "b", "c"): ("update, conflict", "drift", "update", "update, conflict", "update, conflict"),
}


@pytest.mark.parametrize(
    ("sides", "expected"), [pytest.param(*row, id="-".join(map(str, row[0]))) for row in TABLE.items()]
)
def test_every_combination_has_its_verdict(
    sides: tuple[str | None, str | None, str | None], expected: tuple[str, ...]
) -> None:
    policies: list[dict[str, Any]] = [
        {},
        {"on_drift": OnDrift.KEEP},
        {"on_drift": OnDrift.OVERWRITE},
        {"prune": True},
        {"adopt": True},
    ]
    assert tuple(told(planned(*sides, **policy)) for policy in policies) == expected


def test_no_base_is_never_a_permission_to_write() -> None:
    for on_drift in OnDrift:
        assert planned("a", "b", None, on_drift=on_drift).blocked


def test_what_stands_at_drupals_defaults_is_no_first_contact() -> None:
    kind = cast("Kind", SimpleNamespace(**{**vars(KIND), "worth_exporting": lambda item: False}))
    inputs = Inputs(kinds={"thing": kind}, live=side("default"), desired=side("b"), base={})
    (change,) = make_plan(inputs, Policy()).changes
    assert (change.action, change.blocked) == (Action.UPDATE, None)


def test_edits_of_different_fields_both_survive() -> None:
    base, live, desired = ({"a": a, "b": b} for a, b in ((1, 1), (2, 1), (1, 2)))
    inputs = Inputs(
        kinds={"thing": KIND},
        live={"thing:x": thing(live)},
        desired={"thing:x": thing(desired)},
        base={"thing:x": thing(base)},
    )
    (change,) = make_plan(inputs, Policy(on_drift=OnDrift.KEEP)).changes
    assert [(field.path, field.reason, field.write) for field in change.fields] == [
        (("value", "a"), Reason.DRIFT, False),
        (("value", "b"), None, True),
    ]


def test_types_are_part_of_a_value() -> None:
    inputs = Inputs(
        kinds={"thing": KIND}, live={"thing:x": thing(1)}, desired={"thing:x": thing(True)}, base={"thing:x": thing(1)}
    )
    (change,) = make_plan(inputs, Policy()).changes
    assert change.action is Action.UPDATE


def test_what_vanished_and_what_appeared_alike_is_one_that_moved() -> None:
    kind = cast("Kind", SimpleNamespace(**{**vars(KIND), "likeness": lambda item: item.fields["value"]}))
    inputs = Inputs(
        kinds={"thing": kind},
        live={"thing:old": thing("a", "old")},
        desired={"thing:new": thing("a", "new")},
        base={"thing:old": thing("a", "old")},
    )
    (change,) = make_plan(inputs, Policy()).changes
    assert (change.action, change.previous_key, change.key, change.blocked) == (Action.MOVE, "old", "new", None)


def test_two_candidates_for_a_move_are_no_move() -> None:
    kind = cast("Kind", SimpleNamespace(**{**vars(KIND), "likeness": lambda item: item.fields["value"]}))
    inputs = Inputs(
        kinds={"thing": kind},
        live={"thing:old": thing("a", "old"), "thing:older": thing("a", "older")},
        desired={"thing:new": thing("a", "new")},
        base={},
    )
    assert [change.action for change in make_plan(inputs, Policy()).changes] == [Action.CREATE]
