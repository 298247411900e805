"""What forbids that something small goes: what the tree says of it elsewhere, and would not find any more."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds.base import Item

MANY: Final = 5  # problems to show


class StillNeeded(DrupalsyncError):
    """An item that cannot go, because something else stays that needs it."""


def refuse(item: Item, needing: Iterable[Item], hint: str = "delete this file, too, or put the other back") -> None:
    """Raises Problems: what of the tree (or of the site, without a source) still needs `item`."""
    found: list[DrupalsyncError] = [
        StillNeeded(
            f"{item.address} cannot go: {other.address} needs it", where=other.source or other.address, hint=hint
        )
        for other in needing
    ]
    if found:
        raise Problems(found[:MANY])
