"""Plans in files, as `drupalsync import` keeps them (--out) and carries them out (--plan)."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from drupalsync.cli.options import Format

if TYPE_CHECKING:
    from drupalsync.apply.session import Session
    from drupalsync.plan import Policy
    from drupalsync.report.document import Document

Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="FILE", help="With --dry-run: keep the plan, for `show FILE` and `--plan FILE`."),
]
Kept = Annotated[
    Path | None,
    typer.Option("--plan", metavar="FILE", help="Carry out just this plan, once; or refuse, and name what moved."),
]
IN_THE_PLAN = ("selectors", "adopt", "prune", "on_drift", "allow_changes", "allow_deletes")


def check_files(context: typer.Context, *, out: Path | None, kept: Path | None, dry_run: bool) -> None:
    """Raises BadParameter where --out or --plan stands beside what it cannot stand beside."""
    if out is not None and (kept is not None or not dry_run):
        raise typer.BadParameter("it goes with --dry-run: a plan is kept to be looked at first", param_hint="--out")
    given = [name for name in IN_THE_PLAN if _is_given(context, name)]
    if kept is not None and given:
        names = ", ".join("SELECTOR" if name == "selectors" else f"--{name.replace('_', '-')}" for name in given)
        raise typer.BadParameter(f"the plan says that itself: leave out {names}", param_hint="--plan")


def keep_plan(out: Path, session: Session, policy: Policy) -> Document:
    """The plan, written into a file before anybody sees it: whatever comes then, it is there."""
    from drupalsync.apply.project import now
    from drupalsync.cli.plans import planned
    from drupalsync.report.planfile import check_place, keep

    check_place(out, session.project.manifest.config)
    return keep(planned(session, policy), out, now())


def next_of_kept(plan: Document, file: Path, rev: str | None) -> str:
    """The verdict of a dry run whose plan lies in a file, and the command that carries it out."""
    from drupalsync.cli.plans import TO_SETTLE
    from drupalsync.report.visible import visible

    if not plan["applyable"]:
        return f"{TO_SETTLE}\n{visible(str(file))} is for review only: --plan would refuse it."
    if not (plan["changes"] or plan["forgotten"]):
        return f"Nothing to do. {visible(str(file))} says so."
    return f"Nothing was written but {visible(str(file))}. Carry it out:  {_command(plan, file, rev)}"


def import_kept(
    file: Path,
    env: str | None,
    rev: str | None,
    lock_timeout: float | None,
    form: Format,
    carry_out: Callable[[Session, Policy, str], str],
    *,
    detailed: bool,
) -> int:
    """Carries out a plan that was kept: that somebody has seen it is the consent. Without a timeout it only looks."""
    from drupalsync.apply.session import open_session
    from drupalsync.cli.plans import nothing_to_do, say, show_plan, verdict
    from drupalsync.errors import counted
    from drupalsync.report.planfile import read_plan
    from drupalsync.report.stale import check_maker, policy_of, still_as_planned

    saved = read_plan(file)
    environment = env or os.environ.get("DRUPALSYNC_ENV") or saved["environment"]
    check_maker(saved, file, environment)
    with open_session(environment, saved["selectors"], rev) as session, _held(session, lock_timeout):
        if lock_timeout is not None and session.has_unfinished():
            finished = session.finish_earlier()
            say(f"Finished first what an earlier release had left: {', '.join(finished) or 'its record'}.", form)
        plan = still_as_planned(saved, file, session)
        if form is Format.JSON:
            show_plan(plan, form)
        items = len(plan["changes"]) + len(plan["forgotten"])
        if not items:
            say(nothing_to_do(plan), form)
            return 0
        say(f"Plan {saved['plan_id']}: {counted(items, 'item')}, still as planned.", form)
        if lock_timeout is None:
            say(f"Nothing was written. Carry it out:  {_command(saved, file, rev)}", form)
        else:
            say(carry_out(session, policy_of(saved, session), saved["plan_id"]), form)
    return verdict(plan, detailed=detailed)


def _command(plan: Document, file: Path, rev: str | None) -> str:
    """What carries out a plan that lies in a file."""
    from drupalsync.report.visible import visible

    at = ["--rev", rev] if rev is not None else []
    return visible(shlex.join(["drupalsync", "import", "--plan", str(file), "--env", plan["environment"], *at]))


def _held(session: Session, lock_timeout: float | None) -> AbstractContextManager[None]:
    """The site's lock, which a look does without."""
    return nullcontext() if lock_timeout is None else session.locked(lock_timeout)


def _is_given(context: typer.Context, name: str) -> bool:
    """Whether somebody said it, be it what is the default anyway."""
    source = context.get_parameter_source(name)
    return source is not None and source.name != "DEFAULT"
