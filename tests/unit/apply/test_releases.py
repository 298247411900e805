"""What the ledger tells of the releases of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from drupalsync.apply.ledger import Ledger
from drupalsync.apply.releases import read_releases
from drupalsync.site import Site, parse_url
from drupalsync.site.sqlite import Sqlite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A database with a ledger of two releases, and of a rollback of the second that has two steps to do yet."""
    (tmp_path / "site.sqlite").touch()
    site = Site(Sqlite(parse_url(f"sqlite:///{tmp_path}/site.sqlite", folder=tmp_path)), shown="test")
    ledger = Ledger(site)
    ledger.make()
    for undoes in (None, None, 2):
        ledger.begin_release(
            revision="9ab0c77",
            author="anna",
            started=5,
            changes=2,
            selectors=["block", "node"],
            plan_id="p",
            undoes=undoes,
        )
    for number, done in ((1, 1), (2, 0), (3, 0)):
        step = {"release_id": 3, "number": number, "action": "cache", "argument": "", "done": done}
        site.insert("drupalsync_step", step)
    yield site
    site.db.close()


def test_releases_are_told_with_what_is_still_to_do(site: Site) -> None:
    releases = read_releases(site, Ledger(site))

    assert [(release.number, release.undoes, release.steps_left) for release in releases] == [
        (1, None, 0),
        (2, None, 0),
        (3, 2, 2),
    ]
    assert {(release.author, release.selectors, release.plan_id, release.state) for release in releases} == {
        ("anna", "block node", "p", "committed")
    }


def test_the_releases_of_a_ledger_of_the_first_format_are_told_as_well(site: Site) -> None:
    site.execute("DROP TABLE {drupalsync_image}")
    for column in ("plan_id", "undoes"):
        site.execute(f"ALTER TABLE {{drupalsync_release}} DROP COLUMN {column}")
    site.update("drupalsync_meta", {"value": "1"}, {"name": "format"})
    site.tables_changed()

    releases = read_releases(site, Ledger(site))

    assert [(release.author, release.plan_id, release.undoes) for release in releases] == [("anna", "", None)] * 3


def test_without_a_ledger_there_are_no_releases(site: Site) -> None:
    site.delete("drupalsync_meta", {"name": "format"})

    assert read_releases(site, Ledger(site)) == []
