"""An item of a plan on one line, and which of them are told with another: what only moves along with a link above it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from drupalsync.errors import counted
from drupalsync.report.document import Document
from drupalsync.report.style import Style
from drupalsync.report.visible import visible

SYMBOLS: Final = {"create": "+", "update": "~", "move": ">", "adopt": "<", "delete": "-", "stopped": "!", "kept": "="}
COLOURS: Final = {
    "create": "green", "update": "yellow", "move": "cyan", "adopt": "blue", "delete": "red", "stopped": "red", "kept": "magenta",
}  # fmt: skip
_THINGS: Final = {"menu_link": "link"}


@dataclass(frozen=True, slots=True)
class Told:
    """A change, and how many others only move along with it."""

    change: Document
    below: int = 0


def together(changes: Iterable[Document]) -> list[Told]:
    """The changes in their order, a moved subtree once: with what is at its top."""
    listed = list(changes)
    moves = {(change["previous_address"], change["address"]): change for change in listed if change["previous_address"]}
    tops: dict[int, int] = {}
    along = set()
    for (old, new), change in moves.items():
        top = _top(old, new, change, moves)
        if top is not None:
            along.add(id(change))
            tops[id(top)] = tops.get(id(top), 0) + 1
    return [Told(change, tops.get(id(change), 0)) for change in listed if id(change) not in along]


def line(symbol: str, told: Told, folder: str, style: Style) -> str:
    """The item with its file, the symbol coloured."""
    parts = [f"  {style.paint(SYMBOLS[symbol], COLOURS[symbol])} {title(told.change)}"]
    if told.below:
        thing = _THINGS.get(told.change["kind"], "item")
        parts.append(f"{counted(told.below, thing)} below {'moves' if told.below == 1 else 'move'} with it")
    if told.change["source"]:
        parts.append(style.dim(visible(f"{folder}/{told.change['source']}")))
    return "   ".join(parts)


def title(change: Document) -> str:
    """Its address; of one that moves, the old and the new one."""
    if change["previous_address"]:
        return visible(f"{change['previous_address']} → {change['address'].partition(':')[2]}")
    return visible(change["address"])


def legend(symbols: Iterable[str], style: Style) -> str:
    """What the symbols in use mean."""
    used = set(symbols)
    return "   ".join(style.paint(f"{sign} {name}", COLOURS[name]) for name, sign in SYMBOLS.items() if name in used)


def _top(old: str, new: str, change: Document, moves: dict[tuple[str, str], Document]) -> Document | None:
    """The topmost move that alone brings this one along; None where it says something itself."""
    found = None
    while not change["fields"]:
        (old, own), (new, own_now) = (address.rpartition("/")[::2] for address in (old, new))
        above = moves.get((old, new))
        if own != own_now or above is None or above["blocked"] != change["blocked"]:
            break
        found = change = above
    return found
