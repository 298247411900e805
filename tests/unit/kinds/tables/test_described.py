"""The descriptions that come with drupalsync, held against what the modules' own schemas say (facts.txt)."""

from __future__ import annotations

import pytest

from drupalsync.kinds import own_kinds
from drupalsync.kinds.tables import Child, Description
from drupalsync.kinds.tables.rows import PLAIN
from drupalsync.kinds.tables.shipped import shipped
from drupalsync.kinds.tables.words import kinds_named
from support.described import facts

# Nothing in the schema forbids a second row of the name, the module's own forms do; two of them are left to the site.
UNIQUE_BY_THE_MODULE = {
    "og_role": "og_role_create() looks for a role of the name first",
    "conditional_field": "conditional_fields_dependency_add_form_validate() refuses a second dependency of two fields",
    "media_restrict_wysiwyg": "media_wysiwyg_admin_file_display_form() deletes the rows of a type first",
    "media_view_mode_wysiwyg": "media_wysiwyg_manage_wysiwyg_view_mode() merges by type",
    "oa_wizard": "the machine name element of its form looks for it first",
}
SHIPPED = pytest.mark.parametrize("about", shipped(), ids=lambda about: about.kind)
CHILDREN = pytest.mark.parametrize(
    "child", [child for about in shipped() for child in about.children], ids=lambda child: child.table
)


@SHIPPED
def test_a_description_names_only_what_its_table_has(about: Description) -> None:
    own = facts()[about.table]
    named = {*about.columns, *about.key, *about.where, *about.content, about.id} - {""}
    assert named - own.columns.keys() == set()
    assert about.module == own.module


@CHILDREN
def test_so_does_a_child(child: Child) -> None:
    named = {*child.columns, *child.parent, *child.key, *child.order, child.id} - {""}
    assert named - facts()[child.table].columns.keys() == set()


@SHIPPED
def test_every_column_has_a_field_of_its_own(about: Description) -> None:
    """`extra` is for what other modules add."""
    named = {*about.columns, *about.key, *about.where, about.id}
    assert facts()[about.table].columns.keys() - named == set()


@SHIPPED
def test_serialized_values_are_opened(about: Description) -> None:
    for name, fact in facts()[about.table].columns.items():
        assert fact.serialized == about.columns.get(name, PLAIN).serialized, name


@CHILDREN
def test_so_are_a_child_s(child: Child) -> None:
    for name, fact in facts()[child.table].columns.items():
        assert fact.serialized == child.columns.get(name, PLAIN).serialized, name


@SHIPPED
def test_a_default_is_the_schema_s_and_only_where_there_is_no_null(about: Description) -> None:
    """Else a file could not tell the default from null."""
    for name, col in about.columns.items():
        fact = facts()[about.table].columns[name]
        if col.default is not None:
            assert (fact.nullable, fact.default) == (False, col.default), name


@SHIPPED
def test_a_serial_number_never_gets_into_a_file(about: Description) -> None:
    serial = [name for name, fact in facts()[about.table].columns.items() if fact.type == "serial"]
    assert serial == ([about.id] if about.id else [])
    for child in about.children:
        serial = [name for name, fact in facts()[child.table].columns.items() if fact.type == "serial"]
        assert serial == ([child.id] if child.id else [])


@SHIPPED
def test_a_key_names_one_row(about: Description) -> None:
    own = facts()[about.table]
    assert about.key in own.unique or (own.exported_by,) == about.key or about.kind in UNIQUE_BY_THE_MODULE


@SHIPPED
def test_an_entity_s_status_is_a_column_of_it(about: Description) -> None:
    columns = facts()[about.table].columns
    exportable = {"status", "module"} <= columns.keys()
    assert bool(about.entity_status) == exportable


@SHIPPED
def test_content_is_told_by_the_key_or_the_id(about: Description) -> None:
    assert set(about.used_by.values()) - {*about.key, about.id} == set()


@SHIPPED
def test_what_a_row_refers_to_is_written_before_it(about: Description) -> None:
    named = {kind for _, kind in kinds_named(about)} & own_kinds().keys()
    named |= {kind for _, kind in kinds_named(about)} & {other.kind for other in shipped()}
    assert named - {*about.after, about.kind} == set()
    paths = any("path" in {*col.places.values(), *col.keys.values()} or col.path for col in about.columns.values())
    assert not paths or {"node", "term"} <= set(about.after)
