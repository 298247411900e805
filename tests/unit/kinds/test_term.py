"""Terms: read by their path, written as taxonomy_term_save() and taxonomy_term_delete() leave them."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.kinds import node, term
from drupalsync.kinds._term_values import LATER
from drupalsync.php import decode, encode
from drupalsync.site import as_bytes, get_variable
from support import nodes
from support import taxonomy as taxo
from support.taxonomy import NESTED, items, museum_run, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from drupalsync.kinds import Context

ICON = (
    "INSERT INTO field_config_instance (field_id, field_name, entity_type, bundle, data, deleted) SELECT field_id, "
    "field_name, 'taxonomy_term', 'tags', data, 0 FROM field_config_instance WHERE field_name = 'field_image'"
)
SUBTITLE = ICON.replace("field_image", "field_subtitle")
CRANE = {"und": [{"fid": "file:public://crane.jpg", "alt": "A crane"}]}
USES = "SELECT type, id, count FROM {file_usage} WHERE fid = 1 ORDER BY type, id"


def rows(ctx: Context, table: str, tid: int, column: str = "tid") -> list[Any]:
    return ctx.site.rows(f"SELECT * FROM {{{table}}} WHERE {column} = ? ORDER BY 1, 2", [tid])


def above(ctx: Context, tid: int) -> list[Any]:
    return [
        parent
        for (parent,) in ctx.site.rows("SELECT parent FROM {taxonomy_term_hierarchy} WHERE tid = ? ORDER BY 1", [tid])
    ]


def test_a_term_is_called_by_its_path_and_names_its_other_parents(tmp_path: Path) -> None:
    found = items(museum_run(tmp_path, *NESTED), "term")

    assert list(found) == [
        "tags/Exhibitions", "tags/Families", "tags/Families/Boats", "tags/History", "tags/History/Harbour",
        "tags/History/Harbour/Crane",
    ]  # fmt: skip
    assert found["tags/Families/Boats"].fields["parents"] == ["tags/History/Harbour"]
    assert found["tags/History/Harbour/Crane"].fields["parents"] == []


def test_the_queries_do_not_grow_with_the_terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 600) "
    grown = museum_run(
        tmp_path,
        f"INSERT INTO taxonomy_term_data (tid, vid, name, description) {many} SELECT i, 1, 'T' || i, '' FROM n",
        f"INSERT INTO taxonomy_term_hierarchy {many} SELECT i, CASE WHEN i % 3 THEN i - 1 ELSE 0 END FROM n",
    )
    asked: list[str] = []
    plain = grown.site.rows

    def counting(sql: str, *params: Any) -> Any:
        asked.append(sql)
        return plain(sql, *params)

    monkeypatch.setattr(grown.site, "rows", counting)
    assert len(list(term.read(grown))) > 500
    assert len(asked) < 12


def test_a_term_without_a_name_is_left_out_and_what_stands_below_it(tmp_path: Path) -> None:
    ctx = museum_run(
        tmp_path,
        "INSERT INTO taxonomy_term_data (tid, vid, name) VALUES (10, 1, ' '), (11, 1, 'Below')",
        "INSERT INTO taxonomy_term_hierarchy VALUES (10, 0), (11, 10)",
    )
    assert list(items(ctx, "term")) == ["tags/Exhibitions", "tags/Families", "tags/History"]
    assert ctx.notes == [
        "the term 10 of tags has no name, or stands under one that has none: left out",
        "the term 11 of tags has no name, or stands under one that has none: left out",
    ]


def test_a_new_term_has_all_its_rows(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, ICON, *NESTED, "UPDATE taxonomy_vocabulary SET hierarchy = 2")
    new = taxo.term(
        "tags/Families/Ships", description="<p>Big</p>", format="filtered_html", weight=-2,
        parents=["tags/History/Harbour"], aliases=[{"alias": "ships", "language": "de"}], fields={"field_image": CRANE},
    )  # fmt: skip

    tid = term.create(ctx, new)
    term.finish(ctx)

    data = ctx.site.one("SELECT vid, name, description, format, weight FROM {taxonomy_term_data} WHERE tid = ?", [tid])
    assert data == (1, "Ships", "<p>Big</p>", "filtered_html", -2)
    assert above(ctx, int(tid)) == [3, 10]
    assert ctx.site.rows("SELECT alias, language FROM {url_alias} WHERE source = ?", [f"taxonomy/term/{tid}"]) == [
        ("ships", "de")
    ]
    (value,) = rows(ctx, "field_data_field_image", int(tid), "entity_id")[:1]
    assert value[:7] == ("taxonomy_term", "tags", 0, tid, tid, "und", 0)
    assert ctx.site.rows(USES) == [("node", 8, 1), ("taxonomy_term", tid, 1)]
    assert ctx.site.one("SELECT hierarchy FROM {taxonomy_vocabulary} WHERE vid = 1") == (2,)
    assert items(ctx, "term")[new.key].fields == new.fields


def test_a_term_at_the_top_that_has_other_parents_stands_in_both_places(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    tid = term.create(ctx, taxo.term("tags/Ships", parents=["tags/History"]))
    assert above(ctx, int(tid)) == [0, 2]
    assert items(ctx, "term")["tags/Ships"].fields["parents"] == ["tags/History"]


def test_a_renamed_parent_keeps_its_row_and_what_stands_below_it(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, *NESTED)
    live = items(ctx, "term")
    for old, new in (
        ("tags/History", "tags/Past"),
        ("tags/History/Harbour", "tags/Past/Harbour"),
        ("tags/History/Harbour/Crane", "tags/Past/Harbour/Crane"),
    ):
        fields = {**live[old].fields, "name": new.rpartition("/")[2]}
        term.update(ctx, live[old], replace(live[old], key=new, fields=fields))

    assert [ctx.keys.local_id("term", key) for key in ("tags/Past", "tags/Past/Harbour")] == [2, 10]
    assert ctx.keys.local_id("term", "tags/History") is None
    assert above(ctx, 11) == [10]
    assert above(ctx, 12) == [3, 10]


def test_a_file_that_a_term_no_longer_has_is_used_once_less(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, ICON)
    tid = int(term.create(ctx, taxo.term("tags/Ships", fields={"field_image": CRANE})))
    live = items(ctx, "term")["tags/Ships"]

    text = taxo.term("tags/Ships", fields={"field_image": {"und": [{**CRANE["und"][0], "alt": "Another text"}]}})
    term.update(ctx, live, text)
    assert ctx.site.rows(USES) == [("node", 8, 1), ("taxonomy_term", tid, 1)]

    term.update(ctx, items(ctx, "term")["tags/Ships"], taxo.term("tags/Ships"))
    assert ctx.site.rows(USES) == [("node", 8, 1)]
    assert ctx.notes == []


def test_with_a_term_go_its_values_its_aliases_and_the_files_that_only_it_uses(tmp_path: Path) -> None:
    ctx = museum_run(
        tmp_path,
        ICON,
        "INSERT INTO file_managed (fid, uid, filename, uri, filemime, filesize, status, timestamp) "
        "VALUES (9, 1, 'icon.png', 'public://icon.png', 'image/png', 1, 1, 1)",
    )
    icon = {"und": [{"fid": "file:public://icon.png"}]}
    aliases: Any = [{"alias": "ships", "language": "und"}]
    tid = int(term.create(ctx, taxo.term("tags/Ships", fields={"field_image": icon}, aliases=aliases)))

    term.delete(ctx, items(ctx, "term")["tags/Ships"])

    for table in ("taxonomy_term_data", "taxonomy_term_hierarchy"):
        assert rows(ctx, table, tid) == []
    for table in ("field_data_field_image", "field_revision_field_image"):
        assert ctx.site.rows(f"SELECT * FROM {{{table}}} WHERE entity_type = 'taxonomy_term'") == []
    assert ctx.site.rows("SELECT * FROM {url_alias} WHERE alias = 'ships'") == []
    assert ctx.site.rows("SELECT * FROM {file_managed} WHERE fid = 9") == []
    assert ctx.notes == [
        "nothing uses public://icon.png any more: Drupal no longer knows it, delete the file itself by hand"
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(["1", "2", "3"], {0: "1", 2: "3"}, id="from the middle"),
        pytest.param(["1", "2"], ["1"], id="from the end"),
        pytest.param({5: "2"}, [], id="the only one"),
        pytest.param([1, 2], [1], id="numbers"),
    ],
)
def test_a_container_of_forums_leaves_the_list_of_them(tmp_path: Path, before: Any, after: Any) -> None:
    ctx = museum_run(tmp_path)
    ctx.site.insert("variable", {"name": "forum_containers", "value": encode(before)})
    term.delete(ctx, items(ctx, "term")["tags/History"])
    (value,) = ctx.site.one("SELECT value FROM {variable} WHERE name = 'forum_containers'") or ("",)
    assert decode(as_bytes(value)) == after


def test_links_in_a_description_are_named_and_found_again(tmp_path: Path) -> None:
    raw = '<a href="/node/5">us</a> <a href="/taxonomy/term/2">then</a>'
    ctx = museum_run(tmp_path, f"UPDATE taxonomy_term_data SET description = '{raw}' WHERE tid = 1")
    live = items(ctx, "term")["tags/Exhibitions"]
    assert live.fields["description"] == '<a href="/node:page/about">us</a> <a href="/term:tags/History">then</a>'

    term.update(ctx, live, replace(live, fields={**live.fields, "weight": 3}))

    assert ctx.site.one("SELECT description FROM {taxonomy_term_data} WHERE tid = 1") == (raw,)
    assert LATER not in ctx.left


def test_links_to_what_is_written_later_are_settled_at_the_end(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, SUBTITLE)
    link = '<a href="/node:page/tides">t</a>'
    tid = term.create(
        ctx, taxo.term("tags/Ships", description=link, fields={"field_subtitle": {"und": [{"value": link}]}})
    )
    nid = node.create(ctx, nodes.new("page/tides", "Tides"))

    term.finish(ctx)

    local = f'<a href="/node/{nid}">t</a>'
    assert ctx.site.one("SELECT description FROM {taxonomy_term_data} WHERE tid = ?", [tid]) == (local,)
    for table in ("field_data_field_subtitle", "field_revision_field_subtitle"):
        sql = f"SELECT field_subtitle_value FROM {{{table}}} WHERE entity_type = 'taxonomy_term'"
        assert ctx.site.rows(sql) == [(local,)]


@pytest.mark.parametrize(
    ("key", "revisions"), [("tags/Past", 1), ("tags/Families", 2)], ids=["renamed", "another term"]
)
def test_a_node_keeps_its_revision_where_its_term_only_got_another_name(
    tmp_path: Path, key: str, revisions: int
) -> None:
    ctx = nodes.run(nodes.museum(tmp_path), "article")
    crane = next(item for item in node.read(ctx) if item.local_id == 8)
    fields = deepcopy(crane.fields)
    named: Any = fields["fields"]
    assert named["field_tags"]["und"][1] == {"tid": "term:tags/History"}
    named["field_tags"]["und"][1] = {"tid": f"term:{key}"}
    ctx.keys.assign("term", 2, "tags/Past")  # as the update of the term does

    node.update(ctx, crane, replace(crane, fields=fields))

    assert ctx.site.one("SELECT COUNT(*) FROM {node_revision} WHERE nid = 8") == (revisions,)
    assert (ctx.site.one("SELECT changed FROM {node} WHERE nid = 8") == (nodes.NOW,)) is (revisions == 2)


PATHAUTO = (
    "CREATE TABLE pathauto_state (entity_type VARCHAR(32), entity_id INTEGER, pathauto INTEGER, "
    "PRIMARY KEY (entity_type, entity_id))",
    "INSERT INTO pathauto_state VALUES ('taxonomy_term', 1, 1), ('node', 1, 0)",
)


def test_whether_pathauto_may_replace_an_alias_goes_with_the_term(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, *PATHAUTO)
    found = items(ctx, "term")
    assert [item.fields["pathauto"] for item in found.values()] == [True, None, None]
    live = found["tags/Exhibitions"]
    tid = term.create(ctx, taxo.term("tags/Ships", pathauto=False))
    term.update(ctx, live, replace(live, fields={**live.fields, "pathauto": None}))
    sql = "SELECT entity_type, entity_id, pathauto FROM {pathauto_state} ORDER BY 1, 2"
    assert ctx.site.rows(sql) == [("node", 1, 0), ("taxonomy_term", tid, 0)]
    term.delete(ctx, items(ctx, "term")["tags/Ships"])
    assert ctx.site.rows(sql) == [("node", 1, 0)]


def test_terms_may_name_each_other(tmp_path: Path) -> None:
    related = SUBTITLE.replace("field_subtitle", "field_tags")
    ctx = museum_run(tmp_path, related)
    for key, other in (("tags/Ships", "tags/Boats"), ("tags/Boats", "tags/Ships")):
        term.create(ctx, taxo.term(key, fields={"field_tags": {"und": [{"tid": f"term:{other}"}]}}))
    term.finish(ctx)
    found = items(ctx, "term")
    assert found["tags/Ships"].fields["fields"] == {"field_tags": {"und": [{"tid": "term:tags/Boats"}]}}
    assert found["tags/Boats"].fields["fields"] == {"field_tags": {"und": [{"tid": "term:tags/Ships"}]}}


TAGGED = (
    "INSERT INTO field_config_instance (field_id, field_name, entity_type, bundle, data, deleted) SELECT field_id, "
    "field_name, '{entity}', '{bundle}', data, 0 FROM field_config_instance WHERE field_name = 'field_tags'",
    "INSERT INTO field_data_field_tags (entity_type, bundle, deleted, entity_id, revision_id, language, delta, "
    "field_tags_tid) VALUES ('{entity}', '{bundle}', 0, {id}, {id}, 'und', 0, 10)",
)


@pytest.mark.parametrize(
    ("entity", "bundle", "number", "told"),
    [
        pytest.param("user", "user", 1, "1 user", id="a user"),
        pytest.param("comment", "comment_node_page", 1, "1 comment", id="a comment"),
        pytest.param("taxonomy_term", "tags", 1, "1 term", id="another term"),
        pytest.param("node", "article", 9, "1 node", id="a node that no index knows"),
    ],
)
def test_a_term_that_something_of_the_site_has_does_not_go(
    tmp_path: Path, entity: str, bundle: str, number: int, told: str
) -> None:
    statements = [one.format(entity=entity, bundle=bundle, id=number) for one in TAGGED[entity == "node" :]]
    ctx = museum_run(
        tmp_path,
        "INSERT INTO taxonomy_term_data (tid, vid, name) VALUES (10, 1, 'Harbour')",
        "INSERT INTO taxonomy_term_hierarchy VALUES (10, 0)",
        "DELETE FROM field_data_field_tags WHERE entity_id = 9",
        *statements,
    )
    assert refusal(ctx, items(ctx, "term")["tags/Harbour"]) == (
        f"term:tags/Harbour cannot be deleted: {told} of this site have it\n"
        "  where: term:tags/Harbour\n"
        "  mend:  take it from them on the site first, or keep it in the tree"
    )


def test_a_term_that_published_nodes_have_does_not_go(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    assert refusal(ctx, items(ctx, "term")["tags/History"]) == (
        "term:tags/History cannot be deleted: 2 nodes of this site have it\n"
        "  where: term:tags/History\n"
        "  mend:  take it from them on the site first, or keep it in the tree"
    )


def test_a_term_goes_whose_nodes_go_too(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    for nid in (8, 10):
        ctx.keys.assign("node", nid, f"article/{nid}")
    assert refusal(ctx, items(ctx, "term")["tags/History"], "node:article/8", "node:article/10") == ""


def test_a_term_with_others_below_that_only_the_site_has_does_not_go(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, *NESTED)
    assert refusal(ctx, items(ctx, "term")["tags/History/Harbour"], "term:tags/Families/Boats") == (
        "term:tags/History/Harbour cannot be deleted: 1 term of this site stand below it (tags/History/Harbour/Crane …)\n"
        "  where: term:tags/History/Harbour\n"
        "  mend:  export them, and say where they go; or delete them on the site"
    )


def test_a_term_goes_with_what_stands_below_it_and_with_what_also_stands_elsewhere(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, *NESTED)
    harbour = items(ctx, "term")["tags/History/Harbour"]
    assert refusal(ctx, harbour, "term:tags/History/Harbour/Crane") == ""  # Boats stands under Families, too
    assert get_variable(ctx.site, "forum_containers") is None
