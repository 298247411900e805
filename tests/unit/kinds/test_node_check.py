"""What a node of the tree must not be, said before anything is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.kinds import Item, node
from drupalsync.php import encode
from support.nodes import museum, new, nodes, run, with_fields

HTML = "full_html"


def problems(tmp_path: Path, item: Item, *others: Item, statements: tuple[str, ...] = ()) -> list[str]:
    ctx = run(museum(tmp_path, *statements), "page", "poll", "nothing")
    desired = {one.address: one for one in (item, *others)}
    return [str(problem) for problem in node.check(ctx, item, desired)]


def test_a_good_node_has_no_problem(tmp_path: Path) -> None:
    good = new(
        "page/x", "X", language="de", aliases=["x"],
        fields={"body": {"value": '<a href="/node:page/about">us</a>', "format": HTML}, "field_price": "9.00", "field_subtitle": "Hm"},
    )  # fmt: skip
    assert problems(tmp_path, good) == []


def test_what_is_there_has_no_problem(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path), "page", "article")
    live = nodes(ctx)
    desired = {item.address: item for item in live.values()}
    assert [problem for item in live.values() for problem in node.check(ctx, item, desired)] == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"title": " "}, "needs a title", id="no title"),
        pytest.param({"title": "x" * 256}, "256 characters", id="a long title"),
        pytest.param({"author": "ana"}, "did you mean anna?", id="an author with a slip"),
        pytest.param({"created": "2011-13-01T00:00:00Z"}, "is no time", id="a month too many"),
        pytest.param({"language": "fr"}, "language:fr", id="a language that is off"),
        pytest.param({"aliases": [{"alias": "y", "language": "fr"}]}, "language:fr", id="an alias in such a language"),
        pytest.param({"aliases": ["about"]}, "leads to node/5 already", id="an alias that is taken"),
        pytest.param({"aliases": ["/y"]}, "cannot be an alias", id="an alias with a slash"),
        pytest.param({"pathauto": False}, "pathauto keeps no states", id="no pathauto"),
        pytest.param({"extra": {"shade": 1}}, "no column shade", id="an unknown column"),
        pytest.param(
            {"translation_of": "page/about", "language": "de"}, "cannot be translated", id="a type without translations"
        ),
        pytest.param({"book": {"in": "page/x"}}, "no books", id="no book module"),
        pytest.param({"fields": {"field_subtitel": "x"}}, "did you mean field_subtitle?", id="a field with a slip"),
        pytest.param(
            {"fields": {"field_tags": "term:tags/History"}}, "no field field_tags", id="a field of another type"
        ),
        pytest.param({"fields": {"field_price": 8.5}}, "is a text, not 8.5", id="a decimal without quotes"),
        pytest.param({"fields": {"field_price": "8.5"}}, "write '8.50'", id="a decimal with too few digits"),
        pytest.param({"fields": {"field_subtitle": "x" * 121}}, "takes 120", id="too long"),
        pytest.param({"fields": {"field_subtitle": ["a", "b"]}}, "takes 1 values, not 2", id="too many"),
        pytest.param(
            {"fields": {"field_subtitle": {"valu": "a"}}}, "has no column valu", id="an unknown column of a field"
        ),
        pytest.param(
            {"fields": {"body": {"value": "x", "format": "php"}}}, "text_format:php", id="a format that is not there"
        ),
        pytest.param(
            {"fields": {"body": {"value": '<a href="/node/5">', "format": HTML}}},
            "node:page/about",
            id="an id in a text",
        ),
        pytest.param(
            {"fields": {"body": {"value": '<a href="/node:page/z">', "format": HTML}}},
            "page/z is neither",
            id="a dead link",
        ),
        pytest.param(
            {"fields": {"body": {"languages": {"fr": "x"}}}}, "language:fr", id="a field in a language that is off"
        ),
    ],
)
def test_what_the_site_cannot_have_is_said_with_a_mend(tmp_path: Path, fields: dict[str, Any], said: str) -> None:
    item = new("page/x", **{"title": "X", **fields})
    found = problems(tmp_path, item)
    assert len(found) == 1
    assert said in found[0]
    assert "node:page/x" in found[0]
    assert "mend:" in found[0]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        pytest.param("field_tags", {"tid": 3}, "ids differ from site to site", id="a bare id"),
        pytest.param("field_tags", "term:tags/Histories", "did you mean tags/History", id="a term with a slip"),
        pytest.param(
            "field_image", {"file": "public://none.png"}, "file:public://none.png", id="a file that is not there"
        ),
        pytest.param(
            "field_image", {"file": "public://crane.jpg", "width": "9"}, "is a whole number", id="a number in quotes"
        ),
    ],
)
def test_references_are_checked(tmp_path: Path, field: str, value: Any, said: str) -> None:
    ctx = run(museum(tmp_path), "article")
    (found,) = node.check(ctx, new("article/x", "X", fields={field: value}), {})
    assert said in str(found)


@pytest.mark.parametrize(
    ("type_", "allowed", "value", "taken"),
    [
        pytest.param("list_text", {"a": "A", 0: "None"}, "0", True, id="an integer key"),
        pytest.param("list_text", {"a": "A"}, "b", False, id="another text"),
        pytest.param("list_text", {"Few": {"a": "A"}, "Many": {"b": "B"}}, "b", True, id="a value in a group"),
        pytest.param("list_text", {"Few": {"a": "A"}}, "Few", False, id="the group itself"),
        pytest.param("list_text", {"a": "A"}, "", True, id="no value, as Drupal sees it"),
        pytest.param("list_float", {0: "zero", "0.5": "half", 2: "two"}, 2.0, True, id="a whole number"),
        pytest.param("list_float", {"0.5": "half"}, 0.0, True, id="nought, which Drupal does not look at"),
        pytest.param("list_float", {"0.5": "half"}, 0.25, False, id="another number"),
    ],
)
def test_the_allowed_values_of_a_list_are_checked(
    tmp_path: Path, type_: str, allowed: Any, value: str | float, taken: bool
) -> None:
    data = encode({"settings": {"allowed_values": allowed}}).decode()
    column = "FLOAT" if type_ == "list_float" else "VARCHAR(255)"
    tables = "".join(
        f"ALTER TABLE {table} DROP COLUMN field_subtitle_value; ALTER TABLE {table} ADD COLUMN field_subtitle_value {column};"
        for table in ("field_data_field_subtitle", "field_revision_field_subtitle")
    )
    declare = f"UPDATE field_config SET type = '{type_}', module = 'list', data = '{data}' WHERE field_name = 'field_subtitle'"

    found = problems(tmp_path, new("page/x", "X", fields={"field_subtitle": value}), statements=(tables, declare))

    assert (found == []) is taken, found
    assert taken or "one of: " in found[0]


def test_a_type_that_nobody_selected_or_made_is_refused(tmp_path: Path) -> None:
    found = problems(tmp_path, new("landing/x", "X"))
    assert "does not select nodes of the type landing" in found[0]
    assert "content_type:landing is neither" in found[1]


def test_a_poll_is_refused(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, new("poll/x", "X"))
    assert "more than its fields" in found


def test_an_alias_may_pass_from_one_node_to_another(tmp_path: Path) -> None:
    ctx = run(museum(tmp_path))
    about = with_fields(nodes(ctx)["page/about"], aliases=[])
    item = new("page/x", "X", aliases=["about"])
    assert list(node.check(ctx, item, {about.address: about})) == []


def test_a_translation_of_a_translation_is_refused(tmp_path: Path) -> None:
    statement = "INSERT INTO variable VALUES ('language_content_type_page', 'i:2;')"
    middle = new("page/m", "M", language="en", translation_of="page/about")
    (found,) = problems(
        tmp_path, new("page/x", "X", language="de", translation_of="page/m"), middle, statements=(statement,)
    )
    assert "is a translation itself" in found


def test_a_translation_needs_a_source_and_a_language(tmp_path: Path) -> None:
    statement = "INSERT INTO variable VALUES ('language_content_type_page', 'i:2;')"
    found = problems(tmp_path, new("page/x", "X", translation_of="page/nowhere"), statements=(statement,))
    assert [
        part in whole for part, whole in zip(("page/nowhere is neither", "needs a language"), found, strict=True)
    ] == [True, True]


def test_a_page_needs_a_book_that_is_one(tmp_path: Path) -> None:
    table = "CREATE TABLE book (mlid INTEGER PRIMARY KEY, nid INTEGER, bid INTEGER)"
    (found,) = problems(tmp_path, new("page/x", "X", book={"in": "page/about"}), statements=(table,))
    assert "page/about is no book" in found
    (tmp_path / "museum.sqlite").unlink()
    first = new("page/first", "F", book={"in": "page/first"})
    assert problems(tmp_path, new("page/x", "X", book={"in": "page/first"}), first, statements=(table,)) == []


def test_a_decimal_of_a_contributed_field_has_as_many_digits_as_it_needs(tmp_path: Path) -> None:
    column = "".join(
        f"ALTER TABLE {table} DROP COLUMN field_price_value; ALTER TABLE {table} ADD COLUMN field_price_value NUMERIC(18, 12);"
        for table in ("field_data_field_price", "field_revision_field_price")
    )
    declare = "UPDATE field_config SET type = 'geofield', module = 'geofield' WHERE field_name = 'field_price'"
    found = {
        written: problems(tmp_path, new("page/x", "X", fields={"field_price": written}), statements=(column, declare))
        for written in ("-9.7842564", "-9.784256400", "9.1234567890123")
    }
    assert found["-9.7842564"] == []
    assert "write '-9.7842564'" in found["-9.784256400"][0]
    assert "keeps 12 digits" in found["9.1234567890123"][0]
