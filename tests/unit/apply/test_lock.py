"""What a lock tells of whoever holds it, and of nobody else."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drupalsync.apply import lock
from drupalsync.apply.ledger import Ledger
from drupalsync.site import LockBusy, Site, parse_url
from drupalsync.site.sqlite import Sqlite
from support import sql
from support.dumps import sqlite_url

if TYPE_CHECKING:
    from collections.abc import Iterator

GITHUB = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "museum/site",
    "GITHUB_RUN_ID": "77",
}


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        pytest.param({}, "", id="no CI"),
        pytest.param(GITHUB, "https://github.com/museum/site/actions/runs/77", id="GitHub Actions"),
        pytest.param({**GITHUB, "GITHUB_RUN_ID": ""}, "", id="half of GitHub Actions"),
        pytest.param({"CI_JOB_URL": "https://gitlab.example.org/m/s/-/jobs/5"}, "https://gitlab.example.org/m/s/-/jobs/5", id="GitLab"),
        pytest.param({"BUILD_URL": "https://jenkins.example.org/job/site/9/"}, "https://jenkins.example.org/job/site/9/", id="Jenkins"),
        pytest.param({"BUILD_URL": "https://bob:hunter2@ci.example.org/9?token=x#y"}, "https://ci.example.org/9", id="with a password"),
        pytest.param({"BUILD_URL": "https://[broken"}, "", id="no URL at all"),
    ],
)  # fmt: skip
def test_the_page_of_the_job_is_found(environ: dict[str, str], url: str) -> None:
    assert lock.job(environ) == url


@pytest.fixture
def sites(tmp_path: Path) -> Iterator[list[Site]]:
    """Two connections to one database with a ledger."""
    file = tmp_path / "site.sqlite"
    sql.execute(sqlite_url(file), "CREATE TABLE variable (name TEXT)")
    found = [Site(Sqlite(parse_url(sqlite_url(file), folder=tmp_path)), shown="site") for _ in range(2)]
    Ledger(found[0]).make()
    found[1].tables_changed()
    yield found
    for site in found:
        site.db.close()


def test_the_whole_story_is_told(sites: list[Site]) -> None:
    holder, other = sites
    lock.take(holder, 0, "drupalsync import --env prod", GITHUB)
    lock.tell(holder, lock.WRITING)

    with pytest.raises(LockBusy) as busy:
        lock.take(other, 0, "drupalsync import", {})

    who, since, *rest = [line.strip() for line in busy.value.where.splitlines()]
    assert re.fullmatch(r"held by .+@.+, process \d+", who)
    assert re.fullmatch(r"since \d{4}-\d\d-\d\d \d\d:\d\d UTC", since)
    assert rest == [lock.WRITING, "drupalsync import --env prod", "https://github.com/museum/site/actions/runs/77"]


@pytest.mark.parametrize(
    "row",
    [
        pytest.param("tess@host, process 1", id="of an older drupalsync"),
        pytest.param(json.dumps({"session": "process 1", "user": "ann"}), id="of an earlier run"),
        pytest.param("[1]", id="of nobody"),
    ],
)
def test_a_row_that_is_not_the_holders_is_not_believed(sites: list[Site], row: str) -> None:
    holder, other = sites
    lock.take(holder, 0, "", {})
    holder.insert("drupalsync_lock", {"id": 1, "who": row, "since": 5})

    with pytest.raises(LockBusy) as busy:
        lock.take(other, 0, "", {})

    assert re.fullmatch(r"held by process \d+", busy.value.where)


def test_a_lock_whose_file_is_gone_is_not_ours(sites: list[Site], tmp_path: Path) -> None:
    lock.take(sites[0], 0, "", {})
    assert sites[0].db.owns_lock()

    (tmp_path / "site.sqlite.drupalsync-lock").unlink()
    lock.take(sites[1], 0, "", {})

    assert [site.db.owns_lock() for site in sites] == [False, True]


def test_where_nobody_may_write_the_row_the_run_goes_on(sites: list[Site]) -> None:
    lock.take(sites[0], 0, "", {})
    sites[0].execute("CREATE TRIGGER no BEFORE INSERT ON drupalsync_lock BEGIN SELECT RAISE(ABORT, 'no'); END")

    lock.tell(sites[0], lock.WRITING)
