"""A password that stands in a database's URL is refused, and no part of it is shown: not even to whoever looks for a bug."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

ODD: Final = [
    "hunter2",
    "pa#hunter2",
    "12/hunter2",
    "12?hunter2",
    "pa:hunter2",
    "p@hunter2",
    "[hunter2",
    "%68unter2]",
    "12#hunter2",
]


def _put_into_the_manifest(museum: Project, password: str) -> Project:
    text = museum.read("drupalsync.yml")
    museum.write(
        "drupalsync.yml", text.replace(museum.databases["prod"], f'"mysql://root:{password}@localhost/museum"')
    )
    return museum.at("prod")


@pytest.mark.parametrize("password", ODD)
def test_no_part_of_a_password_in_the_manifest_is_shown(museum: Project, password: str) -> None:
    said = _put_into_the_manifest(museum, password).run("import", "--dry-run", exits=1)

    assert "unter2" not in said.stdout + said.stderr
    assert "environments/prod/database" in said.stderr


@pytest.mark.parametrize("password", ["hunter2", "pa#hunter2", "12/hunter2", "12?hunter2"])
def test_a_traceback_shows_no_part_of_it_either(museum: Project, password: str) -> None:
    command = _put_into_the_manifest(museum, password).spawn("--debug", "import", "--dry-run")

    stdout, stderr = command.communicate(timeout=60)

    assert command.returncode == 1
    assert "Traceback" in stderr
    assert "unter2" not in stdout + stderr


@pytest.mark.parametrize("password", ODD)
def test_no_part_of_a_password_on_the_command_line_is_shown(museum: Project, password: str) -> None:
    with untouched(museum):
        url = f"mysql://root:{password}@localhost/museum"
        said = museum.run("init", "--env", "stage", "--database", url, exits=_refusal(password))

    assert "unter2" not in said.stdout + said.stderr


def _refusal(password: str) -> int:
    """What can be understood is refused as wrong usage; the rest as a URL that cannot be read."""
    return 64 if password in {"hunter2", "pa:hunter2", "p@hunter2"} else 1
