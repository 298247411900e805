"""What the commands print, on small sites: their last lines, and nothing but JSON where JSON is asked for."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from support.cli import Project

EVIL = "a\x1b[2J\u202eb"


@pytest.fixture
def prod(tiny: Project) -> Project:
    """Production, which has what dev's tree says."""
    tiny.run("export", "--commit")
    prod = tiny.at("prod")
    prod.run("import", "--adopt", "--yes")
    return prod


def slogan(project: Project, text: str) -> None:
    value = f's:{len(text.encode())}:"{text}";'
    project.click(f"UPDATE variable SET value = '{value}' WHERE name = 'site_slogan'")


def test_an_export_and_the_adoption_of_it_count_the_same_items(tiny: Project) -> None:
    exported = tiny.run("export").stdout
    adopted = tiny.at("prod").run("import", "--adopt", "--yes").stdout

    (count,) = re.findall(r"Exported: (\d+) created, 0 unchanged; \d+ files written\.", exported)
    assert f"Release 1: {count} adopted; read back and equal." in adopted
    assert f"Exported: {count} unchanged; nothing to write." in tiny.run("export").stdout


def test_secrets_are_named_when_they_are_new(tiny: Project) -> None:
    assert "New secrets, written as !env and not in clear: CRON_KEY" in tiny.run("export", "--commit").stdout
    slogan(tiny, "Another")
    again = tiny.run("export").stdout
    assert "site.yml" in again
    assert "ecret" not in again


def test_a_link_that_moves_is_exported_as_moved(tiny: Project) -> None:
    tiny.run("export", "--commit")
    tiny.click(
        "UPDATE menu_links SET plid = (SELECT mlid FROM menu_links WHERE link_title = 'About us'), p1 = "
        "(SELECT mlid FROM menu_links WHERE link_title = 'About us') WHERE link_title = 'Getting here'"
    )
    out = tiny.run("export", "--commit").stdout

    assert re.search(r"Exported: 1 moved, \d+ unchanged; 1 file written\.", out)
    assert tiny.git("log", "-1", "--format=%B").strip() == (
        "config: export from dev, 1 moved\n\n"
        "moved menu_link:main-menu/your-visit/getting-here → main-menu/about-us/getting-here"
    )


def test_an_import_that_has_nothing_to_do_says_so_in_one_line(prod: Project) -> None:
    for argv in (["--yes"], []):
        out = prod.run("import", *argv).stdout
        assert re.fullmatch(r"prod: \d+ unchanged, \d+ unmanaged, last release 1 \(.*\)\. Nothing to do\.\n", out)


def test_json_is_all_that_is_on_stdout(prod: Project) -> None:
    prod.write("config/variables/site.yml", prod.read("config/variables/site.yml").replace("900", "901"))
    for argv, exits in ((["--dry-run"], 0), ([], 1), (["--yes"], 0), (["--yes"], 0)):
        said = prod.run("import", *argv, "--format", "json", exits=exits)
        assert json.loads(said.stdout)["environment"] == "prod"
        assert said.stderr
    assert json.loads(prod.run("diff", "--format", "json").stdout)["changes"] == []


def test_the_command_that_a_dry_run_names_carries_it_out(prod: Project) -> None:
    prod.write("config/variables/site.yml", prod.read("config/variables/site.yml").replace("900", "901"))
    out = prod.run("import", "variable:site_*", "--dry-run", "--prune", "--on-drift", "keep").stdout

    command = out.rstrip().rpartition("  ")[2]
    assert command == "drupalsync import 'variable:site_*' --env prod --on-drift keep --prune"
    assert "Release 2: 1 updated; read back and equal." in prod.run(*shlex.split(command)[1:], "--yes").stdout


@pytest.mark.parametrize("way", ["take the site's", "take the tree's", "leave both"])
def test_each_way_out_of_a_conflict_is_one(prod: Project, way: str) -> None:
    prod.write("config/variables/site.yml", prod.read("config/variables/site.yml").replace("900", "901"))
    prod.git("commit", "--all", "--quiet", "--message=A slogan")
    slogan(prod, "By hand")
    stopped = prod.run("import", "--dry-run", exits=3).stdout
    (command,) = re.findall(rf"{way}: +drupalsync (.*)", stopped)

    yes = ["--yes"] if command.startswith("import") else []
    prod.run(*shlex.split(command), *yes)

    if way == "leave both":
        assert "By hand" in str(prod.one("SELECT value FROM variable WHERE name = 'site_slogan'"))
    else:
        prod.run("import", "--yes")
        assert "Nothing to do." in prod.run("import").stdout


def test_a_hostile_site_reaches_no_terminal(prod: Project) -> None:
    slogan(prod, EVIL)
    prod.click(f"UPDATE menu_links SET link_title = '{EVIL}' WHERE link_title = 'About us'")
    prod.click(f"INSERT INTO variable (name, value) VALUES ('{EVIL}', 'i:1;')")
    for argv, exits in (
        (["import", "--dry-run"], 3), (["status"], 0), (["verify"], 3), (["diff"], 0), (["diff", "--format", "json"], 0), (["export"], 0),
    ):  # fmt: skip
        said = prod.run(*argv, exits=exits)
        assert not {"\x1b", "\u202e"} & set(said.stdout + said.stderr), argv


def test_an_error_shows_what_it_is_about_by_its_letters(tiny: Project) -> None:
    said = tiny.run("export", f"{EVIL}:x", exits=64)
    assert "  where: a\\u001b[2J\\u202eb:x\n" in said.stderr
