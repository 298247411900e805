"""What git says of the tree's checkout: files that it lost, and a tree that is older than what the site has.

All of it works without git and outside of a repository, and then has nothing to say. A dry run with differences asks
git once or twice; one without asks nothing.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.tree import git
from drupalsync.tree.files import SUFFIX

SHOWN: Final = 5
COMMIT: Final = re.compile(r"[0-9a-f]{40,64}")  # it comes from a database, and goes to git


class FilesLost(DrupalsyncError):
    """Files of the tree that git has and the disk has not: no wish to delete what they stand for."""


@dataclass(frozen=True, slots=True)
class Lost:
    """Such a file, as messages name it.

    `sparse`: the checkout was told to leave it out. `whole`: with it, all of its kind's folder is gone.
    """

    path: str
    sparse: bool
    whole: bool

    @property
    def by_accident(self) -> bool:
        """Whether nobody can have meant that. One file of several is how people delete an item."""
        return self.sparse or self.whole


def lost(folder: Path, shown: str, there: Collection[str]) -> list[Lost]:
    """The files of the tree in git's index that are not `there`, in order. A deletion that is staged is none of them."""
    left = {path.partition("/")[0] for path in there}
    return [
        Lost(f"{shown}/{path}", sparse, path.partition("/")[0] not in left)
        for path, sparse in sorted(git.tracked(folder).items())
        if path.endswith(SUFFIX) and path not in there and not any(part.startswith(".") for part in path.split("/"))
    ]


def refuse(shown: str, files: Sequence[Lost]) -> None:
    """Raises FilesLost where some got lost by accident, of the folder `shown` so; nothing was compared yet."""
    found = [file for file in files if file.by_accident]
    if found:
        raise FilesLost(
            f"{_told(found)}, and --prune would delete what {_stands(found)} for",
            where=_named(found),
            hint=_mend(shown, found),
        )


def _mend(shown: str, files: Sequence[Lost]) -> str:
    if all(file.sparse for file in files):
        return "git sparse-checkout disable"
    if len(files) == 1:
        path = shlex.quote(files[0].path)
        return f"git checkout -- {path}   or, to delete it for good: git rm {path}"
    gone = f"git ls-files -z --deleted {shlex.quote(shown)} | xargs -0"
    return f"{gone} git checkout --   or, to delete them for good: {gone} git rm"


def worded(files: Sequence[Lost]) -> list[str]:
    """The same as a note, for whoever only looks; and what was surely meant, but is not committed yet."""
    stops = [file for file in files if file.by_accident]
    goes = [file for file in files if not file.by_accident]
    told = [f"{_told(stops)}, so an import with --prune will stop: {_named(stops)}"] if stops else []
    return [*told, *([f"{_told(goes)}: --prune deletes what {_stands(goes)} for ({_named(goes)})"] if goes else [])]


def notes(folder: Path, revision: str, last: tuple[int, str] | None) -> list[str]:
    """How the commit that is looked at stands to the one that the last release (number, revision) imported."""
    imported = last[1].partition("+")[0] if last else ""
    if not last or not COMMIT.fullmatch(imported) or imported == revision:
        return []
    told = f"{imported[:7]}, which release {last[0]} imported"
    if not revision:
        return [f"it cannot be told whether this tree is older than {told}: no git repository to ask"]
    older = git.is_ancestor(folder, revision, imported)
    if older:
        return [f"this tree is older than what release {last[0]} imported ({imported[:7]})"]
    if git.is_shallow(folder):
        return [
            f"this clone is shallow: it cannot be told whether the tree is older than {told}, nor whether another "
            "repository manages this site (git fetch --unshallow; in CI a fetch depth of 0)"
        ]
    if older is None:
        return [f"this clone does not have {told}: git fetch, or another branch or repository imported it"]
    return []


def _told(files: Sequence[Lost]) -> str:
    one = len(files) == 1
    why = "left out by a sparse checkout" if all(file.sparse for file in files) else "missing on the disk"
    return f"{counted(len(files), 'file')} of the tree that git has {'is' if one else 'are'} {why}"


def _stands(files: Sequence[Lost]) -> str:
    return "it stands" if len(files) == 1 else "they stand"


def _named(files: Sequence[Lost]) -> str:
    more = f" and {len(files) - SHOWN} more" if len(files) > SHOWN else ""
    return ", ".join(file.path for file in files[:SHOWN]) + more
