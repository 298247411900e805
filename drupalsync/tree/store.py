"""Writes files of the tree: each whole or not at all, several all or none as far as a file system can.

Nothing is forced to the disk (fsync): what a power cut takes, the next export writes again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from drupalsync.errors import DrupalsyncError

NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class WriteFailed(DrupalsyncError):
    """A file could not be written; the message says whether others were."""


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file that lies ready under another name in its folder."""

    temporary: Path
    final: Path


def write_file(path: Path, data: bytes, *, mode: int | None = None) -> None:
    """Replaces a file in one step; a link stays a link, and its target is replaced. Without `mode` it keeps its own.

    Raises WriteFailed, and the file is as it was.
    """
    try:
        staged = _stage(path, data, mode)
    except OSError as error:
        raise _failed(path, error, "nothing was changed") from error
    try:
        staged.temporary.replace(staged.final)
    except OSError as error:
        _discard([staged])
        raise _failed(path, error, "nothing was changed") from error


def write_all(root: Path, files: Mapping[str, bytes | None]) -> None:
    """Writes files by their paths relative to `root`; None deletes one, and the folders that become empty.

    Everything is written under temporary names first, then renamed, then deleted. Raises WriteFailed; until the
    first rename nothing has changed then, after it the message names how far it came.
    """
    targets = {path: _inside(root, path) for path in sorted(files)}
    made: list[Path] = []
    staged: list[_Staged] = []
    failing = root
    try:
        for path, target in targets.items():
            failing = target
            data = files[path]
            if data is not None:
                _make_folder(target.parent, made)
                staged.append(_stage(target, data))
    except BaseException as error:
        _discard(staged)
        _remove_folders(made)
        if isinstance(error, OSError):
            raise _failed(failing, error, "nothing was changed") from error
        raise
    _put_in_place(staged, made)
    _delete(root, [target for path, target in targets.items() if files[path] is None])


def _put_in_place(staged: list[_Staged], made: list[Path]) -> None:
    for done, file in enumerate(staged):
        try:
            file.temporary.replace(file.final)
        except OSError as error:
            _discard(staged[done:])
            if done:
                effect = f"{done} of {len(staged)} files were already written; git diff shows them"
            else:
                _remove_folders(made)
                effect = "nothing was changed"
            raise _failed(file.final, error, effect) from error


def _delete(root: Path, targets: list[Path]) -> None:
    for target in targets:
        try:
            target.unlink(missing_ok=True)
            for folder in target.parents:
                if folder == root or not folder.is_dir() or any(folder.iterdir()):
                    break
                folder.rmdir()
        except OSError as error:
            raise _failed(target, error, "all files were written, but this one was not deleted") from error


def _inside(root: Path, path: str) -> Path:
    """The place of a relative path. Raises WriteFailed for one that leads out of the root, also through a link."""
    target = root.joinpath(*path.split("/"))
    top = os.path.realpath(root)
    real = os.path.realpath(target)
    if path.startswith("/") or ".." in path.split("/") or not real.startswith(top.rstrip(os.sep) + os.sep):
        raise WriteFailed("this path leads out of the tree; nothing was changed", where=f"{root}/{path}")
    return target


def _stage(path: Path, data: bytes, mode: int | None = None) -> _Staged:
    final = Path(os.path.realpath(path))
    temporary = final.with_name(f".{final.name[:100]}.{os.urandom(6).hex()}.tmp")
    staged = _Staged(temporary, final)
    try:
        temporary.touch(0o666 if mode is None else mode, exist_ok=False)
        with temporary.open("wb") as file:
            file.write(data)
        if mode is None and final.exists():
            temporary.chmod(stat.S_IMODE(final.stat().st_mode))
    except BaseException:
        _discard([staged])
        raise
    return staged


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for each in reversed(missing):
        each.mkdir()
        made.append(each)


def _remove_folders(made: list[Path]) -> None:
    for folder in reversed(made):
        with contextlib.suppress(OSError):
            folder.rmdir()


def _discard(staged: list[_Staged]) -> None:
    for file in staged:
        with contextlib.suppress(OSError):
            file.temporary.unlink(missing_ok=True)


def _failed(path: Path, error: OSError, effect: str) -> WriteFailed:
    hint = "make room on the disk" if error.errno in NO_ROOM else "look at the rights of the file and its folder"
    return WriteFailed(f"this file could not be written ({error.strerror}); {effect}", where=str(path), hint=hint)
