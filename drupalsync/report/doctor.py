"""What doctor has found, as a document and in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from drupalsync import __version__
from drupalsync.apply.doctor import Diagnosis
from drupalsync.errors import counted
from drupalsync.kinds.tables.paste import entry, words
from drupalsync.kinds.tables.undescribed import Proposal, Undescribed
from drupalsync.report.style import Style
from drupalsync.report.visible import visible

FORMAT_VERSION: Final = "1.0"
COLOURS: Final = {"ok": "green", "note": "yellow", "fails": "red", "not looked at": ""}
SHOWN: Final = {"ok": "ok", "note": "note", "fails": "FAILS", "not looked at": "?"}
Document = dict[str, Any]


def document_of(found: Diagnosis) -> Document:
    """All of it, plain values."""
    return {
        "format_version": FORMAT_VERSION,
        "drupalsync_version": __version__,
        "environment": found.environment or None,
        "site": {"database": found.site} if found.site else None,
        "works": found.works,
        "findings": [
            {"name": one.name, "state": one.state.value, "says": one.says, "where": one.where, "mend": one.mend}
            for one in found.findings
        ],
        "tables": _tables(found.tables, append=bool(found.described)) if found.tables is not None else None,
    }


def render(told: Document, style: Style) -> str:
    """A line for each thing, its mend below it; then the tables, with what to paste."""
    lines = [*_findings(told["findings"], style), *_undescribed(told["tables"], style), "", *_verdict(told, style)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _tables(tables: Undescribed, *, append: bool) -> Document:
    return {
        "undescribed": [_proposal(proposal) for proposal in tables.proposals],
        "append": append,
        "cannot_be_described": tables.cannot,
        "empty": tables.empty,
        "left_out": tables.others,
    }


def _proposal(proposal: Proposal) -> Document:
    about = proposal.about
    return {
        "table": about.table,
        "module": about.module or None,
        "rows": dict(proposal.rows),
        "entry": words(about),
        "paste": entry(about, proposal.notes, proposal.remarks),
    }


def _findings(findings: Sequence[Document], style: Style) -> Iterator[str]:
    wide = max(len(one["name"]) for one in findings)
    unknown = [one["name"] for one in findings if one["state"] == "not looked at"]
    for one in findings:
        if one["state"] == "not looked at":
            continue
        mark = style.paint(f"{SHOWN[one['state']]:5}", COLOURS[one["state"]])
        yield f"{mark}  {one['name']:{wide}}  {visible(one['says'])}"
        yield from (
            f"       {'':{wide}}  {style.dim(f'{word}:')} {visible(one[word])}"
            for word in ("where", "mend")
            if one[word]
        )
    if unknown:
        yield f"{SHOWN['not looked at']:5}  {', '.join(unknown)}: not looked at, because of what fails"


def _undescribed(tables: Document | None, style: Style) -> Iterator[str]:
    if tables is None:
        return
    if found := tables["undescribed"]:
        yield ""
        yield style.bold(f"Tables that look like configuration, and that nobody describes ({len(found)})")
        wide = max(len(one["table"]) for one in found)
        yield from (f"  {one['table']:{wide}}  {_rows(one)}" for one in found)
        yield ""
        yield "To export them, paste this " + (
            "below the `tables:` of drupalsync.yml:" if tables["append"] else "into drupalsync.yml:"
        )
        yield style.dim(
            "(guessed from the rows: look it over; a number that is an id under another name would stay as it is)"
        )
        yield ""
        if not tables["append"]:
            yield "tables:"
        for one in found:
            yield from map(visible, one["paste"].splitlines())
    if cannot := tables["cannot_be_described"]:
        yield ""
        yield style.bold(f"Tables that look like configuration, and that no description fits ({len(cannot)})")
        wide = max(map(len, cannot))
        yield from (f"  {visible(table):{wide}}  {visible(why)}" for table, why in cannot.items())
    if tables["empty"]:
        yield ""
        yield f"Empty, so nothing can be told of them: {', '.join(map(visible, tables['empty']))}"


def _rows(one: Document) -> str:
    counts = [
        counted(number, "row") if table == one["table"] else f"{number} in {table}"
        for table, number in one["rows"].items()
    ]
    module = f", of the module {one['module']}" if one["module"] else ""
    return f"{', '.join(counts)}{module}"


def _verdict(told: Document, style: Style) -> Iterator[str]:
    count = {state: sum(one["state"] == state for one in told["findings"]) for state in COLOURS}
    notes = f", {counted(count['note'], 'note')}" if count["note"] else ""
    name = f"{visible(told['environment'])}: " if told["environment"] else ""
    if told["works"]:
        yield style.bold(f"{name}all works{notes}.")
    else:
        fails = counted(count["fails"], "thing")
        yield style.bold(f"{name}{fails} {'does' if count['fails'] == 1 else 'do'} not work{notes}.")
