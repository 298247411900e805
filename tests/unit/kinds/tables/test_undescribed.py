"""Tables that nobody describes, guessed from hand-made ones: what is configuration, what names a row, what a column holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.apply.memory import RowMemory
from drupalsync.kinds import Context, Scope, all_kinds
from drupalsync.kinds.tables.known import is_id
from drupalsync.kinds.tables.paste import words
from drupalsync.kinds.tables.undescribed import Undescribed, undescribed
from drupalsync.php import encode
from drupalsync.site import LOADERS, Keys
from drupalsync.site.open import open_site
from drupalsync.site.system import core_modules
from drupalsync.site.url import Address

if TYPE_CHECKING:
    from pathlib import Path

    from support.tiny_site import TinySites

MODULES = "".join(
    "INSERT INTO system (filename, name, type, owner, status, bootstrap, schema_version, weight, info) "
    f"VALUES ('sites/all/modules/{name}.module', '{name}', 'module', '', 1, 0, 7000, 0, '');"
    for name in ("dsx", "dsx_more")
)
Look = Callable[[str], Undescribed]


@pytest.fixture
def seen(tiny_sites: TinySites) -> Look:
    """`seen(script)` is what is found on a small site with these tables besides."""

    def look(script: str) -> Undescribed:
        with closing(sqlite3.connect(tiny_sites.dev)) as db:
            db.executescript(MODULES + script)
        return _undescribed(tiny_sites.dev)

    return look


def _undescribed(file: Path) -> Undescribed:
    site = open_site(Address(engine="sqlite", database=str(file)))
    try:
        ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=RowMemory((), (), ()), now=0)
        for kind in all_kinds().values():
            kind.identify(ctx)
        return undescribed(ctx, all_kinds(), core_modules(site))
    finally:
        site.db.close()


def entry(found: Undescribed) -> dict[str, Any]:
    """The one entry that was found, without what follows from the table's name."""
    (proposal,) = found.proposals
    told = words(proposal.about)
    return {word: value for word, value in told.items() if word not in {"kind", "table", "folder", "module", "caches"}}


def php(value: Any) -> str:
    return "'" + encode(value).decode().replace("'", "''") + "'"


# What is looked at


@pytest.mark.parametrize(
    ("script", "why"),
    [
        pytest.param("CREATE TABLE other (name VARCHAR(9) PRIMARY KEY); INSERT INTO other VALUES ('a');", "of no module that is on", id="of nobody"),
        pytest.param("CREATE TABLE dsx_cache (name VARCHAR(9) PRIMARY KEY); INSERT INTO dsx_cache VALUES ('a');", "made anew by itself", id="a cache"),
        pytest.param("CREATE TABLE field_data_dsx (bundle VARCHAR(9) PRIMARY KEY); INSERT INTO field_data_dsx VALUES ('a');", "values: of nodes and terms with their kinds, of users and comments content", id="values of a field"),
        pytest.param("CREATE TABLE \"dsx a\" (name VARCHAR(9) PRIMARY KEY); INSERT INTO \"dsx a\" VALUES ('a');", "no name for a table of Drupal's", id="a name with a blank"),
        pytest.param("CREATE TABLE dsx (nid INTEGER, name VARCHAR(9), PRIMARY KEY (nid, name)); INSERT INTO dsx VALUES (1, 'a');", "its rows are about single nodes (nid)", id="about nodes"),
        pytest.param("CREATE TABLE dsx (uid INTEGER, name VARCHAR(9)); CREATE UNIQUE INDEX u ON dsx (uid, name); INSERT INTO dsx VALUES (1, 'a');", "its rows are about single users (uid)", id="about users"),
        pytest.param("CREATE TABLE dsx (entity_id INTEGER, type VARCHAR(9), PRIMARY KEY (entity_id, type)); INSERT INTO dsx VALUES (1, 'a'), (2, 'a');", "its rows are named by entity_id, an id of this site whose meaning is not known", id="about entities"),
        pytest.param("CREATE TABLE dsx (a INTEGER PRIMARY KEY, b INTEGER); INSERT INTO dsx VALUES (1, 2);", "its rows are named by numbers (a)", id="only numbers"),
        pytest.param("CREATE TABLE dsx (name VARCHAR(99) PRIMARY KEY, n INTEGER); INSERT INTO dsx VALUES ('a title of some length', 2);", "neither machine names nor serialized values in it", id="titles"),
        pytest.param("CREATE TABLE dsx (nid INTEGER);", "empty, and about content or people (nid)", id="empty, of content"),
        pytest.param("CREATE TABLE dsx (a INTEGER);", "empty, and only numbers would be in it", id="empty numbers"),
    ],
)  # fmt: skip
def test_what_is_no_configuration(seen: Look, script: str, why: str) -> None:
    found = seen(script)

    assert found.proposals == []
    assert why in found.others.values()


