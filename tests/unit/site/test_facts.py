"""What an engine tells of itself: keys, rights, character sets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drupalsync.site import Site, parse_url
from drupalsync.site.facts import TableKeys, charsets, engine_version, is_read_only, missing_rights, table_keys
from drupalsync.site.mysql import Mysql
from drupalsync.site.open import open_site
from drupalsync.site.sqlite import Sqlite
from support import sql
from support.dumps import mysql_dump, needs_dumps, sqlite_dump, sqlite_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.mariadb import Server

SERIAL = {"sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT", "mariadb": "INT AUTO_INCREMENT PRIMARY KEY"}
PREFIX = "museum_"
ACCOUNT = "clerk@localhost"


@pytest.fixture
def url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """An empty database."""
    if engine == "sqlite":
        (tmp_path / "site.sqlite").touch()
        return sqlite_url(tmp_path / "site.sqlite")
    server: Server = request.getfixturevalue("mariadb")
    return server.create_database("facts")


def site_at(url: str) -> Site:
    address = parse_url(url, folder=Path("/"))
    db = Sqlite(address) if address.engine == "sqlite" else Mysql(address)
    return Site(db, shown="site", prefix=PREFIX)


@pytest.fixture
def site(url: str) -> Iterator[Site]:
    """The site in it, with a prefix; tables are made before it is asked for."""
    found = site_at(url)
    yield found
    found.db.close()


@pytest.mark.parametrize(
    ("columns", "unique", "serial"),
    [
        ("id «serial», name VARCHAR(9)", (("id",),), "id"),
        ("id INTEGER PRIMARY KEY, name VARCHAR(9)", (("id",),), ""),
        ("name VARCHAR(9) PRIMARY KEY", (("name",),), ""),
        ("b INTEGER, a INTEGER, PRIMARY KEY (b, a)", (("b", "a"),), ""),
        ("id «serial», name VARCHAR(9) UNIQUE", (("id",), ("name",)), "id"),
        ("name VARCHAR(9)", (), ""),
    ],
)
def test_the_keys_of_a_table(
    url: str, engine: str, site: Site, columns: str, unique: tuple[tuple[str, ...], ...], serial: str
) -> None:
    sql.execute(url, f"CREATE TABLE {PREFIX}t ({columns.replace('«serial»', SERIAL[engine])})")
    sql.execute(url, f"CREATE INDEX {PREFIX}i ON {PREFIX}t ({'name' if 'name' in columns else 'a'})")

    assert table_keys(site, "t") == TableKeys(unique=unique, serial=serial)


def test_a_key_over_two_columns_is_in_its_own_order(url: str, site: Site) -> None:
    sql.execute(url, f"CREATE TABLE {PREFIX}t (a INTEGER PRIMARY KEY, b INTEGER, c INTEGER)")
    sql.execute(url, f"CREATE UNIQUE INDEX {PREFIX}u ON {PREFIX}t (c, b)")

    assert table_keys(site, "t").unique == (("a",), ("c", "b"))


def test_the_engine_says_what_it_is(site: Site, engine: str) -> None:
    assert engine_version(site).split(" ")[0] == {"sqlite": "SQLite", "mariadb": "MariaDB"}[engine]
    assert not is_read_only(site)


def test_whoever_may_do_all_lacks_nothing(site: Site) -> None:
    assert missing_rights(site) == []


def test_character_sets_by_table(url: str, engine: str, site: Site) -> None:
    if engine == "sqlite":
        assert charsets(site) == {}
        return
    for table, charset in (("a", "utf8mb4"), ("b", "latin1"), ("c", "latin1")):
        sql.execute(url, f"CREATE TABLE {PREFIX}{table} (t VARCHAR(9)) DEFAULT CHARSET {charset}")
    sql.execute(url, "CREATE TABLE of_another (t VARCHAR(9)) DEFAULT CHARSET latin1")

    assert charsets(site) == {"utf8mb4": ["a"], "latin1": ["b", "c"]}


@pytest.mark.parametrize(
    ("grants", "missing"),
    [
        pytest.param(["ALL ON `«db»`.*"], [], id="all of the database"),
        pytest.param(["ALL ON *.*"], [], id="all of the server"),
        pytest.param(["SELECT ON `«db»`.*"], ["INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP"], id="to read"),
        pytest.param(["SELECT, INSERT ON *.*", "UPDATE, DELETE, CREATE, ALTER, DROP ON `«db»`.*"], [], id="in two places"),
        pytest.param(["SELECT, INSERT, UPDATE, DELETE ON `«wild»%`.*"], ["CREATE", "ALTER", "DROP"], id="a pattern"),
        pytest.param(["SELECT ON `«db»`.*", "ALL ON `another`.*"], ["INSERT", "UPDATE", "DELETE", "CREATE", "ALTER", "DROP"], id="of another database"),
        pytest.param(["SELECT ON `«db»`.*", "INSERT ON `«db»`.`museum_t`"], None, id="on a table"),
    ],
)  # fmt: skip
def test_the_rights_that_an_account_lacks(mariadb: Server, grants: list[str], missing: list[str] | None) -> None:
    url = mariadb.create_database("rights")
    name = url.partition("?")[0].rpartition("/")[2]
    mariadb.execute(f"CREATE TABLE {PREFIX}t (a INT)", name)
    mariadb.execute(f"CREATE OR REPLACE USER {ACCOUNT}")
    try:
        for grant in grants:
            mariadb.execute(f"GRANT {grant.replace('«db»', name).replace('«wild»', name[:4])} TO {ACCOUNT}")
        site = site_at(url.replace("root@", "clerk@"))
        found = missing_rights(site)
        site.db.close()
    finally:
        mariadb.execute(f"DROP USER {ACCOUNT}")

    assert found == missing


def test_a_role_is_beyond_what_can_be_told_or_counts(mariadb: Server) -> None:
    url = mariadb.create_database("rights")
    name = url.partition("?")[0].rpartition("/")[2]
    mariadb.execute("CREATE ROLE writers")
    mariadb.execute(f"GRANT ALL ON `{name}`.* TO writers")
    mariadb.execute(f"CREATE OR REPLACE USER {ACCOUNT}")
    mariadb.execute(f"GRANT SELECT ON `{name}`.* TO {ACCOUNT}")
    mariadb.execute(f"GRANT writers TO {ACCOUNT}")
    try:
        site = site_at(url.replace("root@", "clerk@"))
        found = missing_rights(site)
        site.db.close()
    finally:
        mariadb.execute(f"DROP USER {ACCOUNT}")
        mariadb.execute("DROP ROLE writers")

    assert found is None


def test_a_lock_file_names_only_who_is_alive(tmp_path: Path) -> None:
    (tmp_path / "site.sqlite").touch()
    db = Sqlite(parse_url(sqlite_url(tmp_path / "site.sqlite"), folder=tmp_path))
    file = tmp_path / "site.sqlite.drupalsync-lock"

    said = []
    for text in ("process 1", "process 4194304999", "process", "process -", ""):
        file.write_text(text)
        said.append(db.lock_holder("drupalsync"))
    db.close()

    assert said == ["process 1", "", "", "", ""]


def test_the_keys_of_a_table_in_a_file_of_its_own(tmp_path: Path) -> None:
    """Drupal keeps tables with a prefix in a SQLite file beside the site's."""
    (tmp_path / "site.sqlite").touch()
    (tmp_path / "site.sqlite-museum").touch()
    sql.execute(sqlite_url(tmp_path / "site.sqlite"), "CREATE TABLE t (other INTEGER PRIMARY KEY)")
    sql.execute(
        sqlite_url(tmp_path / "site.sqlite-museum"), f"CREATE TABLE t (id {SERIAL['sqlite']}, name VARCHAR(9) UNIQUE)"
    )
    db = Sqlite(parse_url(f"{sqlite_url(tmp_path / 'site.sqlite')}?prefix=museum", folder=tmp_path))

    keys = table_keys(Site(db, shown="site", prefix=db.named("museum")), "t")
    db.close()

    assert keys == TableKeys(unique=(("id",), ("name",)), serial="id")


@needs_dumps
def test_both_engines_say_the_same_of_every_table_of_a_real_site(tmp_path: Path, mariadb: Server) -> None:
    one, other = (
        open_site(parse_url(url, folder=tmp_path))
        for url in (sqlite_url(sqlite_dump("dev", tmp_path)), mysql_dump("dev", mariadb))
    )
    tables = one.tables & other.tables
    said = [{table: table_keys(site, table) for table in tables} for site in (one, other)]
    one.db.close()
    other.db.close()

    assert len(tables) > 100
    assert said[0] == said[1]
