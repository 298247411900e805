"""drupalsync show"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from drupalsync.cli.options import As, Format


def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What import --dry-run --out FILE has written.")],
    format_: As = Format.TEXT,
) -> int:
    """Show a plan that was kept: without its site, its tree or the drupalsync that made it."""
    from datetime import UTC, datetime

    from drupalsync.cli.plans import show_plan
    from drupalsync.report.banner import banner
    from drupalsync.report.planfile import read_plan
    from drupalsync.report.style import style_for

    plan = read_plan(file)
    if format_ is Format.TEXT:
        print(banner(plan, datetime.now(UTC), style_for(sys.stdout)))
    show_plan(plan, format_)
    return 0
