"""What a term of the tree must not be, said before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.taxonomy import NESTED, items, museum_run, problems, term

if TYPE_CHECKING:
    from pathlib import Path

PLACE = "term.yml term:tags/X"


def test_what_is_there_has_no_problem(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, *NESTED)
    live = items(ctx, "term").values()
    assert [problem for one in live for problem in problems(ctx, one, *live)] == []


def test_a_good_term_has_no_problem(tmp_path: Path) -> None:
    good: Any = {
        "description": '<a href="/node:page/about">us</a>', "format": "full_html", "parents": ["tags/History"],
        "aliases": [{"alias": "x/y", "language": "de"}], "weight": -5,
    }  # fmt: skip
    assert problems(museum_run(tmp_path), term("tags/X", **good)) == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param(
            {"name": "x" * 256},
            f"the name has 256 characters, and Drupal keeps 255\n  where: {PLACE}\n  mend:  shorten it",
            id="a long name",
        ),
        pytest.param(
            {"name": "X\t"},
            f"the name 'X\\t' begins or ends with a space, which Drupal cuts off\n  where: {PLACE}\n"
            "  mend:  write it without",
            id="a name with a space at its end",
        ),
        pytest.param(
            {"name": "X 😀"},
            None,  # SQLite holds it; tests/unit/kinds/test_characters.py has MariaDB
            id="a name with an emoji",
        ),
        pytest.param(
            {"weight": 2**31},
            f"the weight 2147483648 is beyond what the site can hold\n  where: {PLACE}\n  mend:  weight: a small number",
            id="a weight beyond the column",
        ),
        pytest.param(
            {"format": "php"},
            f"text_format:php is neither in the tree nor on this site\n  where: {PLACE}\n"
            "  mend:  create it on the site, correct the name, or remove the reference",
            id="a format that is missing",
        ),
        pytest.param(
            {"description": '<a href="/node/5">x</a>'},
            f"a link to node/5 names a row by its id, which is another one on every site\n  where: {PLACE} description\n"
            "  mend:  write the reference: node:page/about",
            id="an id in the description",
        ),
        pytest.param(
            {"description": '<a href="/node:page/none">x</a>'},
            f"node:page/none is neither in the tree nor on this site\n  where: {PLACE} description\n"
            "  mend:  create it on the site, correct the name (did you mean page/about?), or remove the reference",
            id="a dead link in the description",
        ),
        pytest.param(
            {"parents": ["tags/Histori"]},
            f"term:tags/Histori is neither in the tree nor on this site\n  where: {PLACE} parents\n"
            "  mend:  create it on the site, correct the name (did you mean tags/History?), or remove the reference",
            id="a parent with a slip",
        ),
        pytest.param(
            {"parents": ["tags/X"]},
            f"term:tags/X would stand under itself\n  where: {PLACE} parents\n  mend:  take tags/X out of its parents",
            id="itself as its parent",
        ),
        pytest.param(
            {"parents": ["tags/X/Y"]},
            f"term:tags/X would stand under itself\n  where: {PLACE} parents\n  mend:  take tags/X/Y out of its parents",
            id="a term below it as its parent",
        ),
        pytest.param(
            {"aliases": [{"alias": "about", "language": "und"}]},
            f"the alias about (und) leads to node/5 already\n  where: {PLACE}\n"
            "  mend:  delete it there, or choose another",
            id="an alias that is taken",
        ),
        pytest.param(
            {"aliases": [{"alias": "/x", "language": "und"}]},
            f"'/x' cannot be an alias\n  where: {PLACE}\n  mend:  no spaces and no / at its ends",
            id="an alias with a slash",
        ),
        pytest.param(
            {"aliases": [{"alias": "x" * 256, "language": "und"}]},
            f"the alias {'x' * 40}… has 256 characters, and Drupal keeps 255\n  where: {PLACE}\n  mend:  shorten it",
            id="a long alias",
        ),
        pytest.param(
            {"aliases": [{"alias": "x", "language": "fr"}]},
            f"language:fr is neither in the tree nor on this site\n  where: {PLACE}\n"
            "  mend:  create it on the site, correct the name, or remove the reference",
            id="an alias in a language that is missing",
        ),
        pytest.param(
            {"fields": {"field_colour": {"und": [{"value": "x"}]}}},
            f"the vocabulary tags has no field field_colour on this site\n  where: {PLACE} field_colour\n"
            "  mend:  fields it has: none",
            id="a field that is missing",
        ),
        pytest.param(
            {"pathauto": False},
            f"pathauto keeps no states on this site\n  where: {PLACE}\n"
            "  mend:  install pathauto 1.3 or later, or remove `pathauto:`",
            id="no pathauto",
        ),
        pytest.param(
            {"extra": {"colour": "red"}},
            f"{{taxonomy_term_data}} has no column colour on this site\n  where: {PLACE}\n"
            "  mend:  switch on the module that adds it, or take it out of `extra`",
            id="an unknown column",
        ),
    ],
)
def test_what_the_site_cannot_have_is_said_with_a_mend(
    tmp_path: Path, fields: dict[str, Any], said: str | None
) -> None:
    ctx = museum_run(tmp_path)
    below = term("tags/X/Y")
    assert problems(ctx, term("tags/X", **fields), below) == ([] if said is None else [said])


def test_a_vocabulary_that_is_missing_is_said(tmp_path: Path) -> None:
    assert problems(museum_run(tmp_path), term("tag/X")) == [
        "vocabulary:tag is neither in the tree nor on this site\n  where: term.yml term:tag/X\n"
        "  mend:  create it on the site, correct the name (did you mean tags?), or remove the reference"
    ]


def test_a_parent_of_another_vocabulary_is_refused(tmp_path: Path) -> None:
    other = term("places/Harbour")
    assert problems(museum_run(tmp_path), term("tags/X", parents=["places/Harbour"]), other) == [
        f"places/Harbour is a term of another vocabulary\n  where: {PLACE} parents\n  mend:  name one of tags"
    ]


def test_the_parent_that_it_stands_under_anyway_is_not_named_again(tmp_path: Path) -> None:
    assert problems(museum_run(tmp_path), term("tags/History/X", parents=["tags/History"])) == [
        "term:tags/History/X stands under tags/History already\n  where: term.yml term:tags/History/X parents\n"
        "  mend:  name only the others"
    ]


def test_a_circle_through_a_term_that_only_the_site_has_is_found(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, *NESTED)
    assert problems(ctx, term("tags/History", parents=["tags/History/Harbour/Crane"])) == [
        "term:tags/History would stand under itself\n  where: term.yml term:tags/History parents\n"
        "  mend:  take tags/History/Harbour/Crane out of its parents"
    ]


def test_a_name_with_a_space_that_the_site_has_already_may_stay(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, "UPDATE taxonomy_term_data SET name = ' History' WHERE tid = 2")
    assert problems(ctx, term("tags/ History", weight=4)) == []


def test_an_alias_that_a_node_of_the_tree_gives_up_is_free(tmp_path: Path) -> None:
    from support.nodes import new

    ctx = museum_run(tmp_path)
    wanted = term("tags/X", aliases=[{"alias": "about", "language": "und"}])
    assert problems(ctx, wanted, new("page/about", "About us", aliases=["about-us"])) == []


def test_its_own_alias_is_not_taken(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, "INSERT INTO url_alias VALUES (90, 'taxonomy/term/2', 'past', 'und')")
    assert problems(ctx, term("tags/History", weight=1, aliases=[{"alias": "past", "language": "und"}])) == []


def test_a_site_without_the_module_is_said(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, "DROP TABLE taxonomy_term_data", "DROP TABLE taxonomy_term_hierarchy")
    assert problems(ctx, term("tags/X")) == [
        f"term:tags/X needs the module taxonomy, which is off\n  where: {PLACE}\n  mend:  drush en taxonomy"
    ]
