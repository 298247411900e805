"""What nothing may delete."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.plan import Plan, Policy
from support.things import planned, thing, told

X = frozenset({"thing:x"})


def gone(**more: Any) -> Plan:
    return planned(live=[thing(value=1)], base=[thing(value=1)], policy=Policy(prune=True), **more)


@pytest.mark.parametrize(
    ("protection", "why"),
    [
        pytest.param({"protected": X}, "the tree said `protect: true` of it", id="by the ledger"),
        pytest.param({"born": {"thing:x": "it is the front page"}}, "it is the front page", id="by birth"),
    ],
)
def test_a_protected_item_is_not_deleted(protection: dict[str, Any], why: str) -> None:
    (change,) = gone(**protection).changes
    assert (change.blocked, change.because) == ("protected", why)


def test_without_protection_it_goes() -> None:
    assert told(gone()) == "delete"


def test_protection_that_comes_or_goes_is_recorded_and_nothing_else() -> None:
    there = [thing(value=1)]
    assert told(planned(live=there, desired=there, base=there, declared=X)) == "adopt"
    assert told(planned(live=there, desired=there, base=there, protected=X)) == "adopt"
    assert told(planned(live=there, desired=there, base=there, declared=X, protected=X)) == "in sync"


def test_a_protected_item_may_change_and_move() -> None:
    plan = planned(live=[thing("x", value=1)], desired=[thing("y", value=2)], base=[thing("x", value=1)], protected=X, moved={"thing:y": "thing:x"})  # fmt: skip
    assert told(plan) == "move"
