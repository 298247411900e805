"""What stands inside serialized columns: ids and paths, by what they are called and by what the site has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from drupalsync.kinds.tables.description import Col
from drupalsync.kinds.tables.known import CORE, LISTS, Known, is_id
from drupalsync.kinds.tables.look import Sight
from drupalsync.php import PhpSerialized
from drupalsync.tree import Path, TreeValue

PATH: Final = re.compile(r"(?:node|taxonomy/term|user)/\d+(?:/.*)?", re.DOTALL)


def serialized(sight: Sight, name: str, known: Known, module: str) -> tuple[Col, str]:
    """A serialized column: where ids and paths stand in it."""
    places: dict[str, str] = {}
    doubtful: list[str] = []
    for patterns, kind in (*_single(sight, name, known, module), *_listed(sight, name, known)):
        if kind == "?":
            doubtful += patterns
        else:
            places |= dict.fromkeys(patterns, kind)
    told: list[str] = []
    if doubtful:
        told.append(f"{', '.join(doubtful)} in it: an id? Then say of what: places: {{'{doubtful[0]}': KIND}}")
    if keyed := {str(path[-1]) for path, value in sight.inside(name) if _is_keyed(path, value)}:
        told.append(f"the keys of {', '.join(sorted(keyed))} in it: ids? They stay as they are")
    if any(isinstance(value, PhpSerialized) for _, value in sight.inside(name)):
        told.append("some of it cannot be opened (references): ids in there stay as they are")
    return Col(serialized=True, places=places), "; ".join(told)


def _single(sight: Sight, name: str, known: Known, module: str) -> Iterator[tuple[list[str], str]]:
    """The patterns of plain values, by what they are called, with the kind that they are of: "path", "?" where that is not known."""
    found: dict[str, list[tuple[int, TreeValue]]] = {}
    for path, leaf in sight.inside(name):
        if path and isinstance(path[-1], str) and path[-1].isidentifier() and isinstance(leaf, int | str):
            found.setdefault(path[-1], []).append((len(path), leaf))
    for step, leaves in sorted(found.items()):
        if kind := _meaning(step, [leaf for _, leaf in leaves], known, module):
            yield list(dict.fromkeys(step if depth == 1 else f"**.{step}" for depth, _ in leaves)), kind


def _listed(sight: Sight, name: str, known: Known) -> Iterator[tuple[list[str], str]]:
    """The same of lists of ids."""
    found: dict[str, list[tuple[int, list[TreeValue]]]] = {}
    for path, value in sight.inside(name):
        if path and isinstance(value, list) and value and path[-1] in LISTS and all(map(is_number, value)):
            found.setdefault(str(path[-1]), []).append((len(path), value))
    for step, lists in sorted(found.items()):
        numbers = [int(str(number)) for _, members in lists for number in members]
        patterns = list(dict.fromkeys(f"{step}.*" if depth == 1 else f"**.{step}.*" for depth, _ in lists))
        yield patterns, LISTS[step] if known.has_all(LISTS[step], numbers) else "?"


def _is_keyed(path: Path, value: TreeValue) -> bool:
    """Whether an array, by its name and its keys, has ids for its keys."""
    return bool(path) and path[-1] in LISTS and isinstance(value, dict) and any(isinstance(key, int) for key in value)


def is_number(value: TreeValue) -> bool:
    return not isinstance(value, bool) and str(value).isascii() and str(value).isdecimal()


def _meaning(step: str, leaves: Sequence[TreeValue], known: Known, module: str) -> str:
    """The kind of what stands under a name inside a serialized value: "path", "" where it is plain, "?" where it may be an id."""
    texts = [leaf for leaf in leaves if isinstance(leaf, str)]
    if any(map(PATH.fullmatch, texts)):
        return "path"
    numbers = [leaf for leaf in leaves if is_number(leaf)]
    ids = [number for number in numbers if str(number) != "0"]
    if not ids or not is_id(step) or len(numbers) < len([leaf for leaf in leaves if leaf != ""]):
        return ""
    kind = known.kind_of(step, [int(str(number)) for number in ids], module) if step in CORE else ""
    return kind or "?"
