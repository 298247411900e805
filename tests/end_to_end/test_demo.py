"""The tour runs from end to end, shows what it promises, and leaves nothing behind but its folder."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drupalsync.cli.main import main
from drupalsync.demo.content import SECRETS
from drupalsync.demo.site import SECRETS_OF_PRODUCTION, make_production, make_site
from drupalsync.demo.stage import DemoFailed, Stage
from drupalsync.report.style import Style
from support.cli import Project

if TYPE_CHECKING:
    from support.tiny_site import TinySites

SECONDS = 10  # of this process, however busy the machine is
# What the tour's releases write to on production; everything else there stays as visitors and editors left it.
WRITTEN = {
    "block_custom", "field_data_body", "field_data_field_subtitle", "field_revision_body",
    "field_revision_field_subtitle", "menu_links", "node", "node_comment_statistics",
    "node_revision", "search_dataset", "tracker_node", "tracker_user", "url_alias", "variable", "sqlite_sequence",
    "cache_block", "cache_bootstrap", "cache_field", "cache_menu", "cache_page",
}  # fmt: skip


@pytest.fixture(scope="module")
def taken(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    """The folder of one tour, and its stdout and stderr."""
    folder = tmp_path_factory.mktemp("demo") / "new"
    here = Project(tmp_path_factory.mktemp("elsewhere") / "project", {"dev": "sqlite:///none.sqlite"})
    began = time.process_time()
    result = here.run("demo", "--folder", str(folder), env={"SMTP_PASSWORD": "of-the-shell", "DRUPALSYNC_ENV": "x"})
    assert time.process_time() - began < SECONDS
    return folder, result.stdout, result.stderr


def test_the_tour_goes_from_export_to_a_stopped_release(taken: tuple[Path, str, str]) -> None:
    _, out, err = taken
    commands = re.findall(r"^\$ drupalsync (\w+)(.*)$", out, re.MULTILINE)

    assert [verb for verb, _ in commands] == [
        "export", "import", "export", "import", "import", "import", "export", "import", "export", "import", "import",
        "status",
    ]  # fmt: skip
    assert re.findall(r"^\[exit \d+\]$", out, re.MULTILINE) == ["[exit 3]"]
    assert err == ""


def test_the_reader_sees_what_changed_and_who_changed_it(taken: tuple[Path, str, str]) -> None:
    _, out, _ = taken

    for text in (
        "smtp_password: !env {name: SMTP_PASSWORD, unset: keep}",
        "path: node:page/visit",
        "+  <p>Free entry on the first Sunday</p>",
        "-        title: Opening hours",
        "menu_link:main-menu/your-visit/getting-here → main-menu/about-us/getting-here",
        "leads to node/11 on dev, and to node/13 on production",
        "Nothing to do.",
        'the site has    "Rain or shine"',
        'the tree wants  "All aboard!"',
    ):
        assert text in out, text


def test_no_secret_is_in_what_it_prints_or_keeps_in_git(taken: tuple[Path, str, str]) -> None:
    folder, out, err = taken
    committed = subprocess.run(["git", "log", "-p", "--all"], cwd=folder, capture_output=True, text=True).stdout
    files = [file.read_text() for file in folder.rglob("*.yml")]
    assert "SMTP_PASSWORD" in committed
    assert len(files) > 30

    for secret in (*SECRETS.values(), *SECRETS_OF_PRODUCTION.values(), "of-the-shell"):
        assert all(secret not in text for text in (out, err, committed, *files))


def test_both_sites_keep_their_own_secrets(taken: tuple[Path, str, str]) -> None:
    folder, _, _ = taken

    for name, secrets in (("dev", SECRETS), ("prod", SECRETS_OF_PRODUCTION)):
        with closing(sqlite3.connect(folder / f"{name}.sqlite")) as db:
            stored = dict(db.execute("SELECT name, value FROM variable"))
        assert all(secret in stored[variable] for variable, secret in secrets.items())


def test_on_production_nothing_changes_but_what_was_released(taken: tuple[Path, str, str], tmp_path: Path) -> None:
    folder, _, _ = taken
    make_site(tmp_path / "dev")
    make_production(tmp_path / "dev", tmp_path / "prod")
    before, after = _contents(tmp_path / "prod"), _contents(folder / "prod.sqlite")

    changed = {table for table in before if before[table] != after[table]}
    assert changed <= WRITTEN
    assert {"menu_links", "block_custom", "variable", "node"} <= changed
    gone = before["menu_links"] - after["menu_links"]
    assert len(gone) == 2  # one renamed, one moved
    assert len(before["variable"] - after["variable"]) == 1


def test_the_folder_is_kept_and_ready_for_more(taken: tuple[Path, str, str]) -> None:
    folder, out, _ = taken

    assert out.rstrip().rpartition("Your turn")[2].count("drupalsync ") >= 4
    assert f"cd {folder}" in out
    clean = subprocess.run(["git", "status", "--porcelain"], cwd=folder, capture_output=True, text=True)
    assert (clean.returncode, clean.stdout) == (0, "")


def test_without_a_folder_it_makes_one_and_goes_home_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    here, environ = Path.cwd(), dict(os.environ)

    assert main(["demo"]) == 0

    (folder,) = tmp_path.iterdir()
    assert f"cd {folder}" in capsys.readouterr().out
    assert (Path.cwd(), dict(os.environ)) == (here, environ)


def test_without_git_the_tour_goes_on_without_commits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))

    assert main(["demo", "--folder", str(tmp_path / "demo")]) == 0

    out = capsys.readouterr().out
    assert "git is not installed here" in out
    assert "--commit" not in out
    assert not (tmp_path / "demo" / ".git").exists()


def test_a_folder_with_files_in_it_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.txt").write_text("mine")

    assert main(["demo", "--folder", str(tmp_path)]) == 1

    assert "this folder is not empty" in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("mine")

    assert main(["demo", "--folder", str(tmp_path / "file")]) == 1

    assert "this folder cannot be used" in capsys.readouterr().err


def test_the_tour_stops_at_a_command_that_exits_otherwise_than_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = Stage(folder=tmp_path, drupalsync=len, style=Style())

    stage.run("import", "--yes", exits=2)
    with pytest.raises(DemoFailed, match="expected exit 0 here, and got 1") as failed:
        stage.run("import")

    assert failed.value.where == "drupalsync import"
    assert capsys.readouterr().out == "\n$ drupalsync import --yes\n[exit 2]\n\n$ drupalsync import\n[exit 1]\n"


def test_an_interrupted_command_ends_the_tour(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        Stage(folder=tmp_path, drupalsync=lambda _: 130, style=Style()).run("import")


def test_colour_is_for_terminals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for colour in (False, True):
        Stage(folder=tmp_path, drupalsync=lambda _: 0, style=Style(colour=colour)).run("status")

    plain, painted = capsys.readouterr().out.split("\n\n")
    assert plain == "\n$ drupalsync status"
    assert "\033[" in painted


def test_a_test_gets_the_sites_as_a_project_of_its_own(tiny: Project, tiny_template: TinySites) -> None:
    tiny.click("UPDATE variable SET value = 's:4:\"Mine\";' WHERE name = 'site_name'")

    tiny.run("export", "variable:site_*")

    assert "site_name: Mine" in tiny.read("config/variables/site.yml")
    assert tiny.at("prod").one("SELECT value FROM variable WHERE name = 'site_name'") == 's:14:"Harbour Museum";'
    with closing(sqlite3.connect(tiny_template.dev)) as db:
        assert db.execute("SELECT value FROM variable WHERE name = 'site_name'").fetchone() == (
            's:14:"Harbour Museum";',
        )


def _contents(site: Path) -> dict[str, Counter[tuple[object, ...]]]:
    with closing(sqlite3.connect(site)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {table: Counter(db.execute(f"SELECT * FROM {table}").fetchall()) for table in tables}
