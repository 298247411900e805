"""The part of a rollback's plan that stops it: what somebody changed since the release, and the command for each way out."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Final

from drupalsync.errors import counted
from drupalsync.report.document import Document
from drupalsync.report.items import line, together
from drupalsync.report.stopped import NAMES
from drupalsync.report.style import Style
from drupalsync.report.values import NOTHING
from drupalsync.report.visible import visible
from drupalsync.report.words import difference, three

_EDITS: Final = {"conflict", "drift", "first contact"}


def stopped_rollback(plan: Document, style: Style) -> Iterator[str]:
    """What stops the rollback, one reason after the other; nothing where nothing does."""
    for reason in NAMES:
        blocked = [change for change in plan["changes"] if change["blocked"] == reason]
        if not blocked:
            continue
        yield ""
        yield style.paint(f"STOPPED by {counted(len(blocked), NAMES[reason])}", "red") + f": {_meaning(reason, plan)}"
        for told in together(blocked):
            yield line("stopped", told, plan["tree"]["folder"], style)
            yield from (f"      {text}" for text in _sides(told.change, plan["undoes"], style))
    if _EDITS & set(plan["blocked_by"]):
        command = visible(shlex.join(["drupalsync", *plan["command"], "--env", plan["environment"], "--on-drift"]))
        yield f"  keep what the site has now:   {command} keep"
        yield f"  take it back all the same:    {command} overwrite"


def _meaning(reason: str, plan: Document) -> str:
    if reason == "protected":
        return f"release {plan['undoes']} made what nothing may delete"
    if reason == "needed":
        return f"release {plan['undoes']} made what something else has come to need"
    return f"somebody changed since release {plan['undoes']} what the rollback would write"


def _sides(change: Document, release: int, style: Style) -> Iterator[str]:
    if change["blocked"] == "protected":
        yield f"protected: {visible(change['because'])}"
    elif change["blocked"] == "needed":
        yield visible(change["because"])
    elif change["actions"] == ["create"]:
        yield f"deleted on the site since release {release} left it there"
    elif change["actions"] == ["delete"]:
        yield f"made by release {release}, and changed on the site since"
        for field in change["fields"]:
            yield from difference(tuple(field["path"]), field.get("base", NOTHING), field.get("live", NOTHING), style)
    elif all("base" not in field for field in change["fields"]):
        yield f"deleted by release {release}, and made again on the site since, other than it was"
        for field in change["fields"]:
            yield from difference(
                tuple(field["path"]), field.get("live", NOTHING), field.get("desired", NOTHING), style
            )
    else:
        heads = (f"release {release} left", "the site has", "it was before")
        for field in change["fields"]:
            if field["reason"] and not field["write"]:
                values = [field.get(side, NOTHING) for side in ("base", "live", "desired")]
                yield from three(tuple(field["path"]), values, heads, style)
