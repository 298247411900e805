"""A prefix on SQLite: Drupal keeps the tables of each in a file of their own, beside the site's (…sqlite/database.inc)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from drupalsync.demo.site import make_site
from drupalsync.site import Address, Site
from drupalsync.site.open import open_site
from support.cli import Project

NAMES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'drupalsync%' LIMIT 1"


def prefixed(folder: Path, name: str) -> Path:
    """A site whose tables have the prefix pp_, but {users}, whose prefix is shared_."""
    site = folder / name
    make_site(folder / f"{name}-pp_")
    with closing(sqlite3.connect(site)) as db:
        db.execute("CREATE TABLE nothing_of_drupal (id INTEGER)")
    with closing(sqlite3.connect(f"{site}-shared_")) as db:
        db.execute("ATTACH DATABASE ? AS first", (f"{site}-pp_",))
        db.execute("CREATE TABLE users AS SELECT * FROM first.users")
        db.execute("DROP TABLE first.users")
        db.commit()
    return site


@pytest.fixture
def site(tmp_path: Path) -> Site:
    address = Address(
        engine="sqlite", database=str(prefixed(tmp_path, "site.sqlite")), prefix="pp_", prefixes=(("users", "shared_"),)
    )
    return open_site(address)


def test_the_tables_of_every_file_are_found_by_their_bare_names(site: Site) -> None:
    assert {"node", "users", "menu_links"} <= site.tables
    assert "nothing_of_drupal" not in site.tables
    assert list(site.columns("node"))[:3] == ["nid", "vid", "type"]
    assert list(site.columns("users"))[:2] == ["uid", "name"]
    assert site.one("SELECT COUNT(*) FROM {node} n INNER JOIN {users} u ON u.uid = n.uid WHERE u.name = 'anna'") != (0,)


def test_a_transaction_covers_every_file(site: Site) -> None:
    site.db.begin()
    site.update("users", {"name": "x"}, {"uid": 1})
    site.delete("node", {"nid": 1})
    site.db.rollback()

    assert site.one("SELECT COUNT(*) FROM {users} WHERE name = 'x'") == (0,)
    assert site.one("SELECT COUNT(*) FROM {node} WHERE nid = 1") == (1,)


def test_an_import_writes_where_drupal_reads(tmp_path: Path) -> None:
    files = {name: tmp_path / f"{name}.sqlite" for name in ("dev", "prod")}
    for file in files.values():
        make_site(Path(f"{file}-pp_"))
        sqlite3.connect(file).close()
        file.touch()
    project = Project(tmp_path / "project", {name: f"sqlite:///{file}?prefix=pp_" for name, file in files.items()})
    with closing(sqlite3.connect(f"{files['dev']}-pp_")) as db:
        db.execute("UPDATE menu_custom SET title = 'Legal matters' WHERE menu_name = 'main-menu'")
        db.commit()
    project.run("export", "--commit")

    said = project.at("prod").run("import", "--adopt", "--yes")

    assert "1 updated" in said.stdout
    with closing(sqlite3.connect(f"{files['prod']}-pp_")) as db:
        assert db.execute("SELECT title FROM menu_custom WHERE menu_name = 'main-menu'").fetchone() == (
            "Legal matters",
        )
        assert db.execute(NAMES).fetchone() is not None
    with closing(sqlite3.connect(files["prod"])) as db:
        assert db.execute(NAMES).fetchone() is None
