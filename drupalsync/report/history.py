"""The releases of a site, as a document and as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Final

from drupalsync import __version__
from drupalsync.apply.history import History
from drupalsync.apply.releases import Release
from drupalsync.errors import counted
from drupalsync.report.document import Document
from drupalsync.report.releases import moment, short
from drupalsync.report.style import Style
from drupalsync.report.visible import visible, width

FORMAT_VERSION: Final = "1.0"
HEADS: Final = ("release", "when", "who", "tree", "changes", "state", "of")
NUMBERS: Final = {"release", "changes"}


def document_of(history: History, most: int) -> Document:
    """The newest releases, at most so many."""
    return {
        "format_version": FORMAT_VERSION,
        "drupalsync_version": __version__,
        "environment": history.environment,
        "site": {"database": history.site},
        "total": len(history.releases),
        "releases": [_told(release, history.taken_back.get(release.number)) for release in history.releases[:most]],
    }


def render(history: Document, style: Style) -> str:
    """A line a release, the newest first."""
    releases, total = history["releases"], history["total"]
    name = style.bold(visible(history["environment"]))
    count = counted(total, "release") if total else "drupalsync has not released anything here yet"
    lines = [f"{name}: {visible(history['site']['database'])}, {count}"]
    if releases:
        lines += ["", *_table([_cells(release) for release in releases], style)]
    if total > len(releases):
        lines += ["", f"{total - len(releases)} earlier:  drupalsync history --env {history['environment']} -n {total}"]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _told(release: Release, undone_by: int | None) -> Document:
    words = [f"rollback of {release.undoes}"] if release.undoes is not None else []
    if undone_by is not None:
        words.append(f"rolled back by {undone_by}")
    if release.steps_left:
        words += ["committed", f"{counted(release.steps_left, 'step')} left"]
    return {
        **asdict(release),
        "kind": "import" if release.undoes is None else "rollback",
        "undone_by": undone_by,
        "told": ", ".join(words or [release.state]),  # what became of it
    }


def _cells(release: Document) -> list[str]:
    cells = {
        "release": str(release["number"]),
        "when": moment(release["started"]),
        "who": release["author"],
        "tree": short(release["revision"]) or "unknown",
        "changes": str(release["changes"]),
        "state": release["told"],
        "of": f"only {release['selectors']}" if release["selectors"] else "everything",
    }
    return [visible(cells[head]) for head in HEADS]


def _table(rows: Sequence[Sequence[str]], style: Style) -> list[str]:
    wide = [max(map(width, column)) for column in zip(HEADS, *rows, strict=True)]

    def told(cells: Sequence[str]) -> str:
        padded = [
            " " * (room - width(cell)) + cell if head in NUMBERS else cell + " " * (room - width(cell))
            for head, cell, room in zip(HEADS, cells, wide, strict=True)
        ]
        return f"  {'  '.join(padded)}".rstrip()

    return [style.dim(told(HEADS)), *map(told, rows)]
