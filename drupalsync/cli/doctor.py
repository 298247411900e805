"""drupalsync doctor"""

from __future__ import annotations

import sys

from drupalsync.cli.options import As, Env, Format


def doctor(env: Env = None, format_: As = Format.TEXT) -> int:
    """Say what works here and what does not, each with its mend (exit 1), and which tables nobody describes. Writes nothing."""
    from drupalsync.apply.doctor import examine
    from drupalsync.cli.progress import waiting
    from drupalsync.report.doctor import document_of, render
    from drupalsync.report.style import style_for
    from drupalsync.report.visible import json_text

    with waiting("looking at everything"):
        told = document_of(examine(env))
    print(json_text(told) if format_ is Format.JSON else render(told, style_for(sys.stdout)).rstrip("\n"))
    return 0 if told["works"] else 1
