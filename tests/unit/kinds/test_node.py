"""Nodes on a small site: which are ours, what they are called, what is read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from drupalsync.demo.site import make_production
from drupalsync.kinds import node
from drupalsync.kinds.fields import same_tree
from drupalsync.kinds.identity import AmbiguousMatch
from drupalsync.site import Address, Cell, Row, Site
from drupalsync.site.sqlite import Sqlite
from support.nodes import Remembered, change, museum, nodes, run, with_fields

PAGES = [
    "page/about", "page/errors-404", "page/imprint", "page/visit", "page/visit-getting-here", "page/visit-opening-hours", "page/welcome",
]  # fmt: skip
COPY = (
    "INSERT INTO node (nid, vid, type, language, title, uid, created) "
    "SELECT {new}, {new}, type, language, title, uid, created + 1 FROM node WHERE nid = {old};"
)


def test_only_selected_nodes_are_items_by_their_aliases(tmp_path: Path) -> None:
    site = museum(tmp_path)
    assert sorted(nodes(run(site, "page"))) == PAGES
    assert sorted(nodes(run(site, "page visit/*"))) == ["page/visit-getting-here", "page/visit-opening-hours"]
    assert sorted(nodes(run(site, "page visit/*", "article"))) == [
        "article/a-letter-from-1871", "article/knots-for-beginners", "article/the-crane-turns-again",
        "page/visit-getting-here", "page/visit-opening-hours",
    ]  # fmt: skip
    assert nodes(run(site, "landing")) == {}


def test_a_node_is_read_without_any_id(tmp_path: Path) -> None:
    item = nodes(run(museum(tmp_path)))["page/visit"]
    assert item.local_id == 2
    assert item.fields == {
        "title": "Plan your visit",
        "language": "und",
        "author": "anna",
        "status": True,
        "promote": False,
        "sticky": False,
        "comment": 1,
        "created": "2023-11-15T22:13:20Z",
        "aliases": [{"alias": "visit", "language": "und"}],
        "pathauto": None,
        "translation_of": None,
        "outdated": False,
        "book": None,
        "fields": {
            "body": {
                "und": [
                    {
                        "value": "<p>We are open every day but Monday. Dogs on a lead are welcome aboard.</p>\r\n",
                        "summary": "",
                        "format": "full_html",
                    }
                ]
            },
            "field_price": {"und": [{"value": "8.50"}]},
        },
        "extra": [],
    }


def test_references_in_fields_are_names(tmp_path: Path) -> None:
    fields = nodes(run(museum(tmp_path), "article"))["article/the-crane-turns-again"].fields["fields"]
    assert isinstance(fields, dict)
    assert fields["field_tags"] == {"und": [{"tid": "term:tags/Exhibitions"}, {"tid": "term:tags/History"}]}
    assert fields["field_image"] == {
        "und": [{"fid": "file:public://crane.jpg", "alt": "", "title": "", "width": 1600, "height": 900}]
    }


def test_every_item_reads_back_from_its_file(tmp_path: Path) -> None:
    for item in nodes(run(museum(tmp_path), "page", "article")).values():
        (back,) = node.load(node.place(item), node.dump([item], None))
        assert same_tree(dict(back.fields), dict(item.fields))
        assert back.key == item.key


def test_every_node_has_a_key_and_one_that_could_be_another_is_only_shown(tmp_path: Path) -> None:
    site = museum(tmp_path, COPY.format(new=20, old=8), COPY.format(new=21, old=9))
    ctx = run(site, "page")
    assert ctx.keys.key("node", 8) == "article/the-crane-turns-again"
    assert ctx.keys.key("node", 20) == "article/the-crane-turns-again-2"
    assert ctx.keys.local_id("node", "article/the-crane-turns-again") is None
    assert ctx.keys.local_id("node", "article/the-crane-turns-again-2") is None
    assert ctx.keys.local_id("node", "article/a-letter-from-1871") == 10
    ours = run(site, "article")
    assert ours.keys.local_id("node", "article/the-crane-turns-again-2") == 20


def test_production_adopts_what_the_tree_has_whatever_the_ids(tmp_path: Path) -> None:
    dev, prod = museum(tmp_path), tmp_path / "prod.sqlite"
    make_production(dev, prod)
    change(
        prod,
        "UPDATE url_alias SET alias = 'about-the-museum' WHERE source = 'node/5'",
        "UPDATE node SET nid = 500 WHERE nid = 7",
        "UPDATE url_alias SET source = 'node/500' WHERE source = 'node/7'",
    )
    tree = nodes(run(dev, "page", "article visit*"))
    live = nodes(run(prod, "page", "article visit*", memory=Remembered(tree.values())))
    assert sorted(live) == PAGES
    assert live["page/imprint"].local_id == 500
    assert live["page/about"].local_id == 5


def test_a_remembered_node_keeps_its_key_when_alias_and_title_change(tmp_path: Path) -> None:
    site = museum(tmp_path)
    before = nodes(run(site, "page visit*"))
    change(
        site,
        "UPDATE url_alias SET alias = 'plan' WHERE source = 'node/2'",
        "UPDATE node SET title = 'Planning' WHERE nid = 2",
    )
    memory = Remembered(rows=before.values())
    after = nodes(run(site, "page visit*", memory=memory))
    assert after["page/visit"].fields["title"] == "Planning"


def test_two_nodes_with_the_alias_of_one_item_are_an_error(tmp_path: Path) -> None:
    site = museum(tmp_path)
    tree = nodes(run(site, "page"))
    change(
        site,
        COPY.format(new=30, old=5),
        "INSERT INTO url_alias (source, alias, language) VALUES ('node/30', 'about', 'und')",
    )
    with pytest.raises(AmbiguousMatch, match="page/about"):
        run(site, "page", memory=Remembered(tree.values()))


def test_a_new_node_does_not_take_the_key_of_an_item_that_is_yet_to_come(tmp_path: Path) -> None:
    site = museum(tmp_path)
    planned = with_fields(
        nodes(run(site))["page/about"],
        title="Something else",
        created="2001-01-01T00:00:00Z",
        aliases=[{"alias": "else", "language": "und"}],
    )
    ctx = run(site, "page", memory=Remembered([planned]))
    assert ctx.keys.key("node", 5) == "page/about-2"
    assert ctx.keys.local_id("node", "page/about") is None


def test_a_site_twice_as_big_needs_no_more_queries(tmp_path: Path) -> None:
    site = museum(tmp_path)
    few = _queries(site)
    change(site, *(COPY.format(new=100 + number, old=number % 7 + 1) for number in range(700)))
    assert _queries(site) <= few


class Counting(Sqlite):
    """A database that counts what it is asked."""

    queries = 0

    def query(self, sql: str, params: Sequence[Cell] = ()) -> list[Row]:
        self.queries += 1
        return super().query(sql, params)


def _queries(path: Path) -> int:
    database = Counting(Address(engine="sqlite", database=str(path)))
    ctx = run(Site(database, shown="test"), "page", "article")
    assert nodes(ctx)
    return database.queries


def test_what_a_field_refers_to_and_is_gone_is_left_out_and_said(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, "DELETE FROM taxonomy_term_data WHERE name = 'History'"), "article")
    fields = nodes(ctx)["article/the-crane-turns-again"].fields["fields"]
    assert isinstance(fields, dict)
    assert fields["field_tags"] == {"und": [{"tid": "term:tags/Exhibitions"}]}
    assert any("field_tags refers to a term" in note for note in ctx.notes)


@pytest.mark.parametrize(
    ("statement", "note"),
    [
        ("UPDATE field_config SET storage_type = 'mongo' WHERE field_name = 'field_price'", "kept by mongo"),
        (
            "UPDATE field_config SET type = 'field_collection' WHERE field_name = 'field_price'",
            "only this database knows",
        ),
        ("ALTER TABLE field_data_field_price RENAME TO lost", "its table is missing"),
    ],
)
def test_a_field_that_cannot_be_exported_is_said_and_the_rest_is(tmp_path: Path, statement: str, note: str) -> None:
    ctx = run(museum(tmp_path, statement))
    fields = nodes(ctx)["page/visit"].fields["fields"]
    assert isinstance(fields, dict)
    assert list(fields) == ["body"]
    assert any("field_price" in told and note in told for told in ctx.notes)


@pytest.mark.parametrize("column", ["deleted = 1", "active = 0"])
def test_fields_that_are_deleted_or_off_do_not_exist(tmp_path: Path, column: str) -> None:
    ctx = run(museum(tmp_path, f"UPDATE field_config SET {column} WHERE field_name = 'field_price'"))
    assert "field_price" not in str(nodes(ctx)["page/visit"].fields)
    assert ctx.notes == []


def test_polls_stay_where_they_are_and_it_is_said(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, "UPDATE node SET type = 'poll' WHERE nid = 7"), "poll", "page")
    assert "page/imprint" not in nodes(ctx)
    assert any("poll" in note for note in ctx.notes)


def test_a_glob_stands_for_every_type_that_it_matches(tmp_path: Path) -> None:
    types = {key.partition("/")[0] for key in nodes(run(museum(tmp_path), "*"))}
    assert {"page", "article"} <= types
    assert {key.partition("/")[0] for key in nodes(run(museum(tmp_path), "p*"))} == {"page"}


def test_columns_of_contributed_modules_are_read_where_they_say_something(tmp_path: Path) -> None:
    site = museum(
        tmp_path,
        "ALTER TABLE node ADD COLUMN shade VARCHAR(9) NOT NULL DEFAULT 'none'",
        "UPDATE node SET shade = 'dark' WHERE nid = 5",
    )
    items = nodes(run(site))
    assert items["page/about"].fields["extra"] == {"shade": "dark"}
    assert items["page/visit"].fields["extra"] == []


def test_links_in_a_text_are_references(tmp_path: Path) -> None:
    text = '<a href="/node/5">us</a> <a href="/node/5/edit">edit</a> <img src="http://other.example/node/5"> <a href="/node/999">?</a>'
    site = museum(tmp_path, f"UPDATE field_data_body SET body_value = '{text}' WHERE entity_id = 2")
    fields = nodes(run(site))["page/visit"].fields["fields"]
    assert isinstance(fields, dict)
    assert fields["body"]["und"][0]["value"] == (
        '<a href="/node:page/about">us</a> <a href="/node:page/about//edit">edit</a> '
        '<img src="http://other.example/node/5"> <a href="/node/999">?</a>'
    )


def test_a_node_of_the_tree_stays_ours_when_its_alias_leaves_the_selection(tmp_path: Path) -> None:
    site = museum(tmp_path)
    tree = nodes(run(site, "page visit*"))
    change(site, "UPDATE url_alias SET alias = 'plan' WHERE source = 'node/2'")
    assert nodes(run(site, "page visit*", memory=Remembered(tree.values())))["page/visit"].local_id == 2
    assert "page/visit" not in nodes(run(site, "page visit*"))


def test_a_uuid_tells_a_node_whatever_else_changed(tmp_path: Path) -> None:
    site = museum(
        tmp_path, "ALTER TABLE node ADD COLUMN uuid CHAR(36) NOT NULL DEFAULT ''", "UPDATE node SET uuid = 'u-' || nid"
    )
    tree = nodes(run(site))
    assert tree["page/about"].fields["extra"] == {"uuid": "u-5"}
    change(
        site,
        "UPDATE node SET title = 'Us', created = 1 WHERE nid = 5",
        "UPDATE url_alias SET alias = CASE alias WHEN 'about' THEN 'visit' WHEN 'visit' THEN 'about' ELSE alias END",
    )
    live = nodes(run(site, memory=Remembered(tree.values())))
    assert live["page/about"].local_id == 5
    assert live["page/visit"].local_id == 2


def test_values_beyond_what_a_field_takes_are_not_there_for_drupal_either(tmp_path: Path) -> None:
    more = "INSERT INTO field_data_field_price SELECT entity_type, bundle, deleted, entity_id, revision_id, language, 1, 9 FROM field_data_field_price"
    fields = nodes(run(museum(tmp_path, more)))["page/visit"].fields["fields"]
    assert isinstance(fields, dict)
    assert fields["field_price"] == {"und": [{"value": "8.50"}]}
