"""What a rollback would not bring back is told with every plan."""

from __future__ import annotations

from dataclasses import replace

import pytest

from drupalsync.manifest import Mode, Rules
from drupalsync.plan import Plan, Policy, forecast
from support.things import planned, thing

PRUNE = Policy(prune=True)


def why(plan: Plan, rules: Rules | None = None) -> tuple[str, ...]:
    return forecast(plan, rules or Rules()).why


@pytest.mark.parametrize(
    "plan",
    [
        pytest.param(planned(), id="nothing to do"),
        pytest.param(planned(desired=[thing(a=1)]), id="a new item"),
        pytest.param(planned(live=[thing(a=1)], base=[thing(a=1)], desired=[thing(a=2)]), id="an update"),
        pytest.param(planned(live=[thing(a=1)], desired=[thing(a=1)]), id="an adoption"),
        pytest.param(
            planned(live=[replace(thing(), local_id="x")], base=[thing()], policy=PRUNE),
            id="the deletion of what its name finds again",
        ),
    ],
)
def test_all_of_it_comes_back(plan: Plan) -> None:
    assert forecast(plan, Rules()).complete
    assert why(plan) == ()


def test_what_has_a_number_comes_back_under_another_one() -> None:
    plan = planned(live=[thing()], base=[thing()], policy=PRUNE)

    assert why(plan) == ("thing:x comes back under a new id",)
    assert forecast(plan, Rules()).partial == {"thing:x"}


def test_what_goes_with_a_deletion_does_not_come_back() -> None:
    plan = replace(planned(), losses=(("thing:x", "with it goes what its readers wrote"),))

    assert why(plan) == ("with it goes what its readers wrote",)
    assert forecast(plan, Rules()).partial == {"thing:x"}


def test_what_a_creation_leaves_behind_is_told() -> None:
    plan = replace(planned(desired=[thing()]), remains=(("thing:x", "a crumb stays"),))

    assert why(plan) == ("a crumb stays",)


@pytest.mark.parametrize("mode", [Mode.NO_DELETE, Mode.CREATE_ONLY])
def test_what_no_import_may_delete_no_rollback_deletes(mode: Mode) -> None:
    rules = Rules(modes=(("thing:*", mode),))

    assert why(planned(desired=[thing()], rules=rules), rules) == (f"thing:x stays: its mode is {mode}",)
