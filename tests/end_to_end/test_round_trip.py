"""The site goes to files and comes back: exports are quiet, read only, and commit nothing but what they wrote."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from drupalsync.demo.site import SECRETS_OF_PRODUCTION
from support import sql
from support.cli import Project
from support.dumps import mysql_dump, needs_dumps
from support.untouched import files, untouched

if TYPE_CHECKING:
    from pathlib import Path

    from support.golden import Check
    from support.mariadb import Server

SITE = "config/variables/site.yml"
MENU = "config/menus/main-menu.yml"
RENAMED = "UPDATE variable SET value = 's:6:\"Museum\";' WHERE name = 'site_name'"
PRODUCTION_RENAMED = "UPDATE variable SET value = 's:4:\"Quay\";' WHERE name = 'site_slogan'"


def test_a_second_export_writes_no_file(dev: Project) -> None:
    dev.run("export", "--commit")
    written = {path: path.stat().st_mtime_ns for path in (dev.root / "config").rglob("*")}

    with untouched(dev):
        said = dev.run("export", "--commit")

    assert len(written) > 40
    assert {path: path.stat().st_mtime_ns for path in (dev.root / "config").rglob("*")} == written
    assert "nothing to write" in said.stdout
    assert said.stdout.endswith("Nothing to commit.\n")


def test_an_export_never_writes_to_the_site(dev: Project) -> None:
    before = sql.contents(dev.database)

    dev.run("export", "--commit")
    dev.click("UPDATE menu_links SET link_title = 'Elsewhere' WHERE module = 'menu'")
    clicked = sql.contents(dev.database)
    dev.run("export", "--commit")

    assert sql.contents(dev.database) == clicked
    assert {table for table in before if before[table] != clicked[table]} == {"menu_links"}


def test_a_look_never_writes_to_the_site(dev: Project, prod: Project) -> None:
    dev.run("export", "--commit")

    with untouched(dev, prod):
        for argv in (
            ["import", "--adopt", "--dry-run"],
            ["diff"],
            ["status"],
            ["import", "--dry-run", "--format=json"],
        ):
            prod.run(*argv)


@needs_dumps
def test_an_account_that_may_only_read_can_export_and_look(tmp_path: Path, mariadb: Server) -> None:
    url = mysql_dump("base", mariadb)
    mariadb.execute("CREATE USER reader@localhost")
    mariadb.execute(f"GRANT SELECT ON `{urlsplit(url).path[1:]}`.* TO reader@localhost")
    project = Project(tmp_path / "project", {"dev": url.replace("root@", "reader@")})

    project.run("export", "--commit")
    project.run("import", "--dry-run")
    stopped = project.run("import", "--yes", exits=1)

    assert "command denied to user 'reader'@'localhost'" in stopped.stderr
    mariadb.execute("DROP USER reader@localhost")
    mariadb.drop_database(urlsplit(url).path[1:])


def test_what_an_import_wrote_the_next_export_of_that_site_says_again(museum: Project, production: Project) -> None:
    for statement in (
        RENAMED,
        "UPDATE block_custom SET body = 'Closed.' WHERE info = 'Opening times'",
        "UPDATE menu_links SET weight = 7, hidden = 1 WHERE link_title = 'Getting here'",
        "UPDATE node SET title = 'Who we are' WHERE title = 'About us'",
    ):
        museum.click(statement)
    museum.run("export", "--commit")
    production.run("import", "--yes")
    before = files(museum)

    production.run("export", "variable", "menu", "menu_link", "node", "block:custom/opening-times")

    assert files(museum) == before


def test_a_commit_takes_only_what_the_export_wrote(museum: Project) -> None:
    museum.write("notes.txt", "Call the printers.\n")
    museum.write(MENU, museum.read(MENU).replace("title: Home", "title: Start"))
    museum.git("add", "notes.txt", MENU)
    museum.write("draft.txt", "not even staged")
    museum.click(RENAMED)

    museum.run("export", "variable", "--commit", "-m", "The museum has a new name")

    assert museum.git("show", "--format=%s", "--name-status").split() == [
        "The",
        "museum",
        "has",
        "a",
        "new",
        "name",
        "M",
        SITE,
    ]
    assert museum.git("status", "--porcelain").splitlines() == [f"M  {MENU}", "A  notes.txt", "?? draft.txt"]
    assert "+    title: Start" in museum.git("diff", "--cached")


def test_a_commit_says_what_changed_on_which_site(museum: Project, golden: Check) -> None:
    museum.click(RENAMED)
    museum.click("DELETE FROM menu_links WHERE link_title = 'Press'")
    museum.click("INSERT INTO variable (name, value) VALUES ('site_phone', 's:4:\"5555\";')")

    said = museum.run("export", "--commit")

    golden(
        f"{said.transcript}\n$ git show\n{museum.git('show', '--format=%B', '--stat')}",
        "end_to_end/an-export-that-commits.txt",
    )


def test_a_new_file_and_a_file_that_goes_are_committed_too(museum: Project) -> None:
    museum.click("DELETE FROM variable WHERE name LIKE 'smtp_%'")
    museum.click("INSERT INTO variable (name, value) VALUES ('harbour_master', 's:5:\"Mette\";')")

    museum.run("export", "--commit")

    assert museum.git("show", "--format=", "--name-status").splitlines() == [
        "A\tconfig/variables/harbour.yml",
        "D\tconfig/variables/smtp.yml",
    ]
    assert museum.git("status", "--porcelain") == ""


@pytest.mark.parametrize("staged", [False, True], ids=["on the disk", "staged"])
def test_a_file_with_edits_is_not_overwritten(museum: Project, golden: Check, staged: bool) -> None:
    museum.write(SITE, museum.read(SITE).replace("Harbour Museum", "The Museum"))
    if staged:
        museum.git("add", SITE)
    museum.click(RENAMED)
    museum.click("UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'")

    with untouched(museum):
        said = museum.run("export", "--commit", exits=1)

    golden(said.transcript, "end_to_end/an-export-over-edits-that-are-not-committed.txt")


def test_a_file_that_git_does_not_have_is_not_overwritten(museum: Project) -> None:
    museum.write("config/variables/harbour.yml", "harbour_master: Somebody\n")
    museum.click("INSERT INTO variable (name, value) VALUES ('harbour_master', 's:5:\"Mette\";')")

    with untouched(museum):
        said = museum.run("export", exits=1)

    assert "config/variables/harbour.yml" in said.stderr


def test_edits_in_files_that_the_export_leaves_alone_do_not_matter(museum: Project) -> None:
    mine = museum.read(MENU) + "# mine\n"
    museum.write(MENU, mine)
    museum.click(RENAMED)

    museum.run("export", "--commit")

    assert museum.read(MENU) == mine
    assert museum.git("status", "--porcelain") == f" M {MENU}\n"


def test_an_export_of_some_items_leaves_the_others_alone(museum: Project) -> None:
    before = files(museum)
    for name in ("site_name", "site_slogan"):
        museum.click(f"UPDATE variable SET value = 's:6:\"Museum\";' WHERE name = '{name}'")
    museum.click("UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'")

    museum.run("export", "variable:site_na*")

    after = files(museum)
    assert [name for name in after if after[name] != before[name]] == [SITE]
    assert after[SITE] == before[SITE].replace(b"site_name: Harbour Museum", b"site_name: Museum")


def test_a_link_keeps_its_key_when_its_title_changes(museum: Project, production: Project) -> None:
    museum.click("UPDATE menu_links SET link_title = 'Find us' WHERE link_title = 'Getting here'")

    museum.run("export", "--commit")

    assert "key: getting-here\n        title: Find us\n" in museum.read(MENU)
    said = production.run("import", "--yes")
    assert "1 to update" in said.stdout
    assert production.one("SELECT count(*) FROM menu_links WHERE link_title = 'Find us'") == 1


def test_a_secret_that_changes_on_the_site_changes_nothing_in_the_tree(museum: Project) -> None:
    museum.click("UPDATE variable SET value = 's:12:\"a new secret\";' WHERE name = 'smtp_password'")

    with untouched(museum):
        said = museum.run("export")

    assert "a new secret" not in said.transcript


def test_a_secret_of_the_environment_is_written_and_never_shown(museum: Project, production: Project) -> None:
    secret = "swordfish-1871-swordfish"

    looked = production.run("import", "--dry-run", env={"SMTP_PASSWORD": secret})
    stopped = production.run("import", "--yes", "--on-drift", "overwrite", env={"SMTP_PASSWORD": secret})

    assert production.one("SELECT value FROM variable WHERE name = 'smtp_password'") == f's:24:"{secret}";'
    assert "variable:smtp_password" in looked.stdout
    assert "secret" in looked.stdout
    ledger = _ledger(production)
    del ledger["drupalsync_image"]  # what a rollback puts back must be there in the clear; nothing shows it
    for text in (looked.transcript, stopped.transcript, repr(ledger)):
        assert secret not in text
        assert SECRETS_OF_PRODUCTION["smtp_password"] not in text


def test_a_tree_of_a_revision_is_imported_whatever_lies_on_the_disk(museum: Project, production: Project) -> None:
    museum.click(RENAMED)
    museum.run("export", "--commit")
    museum.write(SITE, "this: [is not, finished\n")

    production.run("import", "--rev", "HEAD", "--yes")

    assert production.one("SELECT value FROM variable WHERE name = 'site_name'") == 's:6:"Museum";'
    assert (
        production.one("SELECT revision FROM drupalsync_release ORDER BY id DESC LIMIT 1")
        == museum.git("rev-parse", "HEAD").strip()
    )


def test_a_partial_import_is_recorded_as_one(museum: Project, production: Project) -> None:
    museum.click(RENAMED)
    museum.click("UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'")
    museum.run("export", "--commit")

    production.run("import", "variable:site_*", "--yes")

    assert production.one("SELECT selectors FROM drupalsync_release ORDER BY id DESC LIMIT 1") == "variable:site_*"
    assert production.one("SELECT weight FROM menu_links WHERE link_title = 'Press'") == 10


def test_detailed_exitcodes_tell_changes_from_none(museum: Project, production: Project) -> None:
    for argv in (["import", "--dry-run"], ["diff"], ["status"], ["import", "--yes"]):
        production.run(*argv, "--detailed-exitcode")
    museum.click(RENAMED)
    museum.run("export", "--commit")

    for argv in (["import", "--dry-run"], ["diff"], ["status"], ["import", "--yes"]):
        production.run(*argv, "--detailed-exitcode", exits=2)
    production.run("import", "--yes", "--detailed-exitcode")


def test_what_left_the_tree_stays_without_prune_and_goes_with_it(museum: Project, production: Project) -> None:
    museum.click("DELETE FROM menu_links WHERE link_title = 'Press'")
    museum.run("export", "--commit")

    kept = production.run("import", "--yes")
    pruned = production.run("import", "--prune", "--yes")

    assert "1 gone from the tree" in kept.stdout
    assert "1 to delete" in pruned.stdout
    assert production.one("SELECT count(*) FROM menu_links WHERE link_title = 'Press'") == 0
    with untouched(production):
        production.run("import", "--prune", "--yes")


def test_prune_leaves_what_somebody_made_on_production(museum: Project, production: Project) -> None:
    assert production.one("SELECT count(*) FROM block_custom WHERE info = 'Storm warning'") == 1

    said = production.run("import", "--prune", "--yes")

    assert re.search(r"\b\d+ unmanaged", said.stdout)
    assert production.one("SELECT count(*) FROM block_custom WHERE info = 'Storm warning'") == 1


def _ledger(project: Project) -> dict[str, object]:
    return {name: rows for name, rows in sql.contents(project.database).items() if name.startswith("drupalsync_")}
