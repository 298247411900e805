"""Runs git for reading, so that a hostile checkout cannot make it run a program or write.

Fixed arguments only; `core.fsmonitor` would start a program that the checkout names, and hooks are of no use to a
reader. No optional locks, no fetching of what a partial clone lacks.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Final

from drupalsync.errors import DrupalsyncError

HARDENED: Final = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
# Set where a hook of another command is running; they would point git at that command's index or folder.
_INHERITED: Final = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


class GitFailed(DrupalsyncError):
    """git said no, for a reason that has no name of its own here."""


class NotARepository(DrupalsyncError):
    """The folder does not lie in a git repository, or git refuses to work in it."""


class NoSuchRevision(DrupalsyncError):
    """No commit has this name, or this clone does not have it."""


def environment() -> dict[str, str]:
    """The environment for reading: messages in English, no lock that is not needed, nothing fetched."""
    kept = {name: value for name, value in os.environ.items() if name not in _INHERITED}
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def run(folder: Path, *arguments: str, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Runs git in a folder, whatever its exit code. Raises GitFailed where there is no git."""
    command = ["git", "-C", str(folder), *HARDENED, *arguments]
    try:
        return subprocess.run(command, input=data, capture_output=True, env=environment(), check=False)
    except FileNotFoundError as error:
        raise GitFailed("git is not installed here", hint="install git, or put it on the PATH") from error


def output(folder: Path, *arguments: str, data: bytes = b"") -> bytes:
    """What git prints. Raises NotARepository, GitFailed."""
    done = run(folder, *arguments, data=data)
    if done.returncode:
        raise failure(folder, done.stderr.decode(errors="replace"))
    return done.stdout


def failure(folder: Path, message: str) -> DrupalsyncError:
    """The error that git's own words mean."""
    if "dubious ownership" in message:
        return NotARepository(
            "git refuses to read this repository because it belongs to somebody else",
            where=str(folder),
            hint="if you trust it: git config --global --add safe.directory " + str(folder.resolve()),
        )
    if "not a git repository" in message or "cannot change to" in message:
        return NotARepository(
            "this folder is not in a git repository", where=str(folder), hint="git init, or run this in the checkout"
        )
    lines = message.strip().splitlines() or ["git failed without a word"]
    return GitFailed(lines[-1].removeprefix("fatal: "), where=str(folder))


def resolve(folder: Path, revision: str) -> str:
    """The hex id of the commit that a revision names: from here on no user's text reaches git.

    Raises NoSuchRevision, NotARepository.
    """
    found = run(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    if found.returncode == 0:
        return found.stdout.decode().strip()
    hint = shallow(folder) or "git fetch first, or look for its name with: git log --oneline"
    raise NoSuchRevision(f"there is no revision {revision!r} here", where=str(folder), hint=hint)


def shallow(folder: Path) -> str:
    """What mends a clone that lacks the older commits; "" where this one has them all. Raises NotARepository."""
    if output(folder, "rev-parse", "--is-shallow-repository").strip() == b"true":
        return "this clone is shallow: git fetch --unshallow (in CI: a fetch depth of 0)"
    return ""


def prefix(folder: Path) -> str:
    """The folder's path below the top of its repository, "" or with a slash at its end. Raises NotARepository."""
    return output(folder, "rev-parse", "--show-prefix").decode().rstrip("\n")
