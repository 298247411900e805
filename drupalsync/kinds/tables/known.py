"""What a column's numbers mean: ids of which kind, told by the column's name and proved by what is there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from drupalsync.kinds.base import Context, Kind
from drupalsync.kinds.tables.kind import TableKind
from drupalsync.site import Cell

# Columns that core's own tables call so, and whoever follows them.
CORE: Final[Mapping[str, str]] = {
    "rid": "role",
    "tid": "term",
    "nid": "node",
    "uid": "user",
    "fid": "file",
    "vid": "vocabulary",
    "mlid": "menu_link",
    "author": "user",
    "user": "user",
}
RELATIONS: Final = frozenset({"author", "node", "owner", "parent", "role", "term", "user", "vocabulary"})  # as numbers
LISTS: Final[Mapping[str, str]] = {  # what lists of ids are called inside serialized values
    **{f"{column}s": kind for column, kind in CORE.items() if column.endswith("id")},
    "roles": "role",
    "terms": "term",
}
NAMED: Final[Mapping[str, str]] = {"format": "text_format", "menu_name": "menu"}  # whose local id is a name
CONTENT: Final = frozenset({"node", "user", "file"})  # what is named by one of these is not configuration
_ID: Final = re.compile(r"(?:.*_)?(?:id|[a-z]{1,2}id)")
_WORDS: Final = frozenset({"acid", "avid", "grid", "paid", "void"})


class Known:
    """The ids of a site, by what columns call them. `kinds` are all that are described, `owners` their modules."""

    def __init__(self, ctx: Context, kinds: Mapping[str, Kind]) -> None:
        self._ctx = ctx
        self._serials: dict[str, list[tuple[str, str]]] = {}
        for kind in kinds.values():
            if isinstance(kind, TableKind) and kind.about.id and kind.about.table in ctx.site.tables:
                self.add(kind.about.id, kind.about.kind, kind.about.module)

    def add(self, column: str, kind: str, module: str) -> None:
        """Says that a kind's rows are numbered by a column of this name."""
        if column != "id":  # says nothing: everybody calls it so
            self._serials.setdefault(column, []).append((kind, module))

    def kind_of(self, column: str, cells: Iterable[Cell], module: str) -> str:
        """The kind that a column's ids are of; "" where none has them all, or several have."""
        base = next((name for name, kind in CORE.items() if kind == column), column.rpartition("_")[2])  # role: as rid
        numbers = {number for cell in cells if (number := _number(cell)) is not None}
        ours = [kind for kind, of in self._serials.get(column, ()) if of == module and module]
        others = [kind for kind, _ in self._serials.get(column, ()) if kind not in ours]
        for kinds in (ours, [*others, *([CORE[base]] if base in CORE else [])]):
            fitting = [
                kind
                for kind in dict.fromkeys(kinds)
                if all(self._ctx.keys.key(kind, number) is not None for number in numbers)
            ]
            if len(fitting) == 1:
                return fitting[0]
        return ""

    def has_all(self, kind: str, numbers: Iterable[Cell]) -> bool:
        """Whether the site has a row of this kind for each number."""
        return all(self._ctx.keys.key(kind, _number(number)) is not None for number in numbers)

    def name_of(self, column: str, texts: Iterable[str]) -> str:
        """The kind whose names a column of texts holds; "" where that cannot be told."""
        kind = next((kind for name, kind in NAMED.items() if column == name or column.endswith(f"_{name}")), "")
        found = list(texts)
        return kind if kind and found and all(self._ctx.keys.key(kind, text) is not None for text in found) else ""


def is_id(column: str) -> bool:
    """Whether a column's name says that it holds an id.

    >>> is_id("nid"), is_id("entity_id"), is_id("group_rid"), is_id("grid"), is_id("valid"), is_id("weight")
    (True, True, True, False, False, False)
    """
    return _ID.fullmatch(column) is not None and column not in _WORDS


def _number(cell: Cell) -> int | None:
    if isinstance(cell, int):
        return cell
    text = cell.decode("ascii", "replace") if isinstance(cell, bytes) else str(cell)
    return int(text) if text.isascii() and text.isdecimal() else None
