"""Instances of fields: what is read, which rows a write leaves, what is refused. The rows are what Drupal's API would write."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import pytest

from drupalsync.kinds import Item, content_type, field_instance
from drupalsync.kinds._field_check import FieldForbidden
from drupalsync.kinds._instance_check import InstanceProblem
from drupalsync.kinds.fields import FieldProblem
from drupalsync.php import decode, encode
from drupalsync.site import as_bytes
from support.fields import changed, live, on_museum, told

if TYPE_CHECKING:
    from pathlib import Path

    from drupalsync.kinds import Context

PRICE: Final = "node/page/field_price"
WIDGET: Final[dict[str, Any]] = {"type": "number", "weight": 0, "settings": [], "module": "number"}


@pytest.fixture
def ctx(tmp_path: Path) -> Context:
    return on_museum(tmp_path)


def new(key: str = "node/article/field_price", **fields: Any) -> Item:
    entity, bundle, name = key.split("/")
    document: Any = {"bundle": f"{entity}/{bundle}", "fields": {name: {"label": "New", "widget": WIDGET, **fields}}}
    (item,) = content_type.KIND.load(f"bundles/{entity}/{bundle}.yml", document)
    return item


def data(ctx: Context, key: str) -> Any:
    """What the serialized column of an instance holds."""
    entity, bundle, name = key.split("/")
    row = ctx.site.one(
        "SELECT data FROM {field_config_instance} WHERE entity_type = ? AND bundle = ? AND field_name = ? AND deleted = 0",
        [entity, bundle, name],
    )
    assert row is not None
    return decode(as_bytes(row[0]))


def keep(ctx: Context, key: str, value: Any) -> None:
    """Has the site hold this data of an instance."""
    number = live(ctx, "field_instance")[key].local_id
    ctx.site.update("field_config_instance", {"data": encode(value)}, {"id": number})


def test_a_new_instance_has_the_row_that_drupal_gives_it(ctx: Context) -> None:
    item = new(required=True, description="What it costs.", display={"default": {"type": "hidden", "label": "above"}})

    number = field_instance.create(ctx, item)

    assert ctx.site.one(
        "SELECT field_name, entity_type, bundle, deleted FROM {field_config_instance} WHERE id = ?", [number]
    ) == (
        "field_price",
        "node",
        "article",
        0,
    )
    assert data(ctx, item.key) == {
        "label": "New",
        "settings": [],
        "required": True,
        "display": {"default": {"type": "hidden", "label": "above"}},
        "widget": WIDGET,
        "description": "What it costs.",
    }
    assert live(ctx, "field_instance")[item.key] == item


@pytest.mark.parametrize("required", [False, True, 0, 1])
def test_whether_it_is_required_keeps_the_type_that_a_form_gave_it(ctx: Context, required: Any) -> None:
    item = new(required=required)

    field_instance.create(ctx, item)

    assert data(ctx, item.key)["required"] is required
    assert live(ctx, "field_instance")[item.key].fields["required"] is required


def test_a_form_that_says_the_same_of_required_makes_no_difference(ctx: Context) -> None:
    item = live(ctx, "field_instance")[PRICE]
    saved = replace(item, fields={**item.fields, "required": 0})

    assert field_instance.fill(item, saved).fields["required"] == 0
    assert field_instance.fill(changed(item, required=True), saved).fields["required"] is True


def test_a_changed_instance_keeps_what_nobody_changed(ctx: Context) -> None:
    keep(ctx, PRICE, {**data(ctx, PRICE), "ds_extras": {"ft": "x"}, "bundle": "page"})
    old = live(ctx, "field_instance")[PRICE]

    field_instance.update(ctx, old, changed(old, label="Fee", widget={**WIDGET, "weight": 9}))

    now = data(ctx, PRICE)
    assert (now["label"], now["widget"]["weight"], now["ds_extras"], now["bundle"]) == ("Fee", 9, {"ft": "x"}, "page")


def test_a_default_value_that_is_null_is_not_one_that_is_absent(ctx: Context) -> None:
    assert "default_value" not in data(ctx, PRICE)
    keep(ctx, PRICE, {**data(ctx, PRICE), "default_value": None})
    old = live(ctx, "field_instance")[PRICE]
    assert old.fields["data"] == {"default_value": None}

    field_instance.update(ctx, old, changed(old, label="Fee"))

    assert data(ctx, PRICE)["default_value"] is None


def test_a_default_value_names_its_term_and_waits_for_one_that_is_new(ctx: Context) -> None:
    ((tid, name),) = ctx.site.rows("SELECT tid, name FROM {taxonomy_term_data} ORDER BY tid LIMIT 1")
    key = "node/page/field_tags"
    field_instance.create(ctx, new(key, default_value=[{"tid": f"term:tags/{name!s}"}]))
    assert data(ctx, key)["default_value"] == [{"tid": str(tid)}]
    old = live(ctx, "field_instance")[key]
    assert old.fields["default_value"] == [{"tid": f"term:tags/{name!s}"}]

    field_instance.update(ctx, old, changed(old, label="Later", default_value=[{"tid": "term:tags/Brand new"}]))
    assert data(ctx, key)["label"] == "New"  # as it was: nothing is left half said
    ctx.keys.assign("term", 999, "tags/Brand new")
    field_instance.finish(ctx)

    assert (data(ctx, key)["label"], data(ctx, key)["default_value"]) == ("Later", [{"tid": "999"}])
    assert not ctx.left


def test_a_new_instance_waits_for_the_term_of_its_default_value(ctx: Context) -> None:
    key = "node/page/field_tags"
    field_instance.create(ctx, new(key, default_value=[{"tid": "term:tags/Brand new"}]))
    assert "default_value" not in data(ctx, key)

    ctx.keys.assign("term", 999, "tags/Brand new")
    field_instance.finish(ctx)

    assert data(ctx, key)["default_value"] == [{"tid": "999"}]


def test_a_deleted_instance_is_marked_with_its_values_and_no_other(ctx: Context) -> None:
    item = live(ctx, "field_instance")["node/page/body"]
    (losing,) = field_instance.losses(ctx, item, ())
    assert losing.startswith("with field_instance:node/page/body go the values of ")
    others = ctx.site.rows("SELECT COUNT(*) FROM {field_data_body} WHERE bundle <> 'page'")

    field_instance.delete(ctx, item)

    assert ctx.site.rows("SELECT DISTINCT deleted FROM {field_data_body} WHERE bundle = 'page'") == [(1,)]
    assert ctx.site.rows("SELECT DISTINCT deleted FROM {field_revision_body} WHERE bundle = 'page'") == [(1,)]
    assert ctx.site.rows("SELECT COUNT(*) FROM {field_data_body} WHERE deleted = 0") == others
    assert "node/page/body" not in live(ctx, "field_instance")


@pytest.mark.parametrize(
    ("kind", "key"), [("node", "node/page/field_price"), ("term", "taxonomy_term/page/field_price")]
)
def test_an_instance_that_the_tree_still_has_a_value_of_is_not_deleted(ctx: Context, kind: str, key: str) -> None:
    item = replace(live(ctx, "field_instance")[PRICE], key=key)
    for name in ("page/a", "pages/b", "page/c"):
        values: Any = {"field_price" if name != "page/a" else "body": {"und": [{"value": "1"}]}}
        ctx.desired = {**ctx.desired, name: Item(kind=kind, key=name, fields={"fields": values})}

    with pytest.raises(InstanceProblem) as caught:
        list(field_instance.losses(ctx, item, ()))

    assert (caught.value.what, caught.value.where, caught.value.hint) == (
        f"field_instance:{key} cannot be deleted: {kind}:page/c still has a value of it",
        f"{kind}:page/c fields/field_price",
        "take `field_price:` out of there, too, or keep the field",
    )


def test_an_instance_whose_values_cron_has_yet_to_purge_is_not_deleted_again(tmp_path: Path) -> None:
    again = "INSERT INTO field_data_body SELECT entity_type, bundle, 1, entity_id, revision_id, language, delta, body_value, "
    ctx = on_museum(tmp_path, f"{again} body_summary, body_format FROM field_data_body WHERE bundle = 'page' LIMIT 1")

    with pytest.raises(FieldForbidden, match="cron has not purged its values of an earlier deletion"):
        list(field_instance.losses(ctx, live(ctx, "field_instance")["node/page/body"], ()))
    assert list(field_instance.losses(ctx, live(ctx, "field_instance")["node/article/body"], ()))


def test_an_instance_that_is_made_again_before_cron_ran_leaves_cron_nothing_to_purge(ctx: Context) -> None:
    item = live(ctx, "field_instance")["node/page/body"]
    articles = ctx.site.rows("SELECT COUNT(*) FROM {field_data_body} WHERE bundle = 'article'")
    field_instance.delete(ctx, item)

    assert told(ctx, replace(item, local_id=None)) == []
    field_instance.create(ctx, replace(item, local_id=None))

    for table in (
        "field_data_body",
        "field_revision_body",
    ):  # Drupal purges by entity: it would take the new values, too
        assert ctx.site.rows(f"SELECT COUNT(*) FROM {{{table}}} WHERE bundle = 'page'") == [(0,)]
    assert ctx.site.rows("SELECT COUNT(*) FROM {field_data_body} WHERE bundle = 'article'") == articles


def test_an_instance_of_files_is_not_made_again_before_cron_ran(ctx: Context) -> None:
    item = live(ctx, "field_instance")["node/article/field_image"]
    field_instance.delete(ctx, item)

    assert told(ctx, replace(item, local_id=None, source="content_types/article.yml")) == [
        "field_instance:node/article/field_image cannot be made yet: cron has not purged the values of its earlier deletion, "
        "and would take new ones along | content_types/article.yml | run cron on the site until it has, then again"
    ]


def test_the_picture_of_an_image_is_in_use(ctx: Context) -> None:
    ((fid, uri),) = ctx.site.rows("SELECT fid, uri FROM {file_managed} ORDER BY fid LIMIT 1")
    uses = "SELECT id, count FROM {file_usage} WHERE fid = ? AND type = 'default_image'"
    key = "node/page/field_image"
    number = field_instance.create(ctx, new(key, settings={"default_image": f"file:{uri!s}"}))

    assert ctx.site.rows(uses, [fid]) == [(number, 1)]
    assert data(ctx, key)["settings"] == {"default_image": str(fid)}

    field_instance.delete(ctx, live(ctx, "field_instance")[key])
    assert ctx.site.rows(uses, [fid]) == []


PLACE: Final = "bundles/node/article.yml field_instance:node/article/field_price"
BAD: Final = [
    pytest.param(
        new("node/article/field_nope"),
        "field:field_nope is neither in the tree nor on this site | bundles/node/article.yml",
        id="field",
    ),
    pytest.param(
        new("node/story/field_price"), "content_type:story is neither in the tree nor on this site", id="type"
    ),
    pytest.param(
        new("taxonomy_term/tagz/field_price"),
        "vocabulary:tagz is neither in the tree nor on this site",
        id="vocabulary",
    ),
    pytest.param(
        new("comment/comment_node_x/field_price"), "content_type:x is neither in the tree", id="type of comments"
    ),
    pytest.param(
        new("comment/article/field_price"),
        "a comment has no bundle article | bundles/comment/article.yml field_instance:comment/article/field_price | "
        "bundle: comment/comment_node_<type>",
        id="bundle of comments",
    ),
    pytest.param(
        new("user/people/field_price"), "a user has no bundle people | bundles/user/people.yml", id="bundle of users"
    ),
    pytest.param(
        new("user/user/body"),
        "the field body may not be on a user | bundles/user/user.yml field_instance:user/user/body | it may be on: node",
        id="entity that the field is not for",
    ),
    pytest.param(
        new("e" * 33 + "/b/field_price"),
        "entity_type has 33 characters; there is room for 32 | bundles/",
        id="long entity",
    ),
    pytest.param(
        new(f"file/{'b' * 129}/field_price"), "bundle has 129 characters; there is room for 128", id="long bundle"
    ),
    pytest.param(
        new(widget={**WIDGET, "module": "select2"}),
        f"field_instance:node/article/field_price needs the module select2, which is off | {PLACE} widget | drush en select2",
        id="widget of a module that is off",
    ),
    pytest.param(
        new(display={"teaser": {"type": "x", "module": "ds"}}),
        f"field_instance:node/article/field_price needs the module ds, which is off | {PLACE} display/teaser | drush en ds",
        id="formatter of a module that is off",
    ),
    pytest.param(
        new(display={"default": "hidden"}),
        f"a display is a mapping | {PLACE} display/default | {{label: above, type: …, weight: 0}}",
        id="display",
    ),
    pytest.param(
        new(default_value=5),
        f"a default value is a list of values, each a mapping by column | {PLACE} default_value | - value: …",
        id="default value",
    ),
    pytest.param(new(default_value=["x"]), "a default value is a list of values", id="default value of texts"),
    pytest.param(
        new("node/page/field_tags", default_value=[{"tid": "term:tags/Nope"}]),
        "term:tags/Nope is neither in the tree nor on this site",
        id="term",
    ),
    pytest.param(
        new("node/page/field_tags", default_value=[{"tid": "12"}]),
        "this value is the id of a row, which is another one on every site | bundles/node/page.yml",
        id="local id",
    ),
]


@pytest.mark.parametrize(("item", "what"), BAD)
def test_what_the_site_cannot_have_is_refused(ctx: Context, item: Item, what: str) -> None:
    found = told(ctx, item)

    assert len(found) == 1, found
    assert found[0].startswith(what)


def test_what_the_site_has_can_be_written(ctx: Context) -> None:
    for item in live(ctx, "field_instance").values():
        assert told(ctx, item) == []


@pytest.mark.parametrize(
    ("document", "what"),
    [
        pytest.param({"bundle": "user/user", "fields": {"a": {"required": True}}}, "the field 'label' is missing", id="no label"),
        pytest.param({"bundle": "user/user", "fields": {"a": {"label": 3}}}, "this must be a text, not the number 3", id="label"),
        pytest.param({"bundle": "user/user", "fields": {"a": {"label": "A", "required": 2}}}, "2 is more than 1", id="required"),
        pytest.param({"bundle": "user/user", "fields": {"a": {"label": "A", "widgt": {}}}}, "unknown field 'widgt'", id="misspelt"),
        pytest.param({"bundle": "user/user", "fields": ["a"]}, "this must be a mapping of fields", id="list"),
        pytest.param({"bundle": "user", "fields": {}}, "the file does not say whose fields these are", id="no bundle"),
        pytest.param({"bundle": "user/user", "feilds": {}}, "this must be `bundle:` and `fields:`", id="other words"),
    ],
)  # fmt: skip
def test_a_file_that_says_nothing_that_can_be_read_is_refused(document: Any, what: str) -> None:
    with pytest.raises(FieldProblem, match=what):
        list(content_type.KIND.load("bundles/user/user.yml", document))
