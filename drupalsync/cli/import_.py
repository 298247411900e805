"""drupalsync import"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from drupalsync.cli.options import Adopt, As, DetailedExitcode, Env, Format, Prune, Revision, Selectors

if TYPE_CHECKING:
    from drupalsync.apply.importer import Looked, Outcome
    from drupalsync.apply.session import Session
    from drupalsync.plan import OnDrift, Policy

DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the plan and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
OnDriftOption = Annotated[
    str, typer.Option("--on-drift", metavar="fail|keep|overwrite", help="What to do with hand edits on the site.")
]
LockTimeout = Annotated[
    float, typer.Option("--lock-timeout", metavar="SECONDS", help="How long to wait for another import.")
]


def import_(
    selectors: Selectors = None,
    env: Env = None,
    rev: Revision = None,
    dry_run: DryRun = False,
    adopt: Adopt = False,
    prune: Prune = False,
    on_drift: OnDriftOption = "fail",
    yes: Yes = False,
    detailed_exitcode: DetailedExitcode = False,
    lock_timeout: LockTimeout = 0,
    format_: As = Format.TEXT,
) -> int:
    """Make the site as the tree wants it: only what differs, all or nothing, the same however often it runs."""
    from drupalsync.apply.session import open_session
    from drupalsync.cli.show import show_plan, verdict
    from drupalsync.plan import Policy

    policy = Policy(adopt=adopt, prune=prune, on_drift=_on_drift(on_drift))
    with open_session(env, selectors or [], rev) as session:
        if dry_run:
            looked = session.look(policy)
            show_plan(session.project, looked, format_, session.revision)
            return verdict(looked, detailed=detailed_exitcode)
        with session.locked(lock_timeout):
            looked = session.look(policy)
            show_plan(session.project, looked, format_, session.revision)
            if looked.plan.blocked:
                return verdict(looked, detailed=False)
            if not looked.plan.nothing_to_do and not _agreed(looked, yes=yes):
                return _not_agreed()
            _report(looked, _write(session, policy, looked))
    return 2 if detailed_exitcode and looked.plan.changes else 0


def _on_drift(text: str) -> OnDrift:
    from drupalsync.plan import OnDrift

    try:
        return OnDrift(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not one of fail, keep, overwrite", param_hint="--on-drift") from None


def _agreed(looked: Looked, *, yes: bool) -> bool:
    """Whether somebody said yes: beforehand, or now at a terminal."""
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"Carry out these {len(looked.plan.changes)} changes?")


def _not_agreed() -> int:
    if sys.stdin.isatty() and sys.stdout.isatty():
        print("Nothing was written.")
        return 0
    print(
        "drupalsync: nothing was written: no terminal to ask on\n  mend:  give --yes to write, or --dry-run to look",
        file=sys.stderr,
    )
    return 1


def _write(session: Session, policy: Policy, looked: Looked) -> Outcome:
    from drupalsync.cli.progress import ticking

    with ticking(len(looked.plan.changes)) as tick:
        return session.carry_out(policy, looked, lambda _change: tick())


def _report(looked: Looked, outcome: Outcome) -> None:
    if outcome.finished:
        print(f"Finished first what an earlier release had left: {', '.join(dict.fromkeys(outcome.finished))}.")
    if outcome.release is None:
        print("Nothing to do.")
        return
    counts = [
        f"{sum(change.action == action for change in looked.plan.changes)} {action}"
        for action in ("create", "update", "move", "adopt", "delete")
    ]
    caches = ", ".join(dict.fromkeys(outcome.caches)) or "none"
    print(f"Release {outcome.release}: {', '.join(counts)}; read back and equal. Caches cleared: {caches}.")
