"""drupalsync diff"""

from __future__ import annotations

from drupalsync.cli.options import As, DetailedExitcode, Env, Format, Revision, Selectors


def diff(
    selectors: Selectors = None,
    env: Env = None,
    rev: Revision = None,
    format_: As = Format.TEXT,
    detailed_exitcode: DetailedExitcode = False,
) -> int:
    """Show, field by field, what an import with --adopt and --prune would change. Writes nothing."""
    from drupalsync.apply.session import open_session
    from drupalsync.cli.plans import planned, show_plan, verdict
    from drupalsync.plan import OnDrift, Policy

    with open_session(env, selectors or [], rev) as session:
        plan = planned(session, Policy(adopt=True, prune=True, on_drift=OnDrift.OVERWRITE))
    show_plan(plan, format_)
    return verdict(plan, detailed=detailed_exitcode)
