"""What drupalsync.yml says is done, or is said to be without effect: no rule is read and passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

SLOGAN = "SELECT value FROM variable WHERE name = 'site_slogan'"


def _say(project: Project, entry: str) -> None:
    project.write("drupalsync.yml", project.read("drupalsync.yml") + entry + "\n")


def _slogan(text: str) -> str:
    return f"UPDATE variable SET value = 's:{len(text)}:\"{text}\";' WHERE name = 'site_slogan'"


RULES = [
    pytest.param("ignore: [{item: 'variable:site_slogan', reason: the editors choose it}]", id="ignore"),
    pytest.param("ignore: [{item: 'variable:site_sl*'}]", id="ignore with a glob"),
    pytest.param("exclude: ['variable:site_slogan']", id="exclude"),
]


@pytest.mark.parametrize("rule", RULES)
def test_what_is_ignored_is_not_exported(tiny: Project, rule: str) -> None:
    _say(tiny, rule)

    tiny.run("export")

    assert "site_name:" in tiny.read("config/variables/site.yml")
    assert "slogan" not in tiny.read("config/variables/site.yml")


@pytest.mark.parametrize("rule", RULES)
def test_what_is_ignored_is_not_written_and_no_drift(museum: Project, production: Project, rule: str) -> None:
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")
    production.click(_slogan("Mind the tide"))
    production.run("import", "--yes", exits=3)
    _say(museum, rule)

    with untouched(production):
        production.run("import", "--yes")

    assert production.one(SLOGAN) == 's:13:"Mind the tide";'


@pytest.mark.parametrize("rule", RULES)
def test_what_is_ignored_is_not_pruned(museum: Project, production: Project, rule: str) -> None:
    museum.click("DELETE FROM variable WHERE name = 'site_slogan'")
    museum.run("export", "--commit")
    _say(museum, rule)

    with untouched(production):
        production.run("import", "--prune", "--yes")

    assert production.one(SLOGAN) == 's:22:"900 years by the water";'


def test_an_export_leaves_the_file_of_what_is_ignored(museum: Project) -> None:
    _say(museum, "ignore: [{item: 'variable:site_slogan'}]")
    museum.git("commit", "--quiet", "--all", "--message=The slogan is the editors'")
    museum.click(_slogan("Ahoy"))

    with untouched(museum):
        museum.run("export", "--commit")


@pytest.mark.parametrize(
    "entry",
    ["ignore: ['variable:site_slogan']", "ignore: {item: x}", "ignore: [{reason: none}]", "ignore: [{item: 1}]"],
)
def test_a_rule_that_cannot_be_followed_is_an_error(production: Project, entry: str) -> None:
    _say(production, entry)

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "`ignore` is a list of rules" in said.stderr


def test_a_rule_with_an_unknown_word_is_an_error(production: Project) -> None:
    _say(production, "ignore: [{item: 'variable:site_slogan', path: value}]")

    assert "unknown entry 'path'" in production.run("import", "--yes", exits=1).stderr


@pytest.mark.parametrize("entry", ["tables: [{table: role}]"])
def test_what_has_no_effect_yet_is_said_to_have_none(museum: Project, production: Project, entry: str) -> None:
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")
    _say(museum, entry)

    said = production.run("import", "--dry-run")

    assert f"{entry.partition(':')[0]}: in drupalsync.yml has no effect yet" in said.stdout
    assert "no effect" in production.run("import", "--yes").stdout


@pytest.mark.parametrize("entry", ["limits: {}", "tables: []", "modes: {}", "protect: []"])
def test_what_says_nothing_needs_no_note(museum: Project, production: Project, entry: str) -> None:
    _say(museum, entry)

    assert "no effect" not in production.run("import", "--dry-run").stdout
