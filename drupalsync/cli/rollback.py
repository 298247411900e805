"""drupalsync rollback"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from drupalsync.cli.consent import agreed, done, not_agreed
from drupalsync.cli.options import (
    As,
    DetailedExitcode,
    DryRun,
    Env,
    Format,
    LockTimeout,
    OnDriftOption,
    Yes,
    as_on_drift,
)

if TYPE_CHECKING:
    from drupalsync.apply.outcome import Outcome
    from drupalsync.apply.rollback import Rollback
    from drupalsync.apply.session import Session
    from drupalsync.plan import Policy
    from drupalsync.report.document import Document

STOPPED = "Nothing was written: say what is to become of what stops it, then run it again."
Release = Annotated[
    int | None,
    typer.Argument(metavar="[RELEASE]", min=1, help="The release's number [default: the newest that stands]."),
]


def rollback(
    release: Release = None,
    env: Env = None,
    dry_run: DryRun = False,
    on_drift: OnDriftOption = "fail",
    yes: Yes = False,
    detailed_exitcode: DetailedExitcode = False,
    lock_timeout: LockTimeout = 0,
    format_: As = Format.TEXT,
) -> int:
    """Take a release back: make the site, and what drupalsync knows of it, what they were before; edits made since stop it."""
    from drupalsync.apply.session import open_without_tree
    from drupalsync.cli.plans import say, show_plan, verdict
    from drupalsync.plan import Policy

    policy = Policy(prune=True, on_drift=as_on_drift(on_drift))
    with open_without_tree(env) as session:
        if dry_run:
            plan, _ = _planned(session, release, policy)
            show_plan(plan, format_)
            say(_next(plan, policy), format_)
            return verdict(plan, detailed=detailed_exitcode)
        with session.locked(lock_timeout, "rollback"):
            if resumed := _finished_first(session, release, format_):
                say(resumed, format_)
                return 0
            plan, work = _planned(session, release, policy)
            show_plan(plan, format_)
            if not plan["applyable"]:
                say(STOPPED, format_)
                return verdict(plan, detailed=False)
            if not agreed(len(work.images), yes=yes):
                return not_agreed()
            say(_report(session, work, _write(session, work)), format_)
    return verdict(plan, detailed=detailed_exitcode)


def _planned(session: Session, release: int | None, policy: Policy) -> tuple[Document, Rollback]:
    from drupalsync.cli.progress import waiting
    from drupalsync.report.preview import of_rollback

    with waiting("reading the site and the before-images"):
        return of_rollback(session, release, policy)


def _finished_first(session: Session, release: int | None, form: Format) -> str:
    """Does what an earlier run has left to be done; what to say where that was this very rollback, else ""."""
    from drupalsync.cli.plans import say

    resumed = session.unfinished_rollback(release)
    if session.has_unfinished():
        finished = session.finish_earlier()
        say(f"Finished first what an earlier release had left: {', '.join(finished) or 'its record'}.", form)
    return f"Release {resumed.number} had rolled back release {resumed.undoes}." if resumed else ""


def _next(plan: Document, policy: Policy) -> str:
    if not plan["applyable"]:
        return STOPPED
    settled = ["--on-drift", policy.on_drift.value] if policy.on_drift.value != "fail" else []
    command = shlex.join(["drupalsync", *plan["command"], "--env", plan["environment"], *settled])
    return f"Nothing was written. Carry it out:  {command}"


def _write(session: Session, work: Rollback) -> Outcome:
    from drupalsync.cli.progress import ticking

    assert session.looked is not None
    looked = session.looked
    with ticking(len(looked.plan.changes)) as tick:
        return session.roll_back(work, looked, lambda _change: tick())


def _report(session: Session, work: Rollback, outcome: Outcome) -> str:
    assert session.looked is not None
    told = f"Release {outcome.release}: rolled back release {work.release.number}: {done(session.looked, outcome)}"
    if work.release.undoes is not None:
        return told
    return (
        f"{told}\nThe tree still asks for what release {work.release.number} brought, and the next import brings it again: "
        "take it out of there first (git revert)."
    )
