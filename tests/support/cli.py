"""A project in a folder of its own, and the command line run in it: in this process, or in one that can be killed."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from unittest import mock

from drupalsync.site import parse_url
from support import sql
from support.surroundings import FIXED, REPO

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

VOLATILE: Final = (
    (re.compile(r"/[\w./-]*/ds-\w+/socket"), "«tmp»/socket"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?UTC|Z|[+-]\d\d:?\d\d)?"), "«time»"),
    (re.compile(r"\b[0-9a-f]{7,40}\b"), "«rev»"),
    (re.compile(r"\b\d+(\.\d+)? m?s\b"), "«t»"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a command left; `transcript` is `$ command`, stdout, stderr, `[exit 3]`, without what changes by the run."""

    code: int
    stdout: str
    stderr: str
    transcript: str


class Project:
    """A folder with a manifest, in a git repository, seen from one of its environments.

    `databases` are the environments' URLs by name; `manifest` is YAML that follows them.
    The first environment is the one that commands run in; `at(name)` is the same project seen from another.
    """

    def __init__(self, root: Path, databases: Mapping[str, str], *, manifest: str = "") -> None:
        self.root = root
        self.databases = dict(databases)
        self.env = next(iter(self.databases))
        lines = [f"  {name}:\n    database: {url}\n" for name, url in databases.items()]
        root.mkdir(parents=True, exist_ok=True)
        self.write("drupalsync.yml", "version: 1\nenvironments:\n" + "".join(lines) + manifest)
        if not (root / ".git").exists():
            self.git("init", "--quiet", "--initial-branch=main")
        self.git("add", "drupalsync.yml")
        self.git("commit", "--quiet", "--message=A project")

    @classmethod
    def copy(cls, project: Path, root: Path, databases: Mapping[str, str], *, manifest: str = "") -> Project:
        """A copy of a project's folder with its repository, for other copies of its sites."""
        shutil.copytree(project, root, ignore=shutil.ignore_patterns(".drupalsync"))
        return cls(root, databases, manifest=manifest)

    def at(self, env: str) -> Project:
        """The same folder and sites, with commands run in the environment `env`."""
        there = object.__new__(Project)
        there.root, there.databases, there.env = self.root, self.databases, env
        return there

    def clone(self, root: Path) -> Project:
        """A fresh clone of the repository: the same sites, and nothing that this checkout remembers of them."""
        self.git("clone", "--quiet", ".", str(root))
        there = self.at(self.env)
        there.root = root
        return there

    @property
    def database(self) -> str:
        return self.databases[self.env]

    def click(self, statement: str) -> None:
        """Changes the site by hand, as somebody with a mouse would."""
        sql.execute(self.database, statement)

    def rows(self, query: str) -> list[sql.Row]:
        return sql.execute(self.database, query)

    def one(self, query: str) -> Any:
        """The one value that the query yields."""
        ((value,),) = self.rows(query)
        return value

    def read(self, name: str) -> str:
        return (self.root / name).read_bytes().decode()

    def write(self, name: str, text: str) -> None:
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())

    def exclude(self, glob: str) -> None:
        """Has the manifest leave items alone."""
        self.write("drupalsync.yml", self.read("drupalsync.yml") + f"exclude: ['{glob}']\n")

    def git(self, *argv: str) -> str:
        command = ["git", *argv]
        done = subprocess.run(command, cwd=self.root, env=self.environ(), capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def environ(self, extra: Mapping[str, str] | None = None) -> dict[str, str]:
        """The whole environment of a command: fixed, and the environment's name."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME")}
        return {**kept, **FIXED, "PYTHONPATH": str(REPO), "DRUPALSYNC_ENV": self.env, **(extra or {})}

    def run(self, *argv: str, exits: int = 0, env: Mapping[str, str] | None = None, stdin: str = "") -> Result:
        """Runs `drupalsync` with these arguments in this process, in the project's folder; no exit but `exits` passes.

        `env` adds to the environment; `stdin` is what a pipe would bring: none of the streams is a terminal.
        """
        from drupalsync.cli.main import main

        out, err = _stream(), _stream()
        with (
            contextlib.chdir(self.root),
            mock.patch.dict(os.environ, self.environ(env), clear=True),
            mock.patch.object(sys, "stdin", _stream(stdin)),
            mock.patch.object(sys, "stdout", out),
            mock.patch.object(sys, "stderr", err),
        ):
            code = main(list(argv))
        stdout, stderr = _written(out), _written(err)
        transcript = self.transcript(argv, stdout, stderr, code)
        assert code == exits, f"expected exit {exits}:\n{transcript}"
        return Result(code=code, stdout=stdout, stderr=stderr, transcript=transcript)

    def spawn(self, *argv: str, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
        """Starts `drupalsync` in a process of its own; the caller ends it with `communicate()`."""
        return subprocess.Popen(
            [sys.executable, "-m", "drupalsync", *argv],
            cwd=self.root,
            env=self.environ(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def transcript(self, argv: tuple[str, ...], stdout: str, stderr: str, code: int) -> str:
        """A run as one text, with what differs from run to run replaced; the exit is told where it is not 0."""
        text = f"$ {shlex.join(('drupalsync', *argv))}\n{stdout}{stderr}" + (f"[exit {code}]\n" if code else "")
        for name, url in self.databases.items():
            for shown in (url, parse_url(url, folder=self.root).shown):
                text = text.replace(shown, f"«database of {name}»")
        text = text.replace(str(self.root.parent), "«tmp»")
        for pattern, word in VOLATILE:
            text = pattern.sub(word, text)
        return text


def _stream(text: str = "") -> io.TextIOWrapper[io.BytesIO]:
    return io.TextIOWrapper(io.BytesIO(text.encode()), encoding="utf-8", write_through=True)


def _written(stream: io.TextIOWrapper[io.BytesIO]) -> str:
    return stream.buffer.getvalue().decode()
