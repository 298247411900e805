"""The file of a node."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.kinds import node
from drupalsync.kinds.fields import FieldProblem
from drupalsync.tree.edit import edit
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.nodes import new, with_fields

FULL = """\
node: landing/welcome
title: One world
language: de
author: alice
promote: true
comment: 2
created: '2011-12-06T09:00:00Z'
aliases:
  - willkommen
  - alias: welcome
    language: en
translation_of: landing/welcome-en
book:
  in: book/handbook
  parent: book/chapter-1
fields:
  body:
    value: <p>Welcome</p>
    summary: ''
    format: full_html
  field_image:
    file: public://hero/banner.png
    alt: Banner
  field_level: 10
  field_motto:
    languages:
      de: Eine Welt
      en: One world
  field_ratio: 0.5
  field_region:
    - term:regions/Europe/France
    - term:regions/Asia/日本
"""


def item_of(text: str) -> Any:
    (item,) = node.load("nodes/landing/welcome.yml", parse(text, where="test"))
    return item


def test_a_file_becomes_an_item_without_any_id_and_the_same_file_again() -> None:
    item = item_of(FULL)
    assert item.key == "landing/welcome"
    assert item.fields["aliases"] == [
        {"alias": "willkommen", "language": "de"},
        {"alias": "welcome", "language": "en"},
    ]
    assert item.fields["book"] == {"in": "book/handbook", "parent": "book/chapter-1", "weight": 0}
    assert item.fields["fields"] == {
        "body": {"und": [{"value": "<p>Welcome</p>", "summary": "", "format": "full_html"}]},
        "field_image": {"und": [{"fid": "file:public://hero/banner.png", "alt": "Banner"}]},
        "field_level": {"und": [{"value": 10}]},
        "field_motto": {"de": [{"value": "Eine Welt"}], "en": [{"value": "One world"}]},
        "field_ratio": {"und": [{"value": 0.5}]},
        "field_region": {"und": [{"tid": "term:regions/Europe/France"}, {"tid": "term:regions/Asia/日本"}]},
    }
    assert emit(node.dump([item], None)) == FULL
    assert node.place(item) == "nodes/landing/welcome.yml"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        pytest.param("a text", [{"value": "a text"}], id="a text"),
        pytest.param(["a text"], [{"value": "a text"}], id="a list of one"),
        pytest.param(True, [{"value": 1}], id="true is what a checkbox stores"),
        pytest.param({"value": "term:x"}, [{"value": "term:x"}], id="a text that looks like a reference"),
        pytest.param("user:alice", [{"uid": "user:alice"}], id="a user"),
        pytest.param(
            {"term": "tags/dns", "weight": 1}, [{"tid": "term:tags/dns", "weight": 1}], id="a reference among columns"
        ),
        pytest.param({"columns": {"term": "x", "nid": 7}}, [{"term": "x", "nid": 7}], id="columns of these very names"),
        pytest.param({"value": "x", "format": None}, [{"value": "x"}], id="null is no value"),
    ],
)
def test_a_field_may_be_written_in_short(written: Any, meant: Any) -> None:
    item = new("page/x", "X", fields={"field_a": written})
    assert item.fields["fields"] == {"field_a": {"und": meant}}


def test_a_field_without_items_is_no_field() -> None:
    assert new("page/x", "X", fields={"field_a": []}).fields["fields"] == []
    assert new("page/x", "X", fields={"field_a": {"languages": {"de": []}}}).fields["fields"] == []


@pytest.mark.parametrize(
    ("document", "path", "what"),
    [
        pytest.param({"title": "X", "author": "a"}, (), "which node it is", id="no key"),
        pytest.param(
            {"node": "page", "title": "X", "author": "a"}, ("node",), "which node it is", id="a key without type"
        ),
        pytest.param({"node": "page/x", "title": "X"}, (), "'author' is missing", id="no author"),
        pytest.param(
            {"node": "page/x", "title": "X", "author": "a", "comment": 3},
            ("comment",),
            "3 is not allowed",
            id="comment",
        ),
        pytest.param(
            {"node": "page/x", "title": "X", "author": "a", "fields": {"body": [None]}},
            ("fields", "body", 0),
            "cannot hold",
            id="null",
        ),
        pytest.param(
            {"node": "page/x", "title": "X", "author": "a", "fields": {"body": {"value": ["x"]}}},
            ("fields", "body", "value"),
            "a column cannot hold",
            id="a list in a column",
        ),
        pytest.param(
            {"node": "page/x", "title": "X", "author": "a", "fields": {"f": {"file": "a", "fid": 3}}},
            ("fields", "f", "fid"),
            "given twice",
            id="a column twice",
        ),
        pytest.param(
            {"node": "page/x", "title": "X", "author": "a", "fields": {"f": {"languages": "de"}}},
            ("fields", "f", "languages"),
            "mapping of languages",
            id="languages",
        ),
        pytest.param(
            {"node": "page/x", "title": "X", "author": "a", "aliases": [{"language": "de"}]},
            ("aliases", 0),
            "",
            id="an alias without text",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_place(document: Any, path: tuple[str | int, ...], what: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        list(node.load("nodes/page/x.yml", document))
    assert caught.value.path == path
    assert what in caught.value.what


def test_an_export_keeps_what_a_file_says_in_its_own_way() -> None:
    text = "node: page/x   # ours\ntitle: X\nauthor: anna\nstatus: true\nfields:\n  field_b: [one]   # a list\n  field_a: 1\n"
    item = item_of(text)
    changed = with_fields(item, title="New", fields={**item.fields["fields"], "field_a": {"und": [{"value": 2}]}})
    old = parse(text, where="test")
    assert edit(text, old, node.dump([changed], old)) == text.replace("title: X", "title: New").replace(
        "field_a: 1", "field_a: 2"
    )


def test_aliases_keep_their_languages_when_the_node_gets_another_one() -> None:
    text = "node: page/x\ntitle: X\nauthor: anna\naliases:\n  - about\n"
    item = with_fields(item_of(text), language="de")
    document = node.dump([item], parse(text, where="test"))
    (back,) = node.load("nodes/page/x.yml", document)
    assert back.fields["aliases"] == [{"alias": "about", "language": "und"}]


def test_a_time_that_the_file_leaves_out_is_the_sites_own() -> None:
    item = new("page/x", "X")
    live = with_fields(item, created="2011-12-06T09:00:00Z")
    assert node.fill(item, live).fields["created"] == "2011-12-06T09:00:00Z"
    assert node.fill(item, None) is item
    assert node.fill(live, with_fields(item, created="1999-01-01T00:00:00Z")) is live


def test_a_node_needs_those_that_it_hangs_on_but_not_those_that_its_text_links_to() -> None:
    item = new(
        "page/x",
        "X",
        translation_of="page/source",
        book={"in": "book/first", "parent": "page/x"},
        fields={
            "field_related": [{"target_id": "node:page/y"}, "node:page/z"],
            "body": {"value": "node:page/text", "format": "x"},
        },
    )
    assert list(node.needs(item)) == ["node:page/source", "node:book/first", "node:page/y", "node:page/z"]


def test_a_moved_node_is_known_by_its_type_and_alias() -> None:
    assert node.likeness(new("page/x", "X", aliases=["a", "b"])) == "page b"
    assert node.likeness(new("page/x", "X")) is None
