"""Where the tour runs: a folder, commands typed into it, what they print, and the exit codes that they must have."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from drupalsync.errors import DrupalsyncError

WIDTH: Final = 96
INTERRUPTED: Final = 130
NAME: Final = "drupalsync demo"
MAIL: Final = "demo@museum.example"
GIT: Final = {
    "GIT_CONFIG_GLOBAL": os.devnull,  # a hook, a signing key or a pager of the user's own has no place here
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_PAGER": "cat",
    "GIT_AUTHOR_NAME": NAME,
    "GIT_AUTHOR_EMAIL": MAIL,
    "GIT_COMMITTER_NAME": NAME,
    "GIT_COMMITTER_EMAIL": MAIL,
}


class FolderTaken(DrupalsyncError):
    """The tour would have to write among somebody's files."""


class DemoFailed(DrupalsyncError):
    """A command of the tour did not do what it is there to show."""


class Paint(Protocol):
    """How text is set off on the terminal (`report.style.Style`)."""

    @property
    def colour(self) -> bool: ...
    def bold(self, text: str) -> str: ...
    def dim(self, text: str) -> str: ...
    def paint(self, text: str, colour: str) -> str: ...


@dataclass(slots=True, kw_only=True)
class Stage:
    """`drupalsync` runs a command line in this process and returns its exit code; `git` says whether git is there."""

    folder: Path
    drupalsync: Callable[[list[str]], int]
    style: Paint
    git: bool = field(default_factory=lambda: shutil.which("git") is not None)
    _chapter: int = 0

    def chapter(self, title: str) -> None:
        """A new part of the tour."""
        self._chapter += 1
        head = f"── {self._chapter}. {title} "
        _print(f"\n{self.style.bold(head.ljust(WIDTH, '─'))}")

    def say(self, text: str) -> None:
        """Why the next command is run."""
        _print()
        _print(textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False))

    def suggest(self, command: str, why: str) -> None:
        """A command to type later."""
        _print(f"  {self.style.bold(command.ljust(36))}  {why}".rstrip())

    def run(self, *argv: str, exits: int = 0) -> None:
        """Types a command of drupalsync, shows what it really prints, and checks its exit code.

        Raises DemoFailed.
        """
        self._prompt("drupalsync", *argv)
        code = self.drupalsync(list(argv))
        sys.stderr.flush()
        if code:
            _print(self.style.dim(f"[exit {code}]"))
        if code == INTERRUPTED:
            raise KeyboardInterrupt  # the command line that runs the tour is to end as well
        if code != exits:
            raise DemoFailed(
                f"the tour expected exit {exits} here, and got {code}",
                where=shlex.join(("drupalsync", *argv)),
                hint=f"please report this; the folder is kept: {self.folder}",
            )

    def show(self, name: str) -> None:
        """Types `cat FILE`."""
        self._prompt("cat", name)
        _print((self.folder / name).read_text("utf-8"), end="")

    def call_git(self, *argv: str) -> None:
        """Types a command of git, and shows what it prints; raises DemoFailed."""
        self._prompt("git", *argv)
        _print(self.git_quietly(*argv).strip("\n"))

    def git_quietly(self, *argv: str) -> str:
        """What a command of git prints; raises DemoFailed."""
        colour = ("-c", "color.ui=always") if self.style.colour else ()
        done = subprocess.run(
            ["git", *colour, *argv], capture_output=True, text=True, encoding="utf-8", errors="replace", check=False
        )
        if done.returncode:
            raise DemoFailed(f"git: {done.stderr.strip()}", where=shlex.join(("git", *argv)))
        return done.stdout

    def _prompt(self, *argv: str) -> None:
        _print(f"\n{self.style.paint('$', 'green')} {self.style.bold(shlex.join(argv))}")


@contextmanager
def standing_in(folder: Path) -> Iterator[None]:
    """The working directory and the environment of the tour; both are as before at the end."""
    before = dict(os.environ)
    for name in before:
        if name.startswith(("GIT_", "DRUPALSYNC_")) or name in {"SMTP_PASSWORD", "CRON_KEY", "DRUPAL_PRIVATE_KEY"}:
            del os.environ[name]
    os.environ.update(GIT)
    try:
        with chdir(folder):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def empty_folder(wanted: Path | None) -> Path:
    """The folder to work in: `wanted`, which must be empty or not there yet, or a fresh temporary one.

    Raises FolderTaken.
    """
    if wanted is None:
        from tempfile import mkdtemp

        return Path(mkdtemp(prefix="drupalsync-demo-")).resolve()
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        taken = any(wanted.iterdir())
    except OSError as error:
        raise FolderTaken(f"this folder cannot be used: {error.strerror}", where=str(wanted)) from error
    if taken:
        raise FolderTaken("this folder is not empty", where=str(wanted), hint="name an empty or a new one")
    return wanted.resolve()


def _print(text: str = "", end: str = "\n") -> None:
    """At once: what a command writes to stderr must not come before it."""
    print(text, end=end, flush=True)
