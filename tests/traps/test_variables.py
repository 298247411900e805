"""Traps 24 to 29 of the peers' study: variables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from drupalsync.php import PhpObject
from support.clicks import mlid, nid, set_variable, variable
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

DERIVED: Final[dict[str, Any]] = {
    "menu_masks": [62, 2],
    "menu_expanded": ["menu-nowhere"],
    "menu_rebuild_needed": True,
    "path_alias_whitelist": {"user": True},
    "language_count": 7,
    "language_default": PhpObject("stdClass", {"language": "de", "domain": "dev.example", "javascript": "x9"}),
    "language_negotiation_language": {"locale-url": {"callbacks": {"language": "f"}, "file": "includes/locale.inc"}},
    "views_block_hashes": {"0f6a2c8d": "a-long-name-block_1"},
    "features_codecache": {"site_menus": ["x"]},
    "features_semaphore": {"site_menus": 1},
    "features_modules_changed": True,
}


def test_trap_24_ids_inside_variables_are_each_sites_own(museum: Project, production: Project) -> None:
    production.click("UPDATE role SET rid = 77 WHERE name = 'editor'")
    for table in ("block_role", "role_permission", "users_roles"):
        production.click(f"UPDATE {table} SET rid = 77 WHERE rid = 4")
    set_variable(museum, "user_admin_role", "4")
    set_variable(museum, "menu_parent_page", f"main-menu:{mlid(museum, 'About us')}")
    set_variable(museum, "site_403", f"node/{nid(museum, 'About us')}")
    museum.run("export", "--commit")
    assert "user_admin_role: role:editor\n" in museum.read("config/variables/user.yml")
    assert "site_403: node:page/about\n" in museum.read("config/variables/site.yml")

    production.run("import", "--yes")

    assert variable(production, "user_admin_role") == "77"
    assert variable(production, "menu_parent_page") == f"main-menu:{mlid(production, 'About us')}"
    assert variable(production, "site_403") == f"node/{nid(production, 'About us')}"


@pytest.mark.parametrize("value", ["role:editor", "'4'"], ids=["a role that is missing", "an id by hand"])
def test_trap_24_an_id_that_would_name_another_row_is_refused(museum: Project, production: Project, value: str) -> None:
    museum.exclude("role:*")
    production.click("UPDATE role SET name = 'author' WHERE name = 'editor'")
    user = "config/variables/user.yml"
    museum.write(user, museum.read(user).replace("role:administrator", value))

    with untouched(production):
        production.run("import", "--yes", exits=1)


def test_trap_25_what_drupal_computes_is_neither_exported_nor_written_nor_pruned(
    museum: Project, production: Project
) -> None:
    for name, value in DERIVED.items():
        set_variable(museum, name, value)
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "include: ['variable:*']\n")
    museum.git("commit", "--quiet", "--all", "--message=All variables")
    before = {name: variable(production, name) for name in DERIVED}

    museum.run("export", "--commit")
    production.run("import", "--prune", "--yes")

    for file in (museum.root / "config" / "variables").iterdir():
        assert not any(f"{name}:" in file.read_text() for name in DERIVED)
    assert {name: variable(production, name) for name in DERIVED} == before


@pytest.mark.parametrize("name", ["menu_masks", "language_default", "features_codecache"])
def test_trap_25_a_computed_variable_that_somebody_writes_into_the_tree_is_refused(
    museum: Project, production: Project, name: str
) -> None:
    museum.write("config/variables/own.yml", f"{name}: 1\n")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert f"{name} is no configuration" in said.stderr


@pytest.fixture
def overridden(museum: Project, production: Project) -> Project:
    """Production, whose settings.php sets the slogan over the table."""
    path = production.database.removeprefix("sqlite:///")
    museum.write(
        "docroot/sites/default/settings.php",
        f"<?php\n$databases['default']['default'] = array('driver' => 'sqlite', 'database' => '{path}');\n"
        "$conf['site_slogan'] = 'Set in PHP';\n",
    )
    manifest = museum.read("drupalsync.yml")
    museum.write("drupalsync.yml", manifest.replace(f"database: {production.database}", "root: docroot"))
    museum.git("add", "--all")
    museum.git("commit", "--quiet", "--message=Production by its docroot")
    return production


def test_trap_26_a_value_of_settings_php_is_not_exported(overridden: Project) -> None:
    set_variable(overridden, "site_slogan", "In the table")

    overridden.run("export", "variable:site_*")

    assert "Set in PHP" not in overridden.read("config/variables/site.yml")


def test_trap_26_an_import_says_that_a_variable_of_settings_php_has_no_effect(
    museum: Project, overridden: Project
) -> None:
    set_variable(museum, "site_slogan", "All aboard!")
    museum.run("export", "--commit")

    said = overridden.run("import", "--dry-run")

    assert "variable:site_slogan is set by settings.php: what the table says has no effect on this site" in said.stdout


HOSTILE: Final[dict[str, Any]] = {
    "panelizer_node:page_allowed": ["a:b", "c"],
    "with space: and # hash": "x",
    "0": "a name that is a number",
    "name\nwith a line break": 1,
    "lines": "one\r\ntwo\rthree\nfour\n\n  indented\t\n",
    "object": PhpObject("stdClass", {"value": "1", "\0*\0hidden": [1.5, None, False]}),
    "quotes": "'\"\\`${x} {{ y }} !env Z",
    "types": ["5", 5, 5.0, True, False, None, "", [], "true", "null", "~", "1e3", "0x1F", "2020-01-01"],
}


def test_trap_27_hostile_names_and_values_arrive_as_they_are(museum: Project, production: Project) -> None:
    for name, value in HOSTILE.items():
        set_variable(museum, name, value)
    museum.run("export", "--commit")

    production.run("import", "--yes")

    for name in HOSTILE:
        assert repr(variable(production, name)) == repr(HOSTILE[name])
    with untouched(museum):
        museum.run("export")


def test_trap_27_names_that_the_database_takes_for_one_are_never_two(museum: Project, production: Project) -> None:
    for statement in (
        "ALTER TABLE variable RENAME TO old",
        "CREATE TABLE variable (name VARCHAR(128) COLLATE NOCASE PRIMARY KEY, value BLOB NOT NULL)",
        "INSERT INTO variable SELECT * FROM old",
        "DROP TABLE old",
    ):
        production.click(statement)
    set_variable(museum, "Site_Slogan", "Twice")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "Site_Slogan and site_slogan are one row to this database" in said.stderr


def test_trap_28_variables_of_a_module_that_is_off_neither_block_the_others_nor_get_lost(
    museum: Project, production: Project
) -> None:
    for site in (museum, production):
        site.click("UPDATE system SET status = 0 WHERE name = 'comment'")
    set_variable(museum, "comment_anonymous_page", 2)
    set_variable(museum, "nobody_declares_this", "x")
    museum.run("export", "--commit")

    production.run("import", "--yes")

    assert variable(production, "comment_anonymous_page") == 2
    assert variable(production, "nobody_declares_this") == "x"
    assert variable(production, "comment_page") == 1


def test_trap_29_fifty_variables_are_one_transaction_and_clear_the_cache_once(
    museum: Project, production: Project
) -> None:
    for number in range(50):
        set_variable(museum, f"site_wave_{number}", number)
    museum.run("export", "--commit")
    cached = "SELECT COUNT(*) FROM cache_bootstrap WHERE cid = 'variables'"
    production.click("INSERT OR REPLACE INTO cache_bootstrap (cid, data) VALUES ('variables', 'a:0:{}')")
    production.click("CREATE TABLE seen (cleared INTEGER)")
    production.click(
        "CREATE TRIGGER watch AFTER DELETE ON cache_bootstrap BEGIN "
        "INSERT INTO seen SELECT COUNT(*) FROM variable WHERE name LIKE 'site_wave_%'; END"
    )

    production.run("import", "--yes")

    assert production.one(cached) == 0
    assert production.rows("SELECT cleared FROM seen") == [(50,)]
