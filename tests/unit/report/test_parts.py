"""Two values are opened for the reader's eye: nothing that differs is lost, nothing that does not is told."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drupalsync.report import lines
from drupalsync.report.parts import Part, differing, label, leaves, sides
from drupalsync.report.style import Style
from drupalsync.report.values import NOTHING, beside, same

if TYPE_CHECKING:
    from collections.abc import Sequence

QUICK = settings(max_examples=50, deadline=None)  # the machine may be busy
SCALARS = st.sampled_from([None, True, False, 0, 1, 1.0, "", "1", "a", "b", "a\nb"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3),
    max_leaves=8,
)


@QUICK
@given(VALUES, VALUES)
def test_two_values_have_parts_that_differ_exactly_where_they_differ(old: Any, new: Any) -> None:
    parts = list(differing(("v",), old, new))
    assert bool(parts) == (not same(old, new))
    assert not any(same(part.old, part.new) for part in parts)


@QUICK
@given(st.lists(SCALARS, max_size=6), st.lists(SCALARS, max_size=6))
def test_what_came_into_a_list_and_went_makes_the_new_one_of_the_old(old: list[Any], new: list[Any]) -> None:
    parts = list(differing(("v",), old, new))
    if any(part.sign == "order" for part in parts):
        assert len(parts) == 1
        assert _counted(old) == _counted(new)
        return
    gone, came = ([side for part in parts if not same(side := getattr(part, name), NOTHING)] for name in ("old", "new"))
    assert _counted(old) - _counted(gone) + _counted(came) == _counted(new)


@QUICK
@given(VALUES, VALUES)
def test_no_two_values_that_differ_read_alike(old: Any, new: Any) -> None:
    texts = beside(old, new)
    assert texts[0] != texts[1] or same(old, new)


@QUICK
@given(st.lists(VALUES, min_size=3, max_size=3))
def test_three_sides_are_opened_where_all_have_the_same_parts(values: Sequence[Any]) -> None:
    for path, below in sides(("v",), values):
        assert path[0] == "v"
        assert len(below) == 3
    if not all(same(values[0], value) for value in values):
        assert list(sides(("v",), values))


@QUICK
@given(VALUES)
def test_the_leaves_of_a_value_are_all_of_it(value: Any) -> None:
    def scalars(value: Any) -> list[Any]:
        if isinstance(value, dict) and value:
            return [leaf for below in value.values() for leaf in scalars(below)]
        return [leaf for below in value for leaf in scalars(below)] if isinstance(value, list) and value else [value]

    found = [leaf for _, value in leaves(("v",), value, 10) for leaf in scalars(value)]
    assert _counted(found) == _counted(scalars(value))


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param(("fields", "body", "und", "value"), "fields.body.value", id="no language"),
        pytest.param(("fields", "body", "de", "value"), "fields.body.de.value", id="a language"),
        pytest.param(("value", "body", "und"), "value.body.und", id="a key of somebody else"),
        pytest.param(("value", "a.b", 3, "c\x1b"), 'value."a.b".3."c\\u001b"', id="odd keys"),
        pytest.param(("value", ""), 'value.""', id="an empty key"),
    ],
)
def test_a_path_is_one_word(path: tuple[Any, ...], expected: str) -> None:
    assert label(path) == expected


def test_what_an_object_holds_is_opened_where_its_class_is_the_same() -> None:
    old, new = ({"$object": "stdClass", "properties": {"a": 1, "b": value}} for value in (1, 2))
    assert list(differing(("v",), old, new)) == [Part(("v", "b"), 1, 2)]
    other = {"$object": "Other", "properties": {"a": 1, "b": 2}}
    assert list(differing(("v",), new, other)) == [Part(("v",), new, other)]


def test_the_order_of_the_keys_of_a_map_is_noise() -> None:
    old, new = [{"a": 1, "b": 2}, 1], [{"b": 2, "a": 1}, 2]
    assert same(old[0], new[0])
    assert list(differing(("v",), old, new)) == [Part(("v", 1), 1, 2)]
    assert list(differing(("v",), {"m": old[0], "n": 1}, {"n": 2, "m": new[0]})) == [Part(("v", "n"), 1, 2)]


TEXT = st.text(st.sampled_from("ab \t\r\n"), max_size=30)


@QUICK
@given(TEXT, TEXT)
def test_a_diff_has_every_line_of_both_sides_or_says_what_is_unseen(old: str, new: str) -> None:
    shown = list(lines.diff(old, new, Style()))
    changed = [line for line in shown if line[:1] in {"-", "+"}]
    if lines.split(old) != lines.split(new):
        assert changed
    elif old != new:
        assert lines.unseen(old, new)


@QUICK
@given(st.text(st.sampled_from("ab日"), max_size=300), st.text(st.sampled_from("ab日"), max_size=300))
def test_texts_that_are_cut_still_differ(old: str, new: str) -> None:
    cut = lines.focus(old, new, 60)
    assert (cut[0] == cut[1]) == (old == new)


def _counted(values: Sequence[Any]) -> Counter[str]:
    return Counter(map(repr, values))
