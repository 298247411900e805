"""Fields on a site: what is read, and which rows a write leaves. The rows are what Drupal's API would write."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.kinds import field
from drupalsync.kinds.fields import FieldProblem
from drupalsync.php import decode
from drupalsync.site import Stale, as_bytes
from drupalsync.site.ddl import create_table
from support.fields import changed, live, on_museum

if TYPE_CHECKING:
    from pathlib import Path

    from drupalsync.kinds import Context, Item

STORED = {"type": "field_sql_storage", "settings": {}, "module": "field_sql_storage", "active": 1}


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return on_museum(tmp_path)


def new(key: str = "field_new", **fields: Any) -> Item:
    document = {"field": key, "type": "text", "module": "text", **fields}
    return next(field.load(f"fields/{key}.yml", document))


def row(ctx: Context, name: str) -> tuple[Any, ...]:
    """The field's row, its data unpacked (an empty array as a mapping)."""
    columns = "type, module, active, storage_type, storage_module, storage_active, locked, cardinality, translatable, deleted, data"
    found = ctx.site.one(f"SELECT {columns} FROM {{field_config}} WHERE field_name = ?", [name])
    assert found is not None
    return *found[:-1], _plain(decode(as_bytes(found[-1])))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {_plain(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list):
        return {at: _plain(member) for at, member in enumerate(value)}
    return value.decode() if isinstance(value, bytes) else value


def picture(ctx: Context, uri: str = "public://ship.png") -> int:
    """A file that is not in use yet; returns its fid."""
    return ctx.site.insert(
        "file_managed",
        {
            "uri": uri,
            "filename": "ship.png",
            "filemime": "image/png",
            "filesize": 1,
            "status": 0,
            "timestamp": 1,
            "uid": 1,
        },
    )


def uses(ctx: Context, fid: int) -> list[tuple[Any, ...]]:
    return ctx.site.rows("SELECT module, type, id, count FROM {file_usage} WHERE fid = ?", [fid])


def test_a_new_field_has_the_row_that_drupal_gives_it(ctx: Context) -> None:
    item = new(settings={"max_length": 80}, cardinality=3)

    field.create(ctx, item)

    assert row(ctx, "field_new") == (
        "text", "text", 1, "field_sql_storage", "field_sql_storage", 1, 0, 3, 0, 0,
        {
            "settings": {"max_length": 80},
            "entity_types": {},
            "translatable": False,
            "storage": STORED,
            "foreign keys": {"format": {"table": "filter_format", "columns": {"format": "format"}}},
            "indexes": {"format": {0: "format"}},
        },
    )  # fmt: skip
    assert live(ctx, "field")["field_new"] == item
    assert Stale("cache_field", "*") in ctx.site.caches.stale()


def test_a_file_that_says_no_indexes_means_those_of_its_type_and_one_that_says_none_means_none(ctx: Context) -> None:
    whole = new(type="list_text", module="list")
    bare = new("field_bare", type="list_text", module="list", indexes={}, foreign_keys={})
    field.create(ctx, whole)
    field.create(ctx, bare)

    for item in (whole, bare):
        found = live(ctx, "field")[item.key]
        assert found == item
        written = field.dump([found], None)
        assert next(field.load("fields/x.yml", written)).fields == item.fields
        assert field.dump([found], written) == written
    assert whole.fields["indexes"] == {"value": ["value"]}
    assert field.dump([live(ctx, "field")["field_bare"]], None)["indexes"] == {}  # type: ignore[index,call-overload]


def test_contributed_modules_that_cache_fields_have_that_cleared(tmp_path: Path) -> None:
    module = "INSERT INTO system (filename, name, type, status, info) VALUES ('v', 'views', 'module', 1, '')"
    ctx = on_museum(tmp_path, f"{module}; CREATE TABLE cache_views (cid TEXT)")

    field.create(ctx, new())

    assert Stale("cache_views", "*") in ctx.site.caches.stale()
    assert not {"cache_views_data", "cache_token"} & {
        entry.bin for entry in ctx.site.caches.stale()
    }  # the site has none


def test_a_changed_field_has_the_row_that_drupal_leaves_of_one_that_it_read(ctx: Context) -> None:
    old = live(ctx, "field")["field_tags"]

    field.update(ctx, old, changed(old, cardinality=5, locked=True))

    *columns, data = row(ctx, "field_tags")
    assert columns == [
        "taxonomy_term_reference",
        "taxonomy",
        1,
        "field_sql_storage",
        "field_sql_storage",
        1,
        1,
        5,
        0,
        0,
    ]
    assert (data["id"], data["translatable"]) == (str(old.local_id), "0")
    tables = {"field_data_field_tags": {"tid": "field_tags_tid"}}
    revisions = {"field_revision_field_tags": {"tid": "field_tags_tid"}}
    details = {"sql": {"FIELD_LOAD_CURRENT": tables, "FIELD_LOAD_REVISION": revisions}}
    assert data["storage"] == {**STORED, "active": "1", "details": details}
    assert live(ctx, "field")["field_tags"].fields == {**old.fields, "cardinality": 5, "locked": True, "updated": True}


def test_that_drupal_saved_a_field_again_is_no_difference(ctx: Context) -> None:
    old = live(ctx, "field")["field_tags"]
    field.update(ctx, old, changed(old, locked=True))
    now = live(ctx, "field")["field_tags"]

    assert field.fill(changed(old, locked=True), now).fields == now.fields


def test_a_field_that_was_saved_again_is_made_so(ctx: Context) -> None:
    number = field.create(ctx, new(updated=True))

    data = row(ctx, "field_new")[-1]
    assert data["id"] == str(number)
    assert data["storage"]["details"]["sql"]["FIELD_LOAD_CURRENT"] == {
        "field_data_field_new": {"value": "field_new_value", "format": "field_new_format"}
    }
    assert live(ctx, "field")["field_new"].fields["updated"] is True


def test_a_deleted_field_is_marked_and_its_tables_are_renamed_after_the_commit(ctx: Context) -> None:
    item = live(ctx, "field")["field_price"]

    assert list(field.losses(ctx, item, {"field_instance:node/page/field_price"})) == [
        "with field:field_price go the values of 1 entity; a rollback does not bring them back"
    ]
    field.delete(ctx, item)

    assert row(ctx, "field_price")[-2] == 1
    assert ctx.site.rows("SELECT DISTINCT deleted FROM {field_data_field_price}") == [(1,)]
    assert ctx.site.rows("SELECT DISTINCT deleted FROM {field_config_instance} WHERE field_name = 'field_price'") == [
        (1,)
    ]
    assert ctx.site.renames == {
        "field_data_field_price": f"field_deleted_data_{item.local_id}",
        "field_revision_field_price": f"field_deleted_revision_{item.local_id}",
    }
    assert "field_price" not in live(ctx, "field")


def test_the_picture_of_an_image_field_is_in_use(ctx: Context) -> None:
    fid, other = picture(ctx), picture(ctx, "public://other.png")

    image = {"uri_scheme": "public", "default_image": "file:public://ship.png"}
    number = field.create(ctx, new(type="image", module="image", settings=image))
    assert uses(ctx, fid) == [("image", "default_image", number, 1)]
    assert ctx.site.one("SELECT status FROM {file_managed} WHERE fid = ?", [fid]) == (1,)

    old = live(ctx, "field")["field_new"]
    field.update(ctx, old, changed(old, settings={**image, "default_image": "file:public://other.png"}))
    assert (uses(ctx, fid), uses(ctx, other)) == ([], [("image", "default_image", number, 1)])

    field.delete(ctx, live(ctx, "field")["field_new"])
    assert uses(ctx, other) == []


def test_two_new_fields_get_different_ids_in_the_comments_of_their_tables(ctx: Context) -> None:
    (most,) = ctx.site.rows("SELECT MAX(id) FROM {field_config}")[0]
    assert isinstance(most, int)

    tables = list(field.new_tables(ctx, [new("field_a"), new("field_b")]))

    assert [table.comment for table in tables] == [
        f"Data storage for field {most + 1} (field_a)",
        f"Revision archive storage for field {most + 1} (field_a)",
        f"Data storage for field {most + 2} (field_b)",
        f"Revision archive storage for field {most + 2} (field_b)",
    ]


def test_a_field_of_entities_whose_id_is_a_text_has_such_a_column(ctx: Context) -> None:
    data, revisions = field.new_tables(ctx, [new(data={"entity_id_type": "string"})])

    for table in (data, revisions):
        for column in ("entity_id", "revision_id"):
            assert (table.columns[column]["type"], table.columns[column]["length"]) == ("varchar", 128)
            assert "unsigned" not in table.columns[column]


def test_a_field_of_a_contributed_type_says_its_columns(ctx: Context) -> None:
    columns = {
        "url": {"type": "varchar", "length": 2048, "not null": False},
        "title": {"type": "varchar", "length": 255, "not null": True, "default": "it's"},
        "weight": {"type": "int", "unsigned": True, "not null": True, "default": 7},
    }
    item = new(type="link_field", columns=columns)
    for table in field.new_tables(ctx, [item]):
        create_table(ctx.site, table)

    field.create(ctx, item)

    assert live(ctx, "field")["field_new"].fields["columns"] == columns
    assert list(field.dump([live(ctx, "field")["field_new"]], None)) == ["field", "type", "module", "columns"]  # type: ignore[arg-type]


def test_a_fields_queries_do_not_grow_with_their_number(ctx: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    query = ctx.site.db.query
    monkeypatch.setattr(ctx.site.db, "query", lambda sql, params=(): (asked.append(sql), query(sql, params))[1])
    list(field.read(ctx))
    once = len(asked)
    for number in range(5):
        field.create(ctx, new(f"field_{number}"))

    asked.clear()
    list(field.read(ctx))

    assert len(asked) == once


@pytest.mark.parametrize(
    ("written", "means"),
    [
        pytest.param({"b": "B", "a": "A"}, [{"b": "B"}, {"a": "A"}], id="a map, whose order counts"),
        pytest.param({0: "no", 1: "yes"}, ["no", "yes"], id="keys that are places"),
        pytest.param([{"b": "B"}], [{"b": "B"}], id="as an export has it"),
    ],
)
def test_allowed_values_have_one_form(written: Any, means: Any) -> None:
    item = new(type="list_text", module="list", settings={"allowed_values": written})

    assert item.fields["settings"] == {"allowed_values": means}


def test_the_order_of_allowed_values_is_written(ctx: Context) -> None:
    field.create(ctx, new(type="list_text", module="list", settings={"allowed_values": [{"a": "A"}, {"b": "B"}]}))
    old = live(ctx, "field")["field_new"]
    turned = changed(old, settings={"allowed_values": [{"b": "B"}, {"a": "A"}]})

    field.update(ctx, old, turned)

    assert list(row(ctx, "field_new")[-1]["settings"]["allowed_values"]) == ["b", "a"]
    assert live(ctx, "field")["field_new"].fields["settings"] == turned.fields["settings"]


@pytest.mark.parametrize(
    ("document", "what"),
    [
        pytest.param([], "the file does not say which field it is", id="no mapping"),
        pytest.param({"type": "text", "module": "text"}, "the file does not say which field it is", id="no name"),
        pytest.param({"field": "a", "module": "text"}, "the field 'type' is missing", id="no type"),
        pytest.param({"field": "a", "type": "text", "module": "text", "cardinality": "2"}, "this must be a whole number, not a text", id="cardinality"),
        pytest.param({"field": "a", "type": "text", "module": "text", "settings": "x"}, "this must be a mapping, not a text", id="settings"),
        pytest.param({"field": "a", "type": "text", "module": "text", "cardinalty": 2}, "unknown field 'cardinalty'", id="misspelt"),
    ],
)  # fmt: skip
def test_a_file_that_says_nothing_that_can_be_read_is_refused(document: Any, what: str) -> None:
    with pytest.raises(FieldProblem, match=what):
        list(field.load("fields/a.yml", document))


def test_a_row_that_cannot_be_read_is_told_and_left_alone(tmp_path: Path) -> None:
    ctx = on_museum(tmp_path, "UPDATE field_config SET data = 'a:1:{' WHERE field_name = 'body'")

    assert "body" not in live(ctx, "field")
    assert ctx.notes == ["field:body is not exported: what field_config holds of it is cut or corrupt"]
