"""Nothing of a project may change while a command says no: not a row, not a file, not what git has staged."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pymysql

from support import sql

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.cli import Project


@contextmanager
def untouched(*projects: Project) -> Iterator[None]:
    """Fails where the block changes a row of a project's site, a file in its folder, or git's index or commits."""
    before = [_state(project) for project in projects]
    yield
    for project, (rows, there, git) in zip(projects, before, strict=True):
        rows_now, there_now, git_now = _state(project)
        changed = [table for table in sorted({*rows, *rows_now}) if rows.get(table) != rows_now.get(table)]
        assert not changed, f"{project.env}: rows changed in {', '.join(changed)}"
        assert there_now == there
        assert git_now == git


def files(project: Project) -> dict[str, bytes]:
    """What lies in the project's folder, but for git's own and for what only speeds up the next run."""
    found = (file for file in sorted(project.root.rglob("*")) if file.is_file())
    named = {file.relative_to(project.root).as_posix(): file for file in found}
    return {
        name: file.read_bytes() for name, file in named.items() if name.split("/")[0] not in {".git", ".drupalsync"}
    }


def _state(project: Project) -> tuple[sql.Contents, dict[str, bytes], str]:
    git = project.git("rev-parse", "HEAD") + project.git("status", "--porcelain")
    rows = sql.contents(project.database) if _is_there(project.database) else {}
    rows.pop("drupalsync_lock", None)  # who held the lock last: believed only while it is held
    return rows, files(project), git


def _is_there(url: str) -> bool:
    """Whether there is a database: a look must not make one."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        file = Path(parts.path[1:])
        return file.exists() and file.read_bytes()[:6] in {b"", b"SQLite"}
    if not Path(parse_qs(parts.query)["unix_socket"][0]).exists():
        return False
    try:
        sql.execute(url, "SELECT 1")
    except pymysql.err.OperationalError:
        return False
    return True
