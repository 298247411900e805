"""What `doctor` says to paste works: exported, imported where the ids are others, and the second import finds nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from drupalsync.php import encode
from support.cli import Project
from support.long_tail import add_tables, insert
from support.versions import without_versions

if TYPE_CHECKING:
    from pathlib import Path

    from support.dumps import Load
    from support.golden import Check

KINDS = ("dsx_campaign", "dsx_preset")


@pytest.fixture
def tailed(museum: Project) -> Project:
    """Both of the museum's sites with the tables of a contributed module, their campaigns numbered otherwise."""
    add_tables(museum.databases["dev"])
    add_tables(museum.databases["prod"], first=40)
    return museum


def paste(project: Project) -> None:
    """Does what the text of doctor says."""
    said = project.run("doctor").stdout.splitlines()
    begin = said.index("tables:")
    end = said.index("", begin)
    project.write("drupalsync.yml", project.read("drupalsync.yml") + "\n".join(said[begin:end]) + "\n")


def test_doctor_tells_the_tables_that_nobody_describes(tailed: Project, golden: Check) -> None:
    golden(without_versions(tailed.run("doctor").transcript), "end_to_end/a-doctor-finds-tables.txt")


def test_what_is_pasted_is_described_from_then_on(tailed: Project) -> None:
    paste(tailed)

    told = json.loads(tailed.run("doctor", "--format", "json").stdout)

    assert told["works"]
    assert told["tables"]["undescribed"] == []


def test_what_is_pasted_exports_and_imports(tailed: Project, golden: Check) -> None:
    paste(tailed)
    tailed.run("export", "--commit")
    golden(tailed.read("config/dsx_campaign/spring.yml"), "end_to_end/a-pasted-kind.yml")
    prod = tailed.at("prod")
    prod.click("UPDATE dsx_campaign SET title = 'Winter', rid = 0 WHERE name = 'autumn'")
    prod.click("DELETE FROM dsx_campaign_step WHERE title = 'Open'")
    prod.click("DELETE FROM dsx_campaign_tag WHERE tag = 'free'")
    prod.click("DELETE FROM dsx_campaign_role")
    prod.click("DELETE FROM dsx_preset WHERE name = 'no'")

    prod.run("import", "--adopt", "--yes")

    assert "Nothing to do" in prod.run("import", "--yes").stdout
    assert prod.rows("SELECT name, title, weight, ratio FROM dsx_campaign ORDER BY cid") == tailed.rows(
        "SELECT name, title, weight, ratio FROM dsx_campaign ORDER BY cid"
    )
    assert prod.rows("SELECT cid, channel_id, created FROM dsx_campaign ORDER BY cid") == [
        (40, 47, 1400000040),
        (41, 47, 1400000041),
    ]
    assert prod.rows("SELECT cid, weight, title, data FROM dsx_campaign_step ORDER BY cid, weight") == [
        (cid, weight, title, encode([title, weight]).decode())
        for cid in (40, 41)
        for weight, title in enumerate(("Announce", "Open", "Close"))
    ]
    ((role,),) = prod.rows("SELECT MAX(rid) FROM role")
    assert prod.rows("SELECT cid, rid, depth FROM dsx_campaign_role ORDER BY cid") == [(40, role, 2), (41, role, 2)]
    assert prod.rows("SELECT name, extra, dsx_preset FROM dsx_preset ORDER BY name") == [
        ("no", "more", "own"),
        ("wide", "more", "own"),
    ]
    prod.run("export", *KINDS)
    assert tailed.git("status", "--porcelain", "config") == ""


def test_rows_that_come_and_go_follow(tailed: Project) -> None:
    paste(tailed)
    prod = tailed.at("prod")
    tailed.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")
    insert(
        tailed.database,
        "dsx_campaign",
        {"name": "winter", "title": "Winter", "body": "", "settings": encode([]), "created": 1, "format": None},
    )
    tailed.click("INSERT INTO dsx_campaign_tag SELECT cid, 'new' FROM dsx_campaign WHERE name = 'winter'")
    tailed.click("DELETE FROM dsx_campaign_tag WHERE cid = 1")
    tailed.click("DELETE FROM dsx_campaign_step WHERE cid = 1")
    tailed.click("DELETE FROM dsx_campaign_role WHERE cid = 1")
    tailed.click("DELETE FROM dsx_campaign WHERE cid = 1")
    tailed.run("export", "--commit")

    prod.run("import", "--prune", "--yes")

    assert "Nothing to do" in prod.run("import", "--prune", "--yes").stdout
    assert prod.rows("SELECT name FROM dsx_campaign ORDER BY name") == [("autumn",), ("winter",)]
    assert prod.rows(
        "SELECT c.name, t.tag FROM dsx_campaign_tag t JOIN dsx_campaign c ON c.cid = t.cid ORDER BY 1, 2"
    ) == [
        ("autumn", "family"),
        ("autumn", "free"),
        ("winter", "new"),
    ]
    assert prod.one("SELECT COUNT(*) FROM dsx_campaign_step") == 3


def test_no_id_of_one_site_is_in_the_files(tailed: Project) -> None:
    paste(tailed)
    tailed.run("export", "--commit")
    dev = {path.name: path.read_bytes() for kind in KINDS for path in (tailed.root / "config" / kind).iterdir()}
    for kind in KINDS:
        for name in dev:
            (tailed.root / "config" / kind / name).unlink(missing_ok=True)

    tailed.at("prod").run("export", *KINDS)

    prod = {path.name: path.read_bytes() for kind in KINDS for path in (tailed.root / "config" / kind).iterdir()}
    assert prod == dev


def test_on_both_engines(dump: Load, tmp_path: Path) -> None:
    """The same round on a real site's dump, on SQLite and on MariaDB."""
    dev = Project(
        tmp_path / "project", {"dev": dump("base"), "prod": dump("prod")}, manifest="nodes:\n  - {type: page}\n"
    )
    prod = dev.at("prod")
    add_tables(dev.database)
    add_tables(prod.database, first=70)
    paste(dev)
    dev.run("export", "--commit")
    prod.click("UPDATE dsx_campaign SET title = 'Winter' WHERE name = 'autumn'")
    prod.click("DELETE FROM dsx_campaign_tag WHERE tag = 'free'")

    prod.run("import", *KINDS, "--adopt", "--yes")

    assert "Nothing to do" in prod.run("import", *KINDS, "--yes").stdout
    assert prod.one("SELECT title FROM dsx_campaign WHERE name = 'autumn'") == "Autumn at the museum"
    assert prod.one("SELECT COUNT(*) FROM dsx_campaign_tag") == 4
