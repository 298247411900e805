"""Vocabularies: their computed hierarchy, and what they must not be or lose."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.kinds import term, vocabulary
from drupalsync.php import encode
from support import taxonomy as taxo
from support.taxonomy import NESTED, item, items, museum_run, problems, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from drupalsync.kinds import Context

KIND = vocabulary.KIND
SHIPS = "INSERT INTO taxonomy_vocabulary (vid, name, machine_name, description, hierarchy, module, weight) VALUES "


def stored(ctx: Context, vid: int = 1) -> Any:
    (value,) = ctx.site.one("SELECT hierarchy FROM {taxonomy_vocabulary} WHERE vid = ?", [vid]) or (None,)
    return value


@pytest.mark.parametrize(
    ("hierarchy", "shown"), [(2, None), (0, 0), (1, 1)], ids=["in step", "never computed", "behind"]
)
def test_the_hierarchy_is_in_the_file_only_where_the_terms_say_something_else(
    tmp_path: Path, hierarchy: int, shown: int | None
) -> None:
    ctx = museum_run(tmp_path, *NESTED, f"UPDATE taxonomy_vocabulary SET hierarchy = {hierarchy}")
    assert items(ctx, "vocabulary")["tags"].fields["hierarchy"] == shown


def test_what_editors_make_of_the_hierarchy_is_no_difference(tmp_path: Path) -> None:
    live = items(museum_run(tmp_path, *NESTED), "vocabulary")["tags"]
    assert live.fields["hierarchy"] == 0
    wanted = taxo.vocabulary("tags", **{**live.fields, "hierarchy": None})
    assert KIND.fill(wanted, live).fields == live.fields
    assert KIND.fill(wanted, None) is wanted


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        pytest.param(None, 0, 2, id="the tree says nothing: computed"),
        pytest.param(0, 0, 0, id="the tree says what Drupal's API left"),
        pytest.param(0, 2, 2, id="several parents are never made less"),
        pytest.param(1, 0, 1, id="as the tree says"),
    ],
)
def test_terms_that_are_written_settle_the_hierarchy(tmp_path: Path, said: int | None, before: int, after: int) -> None:
    tree = taxo.vocabulary("tags", hierarchy=said)
    ctx = museum_run(tmp_path, *NESTED, f"UPDATE taxonomy_vocabulary SET hierarchy = {before}", tree=[tree])
    live = items(ctx, "term")["tags/Exhibitions"]
    term.update(ctx, live, replace(live, fields={**live.fields, "weight": 1}))
    term.finish(ctx)
    assert stored(ctx) == after


@pytest.mark.parametrize(
    ("said", "after"), [(None, 0), (1, 1)], ids=["computed", "as the forum's, which says so itself"]
)
def test_a_new_vocabulary_gets_its_row(tmp_path: Path, said: int | None, after: int) -> None:
    new = item("vocabulary", "ships", name="Ships", description="All", weight=4, hierarchy=said, extra={})
    ctx = museum_run(tmp_path, tree=[new])
    vid = KIND.create(ctx, new)
    KIND.finish(ctx)
    term.finish(ctx)
    assert ctx.site.one("SELECT * FROM {taxonomy_vocabulary} WHERE vid = ?", [vid]) == (
        vid, "Ships", "ships", "All", after, "taxonomy", 4,
    )  # fmt: skip


def test_a_vocabulary_keeps_its_machine_name(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    live = items(ctx, "vocabulary")["tags"]
    with pytest.raises(Exception, match="vocabulary:tags cannot become labels") as caught:
        KIND.update(ctx, live, replace(live, key="labels"))
    assert str(caught.value) == (
        "vocabulary:tags cannot become labels: it is known by its name elsewhere\n  where: vocabulary:labels\n"
        "  mend:  make a new one, and delete the old one"
    )


def test_what_is_there_has_no_problem(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, SHIPS + "(5, ' Old', 'Old Name', '', 0, 'taxonomy', 0)")
    live = items(ctx, "vocabulary")
    assert list(live) == ["Old Name", "tags"]
    assert [problem for one in live.values() for problem in problems(ctx, one)] == []


@pytest.mark.parametrize(
    ("key", "fields", "said"),
    [
        pytest.param(
            "ships", {"name": " "}, "vocabulary:ships needs a name\n  where: vocabulary.yml\n  mend:  name: what people read",
            id="no name",
        ),
        pytest.param(
            "ships",
            {"name": "Ships "},
            "the name 'Ships ' begins or ends with a space, which Drupal cuts off\n  where: vocabulary.yml\n"
            "  mend:  write it without",
            id="a space at the end",
        ),
        pytest.param(
            "ships", {"name": "x" * 256}, "name has 256 characters; there is room for 255\n  where: vocabulary.yml name\n  mend:  shorten it",
            id="a long name",
        ),
        pytest.param(
            "Ships",
            {},
            "'Ships' cannot be the machine name of a vocabulary\n  where: vocabulary.yml\n"
            "  mend:  lower case letters, digits and _ make one",
            id="upper case",
        ),
        pytest.param(
            "a-b",
            {},
            "'a-b' cannot be the machine name of a vocabulary\n  where: vocabulary.yml\n"
            "  mend:  lower case letters, digits and _ make one",
            id="a dash",
        ),
        pytest.param(
            "list",
            {},
            "a vocabulary cannot be called list: admin/structure/taxonomy/list is another page\n  where: vocabulary.yml\n"
            "  mend:  give it another machine name",
            id="a page of its own",
        ),
        pytest.param(
            "ships",
            {"extra": {"colour": 1}},
            "{taxonomy_vocabulary} has no column colour on this site\n  where: vocabulary.yml extra\n"
            "  mend:  switch on the module that adds it, or take it out",
            id="an unknown column",
        ),
    ],
)  # fmt: skip
def test_what_the_site_cannot_have_is_said_with_a_mend(
    tmp_path: Path, key: str, fields: dict[str, Any], said: str
) -> None:
    assert problems(museum_run(tmp_path), taxo.vocabulary(key, **{"name": "Ships", **fields})) == [said]


def test_a_site_whose_module_is_off_is_said(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, "UPDATE system SET status = 0 WHERE name = 'taxonomy'")
    assert problems(ctx, taxo.vocabulary("ships")) == [
        "vocabulary:ships needs the module taxonomy, which is off\n  where: vocabulary.yml\n  mend:  drush en taxonomy"
    ]


def test_one_with_terms_of_the_site_does_not_go(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    assert refusal(ctx, items(ctx, "vocabulary")["tags"], "term:tags/History") == (
        "vocabulary:tags cannot be deleted: 2 terms of this site are in it (tags/Exhibitions …)\n"
        "  where: vocabulary:tags\n  mend:  export them and take their files out with it, or delete them on the site"
    )


GOING = ("term:tags/History", "term:tags/Exhibitions", "term:tags/Families")


def test_one_that_a_field_takes_its_terms_from_does_not_go(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    assert refusal(ctx, items(ctx, "vocabulary")["tags"], *GOING) == (
        "vocabulary:tags cannot be deleted: the field field_tags takes its terms from it\n  where: vocabulary:tags\n"
        "  mend:  take it out of the allowed values of config/fields/field_tags.yml, or take that file out with it"
    )


def test_one_goes_with_the_field_or_once_the_tree_gives_the_field_another(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    tags = items(ctx, "vocabulary")["tags"]
    assert refusal(ctx, tags, *GOING, "field:field_tags") == ""
    other = item("field", "field_tags", settings={"allowed_values": [{"vocabulary": "ships", "parent": 0}]})
    assert refusal(museum_run(tmp_path, tree=[other]), tags, *GOING) == ""


def test_one_whose_terms_have_fields_does_not_go(tmp_path: Path) -> None:
    icon = (
        "INSERT INTO field_config_instance (field_id, field_name, entity_type, bundle, data, deleted) SELECT field_id, "
        "field_name, 'taxonomy_term', 'tags', data, 0 FROM field_config_instance WHERE field_name = 'field_image'"
    )
    ctx = museum_run(tmp_path, icon)
    assert refusal(ctx, items(ctx, "vocabulary")["tags"], *GOING) == (
        "vocabulary:tags cannot be deleted: its terms have the field field_image\n  where: vocabulary:tags\n"
        "  mend:  take config/bundles/taxonomy_term/tags.yml out with it"
    )


def test_with_one_go_the_settings_of_its_bundle(tmp_path: Path) -> None:
    name = "field_bundle_settings_taxonomy_term__ships"
    ctx = museum_run(tmp_path, SHIPS + "(5, 'Ships', 'ships', '', 0, 'taxonomy', 0)")
    ctx.site.insert("variable", {"name": name, "value": encode({})})
    KIND.delete(ctx, items(ctx, "vocabulary")["ships"])
    assert ctx.site.rows("SELECT * FROM {taxonomy_vocabulary} WHERE vid = 5") == []
    assert ctx.site.rows("SELECT * FROM {variable} WHERE name = ?", [name]) == []
