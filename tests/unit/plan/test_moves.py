"""Which new item is which old one: told by the tree, known by the kind, suspected."""

from __future__ import annotations

from typing import Any, Final

import pytest

from drupalsync.plan import Action, OnDrift, Plan, Policy, Reason
from support.things import kind, planned, thing, told

LONG: Final = {"title": "Opening hours of the harbour", "body": "From nine to five, closed on Mondays."}
PRUNE: Final = Policy(prune=True)
BY_VALUE: Final = kind(likeness=lambda item: item.fields["value"])


def moved(plan: Plan) -> list[tuple[str | None, str]]:
    return [(change.previous_key, change.key) for change in plan.changes if change.action is Action.MOVE]


def _renamed(old: str, new: str, **more: Any) -> Plan:
    return planned(live=[thing(old, **LONG)], desired=[thing(new, **LONG)], base=[thing(old, **LONG)], **more)


def test_what_vanished_and_what_appeared_alike_is_one_that_moved() -> None:
    plan = planned(
        live=[thing("old", value="a")], desired=[thing("new", value="a")], base=[thing("old", value="a")], of=BY_VALUE
    )
    assert moved(plan) == [("old", "new")]
    assert plan.applyable


def test_two_candidates_for_a_move_are_no_move() -> None:
    plan = planned(
        live=[thing("old", value="a"), thing("older", value="a")], desired=[thing("new", value="a")], of=BY_VALUE
    )
    assert [change.action for change in plan.changes] == [Action.CREATE]


def test_a_move_that_the_tree_tells_keeps_the_row() -> None:
    plan = _renamed("old", "new", moved={"thing:new": "thing:old"}, policy=PRUNE)
    assert moved(plan) == [("old", "new")]
    assert plan.applyable


def test_a_told_move_takes_what_is_below_along() -> None:
    below = {"old": [thing("old"), thing("old/team", value=1)], "new": [thing("new"), thing("new/team", value=1)]}
    plan = planned(live=below["old"], desired=below["new"], base=below["old"], moved={"thing:new": "thing:old"})
    assert moved(plan) == [("old", "new"), ("old/team", "new/team")]


def test_a_told_move_that_has_happened_is_passed_over() -> None:
    there = [thing("new", **LONG)]
    assert told(planned(live=there, desired=there, base=there, moved={"thing:new": "thing:old"})) == "in sync"


@pytest.mark.parametrize(
    ("on_drift", "what"),
    [(OnDrift.FAIL, "stopped"), (OnDrift.KEEP, "left"), (OnDrift.OVERWRITE, "moved back")],
)
def test_what_the_site_renamed_is_drift(on_drift: OnDrift, what: str) -> None:
    plan = planned(
        live=[thing("theirs", **LONG)],
        desired=[thing("ours", **LONG)],
        base=[thing("ours", **LONG)],
        moved={"thing:ours": "thing:theirs"},
        policy=Policy(on_drift=on_drift),
    )
    left = [(change.previous_key, change.key) for change in plan.drift]
    stopped = [change.blocked for change in plan.changes]
    assert (moved(plan), left, stopped, plan.unmanaged) == {
        "stopped": ([("theirs", "ours")], [], [Reason.DRIFT], ()),
        "left": ([], [("theirs", "ours")], [], ()),
        "moved back": ([("theirs", "ours")], [], [None], ()),
    }[what]


def test_where_both_are_on_the_site_nothing_moves() -> None:
    both = [thing("old", **LONG), thing("new", **LONG)]
    plan = planned(live=both, desired=both[1:], base=both, moved={"thing:new": "thing:old"}, policy=PRUNE)
    assert [(change.action, change.key) for change in plan.changes] == [(Action.DELETE, "old")]


def test_a_delete_and_a_create_that_look_alike_stop_the_run() -> None:
    plan = _renamed("old", "new", policy=PRUNE)
    assert [(change.key, change.blocked, change.alike) for change in plan.changes if change.blocked] == [
        ("new", "rename", "thing:old")
    ]


def test_without_prune_they_stop_it_too_for_there_would_be_two() -> None:
    assert told(_renamed("old", "new")) == "create, rename"


def test_what_the_tree_says_has_gone_for_good_is_no_rename() -> None:
    plan = _renamed("old", "new", policy=PRUNE, removed=frozenset({"thing:old"}))
    assert [change.action for change in plan.changes] == [Action.CREATE, Action.DELETE]
    assert plan.applyable


def test_what_is_little_alike_is_no_rename() -> None:
    old = thing("old", title="Opening hours of the harbour", body="x" * 40)
    new = thing("new", title="Opening hours of the harbour", body="y" * 40)
    assert told(planned(live=[old], desired=[new], base=[old])) == "create"


def test_what_only_shares_what_everything_has_is_no_rename() -> None:
    old, new = (thing(key, value=1, weight=0, status=True, title="") for key in ("old", "new"))
    assert told(planned(live=[old], desired=[new], base=[old])) == "create"


def test_what_cannot_get_another_key_is_no_rename() -> None:
    assert told(_renamed("old", "new", of=kind(can_move=lambda item: False))) == "create"


def test_of_several_the_most_alike_is_named() -> None:
    old = [thing("far", **LONG | {"body": "Always."}), thing("near", **LONG | {"more": 2})]
    plan = planned(live=old, desired=[thing("new", **LONG)], base=old)
    assert plan.changes[0].alike == "thing:near"
