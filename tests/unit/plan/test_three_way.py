"""Every combination of absent, a, b and c in live, desired and base, by hand."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.kinds import Item
from drupalsync.manifest import Mode, Rule, Rules
from drupalsync.plan import Action, OnDrift, Plan, Policy, Reason, Side
from support.things import kind, planned, thing, told

POLICIES: list[dict[str, Any]] = [
    {},
    {"on_drift": OnDrift.KEEP},
    {"on_drift": OnDrift.OVERWRITE},
    {"prune": True},
    {"adopt": True},
]
Sides = tuple[str | None, str | None, str | None]
Row = tuple[str, str, str, str, str]


def side(value: str | None) -> list[Item]:
    return [] if value is None else [thing(value=value)]


def plan_of(sides: Sides, *, rules: Rules | None = None, **policy: Any) -> Plan:
    live, desired, base = map(side, sides)
    return planned(live=live, desired=desired, base=base, policy=Policy(**policy), rules=rules or Rules())


# live, desired, base: fail; keep; overwrite; prune and fail; adopt
FULL: dict[Sides, Row] = {
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
_NO_DELETE: dict[Sides, Row] = {
    ("a", None, "a"): ("left",) * 5,
    ("a", None, "b"): ("left",) * 5,
}
_CREATE_ONLY: dict[Sides, Row] = _NO_DELETE | {
    (None, "a", "a"): ("ignored",) * 5,  # somebody deleted what was made once
    (None, "a", "b"): ("ignored",) * 5,
    ("a", "b", None): ("ignored",) * 5,
    ("a", "b", "a"): ("ignored",) * 5,
    ("a", "b", "b"): ("ignored",) * 5,
    ("a", "b", "c"): ("ignored",) * 5,
}
_OBSERVE: dict[Sides, Row] = _CREATE_ONLY | {
    (None, "a", None): ("ignored",) * 5,
    ("a", "a", None): ("in sync",) * 5,  # not even recorded
    ("a", "a", "b"): ("in sync",) * 5,
}
_IGNORED: dict[Sides, Row] = _OBSERVE | {
    ("a", None, "a"): ("nothing",) * 5,
    ("a", None, "b"): ("nothing",) * 5,
}
_FIELD_IGNORED: dict[Sides, Row] = {
    ("a", "b", None): ("ignored",) * 5,
    ("a", "b", "a"): ("ignored",) * 5,
    ("a", "b", "b"): ("ignored",) * 5,
    ("a", "b", "c"): ("ignored",) * 5,
}
TABLES: dict[str, tuple[Rules, dict[Sides, Row]]] = {
    "full": (Rules(), FULL),
    "no-delete": (Rules(modes=(("thing:*", Mode.NO_DELETE),)), FULL | _NO_DELETE),
    "create-only": (Rules(modes=(("thing:*", Mode.CREATE_ONLY),)), FULL | _CREATE_ONLY),
    "observe": (Rules(modes=(("thing:*", Mode.OBSERVE),)), FULL | _OBSERVE),
    "ignored": (Rules(ignore=(Rule(item="thing:*", reason="theirs"),)), FULL | _IGNORED),
    "its field ignored": (Rules(ignore=(Rule(item="thing:*", field="value", reason="theirs"),)), FULL | _FIELD_IGNORED),
}


@pytest.mark.parametrize(
    ("rules", "sides", "expected"),
    [
        pytest.param(rules, sides, row, id=f"{name}-{'-'.join(map(str, sides))}")
        for name, (rules, table) in TABLES.items()
        for sides, row in table.items()
    ],
)
def test_every_combination_has_its_verdict_in_every_mode(rules: Rules, sides: Sides, expected: Row) -> None:
    assert tuple(told(plan_of(sides, rules=rules, **policy)) for policy in POLICIES) == expected


def test_the_table_has_every_combination_up_to_the_names_of_its_values() -> None:
    values = (None, "a", "b", "c")
    every = {_named((live, desired, base)) for live in values for desired in values for base in values}
    assert {_named(sides) for sides in FULL} == every


def _named(sides: Sides) -> Sides:
    """The same sides, their values named in the order in which they are met."""
    names: dict[str, str] = {}
    live, desired, base = (value and names.setdefault(value, "abc"[len(names)]) for value in sides)
    return live, desired, base


def test_no_base_is_never_a_permission_to_write() -> None:
    for on_drift in OnDrift:
        assert plan_of(("a", "b", None), on_drift=on_drift).blocked


def test_what_stands_at_drupals_defaults_is_no_first_contact() -> None:
    plain = kind(worth_exporting=lambda item: False)
    (change,) = planned(live=[thing(value="default")], desired=[thing(value="b")], of=plain).changes
    assert (change.action, change.blocked) == (Action.UPDATE, None)


def test_edits_of_different_fields_both_survive() -> None:
    base, live, desired = ([thing(a=a, b=b)] for a, b in ((1, 1), (2, 1), (1, 2)))
    (change,) = planned(live=live, desired=desired, base=base, policy=Policy(on_drift=OnDrift.KEEP)).changes
    assert [(field.path, field.reason, field.side, field.write) for field in change.fields] == [
        (("a",), Reason.DRIFT, Side.SITE, False),
        (("b",), None, Side.TREE, True),
    ]


def test_a_conflict_is_of_both_sides_and_a_first_contact_of_nobody() -> None:
    (conflict,) = plan_of(("a", "b", "c")).changes
    (contact,) = plan_of(("a", "b", None)).changes
    assert [change.fields[0].side for change in (conflict, contact)] == [Side.BOTH, None]


def test_types_are_part_of_a_value() -> None:
    (change,) = planned(live=[thing(value=1)], desired=[thing(value=True)], base=[thing(value=1)]).changes
    assert change.action is Action.UPDATE


def test_an_ignored_field_stays_while_the_others_are_written() -> None:
    rules = Rules(ignore=(Rule(item="thing:*", field="at.weight", reason="sorted by hand"),))
    base, live, desired = ([thing(at={"weight": w, "region": r})] for w, r in ((1, "a"), (2, "a"), (3, "b")))
    (change,) = planned(live=live, desired=desired, base=base, rules=rules).changes
    assert [(field.path, field.write, field.because) for field in change.fields] == [
        (("at", "weight"), False, "sorted by hand"),
        (("at", "region"), True, ""),
    ]
    assert change.blocked is None


def test_of_several_modes_the_last_that_fits_counts() -> None:
    rules = Rules(modes=(("thing:*", Mode.OBSERVE), ("thing:x", Mode.FULL)))
    assert told(plan_of(("a", "b", "a"), rules=rules)) == "update"
