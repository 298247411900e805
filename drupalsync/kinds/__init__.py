"""One file a kind of configuration. Adding one is adding one file: it is found here, or by its entry point.

A file is a kind, or holds one as `KIND` where a description makes it (kinds/tables).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from drupalsync.kinds.base import Context, Document, Fields, Item, Kind, Memory, NodeSelector, Scope

__all__ = ["Context", "Document", "Fields", "Item", "Kind", "Memory", "NodeSelector", "Scope", "all_kinds", "documents"]


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by name, in the order in which kinds are written: what others refer to comes first."""
    import pkgutil
    from importlib import import_module
    from importlib.metadata import entry_points  # 30 ms

    modules = [
        import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__) if found.name[0] != "_"
    ]
    held = [getattr(module, "KIND", module) for module in modules]
    found = {kind.NAME: cast(Kind, kind) for kind in held if hasattr(kind, "NAME")}
    for entry in entry_points(group="drupalsync.kinds"):
        kind = cast(Kind, entry.load())
        found[kind.NAME] = kind
    return in_order(found)


def in_order(kinds: Mapping[str, Kind]) -> dict[str, Kind]:
    """The kinds, each after those that it names in AFTER; where that goes in a circle, the later name gives way.

    What such a kind refers to may not be there yet when it is written: it sets that in its `finish`.
    """
    out: dict[str, Kind] = {}
    entered: set[str] = set()

    def enter(name: str) -> None:
        if name in kinds and name not in entered:
            entered.add(name)
            for other in sorted(kinds[name].AFTER):
                enter(other)
            out[name] = kinds[name]

    for name in sorted(kinds):  # sorted, no sets: the order of a plan must not differ from run to run
        enter(name)
    return out


def documents() -> dict[str, Document]:
    """The modules that read and write files, by the folder that holds them."""
    kinds = all_kinds()
    owners = [cast(Document, kinds[name]) for name, kind in kinds.items() if name == kind.DOCUMENT]
    return {folder: owner for owner in owners for folder in getattr(owner, "FOLDERS", (owner.FOLDER,))}
