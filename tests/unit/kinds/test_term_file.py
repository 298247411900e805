"""The file of a vocabulary with its terms: read strictly, written quietly."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Item
from drupalsync.kinds._term_file import dump, load
from drupalsync.kinds.fields import FieldProblem
from drupalsync.tree import Env
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.taxonomy import term, vocabulary

REGIONS = """\
vocabulary: regions
name: Regions
terms:
  - name: Europe
    weight: 1
    children:
      - France   # by its name alone
      - name: Turkey
        parents: [regions/Asia]
        aliases: [turkey, {alias: türkei, language: de}]
  - Asia
  - name: 'A/B 100% #2'
  - Asia
"""


def read(text: str) -> list[Item]:
    return list(load("vocabularies/regions.yml", parse(text, where="test")))


def keys(text: str) -> list[str]:
    return [item.key for item in read(text)]


def test_a_term_is_called_by_the_names_from_the_root() -> None:
    assert keys(REGIONS) == [
        "regions",
        "regions/Europe",
        "regions/Europe/France",
        "regions/Europe/Turkey",
        "regions/Asia",
        "regions/A%2FB 100%25 %232",
        "regions/Asia#2",
    ]


def test_aliases_and_parents_are_read_as_a_site_has_them() -> None:
    turkey = read(REGIONS)[3]
    assert turkey.fields["parents"] == ["regions/Asia"]
    assert turkey.fields["aliases"] == [
        {"alias": "türkei", "language": "de"},
        {"alias": "turkey", "language": "und"},
    ]
    assert turkey.at == ("terms", 0, "children", 1)


def test_a_file_that_says_the_same_stays_as_it_is() -> None:
    old = parse(REGIONS, where="test")
    assert emit(dump(read(REGIONS), old)) == emit(old)


def test_new_terms_stand_where_their_weight_and_name_put_them() -> None:
    old = parse(
        "vocabulary: r\nname: R\nterms:\n  - {name: B, weight: 2}\n  - {name: Z, weight: 5}\n  - C\n", where="t"
    )
    items = [*load("r.yml", old), term("r/A"), term("r/M", weight=3), term("r/ZZ", weight=9)]
    assert [one["name"] if isinstance(one, dict) else one for one in _terms(dump(items, old))] == [
        "A", "B", "M", "Z", "C", "ZZ",
    ]  # fmt: skip


def test_siblings_of_one_name_keep_their_numbers_in_the_file() -> None:
    items = [vocabulary("r"), replace(term("r/A#2"), fields=term("r/A", weight=-9).fields), term("r/A", weight=5)]
    document = dump(items, None)
    assert [item.fields["weight"] for item in load("r.yml", document) if item.kind == "term"] == [5, -9]


def test_a_term_whose_home_is_not_in_the_tree_is_an_error_and_not_lost() -> None:
    with pytest.raises(DrupalsyncError) as caught:
        dump([vocabulary("r"), term("r/A/B")], None)
    assert str(caught.value) == (
        "term:r/A/B would be in the tree, but not term:r/A, which it stands under\n  where: term.yml\n"
        "  mend:  take in both, or leave out both (exclude: ['term:r/A*'])"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(
            "name: Regions\n",
            "the file does not say which vocabulary it is\n  mend:  begin with `vocabulary: NAME`",
            id="no vocabulary",
        ),
        pytest.param(
            "vocabulary: r\n",
            "the field 'name' is missing\n  mend:  name: What people read.",
            id="no name",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: A\n",
            "this must be a list of terms\n  where: terms\n  mend:  write `- name: …` lines",
            id="terms that are no list",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [5]\n",
            "this must be a mapping of fields, not the number 5\n  where: terms/0\n  mend:  write `field: value` lines",
            id="a number as a term",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [' ']\n",
            "a term needs a name\n  where: terms/0/name\n  mend:  name: what people read",
            id="an empty name",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: 2011}]\n",
            "this must be a text, not the number 2011\n  where: terms/0/name\n  mend:  put it in quotes: '2011'",
            id="a year without quotes",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: !env WHO}]\n",
            "the name of a term is its key, too: it cannot come from elsewhere\n  where: terms/0/name\n"
            "  mend:  name: a plain text",
            id="a name from the environment",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: !!binary gICA}]\n",
            "the name of a term is its key, too: it cannot come from elsewhere\n  where: terms/0/name\n"
            "  mend:  name: a plain text",
            id="a name that is no text",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: A, wieght: 5}]\n",
            "unknown field 'wieght'\n  where: terms/0/wieght\n  mend:  did you mean 'weight'?",
            id="a field with a slip",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: A, weight: '5'}]\n",
            "this must be a whole number, not a text\n  where: terms/0/weight\n"
            "  mend:  write the number without quotes",
            id="a weight in quotes",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: A, children: {name: B}}]\n",
            "this must be a list of terms\n  where: terms/0/children\n  mend:  write `- name: …` lines",
            id="children that are no list",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: A, parents: r/B}]\n",
            "this must be a list, not a text\n  where: terms/0/parents",
            id="parents that are no list",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: A, aliases: [{language: de}]}]\n",
            "the field 'alias' is missing\n  where: terms/0/aliases/0",
            id="an alias that is none",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nterms: [{name: A, fields: [x]}]\n",
            "this must be a mapping, not a list\n  where: terms/0/fields",
            id="fields that are no mapping",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nhierarchy: 3\n",
            "3 is not allowed here\n  where: hierarchy\n  mend:  one of: 0, 1, 2",
            id="a hierarchy that Drupal does not know",
        ),
        pytest.param(
            "vocabulary: r\nname: R\nweight: true\n",
            "this must be a whole number, not true\n  where: weight",
            id="a weight that is none",
        ),
    ],
)
def test_what_no_file_may_say_is_said_with_its_place(text: str, said: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        list(load("r.yml", parse(text, where="test")))
    assert str(caught.value) == said


def test_a_value_from_the_environment_is_fine_where_it_is_no_key() -> None:
    (_, one) = read("vocabulary: r\nname: R\nterms: [{name: A, description: !env ABOUT}]\n")
    assert isinstance(one.fields["description"], Env)


def _terms(document: Any) -> list[Any]:
    found = document["terms"]
    assert isinstance(found, list)
    return found
