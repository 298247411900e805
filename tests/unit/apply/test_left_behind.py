"""What the ledger remembers of an item when something of it was left as the site had it."""

from __future__ import annotations

import pytest

from drupalsync.apply.write import left_behind
from drupalsync.manifest import Rule, Rules
from drupalsync.plan import OnDrift, Policy
from support.things import planned, thing

KEEP = Policy(on_drift=OnDrift.KEEP)


@pytest.mark.parametrize(
    ("base", "live", "desired", "remembered"),
    [
        pytest.param(
            "a", "b", "c", "a", id="of a conflict what it was, or the next release would take the edit for ours"
        ),
        pytest.param("a", "b", "a", "a", id="of a hand edit what the tree says"),
        pytest.param("a", "a", "c", "c", id="of the tree's own edit that"),
    ],
)
def test_beside_a_field_that_is_written(base: str, live: str, desired: str, remembered: str) -> None:
    sides = {"base": [thing(x=base, y=1)], "live": [thing(x=live, y=1)], "desired": [thing(x=desired, y=2)]}
    (change,) = planned(**sides, policy=KEEP).changes
    assert left_behind(change).fields == {"x": remembered, "y": 2}


def test_of_a_merged_list_what_the_tree_says() -> None:
    sides = {"base": ["a", "b"], "live": ["a", "b", "site"], "desired": ["a"]}
    (change,) = planned(**{name: [thing(members=value)] for name, value in sides.items()}, policy=KEEP).changes
    assert left_behind(change).fields == {"members": ["a"]}


def test_of_an_ignored_field_what_the_tree_says() -> None:
    rules = Rules(ignore=(Rule(item="*", field="x", reason="theirs"),))
    sides = {"base": [thing(x=1, y=1)], "live": [thing(x=2, y=1)], "desired": [thing(x=1, y=2)]}
    (change,) = planned(**sides, rules=rules).changes
    assert left_behind(change).fields == {"x": 1, "y": 2}
