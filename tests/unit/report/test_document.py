"""The plan document: what other programs build on."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from drupalsync.php import PhpObject, PhpSerialized
from drupalsync.plan import Policy
from drupalsync.report.document import jsonable
from drupalsync.report.schemas import schema_for
from drupalsync.tree import Env, IntRef
from support.plans import body, link, page, planned, secret, update, variable
from support.surroundings import REPO

if TYPE_CHECKING:
    from support.cli import Project

VALIDATOR = Draft202012Validator(json.loads((REPO / "schemas" / "plan.json").read_text()))


def problems(document: object) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in VALIDATOR.iter_errors(document)]


def test_the_schema_that_is_checked_in_is_current() -> None:
    assert json.loads((REPO / "schemas" / "plan.json").read_text()) == schema_for("plan"), "./dev golden"
    Draft202012Validator.check_schema(schema_for("plan"))


@pytest.mark.parametrize("policy", [Policy(), Policy(prune=True), Policy(adopt=True, prune=True)], ids=str)
def test_every_plan_fits_the_schema(policy: Policy) -> None:
    old = [variable("x", 1), secret("key", "a"), variable("gone", 1), link("main-menu/a"), page("b", fields=body("x"))]
    new = [variable("x", 2), secret("key", "b"), link("footer/a"), page("c"), page("b", fields=body("y"))]
    by_hand = [variable("x", 3), *old[1:]]
    for base, live in ((old, old), (old, by_hand), (old, ()), ((), old)):
        plan = planned(base=base, live=live, desired=new, policy=policy)
        assert problems(plan) == []
        assert json.loads(json.dumps(plan)) == plan


def test_a_plan_of_a_real_run_fits_the_schema(tiny: Project) -> None:
    tiny.run("export")
    assert problems(json.loads(tiny.at("prod").run("diff", "--format", "json").stdout)) == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["format_version"], "2.0"),
        (["changes", 0, "actions"], ["replace"]),
        (["changes", 0, "blocked"], "mood"),
        (["changes", 0, "fields", 0, "live"], {"$secret": "hunter2"}),
        (["summary", "create"], -1),
        (["unmanaged"], ["no address"]),
    ],
)
def test_the_schema_refuses_what_is_no_plan(path: list[Any], value: object) -> None:
    plan = update(1, 2)
    spot: Any = plan
    for step in path[:-1]:
        spot = spot[step]
    spot[path[-1]] = value
    assert len(problems(plan)) == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(float("inf"), {"$float": "inf"}, id="no number of JSON"),
        pytest.param(b"\xff", {"$binary": "/w=="}, id="bytes"),
        pytest.param({0: "a", 1: "b"}, ["a", "b"], id="a map that PHP has as a list"),
        pytest.param({}, [], id="the empty array"),
        pytest.param({1: "a"}, {"1": "a"}, id="a key that is a number"),
        pytest.param({"$secret": True}, {"$$secret": True}, id="a site's own dollar"),
        pytest.param(PhpObject("A", {"b": 1}), {"$object": "A", "properties": {"b": 1}}, id="an object"),
        pytest.param(PhpSerialized(b"r:1;"), {"$serialized": "r:1;"}, id="what cannot be opened"),
        pytest.param(IntRef("role:editor"), {"$int": "role:editor"}, id="a reference"),
        pytest.param(Env("KEY"), {"$env": "KEY"}, id="a variable of the environment"),
    ],
)
def test_every_value_has_one_form(value: Any, expected: object) -> None:
    assert jsonable(value) == expected


def test_what_is_new_is_told_without_its_defaults() -> None:
    plan = planned(desired=[link("main-menu/a", weight=3)])
    assert [field["path"] for field in plan["changes"][0]["fields"]] == [["title"], ["path"], ["weight"]]


@pytest.mark.parametrize("value", [0, None, "", []])
def test_the_value_of_a_new_variable_is_always_told(value: Any) -> None:
    (field,) = planned(desired=[variable("off", value)])["changes"][0]["fields"]
    assert field["desired"] == value
