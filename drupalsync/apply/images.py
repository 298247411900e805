"""Before-images: what each item of a release was before it, on the site and in the ledger, so that it can be taken back.

They are written in the release's own transaction. The site's side is in the clear, for a secret has to come back, too:
so it stays in the database, and whoever reads it seals it before anything is made of it that leaves. Of an item that the
release did not write it is not kept at all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

from drupalsync.apply.gather import Gathered
from drupalsync.apply.ledger import Entry, Ledger, as_local_id
from drupalsync.apply.seal import pack_exact, unpack
from drupalsync.kinds import Fields
from drupalsync.plan import Action, Change, Plan
from drupalsync.site import BATCH, Cell, Site, as_bytes

TABLE: Final = "drupalsync_image"
LEDGER: Final = (
    "ledger"  # the action of an item of which nothing but the ledger's entry changes, though no plan says so
)
WRITES: Final = frozenset({Action.CREATE, Action.UPDATE, Action.MOVE, Action.DELETE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One item before a release. `live`: None where the site did not have it; `entry`: None where the ledger did not."""

    action: str
    kind: str
    key: str  # after the release
    previous_key: str | None = None  # of an item that moved
    live: Fields | None = field(default=None, repr=False)  # in the clear
    entry: Entry | None = None

    @property
    def address(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def before(self) -> str:
        """The address that it had before the release."""
        return f"{self.kind}:{self.key if self.previous_key is None else self.previous_key}"

    @property
    def writes(self) -> bool:
        """Whether the release wrote to the site's own tables for it."""
        return self.action in WRITES


def take(
    site: Site, ledger: Ledger, release: int, gathered: Gathered, plan: Plan, others: Collection[str] = ()
) -> None:
    """Writes down what all is that the release is about to change; `others` are addresses beside those of the plan."""
    shown = {change.address for change in plan.changes}
    covered = {change.previous_address or change.address for change in plan.changes}
    known = ledger.entries({*shown, *covered, *plan.forgotten, *others})
    images = [_image(change, gathered, known.get(change.previous_address or change.address)) for change in plan.changes]
    for address in sorted({*known, *(set(others) - shown)} - covered):
        kind, _, key = address.partition(":")
        images.append(Image(action=LEDGER, kind=kind, key=key, entry=known.get(address)))
    rows = [_row(release, number, image) for number, image in enumerate(images, start=1)]
    for start in range(0, len(rows), BATCH):
        site.insert_many(TABLE, rows[start : start + BATCH])


def add(site: Site, ledger: Ledger, release: int, addresses: Collection[str]) -> None:
    """Writes down what the ledger said of items of which only that changes in the course of the release.

    Those that the release writes have an image of what was before: what is said of them now is its own word.
    """
    if not addresses:
        return
    there = read(site, release)
    known = ledger.entries(set(addresses) - {address for image in there for address in (image.address, image.before)})
    kinds = [(address, *address.split(":", 1)) for address in sorted(known)]
    images = [Image(action=LEDGER, kind=kind, key=key, entry=known[address]) for address, kind, key in kinds]
    rows = [_row(release, number, image) for number, image in enumerate(images, start=len(there) + 1)]
    site.insert_many(TABLE, rows)


def read(site: Site, release: int) -> list[Image]:
    """The images of a release, in the order of its changes; none where an older drupalsync made it."""
    if TABLE not in site.tables:
        return []
    rows = site.rows(
        "SELECT action, kind, item_key, previous_key, live, local_id, local_type, base, base_release, protect "
        "FROM {drupalsync_image} WHERE release_id = ? ORDER BY number",
        [release],
    )
    return [
        Image(
            action=str(action),
            kind=str(kind),
            key=str(key),
            previous_key=None if previous is None else str(previous),
            live=None if live is None else unpack(as_bytes(live)),
            entry=None if entry[2] is None else _entry(*entry),
        )
        for action, kind, key, previous, live, *entry in rows
    ]


def touching(site: Site, releases: Iterable[int], addresses: Collection[str]) -> dict[int, str]:
    """Those of the releases that changed any of these items too, each with the first such address."""
    found: dict[int, str] = {}
    rows = site.rows_in(
        "SELECT release_id, kind, item_key, previous_key FROM {drupalsync_image} WHERE release_id IN (…) "
        "ORDER BY release_id, number",
        list(releases),
    )
    for release, kind, *keys in rows:
        for address in (f"{kind!s}:{key!s}" for key in keys if key is not None):
            if address in addresses:
                found.setdefault(int(str(release)), address)
    return found


def _image(change: Change, gathered: Gathered, entry: Entry | None) -> Image:
    written = change.action in WRITES and change.live is not None
    return Image(
        action=change.action.value,
        kind=change.kind,
        key=change.key,
        previous_key=change.previous_key,
        live=gathered.live[change.live.address].fields if written and change.live is not None else None,
        entry=entry,
    )


def _row(release: int, number: int, image: Image) -> dict[str, Cell]:
    entry = image.entry
    return {
        "release_id": release,
        "number": number,
        "action": image.action,
        "kind": image.kind,
        "item_key": image.key,
        "previous_key": image.previous_key,
        "live": None if image.live is None else pack_exact(image.live),
        "local_id": None if entry is None else str(entry.local_id),
        "local_type": None if entry is None else ("i" if isinstance(entry.local_id, int) else "s"),
        "base": None if entry is None else entry.base,
        "base_release": None if entry is None else entry.release,
        "protect": int(entry is not None and entry.protected),
    }


def _entry(local_id: Cell, local_type: Cell, base: Cell, release: Cell, protect: Cell) -> Entry:
    return Entry(
        local_id=as_local_id(local_id, local_type),
        base=as_bytes(base),
        release=int(str(release)),
        protected=bool(protect),
    )
