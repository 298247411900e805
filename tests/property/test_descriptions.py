"""A description that is written to be pasted says, read back, the same, whatever its tables and columns are called."""

from __future__ import annotations

import dataclasses
import sqlite3
from contextlib import closing
from typing import Any

import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from drupalsync.kinds import own_kinds
from drupalsync.kinds.fields import PROTECT
from drupalsync.kinds.tables import EXTRA, Child, Col, Description, TableKind
from drupalsync.kinds.tables.forms import forms_of
from drupalsync.kinds.tables.paste import entry, words
from drupalsync.kinds.tables.words import BadDescription, check_kinds, read_descriptions

# Words of YAML's own, numbers, and what only SQL allows in a name.
names = st.sampled_from(
    ["yes", "no", "on", "null", "~", "1", "1e3", "0777", "2020-01-01", "key", "a b", "a: b", "#a", "'", '"', "ä", "- a", "{a}", "x,y"]
) | st.from_regex(r"[a-z][a-z0-9_]{0,12}", fullmatch=True)  # fmt: skip
ours = names.filter(lambda name: name not in {EXTRA, PROTECT, "campaign"})
bins = st.from_regex(r"cache(_[a-z0-9_]{1,8})?", fullmatch=True)
cells = st.none() | st.integers(0, 9) | st.sampled_from(["", "a", "yes"])
columns = st.dictionaries(
    ours,
    st.builds(Col, refers=st.sampled_from(["role", "term"]))
    | st.builds(Col, derived=st.just(True), value=cells)
    | st.builds(
        Col, serialized=st.just(True), places=st.dictionaries(names, st.sampled_from(["role", "path"]), max_size=2)
    )
    | st.builds(Col, path=st.booleans(), default=st.sampled_from([None, "", 0, False, "no"])),
    max_size=4,
)
children = st.lists(
    st.builds(
        Child,
        table=names,
        field=st.from_regex(r"f[0-9]{6}", fullmatch=True),
        parent=st.dictionaries(names, st.just("cid"), min_size=1, max_size=2),
        key=st.lists(names, min_size=1, max_size=2).map(tuple),
        id=st.just("") | names,
        columns=columns,
    ),
    max_size=2,
    unique_by=lambda child: child.field,
).map(tuple)
descriptions = st.builds(
    Description,
    kind=st.just("campaign"),
    table=names,
    key=st.lists(names, min_size=1, max_size=2, unique=True).map(tuple),
    folder=st.just("campaigns"),
    id=st.just("cid"),
    module=st.sampled_from(["", "dsx"]),
    columns=columns,
    children=children,
    after=st.lists(st.sampled_from(["role", "term"]), unique=True).map(tuple),
    caches=st.lists(st.tuples(bins, names), unique_by=lambda pair: pair[0], max_size=2).map(tuple),
    fixed=st.booleans(),
)


@given(descriptions)
def test_what_is_pasted_says_the_same(about: Description) -> None:
    text = f"tables:\n{entry(about, remarks=['a remark: # of more than one sign'])}"

    for read in (lambda: YAML(typ="safe", pure=True).load(text), lambda: yaml.safe_load(text)):
        loaded: Any = read()
        assert read_descriptions(loaded["tables"], "here") == [about]


@given(descriptions)
def test_the_words_are_those_of_the_text(about: Description) -> None:
    assert read_descriptions([words(about)], "here") == [about]


# Any value that YAML has, also in the place of a name.
scalars = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.dates() | st.datetimes()
    | st.binary(max_size=3) | st.sampled_from(["name", "a", "role", "block-{block}", "cache", "x.y"])
)  # fmt: skip
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(scalars | st.tuples(scalars), inner, max_size=3)
        | st.sets(scalars, max_size=2)
    ),
    max_leaves=6,
)
said = st.sampled_from(
    [(of, field.name) for of in (Description, Col, Child) for field in dataclasses.fields(of)]  # its own words
)


def with_word(of: type, word: str, value: object) -> dict[str, Any]:
    """A description in which all is right, but perhaps this."""
    column: dict[str, Any] = {"serialized": True} if word in {"places", "keys", "itself"} else {}
    child: dict[str, Any] = {"table": "c", "field": "f", "parent": {"pid": "cid"}, "key": "k", "columns": {"b": column}}
    entry = {
        "kind": "x",
        "table": "t",
        "key": "name",
        "id": "cid",
        "folder": "f",
        "columns": {"a": column},
        "children": [child],
    }
    {Description: entry, Col: column, Child: child}[of][word] = value
    return entry


@given(said, anything)
@example((Col, "places"), {1: 2})
@example((Col, "keys"), {"*": ["role"]})
@example((Description, "where"), {"name": [1]})
@example((Description, "where"), {"name": 2**63})
def test_any_value_of_any_word_is_understood_or_refused(of: tuple[type, str], value: object) -> None:
    try:
        (about,) = read_descriptions([with_word(*of, value)], "here")
        check_kinds(about, own_kinds(), "here")
    except BadDescription:
        return

    kind = TableKind(about=about)
    assert kind.FIELDS
    assert kind.AFTER is not None
    columns = [*about.columns.values(), *(col for child in about.children for col in child.columns.values())]
    for col in columns:
        forms_of(col)
    with closing(sqlite3.connect(":memory:")) as db:
        for cell in (*about.where.values(), *(col.value for col in columns)):
            db.execute("SELECT ?", [cell])


@given(anything)
def test_anything_is_a_list_of_descriptions_or_refused(value: object) -> None:
    for entries in (value, [value]):
        try:
            assert read_descriptions(entries, "here") == []
        except BadDescription:
            continue
