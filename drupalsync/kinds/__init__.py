"""One file a kind of configuration. Adding one is adding one file: it is found here, or by its entry point."""

from __future__ import annotations

from functools import cache
from typing import cast

from drupalsync.kinds.base import Context, Document, Fields, Item, Kind, Memory, NodeSelector, Scope

__all__ = ["Context", "Document", "Fields", "Item", "Kind", "Memory", "NodeSelector", "Scope", "all_kinds", "documents"]


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by name, in the order in which kinds are written: what others refer to comes first."""
    import pkgutil
    from graphlib import TopologicalSorter
    from importlib import import_module
    from importlib.metadata import entry_points  # 30 ms

    modules = [
        import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__) if found.name[0] != "_"
    ]
    found = {module.NAME: cast(Kind, module) for module in modules if hasattr(module, "NAME")}
    for entry in entry_points(group="drupalsync.kinds"):
        kind = cast(Kind, entry.load())
        found[kind.NAME] = kind
    # Sorted lists, no sets: the order of a plan must not differ from run to run.
    graph = {name: sorted(other for other in found[name].AFTER if other in found) for name in sorted(found)}
    return {name: found[name] for name in TopologicalSorter(graph).static_order()}


def documents() -> dict[str, Document]:
    """The modules that read and write files, by the folder that holds them."""
    kinds = all_kinds()
    owners = [cast(Document, kinds[name]) for name, kind in kinds.items() if name == kind.DOCUMENT]
    return {owner.FOLDER: owner for owner in owners}
