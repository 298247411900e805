"""References to terms that stand elsewhere in their vocabulary on this site.

A term is named by its path from the root. While drupalsync does not manage terms, one that was moved on one site only
would break every reference to it. So where the path leads nowhere, the one term of the vocabulary that has that name
and shares an ancestor with the path is meant, and the reader is told; any doubt leaves the reference as it is: an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from drupalsync.kinds import Context, Item
from drupalsync.tree import TreeValue
from drupalsync.tree import replace as tree_replace

PREFIX = "term:"


def relocate(ctx: Context, items: Mapping[str, Item]) -> dict[str, Item]:
    """The items with such references as this site has them; each is noted once."""
    moved: dict[str, str] = {}

    def here(value: TreeValue) -> TreeValue:
        if not isinstance(value, str) or not value.startswith(PREFIX):
            return value
        key = value.removeprefix(PREFIX)
        if value in items or ctx.keys.local_id("term", key) is not None:
            return value
        if key not in moved:
            moved[key] = _elsewhere(ctx, key)
        return PREFIX + moved[key]

    out = {
        address: replace(item, fields={name: tree_replace(value, here) for name, value in item.fields.items()})
        for address, item in items.items()
    }
    for key, found in sorted(moved.items()):
        if found != key:
            ctx.notes.append(f"term:{key} is term:{found} on this site; references go there")
    return out


def _elsewhere(ctx: Context, key: str) -> str:
    vocabulary, *above, name = key.split("/")
    alike = [
        other
        for _, other in ctx.keys.all("term")
        if other.split("/")[0] == vocabulary and other.split("/")[-1] == name
    ]
    if len(alike) == 1 and set(above) & set(alike[0].split("/")[1:-1]):
        return alike[0]
    return key
