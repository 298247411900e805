"""How many queries a run sends does not depend on how much the site has."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final
from unittest import mock

from benchmarks.fill import Size, make_filled_site
from drupalsync.site.sqlite import Sqlite
from support.cli import Project
from support.dumps import sqlite_url
from support.tiny_site import PAGES

DOUBLE: Final = Size(variables=20, links=40, blocks=20, nodes=520)  # ids go in batches of 500


def queries(folder: Path, size: Size) -> list[int]:
    """Of an export and of a dry run with nothing to do, each with nothing remembered; whatever reads is a query."""
    folder.mkdir()
    make_filled_site(folder / "site.sqlite", size)
    project = Project(folder / "project", {"dev": sqlite_url(folder / "site.sqlite")}, manifest=PAGES)
    project.run("export")
    project.run("import", "--adopt", "--yes")
    counts = []
    for command in (["export"], ["import", "--dry-run"]):
        shutil.rmtree(project.root / ".drupalsync")
        with mock.patch.object(Sqlite, "query", autospec=True, side_effect=Sqlite.query) as query:
            project.run(*command)
        counts.append(query.call_count)
    return counts


def test_twice_the_site_takes_the_same_queries(tmp_path: Path) -> None:
    once = queries(tmp_path / "once", DOUBLE.half())
    assert min(once) > 20  # it does count
    assert queries(tmp_path / "twice", DOUBLE) == once
