"""A git repository of its own for a test, whatever the developer's own configuration says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest


class Repository:
    """A real repository, and the few commands that tests need."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def git(self, *arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(self.path), *arguments], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.rstrip("\n")

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return file

    def commit_all(self, message: str = "a commit") -> str:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message)
        return self.git("rev-parse", "HEAD")

    def hook(self, name: str, script: str) -> None:
        hook = self.write(f".git/hooks/{name}", "#!/bin/sh\n" + script)
        hook.chmod(0o755)


@pytest.fixture
def repo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    """An empty repository on branch main, with an author."""
    for name in ("AUTHOR_NAME", "AUTHOR_EMAIL", "COMMITTER_NAME", "COMMITTER_EMAIL"):
        monkeypatch.delenv(f"GIT_{name}", raising=False)  # the repository's own configuration is what counts here
    path = tmp_path / "site"
    path.mkdir()
    repository = Repository(path)
    repository.git("init", "--quiet", "--initial-branch=main")
    repository.git("config", "user.name", "Dev")
    repository.git("config", "user.email", "dev@example.org")
    return repository
