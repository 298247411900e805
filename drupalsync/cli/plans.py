"""Puts a plan on the terminal, and says which exit code it means."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from drupalsync.cli.options import Format

if TYPE_CHECKING:
    from drupalsync.apply.session import Session
    from drupalsync.plan import Policy
    from drupalsync.report.document import Document

STOPPED = 3
LIMITED = 4  # by a safety limit, or by what is protected or needed
CHANGES = 2
TO_SETTLE = "Nothing was written: settle what stops it, then run this again."


def planned(session: Session, policy: Policy) -> Document:
    """The plan document, with a sign of life on a terminal where it takes a while."""
    from drupalsync.cli.progress import waiting
    from drupalsync.report.preview import preview

    with waiting("reading the site and the tree"):
        return preview(session, policy)


def planned_to_write(session: Session, policy: Policy) -> Document:
    """The same for a run that may write: a plan with anything to do is made now, not remembered."""
    from drupalsync.cli.progress import waiting
    from drupalsync.report.preview import fresh

    plan = planned(session, policy)
    if session.looked is not None or not (plan["changes"] or plan["forgotten"]):
        return plan
    with waiting("reading the site and the tree"):
        return fresh(session, policy)


def show_plan(plan: Document, form: Format) -> None:
    """Prints the whole plan to stdout."""
    if form is Format.JSON:
        from drupalsync.report.visible import json_text

        print(json_text(plan))
    else:
        from drupalsync.report.style import style_for
        from drupalsync.report.text import render

        print(render(plan, style_for(sys.stdout)), end="")


def nothing_to_do(plan: Document) -> str:
    """The one line of an import that has nothing to do."""
    from drupalsync.report.text import in_one_line

    return in_one_line(plan)


def say(text: str, form: Format) -> None:
    """Prints what is no part of the document: to stderr where stdout is to hold JSON and nothing else."""
    print(text, file=sys.stderr if form is Format.JSON else sys.stdout)


def verdict(plan: Document, *, detailed: bool) -> int:
    """The exit code of a look at a plan (design §6)."""
    if not plan["applyable"]:
        return LIMITED if set(plan["blocked_by"]) <= {"protected", "needed", "limit"} else STOPPED
    return CHANGES if detailed and plan["changes"] else 0
