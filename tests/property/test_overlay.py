"""Laws of overlays: what is laid over each other comes apart again, and each half keeps what is its own."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from drupalsync.tree import Env, TreeValue, same, walk
from drupalsync.tree.overlay import merge, origins, split, vanished

LEAVES = st.sampled_from([None, True, 1, 2, 0.5, "", "a", "b", Env("A")])
WORDS = st.sampled_from(["a", "b", "c", "title", "weight"])
KEYS = st.sampled_from(["home", "about", "visit"])


def mappings(children: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[Any, Any]]:
    """As a file has them: one without an entry is a list there."""
    return st.dictionaries(WORDS | st.sampled_from([3, 7]), children, min_size=1, max_size=3)


def links(children: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """Members with names, no two with the same."""
    fields = st.dictionaries(WORDS | st.just("children"), children, max_size=3)
    by_key = st.lists(st.tuples(KEYS, fields), max_size=3, unique_by=lambda pair: pair[0])
    by_system = st.lists(
        st.tuples(st.sampled_from(["user", "user/logout"]), fields), max_size=2, unique_by=lambda p: p[0]
    )
    return st.builds(
        lambda keyed, system: [{"key": k, **f} for k, f in keyed] + [{"system": s, **f} for s, f in system],
        by_key,
        by_system,
    ).flatmap(st.permutations)


VALUES: st.SearchStrategy[Any] = st.recursive(
    LEAVES, lambda inner: mappings(inner) | st.lists(inner, max_size=3) | links(inner), max_leaves=7
)
MENUS = st.builds(lambda entries, rest: {**rest, "links": entries}, links(VALUES), mappings(VALUES))
DOCUMENTS = mappings(VALUES) | MENUS
NAMES = ("key", "system")


def named(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(m, dict) and {*NAMES} & m.keys() for m in value)


def name(member: dict[Any, Any]) -> tuple[str, ...]:
    return tuple(member.get(one, "") for one in NAMES)


def unordered(value: Any) -> Any:
    """The value with lists by name in the order of the names: what is new there has no place of its own."""
    if isinstance(value, list):
        members = [unordered(member) for member in value]
        return sorted(members, key=name) if named(value) else members
    return {key: unordered(entry) for key, entry in value.items()} if isinstance(value, dict) else value


def edited(draw: st.DataObject, value: Any) -> Any:
    """The value after somebody's clicks: entries changed, gone and new, at every depth; names stay."""
    if isinstance(value, dict):
        entries = {k: edited(draw, v) for k, v in value.items() if k not in NAMES and draw.draw(st.integers(0, 4))}
        names = {one: value[one] for one in NAMES if one in value}
        return {**names, **draw.draw(st.dictionaries(WORDS, VALUES, max_size=1)), **entries} or {"a": 1}
    if named(value):
        return [edited(draw, member) for member in value if draw.draw(st.integers(0, 4))]
    return draw.draw(VALUES) if draw.draw(st.integers(0, 3)) == 0 else value


def brought_back(document: Any, base: Any, over: Any) -> bool:
    """Whether a mapping stands again where the overlay had put something else, without all that the base has."""
    if isinstance(base, dict) and isinstance(document, dict):
        if isinstance(over, dict):
            return any(brought_back(document[k], base[k], over[k]) for k in document.keys() & base.keys() & over.keys())
        return not same(unordered(merge(base, document)), unordered(document))
    if isinstance(base, list) and isinstance(document, list) and named(document):
        if named(over) and all(isinstance(m, dict) for m in base) and base:
            return any(
                brought_back(one, two, three)
                for one in document
                for two in base
                for three in over
                if name(one) == name(two) == name(three)
            )
        return not same(unordered(merge(base, document)), unordered(document))
    return False


def overlaid(base: Any, over: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    """The values of mappings that both have, where they are laid over each other no further."""
    if isinstance(base, dict) and isinstance(over, dict):
        return [found for key in base if key in over for found in overlaid(base[key], over[key], (*path, key))]
    return [] if named(over) and isinstance(base, list) else [(path, base)]


def at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


@given(DOCUMENTS)
def test_an_overlay_that_says_nothing_changes_nothing(base: TreeValue) -> None:
    for nothing in (None, {}, []):
        assert same(merge(base, nothing), base)
        assert split(base, base, nothing) == (base, nothing)
    assert same(merge(None, base), base)
    assert split(base, None, base) == (None, base)


@given(DOCUMENTS, DOCUMENTS)
def test_laid_over_each_other_they_come_apart_as_they_were(base: TreeValue, over: TreeValue) -> None:
    low, high = split(merge(base, over), base, over)

    assert same(low, base)
    assert same(high, over)


@given(DOCUMENTS, DOCUMENTS)
def test_to_lay_an_overlay_on_twice_is_to_lay_it_on_once(base: TreeValue, over: TreeValue) -> None:
    once = merge(base, over)

    assert same(merge(once, over), once)


@given(DOCUMENTS, DOCUMENTS, st.data())
def test_the_halves_of_an_edited_document_are_that_document(base: Any, over: Any, draw: st.DataObject) -> None:
    document = edited(draw, merge(base, over))
    low, high = split(document, base, over)

    assume(not brought_back(document, base, over))
    assert same(unordered(merge(low, high)), unordered(document))


@given(DOCUMENTS, DOCUMENTS, st.data())
def test_the_base_keeps_its_value_wherever_the_overlay_has_its_own(base: Any, over: Any, draw: st.DataObject) -> None:
    document = edited(draw, merge(base, over))
    low, _ = split(document, base, over)

    for path, value in overlaid(base, over):
        if at(document, path) is not None:
            assert same(at(low, path), value)


@given(DOCUMENTS, DOCUMENTS)
def test_every_value_of_the_whole_has_its_place_in_a_half(base: TreeValue, over: TreeValue) -> None:
    whole = merge(base, over)
    for path, value in walk(whole):
        low, high = origins(path, base, over)
        assert low is not None or high is not None
        halves = [at(half, found) for half, found in ((base, low), (over, high)) if found is not None]
        if not isinstance(value, dict | list) or len(halves) == 1:
            assert same(halves[-1], value)


@given(DOCUMENTS, DOCUMENTS, st.data())
def test_what_vanished_is_what_both_had_and_neither_has_now(base: Any, over: Any, draw: st.DataObject) -> None:
    document = edited(draw, merge(base, over))
    for path in vanished(document, base, over):
        above = at(document, path[:-1])
        assert isinstance(above, dict)
        assert path[-1] not in above
