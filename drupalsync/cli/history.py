"""drupalsync history"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from drupalsync.cli.options import As, Env, Format

MOST = 20
Number = Annotated[int, typer.Option("-n", "--number", metavar="N", min=1, help="How many releases, the newest first.")]


def history(env: Env = None, number: Number = MOST, format_: As = Format.TEXT) -> int:
    """List the releases of a site: when, by whom, of which revision, how many changes, and what became of them."""
    from drupalsync.apply.history import history as read
    from drupalsync.report.history import document_of, render
    from drupalsync.report.style import style_for
    from drupalsync.report.visible import json_text

    told = document_of(read(env), number)
    print(json_text(told) if format_ is Format.JSON else render(told, style_for(sys.stdout)).rstrip("\n"))
    return 0
