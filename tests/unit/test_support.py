"""What tests lean on must hold: fresh sites, a server that goes, a judge that sees, golden files that bite."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support import sql
from support.cli import Project
from support.dumps import Load, needs_dumps, same_site, sqlite_dump, sqlite_url
from support.mariadb import Server, free_port, running
from support.surroundings import REPO

if TYPE_CHECKING:
    from support.golden import Check


def test_a_site_comes_up_on_each_engine(dump: Load) -> None:
    site = dump("base")

    assert sql.execute(site, "SELECT name FROM role ORDER BY rid")[:2] == [("anonymous user",), ("authenticated user",)]


def test_a_second_copy_is_a_site_of_its_own(dump: Load) -> None:
    one, two = dump("base"), dump("base")

    sql.execute(one, "DELETE FROM role")

    assert sql.execute(two, "SELECT COUNT(*) FROM role") != [(0,)]


def test_the_judge_sees_one_changed_row(dump: Load) -> None:
    one, two = dump("base"), dump("base")
    assert same_site(one, two, "role", "menu_custom") == (0, "the same\n")

    sql.execute(two, "UPDATE role SET weight = weight + 5 WHERE rid = 2")

    code, printed = same_site(one, two, "role", "menu_custom")
    assert code == 1
    assert "role: 1 rows only in A, 1 rows only in B" in printed


def test_a_name_that_is_taken_gets_a_number(mariadb: Server) -> None:
    one, two = mariadb.create_database("taken"), mariadb.create_database("taken")

    assert (one, two) == (mariadb.url("taken"), mariadb.url("taken_2"))
    for name in ("taken", "taken_2"):
        mariadb.drop_database(name)


def test_a_server_can_listen_on_a_port_and_take_options(mariadb: Server) -> None:
    port = free_port()
    with running("--server-id=7", port=port) as server:
        assert server.execute("SELECT @@port, @@server_id, @@skip_networking") == [(port, 7, 0)]
    assert not server.folder.exists()


def test_a_server_goes_with_tests_that_are_killed(mariadb: Server) -> None:
    script = "from support.mariadb import running\nwith running() as s: print(s.folder, flush=True); input()"
    environ = {**os.environ, "PYTHONPATH": str(REPO / "tests")}
    tests = subprocess.Popen(
        [sys.executable, "-c", script], env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert tests.stdout
    folder = Path(tests.stdout.readline().strip())
    assert folder.is_dir()

    tests.kill()
    tests.communicate()

    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()


@needs_dumps
def test_a_project_is_one_folder_seen_from_its_environments(tmp_path: Path) -> None:
    sites = {name: sqlite_url(sqlite_dump("base", tmp_path)) for name in ("dev", "prod")}
    dev = Project(tmp_path / "project", sites, manifest="limits: {deletes: 3}\n")
    prod = dev.at("prod")

    dev.click("UPDATE role SET weight = 77 WHERE rid = 2")

    assert dev.one("SELECT weight FROM role WHERE rid = 2") == 77
    assert prod.one("SELECT weight FROM role WHERE rid = 2") != 77
    assert prod.environ()["DRUPALSYNC_ENV"] == "prod"
    assert prod.read("drupalsync.yml").endswith("limits: {deletes: 3}\n")
    assert dev.git("log", "--format=%an %s") == "Tess Ter A project\n"


def test_a_transcript_tells_the_run_and_nothing_of_the_machine(tmp_path: Path) -> None:
    project = Project(tmp_path / "project", {"dev": "sqlite:////nowhere/x.sqlite"})
    out = f"{tmp_path}/project/config at {project.git('rev-parse', 'HEAD')}"

    text = project.transcript(("import", "block:a b"), out, "2026-11-24T10:20:30Z sqlite:////nowhere/x.sqlite\n", 3)

    assert text == (
        "$ drupalsync import 'block:a b'\n«tmp»/project/config at «rev»\n«time» «database of dev»\n[exit 3]\n"
    )


def test_a_golden_file_that_is_not_there_fails(golden: Check, request: pytest.FixtureRequest) -> None:
    if request.config.getoption("--update-golden"):
        pytest.skip("it would be written")
    with pytest.raises(AssertionError, match=r"nothing\.txt yet"):
        golden("", "nowhere/nothing.txt")


def test_home_is_empty_and_git_knows_nobody() -> None:
    assert {entry.name for entry in Path.home().iterdir()} <= {".cache"}  # where drupalsync keeps its key
    assert subprocess.run(["git", "config", "--list", "--global"], capture_output=True).stdout == b""
