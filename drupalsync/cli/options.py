"""The arguments and options that several commands share."""

from __future__ import annotations

import math
import shlex
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from drupalsync.errors import DrupalsyncError

if TYPE_CHECKING:
    from drupalsync.plan import OnDrift


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
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the plan and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
OnDriftOption = Annotated[
    str, typer.Option("--on-drift", metavar="fail|keep|overwrite", help="What to do with hand edits on the site.")
]


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < math.inf:
        raise typer.BadParameter(f"{text!r} is not a number of seconds")
    return seconds


LockTimeout = Annotated[
    float,
    typer.Option("--lock-timeout", metavar="SECONDS", parser=_seconds, help="How long to wait for another import."),
]


def as_on_drift(text: str) -> OnDrift:
    """What was given for --on-drift."""
    from drupalsync.plan import OnDrift

    try:
        return OnDrift(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not one of fail, keep, overwrite", param_hint="--on-drift") from None
