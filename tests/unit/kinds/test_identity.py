"""Which item a row is: what tells most decides, twins go by their order, and no memory beats what the row says."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import pytest

from drupalsync.kinds import Context, Item, Scope
from drupalsync.kinds.identity import AmbiguousMatch, match
from drupalsync.site import LOADERS, Address, Keys, LocalId, Site
from drupalsync.site.sqlite import Sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

KIND: Final = "node"
Row = tuple[str | None, str | None]  # title, body: one has to be enough where the other is shared


@dataclass
class Memory:
    """What earlier runs knew: the items that a row was, the most trustworthy first."""

    rows: Mapping[LocalId, Sequence[Item]] = field(default_factory=dict)

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        assert kind == KIND
        return iter(self.rows.get(local_id, ()))

    def tree(self, kind: str) -> Sequence[Item]:
        assert kind == KIND
        return []


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site of which nothing is asked: what its rows look like is given."""
    (tmp_path / "site.sqlite").touch()
    site = Site(Sqlite(Address(engine="sqlite", database=str(tmp_path / "site.sqlite"))), shown="test")
    yield site
    site.db.close()


def _item(key: str, *hints: str | None) -> Item:
    return Item(kind=KIND, key=key, fields={"hints": list(hints)})


def _hints(item: Item) -> tuple[str | None, ...]:
    hints = item.fields["hints"]
    assert isinstance(hints, list)
    return tuple(None if hint is None else str(hint) for hint in hints)


def _found(
    site: Site, rows: Mapping[LocalId, Row], items: Sequence[Item], remembered: Mapping[LocalId, Sequence[Item]] = {}
) -> dict[LocalId, str]:
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=Memory(remembered), now=0)
    return {local_id: item.key for local_id, item in match(ctx, KIND, rows, items, _hints).items()}


def test_twins_whose_bodies_differ_are_told_apart_by_them(site: Site) -> None:
    items = [_item("news", "News", "first"), _item("news-2", "News", "second")]

    assert _found(site, {7: ("News", "second"), 9: ("News", "first")}, items) == {7: "news-2", 9: "news"}


def test_twins_that_are_equal_in_all_go_by_their_order(site: Site) -> None:
    items = [_item("news-2", "News", "same"), _item("news-10", "News", "same"), _item("news", "News", "same")]
    rows: dict[LocalId, Row] = {30: ("News", "same"), 4: ("News", "same"), 100: ("News", "same")}

    assert _found(site, rows, items) == {4: "news", 30: "news-2", 100: "news-10"}


def test_where_one_twin_is_told_apart_the_other_is_what_is_left(site: Site) -> None:
    items = [_item("news", "News", "first"), _item("news-2", "News", "second")]

    assert _found(site, {7: ("News", "second"), 9: ("News", "edited since")}, items) == {7: "news-2", 9: "news"}


def test_twins_that_nothing_tells_apart_are_not_paired_by_number(site: Site) -> None:
    items = [_item("news", "News", "first"), _item("news-2", "News", "second")]

    assert _found(site, {7: ("News", "third"), 9: ("News", "fourth")}, items) == {}


def test_more_rows_than_items_of_one_look_are_no_guess(site: Site) -> None:
    with pytest.raises(AmbiguousMatch, match="2 rows of the site look like node:news"):
        _found(site, {7: ("News", None), 9: ("News", None)}, [_item("news", "News", None)])


def test_what_tells_most_decides_where_it_tells_anything(site: Site) -> None:
    items = [_item("news", "News", "b"), _item("events", "Events", "a")]

    assert _found(site, {7: ("News", "a"), 9: ("Events", "b")}, items) == {7: "news", 9: "events"}


def test_a_remembered_item_is_believed_where_the_row_confirms_it(site: Site) -> None:
    items = [_item("news", "News", "first"), _item("old", "Old title", "first")]
    was = replace(items[1], local_id=7)

    assert _found(site, {7: ("News", "first")}, items, {7: [was]}) == {7: "old"}


def test_a_remembered_item_is_not_believed_of_a_row_that_is_something_else_now(site: Site) -> None:
    items = [_item("news", "News", "first"), _item("old", "Old title", "old body")]
    was = replace(items[1], local_id=7)

    assert _found(site, {7: ("News", "first")}, items, {7: [was]}) == {7: "news"}


def test_two_rows_are_never_the_same_item(site: Site) -> None:
    item = _item("news", "News", "first")
    remembered = {row: [replace(item, local_id=row)] for row in (7, 9)}

    found = _found(site, {7: ("News", "first"), 9: ("News", "first")}, [item], remembered)

    assert list(found.values()) == ["news"]
