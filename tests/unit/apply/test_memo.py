"""What a run remembers of the last one is believed only where nothing has changed that it was made from."""

from __future__ import annotations

import hmac
import json
import shutil
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Final
from unittest import mock

import pytest

from drupalsync.apply import export, importer
from drupalsync.apply.memo import digest
from support.cli import Project
from support.dumps import sqlite_url
from support.tiny_site import PAGES, TinySites

LOOK: Final = ("import", "--dry-run")
EXPORT: Final = ("export",)
COMMANDS: Final = [pytest.param(LOOK, id="a dry run"), pytest.param(EXPORT, id="an export")]
FILE: Final = "config/variables/site.yml"

Change = Callable[[Project], object]


def works(project: Project, command: tuple[str, ...], **env: str) -> bool:
    """Whether the command did the whole work; what it says must be the same either way."""
    with (
        mock.patch.object(importer, "look", wraps=importer.look) as look,
        mock.patch.object(export, "export", wraps=export.export) as exported,
    ):
        project.run(*command, env=env)
    return bool(look.called or exported.called)


def memo_of(project: Project, command: tuple[str, ...]) -> Path:
    return project.root / ".drupalsync" / ("dev.export.memo" if command == EXPORT else "dev.plan.memo")


@pytest.fixture(scope="module")
def made(tiny_template: TinySites, tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Path]:
    """A project that its site has adopted, with a memo of both commands; and a copy of all that."""
    folder = tmp_path_factory.mktemp("memo")
    shutil.copyfile(tiny_template.dev, folder / "site.sqlite")
    project = Project(folder / "project", {"dev": sqlite_url(folder / "site.sqlite")}, manifest=PAGES)
    project.run("export", "--commit")
    project.run("import", "--adopt", "--yes")
    project.run("export")
    for command in (LOOK, EXPORT):
        works(project, command)
        assert not works(project, command)
    kept = tmp_path_factory.mktemp("kept") / "memo"
    shutil.copytree(folder, kept)
    return project, kept


@pytest.fixture
def project(made: tuple[Project, Path]) -> Project:
    """The project as it was made, and in the same place: a memo is of one place."""
    project, kept = made
    shutil.rmtree(project.root.parent)
    shutil.copytree(kept, project.root.parent)
    return project


@pytest.mark.parametrize("command", COMMANDS)
def test_a_run_that_finds_all_as_it_was_says_what_the_last_one_said(project: Project, command: tuple[str, ...]) -> None:
    again = project.run(*command)
    memo_of(project, command).unlink()
    assert project.run(*command).transcript == again.transcript


def _replaced(name: str, old: str, new: str) -> Change:
    def change(project: Project) -> None:
        text = project.read(name)
        assert old in text
        project.write(name, text.replace(old, new))

    return change


