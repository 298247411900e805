"""What a described table cannot hold, in the words a user reads: what, where, how to mend."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.kinds.base import Item
from drupalsync.kinds.fields import FieldProblem
from drupalsync.site import NoSuchReference
from support.described import Made, described, description

CAMPAIGN = """
kind: campaign
table: dsx_campaign
key: [format, name]
id: cid
folder: campaigns
module: dsx
columns:
  format: {refers: text_format}
  title: {default: ''}
  count: {default: 0}
  price: {}
  share: {}
  live: {flag: true, default: false}
  role: {refers: role}
  term: {refers: term}
  vocabulary: {refers: vocabulary}
  node: {refers: node}
  author: {refers: user}
  url: {path: true}
  text: {links: true}
  block: {within: 'block-{block}'}
  settings: {serialized: true, places: {'*.rid': role, 'pages.*': path, format: text_format}, keys: {terms: term}}
  lead: {member: steps}
  gone: {default: ''}
children:
  - table: dsx_step
    field: steps
    parent: {cid: cid}
    key: step
    id: sid
    columns: {step: {refers: role}, label: {default: ''}, settings: {serialized: true}}
"""
TABLES = (
    "CREATE TABLE dsx_campaign (cid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, format VARCHAR(32) NOT NULL, "
    "name VARCHAR(8) NOT NULL, title VARCHAR(16) NOT NULL DEFAULT '', count INTEGER NOT NULL DEFAULT 0, "
    "price NUMERIC(10, 2), share FLOAT, live INTEGER NOT NULL DEFAULT 0, role INTEGER NOT NULL DEFAULT 0, term INTEGER, "
    "vocabulary INTEGER, node INTEGER, author INTEGER, url VARCHAR(255), text TEXT, block VARCHAR(32), settings BLOB, "
    "lead INTEGER NOT NULL DEFAULT 0, colour VARCHAR(8) NOT NULL DEFAULT '')",
    "CREATE TABLE dsx_step (sid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, cid INTEGER NOT NULL, step INTEGER NOT NULL, "
    "label VARCHAR(8) NOT NULL DEFAULT '', settings BLOB)",
)
ABSENT = "create it on the site, correct the name, or remove the reference"
NEAR = "create it on the site, correct the name (did you mean {}?), or remove the reference"


@pytest.fixture
def made(make: Any) -> Made:
    made: Made = make(described(CAMPAIGN), ddl=TABLES)
    made.ctx.keys.assign("block", 3, "custom/footer")
    return made


def said(made: Made, lines: str, key: str = "plain_text/spring") -> list[str]:
    return made.problems(f"campaign: {key}\n{lines}\n")


@pytest.mark.parametrize(
    "lines",
    [
        "title: '1234567890123456'",
        "count: -1",
        "price: '1.50'",
        "share: 1",
        "share: 0.5",
        "live: true",
        "role: editor",
        "term: forums/General",
        "vocabulary: forums",
        "node: page/about-us",
        "author: ann",
        "url: node:page/about-us//edit",
        "url: admin/*",
        "block: block:custom/footer",
        "block: system-main",
        "settings: {a: {rid: role:editor}, b: {rid: !int role:editor}, pages: ['node:page/about-us'], format: plain_text}",
        "settings: {terms: {term:forums/General: 1}}",
        'settings: !php/serialized "left from somewhere"',
        "steps: {editor: {label: x}}",
        "extra: {colour: blue}",
    ],
)
def test_what_a_table_can_hold(made: Made, lines: str) -> None:
    assert said(made, lines) == []


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        (
            "title: '12345678901234567'",
            "title has 17 characters; there is room for 16 | x.yml title | shorten it",
        ),
        ("price: true", "this must be a number, as text | x.yml price"),
        ("share: x", "this must be a number | x.yml share"),
        ("url: 5", "this must be a text | x.yml url"),
        ("url: [a]", "this must be a text | x.yml url"),
        ("text: {a: 1}", "this must be a text | x.yml text"),
        (
            "role: editors",
            "role:editors is neither in the tree nor on this site | x.yml role | " + NEAR.format("editor"),
        ),
        (
            "term: forums/Generals",
            "term:forums/Generals is neither in the tree nor on this site | x.yml term | "
            + NEAR.format("forums/General"),
        ),
        ("vocabulary: tags", f"vocabulary:tags is neither in the tree nor on this site | x.yml vocabulary | {ABSENT}"),
        (
            "node: page/about",
            "node:page/about is neither in the tree nor on this site | x.yml node | "
            "create it on the site, correct the name (did you mean page/about-us?), or remove the reference",
        ),
        ("author: bob", f"user:bob is neither in the tree nor on this site | x.yml author | {ABSENT}"),
        (
            "url: node/12",
            "the path node/12 names a row by its id, which is another one on every site | x.yml url | "
            "write the reference: node:page/about-us",
        ),
        (
            "url: term:forums/Nothing",
            f"term:forums/Nothing is neither in the tree nor on this site | x.yml url | {ABSENT}",
        ),
        (
            "block: block-3",
            "this value is the id of a row, which is another one on every site | x.yml block | "
            "write the reference: block:custom/footer",
        ),
        (
            "block: block:custom/header",
            "block:custom/header is neither in the tree nor on this site | x.yml block | "
            "create it on the site, correct the name (did you mean custom/footer?), or remove the reference",
        ),
        (
            "settings: {a: {rid: 4}}",
            "this value is the id of a row, which is another one on every site | x.yml settings | "
            "write the reference: !int role:editor",
        ),
        (
            "settings: {a: {rid: '9'}}",
            "this value is the id of a row, which is another one on every site | x.yml settings | "
            "write the reference: role:missing/9",
        ),
        (
            "settings: {a: {rid: role:editors}}",
            "role:editors is neither in the tree nor on this site | x.yml settings | " + NEAR.format("editor"),
        ),
        (
            "settings: {pages: [node/12]}",
            "the path node/12 names a row by its id, which is another one on every site | x.yml settings | "
            "write the reference: node:page/about-us",
        ),
        (
            "settings: {terms: {5: 1}}",
            "this value is the id of a row, which is another one on every site | x.yml settings | "
            "write the reference: !int term:forums/General",
        ),
        (
            "settings: {elsewhere: !int role:editor}",
            "!int role:editor stands where drupalsync does not expect a reference | x.yml settings | "
            "describe the place in drupalsync.yml (tables: columns: places: …), or write the value as it is",
        ),
        (
            "settings: {a: {rid: !int term:forums/General}}",
            "!int term:forums/General stands where drupalsync does not expect a reference | x.yml settings | "
            "describe the place in drupalsync.yml (tables: columns: places: …), or write the value as it is",
        ),
        (
            'settings: !php/serialized "s:3:\\"long\\";"',
            'PHP could not read this value: byte 8: "; expected after a string of 3 bytes, something else stands there | x.yml settings | correct the lengths in it, or export it anew',
        ),
        (
            "lead: editor",
            "lead names editor, which is none of the steps | x.yml lead | take it out",
        ),
        (
            "lead: editors\nsteps: {editor: {}}",
            "lead names editors, which is none of the steps | x.yml lead | did you mean editor?",
        ),
        (
            "gone: x",
            "{dsx_campaign} has no column gone on this site | x.yml gone | "
            "switch on the module that adds it, or take it out",
        ),
        (
            "extra: {color: blue}",
            "{dsx_campaign} has no column color on this site | x.yml extra | did you mean colour?",
        ),
        ("extra: {colour: 5}", "this must be a text | x.yml extra/colour"),
        (
            "extra: {colour: ultramarine}",
            "colour has 11 characters; there is room for 8 | x.yml extra/colour | shorten it",
        ),
        (
            "extra: {cid: 7}",
            "{dsx_campaign} has no column cid on this site | x.yml extra | switch on the module that adds it, or take it out",
        ),
        ("steps: {nobody: {}}", f"role:nobody is neither in the tree nor on this site | x.yml steps/nobody | {ABSENT}"),
        (
            "steps: {editor: {lable: x}}",
            "{dsx_step} has no column lable on this site | x.yml steps/editor | did you mean label?",
        ),
        (
            "steps: {editor: {sid: 3}}",
            "{dsx_step} has no column sid on this site | x.yml steps/editor | switch on the module that adds it, or take it out",
        ),
        ("steps: {editor: {label: 3}}", "this must be a text | x.yml steps/editor/label"),
        (
            "steps: {editor: {label: 123456789}}",
            "this must be a text | x.yml steps/editor/label",
        ),
        (
            "steps: {editor: {label: '123456789'}}",
            "label has 9 characters; there is room for 8 | x.yml steps/editor/label | shorten it",
        ),
        ("title: null", "title cannot be null on this site | x.yml title | take the line out"),
    ],
)
def test_what_it_cannot(made: Made, lines: str, what: str) -> None:
    assert said(made, lines) == [what]


@pytest.mark.parametrize(
    ("lines", "what"),
    [
        ('title: !php/serialized "N;"', "this must be a text, not a PHP object | title"),
        ("title: 5", "this must be a text, not the number 5 | title | put it in quotes: '5'"),
        ("count: '5'", "this must be a whole number, not a text | count | write the number without quotes"),
        ("count: true", "this must be a whole number, not true | count"),
        ("live: 1", "this must be true or false, not the number 1 | live | write true or false, without quotes"),
        ("role: 4", "this must be a text, not the number 4 | role | put it in quotes: '4'"),
        ("steps: [a]", "this must be a mapping, not a list | steps"),
        ("steps: {editor: x}", "this must be a mapping, not a text | steps/editor"),
        ("titel: x", "unknown field 'titel' | titel | did you mean 'title'?"),
        ("protect: 1", "this must be true or false, not the number 1 | protect | write true or false, without quotes"),
    ],
)
def test_what_a_file_cannot_say(made: Made, lines: str, what: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        said(made, lines)
    wrong = caught.value
    assert " | ".join(filter(None, [wrong.what, wrong.where, wrong.hint])) == what


@pytest.mark.parametrize("text", ["5\n", "[]\n", "title: x\n", "campaign: ''\n", "campaign: 5\n", "campaign: [a]\n"])
def test_a_file_says_which_one_it_is(made: Made, text: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        made.loaded(text)
    assert caught.value.hint == "begin with `campaign: KEY`"


@pytest.mark.parametrize(
    ("key", "what"),
    [
        ("spring", "'spring' is no key of a campaign | x.yml | its parts are format/name"),
        ("nothing/spring", f"text_format:nothing is neither in the tree nor on this site | x.yml | {ABSENT}"),
        ("plain_text/springtime", "name has 10 characters; there is room for 8 | x.yml campaign | shorten it"),
    ],
)
def test_a_key_has_its_parts(made: Made, key: str, what: str) -> None:
    assert said(made, "", key) == [what]


def test_what_the_tree_brings_along_can_be_referred_to(made: Made) -> None:
    other = Item(kind="role", key="new", fields={})
    assert made.problems("campaign: plain_text/a\nrole: new\nsettings: {a: {rid: role:new}}\n", other) == []


def test_but_is_not_written_before_it_is_there(made: Made) -> None:
    """Fail closed: without its role, a row would be for everybody."""
    item = made.loaded("campaign: plain_text/a\nsettings: {a: {rid: role:new}}\n")
    with pytest.raises(NoSuchReference):
        made.kind.create(made.ctx, item)
    assert made.rows("dsx_campaign") == []


def test_a_module_that_is_off(make: Any) -> None:
    made: Made = make(description("quicktabs"), modules=())
    assert made.problems("quicktabs: a\n") == [
        "quicktabs:a needs the module quicktabs, which is off | x.yml | drush en quicktabs"
    ]
    assert made.items() == {}


def test_a_table_that_is_not_there(make: Any) -> None:
    made: Made = make(described("{kind: thing, table: dsx_thing, key: name, folder: things}"), ddl=())
    assert made.problems("thing: a\n") == [
        "thing:a needs the table dsx_thing | x.yml | the site has no table dsx_thing"
    ]
    assert made.items() == {}


def test_hostile_text_is_text(made: Made) -> None:
    made.kind.create(made.ctx, made.loaded('campaign: plain_text/a\';--\ntitle: "x\'; %s {a} \\""\n'))
    assert made.rows("dsx_campaign", "name, title") == [("a';--", "x'; %s {a} \"")]


@pytest.mark.parametrize("status", [1, 3])
def test_what_is_made_or_changed_on_the_site_stays(make: Any, status: int) -> None:
    made: Made = make(description("rules_config"))
    assert made.problems(f"rules_config: r\nstatus: {status}\nmodule: dsx\n") == made.ctx.notes == []


def test_what_a_module_declares_is_put_back(make: Any) -> None:
    made: Made = make(description("rules_config"))
    for text in ("rules_config: r\nstatus: 2\n", "rules_config: s\nstatus: 2\n", "rules_config: t\nstatus: 6\n"):
        assert made.problems(text) == []
    said = "as a module's code declares it; Drupal's next rebuild puts back what that code says"
    assert made.ctx.notes == [
        f"rules_config r, s, status 2: {said}, status 3 keeps what the tree says",
        f"rules_config t, status 6: {said}, status 7 keeps what the tree says",
    ]


@pytest.mark.parametrize(("status", "losses"), [(1, 0), (2, 1), (3, 1)])
def test_what_a_module_declares_comes_back(make: Any, status: int, losses: int) -> None:
    made: Made = make(description("rules_config"))
    item = made.loaded(f"rules_config: r\nstatus: {status}\nmodule: dsx\n")
    assert (
        list(made.kind.losses(made.ctx, item, ()))
        == ["rules_config:r comes back at Drupal's next rebuild, as the module dsx declares it"][:losses]
    )
