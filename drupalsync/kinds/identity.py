"""Which item a row is: by what earlier runs remember of it, else by what it looks like.

Shared by the kinds whose rows have local ids (design §5): the ledger and the cache of this checkout first, then the
items of the tree by natural fields; what is left is new. A match that could be either of two is an error, never a guess.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.site import LocalId

Hints = Sequence[str | None]  # natural identities of one thing, the most telling first; None: it has none of this sort


class AmbiguousMatch(DrupalsyncError):
    """Several rows look like one item of the tree, or the other way round."""


def match(
    ctx: Context, kind: str, rows: Mapping[LocalId, Hints], items: Iterable[Item], hints_of: Callable[[Item], Hints]
) -> dict[LocalId, Item]:
    """The item that each row is; a row that is none of them is missing from the answer.

    `items` are the tree's candidates. A remembered item is believed only where it shares a hint with the row: a restored
    dump or a reused id makes the memory stale. Raises AmbiguousMatch.
    """
    ctx.matched.add(kind)
    found: dict[LocalId, Item] = {}
    claimed: set[str] = set()
    for local_id, hints in rows.items():
        own = {hint for hint in hints if hint is not None}
        for item in ctx.memory.recall(kind, local_id):
            if item.key not in claimed and own.intersection(hint for hint in hints_of(item) if hint is not None):
                found[local_id] = item
                claimed.add(item.key)
                break
    candidates = [(item, hints_of(item)) for item in items if item.key not in claimed]
    open_rows = {local_id: hints for local_id, hints in rows.items() if local_id not in found}
    depth = max((len(hints) for hints in open_rows.values()), default=0)
    level = 0
    while level < depth:
        pairs = _pairs(kind, level, open_rows, candidates)
        found.update(pairs)
        taken = {item.key for item in pairs.values()}
        candidates = [(item, hints) for item, hints in candidates if item.key not in taken]
        open_rows = {local_id: hints for local_id, hints in open_rows.items() if local_id not in pairs}
        level = (
            0 if pairs and level else level + 1
        )  # one twin told apart by a later hint: what is left may be alone now
    return found


def _pairs(
    kind: str, level: int, rows: Mapping[LocalId, Hints], candidates: Sequence[tuple[Item, Hints]]
) -> dict[LocalId, Item]:
    """Rows and items that share the hint of this level, one to one."""
    by_hint: dict[str, list[Item]] = {}
    for item, hints in candidates:
        hint = hints[level] if level < len(hints) else None
        if hint is not None:
            by_hint.setdefault(hint, []).append(item)
    if not by_hint:
        return {}
    alike: dict[str, list[LocalId]] = {}
    for local_id, hints in rows.items():
        hint = hints[level] if level < len(hints) else None
        if hint is not None and hint in by_hint:
            alike.setdefault(hint, []).append(local_id)
    pairs: dict[LocalId, Item] = {}
    for hint, local_ids in alike.items():
        items = by_hint[hint]
        if len(items) == len(local_ids) > 1 and len({tuple(rows[local_id]) for local_id in local_ids}) > 1:
            continue  # a later hint tells them apart, or nothing does: then they are no twins to be paired by number
        if len(items) == len(local_ids):
            # Equal siblings were numbered in the order of their local ids, and are so again.
            ordered = sorted(items, key=lambda item: (len(item.key), item.key))
            pairs.update(
                zip(sorted(local_ids, key=lambda local_id: (str(type(local_id)), local_id)), ordered, strict=True)
            )
        elif level == 0:
            raise _ambiguous(kind, items, local_ids)
    return pairs


def _ambiguous(kind: str, items: Sequence[Item], local_ids: Sequence[LocalId]) -> AmbiguousMatch:
    named = " and ".join(sorted(item.address for item in items))
    ids = ", ".join(map(str, sorted(local_ids, key=str)))
    return AmbiguousMatch(
        f"{len(local_ids)} rows of the site look like {named}",
        where=f"{kind}, local ids {ids}",
        hint="make them differ on the site (title, path or alias), or delete what is there twice, then run this again",
    )
