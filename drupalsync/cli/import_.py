"""drupalsync import"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from drupalsync.cli.consent import agreed, done, not_agreed
from drupalsync.cli.kept import Kept, Out, check_files, import_kept, keep_plan, next_of_kept
from drupalsync.cli.options import (
    Adopt,
    As,
    DetailedExitcode,
    DryRun,
    Env,
    Format,
    LockTimeout,
    OnDriftOption,
    Prune,
    Revision,
    Selectors,
    Yes,
    as_on_drift,
)

if TYPE_CHECKING:
    from drupalsync.apply.session import Session
    from drupalsync.plan import Policy
    from drupalsync.report.document import Document


AllowChanges = Annotated[
    int | None,
    typer.Option("--allow-changes", metavar="N", min=0, help="Go beyond the limits, up to N items changed."),
]
AllowDeletes = Annotated[
    int | None,
    typer.Option("--allow-deletes", metavar="N", min=0, help="Go beyond the limits, up to N items deleted."),
]
TakeOver = Annotated[
    bool, typer.Option("--take-over", help="Forget what the ledger says: another site or repository wrote it.")
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
    take_over: TakeOver = False,
    yes: Yes = False,
    detailed_exitcode: DetailedExitcode = False,
    lock_timeout: LockTimeout = 0,
    format_: As = Format.TEXT,
) -> int:
    """Make the site as the tree wants it: only what differs, all or nothing, the same however often it runs."""
    from drupalsync.apply.session import open_session
    from drupalsync.cli.plans import TO_SETTLE, nothing_to_do, planned, planned_to_write, say, show_plan, verdict
    from drupalsync.plan import Policy

    check_files(context, out=out, kept=kept, yes=yes)
    if kept is not None:
        wait = None if dry_run else lock_timeout
        return import_kept(kept, env, rev, wait, format_, _carry_out, detailed=detailed_exitcode)
    drift = as_on_drift(on_drift)
    if take_over and out is not None:
        raise typer.BadParameter("a plan that takes over is carried out at once, and not kept", param_hint="--out")
    if take_over and selectors:
        raise typer.BadParameter("takes over the whole site: give no selector", param_hint="--take-over")
    with open_session(env, selectors or [], rev, take_over=take_over) as session:
        policy = Policy(
            adopt=adopt,
            prune=prune,
            on_drift=drift,
            limits=session.project.manifest.rules.limits,
            allow_changes=allow_changes,
            allow_deletes=allow_deletes,
        )
        session.check_checkout(policy)
        if dry_run or out is not None:
            plan = planned(session, policy) if out is None else keep_plan(out, session, policy)
            show_plan(plan, format_)
            after = (
                _next(plan, selectors or [], rev, policy, take_over=take_over)
                if out is None
                else next_of_kept(plan, out, rev)
            )
            say(after, format_)
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
            if not agreed(len(plan["changes"]) + len(plan["forgotten"]), yes=yes):
                return not_agreed()
            say(_carry_out(session, policy, plan["plan_id"]), format_)
    return verdict(plan, detailed=detailed_exitcode)


def _next(plan: Document, selectors: list[str], rev: str | None, policy: Policy, *, take_over: bool) -> str:
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
    flags += ["--take-over"] if take_over else []
    command = shlex.join(["drupalsync", "import", *selectors, "--env", plan["environment"], *given, *flags])
    return f"Nothing was written. Carry it out:  {command}"


def _carry_out(session: Session, policy: Policy, plan_id: str) -> str:
    """Writes the plan that the session has looked at; returns what there is to tell of it."""
    from drupalsync.cli.progress import ticking

    looked = session.looked
    assert looked is not None
    with ticking(len(looked.plan.changes)) as tick:
        outcome = session.carry_out(policy, looked, lambda _change: tick(), plan_id=plan_id)
    return f"Release {outcome.release}: {done(looked, outcome)}"
