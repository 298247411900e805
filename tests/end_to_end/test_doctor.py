"""`doctor`: what works and what does not, whatever is broken; it writes nothing, and tells no secret."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from drupalsync.site.mysql import Mysql
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import parse_url
from support.cli import Project, Result
from support.dumps import sqlite_url
from support.untouched import untouched
from support.versions import without_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.dumps import Load
    from support.golden import Check
    from support.mariadb import Server
    from support.tiny_site import TinySites

SECRET: Final = "correct horse battery staple"


def findings(project: Project, *, exits: int = 0) -> dict[str, tuple[str, str]]:
    """What is said of each thing: (state, words); of several, the last."""
    told = json.loads(project.run("doctor", "--format", "json", exits=exits).stdout)
    assert told["works"] == (exits == 0)
    return {one["name"]: (one["state"], one["says"]) for one in told["findings"]}


def told(result: Result) -> str:
    return without_versions(result.transcript)


def test_all_works(museum: Project, production: Project, golden: Check) -> None:
    with untouched(museum, production):
        dev, prod = museum.run("doctor"), production.run("doctor")

    golden(f"{told(dev)}\n{told(prod)}", "end_to_end/a-doctor-that-finds-nothing-wrong.txt")


def test_before_anything_is_there(tmp_path: Path, museum: Project, golden: Check) -> None:
    folder = tmp_path / "empty"
    project = Project(folder, museum.databases)
    project.git("rm", "--quiet", "drupalsync.yml")
    nothing = project.run("doctor", exits=1)
    project.run("init", "--database", museum.database)
    first = project.run("doctor", "--env", "dev")

    golden(f"{told(nothing)}\n{told(first)}", "end_to_end/a-doctor-before-anything-is-there.txt")


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("that-is-no-yaml", "version: 1\nenvironments: [dev\n"),
        ("that-is-empty", ""),
        ("of-another-version", "version: 2\n"),
        ("without-environments", "version: 1\n"),
        ("with-a-password", f"version: 1\nenvironments:\n  dev:\n    database: mysql://u:{SECRET.replace(' ', '')}@localhost/x\n"),
        ("whose-password-is-not-set", "version: 1\nenvironments:\n  dev:\n    database: mysql://u@localhost/x\n    password: !env PW\n"),
        ("with-rules-of-nothing", "version: 1\nignore: [{item: 'rol:x'}]\ntables: [{kind: x, tabel: y}]\n"),
        ("whose-nodes-are-no-list", "version: 1\nnodes: 5\n"),
        ("whose-folder-is-no-name", "version: 1\nconfig: [config]\n"),
    ],
)  # fmt: skip
def test_a_manifest(museum: Project, golden: Check, case: str, text: str) -> None:
    museum.write("drupalsync.yml", text)

    with untouched(museum):
        said = museum.run("doctor", exits=1)

    assert SECRET.replace(" ", "") not in said.transcript
    golden(told(said), f"end_to_end/a-doctor-and-a-manifest-{case}.txt")


def test_an_environment_that_there_is_not(museum: Project) -> None:
    said = museum.run("doctor", "--env", "stage", exits=1)

    assert "there is no environment 'stage'" in said.stdout
    assert "mend: known: dev, prod" in said.stdout


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("git gc", None),
        ("./after.sh", None),
        ("./before.sh", "there is no program './before.sh' here"),
        (f"drushh @prod cc all --token={SECRET.replace(' ', '')}", "there is no program 'drushh' here"),
        ("echo 'open", "a command cannot be read (No closing quotation)"),
        ("''", "there is no program '' here"),
        (f"https://u:{SECRET}@host/clear", "there is no program that a command begins with here"),
        (f"'drushh --token={SECRET}'", "there is no program that a command begins with here"),
        (f"MYSQL_PWD='{SECRET}' git gc", "a command begins with a variable (MYSQL_PWD=…), and no shell runs it"),
        (f"PATH+='\n{SECRET}' git gc", "a command begins with a variable (PATH=…), and no shell runs it"),
    ],
)
def test_a_command_after_the_import(museum: Project, command: str, says: str | None) -> None:
    museum.write("after.sh", "#!/bin/sh\n")
    (museum.root / "after.sh").chmod(0o700)
    hooks = f"    database: {museum.database}\n    after_import: [{json.dumps(command)}]\n"
    museum.write("drupalsync.yml", museum.read("drupalsync.yml").replace(f"    database: {museum.database}\n", hooks))

    if says is None:
        assert findings(museum)["environment"][0] == "ok"
    else:
        assert findings(museum, exits=1)["environment"] == ("fails", says)
        for format_ in ("json", "text"):
            transcript = museum.run("doctor", "--format", format_, exits=1).transcript
            assert SECRET.split()[1] not in transcript


@pytest.mark.parametrize(
    ("class_", "told"),
    [
        ("MemCacheDrupal", "MemCacheDrupal"),
        (r"Drupal\\redis\\Cache", r"Drupal\redis\Cache"),
        (f"redis://:{SECRET}@cache", "a class whose name is none of PHP's"),
        (SECRET, "a class whose name is none of PHP's"),
    ],
)
def test_caches_outside_of_the_database(tmp_path: Path, tiny_sites: TinySites, class_: str, told: str) -> None:
    settings = tmp_path / "docroot/sites/default/settings.php"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        "<?php\n"
        f"$databases['default']['default'] = array('driver' => 'sqlite', 'database' => '{tiny_sites.dev}');\n"
        f"$conf['cache_default_class'] = '{class_}';\n"
        "$conf['cache_class_cache_form'] = 'DrupalDatabaseCache';\n"
    )
    project = Project(tmp_path / "project", tiny_sites.urls)
    entry = project.read("drupalsync.yml").replace(f"database: {project.database}", "root: ../docroot")
    project.write("drupalsync.yml", entry)

    assert findings(project)["environment"] == (
        "note",
        f"caches are kept outside of the database ({told}), where drupalsync cannot clear them",
    )


def test_a_server_that_is_away(tmp_path: Path, golden: Check) -> None:
    project = Project(tmp_path / "project", {"prod": f"mysql://drupal@localhost/museum?unix_socket={tmp_path}/no.sock"})
    project.write("drupalsync.yml", project.read("drupalsync.yml") + "    password: !env PW\n")

    # In a process of its own: PyMySQL leaves the socket of a connection that fails to the garbage collector.
    with project.spawn("doctor", env={"PW": SECRET}) as started:
        out, err = started.communicate()

    assert SECRET not in out + err
    golden(
        without_versions(project.transcript(("doctor",), out, err, started.returncode)),
        "end_to_end/a-doctor-and-a-server-that-is-away.txt",
    )


def test_a_database_that_is_no_drupal(tmp_path: Path) -> None:
    (tmp_path / "site.sqlite").write_bytes(b"")
    project = Project(tmp_path / "project", {"prod": sqlite_url(tmp_path / "site.sqlite")})

    assert findings(project, exits=1)["database"] == ("fails", "there is no Drupal in this database")
    assert findings(project, exits=1)["lock"] == ("not looked at", "")


def test_a_tree_with_mistakes(museum: Project, golden: Check) -> None:
    museum.write("config/roles/editor.yml", "role: editor\nweigth: 3\n")
    museum.write("config/menus/main-menu.yml", "menu: [\n")

    golden(told(museum.run("doctor", exits=1)), "end_to_end/a-doctor-and-a-tree-with-mistakes.txt")


def test_an_empty_tree(tmp_path: Path, museum: Project) -> None:
    project = Project(tmp_path / "empty", museum.databases)
    (project.root / "config").mkdir()

    assert findings(project)["tree"] == ("note", "config/ has no file yet")


def test_a_secret_in_clear_is_named_and_not_told(museum: Project) -> None:
    museum.write("config/variables/smtp.yml", f"smtp_password: {SECRET}\n")

    said = museum.run("doctor", exits=1)

    assert SECRET not in said.transcript
    assert "config/variables/smtp.yml" in said.stdout


def test_a_module_that_the_tree_needs_and_the_site_lacks(production: Project) -> None:
    production.click("UPDATE system SET status = 0 WHERE name = 'contact'")

    state, says = findings(production, exits=1)["modules"]

    assert (state, says) == (
        "fails",
        "1 module that the tree needs is off on this site: contact; drupalsync turns none on",
    )


def test_what_a_release_left_unfinished(production: Project) -> None:
    production.click("UPDATE drupalsync_step SET done = 0 WHERE number = 1")

    assert findings(production)["ledger"] == (
        "note",
        "1 step of release 1 still to do: the next import begins with that",
    )


def test_what_an_import_that_died_left_unfinished(production: Project) -> None:
    production.click(
        "INSERT INTO drupalsync_step (release_id, number, action, argument, done) VALUES (0, 1, 'drop', 'field_data_x', 0)"
    )

    assert findings(production)["ledger"] == (
        "note",
        "1 step of an import that was interrupted still to do: the next import begins with that",
    )


def test_a_ledger_of_another_site(production: Project) -> None:
    production.click("UPDATE variable SET value = 'i:5;' WHERE name = 'install_time'")
    production.click("UPDATE users SET created = 5 WHERE uid = 1")

    state, says = findings(production, exits=1)["ledger"]

    assert state == "fails"
    assert says.startswith("the ledger in this database was written for another site")


def test_a_lock_that_somebody_holds(tmp_path: Path, dump: Load) -> None:
    project = Project(tmp_path / "project", {"prod": dump("prod")})
    assert findings(project)["lock"] == ("ok", "free")

    with _locked_elsewhere(project.database):
        state, says = findings(project)["lock"]

    assert state == "note"
    assert says.startswith("held by ")
    assert findings(project)["lock"] == ("ok", "free")


def test_a_lock_file_that_a_dead_process_left(production: Project) -> None:
    Path(production.database.removeprefix("sqlite:///") + ".drupalsync-lock").write_text("process 4194304999")

    assert findings(production)["lock"] == ("ok", "free")


def test_a_description_that_the_site_does_not_fit(museum: Project, golden: Check) -> None:
    tables = """\
