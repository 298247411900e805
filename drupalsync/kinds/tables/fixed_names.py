"""Rows of a kind whose names are `fixed`, and that have another one all the same: somebody changed it on the site.

Elsewhere the old name still stands (in fields, in variables, in whatever refers to it), so nobody can say here what the
row should be called; a second one under the old name would take away what belongs to the first.
"""

from __future__ import annotations

from collections.abc import Container

from drupalsync.kinds.base import Context
from drupalsync.kinds.tables.check import CannotBeRow


def name_now(ctx: Context, kind: str, key: str, tree: Container[str]) -> str | None:
    """What the row is called now that drupalsync last left under this key; None where it is there, or gone.

    Where the tree has the new name as well (`tree`: its addresses), the row is that item, and the old name is free.
    """
    if ctx.keys.local_id(kind, key) is not None:
        return None
    for local_id, now in ctx.keys.all(kind):
        left = next(iter(ctx.memory.recall(kind, local_id)), None)
        if left is not None and left.key == key and f"{kind}:{now}" not in tree:
            return now
    return None


def sentence(kind: str, key: str, now: str) -> str:
    """What happened."""
    return f"{kind}:{key} is {kind}:{now} on this site: somebody changed its name there"


def problem(kind: str, key: str, now: str, where: str) -> CannotBeRow:
    """Why none can be made under the old name, and the ways out."""
    return CannotBeRow(
        f"{sentence(kind, key, now)}, and a second one is never made",
        where=where,
        hint=f"give it the name {key} again on the site, or take {now} into the tree (drupalsync export); "
        "import --on-drift keep leaves it",
    )