def test_a_table_of_500_rows_is_content(seen: Look) -> None:
    rows = ", ".join(f"('n{number}')" for number in range(500))

    found = seen(f"CREATE TABLE dsx (name VARCHAR(9) PRIMARY KEY); INSERT INTO dsx VALUES {rows};")

    assert (found.proposals, found.others["dsx"]) == ([], "500 rows or more")


def test_an_empty_table_is_only_named(seen: Look) -> None:
    assert seen("CREATE TABLE dsx_new (name VARCHAR(9) PRIMARY KEY, data BLOB);").empty == ["dsx_new"]


def test_rows_without_a_name_are_told(seen: Look) -> None:
    found = seen(
        "CREATE TABLE dsx (id INTEGER PRIMARY KEY AUTOINCREMENT, data BLOB);"
        f"INSERT INTO dsx (data) VALUES ({php(['a'])}), ({php(['b'])});"
    )

    assert found.cannot == {"dsx": "no column tells its rows apart but a number that only this site knows"}


def test_names_of_which_two_differ_only_by_case_are_no_names(seen: Look) -> None:
    found = seen(
        "CREATE TABLE dsx (id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(9), data BLOB);"
        f"INSERT INTO dsx (name, data) VALUES ('a', {php(['a'])}), ('A', {php(['b'])});"
    )

    assert (found.proposals, list(found.cannot)) == ([], ["dsx"])


@pytest.mark.parametrize(
    ("table", "module"),
    [("dsx", "dsx"), ("dsx_a", "dsx"), ("dsx_more_a", "dsx_more"), ("dsx_mores", "dsx"), ("menu_dsx", None)],
)
def test_the_owner_is_the_module_of_the_longest_name(seen: Look, table: str, module: str | None) -> None:
    found = seen(f"CREATE TABLE {table} (name VARCHAR(9) PRIMARY KEY); INSERT INTO {table} VALUES ('a');")

    (proposal,) = found.proposals
    assert proposal.about.module == (module or "")
    assert ("which module's it is cannot be told: add `module: NAME`" in proposal.remarks) == (module is None)


# What names a row


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ("name VARCHAR(9) PRIMARY KEY, title VARCHAR(9)", "name"),
        ("id INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(9) UNIQUE, title VARCHAR(9)", "name"),
        (
            "name VARCHAR(9), title VARCHAR(9), weight INTEGER DEFAULT 0, PRIMARY KEY (title, weight)",
            ["title", "weight"],
        ),
        ("rid INTEGER DEFAULT 3 PRIMARY KEY, name VARCHAR(9), title VARCHAR(9)", "rid"),
        ("machine_name VARCHAR(9) DEFAULT 'x', name VARCHAR(9), title VARCHAR(9)", "machine_name"),
    ],
)
def test_what_names_a_row(seen: Look, columns: str, key: object) -> None:
    found = seen(f"CREATE TABLE dsx ({columns}); INSERT INTO dsx (name, title) VALUES ('a', 'b');")

    assert entry(found)["key"] == key


def test_a_name_that_no_key_declares_is_told(seen: Look) -> None:
    found = seen(
        "CREATE TABLE dsx (bid INTEGER PRIMARY KEY AUTOINCREMENT, bundle VARCHAR(9), name VARCHAR(9));"
        "INSERT INTO dsx (bundle, name) VALUES ('a', 'b'), ('a', 'c');"
    )

    assert found.proposals[0].remarks == ("no key of the table says so, but no two of its rows have the same name",)
    assert entry(found)["id"] == "bid"


