"""What `tables:` of drupalsync.yml may say, and what is wrong with what it may not."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from drupalsync.kinds import own_kinds
from drupalsync.kinds.tables import Child, Col, Description
from drupalsync.kinds.tables.shipped import shipped
from drupalsync.kinds.tables.words import BadDescription, check_kinds, read_descriptions
from support.described import described

WHERE = "drupalsync.yml tables"
GOOD = "kind: campaign, table: dsx_campaign, key: name, folder: campaigns"


def test_every_word_is_understood() -> None:
    about = described("""
kind: campaign
table: dsx_campaign
key: name
id: cid
folder: campaigns
module: dsx
where: {gid: 0}
content: {storage: [node, user]}
router: true
entity_status: status
after: role
caches: {cache: ['a:*', b], cache_page: '*'}
likeness: title
columns:
  title:
  status: {default: 1}
  settings: {serialized: true, places: {'*.rid': role}, keys: {roles: role}}
children:
  - {table: dsx_step, field: steps, parent: {cid: cid}, order: weight, id: sid}
""")
    assert (about.key, about.after, about.likeness) == (("name",), ("role",), ("title",))
    assert about.caches == (("cache", "a:*"), ("cache", "b"), ("cache_page", "*"))
    assert about.content == {"storage": ("node", "user")}
    assert about.columns["title"] == Col()
    assert about.children == (
        Child(table="dsx_step", field="steps", parent={"cid": "cid"}, order=("weight",), id="sid"),
    )


@pytest.mark.parametrize(
    ("entries", "what"),
    [
        ("{a: 1}", f"`tables` is a list of descriptions | {WHERE} | - {{kind: …, table: …, key: …, folder: …}}"),
        ("[5]", f"this must be a mapping | {WHERE} 1 | word: value lines"),
        ("[{kind: x}]", f"the word table is missing | {WHERE} 1 | table: …"),
        ("[{kind: 5}]", f"kind must be a text | {WHERE} 1"),
        ("[{kinds: x}]", f"unknown word 'kinds' | {WHERE} 1 | did you mean kind?"),
        ("[{condition: 1=1}]", f"unknown word 'condition' | {WHERE} 1 | did you mean "),
        (
            "[{kind: Camp, table: t, key: k, folder: f}]",
            f"'Camp' cannot be a kind | {WHERE} 1 (Camp) | lower case letters, digits and _",
        ),
        (
            "[{kind: camp, table: t, key: k, folder: ../f}]",
            f"'../f' cannot be a folder | {WHERE} 1 (camp) | lower case letters, digits and _",
        ),
        (f"[{{{GOOD}, router: 1}}]", f"router must be true or false | {WHERE} 1"),
        (f"[{{{GOOD}, columns: [a]}}]", f"this must be a mapping | {WHERE} 1 (campaign) columns"),
        (
            f"[{{{GOOD}, columns: {{a: 5}}}}]",
            f"this must be a mapping | {WHERE} 1 (campaign) columns a | word: value lines",
        ),
        (
            f"[{{{GOOD}, columns: {{a: {{serialised: true}}}}}}]",
            f"unknown word 'serialised' | {WHERE} 1 (campaign) columns a | did you mean serialized?",
        ),
        (
            f"[{{{GOOD}, columns: {{a: {{refers: role, path: true}}}}}}]",
            f"a cannot be both refers and path | {WHERE} 1 (campaign) columns | take one of them out",
        ),
        (
            f"[{{{GOOD}, columns: {{a: {{places: {{b: role}}}}}}}}]",
            f"a has places, but is not serialized | {WHERE} 1 (campaign) columns | serialized: true",
        ),
        (f"[{{{GOOD}, children: 5}}]", f"this must be a list | {WHERE} 1 (campaign) children"),
        (
            f"[{{{GOOD}, children: [{{table: c, field: f}}]}}]",
            f"the word parent is missing | {WHERE} 1 (campaign) children 1 | parent: …",
        ),
        (
            f"[{{{GOOD}, children: [{{table: c, field: f, parent: {{a: name}}}}]}}]",
            "nothing says in which order the rows stand, or what they are called | "
            f"{WHERE} 1 (campaign) children 1 | order: weight, or key: name",
        ),
        (
            f"[{{{GOOD}, children: [{{table: c, field: f, parent: {{a: b}}, key: k}}]}}]",
            f"parent names b, which is neither the key nor the id | {WHERE} 1 (campaign) children 1 | one of: name",
        ),
        (
            f"[{{{GOOD}, likeness: title}}]",
            f"likeness names title, which is none of the columns | {WHERE} 1 (campaign) | columns: {{title: {{}}}}",
        ),
        (
            f"[{{{GOOD}, entity_status: status}}]",
            f"entity_status names status, which is none of the columns | {WHERE} 1 (campaign) | columns: {{status: {{}}}}",
        ),
        (
            f"[{{{GOOD}, columns: {{lead: {{member: steps}}}}}}]",
            "lead is a member of steps, which is no children that have a key and an id | "
            f"{WHERE} 1 (campaign) | give the children both",
        ),
        (
            f"[{{{GOOD}, columns: {{campaign: {{}}}}}}]",
            "the field campaign has the name of the kind | "
            f"{WHERE} 1 (campaign) | columns: {{campaign: {{name: …}}}} gives it another one",
        ),
        (
            f"[{{{GOOD}, columns: {{extra: {{}}}}}}]",
            "the field extra has the name of the columns that no description names | "
            f"{WHERE} 1 (campaign) | columns: {{extra: {{name: …}}}} gives it another one",
        ),
        (
            f"[{{{GOOD}, columns: {{a: {{name: b}}, b: {{}}}}}}]",
            f"the field b has the name of another field | {WHERE} 1 (campaign) | columns: {{b: {{name: …}}}} gives it another one",
        ),
        (
            f"[{{{GOOD}}}, {{{GOOD}}}]",
            f"two descriptions have the kind campaign | {WHERE} 2 | give one of them another, or take it out",
        ),
        (
            f"[{{{GOOD}}}, {{kind: other, table: other, key: name, folder: campaigns}}]",
            f"two descriptions have the folder campaigns | {WHERE} 2 | give one of them another, or take it out",
        ),
        (
            f"[{{{GOOD}, used_by: {{flagging: name}}}}]",
            f"flagging is no place in a table | {WHERE} 1 (campaign) used_by | flagging.fid: fid",
        ),
        (
            f"[{{{GOOD}, used_by: {{flagging.fid: fid}}}}]",
            f"flagging.fid names fid, which is neither the key nor the id | {WHERE} 1 (campaign) used_by | one of: name",
        ),
        (
            f"[{{{GOOD}, columns: {{a: {{itself: id}}}}}}]",
            f"a has itself, but is not serialized | {WHERE} 1 (campaign) columns | serialized: true",
        ),
        (f"[{{{GOOD}, key: [1]}}]", f"this must be a name, or a list of names | {WHERE} 1 (campaign) key"),
        *(
            (
                f"[{{{GOOD}, caches: {{{table}: '*'}}}}]",
                f"{table} is no cache bin | {WHERE} 1 (campaign) caches | name cache, or a table cache_…: caches: {{cache_page: '*'}}",
            )
            for table in ("variable", "dsx_rec", "cached", "cache_", "Cache", "cache_x y")
        ),
        *(
            (
                f"[{{{GOOD}, columns: {{a: {{serialized: true, {words}}}}}}}]",
                f"{what} | {WHERE} 1 (campaign) columns a {rest}",
            )
            for words, what, rest in (
                ("places: {1: 2}", "1 is no name, which is a text", "places | '1': …"),
                ("places: {b: 2}", "this must be a text", "places b"),
                ("places: {b: [role]}", "this must be a text", "places b"),
                ("keys: {'*': [role]}", "this must be a text", "keys *"),
                ("keys: 0", "this must be a mapping", "keys"),
                ("default: 2020-01-01", "this is no value of a file", "default"),
                ("default: &a [*a]", "this is no value of a file", "default"),
                ("value: [1]", "this must be a text, or a number", "value"),
            )
        ),
        *(
            (
                f"[{{{GOOD}, where: {{name: {value}}}}}]",
                f"this must be a text, or a number | {WHERE} 1 (campaign) where name{hint}",
            )
            for value, hint in (
                ("[1]", ""),
                ("{a: 1}", ""),
                ("2020-01-01", ""),
                ("null", ""),
                ("true", " | 1"),
                (".nan", ""),
                (2**63, ""),
            )
        ),
        (f"[{{{GOOD}, where: {{1: a}}}}]", f"1 is no name, which is a text | {WHERE} 1 (campaign) where | '1': …"),
        (f"[{{{GOOD}, columns: {{null: {{}}}}}}]", f"None is no name, which is a text | {WHERE} 1 (campaign) columns"),
        (
            f"[{{{GOOD}, children: [{{table: c, field: f, key: k, parent: {{a: [name]}}}}]}}]",
            f"this must be a text | {WHERE} 1 (campaign) children 1 parent a",
        ),
        (
            f"[{{{GOOD}, used_by: {{flagging.fid: [name]}}}}]",
            f"this must be a text | {WHERE} 1 (campaign) used_by flagging.fid",
        ),
        (
            f"[{{{GOOD}, content: {{storage: 5}}}}]",
            f"this must be a name, or a list of names | {WHERE} 1 (campaign) content storage",
        ),
        (f"[{{{GOOD}, after: 0}}]", f"this must be a name, or a list of names | {WHERE} 1 (campaign) after"),
        (f"[{{{GOOD}, children: false}}]", f"this must be a list | {WHERE} 1 (campaign) children"),
        (f"[{{{GOOD}, caches: [a]}}]", f"this must be a mapping | {WHERE} 1 (campaign) caches"),
    ],
)
def test_a_description_that_says_nothing_or_too_little(entries: str, what: str) -> None:
    loaded: Any = yaml.safe_load(entries)
    with pytest.raises(BadDescription) as caught:
        read_descriptions(loaded, WHERE)
    wrong = caught.value
    assert " | ".join(filter(None, [wrong.what, wrong.where, wrong.hint])).startswith(what)


@pytest.mark.parametrize(
    ("columns", "what"),
    [
        ("{a: {refers: rolle}}", "a names rolle, which is no kind | did you mean role?"),
        ("{a: {serialized: true, places: {b: nods}}}", "a names nods, which is no kind | did you mean node?"),
        ("{a: {serialized: true, keys: {b: 'block-{blok}'}}}", "a names blok, which is no kind | did you mean block?"),
        ("{a: {within: 'x-{xyzzy}'}}", "a names xyzzy, which is no kind | drupalsync schema lists them"),
    ],
)
def test_a_reference_to_a_kind_that_there_is_not(columns: str, what: str) -> None:
    about = described(f"{{{GOOD}, columns: {columns}}}")
    with pytest.raises(BadDescription) as caught:
        check_kinds(about, own_kinds(), WHERE)
    assert f"{caught.value.what} | {caught.value.hint}" == what


@pytest.mark.parametrize("about", shipped(), ids=lambda about: about.kind)
def test_what_comes_with_drupalsync_refers_to_kinds(about: Description) -> None:
    check_kinds(about, own_kinds(), about.kind)
