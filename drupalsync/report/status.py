"""One line a kind: how a site and the tree stand to each other."""

from __future__ import annotations

from typing import Final

from drupalsync.report.document import Document
from drupalsync.report.style import Style
from drupalsync.report.text import site_line
from drupalsync.report.visible import visible

COLOURS: Final = {
    "in sync": "green", "to apply": "yellow", "to delete": "red", "first contact": "red", "drift": "red", "conflict": "red",
    "to settle": "red", "ignored": "magenta", "unmanaged": "",
}  # fmt: skip
RARE: Final = {"to settle", "ignored"}  # columns that stand there only where they count something
SETTLE: Final = {"rename", "protected", "needed"}
NONE: Final = "·"


def render(plan: Document, style: Style) -> str:
    """The table, and under it what to do next."""
    counts = {kind: row for kind in plan["in_sync"] if any((row := _count(plan, kind)).values())}
    total = {column: sum(row[column] for row in counts.values()) for column in COLOURS}
    columns = [column for column in COLOURS if total[column] or column not in RARE]
    wide = max(len(name) for name in (*counts, "total"))
    lines = [site_line(plan, style), "", style.dim(f"  {'':{wide}}  {'  '.join(columns)}")]
    lines += [f"  {kind:{wide}}  {_cells(row, columns, style)}" for kind, row in counts.items()]
    lines += [style.bold(f"  {'total':{wide}}  ") + _cells(total, columns, style)]
    notes = [f"note: {visible(note)}" for note in plan["notes"]]
    return "\n".join([*lines, "", *notes, *_advice(plan)]) + "\n"


def _cells(row: dict[str, int], columns: list[str], style: Style) -> str:
    cells = []
    for column in columns:
        colour = COLOURS[column]
        text = f"{row[column] or NONE:>{len(column)}}"
        if not row[column]:
            text = style.dim(text)
        elif colour:
            text = style.paint(text, colour)
        cells.append(text)
    return "  ".join(cells)


def _count(plan: Document, kind: str) -> dict[str, int]:
    row = dict.fromkeys(COLOURS, 0)
    row["in sync"] = plan["in_sync"][kind]
    row["unmanaged"] = sum(address.startswith(f"{kind}:") for address in plan["unmanaged"])
    for change in plan["changes"]:
        if change["kind"] == kind:
            row[_column(change)] += 1
    row["ignored"] = sum(change["kind"] == kind for change in plan["ignored"])
    return row


def _column(change: Document) -> str:
    if change["blocked"]:
        return "to settle" if change["blocked"] in SETTLE else str(change["blocked"])
    return {"adopt": "in sync", "delete": "to delete"}.get(change["actions"][0], "to apply")


def _advice(plan: Document) -> list[str]:
    env = f"--env {plan['environment']}"
    if plan["blocked_by"] == ["first contact"]:
        return [
            "The site has items that differ from the tree, and drupalsync never wrote them.",
            f"See how:    drupalsync import --dry-run {env}",
        ]
    if set(plan["blocked_by"]) & SETTLE:
        return [
            "Something has to be settled first: a rename that the tree does not tell, or what is protected or needed.",
            f"See what, and what to do:  drupalsync import --dry-run --prune {env}",
        ]
    if plan["blocked_by"]:
        return [
            "The site differs from what drupalsync left there: somebody changed it.",
            f"See how, and what to do:  drupalsync import --dry-run {env}",
        ]
    if any(change["actions"] != ["adopt"] for change in plan["changes"]):
        prune = " --prune" if any(change["actions"] == ["delete"] for change in plan["changes"]) else ""
        return [f"See the changes:  drupalsync diff {env}", f"Apply them:       drupalsync import {env}{prune}"]
    if plan["changes"]:
        return [f"The site is as the tree wants; the ledger does not know it yet:  drupalsync import {env}"]
    return ["The site is as the tree wants. Nothing to do."]