# What a column holds


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        pytest.param("title VARCHAR(99)", "'b'", {}, id="text"),
        pytest.param("n INTEGER", "5", {}, id="a number"),
        pytest.param("f FLOAT", "0.5", {}, id="a float"),
        pytest.param("data BLOB", php({"a": 1}), {"serialized": True}, id="serialized"),
        pytest.param("data TEXT", php([]), {"serialized": True}, id="serialized, as text"),
        pytest.param("data BLOB", "'a:1:{'", {}, id="what only looks serialized"),
        pytest.param("data BLOB", "'plain'", {}, id="a blob of text"),
        pytest.param("rid INTEGER", "3", {"refers": "role"}, id="a role"),
        pytest.param("editor_rid INTEGER", "3", {"refers": "role"}, id="a role by another name"),
        pytest.param("rid INTEGER", "999", {"derived": True}, id="no role"),
        pytest.param("tid INTEGER NOT NULL", "1", {"refers": "term"}, id="a term"),
        pytest.param("vid INTEGER", "1", {"refers": "vocabulary"}, id="a vocabulary"),
        pytest.param("data BLOB", php({"vid": 1}), {"serialized": True, "places": {"vid": "vocabulary"}}, id="a vocabulary inside"),
        pytest.param("thing_id INTEGER NOT NULL", "1", {"derived": True, "value": 0}, id="an id of what?"),
        pytest.param("parent INTEGER NOT NULL DEFAULT 0", "1", {"derived": True}, id="a parent"),
        pytest.param("changed INTEGER NOT NULL", "1400000000", {"derived": True, "value": 0}, id="a moment"),
        pytest.param("changed INTEGER", "1", {}, id="no moment"),
        pytest.param("format VARCHAR(99)", "'full_html'", {"refers": "text_format"}, id="a text format"),
        pytest.param("format VARCHAR(99)", "'pdf'", {}, id="another format"),
        pytest.param("menu_name VARCHAR(99)", "'main-menu'", {"refers": "menu"}, id="a menu"),
        pytest.param("path VARCHAR(99)", "'node/1/edit'", {"path": True}, id="a path"),
        pytest.param("path VARCHAR(99)", "'about'", {}, id="a path without an id"),
        pytest.param("body TEXT", "'<a href=\"/node/1\">x</a>'", {"links": True}, id="a text with a link"),
        pytest.param("data BLOB", php({"rid": 3}), {"serialized": True, "places": {"rid": "role"}}, id="an id inside"),
        pytest.param("data BLOB", php({"a": [{"rid": "3"}]}), {"serialized": True, "places": {"**.rid": "role"}}, id="deep inside"),
        pytest.param("data BLOB", php({"go": "node/1"}), {"serialized": True, "places": {"go": "path"}}, id="a path inside"),
        pytest.param("data BLOB", php({"rids": [1, 3]}), {"serialized": True, "places": {"rids.*": "role"}}, id="a list of ids inside"),
        pytest.param("data BLOB", php({"a": {"roles": ["3"]}}), {"serialized": True, "places": {"**.roles.*": "role"}}, id="a list of ids deep inside"),
        pytest.param("data BLOB", php({"roles": ["editor"]}), {"serialized": True}, id="a list of names inside"),
        pytest.param("data BLOB", php({"bid": 3}), {"serialized": True}, id="an id of what, inside?"),
        pytest.param("data BLOB", php({"rid": "three"}), {"serialized": True}, id="no id inside"),
    ],
)  # fmt: skip
def test_what_a_column_holds(seen: Look, column: str, cell: str, said: dict[str, object]) -> None:
    found = seen(f"CREATE TABLE dsx (name VARCHAR(9) PRIMARY KEY, {column}); INSERT INTO dsx VALUES ('a', {cell});")

    assert next(iter(entry(found)["columns"].values())) == said


