"""Releases, revisions and moments in words."""

from __future__ import annotations

from datetime import UTC, datetime

from drupalsync.report.document import Document


def last_release(last: Document | None) -> str:
    """The newest release of a plan document's site."""
    if not last:
        return "no release yet"
    tree = short(last["revision"]) or "unknown"
    return f"last release {last['number']} ({moment(last['time'])}, tree {tree})"


def moment(time: int) -> str:
    """Unix time, to the minute; everybody's, so in UTC."""
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%d %H:%M UTC")


def short(revision: str) -> str:
    """A revision as people write it; that the files were edited since belongs to it."""
    commit, mark, edited = revision.partition("+")
    return commit[:7] + mark + edited
