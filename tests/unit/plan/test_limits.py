"""How far an import may go, and the numbers that let it go further."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from drupalsync.kinds import Item
from drupalsync.manifest import Limits
from drupalsync.plan import Plan, Policy
from support.things import kind, planned, thing


def release(of: int, *, changed: int = 0, deleted: int = 0, limits: Limits | None = None, **policy: Any) -> Plan:
    """A site with so many items, the first of which the tree changes, and the last of which it no longer has."""
    live = [thing(f"{at:03}", value=at) for at in range(of)]
    desired = [thing(item.key, value="new" if at < changed else at) for at, item in enumerate(live)]
    allowed = Policy(prune=True, limits=limits or Limits(), **policy)
    return planned(live=live, desired=desired[: of - deleted], base=live, policy=allowed)


def exceeded(plan: Plan) -> set[str]:
    return {limit.rule for limit in plan.exceeded}


@pytest.mark.parametrize(
    ("of", "changed", "deleted", "expected"),
    [
        pytest.param(10, 3, 0, set(), id="30 % of ten"),
        pytest.param(10, 4, 0, {"percent"}, id="40 % of ten"),
        pytest.param(10, 2, 2, {"percent"}, id="changes and deletes count together"),
        pytest.param(9, 9, 0, set(), id="a share of a few says nothing"),
        pytest.param(1000, 50, 0, set(), id="fifty items"),
        pytest.param(1000, 51, 0, {"changes"}, id="more than fifty items"),
        pytest.param(1000, 25, 26, {"changes"}, id="more than fifty, some of them deleted"),
        pytest.param(100, 0, 60, {"percent", "changes"}, id="both"),
        pytest.param(10, 0, 0, set(), id="nothing"),
    ],
)
def test_so_much_is_too_much(of: int, changed: int, deleted: int, expected: set[str]) -> None:
    plan = release(of, changed=changed, deleted=deleted)
    assert exceeded(plan) == expected
    assert plan.applyable == (not expected)
    assert len(plan.changes) == changed + deleted  # a limit stops the write, never the view


@pytest.mark.parametrize(
    ("numbers", "passes"),
    [
        ({"allow_changes": 20, "allow_deletes": 40}, True),
        ({"allow_changes": 20}, False),
        ({"allow_deletes": 40}, False),
        ({"allow_changes": 19, "allow_deletes": 40}, False),
        ({"allow_changes": 20, "allow_deletes": 39}, False),
        ({"allow_changes": 999, "allow_deletes": 999}, True),
    ],
)
def test_the_numbers_let_it_pass_and_only_both_of_them(numbers: dict[str, int], passes: bool) -> None:
    assert release(100, changed=20, deleted=40, **numbers).applyable == passes


def test_it_says_the_numbers_that_it_would_take() -> None:
    needed = {(limit.allow_changes, limit.allow_deletes) for limit in release(100, changed=20, deleted=40).exceeded}
    assert needed == {(20, 40)}


def test_deletes_have_a_limit_of_their_own_where_the_manifest_says_one() -> None:
    assert exceeded(release(1000, deleted=11, limits=Limits(deletes=10))) == {"deletes"}
    assert release(1000, deleted=11, limits=Limits(deletes=10), allow_deletes=11).applyable


def test_of_no_limits_none_is_exceeded() -> None:
    live = [thing(f"{at}", value=at) for at in range(100)]
    assert planned(live=live, base=live, policy=Policy(prune=True)).applyable


def test_creates_and_adoptions_do_not_count() -> None:
    live = [thing(f"{at}", value=at) for at in range(100)]
    new = [thing(f"new-{at}", value=at) for at in range(100)]
    assert planned(live=live, desired=[*live, *new], policy=Policy(limits=Limits())).applyable


def test_a_moved_subtree_counts_once() -> None:
    def below(top: str) -> Iterable[Item]:
        return [thing(top), *(thing(f"{top}/{at}", value=at) for at in range(60))]

    known = kind(likeness=lambda item: str(item.fields.get("value")))
    plan = planned(live=below("old"), desired=below("new"), base=below("old"), of=known, policy=Policy(limits=Limits()))
    assert len(plan.changes) == 61
    assert [limit.value for limit in plan.limits] == [1, 1]
    assert plan.applyable


def test_what_stops_for_another_reason_does_not_count() -> None:
    live = [thing(f"{at}", value=at) for at in range(20)]
    plan = planned(live=live, desired=[thing(item.key, value="x") for item in live], policy=Policy(limits=Limits()))
    assert len(plan.blocked) == 20
    assert not plan.exceeded
