"""drupalsync status"""

from __future__ import annotations

from drupalsync.cli.options import DetailedExitcode, Env, Revision, Selectors


def status(
    selectors: Selectors = None, env: Env = None, rev: Revision = None, detailed_exitcode: DetailedExitcode = False
) -> int:
    """Say in one line a kind how the site and the tree stand: in sync, to apply, drifted, in conflict, unmanaged."""
    from drupalsync.apply.session import open_session
    from drupalsync.cli.show import verdict
    from drupalsync.plan import Policy
    from drupalsync.report.status import render

    with open_session(env, selectors or [], rev) as session:
        looked = session.look(Policy(prune=True))
        print(render(looked.plan, looked.gathered.inputs, session.project.environment.name), end="")
        return verdict(looked, detailed=detailed_exitcode) if detailed_exitcode else 0
