"""drupalsync diff"""

from __future__ import annotations

from typing import Annotated

import typer

from drupalsync.cli.options import As, DetailedExitcode, Env, Format, Selectors

Revisions = Annotated[
    str | None,
    typer.Option(
        "--rev",
        metavar="REV|A..B",
        help="Take the tree from this git revision; or compare two of them without any site, an end left out being HEAD "
        "(A...B: what B brings since it parted from A).",
    ),
]


def diff(
    selectors: Selectors = None,
    env: Env = None,
    rev: Revisions = None,
    format_: As = Format.TEXT,
    detailed_exitcode: DetailedExitcode = False,
) -> int:
    """Show, field by field, what an import with --adopt and --prune would change, or what two revisions of the tree differ in."""
    from drupalsync.cli.plans import show_plan, verdict

    if rev is not None and ".." in rev:
        from drupalsync.apply.revisions import compare
        from drupalsync.report.revisions import document_of

        plan = document_of(compare(env, selectors or [], rev))
    else:
        from drupalsync.apply.session import open_session
        from drupalsync.cli.plans import planned
        from drupalsync.plan import OnDrift, Policy

        with open_session(env, selectors or [], rev) as session:
            plan = planned(session, Policy(adopt=True, prune=True, on_drift=OnDrift.OVERWRITE))
    show_plan(plan, format_)
    return verdict(plan, detailed=detailed_exitcode)
