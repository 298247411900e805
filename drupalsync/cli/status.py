"""drupalsync status"""

from __future__ import annotations

import sys

from drupalsync.cli.options import DetailedExitcode, Env, Revision, Selectors


def status(
    selectors: Selectors = None, env: Env = None, rev: Revision = None, detailed_exitcode: DetailedExitcode = False
) -> int:
    """Say in one line a kind how the site and the tree stand: in sync, to apply, drifted, in conflict, unmanaged."""
    from drupalsync.apply.session import open_session
    from drupalsync.cli.plans import planned, verdict
    from drupalsync.plan import Policy
    from drupalsync.report.status import render
    from drupalsync.report.style import style_for

    with open_session(env, selectors or [], rev) as session:
        plan = planned(session, Policy(prune=True))
    print(render(plan, style_for(sys.stdout)), end="")
    return verdict(plan, detailed=True) if detailed_exitcode else 0
