"""The ledger's own tables: made once, by whoever may, and believed only where they are whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from drupalsync.apply.desired import Tree
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.ledger_tables import FORMAT, TABLES
from drupalsync.site import DatabaseError, Site, parse_url
from drupalsync.site.mysql import Mysql
from drupalsync.site.sqlite import Sqlite
from support.plans import variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.mariadb import Server

NO_TREE: Final = Tree(shown="config", files={})


@pytest.fixture
def database(mariadb: Server) -> str:
    """The URL of an empty database, in which `clerk` may read and write rows, and nothing more."""
    url = mariadb.create_database("ledger")
    name = urlsplit(url).path[1:]
    mariadb.execute("CREATE USER IF NOT EXISTS clerk@localhost IDENTIFIED BY 'aye'")
    mariadb.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON `{name}`.* TO clerk@localhost")
    return url


def _site(url: str) -> Site:
    return Site(Mysql(parse_url(url, folder=Path())), shown="test")


@pytest.fixture
def clerk(database: str) -> Iterator[Site]:
    site = _site(database.replace("root@", "clerk:aye@"))
    yield site
    site.db.close()


@pytest.fixture
def root(database: str) -> Iterator[Site]:
    site = _site(database)
    yield site
    site.db.close()


def test_where_the_tables_are_there_nobody_needs_the_right_to_create(root: Site, clerk: Site) -> None:
    Ledger(root).make()

    ledger = Ledger(clerk)
    ledger.make()
    ledger.record([(variable("site_name", "Museum"), "site_name")], 1)

    assert ledger.exists
    assert [item.address for item in Ledger(root).items(NO_TREE)] == ["variable:site_name"]


def test_empty_tables_that_somebody_else_made_are_enough(root: Site, clerk: Site) -> None:
    Ledger(root).make()
    root.execute("DELETE FROM {drupalsync_meta}")

    ledger = Ledger(clerk)
    assert not ledger.exists
    ledger.make()

    assert Ledger(root).exists
    assert Ledger(root).key == ledger.key


def test_without_that_right_the_first_ledger_is_an_error_that_says_so(clerk: Site) -> None:
    with pytest.raises(DatabaseError) as found:
        Ledger(clerk).make()

    assert "CREATE" in found.value.what
    assert "CREATE" in found.value.hint


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An empty SQLite database with a ledger of one item in it."""
    (tmp_path / "site.sqlite").touch()
    site = Site(Sqlite(parse_url(f"sqlite:///{tmp_path}/site.sqlite", folder=tmp_path)), shown="test")
    ledger = Ledger(site)
    ledger.make()
    ledger.record([(variable("site_name", "Museum"), "site_name")], 1)
    yield site
    site.db.close()


@pytest.mark.parametrize("table", TABLES)
def test_a_ledger_that_lost_a_table_reads_as_none(site: Site, table: str) -> None:
    site.execute(f"DROP TABLE {{{table}}}")
    site.tables_changed()

    ledger = Ledger(site)

    assert not ledger.exists
    assert list(ledger.items(NO_TREE)) == []
    assert ledger.last_release() is None
    assert ledger.left_by(["variable:site_name"]) == {}


@pytest.mark.parametrize("lost", ["format", "key"])
def test_a_ledger_that_does_not_say_what_it_is_reads_as_none(site: Site, lost: str) -> None:
    site.delete("drupalsync_meta", {"name": lost})

    assert not Ledger(site).exists
    assert list(Ledger(site).items(NO_TREE)) == []


@pytest.mark.parametrize("table", TABLES)
def test_what_is_left_of_a_ledger_is_not_believed_again_when_it_is_made_anew(site: Site, table: str) -> None:
    site.execute(f"DROP TABLE {{{table}}}")
    site.tables_changed()

    ledger = Ledger(site)
    ledger.make()

    assert list(ledger.items(NO_TREE)) == []
    assert list(Ledger(site).items(NO_TREE)) == []
    assert Ledger(site).key == ledger.key


def test_a_whole_ledger_is_left_as_it_is(site: Site) -> None:
    key = Ledger(site).key

    Ledger(site).make()

    assert [item.address for item in Ledger(site).items(NO_TREE)] == ["variable:site_name"]
    assert Ledger(site).key == key


def test_a_ledger_of_the_first_format_is_read_as_it_stands_and_brought_up_to_date_by_a_write(site: Site) -> None:
    _as_of_the_first_format(site)

    ledger = Ledger(site)
    assert [item.address for item in ledger.items(NO_TREE)] == ["variable:site_name"]
    ledger.make()

    assert [item.address for item in Ledger(site).items(NO_TREE)] == ["variable:site_name"]
    assert site.tables.issuperset(TABLES)
    assert site.one("SELECT value FROM {drupalsync_meta} WHERE name = 'format'") == (str(FORMAT),)
    assert {"plan_id", "undoes"} <= site.columns("drupalsync_release").keys()


def test_what_is_left_of_a_ledger_of_the_first_format_becomes_one_of_today(site: Site) -> None:
    _as_of_the_first_format(site)
    site.delete("drupalsync_meta", {"name": "format"})

    Ledger(site).make()

    assert "protect" in site.columns("drupalsync_item")
    assert list(Ledger(site).items(NO_TREE)) == []


def _as_of_the_first_format(site: Site) -> None:
    site.execute("DROP TABLE {drupalsync_image}")
    for table, column in (("item", "protect"), ("release", "plan_id"), ("release", "undoes")):
        site.execute(f"ALTER TABLE {{drupalsync_{table}}} DROP COLUMN {column}")
    site.update("drupalsync_meta", {"value": "1"}, {"name": "format"})
    site.tables_changed()
