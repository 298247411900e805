"""The files of the tree as documents: what an environment's overlay says is laid over what is for all.

    config/environments/<overlay>/…    the same layout as the tree's, only what differs in that environment

`overlay: NAME` in the manifest says which folder an environment has; the others are read, too, so that a mistake in the
overlay of production is found on a developer's machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from drupalsync.apply import modules, past
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import documents
from drupalsync.manifest.words import near
from drupalsync.tree import Path, TreeValue
from drupalsync.tree.overlay import NAMES, Memory, merge, nameless, origins, says_nothing, value_at

if TYPE_CHECKING:
    from drupalsync.apply.project import Project

FOLDER: Final = "environments"
EXTENSION: Final = ".yml"
KEY: Final = NAMES[0]
WHOLE: Final = (past.FILE, modules.FILE)  # files that speak of the whole tree


class BadFile(DrupalsyncError):
    """A file of the tree that its kind cannot use."""


class OverlayMissing(DrupalsyncError):
    """The manifest names an overlay, and its folder has no file: without it the site would get what is for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halves:
    """What the two files of a document say; None where there is no such file."""

    base: TreeValue = None
    over: TreeValue = None
    _memory: Memory = field(default_factory=dict, repr=False, compare=False)

    @property
    def whole(self) -> TreeValue:
        return merge(self.base, self.over)

    def origins(self, at: Path) -> tuple[Path | None, Path | None]:
        """Where the value at a path of the whole stands in each half."""
        return origins(at, self.base, self.over, self._memory)


def overlay_file(overlay: str, path: str) -> str:
    """The file of an overlay that is laid over the file `path`."""
    return f"{FOLDER}/{overlay}/{path}"


def apart(file: str) -> tuple[str, str]:
    """The overlay that a file of the tree belongs to, "" for none, and the path that it has there.

    >>> apart("environments/prod/menus/main-menu.yml"), apart("menus/main-menu.yml")
    (('prod', 'menus/main-menu.yml'), ('', 'menus/main-menu.yml'))
    """
    folder, _, inside = file.partition("/")
    name, _, rest = inside.partition("/")
    return (name, rest) if folder == FOLDER and rest else ("", file)


def check_overlay(project: Project, files: Iterable[str], shown: str) -> None:
    """Raises OverlayMissing where the overlay that the manifest names has no file in the tree."""
    overlay = project.environment.overlay
    there = sorted({apart(file)[0] for file in files} - {""})
    if not overlay or overlay in there:
        return
    meant = near(overlay, there)
    hint = f"did you mean {meant[0]}?" if meant else f"there are: {', '.join(there)}" if there else ""
    raise OverlayMissing(
        f"there is no file of the overlay {overlay!r} in {shown}/{FOLDER}/{overlay}",
        where=f"{project.manifest.where} environments/{project.environment.name}/overlay",
        hint=hint or f"put there what differs in this environment, or take `overlay: {overlay}` out",
    )


def read_documents(
    files: Mapping[str, bytes], overlay: str, shown: str
) -> tuple[dict[str, Halves], dict[str, DrupalsyncError]]:
    """Every document of an environment by its path below the tree (or below the overlay), and what is wrong by file."""
    from drupalsync.tree.read import parse

    found: dict[str, Halves] = {}
    known = documents()
    problems = _misplaced(files, shown)
    for file, data in files.items():
        name, path = apart(file)
        if path.partition("/")[0] not in known:
            continue
        try:
            document = parse(data, where=f"{shown}/{file}")
        except DrupalsyncError as problem:
            problems[file] = problem
            continue
        if name == "":
            found[path] = Halves(base=document, over=found.get(path, Halves()).over)
        elif name == overlay and not says_nothing(document):
            found[path] = Halves(base=found.get(path, Halves()).base, over=document)
    for path, halves in found.items():
        for at in nameless(halves.base, halves.over):
            file = overlay_file(overlay, path)
            problems.setdefault(file, _nameless(f"{shown}/{file}", files[file], at))
    for path in {apart(file)[1] for file in problems}:
        found.pop(path, None)  # half of it would only seem to lack what the other half says
    return found, problems


def meant_member(halves: Halves, at: Path) -> str:
    """What a new member of the overlay's list is nearly called in the base, as a line of a file; "" where nothing is."""
    base, over = halves.origins(at)
    member, others = value_at(halves.whole, at), value_at(halves.base, at[:-1])
    if base is not None or over is None or not isinstance(member, dict) or not isinstance(others, list):
        return ""
    known = [str(other[KEY]) for other in others if isinstance(other, dict) and KEY in other]
    meant = near(str(member.get(KEY)), known)
    return f"`{KEY}: {meant[0]}`" if meant else ""


def _nameless(where: str, text: bytes, at: Path) -> BadFile:
    """Without a word it would put its list in the place of the base's, and take all other members away."""
    from drupalsync.tree.read import locate

    line = locate(text, at)
    return BadFile(
        "an entry of this list needs its key in an overlay, for the others are known by theirs",
        where=where + (f":{line[0]}:{line[1]}" if line else ""),
        hint="key: NAME, as in the file that it is laid over",
    )


def _misplaced(files: Iterable[str], shown: str) -> dict[str, DrupalsyncError]:
    """What lies in no kind's folder, each such folder once."""
    problems: dict[str, DrupalsyncError] = {}
    known = documents()
    for file in files:
        name, path = apart(file)
        folder = path.partition("/")[0]
        if folder in known or (not name and path in WHOLE):
            continue
        place = f"{FOLDER}/{name}/{folder}" if name else folder
        problems.setdefault(place, _no_kind(folder, f"{shown}/{place}", in_overlay=bool(name)))
    return problems


def _no_kind(folder: str, where: str, *, in_overlay: bool) -> BadFile:
    if in_overlay and folder in WHOLE:
        return BadFile(f"{folder} has no overlay", where=where, hint=f"put its lines into {folder} beside {FOLDER}/")
    if folder == FOLDER:
        return BadFile(
            "this file is in the folder of no overlay",
            where=where,
            hint=f"the name of an overlay comes after {FOLDER}/",
        )
    known = [*documents(), *([] if in_overlay else [FOLDER])]
    meant = near(folder, known)
    return BadFile(
        "a file must lie in the folder of its kind"
        if folder.endswith(EXTENSION)
        else f"no kind keeps its files in {folder}/",
        where=where,
        hint=f"did you mean {meant[0]}/?" if meant else f"known folders: {', '.join(sorted(known))}",
    )
