"""What stands above a plan that is shown from its file: which it is, how old, and what it is good for."""

from __future__ import annotations

from datetime import datetime

from drupalsync.report.document import Document
from drupalsync.report.planfile import created
from drupalsync.report.style import Style
from drupalsync.report.visible import visible

STAMP = "%Y-%m-%d %H:%M UTC"
_MINUTE, _HOUR, _DAY = 60, 3600, 86400


def banner(plan: Document, now: datetime, style: Style) -> str:
    """The lines above the plan."""
    made = created(plan)
    when = f", made {age(made, now)} ({made.strftime(STAMP)})" if made else ""
    line = f"plan {plan['plan_id']}{when} for {visible(plan['environment'])} by drupalsync {visible(plan['drupalsync_version'])}"
    lines = [style.bold(line)]
    if plan["tree"]["dirty"]:
        lines.append("from files with edits that were not committed")
    if not plan["applyable"]:
        lines.append("for review only: something stops it, and --plan would refuse it")
    return "".join(f"{line}\n" for line in lines)


def age(made: datetime, now: datetime) -> str:
    """How long ago something was, in the unit that fits."""
    seconds = int((now - made).total_seconds())
    if seconds < -_MINUTE:
        return "by a clock that is ahead of this one"
    if seconds < 2 * _MINUTE:
        return "just now"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE} min ago"
    return f"{seconds // _HOUR} h ago" if seconds < 2 * _DAY else f"{seconds // _DAY} days ago"
