"""Traps 18 to 23 and 37 of the peers' study: roles and what they may do, text formats."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.clicks import set_variable, variable
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

EDITOR: Final = "config/roles/editor.yml"
FORMAT: Final = "config/text_formats/full_html.yml"
MAY: Final = (
    "SELECT permission, module FROM role_permission INNER JOIN role USING (rid) WHERE name = '{}' ORDER BY permission"
)
GRANT: Final = "INSERT INTO role_permission SELECT rid, '{1}', '{2}' FROM role WHERE name = '{0}'"
VOCABULARY: Final = (
    "INSERT INTO taxonomy_vocabulary (vid, name, machine_name, description, hierarchy, module, weight) "
    "VALUES ({}, '{}', '{}', '', 0, 'taxonomy', 0)"
)


def may(site: Project, role: str) -> dict[str, str]:
    """What a role may do, with the module of each permission."""
    return {str(name): str(module) for name, module in site.rows(MAY.format(role))}


def test_trap_18_a_role_that_is_renamed_stays_the_same_row_with_its_users(museum: Project, production: Project) -> None:
    rid = production.one("SELECT rid FROM role WHERE name = 'editor'")
    museum.click("UPDATE role SET name = 'redactor' WHERE name = 'editor'")
    museum.run("export", "--commit")

    said = production.run("import", "--yes", exits=3).stdout
    assert "like role:editor, which the tree no longer has; it says the same" in said
    museum.write("config/moved.yml", "moved:\n  - {from: 'role:editor', to: 'role:redactor'}\n")
    production.run("import", "--yes")

    assert production.one(f"SELECT name FROM role WHERE rid = {rid}") == "redactor"
    assert production.one(f"SELECT COUNT(*) FROM users_roles WHERE rid = {rid}") == 1


def test_trap_18_what_refers_to_a_renamed_role_has_to_follow(museum: Project, production: Project) -> None:
    museum.write("config/moved.yml", "moved:\n  - {from: 'role:editor', to: 'role:redactor'}\n")
    museum.write("config/roles/redactor.yml", museum.read(EDITOR).replace("role: editor", "role: redactor"))
    (museum.root / EDITOR).unlink()

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert said.stderr == (
        "drupalsync: block:custom/notes-for-editors refers to what this release renames or deletes, and its file does not "
        "follow; nothing was kept\n"
        "  where: block:custom/notes-for-editors roles\n"
        "  mend:  write there what it is then: role:editor → role:redactor\n"
    )


def test_trap_19_a_permission_names_its_vocabulary_and_not_the_vid(museum: Project, production: Project) -> None:
    museum.click(VOCABULARY.format(7, "Ships", "ships"))
    production.click(VOCABULARY.format(9, "Harbours", "harbours"))
    museum.click(GRANT.format("editor", "edit terms in 7", "taxonomy"))
    museum.run("export", "--commit")

    assert "edit terms in vocabulary:ships" in museum.read(EDITOR)
    production.run("import", "--yes")

    vid = production.one("SELECT vid FROM taxonomy_vocabulary WHERE machine_name = 'ships'")
    assert vid != 7
    assert may(production, "editor")[f"edit terms in {vid}"] == "taxonomy"
    assert "Nothing to do" in production.run("import", "--yes").stdout


def test_trap_19_a_permission_goes_with_its_vocabulary(museum: Project, production: Project) -> None:
    museum.click(VOCABULARY.format(7, "Ships", "ships"))
    museum.click(GRANT.format("editor", "delete terms in 7", "taxonomy"))
    museum.run("export", "--commit")
    production.run("import", "--yes")
    museum.click("DELETE FROM taxonomy_vocabulary WHERE machine_name = 'ships'")
    museum.run("export", "--commit")

    production.run("import", "--prune", "--yes")

    assert not [name for name in may(production, "editor") if "terms" in name]
    assert production.rows("SELECT vid FROM taxonomy_vocabulary WHERE machine_name = 'ships'") == []


def test_trap_19_a_permission_of_a_vocabulary_that_is_gone_is_no_part_of_the_role(museum: Project) -> None:
    museum.click(GRANT.format("editor", "edit terms in 99", "taxonomy"))

    museum.run("export")

    assert "99" not in museum.read(EDITOR)


def test_trap_20_a_permission_of_a_module_that_is_off_is_skipped_and_granted_once_it_is_on(
    museum: Project, production: Project
) -> None:
    museum.write(EDITOR, museum.read(EDITOR) + "modules: {fly a kite: kites}\n")
    museum.write(EDITOR, museum.read(EDITOR).replace("permissions:\n", "permissions:\n  - fly a kite\n"))

    said = production.run("import", "--dry-run").stdout
    production.run("import", "--yes")

    assert "note: role:editor: permissions of the module kites are skipped, it is off on this site" in said
    assert "fly a kite" not in may(production, "editor")
    assert "Nothing to do" in production.run("import", "--yes").stdout
    production.click("INSERT INTO system (filename, name, type, status) VALUES ('k', 'kites', 'module', 1)")
    production.run("import", "--yes")  # and not: somebody took it away by hand
    assert may(production, "editor")["fly a kite"] == "kites"


def test_trap_20_an_export_from_a_site_without_the_module_leaves_the_permission_in_the_file(museum: Project) -> None:
    museum.write(EDITOR, museum.read(EDITOR) + "modules: {fly a kite: kites}\n")
    museum.write(EDITOR, museum.read(EDITOR).replace("permissions:\n", "permissions:\n  - fly a kite\n"))
    museum.git("commit", "--quiet", "--all", "--message=A kite")
    before = museum.read(EDITOR)

    museum.run("export")
    assert museum.read(EDITOR) == before
    museum.click("UPDATE role SET weight = 9 WHERE name = 'editor'")
    museum.run("export")

    assert museum.read(EDITOR) == before.replace("weight: 3", "weight: 9")


def test_trap_20_rows_of_a_module_that_went_off_stay(museum: Project, production: Project) -> None:
    production.click(GRANT.format("editor", "fly a kite", "kites"))

    museum.click("UPDATE role SET weight = 9 WHERE name = 'editor'")
    museum.run("export", "--commit")
    production.run("import", "--yes")

    assert may(production, "editor")["fly a kite"] == "kites"


def test_trap_20_a_permission_of_a_format_waits_for_the_format(museum: Project, production: Project) -> None:
    museum.write("config/text_formats/letters.yml", "text_format: letters\nname: Letters\n")
    museum.write(EDITOR, museum.read(EDITOR).replace("use text format full_html", "use text format letters"))

    production.run("import", "--yes")

    assert may(production, "editor")["use text format letters"] == "filter"
    assert "use text format full_html" not in may(production, "editor")


def test_trap_21_a_list_is_all_that_a_role_may_do(museum: Project, production: Project) -> None:
    museum.click("DELETE FROM role_permission WHERE permission = 'edit any page content'")
    museum.run("export", "--commit")

    said = production.run("import", "--yes").stdout

    assert '- "edit any page content"' in said
    assert "edit any page content" not in may(production, "editor")


def test_trap_21_with_only_and_without_the_rest_is_the_sites(museum: Project, production: Project) -> None:
    museum.write(
        EDITOR,
        "role: editor\nweight: 3\npermissions:\n  only: [administer menu]\n  without: [edit any page content]\n",
    )
    museum.git("commit", "--quiet", "--all", "--message=Only some")
    production.click(GRANT.format("editor", "access user profiles", "user"))

    production.run("import", "--yes", exits=3)  # its base was the whole list: the site has edited that
    production.run("import", "--yes", "--on-drift", "keep")
    production.run("import", "--yes", "--on-drift", "overwrite")

    now = may(production, "editor")
    assert now["access user profiles"] == "user"
    assert now["administer menu"] == "menu"
    assert "edit any page content" not in now
    assert now["edit any article content"] == "node"


def test_trap_21_what_the_file_manages_an_export_goes_on_managing(museum: Project) -> None:
    text = "role: editor\nweight: 3\npermissions: {only: [administer menu, create article content], without: [post comments]}\n"
    museum.write(EDITOR, text)
    museum.git("commit", "--quiet", "--all", "--message=Only some")
    museum.click(GRANT.format("editor", "administer menu", "menu"))
    museum.click(GRANT.format("editor", "access user profiles", "user"))

    museum.run("export")
    assert museum.read(EDITOR) == text
    museum.click(GRANT.format("editor", "post comments", "comment"))
    museum.run("export")

    assert "only: [administer menu, create article content, post comments]" in museum.read(EDITOR)


def test_trap_21_edits_of_both_sides_to_one_role_merge(museum: Project, production: Project) -> None:
    museum.click(GRANT.format("editor", "administer menu", "menu"))
    museum.run("export", "--commit")
    production.click(GRANT.format("editor", "access user profiles", "user"))
    production.click("DELETE FROM role_permission WHERE permission = 'edit any page content'")

    stopped = production.run("import", "--yes", exits=3)
    production.run("import", "--on-drift", "keep", "--yes")

    assert "access user profiles" in stopped.stdout
    now = may(production, "editor")
    assert now["administer menu"] == "menu"
    assert now["access user profiles"] == "user"
    assert "edit any page content" not in now


def test_trap_21_permissions_whose_module_has_to_be_told_merge_as_well(museum: Project, production: Project) -> None:
    museum.click(GRANT.format("editor", "set sail", "block"))
    museum.run("export", "--commit")
    assert "set sail: block" in museum.read(EDITOR)
    production.click(GRANT.format("editor", "fly a kite", "path"))
    production.click("DELETE FROM role_permission WHERE permission = 'edit any page content'")

    production.run("import", "--on-drift", "keep", "--yes")

    now = may(production, "editor")
    assert (now["set sail"], now["fly a kite"]) == ("block", "path")
    assert "edit any page content" not in now
    said = production.run("import", "--dry-run", exits=3).stdout  # what was kept is still a hand edit
    assert "set sail" not in said
    production.run("export", "--commit")
    assert "fly a kite: path" in museum.read(EDITOR)
    assert "< role:editor" in production.run("import", "--yes").stdout  # agreed: recorded, not written


@pytest.mark.parametrize(
    ("permission", "module"),
    [
        pytest.param("  - fly a kite\n  - set sail\n", "  fly a kite: path\n  set sail: block\n", id="one more"),
        pytest.param("  - set sail\n", "  set sail: block\n", id="another one"),
        pytest.param("  - fly a kite\n", "  fly a kite: block\n", id="of another module"),
    ],
)
def test_trap_21_where_permissions_are_left_to_the_site_so_are_their_modules(
    museum: Project, production: Project, permission: str, module: str
) -> None:
    for site in (museum, production):
        site.click(GRANT.format("editor", "fly a kite", "path"))
    museum.run("export", "--commit")
    production.run("import", "--yes")
    rule = "ignore: [{item: 'role:*', field: permissions, reason: theirs}]\n"
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + rule)
    before = may(production, "editor")
    text = museum.read(EDITOR).replace("weight: 3", "weight: 9")
    museum.write(EDITOR, text.replace("  - fly a kite\n", permission).replace("  fly a kite: path\n", module))

    production.run("import", "--yes")

    assert may(production, "editor").keys() == before.keys()
    assert production.one("SELECT weight FROM role WHERE name = 'editor'") == 9
    assert "Nothing to do" in production.run("import", "--yes").stdout


def test_trap_22_what_the_administrator_may_do_is_nobodys_business(museum: Project, production: Project) -> None:
    assert "permissions" not in museum.read("config/roles/administrator.yml")
    production.click(GRANT.format("administrator", "access user profiles", "user"))
    museum.click(GRANT.format("administrator", "administer filters", "filter"))

    museum.run("export")

    assert "permissions" not in museum.read("config/roles/administrator.yml")
    assert "Nothing to do" in production.run("import", "--yes").stdout


@pytest.mark.parametrize(
    ("file", "why"),
    [
        pytest.param("roles/administrator.yml", "it is the administrator role", id="administrator"),
        pytest.param("roles/anonymous%20user.yml", "it is what visitors are", id="anonymous"),
        pytest.param("roles/authenticated%20user.yml", "it is what everybody with an account is", id="authenticated"),
        pytest.param("text_formats/plain_text.yml", "it is the fallback format", id="fallback"),
    ],
)
def test_trap_22_what_drupal_needs_is_born_protected(museum: Project, production: Project, file: str, why: str) -> None:
    (museum.root / "config" / file).unlink()
    production.click("DELETE FROM users_roles")
    production.click("DELETE FROM block_role")
    production.run("export", "block")
    museum.git("rm", "--quiet", "--cached", f"config/{file}")
    for selector in ([], [file.partition("/")[0].removesuffix("s")]):
        with untouched(production):
            said = production.run("import", "--prune", "--yes", *selector, exits=4)
        assert why in said.stdout


def test_trap_22_another_administrator_frees_the_old_one(museum: Project, production: Project) -> None:
    rid = museum.one("SELECT rid FROM role WHERE name = 'editor'")
    set_variable(museum, "user_admin_role", str(rid))
    museum.run("export", "--commit")
    production.run("import", "--yes")

    assert variable(production, "user_admin_role") == str(production.one("SELECT rid FROM role WHERE name = 'editor'"))
    assert "Nothing to do" in production.run("import", "--yes").stdout


def test_trap_23_the_two_roles_of_core_keep_their_names(museum: Project, production: Project) -> None:
    museum.click("UPDATE role SET name = 'visitor' WHERE rid = 1")
    museum.run("export", "--commit")
    museum.write("config/moved.yml", "moved:\n  - {from: 'role:anonymous user', to: 'role:visitor'}\n")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "the role anonymous user cannot become visitor: Drupal itself needs it" in said.stderr


def test_trap_23_a_site_that_calls_visitors_otherwise_gets_no_second_role_for_them(museum: Project) -> None:
    museum.click("UPDATE role SET name = 'Gast' WHERE rid = 1")  # nothing was ever released here

    with untouched(museum):
        said = museum.run("import", "--yes", "--adopt", exits=1)

    assert "anonymous user is the role that every site has, and this site calls it Gast" in said.stderr
    assert "UPDATE role SET name = 'anonymous user' WHERE rid = 1" in said.stderr


def test_trap_37_a_format_is_switched_off_and_never_deleted(museum: Project, production: Project) -> None:
    museum.click("UPDATE filter_format SET status = 0 WHERE format = 'full_html'")
    museum.run("export", "--commit")
    assert "status: false" in museum.read(FORMAT)

    production.run("import", "--yes")

    assert production.one("SELECT status FROM filter_format WHERE format = 'full_html'") == 0
    assert production.one("SELECT COUNT(*) FROM filter WHERE format = 'full_html'") == 5
    assert may(production, "editor")["use text format full_html"] == "filter"  # as Drupal leaves it


def test_trap_37_pruning_a_format_switches_it_off(museum: Project, production: Project) -> None:
    (museum.root / "config/text_formats/filtered_html.yml").unlink()  # which only articles have: they are nobody's here
    for name in ("anonymous%20user", "authenticated%20user"):
        file = f"config/roles/{name}.yml"
        museum.write(file, museum.read(file).replace("  - use text format filtered_html\n", ""))
    museum.git("commit", "--quiet", "--all", "--message=No HTML")
    rows = production.rows("SELECT * FROM filter ORDER BY format, name")

    production.run("import", "--prune", "--yes")

    assert production.rows("SELECT status, cache FROM filter_format WHERE format = 'filtered_html'") == [(0, 1)]
    assert production.rows("SELECT * FROM filter ORDER BY format, name") == rows


def test_trap_37_the_computed_column_follows_from_the_filters(museum: Project, production: Project) -> None:
    production.click("INSERT INTO system (filename, name, type, status) VALUES ('p', 'php', 'module', 1)")
    museum.write(FORMAT, museum.read(FORMAT).replace("filters:\n", "filters:\n  php_code: {status: true}\n"))

    production.run("import", "--yes")

    assert production.rows("SELECT cache FROM filter_format WHERE format = 'full_html'") == [(0,)]
    assert production.rows("SELECT module, status FROM filter WHERE format = 'full_html' AND name = 'php_code'") == [
        ("php", 1)
    ]


def test_trap_37_a_filter_that_leaves_the_file_is_off_and_keeps_its_row(museum: Project, production: Project) -> None:
    row = "SELECT status, weight, settings FROM filter WHERE format = 'full_html' AND name = 'filter_url'"
    ((status, weight, settings),) = production.rows(row)
    assert status == 1
    lines = museum.read(FORMAT).split("  filter_url:\n")
    museum.write(FORMAT, lines[0] + lines[1].partition("length: 72\n")[2])

    production.run("import", "--yes")

    assert production.rows(row) == [(0, weight, settings)]
    assert "Nothing to do" in production.run("import", "--yes").stdout


def test_trap_37_a_filter_of_a_module_that_is_off_stops_the_import(museum: Project, production: Project) -> None:
    museum.write(FORMAT, museum.read(FORMAT).replace("filters:\n", "filters:\n  php_code: {status: true}\n"))

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "the filter php_code needs the module php, which is off" in said.stderr
    assert "drush en php" in said.stderr
