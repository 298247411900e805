"""The arguments and options that several commands share."""

from __future__ import annotations

import shlex
from enum import StrEnum
from typing import Annotated

import typer

from drupalsync.errors import DrupalsyncError


class TwoRevisions(DrupalsyncError):
    """A command that takes one tree was given two."""

    exit_code = 64


def _one(revision: str | None) -> str | None:
    if revision is not None and ".." in revision:
        raise TwoRevisions(
            f"{revision} is two revisions, and this command takes the tree from one",
            where="--rev",
            hint=f"compare the two: drupalsync diff --rev {shlex.quote(revision)}",
        )
    return revision


Selectors = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SELECTOR]...", help="`kind` or `kind:glob`, such as variable:site_*; several add up."),
]
Env = Annotated[
    str | None,
    typer.Option(
        "--env",
        "-e",
        metavar="NAME",
        help="The environment of drupalsync.yml [default: DRUPALSYNC_ENV, else the first].",
    ),
]
Revision = Annotated[
    str | None,
    typer.Option(
        "--rev", metavar="REV", callback=_one, help="Take the tree from this git revision, not from the disk."
    ),
]
DetailedExitcode = Annotated[bool, typer.Option("--detailed-exitcode", help="Exit 2 where there are changes.")]
Adopt = Annotated[
    bool,
    typer.Option("--adopt", help="On first contact record what is equal, and take the tree's value where it differs."),
]
Prune = Annotated[
    bool, typer.Option("--prune", help="Delete what drupalsync manages on the site and the tree no longer has.")
]


class Format(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"


As = Annotated[Format, typer.Option("--format", help="How the report is written.")]
