"""Content types on a site: the row, the page to add content, the link to it; what is refused, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from drupalsync.kinds import Item, content_type
from drupalsync.kinds.content_type import TypeInUse
from drupalsync.kinds.fields import FieldProblem
from drupalsync.php import decode
from drupalsync.site import as_bytes, get_variable, set_variable
from support.fields import changed, live, on_museum, told

if TYPE_CHECKING:
    from pathlib import Path

    from drupalsync.kinds import Context

TYPE: Final = content_type.KIND
LINK: Final = "SELECT menu_name, plid, router_path, link_title, module, customized, hidden, depth, options FROM {menu_links} WHERE link_path = ?"


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return on_museum(tmp_path)


def new(key: str = "big_event", **fields: Any) -> Item:
    document = {"content_type": key, "name": "Big event", "description": "An event & <more>", **fields}
    return next(TYPE.load(f"content_types/{key}.yml", document))  # type: ignore[arg-type]


def link(ctx: Context, path: str) -> tuple[Any, ...]:
    (row,) = ctx.site.rows(LINK, [path])
    return *row[:-1], decode(as_bytes(row[-1]))


def test_a_new_type_has_its_row_its_page_and_its_link(ctx: Context) -> None:
    ((above, menu),) = ctx.site.rows("SELECT mlid, menu_name FROM {menu_links} WHERE link_path = 'node/add'")

    TYPE.create(ctx, new(help="line\r\ntwo", title_label="Heading"))

    columns = (
        "name, base, module, description, help, has_title, title_label, custom, modified, locked, disabled, orig_type"
    )
    assert ctx.site.rows(f"SELECT {columns} FROM {{node_type}} WHERE type = 'big_event'") == [
        ("Big event", "node_content", "node", "An event & <more>", "line\r\ntwo", 1, "Heading", 1, 1, 0, 0, "big_event")
    ]
    title = {"attributes": {"title": "An event & <more>"}}
    assert link(ctx, "node/add/big-event") == (menu, above, "node/add/big-event", "Big event", "system", 0, 0, 2, title)
    page = "SELECT access_arguments, page_callback, page_arguments, fit, number_parts, type, title, description FROM {menu_router} "
    ((access, *rest),) = ctx.site.rows(f"{page} WHERE path = 'node/add/big-event'")
    assert decode(as_bytes(access)) == ["create", "big_event"]
    assert rest[0] == "node_add"
    assert decode(as_bytes(rest[1])) == ["big_event"]
    assert rest[2:] == [7, 3, 6, "Big event", "An event & <more>"]
    assert get_variable(ctx.site, "menu_rebuild_needed", False) is True
    assert live(ctx, "content_type")["big_event"].fields == new(help="line\r\ntwo", title_label="Heading").fields


def test_a_changed_type_gives_its_page_and_its_link_the_new_words(ctx: Context) -> None:
    TYPE.create(ctx, new())
    old = live(ctx, "content_type")["big_event"]

    TYPE.update(ctx, old, changed(old, name="Event", description=""))

    assert link(ctx, "node/add/big-event")[3::5] == ("Event", [])
    assert ctx.site.rows("SELECT title, description FROM {menu_router} WHERE path = 'node/add/big-event'") == [
        ("Event", "")
    ]


def test_a_link_that_somebody_changed_stays_as_it_is(ctx: Context) -> None:
    TYPE.create(ctx, new())
    ctx.site.update("menu_links", {"customized": 1, "link_title": "Party"}, {"link_path": "node/add/big-event"})
    old = live(ctx, "content_type")["big_event"]

    TYPE.update(ctx, old, changed(old, name="Event"))

    assert link(ctx, "node/add/big-event")[3] == "Party"


def test_a_deleted_type_takes_its_page_its_link_and_its_settings_of_comments_along(ctx: Context) -> None:
    TYPE.create(ctx, new())
    for name in (
        "comment_big_event",
        "node_preview_big_event",
        "field_bundle_settings_node__big_event",
        "node_options_big_event",
    ):
        set_variable(ctx.site, name, 1)
    item = live(ctx, "content_type")["big_event"]

    assert list(TYPE.losses(ctx, item, ())) == []
    TYPE.delete(ctx, item)

    assert "big_event" not in live(ctx, "content_type")
    assert ctx.site.rows(LINK, ["node/add/big-event"]) == []
    assert ctx.site.rows("SELECT path FROM {menu_router} WHERE path = 'node/add/big-event'") == []
    assert ctx.site.rows("SELECT name FROM {variable} WHERE name LIKE '%big_event'") == [("node_options_big_event",)]


def test_a_type_with_nodes_is_not_deleted_unless_they_go_too(ctx: Context) -> None:
    item = live(ctx, "content_type")["article"]
    rows = ctx.site.rows("SELECT nid FROM {node} WHERE type = 'article'")

    with pytest.raises(TypeInUse) as caught:
        list(TYPE.losses(ctx, item, ()))

    assert (caught.value.what, caught.value.hint) == (
        f"content_type:article cannot be deleted: {len(rows)} nodes of this site are of it",
        "delete them on the site first, or keep its file",
    )


def test_a_type_with_a_field_that_the_tree_never_knew_is_not_deleted(tmp_path: Path) -> None:
    ctx = on_museum(tmp_path, "DELETE FROM node WHERE type = 'page'")
    item = live(ctx, "content_type")["page"]
    going = {f"field_instance:{key}" for key in live(ctx, "field_instance")} - {"field_instance:node/page/body"}

    with pytest.raises(TypeInUse, match="this site has node/page/body, of which the tree never knew"):
        list(TYPE.losses(ctx, item, going))


def test_a_type_that_a_module_makes_is_not_deleted(ctx: Context) -> None:
    TYPE.create(ctx, new("poll", base="poll", name="Poll"))

    with pytest.raises(TypeInUse, match="the module poll makes it anew"):
        list(TYPE.losses(ctx, live(ctx, "content_type")["poll"], ()))


def test_a_type_that_drupal_switched_off_with_its_module_is_none_nor_are_its_fields(tmp_path: Path) -> None:
    ctx = on_museum(tmp_path, "UPDATE node_type SET disabled = 1 WHERE type = 'page'")

    assert list(live(ctx, "content_type")) == ["article"]
    assert not [key for key in live(ctx, "field_instance") if "page" in key]
    assert told(ctx, new("page")) == [
        "content_type:page is there, but Drupal has switched it off | content_types/page.yml | "
        "does node still declare it? clear the site's caches (drush cc all), then again"
    ]


BAD: Final = [
    pytest.param(
        new("Big-Event"),
        "'Big-Event' cannot be the name of a content type | content_types/Big-Event.yml | lower case letters, digits and _",
        id="key",
    ),
    pytest.param(new("theme"), "'theme' cannot be the name of a content type", id="reserved key"),
    pytest.param(new("0"), "'0' cannot be the name of a content type", id="zero"),
    pytest.param(new("x" * 33), "type has 33 characters; there is room for 32", id="long key"),
    pytest.param(new(name="N" * 256), "name has 256 characters; there is room for 255 | content_types/big_event.yml name", id="long name"),
    pytest.param(new(name=" "), "content_type:big_event has no name | content_types/big_event.yml name | name: what editors read", id="no name"),
    pytest.param(new(title_label="T" * 256), "title_label has 256 characters; there is room for 255", id="long label"),
    pytest.param(
        new(module="calendar"),
        "content_type:big_event needs the module calendar, which is off | content_types/big_event.yml | drush en calendar",
        id="module",
    ),
    pytest.param(new(extra={"colour": "red"}), "{node_type} has no column colour on this site", id="column"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "what"), BAD)
def test_what_the_site_cannot_have_is_refused(ctx: Context, item: Item, what: str) -> None:
    found = told(ctx, item)

    assert len(found) == 1, found
    assert found[0].startswith(what)


def test_a_name_that_another_type_has_is_refused(ctx: Context) -> None:
    ((name,),) = ctx.site.rows("SELECT name FROM {node_type} WHERE type = 'page'")

    assert told(ctx, new(name=name)) == [
        f"content_type:big_event is called {name!r}, as content_type:page is | content_types/big_event.yml name | "
        "call it otherwise"
    ]


def test_a_new_type_whose_comments_have_no_text_is_told_of(ctx: Context) -> None:
    assert told(ctx, new()) == []

    assert ctx.notes == [
        "content_type:big_event has no comment_body among its comment_fields: comments on it will have no text"
    ]


def test_what_the_site_has_can_be_written(ctx: Context) -> None:
    for item in live(ctx, "content_type").values():
        assert told(ctx, item) == []


@pytest.mark.parametrize(
    ("document", "what"),
    [
        pytest.param({"name": "A"}, "the file does not say which content type it is", id="no key"),
        pytest.param({"content_type": "a"}, "the field 'name' is missing", id="no name"),
        pytest.param({"content_type": "a", "name": 4}, "this must be a text, not the number 4", id="name"),
        pytest.param(
            {"content_type": "a", "name": "A", "locked": "no"}, "this must be true or false, not a text", id="flag"
        ),
        pytest.param({"content_type": "a", "name": "A", "feilds": {}}, "unknown field 'feilds'", id="misspelt"),
        pytest.param({"content_type": "a", "name": "A", "fields": {"b": "text"}}, "this must be a mapping", id="field"),
    ],
)
def test_a_file_that_says_nothing_that_can_be_read_is_refused(document: Any, what: str) -> None:
    with pytest.raises(FieldProblem, match=what):
        list(TYPE.load("content_types/a.yml", document))
