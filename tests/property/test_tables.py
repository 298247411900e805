"""Laws of described tables: whatever rows of them hold goes to a file, and back to the same cells."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drupalsync.kinds.tables import Child, Description
from drupalsync.kinds.tables.forms import fits
from drupalsync.kinds.tables.rows import Named, join_key, split_key
from drupalsync.kinds.tables.shipped import shipped
from drupalsync.php import PhpObject, encode
from drupalsync.tree import same
from support.described import Fact, Made, facts, sites

TEXTS = st.text(max_size=8) | st.sampled_from(
    ["", "0", "yes", "null", "a\r\nb", " x\n\n", "node/12", "block-3", "role:editor", "a/b", "%2F", "~"]
)
KEYS = (
    st.integers(-2, 9)
    | st.text("ab:", max_size=3)
    | st.sampled_from(["rid", "role", "roles", "access", "nid", "values"])
)
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | TEXTS | st.just(b"\xff")


def containers(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    entries = st.dictionaries(KEYS, children, max_size=3)
    return st.lists(children, max_size=3) | entries | st.builds(PhpObject, st.just("stdClass"), entries)


SERIALIZED = st.recursive(LEAVES, containers, max_leaves=6).map(encode) | st.sampled_from([b"N;", b"", b"no php"])
REFERRED = {"text_format": "plain_text", "role": 4, "panels_display": 1, "field_instance": 1}


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Made]]:
    """A site of its own for each kind."""
    with sites(tmp_path_factory.mktemp("sites")) as make:
        made = {about.kind: make(about) for about in shipped()}
        for one in made.values():
            one.ctx.keys.assign("panels_display", 1, "uuid-1")
            one.ctx.keys.assign("field_instance", 1, "node/page/body")
            one.ctx.keys.assign("block", 3, "custom/footer")
        yield made


def cell(fact: Fact, refers: str) -> st.SearchStrategy[Any]:
    """What may stand in a column."""
    found: st.SearchStrategy[Any]
    if refers:
        return st.just(REFERRED[refers])
    if fact.serialized:
        found = SERIALIZED.map(lambda data: data.decode("utf-8", "surrogateescape"))
    elif fact.type in {"int", "serial"}:
        found = st.integers(-9, 9)
    else:
        found = TEXTS.filter(lambda text: not fact.length or len(text) <= fact.length)
    return st.none() | found if fact.nullable else found


def a_row(table: str, of: Description | Child, given_: Named, named: tuple[str, ...]) -> st.SearchStrategy[Named]:
    columns: dict[str, st.SearchStrategy[Any]] = {}
    for name, fact in facts()[table].columns.items():
        col = of.columns.get(name)
        if name in given_:
            columns[name] = st.just(given_[name])
        elif name in named and not (col and col.refers):
            columns[name] = st.text("aB/%é", min_size=1, max_size=6)
        elif name != of.id and not (col and (col.derived or col.member)):
            columns[name] = cell(fact, col.refers if col else "")
    return st.fixed_dictionaries(columns)


@st.composite
def rows(draw: st.DrawFn, about: Description) -> dict[str, list[Named]]:
    """One row with its children, by table."""
    own: Named = {**about.where, **({about.id: 1} if about.id else {})}
    parent = draw(a_row(about.table, about, own, about.key)) | own
    found = {about.table: [parent]}
    for child in about.children:
        tie = {column: parent[other] for column, other in child.parent.items()}
        drawn = draw(st.lists(a_row(child.table, child, tie, child.key), max_size=2))
        found[child.table] = list(
            {repr([row.get(name) for name in child.key or child.order]): row for row in drawn}.values()
        )
    return found


def now(made: Made, table: str, local: set[str]) -> list[Named]:
    names = [name for name in made.site.columns(table) if name not in local]
    read = made.site.rows(f"SELECT {', '.join(map(made.site.db.quote, names))} FROM {{{table}}}")
    return sorted((dict(zip(names, row, strict=True)) for row in read), key=repr)


@pytest.mark.parametrize("about", shipped(), ids=lambda about: about.kind)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_rows_become_a_file_and_the_same_rows(
    everything: dict[str, Made], about: Description, data: st.DataObject
) -> None:
    made = everything[about.kind]
    made.site.db.begin()
    try:
        _there_and_back(made, data.draw(rows(about)))
    finally:
        made.site.db.rollback()


def _there_and_back(made: Made, tables: dict[str, list[Named]]) -> None:
    about = made.kind.about
    local = {about.table: {about.id}} | {
        child.table: {child.id, *(column for column, other in child.parent.items() if other == about.id)}
        for child in about.children
    }
    for table, found in tables.items():
        made.site.execute(f"DELETE FROM {{{table}}}")
        for row in found:
            made.site.insert(table, row)
    before = {table: now(made, table, ids) for table, ids in local.items()}
    made.ctx.notes.clear()
    for local_id, _ in made.ctx.keys.all(about.kind):
        made.ctx.keys.drop(about.kind, local_id)
    made.kind.identify(made.ctx)
    items = made.items()
    assert len(items) == 1, made.ctx.notes
    ((key, item),) = items.items()
    text = made.file(key)

    read = made.loaded(text)
    assert read.key == key
    assert {name for name in item.fields if not same(item.fields[name], read.fields[name])} == set()

    if "missing/" in text:
        return  # ids of nothing: they cannot be written (test_check.py)
    made.kind.delete(made.ctx, item)
    assert [made.rows(table) for table in local] == [[] for _ in local]
    made.kind.create(made.ctx, read)
    assert {table: now(made, table, ids) for table, ids in local.items()} == before


PARTS = st.lists(st.text("ab/%25F", max_size=5), min_size=1, max_size=3)


@given(PARTS)
def test_a_key_comes_apart_as_it_was_joined(parts: list[str]) -> None:
    assert split_key(parts, join_key(parts)) == parts


@given(st.lists(st.sampled_from(["a", "b", "ab"]), max_size=4), st.integers(0, 4))
def test_a_pattern_of_two_stars_fits_what_lies_below(path: list[str], at: int) -> None:
    assert fits((*path[:at], "**"), tuple(path))
    assert fits(("**", *path[at:]), tuple(path))
    assert fits(tuple(path), tuple(path))
    assert not fits((*path, "x"), tuple(path))
