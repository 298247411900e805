"""What came back: a site that reads as before a release, whole or in some fields, though the ledger says otherwise.

An import stops there anyway, as it does where anybody changed the site; these notes say what it looks like. A dump that
is older than the ledger takes back everything that the last releases changed; a module, a cron job or a person that
puts single values back takes back some of it, and the next import would write them once more, for nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from drupalsync.apply import images as before_images
from drupalsync.apply.gather import Gathered
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.seal import pack, unpack
from drupalsync.apply.select import Selection
from drupalsync.kinds import Item
from drupalsync.kinds.fields import same_tree
from drupalsync.plan import Change, Plan, differing, get_path
from drupalsync.plan.paths import dotted, same_found
from drupalsync.site import Site, as_bytes

FEW: Final = 3  # fewer items somebody may well have put back one by one
FAR: Final = 10  # releases to look back
MANY: Final = 5  # items to name


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """An item as it was before a release changed it: its fields, packed (whatever the order of a map was, which an image
    keeps) and in the clear; None where it was not there."""

    release: int
    address: str
    fields: bytes | None
    previous: str | None = None  # the address that the release moved it from
    deletes: bool = False  # what the release did to it


def notes(
    site: Site, ledger: Ledger, gathered: Gathered, plan: Plan, selection: Selection, environment: str
) -> tuple[str, ...]:
    """What to tell of the differences that the site has from the ledger; asks for images only where there are some."""
    changed = {change.address: change for change in (*plan.changes, *plan.drift) if _by_the_site(change)}
    last = ledger.last_release()
    if not changed or last is None or before_images.TABLE not in site.tables:
        return ()
    images = [image for image in _images(site, last[0] - FAR) if image.address in selection]
    live = {address: pack(gathered.live[address].fields) for address in _addresses(images) & gathered.live.keys()}
    base = gathered.inputs.base
    moved = {
        address for address in _addresses(images) if not _same(gathered.inputs.live.get(address), base.get(address))
    }
    found = restored(images, live, moved)
    if found is not None:
        again = [i.address for i in images if i.release >= found[0] and i.deletes and i.address not in base]
        return (_restored_in_words(*found, again, environment),)
    left_by = ledger.left_by(changed)
    newest = {image.address: image for image in images if left_by.get(image.address) == image.release}
    back = list(returned(changed.values(), newest, gathered.live))
    more = f"will not settle: {len(back) - MANY} more, in the same way"
    return (*back[:MANY], *([more] if len(back) > MANY else []))


def restored(images: Collection[Before], live: Mapping[str, bytes], moved: Collection[str]) -> tuple[int, int] | None:
    """The earliest release before which the site reads as now, and how many items say so; None where it does not.

    All must say so that this and later releases changed, and FEW of them must be `moved`: not as the ledger says. `live`
    is packed as they are.
    """
    for release in sorted({image.release for image in images}):
        first: dict[str, Before] = {}
        for image in sorted(images, key=lambda image: image.release):
            if image.release >= release:
                first.setdefault(image.address, image)
        if len(first.keys() & set(moved)) >= FEW and all(_is_back(image, live) for image in first.values()):
            return release, len(first)
    return None


def returned(changes: Iterable[Change], images: Mapping[str, Before], live: Mapping[str, Item]) -> Iterator[str]:
    """A sentence for every item that is again, in some fields, what it was before the release that left it.

    `images` are of that release, by address; `live` is in the clear.
    """
    for change in changes:
        image = images.get(change.address)
        if image is None:
            continue
        there = live.get((change.live or change).address)
        if there is None and image.fields is None:
            yield (
                f"will not settle: {change.address} is gone again, as before release {image.release} made it; "
                "something on the site deletes it, or somebody did"
            )
        paths = _paths_back(change, image, there)
        if paths:
            yield (
                f"will not settle: {change.address} ({', '.join(paths)}) is again what it was before release "
                f"{image.release}; something on the site resets it, or somebody took it back"
            )


def _paths_back(change: Change, image: Before, there: Item | None) -> list[str]:
    if there is None or image.fields is None or change.live is None or change.base is None:
        return []
    before, now = dict(unpack(image.fields)), dict(there.fields)
    apart = differing(change.base.fields, change.live.fields)
    return [dotted(path) for path in apart if same_found(get_path(before, path), get_path(now, path))]


def _is_back(image: Before, live: Mapping[str, bytes]) -> bool:
    now = [live.get(address) for address in (image.address, image.previous) if address is not None]
    return image.fields in now if image.fields is not None else not any(now)


def _by_the_site(change: Change) -> bool:
    """Whether the site is not as the ledger says."""
    return change.base is not None and not _same(change.live, change.base)


def _same(one: Item | None, other: Item | None) -> bool:
    if one is None or other is None:
        return one is other
    return same_tree(one.fields, other.fields)


def _addresses(images: Iterable[Before]) -> set[str]:
    return {address for image in images for address in (image.address, image.previous) if address is not None}


def _images(site: Site, after: int) -> list[Before]:
    """What the releases after this one found of all that they wrote; in one query."""
    rows = site.rows_in(
        "SELECT release_id, action, kind, item_key, previous_key, live FROM {drupalsync_image} "
        "WHERE release_id > ? AND action IN (…) ORDER BY release_id, number",
        sorted(before_images.WRITES),
        [after],
    )
    return [
        Before(
            release=int(str(release)),
            address=f"{kind!s}:{key!s}",
            previous=f"{kind!s}:{previous!s}" if previous is not None else None,
            fields=None if live is None else pack(unpack(as_bytes(live))),
            deletes=action == "delete",
        )
        for release, action, kind, key, previous, live in rows
    ]


def _restored_in_words(release: int, items: int, again: list[str], environment: str) -> str:
    more = f" and {len(again) - MANY} more" if len(again) > MANY else ""
    stays = f" (what was deleted since is there again, and stays: {', '.join(again[:MANY])}{more})" if again else ""
    return (
        f"the site is as it was before release {release} ({items} of {items} items): was an older dump restored under "
        f"this ledger? apply it again: drupalsync import --adopt --on-drift overwrite --env {environment}{stays}; or "
        f"forget what the ledger says, and compare anew: drupalsync import --dry-run --adopt --take-over --env {environment}"
    )
