"""The promises that the project makes about itself."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

import drupalsync
from drupalsync.errors import DrupalsyncError
from support.surroundings import REPO

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCES: Final = sorted((REPO / "drupalsync").rglob("*.py"))
README: Final = REPO / "README.md"
EXITS: Final = {1, 3, 4, 5, 64, 130}  # 0 and 2 are no errors
SLOW: Final = {"pymysql", "git", "deepdiff", "rich", "jinja2", "pydantic", "ruamel", "yaml"}


def test_no_module_grows_past_400_lines() -> None:
    lengths = {str(file.relative_to(REPO)): len(file.read_text().splitlines()) for file in SOURCES}

    assert {name: lines for name, lines in lengths.items() if lines >= 400} == {}, "split these by what they do"


def test_no_file_names_a_path_of_this_machine() -> None:
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=REPO, capture_output=True, check=True).stdout.decode()
    files = [file for name in listed.split("\0") if name and (file := REPO / name).is_file()]
    machine = f"{REPO.parent}/".encode()
    if machine == b"//":
        pytest.skip("the repository lies in the root folder: its path says nothing")

    assert [str(file) for file in files if machine in file.read_bytes()] == []
    assert files


def test_imports_point_downwards() -> None:
    linter = [Path(sys.executable).with_name("lint-imports"), "--no-cache"]

    done = subprocess.run(linter, cwd=REPO, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_every_error_exits_as_the_table_says() -> None:
    for module in pkgutil.walk_packages(drupalsync.__path__, "drupalsync."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    strange = {error.__qualname__: error.exit_code for error in errors() if error.exit_code not in EXITS}

    assert strange == {}


def test_help_is_shown_without_loading_what_only_work_needs() -> None:
    script = "import sys; from drupalsync.cli.main import main; main(['--help']); print(*sys.modules, file=sys.stderr)"

    done = subprocess.run([sys.executable, "-c", script], cwd=REPO, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    assert "import" in done.stdout
    assert SLOW & {name.partition(".")[0] for name in done.stderr.split()} == set()


@pytest.mark.skipif(not README.exists(), reason="no README.md yet")
def test_what_the_readme_types_exists(capsys: pytest.CaptureFixture[str]) -> None:
    from drupalsync.cli.main import main

    typed = list(typed_in(README.read_text()))

    assert typed
    for words, options in typed:
        assert main([*words, "--help"]) == 0, f"README: drupalsync {' '.join(words)}"
        shown = capsys.readouterr().out
        assert [option for option in options if option not in shown] == [], f"README: drupalsync {' '.join(words)}"


def errors(above: type[DrupalsyncError] = DrupalsyncError) -> Iterator[type[DrupalsyncError]]:
    yield above
    for error in above.__subclasses__():
        yield from errors(error)


def typed_in(text: str) -> Iterator[tuple[list[str], list[str]]]:
    """The commands in a text's code, each as its words and its long options; a command of a group has two words."""
    fence = re.compile(r"^```.*?\n(.*?)^```", re.DOTALL | re.MULTILINE)
    code = fence.findall(text) + re.findall(r"`([^`\n]+)`", fence.sub("", text))
    for line in "\n".join(code).splitlines():
        typed = re.sub(r"(^|\s)#.*", "", line)
        for command in re.findall(r"(?:^\s*(?:\$ )?|:\s+)drupalsync ((?:[a-z]|--)[^|;&]*)", typed):
            words = re.match(r"(?:release|fleet) [a-z]+|[a-z]*", command)
            assert words
            yield words[0].split(), re.findall(r"--[a-z-]+", command)
