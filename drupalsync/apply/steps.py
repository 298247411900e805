"""What is still to do after the commit: numbered rows in the ledger, so that a run that dies leaves a mark.

The next run finishes them first and says so. Every step may run twice without harm.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Sequence

from drupalsync.errors import DrupalsyncError
from drupalsync.site import Site, Stale, clear

CACHE = "cache"
HOOK = "hook"


class HookFailed(DrupalsyncError):
    """A command of `after_import` failed; the import itself stands."""


def write_steps(site: Site, release: int, hooks: Sequence[str]) -> int:
    """Writes down what the release has to do after its commit; returns how many steps."""
    stale = [(CACHE, json.dumps([entry.bin, entry.cid, entry.prefix])) for entry in site.caches.stale()]
    rows = [*stale, *((HOOK, command) for command in hooks)]
    site.insert_many(
        "drupalsync_step",
        [
            {"release_id": release, "number": number, "action": action, "argument": argument, "done": 0}
            for number, (action, argument) in enumerate(rows, start=1)
        ],
    )
    return len(rows)


def unfinished(site: Site) -> list[tuple[int, int, str, str]]:
    """(release, number, action, argument) of every step not done, in order."""
    if "drupalsync_step" not in site.tables:
        return []
    rows = site.rows(
        "SELECT release_id, number, action, argument FROM {drupalsync_step} WHERE done = 0 ORDER BY release_id, number"
    )
    return [
        (int(str(release)), int(str(number)), str(action), str(argument)) for release, number, action, argument in rows
    ]


def finish(site: Site, folder: str) -> list[str]:
    """Does what is not done yet, each step marked when it is; returns a line a step.

    Raises HookFailed at the first command that fails; it and what follows stay to be done.
    """
    told = []
    for release, number, action, argument in unfinished(site):
        if action == CACHE:
            bin_, cid, prefix = json.loads(argument)
            clear(site, Stale(bin_, cid, prefix=prefix))
            told.append(bin_)
        else:
            _run(argument, folder)
            told.append(argument)
        site.update("drupalsync_step", {"done": 1}, {"release_id": release, "number": number})
    if told:
        site.execute("UPDATE {drupalsync_release} SET state = ? WHERE state = ?", ["done", "committed"])
    return told


def _run(command: str, folder: str) -> None:
    try:
        result = subprocess.run(
            shlex.split(command), cwd=folder, capture_output=True, text=True, timeout=3600, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise HookFailed(
            f"after_import: {error}", where=command, hint="the import stands; correct the command and run import again"
        ) from error
    if result.returncode:
        last = (result.stderr or result.stdout).strip().splitlines()[-1:] or [""]
        raise HookFailed(
            f"after_import: exit {result.returncode}: {last[0]}",
            where=command,
            hint="the import stands; run import again to finish it",
        )
