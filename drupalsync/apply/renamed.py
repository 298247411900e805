"""Rows that somebody renamed on the site since drupalsync last left them, told by their local ids."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from drupalsync.apply.desired import Tree
from drupalsync.apply.select import BadSelector, Selection
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Context, Item, Kind
from drupalsync.site import LocalId


class NamesSwapped(DrupalsyncError):
    """Rows have each other's names: whoever goes by the names would take one for the other."""


@dataclass(frozen=True, slots=True)
class Renamed:
    """A row: the key that the ledger has, the one that the tree wants, and the one that the site has."""

    kind: str
    local_id: LocalId
    before: str
    wanted: str
    now: str


def renamed_by_hand(
    ctx: Context, kinds: Mapping[str, Kind], base: Iterable[Item], tree: Tree, selection: Selection
) -> list[Renamed]:
    """The selected rows that the ledger and the tree know by a name that the site has no more, while the tree lacks the new one.

    Kinds that held their rows against the memory have said already what is still the same. Raises NamesSwapped, and
    BadSelector where one name of a row is selected and the other is not.
    """
    left: dict[tuple[str, LocalId | None], Item] = {
        (item.kind, item.local_id): item for item in base if isinstance(item.local_id, int)
    }
    after = {old: new for new, olds in tree.past.moved.items() for old in olds}
    found = [one for item in left.values() if (one := _renamed(ctx, kinds, item, after, tree)) is not None]
    for one in found:
        _check_alone(ctx, one, left)
    free = [one for one in found if ctx.keys.local_id(one.kind, one.wanted) is None]
    return list(_selected(free, selection))


def addresses(renamed: Iterable[Renamed]) -> dict[str, str]:
    """The address in the tree → the one on the site."""
    return {f"{one.kind}:{one.wanted}": f"{one.kind}:{one.now}" for one in renamed}


def _renamed(
    ctx: Context, kinds: Mapping[str, Kind], item: Item, after: Mapping[str, str], tree: Tree
) -> Renamed | None:
    if item.kind not in kinds or item.kind in ctx.matched or item.local_id is None:
        return None
    now = ctx.keys.key(item.kind, item.local_id)
    wanted = item.address if item.address in tree.items else after.get(item.address, "")
    if now in (None, item.key) or wanted not in tree.items or f"{item.kind}:{now}" in tree.items:
        return None
    if not kinds[item.kind].can_move(item):
        return None
    return Renamed(item.kind, item.local_id, item.key, wanted.partition(":")[2], str(now))


def _check_alone(ctx: Context, one: Renamed, left: Mapping[tuple[str, LocalId | None], Item]) -> None:
    """Raises NamesSwapped where another row that drupalsync left under another name has the name by now."""
    taker = ctx.keys.local_id(one.kind, one.before)
    was = left.get((one.kind, taker))
    if was is not None and was.key != one.before:
        raise NamesSwapped(
            f"what drupalsync left as {one.kind}:{one.before} is called {one.now} on this site, and {was.address} has its name",
            where=f"{one.kind}, local ids {one.local_id} and {taker}",
            hint="give both their names back on the site, or export what is there",
        )


def _selected(renamed: Iterable[Renamed], selection: Selection) -> Iterator[Renamed]:
    for one in renamed:
        here, there = f"{one.kind}:{one.wanted}", f"{one.kind}:{one.now}"
        if (here in selection) is not (there in selection):
            raise BadSelector(
                f"{here} is called {one.now} on this site since somebody renamed it, and only one of the two is selected",
                where=here if here not in selection else there,
                hint=f"select both: '{here}' '{there}'",
            )
        if here in selection:
            yield one
