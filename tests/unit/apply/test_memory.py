"""Who a row was: the ledger knows, and the cache of a checkout only where the ledger does not say otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from drupalsync.apply.desired import Tree
from drupalsync.apply.memory import RowMemory, read_cache, write_cache
from drupalsync.kinds import Item
from support.plans import item

if TYPE_CHECKING:
    from pathlib import Path

NO_TREE: Final = Tree(shown="config", files={})


def _block(key: str, row: int, **fields: str) -> Item:
    return replace(item("block", f"custom/{key}", **{"info": key, **fields}), local_id=row)


def _recalled(memory: RowMemory, row: int) -> list[str]:
    return [found.key for found in memory.recall("block", row)]


def test_the_ledger_comes_before_the_cache() -> None:
    memory = RowMemory([_block("notice", 4)], [_block("old-notice", 4)], [])

    assert _recalled(memory, 4) == ["custom/notice", "custom/old-notice"]


def test_what_the_cache_says_of_a_key_that_another_row_has_by_the_ledger_is_stale() -> None:
    memory = RowMemory([_block("notice", 4)], [_block("notice", 9)], [])

    assert _recalled(memory, 4) == ["custom/notice"]
    assert _recalled(memory, 9) == []


def test_two_rows_that_a_restored_dump_has_swapped_are_as_the_ledger_says() -> None:
    ledger = [_block("notice", 4), _block("hours", 5)]
    memory = RowMemory(ledger, [_block("notice", 5), _block("hours", 4)], [])

    assert [_recalled(memory, row) for row in (4, 5)] == [["custom/notice"], ["custom/hours"]]


def test_the_cache_is_asked_where_the_ledger_knows_nothing() -> None:
    memory = RowMemory([], [_block("notice", 9)], [])

    assert _recalled(memory, 9) == ["custom/notice"]


def test_a_cache_of_another_site_is_not_read(tmp_path: Path) -> None:
    write_cache(tmp_path, "prod", "sqlite:/srv/db.sqlite a_ []", [_block("notice", 9)])

    assert [found.key for found in read_cache(tmp_path, "prod", "sqlite:/srv/db.sqlite a_ []", NO_TREE)] == [
        "custom/notice"
    ]
    assert read_cache(tmp_path, "prod", "sqlite:/srv/db.sqlite b_ []", NO_TREE) == []


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"site": "here"}', b'{"site": "here", "items": [[1]]}', b"\xff"]
)
def test_a_broken_cache_is_none(tmp_path: Path, content: bytes) -> None:
    write_cache(tmp_path, "prod", "here", [_block("notice", 9)])
    (file,) = (tmp_path / ".drupalsync").glob("*.json")
    file.write_bytes(content)

    assert read_cache(tmp_path, "prod", "here", NO_TREE) == []
