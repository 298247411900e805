"""drupalsync verify"""

from __future__ import annotations

import sys

from drupalsync.cli.options import As, Env, Format, Selectors

DIFFERS = 3


def verify(selectors: Selectors = None, env: Env = None, format_: As = Format.TEXT) -> int:
    """Say whether the site is still as the last release left it, and how to settle what is not (exit 3). Writes nothing."""
    from drupalsync.apply.verify import verify as compare
    from drupalsync.cli.progress import waiting
    from drupalsync.report.style import style_for
    from drupalsync.report.verify import document_of, render
    from drupalsync.report.visible import json_text

    with waiting("reading the site"):
        plan = document_of(compare(env, selectors or []))
    print(json_text(plan) if format_ is Format.JSON else render(plan, style_for(sys.stdout)).rstrip("\n"))
    return DIFFERS if plan["drift"] else 0
