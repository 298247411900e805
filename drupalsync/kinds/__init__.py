"""One file a kind of configuration. Adding one is adding one file: it is found here, or by its entry point.

A file is a kind, or holds one as `KIND` where a description makes it (kinds/tables).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, cast

from drupalsync.kinds.base import Context, Document, Fields, ForbidsNew, Item, Kind, Memory, NodeSelector, Scope

if TYPE_CHECKING:
    from drupalsync.kinds.tables import Description

__all__ = [
    "Context",
    "Document",
    "Fields",
    "ForbidsNew",
    "Item",
    "Kind",
    "Memory",
    "NodeSelector",
    "Scope",
    "all_kinds",
    "describe",
    "documents",
    "own_kinds",
]


@cache
def own_kinds() -> dict[str, Kind]:
    """Every kind that is code, by name: here, or behind an entry point."""
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


@cache
def all_kinds() -> dict[str, Kind]:
    """Every kind by name, in the order in which kinds are written: what others refer to comes first.

    Beside those that are code, those that are described: what comes with drupalsync, and what the project's manifest says.
    """
    from drupalsync.kinds.tables import TableKind
    from drupalsync.kinds.tables.shipped import shipped

    theirs = {about.table for about in _described}
    known = [about for about in shipped() if about.table not in theirs]  # who describes one anew means it
    return in_order(own_kinds() | {about.kind: TableKind(about=about) for about in (*known, *_described)})


_described: list[Description] = []


def describe(descriptions: Sequence[Description], where: str) -> None:
    """Takes the tables that a project describes for kinds; raises BadDescription where one is a kind already."""
    from drupalsync.kinds.tables.words import BadDescription, check_kinds

    tables = {table: name for name, kind in own_kinds().items() for table in kind.TABLES} if descriptions else {}
    folders = {getattr(kind, "FOLDER", ""): name for name, kind in own_kinds().items()} if descriptions else {}
    for about in descriptions:
        taken = about.kind if about.kind in own_kinds() else tables.get(about.table) or folders.get(about.folder)
        if taken:
            raise BadDescription(
                f"{about.kind} cannot be described: drupalsync has the kind {taken} for that",
                where=f"{where} tables",
                hint="give it another name, table and folder, or take it out",
            )
    known = {*own_kinds(), *(about.kind for about in descriptions)} if descriptions else set()
    for about in descriptions:
        check_kinds(about, known, f"{where} tables ({about.kind})")
    if [*descriptions] != _described:
        _described[:] = descriptions
        all_kinds.cache_clear()
        documents.cache_clear()


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


@cache
def documents() -> dict[str, Document]:
    """The kinds that read and write files, by the folder that holds them."""
    kinds = all_kinds()
    owners = [cast(Document, kinds[name]) for name, kind in kinds.items() if name == kind.DOCUMENT]
    return {folder: owner for owner in owners for folder in getattr(owner, "FOLDERS", (owner.FOLDER,))}
