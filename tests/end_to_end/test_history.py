"""`history`: what was released on a site, and what became of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check


def slogan(text: str) -> str:
    return f"UPDATE variable SET value = 's:{len(text)}:\"{text}\";' WHERE name = 'site_slogan'"


def test_a_history_tells_every_release(
    dev: Project, prod: Project, golden: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "desk")
    none = prod.run("history")
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")
    dev.click(slogan("Ahoy"))
    dev.run("export")
    prod.run("import", "variable:site_*", "--yes")
    dev.git("add", "--all")
    dev.git("commit", "--quiet", "--message=Ahoy")
    dev.click(slogan("All hands"))
    dev.run("export", "--commit")
    prod.run("import", "--yes")
    prod.click("UPDATE drupalsync_step SET done = 0 WHERE release_id = 3")
    prod.click("UPDATE drupalsync_release SET state = 'committed' WHERE id = 3")

    with untouched(dev, prod):
        told, last = prod.run("history"), prod.run("history", "-n", "1")

    transcripts = "\n".join(said.transcript for said in (none, told, last))
    golden(re.sub(r"(sqlite|mysql)://[^\s,]+", "«database of prod»", transcripts), "end_to_end/a-history.txt")


def test_a_rollback_names_what_it_took_back(museum: Project, production: Project) -> None:
    museum.click(slogan("Ahoy"))
    museum.run("export", "--commit")
    production.run("import", "--yes")
    production.run("rollback", "--yes")

    told = production.run("history").stdout
    releases = json.loads(production.run("history", "--format", "json").stdout)["releases"]

    assert re.search(r"^ +3  .*  1  rollback of 2 +everything$", told, re.MULTILINE)
    assert re.search(r"^ +2  .*  1  rolled back by 3 +everything$", told, re.MULTILINE)
    assert [(release["kind"], release["undoes"], release["undone_by"]) for release in releases] == [
        ("rollback", 2, None),
        ("import", None, 3),
        ("import", None, None),
    ]


def test_a_history_needs_no_tree(museum: Project, production: Project) -> None:
    (museum.root / "config").rename(museum.root / "elsewhere")

    assert "1 release\n" in production.run("history").stdout


def test_json_tells_what_was_released(museum: Project, production: Project) -> None:
    document = json.loads(production.run("history", "--format", "json").stdout)

    (release,) = document["releases"]
    assert document["total"] == 1
    assert release["number"] == 1
    assert release["revision"] == production.one("SELECT revision FROM drupalsync_release")
    assert release["started"] == production.one("SELECT started FROM drupalsync_release")
    assert (release["state"], release["steps_left"], release["told"]) == ("done", 0, "done")


def test_a_hostile_author_moves_no_cursor(production: Project) -> None:
    production.click("UPDATE drupalsync_release SET author = 'eve' || char(27) || '[2J@desk'")

    said = production.run("history").stdout

    assert "\x1b" not in said
    assert "eve\\u001b[2J@desk" in said


def test_a_number_of_releases_is_a_number(production: Project) -> None:
    production.run("history", "-n", "0", exits=64)
