"""Laws of role files: reading back is exact, filling in settles, an export keeps what the file manages."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from drupalsync.kinds import Item, role
from drupalsync.kinds._permissions import module_of
from drupalsync.kinds._role_file import RoleHere, granted, told_of
from drupalsync.tree import same
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit

NAMES = ["access content", "administer menu", "edit terms in vocabulary:tags", "fly", "fly: high", "édit", "no", "1e3"]
permissions = st.sampled_from(NAMES)
lists = st.lists(permissions, max_size=5)


@st.composite
def some(draw: st.DrawFn) -> dict[str, Any]:
    """`only` and `without`, no permission in both."""
    only = draw(lists)
    without = [name for name in draw(lists) if name not in only]
    return {word: names for word, names in (("only", only), ("without", without)) if names or draw(st.booleans())}


@st.composite
def documents(draw: st.DrawFn) -> dict[Any, Any]:
    document: dict[Any, Any] = {"role": draw(st.sampled_from(["editor", "1", "Chef de cuisine", "日本"]))}
    if draw(st.booleans()):
        document["weight"] = draw(st.integers(-50, 50))
    value = draw(st.one_of(st.none(), lists, some()))
    if value:  # PHP, and so a tree, has one empty array: {} is a list
        document["permissions"] = value
    if draw(st.booleans()):
        document["modules"] = draw(st.dictionaries(permissions, st.sampled_from(["kites", "node"]), min_size=1))
    return document


@st.composite
def roles_here(draw: st.DrawFn) -> RoleHere:
    """A role as a site gives it: names in order, the module of each that nobody can tell."""
    names = sorted(set(draw(lists)))
    off = frozenset(draw(lists)) - set(names)
    modules = {name: draw(st.sampled_from(["kites", "block"])) for name in names if module_of(name) is None}
    fields: dict[str, Any] = {
        "weight": draw(st.integers(-50, 50)),
        "permissions": names,
        "modules": modules,
        "extra": {},
    }
    return RoleHere(kind="role", key="editor", fields=fields, local_id=4, off=off)


def load(document: Any) -> Item:
    (item,) = role.load("roles/x.yml", document)
    return item


def as_written(item: Item, live: RoleHere) -> RoleHere:
    """The role once what the item wants was written; what is off nobody could grant."""
    filled = role.fill(item, live)
    names: Any = filled.fields["permissions"]
    known: Any = filled.fields["modules"]
    told = {name: module for name, module in told_of(filled).items() if name in names}
    unknown = {name: "kites" for name in names if module_of(name) is None}
    modules: Any = {name: module for name, module in (unknown | told | known).items() if name in names}
    fields = {**filled.fields, "modules": modules}
    return RoleHere(kind="role", key=item.key, fields=fields, local_id=4, off=live.off)


@given(documents())
def test_a_file_reads_back_as_it_was_written(document: dict[Any, Any]) -> None:
    item = load(document)
    again = load(parse(emit(role.dump([item], None)).encode(), where="x"))

    assert same(again.fields, item.fields)
    assert again.key == item.key


@given(documents())
def test_a_file_that_says_the_same_stays_as_it_is(document: dict[Any, Any]) -> None:
    text = parse(emit(document).encode(), where="x")
    item = load(text)

    if not isinstance(item.fields["permissions"], dict):
        assert same(role.dump([item], text), text)


@given(documents(), roles_here())
def test_filling_in_settles(document: dict[Any, Any], live: RoleHere) -> None:
    item = load(document)
    once = role.fill(item, live)

    assert same(role.fill(once, live).fields, once.fields)
    written = as_written(item, live)
    assert same(role.fill(item, written).fields, written.fields)


@given(documents(), roles_here())
def test_nobody_wants_what_nobody_can_grant(document: dict[Any, Any], live: RoleHere) -> None:
    names: Any = role.fill(load(document), live).fields["permissions"]

    assert not live.off & set(names)


@given(documents(), roles_here())
def test_an_export_says_what_the_site_says(document: dict[Any, Any], live: RoleHere) -> None:
    text = parse(emit(document).encode(), where="x")
    old = load(text)
    known = RoleHere(
        kind="role", key=old.key, fields=live.fields, local_id=4, off=frozenset(live.off & set(granted(old)))
    )

    new = role.dump([known], text)
    back = load(parse(emit(new).encode(), where="x"))

    assert same(role.fill(back, known).fields, known.fields)
    assert known.off <= set(granted(back))
    assert same(role.dump([known], new), new)  # and says it only once


@given(documents(), roles_here())
def test_an_export_of_what_an_import_wrote_adds_nothing_but_modules_that_the_site_knows(
    document: dict[Any, Any], live: RoleHere
) -> None:
    text = parse(emit(document).encode(), where="x")
    old = load(text)
    off = live.off & set(granted(old))
    there = as_written(old, RoleHere(kind="role", key=old.key, fields=live.fields, local_id=4, off=off))

    new: Any = load(role.dump([there], text)).fields
    told: Any = old.fields["modules"]
    assert same({**new, "modules": {}}, {**old.fields, "modules": {}})
    assert new["modules"].items() >= told.items()
