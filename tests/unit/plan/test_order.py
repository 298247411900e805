"""The order of a plan: total, what others need first, deletes last."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from drupalsync.kinds import Item, Kind
from drupalsync.plan import Action, Change
from drupalsync.plan.order import Circular, in_order

if TYPE_CHECKING:
    from collections.abc import Mapping


def kind(needs: Mapping[str, list[str]]) -> Kind:
    return cast("Kind", SimpleNamespace(needs=lambda item: [f"thing:{key}" for key in needs.get(item.key, [])]))


def change(key: str, action: Action = Action.CREATE, name: str = "thing") -> Change:
    return Change(action=action, kind=name, key=key, desired=Item(kind=name, key=key, fields={}))


def keys(*changes: Change, needs: Mapping[str, list[str]] | None = None) -> list[str]:
    return [done.key for done in in_order({"thing": kind(needs or {})}, changes)]


def test_what_an_item_needs_comes_first() -> None:
    assert keys(change("a"), change("b"), needs={"a": ["b"]}) == ["b", "a"]


def test_a_new_item_waits_for_what_moves_above_it() -> None:
    moves = change("m/link-1/link-0", Action.MOVE)
    created = change("m/link-1/link-0/link-2")
    parent = change("m/link-1")
    needs = {moves.key: [parent.key], created.key: [moves.key]}
    assert keys(created, moves, parent, needs=needs) == [parent.key, moves.key, created.key]


def test_items_that_are_there_already_may_refer_to_each_other() -> None:
    both = (change("a", Action.UPDATE), change("b", Action.UPDATE))
    assert keys(*both, needs={"a": ["b"], "b": ["a"]}) == ["a", "b"]


def test_new_items_that_need_each_other_are_an_error() -> None:
    with pytest.raises(Circular, match="need each other"):
        keys(change("a"), change("b"), needs={"a": ["b"], "b": ["a"]})


def test_deletes_come_last_and_from_the_leaves_up() -> None:
    gone = [change(key, Action.DELETE) for key in ("m/a", "m/a/b")]
    assert keys(*gone, change("m/z")) == ["m/z", "m/a/b", "m/a"]


def test_kinds_follow_their_own_order() -> None:
    kinds = {"second": kind({}), "first": kind({})}
    done = in_order(kinds, [change("a", name="first"), change("b", name="second")])
    assert [found.kind for found in done] == ["second", "first"]
