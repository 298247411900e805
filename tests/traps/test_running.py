"""Traps 47 to 51 of the peers' study: the run itself."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

from drupalsync.apply.ledger_tables import TABLES
from drupalsync.kinds import all_kinds
from support import sql
from support.clicks import add_block, add_link, add_page, nid, set_variable, variable
from support.flush import flush
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.mariadb import Server

LOST: Final = {
    "the items": ["DELETE FROM drupalsync_item"],
    "all of it": [f"DROP TABLE {table}" for table in TABLES],
}
HOLDER: Final = """
import sys, time
from drupalsync.site import Address
from drupalsync.site.sqlite import Sqlite
site = Sqlite(Address(engine="sqlite", database=sys.argv[1]))
site.take_lock("drupalsync", 0)
print("held", flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("statements", LOST.values(), ids=LOST)
def test_trap_47_a_base_that_was_lost_is_no_permission_to_write(
    museum: Project, production: Project, statements: list[str]
) -> None:
    set_variable(production, "site_slogan", "Rain or shine")
    for statement in statements:
        production.click(statement)

    with untouched(production):
        for policy in ((), ("--prune",), ("--on-drift", "overwrite"), ("--on-drift", "keep")):
            production.run("import", *policy, "--yes", exits=3)


def test_trap_47_the_ledger_is_no_cache_and_its_keys_fit_every_engine(mariadb: Server) -> None:
    assert not any(table.startswith("cache") for table in TABLES)  # a flush empties those
    url = mariadb.create_database("keys")
    for engine in ("MyISAM", "InnoDB ROW_FORMAT=COMPACT"):
        for table, columns in TABLES.items():
            sql.execute(url, f"CREATE OR REPLACE TABLE {table} ({columns}) DEFAULT CHARSET=utf8mb4 ENGINE={engine}")


def test_trap_48_a_full_cache_flush_undoes_nothing_of_a_release(museum: Project, production: Project) -> None:
    visit = f"node/{nid(museum, 'Plan your visit')}"
    add_link(museum, "main-menu", "Tickets", visit, under="Your visit", options={"fragment": "tickets"})
    add_link(museum, "menu-footer", "Shop", "https://shop.example/")
    museum.click("UPDATE menu_links SET weight = 40, customized = 1 WHERE link_path = 'tracker' AND module = 'system'")
    museum.click("UPDATE menu_links SET hidden = 1, customized = 1 WHERE link_path = 'filter/tips'")
    add_block(museum, "Tram", places={"bartik": ("sidebar_first", 4), "seven": ("help", -2)})
    museum.click(
        "UPDATE block SET status = 0, region = '-1' WHERE module = 'user' AND delta = 'login' AND theme = 'seven'"
    )
    add_page(museum, "Volunteers", alias="volunteers")
    museum.run("export", "--commit")
    production.run("import", "--yes")

    flush(production)

    with untouched(production):
        assert production.run("import", "--prune", "--yes").stdout.endswith("Nothing to do.\n")


def test_trap_48_what_the_flush_itself_would_change_is_never_written(museum: Project, production: Project) -> None:
    flush(museum)
    flush(production)

    with untouched(museum, production):
        museum.run("export")
        production.run("import", "--prune", "--yes")


def test_trap_49_the_lock_of_a_killed_run_is_free_and_leaves_no_state(museum: Project, production: Project) -> None:
    path = production.database.removeprefix("sqlite:///")
    command = [sys.executable, "-c", HOLDER, path]
    with subprocess.Popen(command, env=production.environ(), stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with untouched(production):
            production.run("import", "--yes", exits=5)
        holder.kill()
    set_variable(museum, "site_slogan", "All aboard!")
    museum.run("export", "--commit")

    production.run("import", "--yes")

    assert variable(production, "site_slogan") == "All aboard!"


def test_trap_50_half_a_release_is_none_and_is_remembered_as_none(museum: Project, production: Project) -> None:
    set_variable(museum, "site_slogan", "All aboard!")
    set_variable(museum, "site_name", "Harbour")
    add_link(museum, "menu-footer", "Jobs", "contact")
    museum.run("export", "--commit")
    production.click(
        "CREATE TRIGGER no BEFORE UPDATE ON variable WHEN new.name = 'site_slogan' BEGIN SELECT raise(ABORT, 'no'); END"
    )

    with untouched(production):  # the ledger with its releases and bases included
        said = production.run("import", "--yes", exits=1)

    assert "variable:site_slogan" in said.stderr
    assert "nothing was changed" in said.stderr
    production.click("DROP TRIGGER no")
    assert "1 to create, 2 to update" in production.run("import", "--yes").stdout
    with untouched(production):
        production.run("import", "--yes")


def test_trap_50_a_write_that_another_party_undoes_at_once_is_no_success(museum: Project, production: Project) -> None:
    set_variable(museum, "site_slogan", "All aboard!")
    museum.run("export", "--commit")
    production.click(
        "CREATE TRIGGER undo AFTER UPDATE ON variable WHEN new.name = 'site_slogan' AND new.value <> old.value "
        "BEGIN UPDATE variable SET value = old.value WHERE name = 'site_slogan'; END"
    )

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "variable:site_slogan does not read back as it was written; nothing was kept" in said.stderr


@pytest.mark.parametrize("kind", sorted(all_kinds()))
def test_trap_51_every_kind_says_what_it_keeps_which_caches_it_clears_and_after_which_code(kind: str) -> None:
    page = (all_kinds()[kind].__doc__ or "").splitlines()
    for heading in ("Tables", "Key", "File", "Defaults", "Keeps", "Caches", "Source"):
        assert any(line.startswith(f"{heading} ") for line in page), f"{kind} has no line {heading!r}"


def test_trap_51_what_the_hooks_of_a_saved_node_would_have_done_is_done(museum: Project, production: Project) -> None:
    about = nid(production, "About us")
    production.click(f"UPDATE search_dataset SET reindex = 0 WHERE sid = {about}")
    production.click(f"INSERT OR REPLACE INTO cache_field (cid, data) VALUES ('field:node:{about}', '')")
    museum.write(
        "config/nodes/page/about.yml",
        museum.read("config/nodes/page/about.yml").replace("title: About us", "title: About"),
    )

    production.run("import", "--yes")

    changed = production.one(f"SELECT changed FROM node WHERE nid = {about}")
    assert production.one(f"SELECT reindex FROM search_dataset WHERE sid = {about} AND type = 'node'") == changed
    assert production.one(f"SELECT changed FROM tracker_node WHERE nid = {about}") == changed
    assert production.rows(f"SELECT cid FROM cache_field WHERE cid = 'field:node:{about}'") == []
