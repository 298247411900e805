"""A disk that is full: an export leaves the tree as it was, an import the site, and both say what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from support.cli import Project
from support.untouched import untouched

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.golden import Check
    from support.tiny_site import TinySites

    from .conftest import Killer

SIZE = 2 * 1024 * 1024  # bytes of the small disk
PAGE = 4096
LONG = 200_000  # characters of the text that does not fit
REWRITE = f"UPDATE block_custom SET body = '{'Words. ' * (LONG // 7)}' WHERE bid = (SELECT MIN(bid) FROM block_custom)"
RENAME = "UPDATE variable SET value = 's:3:\"New\";' WHERE name = 'site_name'"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of two megabytes. Skips where nothing may be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", f"size={SIZE}"]
    try:
        mounted = subprocess.run(["mount", *options, "none", folder], capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("no program `mount` to make a small disk with")
    if mounted.returncode:
        pytest.skip(f"a small disk cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


@pytest.mark.parametrize(
    ("left", "into"),
    [
        pytest.param(8 * PAGE, ".drupalsync/", id="no room for what the next run should remember"),
        pytest.param(LONG * 4 // 3 + 30 * PAGE, "config/blocks/", id="room for that, and not for the files"),
    ],
)
def test_an_export_that_does_not_fit_leaves_the_tree_as_it_was(
    disk: Path, tiny_sites: TinySites, left: int, into: str, golden: Check
) -> None:
    project = _exported(disk / "project", tiny_sites)
    _fill(disk, left)

    with untouched(project):
        stopped = project.run("export", exits=1)

    assert "No space left on device" in stopped.stderr
    assert f"{project.root}/{into}" in stopped.stderr
    assert _temporary(project) == []
    if into.startswith("config/"):
        golden(stopped.transcript, "fault/a-full-disk-on-export.txt")
    (disk / "filler").unlink()
    assert "2 updated" in project.run("export").stdout


def test_a_file_that_may_not_grow_so_far_leaves_the_tree_as_it_was(
    tmp_path: Path, tiny_sites: TinySites, killer: Killer
) -> None:
    project = _exported(tmp_path / "project", tiny_sites)
    said = tmp_path / "said"

    with untouched(project):
        assert killer.run(project, ["export"], limit=LONG // 2, err=str(said)) == 1

    assert "this file could not be written (File too large); nothing was changed" in said.read_text()
    assert "make room on the disk" in said.read_text()
    assert _temporary(project) == []


@pytest.mark.parametrize("first", [pytest.param(True, id="first contact"), pytest.param(False, id="a later release")])
def test_an_import_into_a_full_disk_leaves_the_site_as_it_was(
    disk: Path, tiny_sites: TinySites, tmp_path: Path, first: bool, golden: Check
) -> None:
    site = shutil.copyfile(tiny_sites.prod, disk / "prod.sqlite")
    urls = {**tiny_sites.urls, "prod": f"sqlite:///{site}"}
    project = Project(tmp_path / "project", urls, manifest="nodes:\n  - {type: page}\n")
    project.run("export", "--commit")
    prod = project.at("prod")
    if not first:
        prod.run("import", "--adopt", "--yes")
        project.click(REWRITE)
        project.run("export", "--commit")
    _fill(disk, 0)

    with untouched(prod):
        stopped = prod.run("import", "--adopt", "--yes", exits=1)

    assert stopped.stderr.startswith("drupalsync: the database says: ")
    assert "full; nothing was changed\n" in stopped.stderr
    if not first:
        golden(stopped.stderr.replace(str(tmp_path), "«tmp»"), "fault/a-full-disk-on-import.txt")
    (disk / "filler").unlink()
    prod.run("import", "--adopt", "--yes")


def _exported(root: Path, sites: TinySites) -> Project:
    """A project whose developer has since written a long text and a short one."""
    project = Project(root, sites.urls, manifest="nodes:\n  - {type: page}\n")
    project.run("export", "--commit")
    project.click(REWRITE)
    project.click(RENAME)
    return project


def _fill(disk: Path, left: int) -> None:
    """Leaves so many bytes, to a page."""
    free = os.statvfs(disk)
    with (disk / "filler").open("wb") as file:
        file.write(b"x" * (free.f_bavail * free.f_frsize - left))


def _temporary(project: Project) -> list[Path]:
    return [path for path in project.root.rglob("*") if path.suffix == ".tmp"]
