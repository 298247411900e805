"""What forbids a field, and in which words: nothing of it is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from drupalsync.kinds import field
from drupalsync.kinds._field_check import FieldForbidden
from support.fields import changed, live, on_museum, told

if TYPE_CHECKING:
    from pathlib import Path

    from drupalsync.kinds import Context, Item

LIST: Final[dict[str, Any]] = {"type": "list_text", "module": "list", "settings": {"allowed_values": [{"a": "A"}]}}
FOREIGN: Final[dict[str, Any]] = {
    "type": "link_field",
    "module": "text",
    "columns": {"url": {"type": "varchar", "length": 9}},
}
BIG = "x" * 300


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return on_museum(tmp_path)


def new(key: str = "field_new", **fields: Any) -> Item:
    document = {"field": key, "type": "text", "module": "text", **fields}
    return next(field.load(f"fields/{key}.yml", document))


def listed(type_: str, values: Any) -> Item:
    return new(type=type_, module="list", settings={"allowed_values": values})


def foreign(**column: Any) -> Item:
    return new(**{**FOREIGN, "columns": {"url": {"type": "varchar", "length": 9, **column}}})


GOOD: Final = [
    pytest.param(new(), id="text"),
    pytest.param(new(settings={"max_length": "80"}), id="a length as a form leaves it"),
    pytest.param(new(type="number_decimal", module="number", settings={"precision": 12, "scale": 0}), id="decimal"),
    pytest.param(listed("list_integer", ["Zero", "One"]), id="values whose keys are their places"),
    pytest.param(listed("list_integer", [{-1: "minus"}, {5: "five"}]), id="integers"),
    pytest.param(listed("list_float", [{"0.5": "half"}, {1: "one"}]), id="numbers"),
    pytest.param(listed("list_boolean", [None, None]), id="labels that a form left empty"),
    pytest.param(listed("list_text", [{"Colours": {"r": "Red", "g": "Green"}}]), id="groups"),
    pytest.param(new(**FOREIGN, indexes={"url": ["url"], "cut": [["url", 4]]}), id="a contributed type"),
    pytest.param(foreign(**{"mysql_type": "datetime", "not null": False, "description": "it's?"}), id="its words"),
]


@pytest.mark.parametrize("item", GOOD)
def test_what_drupal_can_make_can_be_written(ctx: Context, item: Item) -> None:
    assert told(ctx, item) == []


PLACE: Final = "fields/field_new.yml"
COLUMN: Final = f"{PLACE} columns/url"
BAD: Final = [
    pytest.param(
        new("Field-New"),
        "'Field-New' cannot be a field's name | fields/Field-New.yml | lower case letters, digits and _, 32 characters at most",
        id="name",
    ),
    pytest.param(new("x" * 33), f"{'x' * 33!r} cannot be a field's name", id="long name"),
    pytest.param(new("9lives"), "'9lives' cannot be a field's name", id="a digit first"),
    pytest.param(new("a; DROP TABLE users"), "'a; DROP TABLE users' cannot be a field's name", id="hostile name"),
    pytest.param(
        new("title"),
        "'title' cannot be a field's name: entities have that already | fields/title.yml | call it field_title",
        id="reserved name",
    ),
    pytest.param(
        new(type="file", module="text"),
        f"the type file is not of the module text | {PLACE} module | module: file",
        id="module",
    ),
    pytest.param(
        new(type="poll", module="poll", columns={"a": {"type": "int"}}),
        f"field:field_new needs the module poll, which is off | {PLACE} | drush en poll",
        id="module off",
    ),
    pytest.param(
        new(type="x" * 129, module="text", columns={"a": {"type": "int"}}),
        f"type has 129 characters; there is room for 128 | {PLACE} type | shorten it",
        id="long type",
    ),
    pytest.param(
        new(type="colour"),
        f"field:field_new is of the type colour, whose columns only its module knows | {PLACE} | "
        "export it from a site that has it: its file then says `columns:`",
        id="unknown type",
    ),
    pytest.param(
        new(cardinality=0),
        f"field:field_new cannot take 0 values | {PLACE} cardinality | -1: any number",
        id="no value at all",
    ),
    pytest.param(new(cardinality=-2), "field:field_new cannot take -2 values", id="fewer than none"),
    pytest.param(
        new(storage={"type": "mongodb", "module": "mongodb", "settings": []}),
        f"field:field_new keeps its values elsewhere, and only Drupal can make that | {PLACE} | "
        "make the field on the site, then import again",
        id="other storage",
    ),
    pytest.param(
        new(settings={"max_length": "long"}),
        f"'long' is no whole number from 1 to 16383 | {PLACE} settings/max_length",
        id="a length that is none",
    ),
    pytest.param(new(settings={"max_length": 0}), "0 is no whole number from 1 to 16383", id="a length of nothing"),
    pytest.param(
        new(type="number_decimal", module="number", settings={"precision": 3, "scale": 4}),
        f"4 digits behind the point are more than 3 digits in all | {PLACE} settings/scale",
        id="more digits behind the point",
    ),
    pytest.param(
        new(type="number_decimal", module="number", settings={"precision": 66}),
        "66 is no whole number from 1 to 65",
        id="too many digits",
    ),
    pytest.param(
        new(type="taxonomy_term_reference", module="taxonomy", settings={"allowed_values": [{"vocabulary": "tagz"}]}),
        "vocabulary:tagz is neither in the tree nor on this site | fields/field_new.yml settings | "
        "create it on the site, correct the name (did you mean tags?), or remove the reference",
        id="vocabulary",
    ),
    pytest.param(
        new(type="image", module="image", settings={"default_image": "file:public://none.png"}),
        "file:public://none.png is neither in the tree nor on this site",
        id="picture",
    ),
    pytest.param(
        listed("list_text", "a|A"),
        f"allowed_values is a list of `- key: label` entries, or of texts | {PLACE} settings/allowed_values | - red: Red",
        id="values as Drupal's form has them",
    ),
    pytest.param(
        listed("list_text", [{"a": "A", "b": "B"}]), "allowed_values is a list of `- key: label`", id="two in one"
    ),
    pytest.param(
        listed("list_text", [{"a": "A"}, "b"]), "allowed_values is a list of `- key: label`", id="some without"
    ),
    pytest.param(
        listed("list_text", [{"a": "A"}, {"a": "B"}]),
        f"a value of allowed_values is there twice | {PLACE} settings/allowed_values",
        id="twice",
    ),
    pytest.param(
        listed("list_integer", [{"one": "1"}]),
        f"the value 'one' of a list_integer must be a whole number | {PLACE} settings/allowed_values",
        id="no integer",
    ),
    pytest.param(
        listed("list_float", [{"1,5": "x"}]), "the value '1,5' of a list_float must be a number", id="no number"
    ),
    pytest.param(
        listed("list_text", [{"x" * 256: "X"}]),
        f"a value has 256 characters; there is room for 255 | {PLACE} settings/allowed_values | shorten it",
        id="long value",
    ),
    pytest.param(
        new(**{**FOREIGN, "columns": {"a b": {"type": "int"}}}),
        f"'a b' cannot be a column's or an index's name | {PLACE} columns/a b",
        id="hostile column",
    ),
    pytest.param(
        new(**{**FOREIGN, "columns": {"c" * 60: {"type": "int"}}}),
        f"field_new_{'c' * 60} has 70 characters; there is room for 64",
        id="long column",
    ),
    pytest.param(
        new(**{**FOREIGN, "columns": {"url": "varchar"}}),
        f"a column is a mapping: type, length, not null … | {COLUMN}",
        id="a column that is no mapping",
    ),
    pytest.param(
        foreign(type="int) , x INT"),
        f"'int) , x INT' is no type of a column | {COLUMN}/type | one of: blob, char",
        id="type",
    ),
    pytest.param(
        foreign(mysql_type="int, evil int"),
        f"'int, evil int' is no type of MySQL that is known here | {COLUMN}/mysql_type",
        id="hostile mysql_type",
    ),
    pytest.param(
        foreign(size="huge"), f"'huge' is no size of a column | {COLUMN}/size | one of: big, medium, normal", id="size"
    ),
    pytest.param(foreign(length="9)"), f"'9)' is no whole number from 1 to 65535 | {COLUMN}/length", id="length"),
    pytest.param(foreign(unsigned="yes"), f"this must be true or false | {COLUMN}/unsigned", id="flag"),
    pytest.param(foreign(default=[1]), f"this must be a text or a number | {COLUMN}/default", id="default"),
    pytest.param(foreign(description=3), f"this must be a text | {COLUMN}/description", id="a text that is a number"),
    pytest.param(
        foreign(auto_increment=True),
        f"auto_increment says nothing about a column | {COLUMN}/auto_increment | known words: description, mysql_type",
        id="unknown word",
    ),
    pytest.param(
        new(**{**FOREIGN, "columns": {"url": {"type": "varchar"}}}),
        f"a varchar needs a length | {COLUMN}",
        id="no length",
    ),
    pytest.param(
        new(indexes={"value": ["nope"]}),
        f"there is no column 'nope' to index | {PLACE} indexes/value | its columns: value, format",
        id="index of nothing",
    ),
    pytest.param(new(indexes={"value": "value"}), f"an index is a list of columns | {PLACE} indexes/value", id="index"),
    pytest.param(
        new(indexes={"v) -- ": ["value"]}), "'v) -- ' cannot be a column's or an index's name", id="hostile index"
    ),
    pytest.param(
        new(indexes={"value": [["value", "1) "]]}),
        f"'1) ' is no whole number from 1 to 3072 | {PLACE}",
        id="hostile cut",
    ),
]


@pytest.mark.parametrize(("item", "what"), BAD)
def test_what_the_site_cannot_have_is_refused(ctx: Context, item: Item, what: str) -> None:
    found = told(ctx, item)

    assert len(found) == 1, found
    assert found[0].startswith(what)


CHANGES: Final = [
    pytest.param(
        "field_subtitle",
        {"type": "text_long"},
        "the type of field:field_subtitle cannot change: it stays what it was made",
        id="type",
    ),
    pytest.param(
        "body",
        {"entity_types": []},
        "the entity types of field:body cannot change: it stays what it was made",
        id="entities",
    ),
    pytest.param(
        "body",
        {"storage": {"type": "x", "module": "x", "settings": {"a": 1}}},
        "the storage of field:body cannot change: it stays what it was made",
        id="storage",
    ),
    pytest.param(
        "body",
        {"indexes": {"format": ["format"], "value": ["value"]}},
        "the indexes of field:body cannot change: that would rebuild its tables",
        id="indexes",
    ),
    pytest.param(
        "field_subtitle",
        {"settings": {"max_length": 60}},
        "max_length of field:field_subtitle cannot change: it decides the column of a table that is there | "
        "field.yml settings/max_length | change it on the site and export it, or make another field",
        id="length",
    ),
    pytest.param(
        "field_price",
        {"settings": {"precision": 10, "scale": 3, "decimal_separator": "."}},
        "scale of field:field_price cannot change: it decides the column",
        id="digits",
    ),
]


@pytest.mark.parametrize(("name", "fields", "what"), CHANGES)
def test_what_would_change_a_table_that_is_there_is_refused(
    ctx: Context, name: str, fields: dict[str, Any], what: str
) -> None:
    found = told(ctx, changed(live(ctx, "field")[name], **fields))

    assert len(found) == 1, found
    assert found[0].startswith(what)


def test_fewer_values_than_content_has_are_refused(ctx: Context) -> None:
    (most,) = ctx.site.rows("SELECT MAX(delta) + 1 FROM {field_data_field_tags}")[0]
    assert isinstance(most, int)
    assert most > 1

    assert told(ctx, changed(live(ctx, "field")["field_tags"], cardinality=most)) == []
    assert told(ctx, changed(live(ctx, "field")["field_tags"], cardinality=most - 1)) == [
        f"field:field_tags cannot take {most - 1} values at most: some content has {most} | field.yml cardinality | "
        "take values out on the site first"
    ]


def test_a_table_that_nobody_needs_is_named(tmp_path: Path) -> None:
    ctx = on_museum(tmp_path, "CREATE TABLE field_data_field_new (x INTEGER)")

    assert told(ctx, new()) == [
        f"the table field_data_field_new is there already, though the site has no such field | {PLACE} | "
        "a leftover? look into it, and drop it"
    ]


def test_a_field_of_a_module_that_is_off_is_not_made_twice(tmp_path: Path) -> None:
    ctx = on_museum(tmp_path, "UPDATE field_config SET active = 0 WHERE field_name = 'field_price'")

    item = new("field_price", type="number_integer", module="number")
    assert told(ctx, item)[0].startswith("field_price is there, but switched off with its module number")


def test_a_field_that_something_has_is_not_deleted(ctx: Context) -> None:
    item = live(ctx, "field")["body"]

    with pytest.raises(FieldForbidden) as caught:
        list(field.losses(ctx, item, {"field:body", "field_instance:node/article/body"}))

    assert (caught.value.what, caught.value.hint) == (
        "field:body cannot be deleted: node/page/body has it still",
        "take that out, too, or keep the field's file",
    )


def test_a_field_whose_values_cron_has_yet_to_purge_is_not_deleted_again(tmp_path: Path) -> None:
    again = "INSERT INTO field_data_body SELECT entity_type, bundle, 1, entity_id, revision_id, language, delta, body_value, "
    ctx = on_museum(tmp_path, f"{again} body_summary, body_format FROM field_data_body LIMIT 1")
    item = live(ctx, "field")["body"]
    going = {"field:body", "field_instance:node/article/body", "field_instance:node/page/body"}

    with pytest.raises(FieldForbidden, match="cron has not purged its values of an earlier deletion"):
        list(field.losses(ctx, item, going))


def test_a_field_whose_tables_could_not_get_their_new_names_is_not_deleted(ctx: Context) -> None:
    item = live(ctx, "field")["body"]
    ctx.site.db.execute(f"CREATE TABLE field_deleted_revision_{item.local_id} (x INTEGER)")
    ctx.site.tables_changed()

    with pytest.raises(FieldForbidden, match=f"the table field_deleted_revision_{item.local_id} is there already"):
        list(field.losses(ctx, item, {f"field_instance:{key}" for key in live(ctx, "field_instance")}))


def test_a_site_without_the_module_is_told_so(tmp_path: Path) -> None:
    ctx = on_museum(tmp_path, "DROP TABLE field_config; DROP TABLE field_config_instance")

    assert told(ctx, new()) == [f"field:field_new needs the module field, which is off | {PLACE} | drush en field"]
