"""Traps 30 to 34: fields come before what has them, their tables stand outside of every transaction, nothing in use goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from support.clicks import variable
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

TYPE: Final = "config/content_types/page.yml"
FIELD: Final = "config/fields/field_opens.yml"
TABLES: Final = ("field_data_field_opens", "field_revision_field_opens")


def add_field(project: Project, *, values: str = "[{a: In the morning}, {b: At noon}]") -> None:
    """A list field of the pages, written by hand."""
    project.write(FIELD, f"field: field_opens\ntype: list_text\nmodule: list\nsettings: {{allowed_values: {values}}}\n")
    entry = "fields:\n  field_opens:\n    label: Opens\n    widget: {type: options_select, weight: 7, settings: [], module: options}\n"
    project.write(TYPE, project.read(TYPE).replace("\nfields:\n", f"\n{entry}", 1))
    commit(project)


def drop_field(project: Project) -> None:
    """Takes it out of the tree again."""
    (project.root / FIELD).unlink()
    text = project.read(TYPE)
    begin = text.index("  field_opens:\n")
    project.write(TYPE, text[:begin] + text[text.index("module: options}\n", begin) + len("module: options}\n") :])
    commit(project)


def commit(project: Project) -> None:
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message=Fields")


def tables(project: Project) -> set[str]:
    found = project.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'field\\_%' ESCAPE '\\'")
    return {str(name) for (name,) in found}


def use(project: Project, value: str) -> None:
    """Gives a page that is the site's own a value, as an editor would."""
    for table in TABLES:
        project.click(
            f"INSERT INTO {table} (entity_type, bundle, deleted, entity_id, revision_id, language, delta, field_opens_value) "
            f"VALUES ('node', 'page', 0, 999, 999, 'und', 0, '{value}')"
        )


def test_trap_30_a_field_comes_before_what_has_it_and_an_instance_without_one_is_refused(production: Project) -> None:
    add_field(production)
    whole = production.read(FIELD)
    (production.root / FIELD).unlink()
    commit(production)
    with untouched(production):
        said = production.run("import", "--yes", exits=1)
    assert "field:field_opens is neither in the tree nor on this site" in said.stderr

    production.write(FIELD, whole)
    commit(production)
    production.run("import", "--yes")

    assert production.one("SELECT COUNT(*) FROM field_config_instance WHERE field_name = 'field_opens'") == 1
    assert tables(production) >= set(TABLES)


def test_trap_30_the_order_of_allowed_values_is_a_difference(production: Project) -> None:
    add_field(production)
    production.run("import", "--yes")

    production.write(
        FIELD, production.read(FIELD).replace("{a: In the morning}, {b: At noon}", "{b: At noon}, {a: In the morning}")
    )
    commit(production)
    production.run("import", "--yes")

    data = production.one("SELECT data FROM field_config WHERE field_name = 'field_opens'")
    assert data.index("At noon") < data.index("In the morning")
    assert production.run("import", "--yes").stdout.endswith("Nothing to do.\n")


def test_trap_31_an_import_that_fails_leaves_no_table_behind(production: Project) -> None:
    add_field(production)
    production.click(
        "CREATE TRIGGER stop BEFORE INSERT ON field_config_instance BEGIN SELECT RAISE(ABORT, 'stop'); END"
    )

    said = production.run("import", "--yes", exits=1)

    assert "nothing was changed" in said.stderr
    assert not tables(production) & set(TABLES)
    assert production.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0
    assert production.one("SELECT COUNT(*) FROM field_config WHERE field_name = 'field_opens'") == 0


def test_trap_31_a_table_that_drupal_filled_meanwhile_is_not_dropped(production: Project) -> None:
    add_field(production)
    production.run("import", "--yes")
    for table in TABLES:  # as if a run had died before it made the field, and somebody then made it by hand
        production.click(
            f"INSERT INTO drupalsync_step VALUES (0, {TABLES.index(table) + 1}, 'drop table', '{table}', 0)"
        )

    production.run("import", "--yes")

    assert tables(production) >= set(TABLES)
    assert production.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0


