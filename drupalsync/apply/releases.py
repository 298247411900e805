"""The releases that a ledger knows, and which of them stand: a rollback takes one back, and may be taken back itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from drupalsync.apply.ledger import Ledger
from drupalsync.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """An import, or a rollback: then `undoes` is the release that it took back. `changes` counts what it wrote."""

    number: int
    revision: str = ""
    author: str = ""
    started: int = 0  # unix time
    changes: int = 0
    selectors: str = ""  # as they were given; "": of everything
    state: str = "done"  # or committed: something that follows the commit is still to do
    steps_left: int = 0
    plan_id: str = ""
    undoes: int | None = None


def read_releases(site: Site, ledger: Ledger) -> list[Release]:
    """Every release, by number."""
    if not ledger.exists:
        return []
    # A ledger of the first format has fewer columns.
    younger = "plan_id, undoes" if "undoes" in site.columns("drupalsync_release") else "'', NULL"
    rows = site.rows(
        f"SELECT id, revision, author, started, changes, selectors, state, {younger} FROM {{drupalsync_release}} ORDER BY id"
    )
    left = Counter(int(str(of)) for (of,) in site.rows("SELECT release_id FROM {drupalsync_step} WHERE done = 0"))
    return [
        Release(
            number=int(str(number)),
            revision=str(revision),
            author=str(author),
            started=int(str(started)),
            changes=int(str(changes)),
            selectors=str(selectors),
            state=str(state),
            steps_left=left[int(str(number))],
            plan_id=str(plan_id),
            undoes=None if undone is None else int(str(undone)),
        )
        for number, revision, author, started, changes, selectors, state, plan_id, undone in rows
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
