"""What is still to do after the commit: numbered rows in the ledger, so that a run that dies leaves a mark.

The next run finishes them first and says so. Every step may run twice without harm.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Sequence

from drupalsync.errors import DrupalsyncError
from drupalsync.site import Cell, DatabaseError, Site, Stale, clear

CACHE = "cache"
HOOK = "hook"
RECORD = "record"  # that all of them are done


class HookFailed(DrupalsyncError):
    """A command of `after_import` failed; the import itself stands."""


class CachesLeft(DrupalsyncError):
    """The database failed after the commit; the import itself stands."""


def write_steps(site: Site, release: int, hooks: Sequence[str]) -> int:
    """Writes down what the release has to do after its commit; returns how many steps."""
    stale = [(CACHE, json.dumps([entry.bin, entry.cid, entry.prefix])) for entry in site.caches.stale()]
    rows = [*stale, *_after_caches(hooks)]
    _insert(site, release, rows, first=1)
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


def finish(site: Site, folder: str, hooks: Sequence[str]) -> list[str]:
    """Does what is not done yet, each step marked when it is; returns a line a step.

    `hooks` are the manifest's commands of now. Raises HookFailed, CachesLeft at the first step that fails; it and what
    follows stay to be done.
    """
    told = []
    for release in dict.fromkeys(step[0] for step in unfinished(site)):
        try:
            _take_hooks_of_now(site, release, hooks)
            for _, number, action, argument in [step for step in unfinished(site) if step[0] == release]:
                told += _do(site, release, action, argument, folder)
                site.update("drupalsync_step", {"done": 1}, {"release_id": release, "number": number})
        except DatabaseError as error:
            raise CachesLeft(
                f"release {release} stands, but what follows it is not finished: {error.what}",
                where=error.where,
                hint="run the same again to finish it",
            ) from error
    return told


def _do(site: Site, release: int, action: str, argument: str, folder: str) -> list[str]:
    """One step; returns what there is to tell of it."""
    if action == CACHE:
        bin_, cid, prefix = json.loads(argument)
        clear(site, Stale(bin_, cid, prefix=prefix))
        return [bin_]
    if action == HOOK:
        _run(argument, folder, release)
        return [argument]
    site.update("drupalsync_release", {"state": "done"}, {"id": release})
    return []


def _take_hooks_of_now(site: Site, release: int, hooks: Sequence[str]) -> None:
    """Commands as the manifest has them now: one that was corrected there must not run, and fail, for ever."""
    rows = site.rows(
        "SELECT number, action, argument, done FROM {drupalsync_step} WHERE release_id = ? ORDER BY number", [release]
    )
    left = list(hooks)
    for _, action, argument, done in rows:
        if action == HOOK and done and argument in left:
            left.remove(str(argument))
    pending = [str(argument) for _, action, argument, done in rows if action == HOOK and not done]
    if not pending or pending == left:
        return
    site.db.begin()
    try:
        site.execute(
            "DELETE FROM {drupalsync_step} WHERE release_id = ? AND action <> ? AND done = 0", [release, CACHE]
        )
        _insert(site, release, _after_caches(left), first=int(str(rows[-1][0])) + 1)
        site.db.commit()
    except BaseException:
        site.db.rollback()
        raise


def _after_caches(hooks: Sequence[str]) -> list[tuple[str, str]]:
    return [*((HOOK, command) for command in hooks), (RECORD, "")]


def _insert(site: Site, release: int, steps: Sequence[tuple[str, str]], first: int) -> None:
    rows: list[dict[str, Cell]] = [
        {"release_id": release, "number": number, "action": action, "argument": argument, "done": 0}
        for number, (action, argument) in enumerate(steps, start=first)
    ]
    site.insert_many("drupalsync_step", rows)


def _run(command: str, folder: str, release: int) -> None:
    try:
        result = subprocess.run(
            shlex.split(command), cwd=folder, capture_output=True, text=True, timeout=3600, check=False
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise _failed(command, release, str(error)) from error
    if result.returncode:
        last = (result.stderr or result.stdout).strip().splitlines()[-1:]
        raise _failed(command, release, ": ".join([f"exit {result.returncode}", *last]))


def _failed(command: str, release: int, why: str) -> HookFailed:
    return HookFailed(
        f"release {release} stands, but a command of after_import failed: {why}",
        where=command,
        hint="correct what it calls, or the command in drupalsync.yml, and run the same again to finish it",
    )
