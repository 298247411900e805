"""The releases that a ledger knows, and which of them stand: a rollback takes one back, and may be taken back itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drupalsync.apply.ledger import Ledger
from drupalsync.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """An import, or a rollback: then `undoes` is the release that it took back. `changes` counts what it wrote."""

    number: int
    revision: str = ""
    started: int = 0  # unix time
    changes: int = 0
    undoes: int | None = None


def read_releases(site: Site, ledger: Ledger) -> list[Release]:
    """Every release, by number."""
    if not ledger.exists:
        return []
    undoes = "undoes" if "undoes" in site.columns("drupalsync_release") else "NULL"  # a ledger of the first format
    rows = site.rows(f"SELECT id, revision, started, changes, {undoes} FROM {{drupalsync_release}} ORDER BY id")
    return [
        Release(
            number=int(str(number)),
            revision=str(revision),
            started=int(str(started)),
            changes=int(str(changes)),
            undoes=None if undone is None else int(str(undone)),
        )
        for number, revision, started, changes, undone in rows
    ]


def taken_back(releases: Iterable[Release]) -> dict[int, int]:
    """The number of each release that does not stand, and of the one that took it back.

    >>> taken_back([Release(number=1), Release(number=2, undoes=1), Release(number=3, undoes=2), Release(number=4)])
    {2: 3}
    """
    found: dict[int, int] = {}
    for release in sorted(releases, key=lambda release: release.number, reverse=True):
        if release.undoes is not None and release.number not in found:
            found[release.undoes] = release.number
    return found


def still_at_work(releases: Iterable[Release], since: int) -> list[Release]:
    """The releases after `since` whose changes are on the site: what one took back after it cancels out with that one."""
    listed = list(releases)
    gone = taken_back(listed)
    return [
        release
        for release in listed
        if release.number > since and release.number not in gone and (release.undoes is None or release.undoes <= since)
    ]
