"""What the rows of a block have in common, told once for the block, and what single themes have otherwise.

Core's forms write heading, pages and the like to all rows alike (block.admin.inc: block_admin_configure_submit). Rows that
contradict the others come of a theme that was off meanwhile (block.module: _block_rehash), or were made by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drupalsync.kinds.base import Fields
from drupalsync.tree import TreeValue
from drupalsync.tree import same as same_tree

SHARED: Final = ("title", "pages", "user_control", "extra")  # one value for all themes, unless a row contradicts


def placements_of(fields: Mapping[str, TreeValue]) -> dict[str, dict[str, Any]]:
    """The placements, by theme."""
    found = fields["placements"]
    return {str(theme): at for theme, at in found.items() if isinstance(at, dict)} if isinstance(found, dict) else {}


def seen_in(fields: Mapping[str, TreeValue], at: Mapping[str, TreeValue]) -> Fields:
    """What a placement shows: its own word, or else the block's."""
    return {name: at.get(name, fields[name]) for name in SHARED}


def without_echo(fields: Fields) -> Fields:
    """`fields` without what a placement only repeats of the block itself."""
    return against(fields, {name: fields[name] for name in SHARED})


def against(fields: Fields, shared: Mapping[str, TreeValue]) -> Fields:
    """The same block, told with these values for all themes: what differs from them stands in the placements."""
    told = {**{name: fields[name] for name in SHARED}, **shared}
    placements = {
        theme: {name: value for name, value in at.items() if name not in SHARED}
        | {name: value for name, value in seen_in(fields, at).items() if not same_tree(value, told[name])}
        for theme, at in placements_of(fields).items()
    }
    return {**fields, **told, "placements": {**_map(fields["placements"]), **placements}}


def as_usual(fields: Fields) -> Fields:
    """The one form of a block: for all themes what most of them have, of equals the first by name."""
    seen = [seen_in(fields, at) for _, at in sorted(placements_of(fields).items())]
    if not seen:
        return fields
    return against(fields, max(seen, key=lambda one: sum(_alike(one, other) for other in seen)))


def _alike(one: Mapping[str, TreeValue], other: Mapping[str, TreeValue]) -> bool:
    return all(same_tree(one[name], other[name]) for name in SHARED)


def _map(value: TreeValue) -> dict[Any, Any]:
    return dict(value) if isinstance(value, dict) else {}