def test_an_id_whose_meaning_is_not_known_is_told(seen: Look) -> None:
    found = seen(
        "CREATE TABLE dsx (name VARCHAR(9) PRIMARY KEY, thing_id INTEGER, data BLOB);"
        f"INSERT INTO dsx VALUES ('a', 5, {php({'x': {'bid': 7}})});"
    )

    assert found.proposals[0].notes == {
        ("dsx", "thing_id"): "an id of what? It stays out until you say: {refers: KIND}, or {} where it is none",
        ("dsx", "data"): "**.bid in it: an id? Then say of what: places: {'**.bid': KIND}",
    }


@pytest.mark.parametrize(
    ("value", "note"),
    [
        ({"roles": {3: "3"}}, "the keys of roles in it: ids? They stay as they are"),
        ({"tids": [900]}, "tids.* in it: an id? Then say of what: places: {'tids.*': KIND}"),
        ({"roles": {"editor": True}}, None),
    ],
)
def test_what_may_be_an_id_inside_a_value_is_told(seen: Look, value: object, note: str | None) -> None:
    found = seen(
        f"CREATE TABLE dsx (name VARCHAR(9) PRIMARY KEY, data BLOB); INSERT INTO dsx VALUES ('a', {php(value)});"
    )

    assert found.proposals[0].notes.get(("dsx", "data")) == note


def test_what_cannot_be_opened_is_told(seen: Look) -> None:
    found = seen(
        "CREATE TABLE dsx (name VARCHAR(9) PRIMARY KEY, data BLOB);"
        """INSERT INTO dsx VALUES ('a', 'a:2:{s:1:"a";i:1;s:1:"b";R:2;}');"""
    )

    assert found.proposals[0].notes == {
        ("dsx", "data"): "some of it cannot be opened (references): ids in there stay as they are"
    }


def test_names_that_are_numbers_are_told(seen: Look) -> None:
    found = seen("CREATE TABLE dsx (name VARCHAR(9) PRIMARY KEY, v VARCHAR(9)); INSERT INTO dsx VALUES ('12', 'a');")

    assert found.proposals[0].remarks == (
        "name is a number in every row: if it is an id of this site, do not describe it so",
    )


def test_two_tables_refer_to_each_other_by_name(seen: Look) -> None:
    found = seen(
        "CREATE TABLE dsx_a (aid INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(9) UNIQUE);"
        "CREATE TABLE dsx_b (bid INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(9) UNIQUE, aid INTEGER);"
        "INSERT INTO dsx_a VALUES (7, 'one'); INSERT INTO dsx_b VALUES (9, 'two', 7);"
    )

    one, two = (words(proposal.about) for proposal in found.proposals)
    assert one["table"] == "dsx_a"
    assert (two["columns"], two["after"]) == ({"aid": {"refers": "dsx_a"}}, "dsx_a")


@pytest.mark.parametrize("column", ["extra", "protect", "dsx"])
def test_a_column_with_a_name_of_ours_gets_another_in_the_file(seen: Look, column: str) -> None:
    found = seen(
        f"CREATE TABLE dsx (name VARCHAR(9) PRIMARY KEY, {column} VARCHAR(9)); INSERT INTO dsx VALUES ('a', 'b');"
    )

    assert entry(found)["columns"] == {column: {"name": f"{column}_column"}}


# What hangs from it

PARENT = (
    "CREATE TABLE dsx_box (bid INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(9) UNIQUE);"
    "INSERT INTO dsx_box VALUES (7, 'one'), (8, 'two');"
)