def test_trap_32_a_table_that_a_restored_dump_left_is_named_and_stays(production: Project) -> None:
    add_field(production)
    production.click(f"CREATE TABLE {TABLES[0]} (something TEXT)")
    production.click(f"INSERT INTO {TABLES[0]} VALUES ('of worth')")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert f"the table {TABLES[0]} is there already, though the site has no such field" in said.stderr


def test_trap_32_what_would_change_the_columns_of_a_field_is_refused(production: Project) -> None:
    name = "config/fields/field_subtitle.yml"
    production.write(name, production.read(name).replace("max_length: 120", "max_length: 60"))
    commit(production)

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "max_length of field:field_subtitle cannot change" in said.stderr
    assert name in said.stderr


def test_trap_33_a_value_in_use_does_not_leave_the_list(production: Project) -> None:
    add_field(production)
    production.run("import", "--yes")
    use(production, "b")

    production.write(FIELD, production.read(FIELD).replace(", {b: At noon}", ""))
    commit(production)
    said = production.run("import", "--yes", exits=1)

    assert "field:field_opens cannot lose the value 'b': content of this site has it" in said.stderr


def test_trap_33_a_field_that_goes_says_whose_values_go_and_the_same_name_is_free_again(production: Project) -> None:
    add_field(production)
    production.run("import", "--yes")
    use(production, "b")
    number = production.one("SELECT id FROM field_config WHERE field_name = 'field_opens'")
    drop_field(production)

    said = production.run("import", "--prune", "--yes")

    assert "with field:field_opens go the values of 1 entity" in said.stdout
    assert production.one(f"SELECT COUNT(*) FROM field_deleted_data_{number} WHERE deleted = 1") == 1
    assert not tables(production) & set(TABLES)
    add_field(production)
    production.run("import", "--yes")
    assert tables(production) >= {*TABLES, f"field_deleted_data_{number}"}


def test_trap_33_a_field_that_another_type_has_stays_until_that_gives_it_up(production: Project) -> None:
    add_field(production)
    production.run("import", "--yes")
    (production.root / FIELD).unlink()
    commit(production)

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=4)

    assert "field_instance:node/page/field_opens (content_types/page.yml) of the tree refers to it" in said.stdout


def test_trap_34_a_type_that_a_module_makes_does_not_go_and_a_deleted_one_leaves_nothing(production: Project) -> None:
    production.write("config/content_types/event.yml", "content_type: event\nname: Event\ndescription: What is on\n")
    commit(production)
    production.run("import", "--yes")
    assert production.one("SELECT COUNT(*) FROM menu_links WHERE link_path = 'node/add/event'") == 1
    production.click("UPDATE node_type SET base = 'calendar' WHERE type = 'event'")
    (production.root / "config/content_types/event.yml").unlink()
    commit(production)

    with untouched(production):
        said = production.run("import", "--prune", "--yes", "--on-drift", "overwrite", exits=1)
    assert "the module calendar makes it anew" in said.stderr

    production.click("UPDATE node_type SET base = 'node_content' WHERE type = 'event'")
    production.run("import", "--prune", "--yes")
    for table, column in (("menu_links", "link_path"), ("menu_router", "path")):
        assert production.one(f"SELECT COUNT(*) FROM {table} WHERE {column} = 'node/add/event'") == 0
    assert production.one("SELECT COUNT(*) FROM node_type WHERE type = 'event'") == 0
    assert variable(production, "menu_rebuild_needed") is True


def test_trap_33_a_type_with_nodes_does_not_go(production: Project) -> None:
    (production.root / "config/content_types/article.yml").unlink()
    commit(production)

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=1)

    assert "content_type:article cannot be deleted" in said.stderr
