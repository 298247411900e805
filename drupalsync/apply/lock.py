"""The lock of a site, and the story that it tells whoever finds it taken.

The lock itself is the server's (or the file's), and goes with the connection. The row in drupalsync_lock only describes
it, and is believed only while its session is the one that holds the lock. It is written outside of the transaction,
where others see it at once: when a run that has something to write waits for a yes, when it writes, and when it has
committed. A run that finds nothing to do writes no row, and is known by its session alone.
"""

from __future__ import annotations

import contextlib
import getpass
import json
import os
import socket
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from drupalsync.apply.project import in_utc, now
from drupalsync.errors import DrupalsyncError
from drupalsync.site import Cell, DatabaseError, LockBusy, Site

LOCK: Final = "drupalsync"
ASKING: Final = "waiting for somebody to say yes to its plan"
WRITING: Final = "writing, in one transaction"
COMMITTED: Final = "committed, and now clearing caches and running after_import"
MENDS: Final = {
    "mysql": "a proxy that hands statements to different connections (ProxySQL, MaxScale, a pooler) cannot keep a lock: "
    "let drupalsync connect to the server itself",
    "sqlite": "somebody deleted the file *.drupalsync-lock beside the database: run it again",
}


class LockBroken(DrupalsyncError):
    """A lock that was taken and is not held; nothing was written."""


def take(site: Site, seconds: float, command: str, environ: Mapping[str, str]) -> None:
    """Takes the site's lock; raises LockBusy that says who holds it, LockBroken where it cannot be held."""
    name = _name(site)
    try:
        site.db.take_lock(name, seconds)
    except LockBusy as busy:
        where = _holder(site, name) or busy.where
        raise LockBusy(busy.what, where=where, hint="wait for it, or give --lock-timeout SECONDS") from busy
    if not site.db.owns_lock():
        raise LockBroken(
            "the lock was given, but this connection does not hold it; nothing was written",
            where=site.shown,
            hint=MENDS[site.db.engine],
        )
    site.story = {"command": command, "url": job(environ), "since": now()}


def tell(site: Site, step: str) -> None:
    """Writes down who holds the lock, and how far it is. No run fails because this could not be written."""
    if "drupalsync_lock" not in site.tables:
        return
    user, _, host = who().rpartition("@")
    told = {**site.story, "user": user, "host": host, "pid": os.getpid(), "step": step}
    with contextlib.suppress(DatabaseError):  # a connection that is gone is found by what comes next
        told["session"] = site.db.session()
        row: dict[str, Cell] = {"who": json.dumps(told, ensure_ascii=False), "since": int(told.get("since", 0))}
        if not site.update("drupalsync_lock", row, {"id": 1}):
            site.insert("drupalsync_lock", {"id": 1, **row})


def who() -> str:
    """The user and the machine of this run."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()}"


def job(environ: Mapping[str, str]) -> str:
    """The page of the CI job that this run is part of, without a password; "" where none is known.

    Sources: the default variables of GitHub Actions, GitLab CI and Jenkins.
    """
    server, project, run = (environ.get(f"GITHUB_{name}", "") for name in ("SERVER_URL", "REPOSITORY", "RUN_ID"))
    github = f"{server}/{project}/actions/runs/{run}" if server and project and run else ""
    url = github or environ.get("CI_JOB_URL") or environ.get("BUILD_URL") or ""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()


def holder(site: Site) -> str:
    """Who holds the site's lock, found out without taking it; "" where nobody else does."""
    name = _name(site)
    return _holder(site, name) if site.db.lock_holder(name) not in {"", site.db.session()} else ""


def _name(site: Site) -> str:
    return f"{LOCK}.{site.prefix}" if site.prefix else LOCK


def _holder(site: Site, name: str) -> str:
    """Who holds the lock: the row tells it in full, but may be an earlier holder's."""
    session = site.db.lock_holder(name)
    row = site.one("SELECT who FROM {drupalsync_lock} WHERE id = 1") if "drupalsync_lock" in site.tables else None
    told = _story(str(row[0])) if row else {}
    if not session or told.get("session") != session:
        return f"held by {session}" if session else ""
    process = "" if session.startswith("process") else f", process {told.get('pid')}"
    parts = [
        f"held by {told.get('user')}@{told.get('host')}, {session}{process}",
        f"since {in_utc(since)}" if isinstance(since := told.get("since"), int) and since else "",
        str(told.get("step", "")),
        str(told.get("command", "")),
        str(told.get("url", "")),
    ]
    return "\n         ".join(part for part in parts if part)


def _story(text: str) -> dict[str, object]:
    """What a row tells; nothing where an older drupalsync wrote it."""
    try:
        told = json.loads(text)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
