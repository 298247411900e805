"""What a column's character set has room for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from drupalsync.kinds._characters import character_problems
from drupalsync.kinds.base import Item
from drupalsync.site import Site, parse_url
from support import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drupalsync.tree import TreeValue
    from support.mariadb import Server

PAGE: Final = Item(kind="node", key="page/x", fields={})
SCHEMA: Final = "CREATE TABLE t (narrow VARCHAR(9) CHARACTER SET utf8mb3, wide VARCHAR(9) CHARACTER SET utf8mb4, data LONGBLOB, number INT)"


@pytest.fixture
def site(mariadb: Server) -> Iterator[Site]:
    from drupalsync.site.mysql import Mysql

    url = mariadb.create_database("characters")
    sql.execute(url, SCHEMA)
    database = Mysql(parse_url(url, folder=Path()))
    yield Site(database, shown="a site")
    database.close()
    mariadb.drop_database(urlsplit(url).path[1:])


def told(site: Site, column: str, value: TreeValue) -> list[str]:
    return [problem.what for problem in character_problems(site, PAGE, "t", {column: value}, where="x.yml")]


@pytest.mark.parametrize("value", ["a🎉", ["a", "🎉"], {"deep": [{"x": "🎉"}]}])
def test_what_lies_beyond_the_character_set_is_named(site: Site, value: TreeValue) -> None:
    assert told(site, "narrow", value) == [
        "t.narrow cannot hold the 🎉 (U+1F389) of node:page/x: its character set is utf8mb3"
    ]


@pytest.mark.parametrize("value", ["日本 ￿ é", "", None, 7, True, b"\xf0\x9f\x8e\x89", []])
def test_what_lies_within_it_is_no_problem(site: Site, value: TreeValue) -> None:
    assert told(site, "narrow", value) == []


@pytest.mark.parametrize("column", ["wide", "data", "number", "no_such_column"])
def test_other_columns_hold_every_character(site: Site, column: str) -> None:
    assert told(site, column, "🎉") == []


def test_columns_that_core_does_not_know_count_as_well(site: Site) -> None:
    (problem,) = character_problems(site, PAGE, "t", {}, where="x.yml", extra={"narrow": "🎉"})
    assert problem.where == "x.yml"
