"""Keys from titles: words where there are words, and never a part of a secret."""

from __future__ import annotations

import re
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drupalsync.kinds.slug import LONGEST, slug, unique

TOKEN: Final = "ghp_" + "a1B2" * 9
SECRETS: Final = [TOKEN, "https://drupal:hunter2@feeds.example/x", "AKIA" + "ABCD" * 4, "sk_live_" + "a1B2" * 6]


@pytest.mark.parametrize(
    ("title", "key"),
    [("Über uns", "uber-uns"), ("日本", "riben"), ("--- A & B ---", "a-b"), ("x" * 80, "x" * LONGEST)],
)
def test_a_title_becomes_its_words(title: str, key: str) -> None:
    assert slug(title) == key


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("title", ["{}", "Key: {}", "{} (old)", "Über {} uns"])
def test_a_title_with_a_secret_becomes_a_number(title: str, secret: str) -> None:
    assert re.fullmatch(r"x[0-9a-f]{8}", slug(title.format(secret)))


@pytest.mark.parametrize("title", ["☃", "---", ""])
def test_a_title_without_a_letter_becomes_a_number(title: str) -> None:
    assert re.fullmatch(r"x[0-9a-f]{8}|[a-z0-9-]+", slug(title))


def test_the_number_is_the_titles_own() -> None:
    assert slug(SECRETS[0]) == slug(SECRETS[0])
    assert slug(SECRETS[0]) != slug(SECRETS[1])


@given(st.text())
def test_a_key_can_always_be_the_name_of_a_file(title: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", slug(title))
    assert len(slug(title)) <= LONGEST


def test_what_is_taken_gets_a_number() -> None:
    assert unique("news", {"news", "news-2"}) == "news-3"
