"""A secret that the site is to keep: where there is none to keep, the item is never left out, for --prune would delete it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

RELAYS: Final = "SELECT value FROM variable WHERE name = 'relays'"
RELAY: Final = 'a:2:{{s:4:"host";s:1:"{}";s:8:"password";s:5:"pass{}";}}'
TWO: Final = f"a:2:{{i:0;{RELAY.format('a', 1)}i:1;{RELAY.format('b', 2)}}}"
FOOTER: Final = "config/blocks/custom/footer-notice.yml"
NOTICES: Final = "SELECT info, body FROM block_custom WHERE info = 'Footer notice'"
GITHUB: Final = "ghp_" + "a1B2" * 9  # looks like a token


@pytest.fixture
def relays(museum: Project, production: Project) -> Project:
    """Production, which has a list of two maps with a password each, managed; the tree has all its passwords as !env."""
    for project in (museum, production):
        project.click(f"INSERT INTO variable (name, value) VALUES ('relays', '{TWO}')")
    museum.run("export", "--commit")
    assert museum.read("config/variables/relays.yml").count("unset: keep") == 2
    production.run("import", "--yes")
    return production


def _third_relay(project: Project) -> None:
    name = "config/variables/relays.yml"
    third = "  - host: c\n    password: !env {name: RELAYS_2_PASSWORD, unset: keep}\n"
    project.write(name, project.read(name) + third)


def test_a_new_member_of_a_list_without_its_secret_is_an_error_and_deletes_nothing(relays: Project) -> None:
    _third_relay(relays)

    with untouched(relays):
        said = relays.run("import", "--prune", "--yes", exits=1)

    assert "the environment variable RELAYS_2_PASSWORD is not set" in said.stderr
    assert "variable:relays" in said.stderr


def test_a_new_member_of_a_list_with_its_secret_keeps_those_of_the_others(relays: Project) -> None:
    _third_relay(relays)

    relays.run("import", "--prune", "--yes", env={"RELAYS_2_PASSWORD": "pass3"})

    three = TWO.replace("a:2:{i:0", "a:3:{i:0", 1)[:-1] + f"i:2;{RELAY.format('c', 3)}}}"
    assert relays.one(RELAYS) == three


def test_a_renamed_block_whose_body_is_a_secret_is_an_error_and_is_not_deleted(
    museum: Project, production: Project
) -> None:
    for project in (museum, production):
        project.click(f"UPDATE block_custom SET body = 'Key {GITHUB}' WHERE info = 'Footer notice'")
    museum.run("export", "--commit")
    production.run("import", "--yes")
    text = museum.read(FOOTER)
    assert "body: !env" in text
    museum.git("mv", FOOTER, FOOTER.replace("footer-notice", "legal"))
    museum.write(FOOTER.replace("footer-notice", "legal"), text.replace("custom/footer-notice", "custom/legal"))

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=1)

    assert "is not set" in said.stderr
    assert "block:custom/legal" in said.stderr
    assert production.rows(NOTICES) == [("Footer notice", f"Key {GITHUB}")]


def test_a_block_that_only_has_a_secret_left_is_kept_under_prune(museum: Project, production: Project) -> None:
    for project in (museum, production):
        project.click(f"UPDATE block_custom SET body = 'Key {GITHUB}' WHERE info = 'Footer notice'")
    museum.run("export", "--commit")
    production.run("import", "--yes")

    with untouched(production):
        assert "Nothing to do" in production.run("import", "--prune", "--yes").stdout


def test_a_variable_that_is_nothing_but_a_secret_is_left_out_where_the_site_does_not_have_it(tiny: Project) -> None:
    tiny.run("export")
    prod = tiny.at("prod")
    prod.click("DELETE FROM variable WHERE name = 'smtp_password'")

    said = prod.run("import", "--adopt", "--prune", "--yes")

    assert "smtp_password" not in said.stdout
    assert prod.rows("SELECT value FROM variable WHERE name = 'smtp_password'") == []
    with untouched(prod):
        prod.run("import", "--prune", "--yes")


def test_such_a_variable_is_created_where_the_environment_has_the_secret(tiny: Project) -> None:
    tiny.run("export")
    prod = tiny.at("prod")
    prod.click("DELETE FROM variable WHERE name = 'smtp_password'")

    prod.run("import", "--adopt", "--yes", env={"SMTP_PASSWORD": "crow's nest"})

    assert prod.one("SELECT value FROM variable WHERE name = 'smtp_password'") == 's:11:"crow\'s nest";'


def test_a_managed_secret_that_somebody_deleted_on_the_site_is_an_error(museum: Project, production: Project) -> None:
    production.click("DELETE FROM variable WHERE name = 'smtp_password'")

    with untouched(museum, production):
        said = production.run("import", "--prune", "--yes", exits=1)

    assert "the environment variable SMTP_PASSWORD is not set" in said.stderr


@pytest.mark.parametrize(
    ("title", "folder"),
    [
        (f"Deploy {GITHUB}", "blocks/custom"),
        ("Feed https://drupal:hunter2@feeds.example", "blocks/custom"),
    ],
)
def test_a_secret_in_a_title_becomes_no_key_and_no_name_of_a_file(tiny: Project, title: str, folder: str) -> None:
    tiny.click(f"UPDATE block_custom SET info = '{title}' WHERE bid = 2")
    tiny.click(f"UPDATE menu_links SET link_title = '{title}' WHERE mlid = 40")
    tiny.click(f"UPDATE node SET title = '{title}' WHERE nid = 7")
    tiny.click(f"UPDATE node_revision SET title = '{title}' WHERE nid = 7")
    tiny.click("DELETE FROM url_alias WHERE source = 'node/7'")

    said = tiny.run("export", "--commit")

    told = said.stdout + said.stderr + tiny.git("log", "-p", "--name-only")
    told += "".join(
        f"{file.relative_to(tiny.root)}\n{file.read_text()}" for file in sorted((tiny.root / "config").rglob("*.yml"))
    )
    for part in (GITHUB, GITHUB.lower(), "hunter2"):
        assert part not in told
    assert sorted(file.name[0] for file in (tiny.root / "config" / folder).iterdir()) == ["n", "o", "x"]


def test_such_a_key_is_the_same_on_every_site(tiny: Project) -> None:
    for project in (tiny, tiny.at("prod")):
        project.click(f"UPDATE block_custom SET info = 'Deploy {GITHUB}' WHERE info = 'Footer notice'")
    tiny.run("export", "--commit")

    said = tiny.at("prod").run("import", "--adopt", "--yes")

    assert "0 to create" in said.stdout


def test_an_alias_that_looks_like_a_secret_stops_no_export_and_arrives(museum: Project, production: Project) -> None:
    museum.click(f"UPDATE url_alias SET alias = 'invite/{GITHUB}' WHERE alias = 'imprint'")

    museum.run("export", "--commit")
    production.run("import", "--yes")

    assert f"  - invite/{GITHUB}\n" in museum.read("config/nodes/page/imprint.yml")
    source = production.one("SELECT 'node/' || nid FROM node WHERE title = 'Imprint'")
    assert production.rows(f"SELECT alias FROM url_alias WHERE source = '{source}'") == [(f"invite/{GITHUB}",)]
    with untouched(museum, production):
        museum.run("export")
        production.run("import", "--yes")