@pytest.mark.parametrize(
    ("columns", "rows", "child"),
    [
        pytest.param(
            "bid INTEGER, tag VARCHAR(9), PRIMARY KEY (bid, tag)", "(7, 'a'), (8, 'a')",
            {"key": "tag"}, id="names",
        ),
        pytest.param(
            "bid INTEGER, delta INTEGER, v VARCHAR(9), PRIMARY KEY (bid, delta)", "(7, 0, 'a'), (7, 1, 'a')",
            {"order": "delta", "columns": {"delta": {}, "v": {}}}, id="places in a list",
        ),
        pytest.param(
            "sid INTEGER PRIMARY KEY AUTOINCREMENT, bid INTEGER, weight INTEGER, v VARCHAR(9)", "(1, 7, 0, 'a'), (2, 7, 1, 'b')",
            {"order": ["weight", "sid"], "id": "sid", "columns": {"weight": {}, "v": {}}}, id="a list by weight",
        ),
        pytest.param(
            "bid INTEGER, rid INTEGER, v VARCHAR(9), PRIMARY KEY (bid, rid)", "(7, 1, 'a'), (7, 3, 'b')",
            {"key": "rid", "columns": {"rid": {"refers": "role"}, "v": {}}}, id="roles",
        ),
        pytest.param(
            "bid INTEGER, tag VARCHAR(9)", "(7, 'a'), (7, 'b'), (8, 'a')",
            {"key": "tag"}, id="names that no key declares",
        ),
        pytest.param(
            "bid INTEGER PRIMARY KEY, v VARCHAR(9)", "(7, 'a'), (8, 'a')",
            {"order": "v", "columns": {"v": {}}}, id="one row each",
        ),
    ],
)  # fmt: skip
def test_what_hangs_from_a_row(seen: Look, columns: str, rows: str, child: dict[str, object]) -> None:
    found = seen(f"{PARENT} CREATE TABLE dsx_box_part ({columns}); INSERT INTO dsx_box_part VALUES {rows};")

    (told,) = entry(found)["children"]
    assert told == {"table": "dsx_box_part", "field": "parts", "parent": {"bid": "bid"}} | child
    assert found.proposals[0].rows == {"dsx_box": 2, "dsx_box_part": rows.count("(")}


def test_what_hangs_from_a_row_by_ids_that_nobody_knows_is_left_out(seen: Look) -> None:
    found = seen(
        f"{PARENT} CREATE TABLE dsx_box_part (bid INTEGER, thing_id INTEGER, data BLOB, PRIMARY KEY (bid, thing_id));"
        f"INSERT INTO dsx_box_part VALUES (7, 900, {php(['a'])});"
    )

    assert "children" not in entry(found)
    assert found.proposals[0].remarks == (
        "dsx_box_part hangs from it, and is left out: "
        "its rows are named by thing_id, an id of this site whose meaning is not known",
    )
    assert list(found.cannot) == ["dsx_box_part"]


def test_rows_whose_parent_is_gone_hang_from_nothing(seen: Look) -> None:
    found = seen(
        f"{PARENT} CREATE TABLE dsx_box_part (bid INTEGER, tag VARCHAR(9), PRIMARY KEY (bid, tag));"
        "INSERT INTO dsx_box_part VALUES (7, 'a'), (99, 'a');"
    )

    assert "children" not in entry(found)


def test_displays_of_a_view_hang_from_it_by_name(seen: Look) -> None:
    found = seen(
        "CREATE TABLE dsx_view (vid INTEGER PRIMARY KEY AUTOINCREMENT, name VARCHAR(9) UNIQUE, tag VARCHAR(9));"
        "CREATE TABLE dsx_display (vid INTEGER, id VARCHAR(9), position INTEGER, display_options BLOB, PRIMARY KEY (vid, id));"
        "INSERT INTO dsx_view VALUES (40, 'news', '');"
        f"INSERT INTO dsx_display VALUES (40, 'default', 1, {php({'tid': 1})}), (40, 'page', 2, {php([])});"
    )

    assert entry(found)["children"] == [
        {
            "table": "dsx_display",
            "field": "displays",
            "parent": {"vid": "vid"},
            "key": "id",
            "columns": {"position": {}, "display_options": {"serialized": True, "places": {"tid": "term"}}},
        }
    ]
    assert entry(found)["after"] == "term"


@pytest.mark.parametrize(
    ("name", "is_one"),
    [("nid", True), ("entity_id", True), ("id", True), ("group_rid", True), ("grid", False), ("valid", False), ("weight", False), ("paid", False)],
)  # fmt: skip
def test_a_column_that_is_called_as_ids_are(name: str, is_one: bool) -> None:
    assert is_id(name) == is_one
