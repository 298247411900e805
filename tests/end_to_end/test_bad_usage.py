"""Wrong usage and a wrong manifest: what was meant is guessed, what is known is listed; nothing is changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from drupalsync.cli.main import main
from support.untouched import untouched

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.cli import Project
    from support.golden import Check

WRONG: Final = [
    pytest.param(["import", "--env", "porduction"], id="an environment that the manifest lacks"),
    pytest.param(["export", "menus:main-menu"], id="a kind that there is not"),
    pytest.param(["import", "--prunes"], id="an option that there is not"),
    pytest.param(["imprt"], id="a command that there is not"),
    pytest.param(["import", "--on-drift", "ask"], id="a way with drift that there is not"),
    pytest.param(["import", "--format", "pdf"], id="a format that there is not"),
    pytest.param(["import", "--lock-timeout", "soon"], id="a time that is no number"),
    pytest.param(["init"], id="init without a site"),
    pytest.param(
        ["init", "--database", "mysql://drupal:hunter2@localhost/museum"], id="a password on the command line"
    ),
    pytest.param(["schema", "menues"], id="a schema that there is not"),
]
MANIFESTS: Final = [
    pytest.param(lambda text: text.replace("nodes:", "node:"), id="an unknown entry in the manifest"),
    pytest.param(lambda text: text.replace("    database: sqlite", "    datebase: sqlite"), id="an unknown entry of an environment"),
    pytest.param(lambda text: text.replace("version: 1", "version: 2"), id="a manifest of another version"),
    pytest.param(lambda text: text.replace("- {type: page}", "- page"), id="nodes without a type"),
    pytest.param(lambda text: f"{text}\tlimits: {{}}\n", id="a manifest with a tab"),
    pytest.param(lambda text: text.replace("version: 1\n", "version: 1\nversion: 1\n"), id="a manifest with a key twice"),
    pytest.param(
        lambda text: re.sub("(database: .*)", r"\1\n    password: !env A\n    password: hunter2", text, count=1),
        id="a manifest with a password twice",
    ),
    pytest.param(lambda _: "", id="a manifest that is empty"),
    pytest.param(lambda text: re.sub("sqlite:.*", "postgres://localhost/museum", text), id="a database of another make"),
    pytest.param(lambda text: re.sub("(database: .*)", r"\1\n    password: hunter2", text), id="a password in the manifest"),
]  # fmt: skip


@pytest.mark.parametrize("argv", WRONG)
def test_wrong_usage_exits_64_and_says_what_was_meant(
    museum: Project, golden: Check, request: pytest.FixtureRequest, argv: list[str]
) -> None:
    with untouched(museum, museum.at("prod")):
        said = museum.run(*argv, exits=64)

    assert said.stdout == ""
    assert "hunter2" not in said.stderr
    golden(said.transcript, _file(request))


@pytest.mark.parametrize("edit", MANIFESTS)
def test_a_wrong_manifest_stops_every_command(
    museum: Project, golden: Check, request: pytest.FixtureRequest, edit: Callable[[str], str]
) -> None:
    museum.write("drupalsync.yml", edit(museum.read("drupalsync.yml")))

    with untouched(museum, museum.at("prod")):
        said = [museum.run(*argv, exits=1) for argv in (["import", "--yes"], ["export"], ["status"])]

    assert {result.stderr for result in said} == {said[0].stderr}
    assert "hunter2" not in said[0].transcript
    golden(said[0].transcript, _file(request))


def test_a_folder_without_a_manifest_says_how_to_begin(museum: Project, golden: Check) -> None:
    (museum.root / "drupalsync.yml").unlink()

    golden(museum.run("export", exits=1).transcript, "end_to_end/a-folder-without-a-manifest.txt")


def test_an_import_without_a_terminal_needs_a_yes(museum: Project, golden: Check) -> None:
    museum.write("config/variables/site.yml", museum.read("config/variables/site.yml") + "site_phone: '5'\n")

    with untouched(museum, museum.at("prod")):
        said = museum.at("prod").run("import", exits=1, stdin="y\n")

    golden(said.transcript, "end_to_end/an-import-without-a-terminal-and-without-yes.txt")


def test_where_nothing_is_to_do_nobody_needs_to_say_yes(museum: Project) -> None:
    with untouched(museum.at("prod")):
        said = museum.at("prod").run("import")

    assert said.stdout.endswith("Nothing to do.\n")


def test_no_arguments_at_all_show_the_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 64

    shown = capsys.readouterr()
    assert "Usage: drupalsync" in shown.out
    assert all(command in shown.out for command in ("init", "export", "status", "diff", "import", "schema", "demo"))


@pytest.mark.parametrize("revision", ["no-such-branch", "HEAD~5"])
def test_a_revision_that_git_does_not_know(museum: Project, golden: Check, revision: str) -> None:
    with untouched(museum, museum.at("prod")):
        said = museum.at("prod").run("import", "--rev", revision, "--yes", exits=1)

    golden(said.transcript, f"end_to_end/a-revision-that-git-does-not-know-{revision.lower().replace('~', '-')}.txt")


def _file(request: pytest.FixtureRequest) -> str:
    return f"end_to_end/{re.sub(r'[^a-z0-9]+', '-', request.node.callspec.id.lower())}.txt"
