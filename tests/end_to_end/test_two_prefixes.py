"""Two sites in one database: what is remembered of the one is never believed of the other."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from drupalsync.apply.session import open_session
from drupalsync.site import Site
from support import sql
from support.cli import Project
from support.dumps import sqlite_url
from support.tiny_site import PAGES, TinySites

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shared(tiny_sites: TinySites, tmp_path: Path) -> Project:
    """A project on a file with two copies of one site, their tables prefixed with `a_` and `b_`; seen is the first."""
    both = tmp_path / "both.sqlite"
    with closing(sqlite3.connect(both)) as db:
        db.execute("ATTACH ? AS original", [str(tiny_sites.dev)])
        tables = db.execute(
            "SELECT name, sql FROM original.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        for name, statement in tables.fetchall():
            for prefix in ("a_", "b_"):
                db.execute(re.sub(r"^CREATE TABLE \"?\w+\"?", f"CREATE TABLE {prefix}{name}", statement))
                db.execute(f"INSERT INTO {prefix}{name} SELECT * FROM original.{name}")
        db.commit()
    return Project(tmp_path / "project", {"site": f"{sqlite_url(both)}?prefix=a_"}, manifest=PAGES)


def _turn_to(project: Project, prefix: str) -> None:
    """The same environment, and the same database, but another site in it."""
    project.write("drupalsync.yml", re.sub("prefix=._", f"prefix={prefix}", project.read("drupalsync.yml")))


def _click(project: Project, statement: str) -> None:
    sql.execute(project.database.partition("?")[0], statement)


def test_a_plan_for_one_site_is_not_shown_for_the_other(shared: Project) -> None:
    shared.run("export")
    shared.run("import", "--yes")
    _click(shared, "UPDATE b_variable SET value = 's:4:\"Ahoy\";' WHERE name = 'site_slogan'")
    assert "0 to update" in shared.run("import", "--dry-run").stdout

    _turn_to(shared, "b_")

    assert "Ahoy" in shared.run("import", "--dry-run", exits=3).stdout


def test_what_a_memo_is_made_of_tells_two_sites_of_one_database_apart(
    shared: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.run("export")
    for name, value in shared.environ().items():
        monkeypatch.setenv(name, value)

    with contextlib.chdir(shared.root), open_session(None, [], None) as session:
        inputs = {session.inputs("plan")}
        for site in (
            Site(session.site.db, shown=session.site.shown, prefix="b_"),
            Site(session.site.db, shown=session.site.shown, prefix="a_", prefixes={"variable": "b_"}),
        ):
            session.site = site
            inputs.add(session.inputs("plan"))

    assert len(inputs) == 3


def test_the_keys_of_one_site_are_not_those_of_the_other(shared: Project) -> None:
    # A block with the heading and the number of another is taken for it, where this checkout has seen it before.
    _click(shared, "UPDATE b_block_custom SET info = 'Season tickets', body = 'Soon.' WHERE bid = 1")
    shared.run("export")
    for file in (shared.root / "config").rglob("*.yml"):
        file.unlink()

    _turn_to(shared, "b_")
    shared.run("export")

    names = sorted(file.name for file in (shared.root / "config/blocks/custom").iterdir())
    assert names == ["footer-notice.yml", "notes-for-editors.yml", "season-tickets.yml"]


def test_the_keys_of_one_site_are_remembered_for_itself(shared: Project) -> None:
    shared.run("export")
    for file in (shared.root / "config").rglob("*.yml"):
        file.unlink()
    _click(shared, "UPDATE a_block_custom SET info = 'Season tickets', body = 'Soon.' WHERE bid = 1")

    shared.run("export")

    names = sorted(file.name for file in (shared.root / "config/blocks/custom").iterdir())
    assert names == ["footer-notice.yml", "notes-for-editors.yml", "opening-times.yml"]


def test_an_import_into_one_site_leaves_the_other_as_it_is(shared: Project) -> None:
    shared.run("export")
    shared.write(
        "config/variables/site.yml", shared.read("config/variables/site.yml").replace("900 years", "901 years")
    )
    url = shared.database.partition("?")[0]
    before = sql.contents(url)

    shared.run("import", "--adopt", "--yes")

    after = sql.contents(url)
    changed = {table for table in after if after[table] != before.get(table)}
    assert "a_variable" in changed
    assert not [table for table in changed if table.startswith("b_")]
