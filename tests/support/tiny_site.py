"""The demo's two small Drupal 7 sites, for tests: no dumps, no server, a fresh copy in a millisecond.

`tiny_sites` are the developer's site and its production, as files; `tiny` is a project with both as environments.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from drupalsync.demo.site import make_production, make_site
from support.cli import Project
from support.dumps import sqlite_url

if TYPE_CHECKING:
    from pathlib import Path

PAGES = "nodes:\n  - {type: page}\n"


@dataclass(frozen=True, slots=True)
class TinySites:
    """Two SQLite files: what a developer works on, and its production, whose ids moved on."""

    dev: Path
    prod: Path

    @property
    def urls(self) -> dict[str, str]:
        """The environments' databases by name, the developer's first."""
        return {"dev": sqlite_url(self.dev), "prod": sqlite_url(self.prod)}


@pytest.fixture(scope="session")
def tiny_template(tmp_path_factory: pytest.TempPathFactory) -> TinySites:
    """The sites that the others are copied from; nobody writes to these."""
    folder = tmp_path_factory.mktemp("tiny")
    sites = TinySites(folder / "dev.sqlite", folder / "prod.sqlite")
    make_site(sites.dev)
    make_production(sites.dev, sites.prod)
    return sites


@pytest.fixture
def tiny_sites(tiny_template: TinySites, tmp_path: Path) -> TinySites:
    """Fresh copies of both sites in `tmp_path`."""
    sites = TinySites(tmp_path / "tiny-dev.sqlite", tmp_path / "tiny-prod.sqlite")
    shutil.copyfile(tiny_template.dev, sites.dev)
    shutil.copyfile(tiny_template.prod, sites.prod)
    return sites


@pytest.fixture
def tiny(tiny_sites: TinySites, tmp_path: Path) -> Project:
    """A project on fresh copies, seen from `dev`, its pages selected; `tiny.at("prod")` is production."""
    return Project(tmp_path / "tiny-project", tiny_sites.urls, manifest=PAGES)
