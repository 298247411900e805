"""The server ends our connection, or dies, in the middle of an import: nothing was changed, or the release stands."""

from __future__ import annotations

import signal
import time
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from drupalsync.site import parse_url
from drupalsync.site.mysql import Mysql
from support.dumps import mysql_dump
from support.mariadb import restarted, running
from support.sites import PATIENCE, MariadbSite, own, without_left
from support.sql import connect

from .conftest import IMPORT, make_release

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

    from support.golden import Check
    from support.mariadb import Server

    from .conftest import Killer, Release

DURABLE = "--innodb-flush-log-at-trx-commit=1"  # what was committed must outlive this server


@pytest.fixture
def waiting(mariadb_release: Release) -> Release:
    """The release on MariaDB, about to be imported."""
    mariadb_release.restore()
    return mariadb_release


def test_lost_before_the_commit_nothing_was_changed(waiting: Release, mariadb: Server, golden: Check) -> None:
    code, said = _lose_connection(waiting, mariadb, waiting.number("COMMIT") - 1)

    golden(waiting.transcript(IMPORT, said, code), "fault/the-connection-is-lost-before-the-commit.txt")
    assert without_left(waiting.site.state()) == waiting.before


def test_lost_at_the_commit_the_next_import_finds_out(waiting: Release, mariadb: Server, golden: Check) -> None:
    code, said = _lose_connection(waiting, mariadb, waiting.number("COMMIT"))

    golden(waiting.transcript(IMPORT, said, code), "fault/the-connection-is-lost-at-the-commit.txt")
    assert without_left(waiting.site.state()) == waiting.before
    waiting.site.close_gaps()
    assert waiting.run(*IMPORT)[0] == 0
    assert waiting.site.state() == waiting.after


def test_lost_after_the_commit_the_release_stands(waiting: Release, mariadb: Server, golden: Check) -> None:
    code, said = _lose_connection(waiting, mariadb, waiting.number("DELETE FROM", -1))

    golden(waiting.transcript(IMPORT, said, code), "fault/the-connection-is-lost-after-the-commit.txt")
    assert own(waiting.site.state()) == own(waiting.after)
    assert waiting.run(*IMPORT)[0] == 0
    assert waiting.site.state() == waiting.after


def test_lost_while_it_reads_nothing_was_changed(waiting: Release, mariadb: Server) -> None:
    code, said = _lose_connection(waiting, mariadb, 20)

    assert (code, "the connection to the database was lost" in said, "Traceback" in said) == (1, True, False), said
    assert without_left(waiting.site.state()) == waiting.before


def test_killed_while_it_waits_for_a_row_nothing_was_changed(waiting: Release, mariadb: Server) -> None:
    with closing(connect(waiting.site.url)) as drupal, waiting.spawn(*IMPORT) as process:
        with closing(drupal.cursor()) as cursor:
            cursor.execute("SELECT value FROM variable WHERE name = 'site_name' FOR UPDATE")
        held = "SELECT trx_mysql_thread_id FROM information_schema.innodb_trx WHERE trx_state = 'LOCK WAIT'"
        deadline = time.monotonic() + PATIENCE
        while not (found := mariadb.execute(held)):
            assert time.monotonic() < deadline, "the import did not wait"
            time.sleep(0.2)  # whoever asks more often than ten times a second gets the old answer again
        mariadb.execute(f"KILL {found[0][0]}")
        _, complaint = process.communicate()

    assert (process.returncode, "; nothing was changed\n" in complaint, "Traceback" in complaint) == (1, True, False)
    assert "the connection to the database was lost" in complaint
    assert without_left(waiting.site.state()) == waiting.before


def test_what_only_ends_something_does_not_fail_where_the_connection_is_gone(mariadb: Server, tmp_path: Path) -> None:
    name = "ended"
    database = Mysql(parse_url(mariadb.create_database(name), folder=tmp_path, password=None))
    database.take_lock("drupalsync", 0)
    database.begin()
    mariadb.execute(f"KILL {database.session().removeprefix('connection ')}")

    database.rollback()
    database.release_lock()

    assert not database.owns_lock()
    mariadb.drop_database(name)


def test_a_server_that_dies_comes_back_with_all_or_nothing(mariadb: Server, killer: Killer, tmp_path: Path) -> None:
    with ExitStack() as stack:
        server = stack.enter_context(running(DURABLE))
        site = MariadbSite(server, mysql_dump("prod", server))
        release = make_release(tmp_path, site, killer)
        outcomes = {
            "COMMIT": (release.before, "nothing was changed"),
            "DELETE FROM": (release.after, "release 2 stands"),
        }

        for statement, (expected, told) in outcomes.items():
            with release.stopped(release.number(statement, -1) - 1) as process:
                server.process.kill()
                code, said = _goes_on(process)
            assert (code, told in said, "Traceback" in said) == (1, True, False), said
            server = stack.enter_context(restarted(server, DURABLE))
            site.connect()
            assert own(site.state()) == own(expected)
            site.close_gaps()
            assert release.run(*IMPORT)[0] == 0
            assert site.state() == release.after
            release.restore()
        site.close()


def _lose_connection(release: Release, server: Server, number: int) -> tuple[int, str]:
    """Has the server end the import's connection before a statement; returns its exit and its complaint."""
    with release.stopped(number) as process:
        name = urlsplit(release.site.url).path[1:]
        ids = server.execute(f"SELECT id FROM information_schema.processlist WHERE db = '{name}'")
        for (connection,) in ids:
            server.execute(f"KILL {connection}")
        return _goes_on(process)


def _goes_on(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGCONT)
    _, complaint = process.communicate()
    return process.returncode, complaint
