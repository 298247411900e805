"""A site that cannot be read or reached: one message says why and what to do; nothing is changed, nothing is made."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from drupalsync.site.mysql import Mysql
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import parse_url
from support.cli import Project
from support.dumps import sqlite_url
from support.untouched import untouched

if TYPE_CHECKING:
    from support.dumps import Load
    from support.golden import Check
    from support.mariadb import Server

COMMANDS: Final = (["export"], ["import", "--yes"], ["import", "--dry-run"], ["status"], ["diff"])
PASSWORD: Final = "correct horse battery staple"

SYSTEM: Final = """
CREATE TABLE system (filename VARCHAR(255), name VARCHAR(255), type VARCHAR(255), schema_version INTEGER);
CREATE TABLE variable (name VARCHAR(48) PRIMARY KEY, value TEXT);
CREATE TABLE menu_links (mlid INTEGER PRIMARY KEY, link_path VARCHAR(255));
"""
DRUPAL_6: Final = f"{SYSTEM} INSERT INTO system VALUES ('modules/system/system.module', 'system', 'module', 6055);"
DRUPAL_8: Final = """
CREATE TABLE config (collection VARCHAR(255), name VARCHAR(255), data BLOB);
CREATE TABLE key_value (collection VARCHAR(128), name VARCHAR(128), value BLOB);
"""


def _project(folder: Path, database: str, *, manifest: str = "") -> Project:
    """A project on one site, with a tree that could be imported."""
    project = Project(folder / "project", {"prod": database}, manifest=manifest)
    project.write("config/variables/site.yml", "site_name: Example\n")
    return project


def _refused(project: Project, golden: Check, case: str) -> None:
    """Checks that every command stops with the same words, and changes nothing."""
    with untouched(project):
        said = [project.run(*argv, exits=1) for argv in COMMANDS]

    assert {result.stderr for result in said} == {said[0].stderr}
    assert all(result.stdout == "" for result in said)
    golden(said[0].transcript, f"end_to_end/{case}.txt")


def test_a_database_file_that_is_not_there_is_not_made(tmp_path: Path, golden: Check) -> None:
    _refused(_project(tmp_path, sqlite_url(tmp_path / "no.sqlite")), golden, "no-such-database-file")

    assert not (tmp_path / "no.sqlite").exists()


def test_a_file_that_is_something_else(tmp_path: Path, golden: Check) -> None:
    (tmp_path / "letter.txt").write_text("Dear Sir or Madam,\n")

    _refused(_project(tmp_path, sqlite_url(tmp_path / "letter.txt")), golden, "a-file-that-is-no-database")


@pytest.mark.parametrize(
    ("case", "tables"),
    [
        ("an-empty-database", ""),
        ("a-database-of-something-else", "CREATE TABLE wp_posts (ID INTEGER PRIMARY KEY, post_title TEXT);"),
        ("a-drupal-6", DRUPAL_6),
        ("a-drupal-8-or-later", DRUPAL_8),
        ("a-drupal-under-a-prefix", SYSTEM.replace("TABLE ", "TABLE museum_")),
    ],
)
def test_a_database_without_a_drupal_7(tmp_path: Path, golden: Check, case: str, tables: str) -> None:
    with closing(sqlite3.connect(tmp_path / "site.sqlite")) as db:
        db.executescript(tables)

    _refused(_project(tmp_path, sqlite_url(tmp_path / "site.sqlite")), golden, case)


def test_a_server_that_is_away(tmp_path: Path, golden: Check) -> None:
    url = f"mysql://drupal@localhost/museum?unix_socket={tmp_path}/mysqld.sock"
    project = _project(tmp_path, url)

    # In a process of its own: PyMySQL leaves the socket of a connection that fails to the garbage collector.
    with untouched(project), project.spawn("import", "--yes") as started:
        out, err = started.communicate()

    said = project.transcript(("import", "--yes"), out, err, started.returncode)
    golden(said, "end_to_end/a-server-that-is-away.txt")


def test_a_wrong_password_is_not_repeated(tmp_path: Path, mariadb: Server, golden: Check) -> None:
    mariadb.execute(f"CREATE USER drupal@localhost IDENTIFIED BY '{PASSWORD}'")
    project = _project(tmp_path, f"mysql://drupal@localhost/museum?unix_socket={mariadb.socket}")
    project.write("drupalsync.yml", project.read("drupalsync.yml") + "    password: !env PROD_PASSWORD\n")
    wrong = f"{PASSWORD}, they said"

    with untouched(project):
        said = project.run("import", "--yes", exits=1, env={"PROD_PASSWORD": wrong})
        unset = project.run("import", "--yes", exits=1)
    mariadb.execute("DROP USER drupal@localhost")

    assert wrong not in said.transcript
    golden(f"{said.transcript}\n{unset.transcript}", "end_to_end/a-wrong-password.txt")


def test_a_schema_that_the_server_does_not_have(tmp_path: Path, mariadb: Server, golden: Check) -> None:
    _refused(_project(tmp_path, mariadb.url("musuem")), golden, "no-such-database-on-the-server")


@pytest.mark.parametrize(
    ("case", "lines"),
    [
        ("a-settings-file-that-is-broken", ["$databases['default']['default'] = array('driver' => 'sqlite',", "$conf = 5;"]),
        ("a-settings-file-that-computes", ["$databases = json_decode(file_get_contents('/run/db.json'), TRUE);"]),
        ("a-settings-file-without-a-database", ["$conf['site_name'] = 'Museum';"]),
        ("a-settings-file-of-drupal-6", ["$db_url = 'mysqli://drupal:secret@localhost/museum';"]),
        ("a-settings-file-for-postgresql", ["$databases['default']['default'] = array('driver' => 'pgsql', 'database' => 'museum');"]),
    ],
)  # fmt: skip
def test_a_settings_file_that_names_no_database(tmp_path: Path, golden: Check, case: str, lines: list[str]) -> None:
    _refused(_with_settings(tmp_path, "\n".join(["<?php", *lines, ""])), golden, case)


def test_a_docroot_without_a_settings_file(tmp_path: Path, golden: Check) -> None:
    project = _with_settings(tmp_path, "")
    (tmp_path / "docroot/sites/default/settings.php").unlink()

    _refused(project, golden, "a-docroot-without-settings")


@pytest.mark.parametrize(
    ("case", "statement"),
    [
        ("a-variable-that-is-cut", "UPDATE variable SET value = 's:14:\"Harbour Mu' WHERE name = 'site_name'"),
        ("a-secret-that-is-cut", "UPDATE variable SET value = 's:15:\"lighthou' WHERE name = 'smtp_password'"),
        ("options-of-a-link-that-are-cut", "UPDATE menu_links SET options = 'a:1:{s:10:\"attributes\";a:2:{s:6:\"targ' WHERE link_title = 'Friends'"),
    ],
)  # fmt: skip
def test_a_stored_value_that_is_cut_is_named_and_left_as_it_is(
    museum: Project, golden: Check, case: str, statement: str
) -> None:
    prod = museum.at("prod")
    prod.click(statement)

    with untouched(museum, prod):
        said = [prod.run(*argv, exits=1) for argv in COMMANDS]

    assert {result.stderr for result in said} == {said[0].stderr}
    golden(said[0].transcript, f"end_to_end/{case}.txt")


def test_a_second_import_at_the_same_time_does_not_wait(tmp_path: Path, dump: Load, golden: Check) -> None:
    project = _project(tmp_path, dump("prod"))

    with _imported_elsewhere(project.database), untouched(project):
        said = project.run("import", "--adopt", "--yes", exits=5)
        looked_at = project.run("import", "--adopt", "--dry-run")
        exported = project.run("export", "variable:site_name", exits=1)

    assert "variable:site_name" in looked_at.stdout
    assert "not committed" in exported.stderr
    golden(re.sub(r"held by \w+ \d+", "held by «another»", said.transcript), "end_to_end/two-imports-at-once.txt")
    project.run("import", "--adopt", "--yes")


@contextmanager
def _imported_elsewhere(url: str) -> Iterator[None]:
    """Holds the lock of a site, as an import in another process does."""
    address = parse_url(url, folder=Path("/"))
    other = Sqlite(address) if address.engine == "sqlite" else Mysql(address)
    try:
        other.take_lock("drupalsync", 0)
        yield
    finally:
        other.close()


def _with_settings(folder: Path, text: str) -> Project:
    """A project whose site is found through the settings.php of a docroot."""
    project = _project(folder, sqlite_url(folder / "unused.sqlite"))
    manifest = project.read("drupalsync.yml")
    project.write("drupalsync.yml", manifest.replace(f"database: {project.database}", "root: ../docroot"))
    settings = folder / "docroot/sites/default/settings.php"
    settings.parent.mkdir(parents=True)
    settings.write_text(text)
    return project