CHANGES: Final = [
    pytest.param(
        lambda p: p.click("UPDATE node SET title = 'New' WHERE type = 'article'"), id="a row has other content"
    ),
    pytest.param(lambda p: p.click("DELETE FROM block WHERE delta = 'syndicate'"), id="a row is gone"),
    pytest.param(
        lambda p: p.click("INSERT INTO variable VALUES ('site_new', 's:1:\"x\";')"), id="a row that was not there"
    ),
    pytest.param(
        lambda p: p.click("UPDATE system SET info = 'a:0:{}' WHERE name = 'dblog'"), id="a row that others are read by"
    ),
    pytest.param(lambda p: p.click("ALTER TABLE node ADD COLUMN uuid CHAR(36) DEFAULT ''"), id="a column of a table"),
    pytest.param(lambda p: p.click("CREATE TABLE book (mlid INT, nid INT, bid INT)"), id="a table"),
    pytest.param(
        lambda p: p.click("DELETE FROM drupalsync_item WHERE item_key = 'site_name'"), id="the ledger, by hand"
    ),
    pytest.param(_replaced(FILE, "\n", "\n# a comment\n"), id="a file, if only in a comment"),
    pytest.param(lambda p: (p.root / FILE).rename(p.root / "config/variables/other.yml"), id="the name of a file"),
    pytest.param(_replaced("drupalsync.yml", "version: 1\n", "version: 1\n# a comment\n"), id="the manifest"),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_believed_once_it_has_changed(project: Project, change: Change, command: tuple[str, ...]) -> None:
    change(project)
    assert works(project, command)


@pytest.mark.parametrize("command", COMMANDS)
def test_what_nobody_reads_may_change(project: Project, command: tuple[str, ...]) -> None:
    project.click("UPDATE users SET access = 1")
    project.click("INSERT INTO cache_page (cid, data) VALUES ('front', 'x')")
    project.write("config/notes.txt", "no file of the tree")
    assert not works(project, command)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_variable_of_the_environment_counts_where_the_tree_names_it(
    project: Project, command: tuple[str, ...]
) -> None:
    assert not works(project, command, NOT_NAMED="x")
    assert works(project, command, SMTP_PASSWORD="other")
    assert not works(project, command, SMTP_PASSWORD="other")
    assert works(project, command)


def test_one_that_is_named_in_the_default_of_another_counts_too(project: Project) -> None:
    _replaced(FILE, "site_name: ", "site_slogan2: !env {name: A, default: !env {name: B, default: c}}\nsite_name: ")(
        project
    )
    works(project, LOOK)
    assert not works(project, LOOK)
    assert works(project, LOOK, B="x")


def test_another_policy_is_another_plan(project: Project) -> None:
    assert works(project, (*LOOK, "--prune"))


def test_another_selection_is_another_plan(project: Project) -> None:
    assert works(project, (*LOOK, "variable"))


def test_a_file_of_the_program_that_has_changed(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = ModuleType("a_kind_of_somebody")
    module.__file__ = str(tmp_path / "a_kind_of_somebody.py")
    Path(module.__file__).write_text("one = 1\n")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    project.run(*LOOK, "--prune")
    assert not works(project, (*LOOK, "--prune"))

    Path(module.__file__).write_text("one = 11\n")
    assert works(project, (*LOOK, "--prune"))


def test_a_package_that_was_installed_since(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "packages"
    (packages / "other-1.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(packages)
    assert works(project, LOOK)
    assert not works(project, LOOK)

    (packages / "a_kind-1.dist-info").mkdir()
    assert works(project, LOOK)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_memo_that_somebody_has_edited_is_none(project: Project, command: tuple[str, ...]) -> None:
    file = memo_of(project, command)
    seal, _, body = file.read_bytes().partition(b"\n")
    memo = json.loads(body)
    memo["outcome"]["notes"] = ["trust me"]
    file.write_bytes(seal + b"\n" + json.dumps(memo).encode())
    assert works(project, command)


def test_nor_is_one_sealed_with_another_key(project: Project) -> None:
    file = memo_of(project, LOOK)
    body = file.read_bytes().partition(b"\n")[2]
    file.write_bytes(hmac.new(b"\0" * 32, body, sha256).hexdigest().encode() + b"\n" + body)
    assert works(project, LOOK)


def test_nor_one_that_is_cut(project: Project) -> None:
    file = memo_of(project, LOOK)
    file.write_bytes(file.read_bytes()[:-100])
    assert works(project, LOOK)


def test_nor_that_of_another_user(project: Project, tmp_path: Path) -> None:
    assert works(project, LOOK, XDG_CACHE_HOME=str(tmp_path / "hers"))
    assert (tmp_path / "hers/drupalsync/key").stat().st_mode & 0o077 == 0


def test_without_a_place_for_a_key_nothing_is_remembered(project: Project, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for _ in range(2):
        assert works(project, LOOK, XDG_CACHE_HOME=str(tmp_path / "file"))


def test_its_folder_is_ignored_by_git(project: Project) -> None:
    assert memo_of(project, LOOK).exists()
    assert project.git("status", "--porcelain") == ""
    project.git("add", "--all")
    assert ".drupalsync" not in project.git("ls-files")


def test_no_secret_is_in_it(project: Project) -> None:
    works(project, LOOK, SMTP_PASSWORD="the-canary")
    works(project, EXPORT, SMTP_PASSWORD="the-canary")
    for file in (project.root / ".drupalsync").iterdir():
        assert b"the-canary" not in file.read_bytes()


def test_an_import_is_not_planned_from_what_is_remembered(project: Project) -> None:
    project.click("UPDATE variable SET value = 's:3:\"New\";' WHERE name = 'site_name'")
    assert works(project, (*LOOK, "--on-drift", "overwrite"))
    project.run("import", "--yes", "--on-drift", "overwrite")
    assert works(project, LOOK)
    assert "Nothing to do." in project.run("import", "--yes").stdout


def test_the_ledger_draws_a_new_generation_whenever_its_items_change(project: Project) -> None:
    drawn = [project.one("SELECT value FROM drupalsync_meta WHERE name = 'generation'")]
    for name in ("Atlas", "Borea"):  # as long as each other: nothing else would tell them apart
        project.write("config/variables/zz.yml", f"zz_ship: {name}\n")
        project.run("import", "--yes")
        drawn.append(project.one("SELECT value FROM drupalsync_meta WHERE name = 'generation'"))
    assert len(set(drawn)) == 3


def test_a_digest_tells_where_one_part_ends() -> None:
    assert len({digest(["ab", "c"]), digest(["a", "bc"]), digest([b"ab", "c"]), digest(["abc"])}) == 4
