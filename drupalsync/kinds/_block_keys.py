"""Which block a key names: its module and delta on the site at hand.

Some deltas carry a local id; which ones is data. Their key has the name in the place of the id: the block
`aggregator`, `feed-1` of the feed "Planet" is `aggregator/feed-Planet`.
Source: modules/aggregator/aggregator.module (aggregator_block_info), and hook_block_info() of webform and nodeblock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drupalsync.kinds._block_document import NAME
from drupalsync.kinds.base import Context, Item
from drupalsync.site import LocalId

CUSTOM_MODULE: Final = "block"  # the module of custom blocks, whose delta is the bid in {block_custom}
IDS_IN_DELTAS: Final[Mapping[str, Mapping[str, str]]] = {  # module → what precedes the id in a delta → kind of the id
    "aggregator": {"feed-": "aggregator_feed", "category-": "aggregator_category"},
    "nodeblock": {"": "node"},
    "webform": {"client-block-": "node"},
}
_ESCAPED: Final = {"custom": "custom.module"}  # a module of that name must not meet our folder; no module has a dot
_MODULES: Final = {written: module for module, written in _ESCAPED.items()}

Place = tuple[str, str]  # module and delta


def key_of(ctx: Context, place: Place) -> str | None:
    """The key of a block of the site; None for a row that its block, feed or node left behind."""
    module, delta = place
    if module == CUSTOM_MODULE:
        return ctx.keys.key(NAME, int(delta)) if delta.isdecimal() else None
    for start, kind in IDS_IN_DELTAS.get(module, {}).items():
        if delta.startswith(start) and delta[len(start) :].isdecimal():
            name = ctx.keys.key(kind, int(delta[len(start) :]))
            return None if name is None else f"{module}/{start}{name}"
    return f"{_ESCAPED.get(module, module)}/{delta}"


def reference_of(key: str) -> tuple[str, str] | None:
    """(kind, key) of what a module's block stands for, where its delta carries an id."""
    module, _, delta = key.partition("/")
    for start, kind in IDS_IN_DELTAS.get(module, {}).items():
        if delta.startswith(start):
            return kind, delta[len(start) :]
    return None


def key_after(key: str, moved: Mapping[str, str]) -> str:
    """The key of the block of a feed, category or node that gets another name."""
    reference = reference_of(key)
    if reference is None:
        return key
    kind, name = reference
    new = moved.get(f"{kind}:{name}")
    return key if new is None else key.removesuffix(name) + new.partition(":")[2]


def place_of(ctx: Context, item: Item) -> Place:
    """The module and delta of a block that the site has, or of a module's block; raises NoSuchReference."""
    if isinstance(item.local_id, int):
        return CUSTOM_MODULE, str(item.local_id)
    module, _, delta = (item.local_id or item.key).partition("/")
    reference = reference_of(item.key)
    if item.local_id is None and reference is not None:
        kind, name = reference
        found = ctx.keys.local_id(kind, name)
        if found is None:
            raise ctx.keys.missing(kind, name, where=item.source or item.address)
        return module, f"{delta.removesuffix(name)}{found}"
    return module_of(module), delta


def module_of(name: str) -> str:
    """The module that the first part of a key names."""
    return _MODULES.get(name, name)


def local_id_of(place: Place) -> LocalId:
    """A custom block's bid; a module's block is its own name."""
    module, delta = place
    return int(delta) if module == CUSTOM_MODULE else f"{module}/{delta}"
