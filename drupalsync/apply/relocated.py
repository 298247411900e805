"""References to terms that stand elsewhere in their vocabulary on this site.

A term is named by its path from the root. Where the tree leaves terms out (`exclude: ['term:*']`), one that was moved on
one site only would break every reference to it. So where the path leads nowhere, the one term of the vocabulary that has that name is
meant if one of the two paths only has more steps than the other (`Europe/Berlin`, `Europe/Germany/Berlin`), and the
reader is told. Any doubt leaves the reference as it is: an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from drupalsync.kinds import Context, Item
from drupalsync.kinds.references import split
from drupalsync.tree import TreeValue

FIELDS = "fields"  # of a node
COLUMN = "tid"  # of one of these: modules/taxonomy/taxonomy.install:taxonomy_field_schema
PATH = "path"  # of a menu link


def relocate(ctx: Context, items: Mapping[str, Item]) -> dict[str, Item]:
    """The items with such references as this site has them; each is noted once."""
    moved: dict[str, str] = {}

    def here(text: TreeValue) -> TreeValue:
        parts = split(text) if isinstance(text, str) else None
        if parts is None or parts[0] != "term":
            return text
        _, key, rest = parts
        if f"term:{key}" in items or ctx.keys.local_id("term", key) is not None:
            return text
        if key not in moved:
            moved[key] = _elsewhere(ctx, key)
        return f"term:{moved[key]}" + (f"/{rest}" if rest else "")

    out = {address: _with_references(item, here) for address, item in items.items()}
    for key, found in sorted(moved.items()):
        if found != key:
            ctx.notes.append(f"term:{key} is term:{found} on this site; references go there")
    return out


def _with_references(item: Item, here: Any) -> Item:
    """The item with `here` applied where a reference to a term can stand, and nowhere else."""
    if item.kind == "node":
        name, value = FIELDS, _in_columns(item.fields[FIELDS], here)
    elif item.kind == "menu_link":
        name, value = PATH, here(item.fields[PATH])
    else:
        return item
    return item if value is item.fields[name] else replace(item, fields={**item.fields, name: value})


def _in_columns(value: TreeValue, here: Any) -> TreeValue:
    """The value with `here` applied to every column of that name; the very same one where nothing differs."""
    if isinstance(value, list):
        members = [_in_columns(member, here) for member in value]
        return members if any(a is not b for a, b in zip(members, value, strict=True)) else value
    if isinstance(value, dict):
        entries = {
            name: here(member) if name == COLUMN else _in_columns(member, here) for name, member in value.items()
        }
        return entries if any(entries[name] is not member for name, member in value.items()) else value
    return value


def _elsewhere(ctx: Context, key: str) -> str:
    """The key of the one term that must be meant, or `key` itself."""
    steps = key.split("/")
    alike = [other for _, other in ctx.keys.all("term") if _ends(other.split("/")) == _ends(steps)]
    if len(alike) != 1:
        return key
    above, there = steps[1:-1], alike[0].split("/")[1:-1]
    shorter, longer = sorted((above, there), key=len)
    return alike[0] if shorter and _within(shorter, longer) else key


def _ends(steps: Sequence[str]) -> tuple[str, str]:
    """(vocabulary, name) of a term's key."""
    return steps[0], steps[-1]


def _within(shorter: Sequence[str], longer: Sequence[str]) -> bool:
    """Whether `longer` is `shorter` with more steps in between."""
    rest = iter(longer)
    return all(step in rest for step in shorter)
