"""The folder of a checkout for what need not be kept: git-ignored, safe to delete."""

from __future__ import annotations

from pathlib import Path

from drupalsync.tree.files import WriteFailed, write_file

FOLDER = ".drupalsync"


def own_folder(project: Path) -> Path:
    """The folder, made where it is missing; git ignores it, whatever the project's own .gitignore says.

    Raises WriteFailed.
    """
    folder = project / FOLDER
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise WriteFailed(
            f"this folder could not be made ({error.strerror}); nothing was changed",
            where=str(folder),
            hint="look at the rights of the project's folder, and at the room on its disk",
        ) from error
    ignore = folder / ".gitignore"
    if not ignore.exists():
        write_file(ignore, b"*\n")
    return folder


def cache_file(project: Path, environment: str) -> Path:
    """Where memory.py keeps what it remembers of a site's rows."""
    return project / FOLDER / f"{environment}.keys.json"


def cache_bytes(project: Path, environment: str) -> bytes:
    """That cache as it lies on the disk; empty where there is none."""
    try:
        return cache_file(project, environment).read_bytes()
    except OSError:
        return b""


def memo_file(project: Path, environment: str, command: str) -> Path:
    """Where memo.py keeps a command's last outcome."""
    return project / FOLDER / f"{environment}.{command}.memo"
