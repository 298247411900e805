"""The files of the tree: read from a folder or a git revision, written all or none.

A file's path is relative to the config folder, in posix form. Only `*.yml` counts; names that begin with a dot
(editors' locks, `.git`) do not.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.tree import plumbing
from drupalsync.tree.plumbing import NoSuchRevision, NotARepository
from drupalsync.tree.store import WriteFailed, write_all, write_file

__all__ = [
    "NoSuchRevision",
    "NotARepository",
    "TreeFile",
    "TreeMissing",
    "UnreadableFile",
    "WriteFailed",
    "read_disk",
    "read_revision",
    "write_all",
    "write_file",
]

SUFFIX: Final = ".yml"
_LINK: Final = "120000"
_SUBMODULE: Final = "160000"


class TreeMissing(DrupalsyncError):
    """The folder of the tree does not exist, which is never the same as an empty one."""


class UnreadableFile(DrupalsyncError):
    """A file of the tree that cannot be read, or that must not be: its suffix, its name, a link out of the tree."""


@dataclass(frozen=True, slots=True)
class TreeFile:
    """One file: its path relative to the config folder, and its content."""

    path: str
    text: bytes


def read_disk(folder: Path) -> dict[str, bytes]:
    """Reads every `*.yml` under a folder, sorted by path.

    Raises TreeMissing, and UnreadableFile for `*.yaml`, for links that leave the folder, and for links to folders.
    """
    if not folder.is_dir():
        raise TreeMissing("the folder of the tree does not exist", where=str(folder),
                          hint="drupalsync export makes it; or set config: in drupalsync.yml")  # fmt: skip
    top = os.path.realpath(folder)
    found: dict[str, bytes] = {}
    try:
        for path, entry in _entries(top, ""):
            if _is_ours(path, str(folder)):
                if entry.is_symlink() and not os.path.realpath(entry.path).startswith(top + os.sep):
                    raise _leaves(path, str(folder))
                with FileIO(entry.path) as file:  # half the time that Path.read_bytes takes
                    found[path] = file.readall()
    except OSError as error:
        raise UnreadableFile(f"this file cannot be read: {error.strerror}", where=str(error.filename)) from error
    return dict(sorted(found.items()))


def _entries(folder: str, path: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yields every file below, with its path relative to where the walk began."""
    with os.scandir(folder) as entries:
        for entry in entries:
            below = path + entry.name
            if entry.name.startswith("."):
                continue
            if not entry.is_dir():
                yield below, entry
            elif entry.is_symlink():
                raise UnreadableFile("a folder of the tree is a link", where=entry.path,
                                     hint="put the folder itself here")  # fmt: skip
            else:
                yield from _entries(entry.path, below + "/")


def _is_ours(path: str, folder: str) -> bool:
    """Whether a file belongs to the tree. Raises UnreadableFile for one whose writer surely thinks so."""
    if path.endswith(".yaml"):
        raise UnreadableFile("files of the tree end in .yml", where=f"{folder}/{path}",
                             hint=f"rename it to {path.removesuffix('.yaml')}.yml")  # fmt: skip
    if not path.endswith(SUFFIX):
        return False
    if path.isprintable():
        return True
    raise UnreadableFile("this file name is not UTF-8, or has control characters in it",
                         where=repr(f"{folder}/{path}"), hint="rename it")  # fmt: skip


def _leaves(path: str, folder: str) -> UnreadableFile:
    return UnreadableFile("this link leads out of the tree", where=f"{folder}/{path}", hint="put the file itself here")


def read_revision(repo: Path, folder: str, rev: str) -> tuple[str, dict[str, bytes]]:
    """Reads what `read_disk` would read in `folder` (relative to `repo`, a folder in a repository) at a revision.

    Returns the revision's hex id beside the files. Raises NotARepository, NoSuchRevision, TreeMissing,
    UnreadableFile.
    """
    revision = plumbing.resolve(repo, rev)
    inside = posixpath.normpath(posixpath.join(plumbing.prefix(repo), folder))
    top = f"{revision}:{'' if inside == '.' else inside}"
    if plumbing.run(repo, "cat-file", "-t", top).stdout.strip() != b"tree":
        raise TreeMissing(f"the folder {folder} does not exist at {rev}", where=f"{rev}:{inside}",
                          hint="look at the revision's files: git ls-tree --name-only " + revision[:12])  # fmt: skip
    ids, links = _listed(plumbing.output(repo, "ls-tree", "-r", "-z", "--full-tree", top), folder)
    blobs = _blobs(repo, sorted({*ids.values(), *links.values()}))
    files = {path: blobs[blob] for path, blob in ids.items()}
    for path, blob in links.items():
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), os.fsdecode(blobs[blob])))
        if target not in ids:
            raise _leaves(path, folder)
        files[path] = blobs[ids[target]]
    return revision, dict(sorted(files.items()))


def _listed(listing: bytes, folder: str) -> tuple[dict[str, str], dict[str, str]]:
    """The blob ids of the tree's files and of its links, by path."""
    ids: dict[str, str] = {}
    links: dict[str, str] = {}
    for line in listing.split(b"\0")[:-1]:
        about, _, raw = line.partition(b"\t")
        mode, _, blob = about.decode().split(" ")
        path = os.fsdecode(raw)
        if any(part.startswith(".") for part in path.split("/")):
            continue
        if mode == _SUBMODULE:
            raise UnreadableFile("a folder of the tree is a submodule", where=f"{folder}/{path}",
                                 hint="put its files into this repository")  # fmt: skip
        if _is_ours(path, folder):
            (links if mode == _LINK else ids)[path] = blob
        elif mode == _LINK:
            raise UnreadableFile("a folder of the tree is a link", where=f"{folder}/{path}",
                                 hint="put the folder itself here")  # fmt: skip
    return ids, links


def _blobs(repo: Path, ids: list[str]) -> dict[str, bytes]:
    """The content of blobs, through one process."""
    if not ids:
        return {}
    stream = plumbing.output(repo, "cat-file", "--batch", data="\n".join([*ids, ""]).encode())
    blobs: dict[str, bytes] = {}
    at = 0
    for blob in ids:
        line_end = stream.index(b"\n", at)
        about = stream[at:line_end].split()
        if about[-1] == b"missing":
            raise plumbing.GitFailed("this clone does not have all the files of the revision", where=str(repo),
                                     hint="clone it in full: without --filter")  # fmt: skip
        begin = line_end + 1
        end = begin + int(about[2])
        blobs[blob] = stream[begin:end]
        at = end + 1
    return blobs
