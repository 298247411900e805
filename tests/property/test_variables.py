"""Laws of variables: whatever PHP can hold goes to a file and back to the same bytes; a file keeps what it has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drupalsync.apply.memory import RowMemory
from drupalsync.kinds import variable
from drupalsync.kinds.base import Context, Item, Scope
from drupalsync.php import PhpObject, Value, encode
from drupalsync.site import LOADERS, Keys, Site
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import Address
from drupalsync.tree import same
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit

NAMES = st.text("abXY_:.-/0é ", min_size=1, max_size=5) | st.sampled_from(
    ["0", "1", "404", "-1", "yes", "null", "<<", "~"]
)
TEXTS = st.text(max_size=6) | st.sampled_from(["a\r\nb", "yes", "1e3", "0777", "", " x\n\n"])
KEYS = st.integers(-2, 3) | st.text("ab:", max_size=3)
LEAVES = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | TEXTS | st.just(b"\xff\x00")


def containers(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    entries = st.dictionaries(KEYS, children, max_size=3)
    return st.lists(children, max_size=3) | entries | st.builds(PhpObject, st.just("stdClass"), entries)


VALUES: st.SearchStrategy[Value] = st.recursive(LEAVES, containers, max_leaves=8)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    path: Path = tmp_path_factory.mktemp("site") / "site.sqlite"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE variable (name VARCHAR(128) NOT NULL PRIMARY KEY, value BLOB NOT NULL)")
        db.execute("CREATE TABLE system (name VARCHAR(255), type VARCHAR(12), status INT)")
    db.close()
    database = Sqlite(Address(engine="sqlite", database=str(path)))
    yield Site(database, shown="a site")
    database.close()


def fresh(site: Site) -> Context:
    return Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=RowMemory((), (), ()), now=0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(stored=st.dictionaries(NAMES, VALUES, max_size=5))
def test_a_site_goes_to_files_and_back_to_the_same_bytes(site: Site, stored: dict[str, Value]) -> None:
    site.execute("DELETE FROM {variable}")
    ctx = fresh(site)
    for name, value in stored.items():
        variable.create(ctx, Item(kind="variable", key=name, fields={"value": value}))
    before = site.rows("SELECT name, value FROM {variable} ORDER BY name")

    files: dict[str, list[Item]] = {}
    for item in variable.read(ctx):
        files.setdefault(variable.place(item), []).append(item)
    site.execute("DELETE FROM {variable}")
    for path, items in files.items():
        for item in variable.load(path, parse(emit(variable.dump(items, None)), where=path)):
            variable.create(ctx, item)

    assert site.rows("SELECT name, value FROM {variable} ORDER BY name") == before
    assert sorted(encode(value) for value in stored.values()) == sorted(
        data if isinstance(data, bytes) else str(data).encode() for _, data in before
    )


ITEMS = st.dictionaries(NAMES, st.integers(0, 2), max_size=6).map(
    lambda values: [Item(kind="variable", key=name, fields={"value": value}) for name, value in values.items()]
)


def written(items: Sequence[Item], old: dict[Any, Any] | None) -> dict[Any, Any]:
    document = variable.dump(items, old)
    assert isinstance(document, dict)
    return document


@given(old=ITEMS, new=ITEMS)
def test_a_file_says_what_the_items_say_in_the_order_that_it_had(old: list[Item], new: list[Item]) -> None:
    before = {name: one.fields["value"] for one in old for name in written([one], None)}  # in any order
    after = written(new, before)
    assert same(after, {name: one.fields["value"] for one in new for name in written([one], None)})
    kept = [name for name in after if name in before]
    assert kept == [name for name in before if name in after]
    assert same(written(new, after), after)
    assert list(written(new, after)) == list(after)


@given(items=ITEMS)
def test_a_new_file_and_one_grown_item_by_item_are_the_same(items: list[Item]) -> None:
    grown: dict[Any, Any] = {}
    for end in range(len(items)):
        grown = written(items[: end + 1], grown)
    assert list(grown) == list(written(items, None))
