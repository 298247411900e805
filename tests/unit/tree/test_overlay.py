"""What is laid over what, where a value stands, and what an export makes of it, by example."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.tree import Env
from drupalsync.tree.overlay import merge, nameless, origins, split, vanished

LINKS = [
    {"key": "home", "weight": -50},
    {"key": "about", "weight": 0, "children": [{"key": "team", "title": "Team"}]},
    {"system": "user/logout", "weight": 9},
]
MERGED = [
    pytest.param({"a": 1, "b": 2}, {"b": 3}, {"a": 1, "b": 3}, id="an entry"),
    pytest.param({"a": {"x": {"y": 1, "z": 2}}}, {"a": {"x": {"y": 5}}}, {"a": {"x": {"y": 5, "z": 2}}}, id="deeply"),
    pytest.param({"a": 1}, {"b": 2}, {"a": 1, "b": 2}, id="what is new comes last"),
    pytest.param({"a": [1, 2]}, {"a": [3]}, {"a": [3]}, id="a list stands in the place of a list"),
    pytest.param({"a": {"x": 1}}, {"a": []}, {"a": []}, id="an empty list empties a mapping"),
    pytest.param({"a": {"x": 1}}, {"a": "text"}, {"a": "text"}, id="a text stands in the place of a mapping"),
    pytest.param({"a": "text"}, {"a": {"x": 1}}, {"a": {"x": 1}}, id="a mapping stands in the place of a text"),
    pytest.param({"a": {"x": 1}}, {"a": Env("A")}, {"a": Env("A")}, id="a value of the environment"),
    pytest.param({"a": 1}, {"a": None}, {"a": None}, id="null is a value"),
    pytest.param(LINKS, [{"key": "home", "weight": 5}], [{"key": "home", "weight": 5}, *LINKS[1:]], id="by key"),
    pytest.param(
        LINKS, [{"system": "user/logout", "weight": 5}], [*LINKS[:2], {"system": "user/logout", "weight": 5}], id="by system"
    ),
    pytest.param(
        [{"key": "out", "system": "user/logout", "weight": 9}],
        [{"system": "user/logout", "weight": 5}],
        [{"key": "out", "system": "user/logout", "weight": 5}],
        id="by system, where only the base has a key",
    ),
    pytest.param(
        [{"key": "out", "system": "user/logout"}],
        [{"key": "off", "system": "user/logout"}],
        [{"key": "out", "system": "user/logout"}, {"key": "off", "system": "user/logout"}],
        id="two keys are two links of one page",
    ),
    pytest.param(
        LINKS,
        [{"key": "about", "children": [{"key": "team", "title": "We"}, {"key": "jobs"}]}],
        [LINKS[0], {"key": "about", "weight": 0, "children": [{"key": "team", "title": "We"}, {"key": "jobs"}]}, LINKS[2]],
        id="below a member",
    ),
    pytest.param([{"title": "Home"}], [{"key": "new"}], [{"title": "Home"}, {"key": "new"}], id="the base's may have no name"),
    pytest.param(LINKS, [{"title": "New"}], [{"title": "New"}], id="without names it is any list"),
]  # fmt: skip


@pytest.mark.parametrize(("base", "over", "whole"), MERGED)
def test_an_overlay_is_laid_over_its_base(base: Any, over: Any, whole: Any) -> None:
    assert merge({"x": base}, {"x": over}) == {"x": whole}


@pytest.mark.parametrize(
    ("document", "halves"),
    [
        pytest.param({"a": 9, "b": 2, "c": 3}, ({"a": 1, "b": 2}, {"a": 9, "c": 3}), id="a value of the overlay's"),
        pytest.param({"a": 5, "b": 9, "c": 3}, ({"a": 1, "b": 9}, {"a": 5, "c": 3}), id="a value of the base's"),
        pytest.param({"a": 5, "b": 2, "c": 3, "d": 4}, ({"a": 1, "b": 2, "d": 4}, {"a": 5, "c": 3}), id="a new one"),
        pytest.param({"b": 2, "c": 3}, ({"b": 2}, {"c": 3}), id="one of both that is gone"),
        pytest.param({"a": 5, "b": 2}, ({"a": 1, "b": 2}, {"a": 5}), id="one of the overlay's that is gone"),
        pytest.param({"b": 2}, ({"b": 2}, None), id="all of the overlay's that are gone"),
    ],
)
def test_each_half_gets_what_is_its_own(document: Any, halves: tuple[Any, Any]) -> None:
    assert split(document, {"a": 1, "b": 2}, {"a": 5, "c": 3}) == halves


def test_an_entry_that_only_names_what_it_was_laid_over_goes() -> None:
    base, over = {"menu": "m", "links": LINKS}, {"menu": "m", "links": [{"key": "home", "weight": 5}]}

    assert split({"menu": "m", "links": LINKS[1:]}, base, over) == ({"menu": "m", "links": LINKS[1:]}, None)


def test_what_a_base_lacks_altogether_is_the_overlays() -> None:
    assert split({"a": 1, "b": 2}, None, {"a": 5}) == (None, {"a": 1, "b": 2})
    assert split({"a": 1, "b": 2}, {}, {"a": 5}) == ({"b": 2}, {"a": 1})


@pytest.mark.parametrize(
    ("path", "where"),
    [
        pytest.param((), ((), ()), id="what both are"),
        pytest.param(("links", 0), (("links", 0), ("links", 1)), id="a member that both have"),
        pytest.param(("links", 0, "weight"), (None, ("links", 1, "weight")), id="a value of the overlay's"),
        pytest.param(("links", 1, "weight"), (("links", 1, "weight"), None), id="a value of the base's"),
        pytest.param(("links", 3), (None, ("links", 0)), id="a new member"),
        pytest.param(("links", 4), (None, None), id="a member that is nowhere"),
        pytest.param(("title",), (None, ("title",)), id="an entry of the overlay alone"),
        pytest.param(("pages", 1), (None, None), id="a member of a list that the overlay hides"),
    ],
)
def test_a_value_has_its_place_in_the_base_or_in_the_overlay(path: Any, where: Any) -> None:
    base = {"links": LINKS, "pages": ["a", "b"]}
    over = {"links": [{"key": "new"}, {"key": "home", "weight": 5}], "title": "T", "pages": ["c"]}

    assert origins(path, base, over) == where


def test_what_vanished_is_told_by_its_place_in_the_document() -> None:
    base = {"a": 1, "links": [{"key": "x", "w": 1}, {"key": "y", "w": 1}]}
    over = {"a": 2, "links": [{"key": "y", "w": 2}]}

    assert list(vanished({"links": [{"key": "y"}]}, base, over)) == [("a",), ("links", 0, "w")]


def test_a_member_without_a_name_among_members_that_have_one_is_found() -> None:
    over = [{"title": "New"}, {"key": "about", "children": [{"title": "Below"}]}]

    assert list(nameless({"links": LINKS}, {"links": over})) == [("links", 0), ("links", 1, "children", 0)]
    assert list(nameless({"x": ["a"]}, {"x": [{"b": 1}]})) == []
