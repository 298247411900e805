"""The shape of a file that may come from anywhere is checked as JSON Schema would check it."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from drupalsync.php import PhpObject
from drupalsync.plan import Policy
from drupalsync.report.plan_schema import plan_schema
from drupalsync.report.shape import DEEPEST, misshapen
from support.plans import body, link, page, planned, secret, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHEMA: Final = plan_schema()
VALIDATOR: Final = Draft202012Validator(SCHEMA)
OLD: Final = [
    variable("x", PhpObject("A", {"b": [1]})),
    secret("key", "a"),
    link("main-menu/a"),
    page("b", fields=body("x")),
]
NEW: Final = [variable("x", {"c": 1.5}), secret("key", "b"), page("b", fields=body("y")), variable("new", None)]
PLANS: Final = [
    json.loads(json.dumps(planned(live=live, desired=NEW, base=OLD, policy=Policy(prune=True))))
    for live in (OLD, [variable("x", 3), *OLD[1:]])
]
JUNK: Final = st.sampled_from(
    [None, True, 0, -1, 1.5, "", "create", "p-0123456789", "a:b", "hmac:x", [], ["x"], {}, {"$secret": 1}, {"$object": "A"},
     {"$object": "A", "properties": 1}, 10**30]
)  # fmt: skip


def test_every_plan_has_the_shape_of_one() -> None:
    for plan in PLANS:
        assert misshapen(plan, SCHEMA) is None


@given(st.data())
def test_a_plan_with_something_else_in_one_place_is_judged_as_json_schema_judges_it(data: st.DataObject) -> None:
    plan = copy.deepcopy(data.draw(st.sampled_from(PLANS)))
    *above, last = data.draw(st.sampled_from(list(_paths(plan))))
    spot: Any = plan
    for step in above:
        spot = spot[step]
    if isinstance(spot, dict) and data.draw(st.booleans()):
        del spot[last]
    else:
        spot[last] = data.draw(JUNK)

    assert (misshapen(plan, SCHEMA) is None) == VALIDATOR.is_valid(plan)


@pytest.mark.parametrize(
    ("path", "value", "wrong"),
    [
        (["summary", "create"], "3", (("summary", "create"), "it must be integer")),
        (["tree", "dirty"], 0, (("tree", "dirty"), "it must be boolean or null")),
        (["changes", 0, "actions"], ["burn"], (("changes", 0, "actions", 0), "it must be one of create, update, move, adopt, delete")),
        (["changes", 0, "actions"], [], (("changes", 0, "actions"), "something must be in it")),
        (["plan_id"], "p-0123456789\n", (("plan_id",), "it must match ^p-[0-9a-f]{10}$")),
        (["site", "last_release", "time"], 10**20, (("site", "last_release"), "it is none of what may be there")),
    ],
    ids=str,
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(path: list[Any], value: Any, wrong: object) -> None:
    plan = copy.deepcopy(PLANS[0])
    spot = plan
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value

    assert misshapen(plan, SCHEMA) == wrong


def test_a_value_that_is_nested_without_end_is_not_followed_to_it() -> None:
    plan = copy.deepcopy(PLANS[0])
    deep: Any = "x"
    for _ in range(100 * DEEPEST):
        deep = [deep]
    plan["changes"][0]["fields"][0]["live"] = deep

    assert misshapen(plan, SCHEMA) == (("changes", 0, "fields"), "it is nested too deep")


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield (*path, step)
        yield from _paths(member, (*path, step))
