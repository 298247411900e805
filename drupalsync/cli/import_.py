"""drupalsync import"""

from __future__ import annotations

import math
import shlex
import sys
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from drupalsync.cli.kept import Kept, Out, check_files, import_kept, keep_plan, next_of_kept
from drupalsync.cli.options import Adopt, As, DetailedExitcode, Env, Format, Prune, Revision, Selectors

if TYPE_CHECKING:
    from drupalsync.apply.importer import Looked
    from drupalsync.apply.outcome import Outcome
    from drupalsync.apply.session import Session
    from drupalsync.plan import OnDrift, Policy
    from drupalsync.report.document import Document


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 <= seconds < math.inf:
        raise typer.BadParameter(f"{text!r} is not a number of seconds")
    return seconds


DONE = {"create": "created", "update": "updated", "move": "moved", "adopt": "adopted", "delete": "deleted"}
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the plan and write nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
OnDriftOption = Annotated[
    str, typer.Option("--on-drift", metavar="fail|keep|overwrite", help="What to do with hand edits on the site.")
]
AllowChanges = Annotated[
    int | None,
    typer.Option("--allow-changes", metavar="N", min=0, help="Go beyond the limits, up to N items changed."),
]
AllowDeletes = Annotated[
    int | None,
    typer.Option("--allow-deletes", metavar="N", min=0, help="Go beyond the limits, up to N items deleted."),
]
LockTimeout = Annotated[
    float,
    typer.Option("--lock-timeout", metavar="SECONDS", parser=_seconds, help="How long to wait for another import."),
]


def import_(
    context: typer.Context,
    selectors: Selectors = None,
    env: Env = None,
    rev: Revision = None,
    dry_run: DryRun = False,
    out: Out = None,
    kept: Kept = None,
    adopt: Adopt = False,
    prune: Prune = False,
    on_drift: OnDriftOption = "fail",
    allow_changes: AllowChanges = None,
    allow_deletes: AllowDeletes = None,
    yes: Yes = False,
    detailed_exitcode: DetailedExitcode = False,
    lock_timeout: LockTimeout = 0,
    format_: As = Format.TEXT,
) -> int:
    """Make the site as the tree wants it: only what differs, all or nothing, the same however often it runs."""
    from drupalsync.apply.session import open_session
    from drupalsync.cli.plans import TO_SETTLE, nothing_to_do, planned, planned_to_write, say, show_plan, verdict
    from drupalsync.plan import Policy

    check_files(context, out=out, kept=kept, dry_run=dry_run)
    if kept is not None:
        wait = None if dry_run else lock_timeout
        return import_kept(kept, env, rev, wait, format_, _carry_out, detailed=detailed_exitcode)
    drift = _on_drift(on_drift)
    with open_session(env, selectors or [], rev) as session:
        policy = Policy(
            adopt=adopt,
            prune=prune,
            on_drift=drift,
            limits=session.project.manifest.rules.limits,
            allow_changes=allow_changes,
            allow_deletes=allow_deletes,
        )
        if dry_run:
            plan = planned(session, policy) if out is None else keep_plan(out, session, policy)
            show_plan(plan, format_)
            say(_next(plan, selectors or [], rev, policy) if out is None else next_of_kept(plan, out, rev), format_)
            return verdict(plan, detailed=detailed_exitcode)
        with session.locked(lock_timeout):
            plan = planned_to_write(session, policy)
            idle = not (plan["changes"] or plan["forgotten"])
            if not idle or format_ is Format.JSON:
                show_plan(plan, format_)
            if plan["unfinished_steps"]:  # whatever becomes of this plan: to the earlier release somebody has said yes
                finished = session.finish_earlier()
                say(f"Finished first what an earlier release had left: {', '.join(finished) or 'its record'}.", format_)
            if idle:
                say(nothing_to_do(plan), format_)
                return 0
            if not plan["applyable"]:
                say(TO_SETTLE, format_)
                return verdict(plan, detailed=False)
            if not _agreed(len(plan["changes"]) + len(plan["forgotten"]), yes=yes):
                return _not_agreed()
            say(_carry_out(session, policy, plan["plan_id"]), format_)
    return verdict(plan, detailed=detailed_exitcode)


def _next(plan: Document, selectors: list[str], rev: str | None, policy: Policy) -> str:
    """The verdict of a dry run, and the command that carries it out."""
    from drupalsync.cli.plans import TO_SETTLE

    if not plan["applyable"]:
        return TO_SETTLE
    if not (plan["changes"] or plan["forgotten"]):
        return "Nothing to do."
    options = {
        "--rev": rev,
        "--on-drift": policy.on_drift.value if policy.on_drift.value != "fail" else None,
        "--allow-changes": policy.allow_changes,
        "--allow-deletes": policy.allow_deletes,
    }
    given = [str(part) for name, value in options.items() if value is not None for part in (name, value)]
    flags = [f"--{name}" for name in ("adopt", "prune") if getattr(policy, name)]
    command = shlex.join(["drupalsync", "import", *selectors, "--env", plan["environment"], *given, *flags])
    return f"Nothing was written. Carry it out:  {command}"


def _on_drift(text: str) -> OnDrift:
    from drupalsync.plan import OnDrift

    try:
        return OnDrift(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not one of fail, keep, overwrite", param_hint="--on-drift") from None


def _agreed(changes: int, *, yes: bool) -> bool:
    """Whether somebody said yes: beforehand, or now at a terminal."""
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"Carry out {'this change' if changes == 1 else f'these {changes} changes'}?", err=True)


def _not_agreed() -> int:
    if sys.stdin.isatty() and sys.stdout.isatty():
        print("Nothing was written.")
        return 0
    print(
        "drupalsync: nothing was written: no terminal to ask on\n  mend:  give --yes to write, or --dry-run to look",
        file=sys.stderr,
    )
    return 1


def _carry_out(session: Session, policy: Policy, plan_id: str) -> str:
    """Writes the plan that the session has looked at; returns what there is to tell of it."""
    from drupalsync.cli.progress import ticking

    looked = session.looked
    assert looked is not None
    with ticking(len(looked.plan.changes)) as tick:
        return _report(looked, session.carry_out(policy, looked, lambda _change: tick(), plan_id=plan_id))


def _report(looked: Looked, outcome: Outcome) -> str:
    done = Counter(DONE[change.action.value] for change in looked.plan.changes)
    counts = [f"{done[verb]} {verb}" for verb in DONE.values() if done[verb]]
    if looked.plan.forgotten:
        counts.append(f"{len(looked.plan.forgotten)} forgotten")
    caches = ", ".join(dict.fromkeys(outcome.caches)) or "none"
    return f"Release {outcome.release}: {', '.join(counts)}; read back and equal. Caches cleared: {caches}."
