"""A subtree that moves is told once, with what of it says something by itself."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.report.items import Told, together


def move(old: str, new: str, *, blocked: str | None = None, fields: tuple[str, ...] = ()) -> dict[str, Any]:
    addresses = {"address": f"menu_link:{new}", "previous_address": f"menu_link:{old}" if old else None}
    return {**addresses, "kind": "menu_link", "blocked": blocked, "fields": list(fields)}


TOP = move("m/a", "n/a", fields=("weight",))
CHILD = move("m/a/b", "n/a/b")


def test_what_only_moves_along_is_counted() -> None:
    grandchild = move("m/a/b/c", "n/a/b/c")
    assert together([TOP, CHILD, grandchild]) == [Told(TOP, 2)]
    assert together([grandchild, TOP]) == [Told(grandchild), Told(TOP)]  # nothing says that it came along


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(move("m/a/b", "n/a/b", fields=("title",)), id="it changes besides"),
        pytest.param(move("m/a/b", "n/a/b", blocked="first contact"), id="it stops the plan"),
        pytest.param(move("m/a/b", "n/a/x"), id="it has another name"),
        pytest.param(move("m/a/b", "n/b"), id="it leaves the subtree"),
        pytest.param(move("", "n/a/b"), id="it is new there"),
    ],
)
def test_what_says_something_itself_is_told(other: dict[str, Any]) -> None:
    assert together([TOP, other]) == [Told(TOP), Told(other)]


def test_what_moves_along_with_something_told_is_counted_there() -> None:
    middle = move("m/a/b", "n/a/b", fields=("title",))
    assert together([TOP, middle, move("m/a/b/c", "n/a/b/c")]) == [Told(TOP), Told(middle, 1)]
