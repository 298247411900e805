"""What a run did: apart from what does it, which a run that finds nothing to do need not load."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drupalsync.kinds import Item


@dataclass(slots=True, kw_only=True)
class Exported:
    """What an export would write: the whole new content of each file that changes, None for one that goes."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)  # addresses
    updated: list[str] = field(default_factory=list)
    moved: list[tuple[str, str]] = field(default_factory=list)  # (old, new) address
    deleted: list[str] = field(default_factory=list)
    unchanged: int = 0
    secrets: list[str] = field(default_factory=list)  # variables of the environment that now stand for a secret
    notes: list[str] = field(default_factory=list)
    seen: list[Item] | None = None  # sealed, for the cache; None: nothing was read anew

    def told(self) -> dict[str, list[str]]:
        """The items by what became of them, in words; only what there is."""
        moved = [f"{old} → {new.partition(':')[2]}" for old, new in self.moved]
        verbs = {"created": self.created, "updated": self.updated, "moved": moved, "deleted": self.deleted}
        return {verb: items for verb, items in verbs.items() if items}


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What an import did; filled as it goes, so that whoever is interrupted knows what stands."""

    release: int | None = None  # its number, from the commit on
    caches: list[str] = field(default_factory=list)
