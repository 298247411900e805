"""Asks before a site is written to, and says what was done."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from drupalsync.apply.importer import Looked
    from drupalsync.apply.outcome import Outcome

DONE = {"create": "created", "update": "updated", "move": "moved", "adopt": "adopted", "delete": "deleted"}


def agreed(changes: int, *, yes: bool) -> bool:
    """Whether somebody said yes: beforehand, or now at a terminal."""
    if yes:
        return True
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return False
    return typer.confirm(f"Carry out {'this change' if changes == 1 else f'these {changes} changes'}?", err=True)


def not_agreed() -> int:
    """The exit code where nobody said yes."""
    if sys.stdin.isatty() and sys.stdout.isatty():
        print("Nothing was written.")
        return 0
    print(
        "drupalsync: nothing was written: no terminal to ask on\n  mend:  give --yes to write, or --dry-run to look",
        file=sys.stderr,
    )
    return 1


def done(looked: Looked, outcome: Outcome) -> str:
    """What became of a plan's changes, in one line."""
    count = Counter(DONE[change.action.value] for change in looked.plan.changes)
    counts = [f"{count[verb]} {verb}" for verb in DONE.values() if count[verb]]
    if looked.plan.forgotten:
        counts.append(f"{len(looked.plan.forgotten)} forgotten")
    caches = ", ".join(dict.fromkeys(outcome.caches)) or "none"
    return f"{', '.join(counts) or 'nothing to write'}; read back and equal. Caches cleared: {caches}."
