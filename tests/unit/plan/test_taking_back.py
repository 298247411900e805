"""What a rollback wants of an item, and what stays of the edits that were made since."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.plan import Action, Inputs, OnDrift, Policy, Reason, take_back
from drupalsync.plan.taking_back import as_before, changed_by_release
from support.things import kind, thing


@pytest.mark.parametrize(
    ("before", "left", "live", "wanted"),
    [
        pytest.param({"a": 1}, {"a": 2}, {"a": 2}, {"a": 1}, id="nobody edited it"),
        pytest.param({"a": 1, "b": 1}, {"a": 2, "b": 1}, {"a": 2, "b": 9}, {"a": 1, "b": 9}, id="another field was edited"),
        pytest.param({"a": 1}, {"a": 2}, {"a": 9}, {"a": 1}, id="the same field was edited"),
        pytest.param(
            {"m": {"p": 1, "q": 1}}, {"m": {"p": 2, "q": 1}}, {"m": {"p": 2, "q": 9}}, {"m": {"p": 1, "q": 9}},
            id="another part of the same field was edited",
        ),
        pytest.param({"m": []}, {"m": {"p": 2}}, {"m": {"p": 2}}, {"m": []}, id="what the release put into an empty map"),
        pytest.param(
            {"m": {"p": {"x": 1, "y": 1}}}, {"m": {"p": {"x": 2, "y": 1}}}, {"m": []}, {"m": {"p": {"x": 1, "y": 1}}},
            id="what it lies in was taken away: all of it comes back, not a part",
        ),
    ],
)  # fmt: skip
def test_an_item_gets_back_what_the_release_changed_of_it(before: Any, left: Any, live: Any, wanted: Any) -> None:
    assert as_before(live=live, before=before, paths=changed_by_release(left=left, before=before)) == wanted


def inputs(**sides: Any) -> Inputs:
    return Inputs(
        kinds={"thing": kind()}, **{name: {item.address: item for item in items} for name, items in sides.items()}
    )


def test_what_the_release_made_and_somebody_edited_is_a_conflict() -> None:
    made = inputs(live=[thing(a="edited")], base=[thing(a="made")], desired=[])

    (change,) = take_back(made, Policy(prune=True)).changes

    assert (change.action, change.blocked) == (Action.DELETE, Reason.CONFLICT)


def test_with_keep_it_stays_and_the_rest_is_taken_back() -> None:
    made = inputs(
        live=[thing("x", a="edited"), thing("y", a="made")],
        base=[thing("x", a="made"), thing("y", a="made")],
        desired=[],
    )

    plan = take_back(made, Policy(prune=True, on_drift=OnDrift.KEEP))

    assert [change.address for change in plan.changes] == ["thing:y"]
    ((kept),) = plan.drift
    assert (kept.address, kept.blocked, [field.path for field in kept.fields]) == ("thing:x", None, [("a",)])


def test_with_overwrite_it_goes() -> None:
    made = inputs(live=[thing(a="edited")], base=[thing(a="made")], desired=[])

    (change,) = take_back(made, Policy(prune=True, on_drift=OnDrift.OVERWRITE)).changes

    assert (change.action, change.blocked) == (Action.DELETE, None)
