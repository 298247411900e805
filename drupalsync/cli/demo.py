"""drupalsync demo"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def demo(
    folder: Annotated[
        Path | None,
        typer.Option("--folder", metavar="PATH", help="An empty or new folder [default: a fresh temporary one]."),
    ] = None,
) -> int:
    """Show the whole round on two small sites in a scratch folder: export, review, release, a hand edit that stops one."""
    from drupalsync.cli.main import main
    from drupalsync.demo.stage import Stage, empty_folder, standing_in
    from drupalsync.demo.tour import take
    from drupalsync.report.style import style_for

    chosen = empty_folder(folder)
    with standing_in(chosen):
        take(Stage(folder=chosen, drupalsync=main, style=style_for(sys.stdout)))
    return 0
