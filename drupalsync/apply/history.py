"""The releases of a site, as its ledger tells them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drupalsync.apply.ledger import Ledger
from drupalsync.apply.project import open_project
from drupalsync.apply.releases import Release, read_releases, taken_back


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A site and its releases, the newest first; none where nothing was released there yet."""

    environment: str
    site: str  # its URL, without a password
    releases: Sequence[Release]
    taken_back: Mapping[int, int]  # the number of each that does not stand, and of the one that took it back


def history(environment: str | None) -> History:
    """Reads them from one moment of the site; needs no tree."""
    project = open_project(environment)
    with project.site() as site:
        site.db.begin_snapshot()
        try:
            releases = read_releases(site, Ledger(site))
        finally:
            site.db.rollback()
    return History(
        environment=project.environment.name,
        site=project.address.shown,
        releases=releases[::-1],
        taken_back=taken_back(releases),
    )
