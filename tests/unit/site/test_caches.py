"""What is cleared is deleted, and nothing keeps it: never a table of anything but cached copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drupalsync.site import Caches, Stale, clear
from support.nodes import museum, open_site

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("table", ["variable", "users", "cached", "cache_", "cache_page} WHERE {x", ""])
def test_a_table_that_is_no_bin_cannot_be_named(table: str) -> None:
    caches = Caches()
    for name in (lambda: Stale(table, "*"), lambda: caches.everything(table), lambda: caches.prefix(table, "")):
        with pytest.raises(ValueError, match="is no cache bin"):
            name()
    assert caches.stale() == []


def test_a_table_that_only_sounds_like_a_bin_is_left_alone(tmp_path: Path) -> None:
    site = open_site(
        museum(tmp_path, "CREATE TABLE cache_rules_of_ours (id INTEGER)", "INSERT INTO cache_rules_of_ours VALUES (1)")
    )
    for stale in (Stale("cache_rules_of_ours", "*"), Stale("cache_rules_of_ours", "1"), Stale("cache_x", "*")):
        clear(site, stale)
    assert site.rows("SELECT id FROM {cache_rules_of_ours}") == [(1,)]


def test_a_bin_is_emptied(tmp_path: Path) -> None:
    site = open_site(
        museum(tmp_path, "INSERT INTO cache_page (cid, expire, created, serialized) VALUES ('a', 0, 0, 0)")
    )
    clear(site, Stale("cache_page", "*"))
    assert site.rows("SELECT cid FROM {cache_page}") == []
