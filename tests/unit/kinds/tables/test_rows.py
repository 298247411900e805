"""Rows of described tables: read, written to files and back, changed, renamed and deleted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from drupalsync.kinds.base import Item
from drupalsync.kinds.tables import CannotBeRow
from drupalsync.kinds.tables.use import InUse
from drupalsync.php import encode
from support.described import Made, described, description

CAMPAIGN = described("""
kind: campaign
table: dsx_campaign
key: name
id: cid
folder: campaigns
module: dsx
router: true
caches: {cache: ['dsx:list', 'dsx:campaign:*'], cache_page: '*'}
columns:
  title: {default: ''}
  note: {}
  settings: {serialized: true, places: {'**.tid': term, 'roles.*': role, start: path}, keys: {roles: role}}
  lead: {member: steps}
  created: {derived: true, value: 5}
children:
  - {table: dsx_step, field: steps, parent: {cid: cid}, key: step, id: sid}
  - {table: dsx_line, field: lines, parent: {cid: cid}, order: weight, id: lid}
  - {table: dsx_tag, field: tags, parent: {cid: cid}, key: [tag, word]}
""")
TABLES = (
    "CREATE TABLE dsx_campaign (cid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name VARCHAR(32) UNIQUE NOT NULL, "
    "title VARCHAR(16) NOT NULL DEFAULT '', note VARCHAR(64) DEFAULT 'usual', settings BLOB, lead INTEGER DEFAULT 0, "
    "created INTEGER NOT NULL DEFAULT 0, colour VARCHAR(8) NOT NULL DEFAULT 'red')",
    "CREATE TABLE dsx_step (sid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, cid INTEGER NOT NULL, step VARCHAR(8), "
    "label VARCHAR(16) NOT NULL DEFAULT '')",
    "CREATE TABLE dsx_line (lid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, cid INTEGER NOT NULL, "
    "weight INTEGER NOT NULL DEFAULT 0, line VARCHAR(16) NOT NULL DEFAULT '')",
    "CREATE TABLE dsx_tag (cid INTEGER NOT NULL, tag VARCHAR(16), word VARCHAR(16))",
)
SPRING = """\
campaign: spring
title: Spring
settings:
  start: node:page/about-us
  roles:
    role:editor: role:editor
  deep:
    - tid: !int term:forums/General
lead: b
steps:
  a:
    label: First
  b:
    label: Second
lines:
  - line: one
  - weight: 1
    line: two
tags:
  x%2Fy/1: {}
