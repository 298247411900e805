"""config/moved.yml: what it may say, and what is a mistake."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.apply.past import Past, read_past
from drupalsync.kinds import all_kinds
from drupalsync.kinds.fields import FieldProblem
from support.plans import block, link, variable

ITEMS = {
    item.address: item for item in (variable("new", 1), link("main-menu/a"), block("custom/c"), block("system/help"))
}


def read(document: Any) -> Past:
    return read_past(document, ITEMS, all_kinds())


def test_a_move_is_found_under_the_name_that_the_site_still_has() -> None:
    past = read(
        {"moved": [{"from": "variable:oldest", "to": "variable:old"}, {"from": "variable:old", "to": "variable:new"}]}
    )
    assert past.moved == {"variable:new": ("variable:old", "variable:oldest")}
    assert past.moves_on({"variable:oldest"}) == {"variable:new": "variable:oldest"}
    assert past.moves_on({"variable:old", "variable:oldest"}) == {"variable:new": "variable:old"}
    assert past.moves_on({"variable:new"}) == {}


def test_what_is_gone_for_good_is_listed() -> None:
    assert read({"removed": ["block:custom/old"]}).removed == {"block:custom/old"}


def test_an_empty_list_says_nothing() -> None:
    assert read({"moved": None, "removed": []}) == Past()


MISTAKES = [
    pytest.param([], "and nothing else", id="no mapping"),
    pytest.param({"move": []}, "and nothing else", id="another word"),
    pytest.param({"moved": {}}, "must be a list", id="no list"),
    pytest.param({"moved": ["variable:old"]}, "from where and to where", id="no pair"),
    pytest.param({"moved": [{"from": "variable:old"}]}, "from where and to where", id="half a pair"),
    pytest.param({"moved": [{"from": "variable:old", "to": "variable:new", "x": 1}]}, "from where", id="a third entry"),
    pytest.param({"moved": [{"from": "old", "to": "variable:new"}]}, "old is no address", id="no address"),
    pytest.param({"moved": [{"from": "variable:new", "to": "variable:new"}]}, "cannot become", id="to itself"),
    pytest.param({"moved": [{"from": "block:custom/x", "to": "variable:new"}]}, "cannot become", id="another kind"),
    pytest.param({"moved": [{"from": "variable:new", "to": "variable:x"}]}, "still in the tree", id="from is there"),
    pytest.param(
        {"moved": [{"from": "variable:old", "to": "variable:nwe"}]}, "is not in the tree", id="matches nothing"
    ),
    pytest.param(
        {"moved": [{"from": "variable:a", "to": "variable:b"}, {"from": "variable:b", "to": "variable:a"}]},
        "in a circle",
        id="a circle",
    ),
    pytest.param(
        {"moved": [{"from": f"variable:{old}", "to": "variable:new"} for old in "ab"]}, "of one item", id="two"
    ),
    pytest.param({"moved": [{"from": "block:system/x", "to": "block:system/help"}]}, "cannot become", id="by its name"),
    pytest.param({"removed": ["variable:new"]}, "still in the tree", id="removed and there"),
    pytest.param({"removed": [1]}, "lists addresses", id="no address to remove"),
]


@pytest.mark.parametrize(("document", "said"), MISTAKES)
def test_a_mistake_is_told_with_its_mend(document: Any, said: str) -> None:
    with pytest.raises(FieldProblem) as found:
        read(document)
    assert said in found.value.what
    assert found.value.hint


def test_a_misspelt_address_gets_a_suggestion() -> None:
    with pytest.raises(FieldProblem) as found:
        read({"moved": [{"from": "variable:old", "to": "variable:nwe"}]})
    assert found.value.hint == "did you mean variable:new?"
