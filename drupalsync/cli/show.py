"""Puts a plan on the terminal, and says which exit code it means."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from drupalsync.cli.options import Format

if TYPE_CHECKING:
    from drupalsync.apply.importer import Looked
    from drupalsync.apply.project import Project

STOPPED = 3
CHANGES = 2


def show_plan(project: Project, looked: Looked, form: Format, revision: str = "") -> None:
    """Prints the whole plan to stdout."""
    from drupalsync.report.document import Setting, document

    setting = Setting(
        environment=project.environment.name,
        site=project.address.shown,
        tree=project.tree_shown,
        revision=revision,
        last_release=looked.last_release,
        unset=tuple(looked.gathered.unset),
        unfinished=looked.unfinished,
    )
    plan = document(looked.plan, setting)
    if form is Format.JSON:
        import json

        print(json.dumps(plan, ensure_ascii=False, indent=2))
    else:
        from drupalsync.report.style import style_for
        from drupalsync.report.text import render

        print(render(plan, style_for(sys.stdout)), end="")


def verdict(looked: Looked, *, detailed: bool) -> int:
    """The exit code of a look at a plan (design §6)."""
    if looked.plan.blocked:
        return STOPPED
    return CHANGES if detailed and looked.plan.changes else 0
