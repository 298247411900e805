"""The site of a developer and its production, as two environments of one project.

`dev` and `prod` are a real site's, on both engines; `museum` is the demo's, small enough for a test of one message.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from support.cli import Project
from support.dumps import sqlite_url
from support.tiny_site import PAGES, TinySites

if TYPE_CHECKING:
    from pathlib import Path

    from support.dumps import Load


@pytest.fixture
def dev(dump: Load, tmp_path: Path) -> Project:
    """The developer's environment: the site on the day it was cloned."""
    return Project(tmp_path / "project", {"dev": dump("base"), "prod": dump("prod")})


@pytest.fixture
def prod(dev: Project) -> Project:
    """The same project's production, where visitors have been since."""
    return dev.at("prod")


@pytest.fixture(scope="session")
def museum_template(tiny_template: TinySites, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with both sites and the tree, exported from dev and adopted by production; nobody writes to it."""
    folder = tmp_path_factory.mktemp("museum")
    for site in (tiny_template.dev, tiny_template.prod):
        shutil.copyfile(site, folder / site.name)
    urls = {name: sqlite_url(folder / f"{name}.sqlite") for name in ("dev", "prod")}
    project = Project(folder / "project", urls, manifest=PAGES)
    project.run("export", "--commit")
    project.at("prod").run("import", "--adopt", "--yes")
    return folder


@pytest.fixture
def museum(museum_template: Path, tmp_path: Path) -> Project:
    """A project whose tree is committed and whose production is adopted, seen from `dev`."""
    sites = TinySites(tmp_path / "dev.sqlite", tmp_path / "prod.sqlite")
    for site in (sites.dev, sites.prod):
        shutil.copyfile(museum_template / site.name, site)
    return Project.copy(museum_template / "project", tmp_path / "project", sites.urls, manifest=PAGES)


@pytest.fixture
def production(museum: Project) -> Project:
    """The museum's project, seen from its production."""
    return museum.at("prod")
