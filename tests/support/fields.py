"""The demo's museum as the kinds of content types and fields see it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drupalsync.apply.memory import RowMemory
from drupalsync.kinds import Context, Item, Kind, Scope, own_kinds
from drupalsync.site import LOADERS, Keys
from support.nodes import NOW, museum, open_site

if TYPE_CHECKING:
    from pathlib import Path


KINDS = ("vocabulary", "content_type", "field", "field_instance")


def on_museum(folder: Path, *statements: str) -> Context:
    """A run on a new museum with these changes, its types and fields identified."""
    site = open_site(museum(folder, *statements))
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=RowMemory((), (), ()), now=NOW)
    for name in KINDS:
        kind(name).identify(ctx)
    return ctx


def kind(name: str) -> Kind:
    return own_kinds()[name]


def live(ctx: Context, name: str) -> dict[str, Item]:
    """The site's items of a kind by key."""
    return {item.key: item for item in kind(name).read(ctx)}


def desired(ctx: Context, *items: Item) -> dict[str, Item]:
    """A tree that says what the site has, and these."""
    found = {item.address: item for name in KINDS for item in live(ctx, name).values()}
    return found | {item.address: item for item in items}


def told(ctx: Context, item: Item) -> list[str]:
    """What forbids an item: the sentence, the place, the mend."""
    found = kind(item.kind).check(ctx, item, desired(ctx, item))
    return [" | ".join(filter(None, (error.what, error.where, error.hint))) for error in found]


def changed(item: Item, **fields: Any) -> Item:
    """A live item as a tree has it, with other fields."""
    source = f"{item.kind}.yml"
    return replace(item, local_id=None, source=source, fields={**item.fields, **fields})
