"""Text as a terminal may have it, and its width."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drupalsync.report.visible import cut, json_text, visible, visible_lines, width

QUICK = settings(max_examples=50, deadline=None)  # the machine may be busy
ANY = st.text(st.characters())  # lone surrogates included
FORBIDDEN = {"Cc", "Cs", "Zl", "Zp"}


@QUICK
@given(ANY)
def test_no_control_character_and_no_lone_surrogate_is_left(text: str) -> None:
    assert not {unicodedata.category(letter) for letter in visible(text)} & FORBIDDEN
    visible(text).encode()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("\x1b[31mred", "\\u001b[31mred", id="an escape sequence"),
        pytest.param("\x9b31mred", "\\u009b31mred", id="the same in one character"),
        pytest.param("a\r\nb\tc", "a\\r\\nb\\tc", id="line ends and tabs"),
        pytest.param("user\u202egpj.exe", "user\\u202egpj.exe", id="a text that runs backwards"),
        pytest.param("pay\u200bpal", "pay\\u200bpal", id="a letter of no width"),
        pytest.param("a\U000e0041", "a\\U000e0041", id="a tag"),
        pytest.param("Zürich — “日本” 👩\u200d🚀", "Zürich — “日本” 👩\u200d🚀", id="what people write"),
    ],
)
def test_what_a_terminal_would_obey_is_shown_by_its_number(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_the_lines_of_an_error_stay_lines() -> None:
    assert visible_lines("a\x1b\n  b\r") == "a\\u001b\n  b\\r"


@QUICK
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | ANY, lambda inner: st.lists(inner) | st.dictionaries(ANY, inner)
    )
)
def test_json_for_a_terminal_reads_back_the_same(document: object) -> None:
    text = json_text(document)
    assert json.loads(text) == document
    assert not {unicodedata.category(letter) for letter in text.replace("\n", "")} & FORBIDDEN


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("日本", 4), ("é", 1), ("e\u0301", 1), ("", 0), ("a日", 3), ("👩", 2)]
)
def test_a_wide_letter_takes_two_columns(text: str, columns: int) -> None:
    assert width(text) == columns


@QUICK
@given(st.text(st.sampled_from("ab日本é\u0301")), st.integers(2, 12))
def test_a_text_that_is_cut_fits_and_begins_as_it_did(text: str, room: int) -> None:
    shown = cut(text, room)
    assert width(shown) <= room
    assert shown == text if width(text) <= room else shown.endswith("…") and text.startswith(shown[:-1])