tables:
  - {kind: day, table: date_format_typ, key: type, folder: days}
  - kind: line
    table: watchdog
    key: typ
    id: wid
    folder: lines
    children:
      - {table: flod, field: floods, parent: {wid: wid}, order: wid}
      - {table: flood, field: more, parent: {wid: wid}, order: fid}
  - {kind: off, table: nothing, key: name, folder: off, module: nothing}
"""
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + tables)

    golden(told(museum.run("doctor", exits=1)), "end_to_end/a-doctor-and-descriptions-that-do-not-fit.txt")


def test_rows_that_share_a_name(museum: Project) -> None:
    museum.click("CREATE TABLE dsx (name VARCHAR(9))")
    museum.click("INSERT INTO dsx VALUES ('a'), ('a'), ('b')")
    tables = "tables: [{kind: thing, table: dsx, key: name, folder: things}]\n"
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + tables)

    assert findings(museum)["tables"] == ("note", "thing:a is 2 rows of dsx: none of them is exported or written")


def test_a_server_on_which_imports_would_fail(
    tmp_path: Path, dump: Load, mariadb: Server, engine: str, golden: Check
) -> None:
    if engine == "sqlite":
        pytest.skip("of MariaDB: its engines, accounts and character sets")
    url = dump("prod")
    name = url.partition("?")[0].rpartition("/")[2]
    mariadb.execute("ALTER TABLE role ENGINE=MyISAM", name)
    mariadb.execute("ALTER TABLE contact CONVERT TO CHARACTER SET latin1", name)
    mariadb.execute(f"CREATE USER reader@localhost IDENTIFIED BY '{SECRET}'")
    mariadb.execute(f"GRANT SELECT, INSERT, UPDATE ON `{name}`.* TO reader@localhost")
    project = Project(tmp_path / "project", {"prod": url.replace("root@", "reader@")})
    project.write("drupalsync.yml", project.read("drupalsync.yml") + "    password: !env PW\n")
    try:
        said = project.run("doctor", exits=1, env={"PW": SECRET})
    finally:
        mariadb.execute("DROP USER reader@localhost")

    assert SECRET not in said.transcript
    golden(told(said).replace(name, "«name»"), "end_to_end/a-doctor-and-a-server-on-which-imports-would-fail.txt")


def test_an_account_that_may_make_no_fields(tmp_path: Path, dump: Load, mariadb: Server, engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("of MariaDB: its accounts")
    url = dump("prod")
    name = url.partition("?")[0].rpartition("/")[2]
    mariadb.execute("CREATE USER writer@localhost")
    mariadb.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE, CREATE ON `{name}`.* TO writer@localhost")
    project = Project(tmp_path / "project", {"prod": url.replace("root@", "writer@")})
    try:
        rights = findings(project)["rights"]
    finally:
        mariadb.execute("DROP USER writer@localhost")

    assert rights == ("note", "ALTER, DROP are missing: imports work, but for those that make or delete fields")


@pytest.mark.skipif(os.getuid() == 0, reason="root may write to anything")
def test_a_file_that_cannot_be_written_to(museum: Project, tmp_path: Path) -> None:
    (tmp_path / "dev.sqlite").chmod(0o400)

    state, says = findings(museum, exits=1)["rights"]

    assert state == "fails"
    assert says.endswith("dev.sqlite cannot be written to: exports work, imports do not")


def test_the_document_says_what_the_text_says(museum: Project) -> None:
    document = json.loads(museum.run("doctor", "--format", "json").stdout)

    assert document.keys() == {
        "format_version", "drupalsync_version", "environment", "site", "works", "findings", "tables",
    }  # fmt: skip
    assert document["environment"] == "dev"
    assert [one["name"] for one in document["findings"]][-7:] == [
        "transactions", "rights", "characters", "modules", "ledger", "lock", "tables",
    ]  # fmt: skip
    assert document["tables"]["undescribed"] == []
    assert document["tables"]["left_out"]["watchdog"] == "log"


@contextmanager
def _locked_elsewhere(url: str) -> Iterator[None]:
    """Holds the lock of a site as another process does: the one that started the tests stands for it on SQLite."""
    address = parse_url(url, folder=Path("/"))
    other = Sqlite(address) if address.engine == "sqlite" else Mysql(address)
    try:
        other.take_lock("drupalsync", 0)
        if address.engine == "sqlite":
            Path(f"{address.database}.drupalsync-lock").write_text(f"process {os.getppid()}")
        yield
    finally:
        other.close()
        if address.engine == "sqlite":
            Path(f"{address.database}.drupalsync-lock").write_text(f"process {os.getpid()}")
