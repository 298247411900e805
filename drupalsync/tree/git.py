"""What a developer's repository has to say, and commits of exactly the files that an export wrote."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.tree import plumbing

if TYPE_CHECKING:
    from git import Repo

_LITERAL: Final = ":(top,literal)"  # not --literal-pathspecs, which the user's hooks would inherit
_NOTHING: Final = re.compile(r"nothing (added )?to commit|no changes added")


class CommitFailed(DrupalsyncError):
    """git made no commit: a hook said no, nobody told git who you are … The files stay as they were written."""


def repository(folder: Path) -> Path | None:
    """The top folder of the working copy that `folder` lies in; None where it lies in none."""
    if _outside(folder):
        return None
    found = plumbing.run(folder, "rev-parse", "--show-toplevel")
    if found.returncode:
        error = plumbing.failure(folder, found.stderr.decode(errors="replace"))
        if "dubious" in found.stderr.decode(errors="replace"):
            raise error  # to say that there is no repository would be wrong, and hide what to do
        return None
    return Path(os.fsdecode(found.stdout.rstrip(b"\n")))


def head(folder: Path) -> str | None:
    """The hex id of the commit that is checked out; None outside of a repository and before the first commit.

    None, too, where there is no git to ask: a release's revision is worth a process, but no reason to stop.
    """
    if _outside(folder) or not _is_installed():
        return None
    found = plumbing.run(folder, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    return found.stdout.decode().strip() if found.returncode == 0 else None


def common_ancestor(folder: Path, one: str, other: str) -> str:
    """The hex id of the commit at which two revisions parted. Raises NotARepository, NoSuchRevision: also where none is known."""
    found = plumbing.run(folder, "merge-base", plumbing.resolve(folder, one), plumbing.resolve(folder, other))
    if found.returncode == 0:
        return found.stdout.decode().split()[0]
    raise plumbing.NoSuchRevision(
        f"{one} and {other} have no commit in common here",
        where=str(folder),
        hint=plumbing.shallow(folder) or f"compare them as they are: {one}..{other}",
    )


def is_shallow(folder: Path) -> bool:
    """Whether this clone lacks history; False where that cannot be told."""
    if _outside(folder) or not _is_installed():
        return False
    return plumbing.run(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"


def origin(folder: Path) -> tuple[tuple[str, ...], str] | None:
    """What stays the same in every full clone: the ids of HEAD's first commits, and the folder's path below the top.

    None where that cannot be told: no repository, no commit, no git, or a clone that is shallow.
    """
    if _outside(folder) or not _is_installed():
        return None
    asked = plumbing.run(folder, "rev-parse", "--is-shallow-repository", "--show-prefix")
    shallow, _, prefix = os.fsdecode(asked.stdout).partition("\n")
    if asked.returncode or shallow != "false":
        return None
    roots = plumbing.run(folder, "rev-list", "--max-parents=0", "HEAD")
    return None if roots.returncode else (tuple(sorted(roots.stdout.decode().split())), prefix.strip("/\n"))


def is_ancestor(folder: Path, older: str, newer: str) -> bool | None:
    """Whether the one commit leads to the other; None where this clone does not have both. Both are hex ids."""
    code = plumbing.run(folder, "merge-base", "--is-ancestor", older, newer).returncode
    return code == 0 if code in {0, 1} else None


def tracked(folder: Path) -> dict[str, bool]:
    """The files of git's index in this folder, by path relative to it: whether a sparse checkout leaves each out.

    Empty outside of a repository, and where there is no git to ask.
    """
    if _outside(folder) or not _is_installed():
        return {}
    listed = plumbing.output(folder, "ls-files", "-z", "-t", "--", ".").split(b"\0")
    return {os.fsdecode(line[2:]): line[:1] == b"S" for line in listed if line}


def _is_installed() -> bool:
    return shutil.which("git") is not None


def _outside(folder: Path) -> bool:
    """Whether the folder lies in no repository; told without git, for a machine that has none may export as well."""
    there = folder.resolve()
    return not any((above / ".git").exists() for above in (there, *there.parents))


def dirty(folder: Path, paths: Iterable[str]) -> list[str]:
    """Which of these files (relative to `folder`) git does not have as they are: changed, staged, or not tracked.

    Files that git ignores count as not tracked. Raises NotARepository.
    """
    prefix = plumbing.prefix(folder)
    changed = plumbing.output(
        folder, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules", "--", "."
    )
    found = {os.fsdecode(line[3:]) for line in changed.split(b"\0")}
    tracked = _names(plumbing.output(folder, "ls-files", "-z", "--cached", "--full-name", "--", "."))
    return sorted(
        path
        for path in set(paths)
        if prefix + path in found or (prefix + path not in tracked and os.path.lexists(folder / path))
    )


def commit(folder: Path, paths: list[Path], message: str) -> str | None:
    """Commits these files as they are on disk (a missing one as deleted), and nothing else that is staged.

    The user's hooks run. Returns the new commit's hex id, or None where nothing has changed. Raises
    NotARepository, CommitFailed.
    """
    if not paths:
        return None
    top = Path(os.fsdecode(plumbing.output(folder, "rev-parse", "--show-toplevel").rstrip(b"\n")))
    inside = _relative_to(top, paths)
    wanted = dirty(top, inside)
    tracked = _names(plumbing.output(top, "ls-files", "-z", "--cached"))
    if head(top) is not None:
        tracked |= _names(plumbing.output(top, "ls-tree", "-r", "-z", "--name-only", "HEAD"))
    if not wanted:
        return None
    from git import GitCommandError, Repo  # 100 ms, and only --commit needs it

    with Repo(top, expand_vars=False) as repo:
        # As the user's own `git commit` would: with her hooks, but never with a program that the checkout names.
        repo.git.set_persistent_git_options(c="core.fsmonitor=false")
        repo.git.update_environment(**_own_places(repo, top))
        _check_identity(repo)
        try:
            return _commit_only(repo, wanted, [path for path in wanted if path not in tracked], message)
        except GitCommandError as error:
            if _NOTHING.search(str(error.stdout)):
                return None
            raise _refused(top, error) from error


def _names(listing: bytes) -> set[str]:
    return set(map(os.fsdecode, listing.split(b"\0")))


def _own_places(repo: Repo, top: Path) -> dict[str, str]:
    """Inside the hook of another command, git's variables speak of that command's index and folder."""
    places = {
        "GIT_DIR": str(repo.git_dir),
        "GIT_WORK_TREE": str(top),
        "GIT_INDEX_FILE": str(Path(repo.git_dir, "index")),
    }
    return {name: place for name, place in places.items() if name in os.environ}


def _relative_to(top: Path, paths: list[Path]) -> list[str]:
    """Paths as git has them. The folder is resolved, a file that is a link is not: git tracks the link."""
    inside = []
    for path in paths:
        place = path.parent.resolve() / path.name
        if not place.is_relative_to(top.resolve()):
            raise CommitFailed("this file is not in the repository", where=str(path))
        inside.append(place.relative_to(top.resolve()).as_posix())
    return sorted(set(inside))


def _commit_only(repo: Repo, paths: list[str], new: list[str], message: str) -> str:
    """`git commit --only` leaves what else is staged alone; files that git does not know are made known first."""
    from git import GitCommandError

    from_file = ("--pathspec-from-file=-", "--pathspec-file-nul")
    with _listed(new) as bare, _listed(new, _LITERAL) as unknown, _listed(paths, _LITERAL) as wanted:
        try:
            if new:
                repo.git.add("--intent-to-add", *from_file, istream=unknown)
            repo.git.commit("--only", f"--message={message}", *from_file, istream=wanted)
        except GitCommandError:
            if new:
                repo.git.update_index("-z", "--force-remove", "--stdin", istream=bare)
            raise
    return str(repo.git.rev_parse("--verify", "HEAD"))


@contextmanager
def _listed(paths: list[str], magic: str = "") -> Iterator[IO[bytes]]:
    """Paths for git to read, because thousands do not fit on a command line."""
    from tempfile import TemporaryFile

    with TemporaryFile() as file:
        file.write(b"".join(os.fsencode(magic + path) + b"\0" for path in paths))
        file.seek(0)
        yield file


def _check_identity(repo: Repo) -> None:
    from git import GitCommandError

    try:
        repo.git.var("GIT_AUTHOR_IDENT")
        repo.git.var("GIT_COMMITTER_IDENT")
    except GitCommandError as error:
        raise CommitFailed(
            "git does not know who makes this commit; nothing was committed",
            hint='git config user.name "Your Name" and git config user.email you@example.org',
        ) from error


def _refused(top: Path, error: Exception) -> CommitFailed:
    said = str(getattr(error, "stderr", "")).strip().removeprefix("stderr: ").strip("'\n ")
    said = said or str(getattr(error, "stdout", "")).strip()
    if "index.lock" in said:
        hint = "another git is at work here, or one died: when none runs, delete .git/index.lock"
    elif "ignored by one of your .gitignore" in said:
        hint = "take the tree's folder out of .gitignore"
    elif "during a merge" in said:
        hint = "finish or abort the merge first, then commit the files"
    else:
        hint = "mend what git says, then commit the files yourself, or export --commit again"
    return CommitFailed(
        f"git did not make the commit: {said or 'a hook stopped it without a word'}", where=str(top), hint=hint
    )
