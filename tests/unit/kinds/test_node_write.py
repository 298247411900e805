"""Nodes written: the rows that Drupal would have left. tests/unit/kinds/test_node_dumps.py has Drupal's own word on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Context, Item, node
from drupalsync.kinds.fields import same_tree
from drupalsync.site import get_variable
from support.nodes import NOW, museum, new, nodes, run, with_fields

TRANSLATED = (
    "INSERT INTO variable VALUES ('language_content_type_page', 's:1:\"2\";')",
    "UPDATE system SET name = 'translation', status = 1 WHERE name = 'php'",
)
BOOKS = (
    "CREATE TABLE book (mlid INTEGER PRIMARY KEY, nid INTEGER, bid INTEGER)",
    "UPDATE system SET status = 1 WHERE name = 'book'",
)


def rows(ctx: Context, table: str, nid: int, column: str = "nid") -> list[Any]:
    return ctx.site.rows(f"SELECT * FROM {{{table}}} WHERE {column} = ? ORDER BY 1, 2, 3", [nid])


def read_again(ctx: Context) -> dict[str, Item]:
    """What another run would read, the keys as they are."""
    return nodes(ctx)


def test_a_new_node_has_all_its_rows(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path), "article")
    item = new(
        "article/tides", "Tides", created="2011-12-06T09:00:00Z", sticky=True, aliases=["tides"],
        fields={
            "body": {"value": "Up\r\ndown", "summary": "", "format": "filtered_html"},
            "field_tags": ["term:tags/History", "term:tags/Families"],
            "field_image": {"file": "public://crane.jpg", "alt": "A crane"},
        },
    )  # fmt: skip
    nid = node.create(ctx, item)
    vid = 11
    made = 1323162000
    assert ctx.keys.local_id("node", "article/tides") == nid == 11
    assert rows(ctx, "node", nid) == [(nid, vid, "article", "und", "Tides", 2, 1, made, NOW, 0, 0, 1, 0, 0)]
    assert rows(ctx, "node_revision", nid) == [(nid, vid, 1, "Tides", "drupalsync import", NOW, 1, 0, 0, 1)]
    tag = ("node", "article", 0, nid, vid, "und")
    assert rows(ctx, "field_data_field_tags", nid, "entity_id") == [(*tag, 0, 2), (*tag, 1, 3)]
    for name in ("body", "field_tags", "field_image"):
        current = rows(ctx, f"field_data_{name}", nid, "entity_id")
        assert current
        assert rows(ctx, f"field_revision_{name}", nid, "entity_id") == current
    assert rows(ctx, "taxonomy_index", nid) == [(nid, 2, 1, made), (nid, 3, 1, made)]
    assert rows(ctx, "node_comment_statistics", nid) == [(nid, 0, NOW, None, 2, 0)]
    assert rows(ctx, "tracker_node", nid) == [(nid, 1, NOW)]
    assert rows(ctx, "tracker_user", nid) == [(nid, 2, 1, NOW)]
    assert rows(ctx, "file_usage", nid, "id") == [(1, "file", "node", nid, 1)]
    assert rows(ctx, "search_dataset", nid, "sid") == []
    assert [row[1:] for row in ctx.site.rows("SELECT * FROM {url_alias} WHERE source = ?", [f"node/{nid}"])] == [
        (f"node/{nid}", "tides", "und")
    ]
    assert rows(ctx, "node_access", nid) == []
    (back,) = (one for one in read_again(ctx).values() if one.key == "article/tides")
    assert same_tree(dict(back.fields), dict(item.fields))


def test_a_change_makes_a_revision_that_carries_the_rest_along(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path), "article")
    live = nodes(ctx)["article/the-crane-turns-again"]
    assert live.local_id == 8
    fields: Any = live.fields["fields"]
    node.update(
        ctx,
        live,
        with_fields(live, title="It turns", fields={**fields, "field_tags": {"und": [{"tid": "term:tags/History"}]}}),
    )
    assert rows(ctx, "node", 8)[0][1] == 11
    assert [row[1] for row in rows(ctx, "node_revision", 8)] == [8, 11]
    assert [row[4:8] for row in rows(ctx, "field_data_field_tags", 8, "entity_id")] == [(11, "und", 0, 2)]
    assert [row[4] for row in rows(ctx, "field_revision_field_tags", 8, "entity_id")] == [8, 8, 11]
    assert [row[4] for row in rows(ctx, "field_data_body", 8, "entity_id")] == [11]
    assert [row[4] for row in rows(ctx, "field_revision_body", 8, "entity_id")] == [8, 11]
    assert rows(ctx, "file_usage", 8, "id") == [(1, "file", "node", 8, 2)]
    assert rows(ctx, "taxonomy_index", 8) == [(8, 2, 0, 1700864000)]
    assert rows(ctx, "tracker_node", 8) == [(8, 1, NOW)]
    assert rows(ctx, "search_dataset", 8, "sid")[0][3] == NOW
    assert ("cache_field", "field:node:8") in [(stale.bin, stale.cid) for stale in ctx.site.caches.stale()]


def test_terms_that_a_contributed_module_has_indexed_stay_so_and_only_those(tmp_path: Path) -> None:
    theirs = "UPDATE field_config SET module = 'og_vocab' WHERE field_name = 'field_tags'"
    ctx = run(museum(tmp_path, theirs, "DELETE FROM taxonomy_index WHERE nid = 8 AND tid <> 2"), "article")
    assert len(rows(ctx, "field_data_field_tags", 8, "entity_id")) > 1
    live = nodes(ctx)["article/the-crane-turns-again"]
    node.update(ctx, live, with_fields(live, sticky=True))
    assert rows(ctx, "taxonomy_index", 8) == [(8, 2, 1, 1700864000)]


@pytest.mark.parametrize("status", [0, 1])
def test_entity_reference_indexes_the_terms_of_its_fields_where_a_setting_says_so(tmp_path: Path, status: int) -> None:
    settings = f'a:1:{{s:9:"behaviors";a:1:{{s:14:"taxonomy-index";a:1:{{s:6:"status";i:{status};}}}}}}'
    ctx = run(
        museum(
            tmp_path,
            "UPDATE field_config SET module = 'entityreference' WHERE field_name = 'field_tags'",
            f"UPDATE field_config_instance SET data = 'a:1:{{s:8:\"settings\";{settings}}}' WHERE field_name = 'field_tags'",
            "DELETE FROM taxonomy_index WHERE nid = 8",
        ),
        "article",
    )
    live = nodes(ctx)["article/the-crane-turns-again"]
    node.update(ctx, live, with_fields(live, sticky=True))
    had = [row[-1] for row in rows(ctx, "field_data_field_tags", 8, "entity_id")]
    assert [tid for _, tid, *_ in rows(ctx, "taxonomy_index", 8)] == (sorted(had) if status else [])


def test_a_field_that_goes_leaves_its_old_revisions(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path))
    live = nodes(ctx)["page/visit"]
    fields: Any = live.fields["fields"]
    node.update(ctx, live, with_fields(live, fields={"body": fields["body"]}))
    assert rows(ctx, "field_data_field_price", 2, "entity_id") == []
    assert [row[4] for row in rows(ctx, "field_revision_field_price", 2, "entity_id")] == [2]


def test_values_that_are_not_ours_go_on_in_the_new_revision(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, "UPDATE field_config SET type = 'field_collection' WHERE field_name = 'field_price'"))
    live = nodes(ctx)["page/visit"]
    node.update(ctx, live, with_fields(live, title="Visit"))
    assert [row[4] for row in rows(ctx, "field_data_field_price", 2, "entity_id")] == [11]
    assert [row[4] for row in rows(ctx, "field_revision_field_price", 2, "entity_id")] == [2, 11]


def test_an_alias_changes_in_its_row_and_makes_no_revision(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path))
    live = nodes(ctx)["page/about"]
    und, de = {"alias": "us", "language": "und"}, {"alias": "wir", "language": "de"}
    node.update(ctx, live, with_fields(live, aliases=[de, und]))
    found = ctx.site.rows("SELECT pid, alias, language FROM {url_alias} WHERE source = 'node/5' ORDER BY pid")
    assert found == [(5, "us", "und"), (8, "wir", "de")]
    assert rows(ctx, "node", 5)[0][1] == 5
    assert rows(ctx, "node", 5)[0][8] != NOW


def test_the_first_alias_of_all_opens_the_whitelist(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, "DELETE FROM url_alias", "DELETE FROM variable WHERE name = 'path_alias_whitelist'"))
    live = nodes(ctx)["page/about-us"]
    node.update(ctx, live, with_fields(live, aliases=[{"alias": "us", "language": "und"}]))
    assert get_variable(ctx.site, "path_alias_whitelist") == {"node": True}


def test_a_deleted_node_leaves_nothing(tmp_path: Path) -> None:
    ctx = run(
        museum(
            tmp_path,
            "INSERT INTO comment (cid, nid, uid, subject, thread) VALUES (1, 8, 2, 'Hm', '01/')",
            "INSERT INTO field_data_comment_body (entity_type, bundle, entity_id, revision_id, language, delta) "
            "VALUES ('comment', 'comment_node_article', 1, 1, 'und', 0)",
            "INSERT INTO url_alias (source, alias, language) VALUES ('node/8', 'crane', 'und')",
            "INSERT INTO history (uid, nid, timestamp) VALUES (2, 8, 1)",
        ),
        "article",
    )
    assert ctx.keys.local_id("file", "public://crane.jpg") == 1
    node.delete(ctx, nodes(ctx)["article/crane"])
    by_nid = (
        "node",
        "node_revision",
        "taxonomy_index",
        "tracker_node",
        "tracker_user",
        "node_comment_statistics",
        "comment",
        "history",
    )
    for table in by_nid:
        assert rows(ctx, table, 8) == [], table
    for name in ("body", "field_tags", "field_image"):
        assert (
            rows(ctx, f"field_data_{name}", 8, "entity_id") == rows(ctx, f"field_revision_{name}", 8, "entity_id") == []
        )
    assert ctx.site.rows("SELECT * FROM {field_data_comment_body}") == []
    assert ctx.site.rows("SELECT * FROM {url_alias} WHERE source = 'node/8'") == []
    assert rows(ctx, "search_dataset", 8, "sid") == []
    assert [row[0] for row in ctx.site.rows("SELECT fid FROM {file_managed}")] == [2]
    assert any("public://crane.jpg" in note for note in ctx.notes)
    assert ctx.keys.key("node", 8) is None


def test_a_file_that_others_use_stays(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, "INSERT INTO file_usage VALUES (1, 'file', 'node', 10, 1)"), "article")
    node.delete(ctx, nodes(ctx)["article/the-crane-turns-again"])
    assert ctx.site.rows("SELECT fid, id FROM {file_usage} WHERE fid = 1") == [(1, 10)]
    assert len(ctx.site.rows("SELECT fid FROM {file_managed}")) == 2
    assert ctx.notes == []


def test_links_by_hand_go_with_their_node_and_their_children_move_up(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path))
    above = ctx.site.rows("SELECT mlid FROM {menu_links} WHERE link_path = 'node/2'")
    assert len(above) == 1
    node.delete(ctx, nodes(ctx)["page/visit"])
    assert ctx.site.rows("SELECT mlid FROM {menu_links} WHERE link_path = 'node/2'") == []
    assert ctx.site.rows("SELECT plid, depth FROM {menu_links} WHERE link_path IN ('node/3', 'node/4')") == [
        (0, 1),
        (0, 1),
    ]
    assert get_variable(ctx.site, "menu_expanded") == []


def test_where_modules_grant_access_a_new_node_is_seen_by_nobody_until_they_had_their_say(tmp_path: Path) -> None:
    grants = "DELETE FROM node_access; INSERT INTO node_access (nid, gid, realm, grant_view) VALUES (5, 7, 'club', 1), (2, 7, 'club', 1)"
    ctx = run(museum(tmp_path, grants))
    live = nodes(ctx)
    nid = node.create(ctx, new("page/x", "X"))
    node.update(ctx, live["page/about"], with_fields(live["page/about"], title="Us"))
    node.update(ctx, live["page/visit"], with_fields(live["page/visit"], status=False))
    assert rows(ctx, "node_access", nid) == []
    assert len(rows(ctx, "node_access", 5)) == 1
    assert rows(ctx, "node_access", 2) == []
    assert get_variable(ctx.site, "node_access_needs_rebuild") is True
    assert len(ctx.notes) == 1


def test_new_nodes_may_link_to_each_other_in_their_texts(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path))

    def linking(key: str, other: str) -> Item:
        return new(
            key, key, fields={"body": {"value": f'<a href="/node:{other}#top">there</a>', "format": "full_html"}}
        )

    first, second = linking("page/a", "page/b"), linking("page/b", "page/a")
    desired = {item.address: item for item in (first, second)}
    assert [problem for item in desired.values() for problem in node.check(ctx, item, desired)] == []
    a, b = node.create(ctx, first), node.create(ctx, second)
    node.finish(ctx)
    for table in ("field_data_body", "field_revision_body"):
        found = ctx.site.rows(f"SELECT body_value FROM {{{table}}} WHERE entity_id IN ({a}, {b}) ORDER BY entity_id")
        assert found == [(f'<a href="/node/{b}#top">there</a>',), (f'<a href="/node/{a}#top">there</a>',)]


def test_a_link_to_a_node_that_never_came_stops_the_import(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path))
    node.create(
        ctx, new("page/a", "A", fields={"body": {"value": '<a href="/node:page/b">x</a>', "format": "full_html"}})
    )
    with pytest.raises(DrupalsyncError, match="node:page/b"):
        node.finish(ctx)


def test_a_book_is_built_moved_and_taken_apart(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, *BOOKS))
    first = new("page/first", "First", book={"in": "page/first"})
    second = new("page/second", "Second", book={"in": "page/first", "weight": 3})
    third = new("page/third", "Third", book={"in": "page/first", "parent": "page/second"})
    a, b, c = (node.create(ctx, item) for item in (first, second, third))
    node.finish(ctx)
    assert _outline(ctx) == [
        ("First", f"book-toc-{a}", 1, 0, a),
        ("Second", f"book-toc-{a}", 2, 3, a),
        ("Third", f"book-toc-{a}", 3, 0, a),
    ]
    live = read_again(ctx)
    for item in (first, second, third):
        assert live[item.key].fields["book"] == item.fields["book"]
    node.update(
        ctx, live["page/second"], with_fields(live["page/second"], title="2nd", book={"in": "page/second", "weight": 0})
    )
    node.finish(ctx)
    assert _outline(ctx) == [
        ("First", f"book-toc-{a}", 1, 0, a),
        ("2nd", f"book-toc-{b}", 1, 0, b),
        ("Third", f"book-toc-{b}", 2, 0, b),
    ]
    node.delete(ctx, read_again(ctx)["page/second"])
    assert _outline(ctx) == [("First", f"book-toc-{a}", 1, 0, a), ("Third", f"book-toc-{c}", 1, 0, c)]
    live = read_again(ctx)
    node.update(ctx, live["page/first"], with_fields(live["page/first"], book=None))
    assert [row[0] for row in _outline(ctx)] == ["Third"]
    assert rows(ctx, "node_revision", a)[-1][1] == rows(ctx, "node", a)[0][1] == 11


def test_a_page_of_a_book_bears_its_new_title_in_the_outline(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, *BOOKS))
    node.create(ctx, new("page/first", "First", book={"in": "page/first"}))
    live = read_again(ctx)["page/first"]
    node.update(ctx, live, with_fields(live, title="Start"))
    assert [row[0] for row in _outline(ctx)] == ["Start"]


def _outline(ctx: Context) -> list[Any]:
    return ctx.site.rows(
        "SELECT l.link_title, l.menu_name, l.depth, l.weight, b.bid FROM {book} b INNER JOIN {menu_links} l ON l.mlid = b.mlid ORDER BY b.nid"
    )


def test_translations_found_a_set_and_its_last_source_has_an_heir(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, *TRANSLATED))
    a = node.create(ctx, new("page/a", "A", language="en"))
    b = node.create(ctx, new("page/b", "B", language="de", translation_of="page/a"))
    c = node.create(ctx, new("page/c", "C", language="de", translation_of="page/a", outdated=True))
    assert _sets(ctx, a, b, c) == [(a, 0), (a, 0), (a, 1)]
    live = read_again(ctx)
    assert [live[key].fields["translation_of"] for key in ("page/a", "page/b", "page/c")] == [None, "page/a", "page/a"]
    assert live["page/c"].fields["outdated"] is True
    node.update(ctx, live["page/c"], with_fields(live["page/c"], outdated=False))
    assert _sets(ctx, c) == [(a, 0)]
    node.delete(ctx, live["page/a"])
    assert _sets(ctx, b, c) == [(b, 0), (b, 0)]
    live = read_again(ctx)
    node.update(ctx, live["page/c"], with_fields(live["page/c"], translation_of=None))
    assert _sets(ctx, b, c) == [(b, 0), (0, 0)]


def _sets(ctx: Context, *nids: int) -> list[Any]:
    return [ctx.site.rows("SELECT tnid, translate FROM {node} WHERE nid = ?", [nid])[0] for nid in nids]


def test_columns_of_contributed_modules_are_written(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path, "ALTER TABLE node ADD COLUMN shade VARCHAR(9) NOT NULL DEFAULT 'none'"))
    nid = node.create(ctx, new("page/x", "X", extra={"shade": "dark"}))
    assert rows(ctx, "node", nid)[0][-1] == "dark"
    live = read_again(ctx)["page/x"]
    node.update(ctx, live, with_fields(live, extra=[]))
    assert rows(ctx, "node", nid)[0][-1] == "none"


def test_what_pathauto_may_do_is_remembered(tmp_path: Path) -> None:
    ctx = run(
        museum(tmp_path, "CREATE TABLE pathauto_state (entity_type VARCHAR(32), entity_id INTEGER, pathauto INTEGER)")
    )
    live = nodes(ctx)["page/about"]
    node.update(ctx, live, with_fields(live, pathauto=False))
    assert rows(ctx, "pathauto_state", 5, "entity_id") == [("node", 5, 0)]
    assert read_again(ctx)["page/about"].fields["pathauto"] is False