"""


def site(make: Any, *statements: str, about: Any = CAMPAIGN) -> Made:
    made: Made = make(about, *statements, ddl=TABLES)
    return made


def created(make: Any) -> Made:
    made = site(make)
    made.kind.create(made.ctx, made.loaded(SPRING))
    return made


def update(made: Made, key: str, item: Item) -> None:
    live = made.items()[key]
    made.kind.update(made.ctx, live, replace(item, local_id=live.local_id))


def test_a_file_becomes_rows_with_this_site_s_ids(make: Any) -> None:
    made = created(make)
    settings = {"start": "node/12", "roles": {4: "4"}, "deep": [{"tid": 5}]}
    assert made.rows("dsx_campaign") == [(1, "spring", "Spring", "usual", encode(settings).decode(), 2, 5, "red")]
    assert made.rows("dsx_step") == [(1, 1, "a", "First"), (2, 1, "b", "Second")]
    assert made.rows("dsx_line") == [(1, 1, 0, "one"), (2, 1, 1, "two")]
    assert made.rows("dsx_tag") == [(1, "x/y", "1")]


def test_and_the_rows_become_the_file(make: Any) -> None:
    assert created(make).file("spring") == SPRING.replace("{}", "[]")


def test_it_marks_the_router_and_names_the_caches(make: Any) -> None:
    made = created(make)
    assert made.rows("variable") == [("menu_rebuild_needed", "b:1;")]
    assert [(stale.bin, stale.cid, stale.prefix) for stale in made.site.caches.stale()] == [
        ("cache", "dsx:campaign:", True),
        ("cache", "dsx:list", False),
        ("cache_bootstrap", "variables", False),
        ("cache_page", "*", False),
    ]


def test_children_that_stay_keep_their_ids(make: Any) -> None:
    made = created(make)
    item = made.loaded(SPRING.replace("  a:\n    label: First\n", "").replace("label: Second", "label: Last"))
    update(made, "spring", item)
    assert made.rows("dsx_step") == [(2, 1, "b", "Last")]
    assert made.rows("dsx_campaign", "lead") == [(2,)]


def test_a_list_of_children_keeps_its_rows_in_their_order(make: Any) -> None:
    made = created(make)
    update(made, "spring", made.loaded(SPRING.replace("  - line: one\n", "")))
    assert made.rows("dsx_line") == [(1, 1, 1, "two")]


def test_only_the_columns_that_differ_are_written(make: Any) -> None:
    made = created(make)
    made.site.execute("UPDATE {dsx_campaign} SET created = 77")
    update(made, "spring", made.loaded(SPRING.replace("title: Spring", "title: May")))
    assert made.rows("dsx_campaign", "title, created") == [("May", 77)]


def test_a_renamed_row_stays_the_same_row(make: Any) -> None:
    made = created(make)
    update(made, "spring", made.loaded(SPRING.replace("campaign: spring", "campaign: may")))
    assert made.rows("dsx_campaign", "cid, name") == [(1, "may")]
    assert made.ctx.keys.local_id("campaign", "may") == 1
    assert made.ctx.keys.local_id("campaign", "spring") is None
    assert list(made.items()) == ["may"]


def test_children_tied_by_name_follow_their_parent(make: Any) -> None:
    about = description("ckeditor")
    made: Made = make(
        about,
        "INSERT INTO ckeditor_settings VALUES ('Old', 'a:0:{}'), ('Other', NULL)",
        "INSERT INTO ckeditor_input_format VALUES ('Old', 'plain_text'), ('Other', 'plain_text')",
    )
    update(made, "Old", replace(made.items()["Old"], key="New"))
    assert sorted(made.rows("ckeditor_input_format")) == [("New", "plain_text"), ("Other", "plain_text")]
    assert made.ctx.keys.local_id("ckeditor", "Old") is None
    assert made.ctx.keys.local_id("ckeditor", "New") == "New"


def test_a_deleted_row_takes_its_children_along_and_no_others(make: Any) -> None:
    made = created(make)
    made.kind.create(made.ctx, made.loaded("campaign: other\nsteps: {a: {}}\n"))
    made.kind.delete(made.ctx, made.items()["spring"])
    assert made.rows("dsx_campaign", "name") == [("other",)]
    assert made.rows("dsx_step", "cid, step") == [(2, "a")]
    assert made.rows("dsx_line") == made.rows("dsx_tag") == []
    assert made.ctx.keys.local_id("campaign", "spring") is None


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("'usual'", ""),
        ("NULL", 'note: !php/serialized "N;"\n'),
        ("''", "note: ''\n"),
        ("'x'", "note: x\n"),
    ],
)
def test_null_beside_a_default_is_not_the_default(make: Any, cell: str, line: str) -> None:
    made = site(make, f"INSERT INTO dsx_campaign (name, note) VALUES ('a', {cell})")
    assert made.file("a") == f"campaign: a\n{line}"
    made.kind.create(made.ctx, replace(made.loaded(made.file("a")), key="b"))
    assert made.rows("dsx_campaign", "note")[0] == made.rows("dsx_campaign", "note")[1]


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("NULL", ""),
        ("'N;'", 'settings: !php/serialized "N;"\n'),
        ("''", 'settings: !php/serialized ""\n'),
        ("'b:0;'", "settings: false\n"),
        ("'a:0:{}'", "settings: []\n"),
        ("'no php'", 'settings: !php/serialized "no php"\n'),
    ],
)
def test_a_serialized_null_is_not_the_database_s(make: Any, cell: str, line: str) -> None:
    made = site(make, f"INSERT INTO dsx_campaign (name, settings) VALUES ('a', {cell})")
    assert made.file("a") == f"campaign: a\n{line}"
    made.kind.create(made.ctx, replace(made.loaded(made.file("a")), key="b"))
    first, second = made.rows("dsx_campaign", "CAST(settings AS BLOB)")
    assert first == second


def test_a_column_that_another_module_adds_is_carried_along(make: Any) -> None:
    made = site(make, "INSERT INTO dsx_campaign (name, colour) VALUES ('a', 'blue')")
    assert made.file("a") == "campaign: a\nextra:\n  colour: blue\n"
    made.kind.create(made.ctx, made.loaded("campaign: b\nextra: {colour: pink}\n"))
    assert made.rows("dsx_campaign", "colour") == [("blue",), ("pink",)]


def test_an_id_that_leads_nowhere_is_shown_and_cannot_be_written(make: Any) -> None:
    data = encode({"roles": {9: "9"}}).decode()
    made = site(make, f"INSERT INTO dsx_campaign (name, settings) VALUES ('a', '{data}')")
    assert made.file("a") == "campaign: a\nsettings:\n  roles:\n    role:missing/9: role:missing/9\n"
    assert made.problems(made.file("a")) == [
        "role:missing/9 is neither in the tree nor on this site | x.yml settings | "
        "create it on the site, correct the name, or remove the reference"
    ]


def test_rows_of_one_name_are_left_to_the_site(make: Any) -> None:
    about = description("oa_wizard")
    made: Made = make(
        about, "INSERT INTO oa_wizard (name, module) VALUES ('twice', 'm'), ('twice', 'm'), ('once', 'm')"
    )
    assert list(made.items()) == ["once"]
    assert made.ctx.notes == ["oa_wizard:twice is 2 rows of oa_wizard: none of them is exported or written"]


def test_so_are_those_without_a_name(make: Any) -> None:
    made: Made = make(description("panels_display"), "INSERT INTO panels_display (uuid) VALUES (NULL), (''), ('u-1')")
    assert list(made.items()) == ["u-1"]


def test_and_those_whose_children_have_one_name(make: Any) -> None:
    made = site(
        make,
        "INSERT INTO dsx_campaign (name) VALUES ('a'), ('b')",
        "INSERT INTO dsx_step (cid, step, label) VALUES (1, 's', 'x'), (1, 's', 'y'), (2, NULL, 'x')",
    )
    assert made.items() == {}
    assert made.ctx.notes == [
        "campaign:a has more than one s in dsx_step: it is left to the site",
        "campaign:b has a row in dsx_step that has no step: it is left to the site",
    ]


def test_rows_that_editors_make_are_left_to_the_site(make: Any) -> None:
    made: Made = make(
        description("panels_display"),
        "INSERT INTO panels_display (uuid, storage_type) VALUES ('u-1', 'panelizer_entity'), ('u-2', 'page_manager')",
    )
    assert list(made.items()) == ["u-2"]


def test_a_table_of_another_version_is_left_to_the_site(make: Any) -> None:
    old = "CREATE TABLE dsx_step (sid INTEGER PRIMARY KEY, campaign INTEGER)"
    made: Made = make(CAMPAIGN, "INSERT INTO dsx_campaign (name) VALUES ('a')", ddl=(TABLES[0], old, *TABLES[2:]))
    assert made.items() == {}
    assert made.ctx.notes == ["campaign: dsx_step has no column cid on this site: its rows are left to the site"]
    assert made.problems("campaign: b\n") == [
        "{dsx_step} has no column cid on this site, and campaign is told by it | x.yml | "
        "the site has another version of the module: update it, or describe its table in drupalsync.yml"
    ]


def test_a_child_table_that_the_site_lacks_is_empty(make: Any) -> None:
    made: Made = make(CAMPAIGN, "INSERT INTO dsx_campaign (name) VALUES ('a')", ddl=TABLES[:3])
    assert made.file("a") == "campaign: a\n"
    update(made, "a", replace(made.items()["a"], key="b"))
    made.kind.delete(made.ctx, made.items()["b"])
    assert made.rows("dsx_campaign") == []


def test_the_number_of_queries_does_not_grow_with_the_rows(make: Any) -> None:
    def queries(rows: int) -> int:
        made = site(
            make,
            *(f"INSERT INTO dsx_campaign (name, settings) VALUES ('c{n}', 'a:0:{{}}')" for n in range(rows)),
            *(f"INSERT INTO dsx_step (cid, step) VALUES ({n + 1}, 's')" for n in range(rows)),
        )
        asked: list[str] = []
        ask = made.site.rows
        made.site.rows = lambda sql, params=(): asked.append(sql) or ask(sql, params)  # type: ignore[method-assign, func-returns-value]  # to count
        assert len(made.items()) == rows
        return len(asked)

    assert queries(3) == queries(40)


RULE = (
    'O:4:"Rule":3:{s:2:"id";%s;s:8:"settings";a:2:{s:5:"roles";a:2:{i:3;i:3;i:4;s:1:"4";}s:4:"none";N;}s:4:"data";r:1;}'
)


def test_ids_in_a_value_that_cannot_be_opened(make: Any) -> None:
    """Rules keeps objects that refer to themselves."""
    made: Made = make(description("rules_config"))
    made.site.insert("rules_config", {"id": 7, "name": "r", "plugin": "", "data": RULE % 's:1:"7"'})
    text = made.file("r")
    assert text == (
        'rules_config: r\ndata: !php/serialized "O:4:\\"Rule\\":3:{s:2:\\"id\\";N;s:8:\\"settings\\";a:2:{s:5:\\"roles\\";a:2:'
        '{s:18:\\"role:administrator\\";s:23:\\"!int role:administrator\\";s:11:\\"role:editor\\";s:11:\\"role:editor\\";}s:4:\\"none\\";N;}s:4:\\"data\\";r:1;}"\n'
    )
    assert made.problems(text) == []
    made.kind.create(made.ctx, replace(made.loaded(text), key="s"))
    assert made.rows("rules_config", "id, data")[1] == (8, RULE % "N")  # as Drupal, that does not know the id yet
    update(made, "s", replace(made.loaded(text.replace('\\"none\\";N', '\\"none\\";i:1')), key="s"))
    assert made.rows("rules_config", "id, data")[1] == (8, (RULE % 's:1:"8"').replace('"none";N', '"none";i:1'))


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('s:11:\\"role:editor\\"', 's:12:\\"role:editors\\"', "role:editors is neither in the tree nor on this site"),
        ('s:11:\\"role:editor\\"', "i:4", "this value is the id of a row, which is another one on every site"),
        ('s:11:\\"role:editor\\"', 's:11:\\"role:x\\"', "PHP could not read this value: byte 136: "),
    ],
)
def test_what_is_wrong_inside_it(make: Any, old: str, new: str, what: str) -> None:
    made: Made = make(description("rules_config"))
    made.site.insert("rules_config", {"id": 7, "name": "r", "plugin": "", "data": RULE % "N"})
    text = made.file("r")
    assert old in text
    (said,) = made.problems(text.replace(old, new))
    assert said.startswith(what)


def used(make: Any, rows: int) -> Made:
    made: Made = make(
        description("flag"),
        "INSERT INTO flag (fid, name, entity_type, title) VALUES (4, 'mark', 'node', 'Mark'), (5, 'other', 'node', 'O')",
        "CREATE TABLE flagging (flagging_id INTEGER PRIMARY KEY, fid INTEGER)",
        "INSERT INTO flagging (fid) VALUES (5)",
        *("INSERT INTO flagging (fid) VALUES (4)" for _ in range(rows)),
    )
    return made


@pytest.mark.parametrize(
    ("rows", "what"), [(1, "1 row of flagging belongs to it"), (2, "2 rows of flagging belong to it")]
)
def test_what_is_in_use_is_not_deleted(make: Any, rows: int, what: str) -> None:
    made = used(make, rows)
    with pytest.raises(InUse) as caught:
        list(made.kind.losses(made.ctx, made.items()["mark"], ()))
    assert caught.value.what == f"flag:mark cannot be deleted: {what}"
    assert caught.value.hint == "delete them on the site first, or put it back into the tree"


def test_what_is_not_goes(make: Any) -> None:
    made = used(make, 0)
    assert list(made.kind.losses(made.ctx, made.items()["mark"], ())) == []


def test_a_table_of_content_that_is_not_there_holds_none(make: Any) -> None:
    made: Made = make(description("flag"), "INSERT INTO flag (name, entity_type) VALUES ('mark', 'node')")
    assert list(made.kind.losses(made.ctx, made.items()["mark"], ())) == []


def test_what_content_is_known_by_keeps_its_name(make: Any) -> None:
    made: Made = make(
        description("paragraphs_bundle"), "INSERT INTO paragraphs_bundle (bundle, name) VALUES ('a', 'A')"
    )
    live = made.items()["a"]
    assert not made.kind.can_move(live)
    with pytest.raises(CannotBeRow) as caught:
        made.kind.update(made.ctx, live, replace(live, key="b"))
    assert caught.value.what == "paragraphs_bundle:a cannot become b: it is known by its name elsewhere"


@pytest.mark.parametrize(("more", "keys"), [("", ["a", "b"]), (", owner VARCHAR(9) DEFAULT 'node'", [])])
def test_a_module_that_does_not_tell_content_apart_yet_has_none(make: Any, more: str, keys: list[str]) -> None:
    made: Made = make(
        described("{kind: thing, table: dsx_thing, key: name, folder: things, content: {owner: [node]}}"),
        "INSERT INTO dsx_thing (name) VALUES ('a'), ('b')",
        ddl=[f"CREATE TABLE dsx_thing (name VARCHAR(9) NOT NULL{more})"],
    )
    assert list(made.items()) == keys


def test_a_text_in_a_column_of_numbers_is_a_text(make: Any) -> None:
    """SQLite keeps it, and so do some modules, whose schema says 'default' => '' for a number."""
    made: Made = make(
        described("{kind: thing, table: dsx_thing, key: name, folder: things, columns: {count: {}}}"),
        "INSERT INTO dsx_thing VALUES ('a', ''), ('b', 'x'), ('c', 5), ('d', NULL)",
        ddl=["CREATE TABLE dsx_thing (name VARCHAR(9) NOT NULL, count INTEGER DEFAULT '')"],
    )
    assert {key: item.fields["count"] for key, item in made.items().items()} == {"a": "", "b": "x", "c": 5, "d": None}
