"""Lists whose members stand for themselves: what each side added and took away."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.plan import ABSENT, OnDrift, Policy, Reason
from drupalsync.plan.members import merged
from support.things import planned, thing, told

CASES = [
    pytest.param(["a", "b"], ["a", "b", "s"], ["a", "b", "t"], ["a", "b", "s", "t"], id="both added"),
    pytest.param(["a", "b", "c"], ["a", "b"], ["a", "c"], ["a"], id="both took one away"),
    pytest.param(["a", "b"], ["b", "s"], ["a", "b", "t"], ["b", "s", "t"], id="the site replaced one"),
    pytest.param(["a", "b"], ["b", "a", "s"], ["a"], ["a", "s"], id="the site's order stays"),
    pytest.param(["a"], ["a", "x"], ["a", "x", "t"], ["a", "x", "t"], id="both added the same"),
    pytest.param([1, 2], [1, 2, 3], [1], [1, 3], id="numbers"),
    pytest.param(["a", "b"], ["a"], ["b"], ABSENT, id="nothing is left, and nothing means everybody"),
    pytest.param([], ["a"], ["b"], ABSENT, id="it was everybody"),
    pytest.param(["a"], [], ["a", "b"], ABSENT, id="the site opened it for everybody"),
    pytest.param(["a", "a"], ["a"], ["b"], ABSENT, id="a member twice"),
    pytest.param([["a"]], [["b"]], [["c"]], ABSENT, id="members that are no texts"),
    pytest.param("a", ["b"], ["c"], ABSENT, id="no list"),
    pytest.param(ABSENT, ["b"], ["c"], ABSENT, id="no base"),
    pytest.param([True, "a"], ["a"], ["a", "b"], ABSENT, id="booleans"),
]


@pytest.mark.parametrize(("base", "live", "desired", "expected"), CASES)
def test_the_edits_of_both_sides_make_one_list(base: Any, live: Any, desired: Any, expected: Any) -> None:
    assert merged(base=base, live=live, desired=desired) == expected


SIDES = {
    "base": [thing(members=["a", "b"])],
    "live": [thing(members=["a", "b", "s"])],
    "desired": [thing(members=["a"])],
}


def test_a_hand_edit_of_another_member_stops_a_run_that_was_not_told_to_keep_it() -> None:
    assert told(planned(**SIDES)) == "update, drift"


def test_kept_it_is_written_together_with_what_the_tree_changed() -> None:
    (change,) = planned(**SIDES, policy=Policy(on_drift=OnDrift.KEEP)).changes
    (field,) = change.fields
    assert (field.reason, field.write, field.merged) == (Reason.DRIFT, True, ["a", "s"])


def test_overwritten_the_trees_list_is_written() -> None:
    (change,) = planned(**SIDES, policy=Policy(on_drift=OnDrift.OVERWRITE)).changes
    (field,) = change.fields
    assert (field.write, field.merged) == (True, ABSENT)


def test_another_list_is_one_value() -> None:
    sides = {name: [thing(value=item.fields["members"])] for name, (item,) in SIDES.items()}
    assert told(planned(**sides)) == "update, conflict"
