"""What is still to do after the commit: numbered rows in the ledger, so that a run that dies leaves a mark.

The next run finishes them first and says so. Every step may run twice without harm.
"""

from __future__ import annotations

import json
import shlex
import subprocess
from collections.abc import Callable, Sequence

from drupalsync.apply import tables
from drupalsync.errors import DrupalsyncError, counted
from drupalsync.site import Cell, DatabaseError, Site, Stale, clear
from drupalsync.site.later import DROP, NO_RELEASE, RENAME

CACHE = "cache"
HOOK = "hook"
READ_BACK = "read back"  # what the commands left of the release: each of them may write to the site
RECORD = "record"  # that all of them are done

MANY = 5  # items to name


class HookFailed(DrupalsyncError):
    """A command of `after_import` failed; the import itself stands."""


class HooksMeddled(DrupalsyncError):
    """The commands of `after_import` changed what the release wrote; the import itself stands."""

    exit_code = 3


class CachesLeft(DrupalsyncError):
    """The database failed after the commit; the import itself stands."""


def write_steps(site: Site, release: int, hooks: Sequence[str]) -> int:
    """Writes down what the release has to do after its commit; returns how many steps."""
    stale = [(CACHE, json.dumps([entry.bin, entry.cid, entry.prefix])) for entry in site.caches.stale()]
    rows = [*tables.renames(site), *stale, *_after_caches(hooks)]
    _insert(site, release, rows, first=1)
    return len(rows)


def has_read_back(site: Site, release: int) -> bool:
    """Whether the release is read back when its commands have run."""
    return bool(
        site.one(
            "SELECT number FROM {drupalsync_step} WHERE release_id = ? AND action = ? AND done = 0",
            [release, READ_BACK],
        )
    )


def note_for_read_back(site: Site, release: int, text: str) -> None:
    """Keeps what the reading back is to know, until it is done."""
    site.update("drupalsync_step", {"argument": text}, {"release_id": release, "action": READ_BACK})


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


def finish(site: Site, folder: str, hooks: Sequence[str], read_back: Callable[[int, str], Sequence[str]]) -> list[str]:
    """Does what is not done yet, each step marked when it is; returns a line a step.

    `hooks` are the manifest's commands of now; `read_back` (release, what was noted for it) names what the release wrote
    and the site no longer has so.
    Raises HookFailed, CachesLeft at the first step that fails; it and what follows stay to be done. Raises HooksMeddled
    when all are.
    """
    told: list[str] = []
    undone: dict[int, Sequence[str]] = {}
    for release in dict.fromkeys(step[0] for step in unfinished(site)):
        try:
            _take_hooks_of_now(site, release, hooks)
            for _, number, action, argument in [step for step in unfinished(site) if step[0] == release]:
                if action == READ_BACK:
                    undone[release] = read_back(release, argument)
                told += _do(site, release, action, argument, folder)
                site.update("drupalsync_step", {"done": 1}, {"release_id": release, "number": number})
        except DatabaseError as error:
            stands = f"release {release} stands, but what follows it is not finished"
            raise CachesLeft(
                f"{stands if release != NO_RELEASE else 'the tables of a run that failed cannot be dropped'}: {error.what}",
                where=error.where,
                hint="run the same again to finish it",
            ) from error
    for release, differences in undone.items():
        if differences:
            raise _meddled(site, release, differences)
    return told


def _do(site: Site, release: int, action: str, argument: str, folder: str) -> list[str]:
    """One step; returns what there is to tell of it."""
    if action in {DROP, RENAME}:
        tables.do(site, action, argument)
    if action == CACHE:
        bin_, cid, prefix = json.loads(argument)
        clear(site, Stale(bin_, cid, prefix=prefix))
        return [bin_]
    if action == HOOK:
        _run(argument, folder, release)
        return [argument]
    if action == RECORD:
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
    ran = any(action == HOOK and done for _, action, _, done in rows)
    noted = next((str(argument) for _, action, argument, done in rows if action == READ_BACK and not done), "")
    if not pending or pending == left:
        return
    site.db.begin()
    try:
        site.execute(
            "DELETE FROM {drupalsync_step} WHERE release_id = ? AND action IN (?, ?, ?) AND done = 0",
            [release, HOOK, READ_BACK, RECORD],
        )
        _insert(site, release, _after_caches(left, ran=ran, noted=noted), first=int(str(rows[-1][0])) + 1)
        site.db.commit()
    except BaseException:
        site.db.rollback()
        raise


def _after_caches(hooks: Sequence[str], *, ran: bool = False, noted: str = "") -> list[tuple[str, str]]:
    """The steps that follow the caches; `ran`: a command has run already; `noted`: for the reading back."""
    checks = [(READ_BACK, noted)] if hooks or ran else []
    return [*((HOOK, command) for command in hooks), *checks, (RECORD, "")]


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


def _meddled(site: Site, release: int, differences: Sequence[str]) -> HooksMeddled:
    """Which commands ran, and what is no longer as the release wrote it: no undoing, for the site is as it is."""
    rows = site.rows(
        "SELECT argument FROM {drupalsync_step} WHERE release_id = ? AND action = ? ORDER BY number", [release, HOOK]
    )
    commands = ", ".join(dict.fromkeys(str(command) for (command,) in rows))
    more = f" (and {counted(len(differences) - MANY, 'more item')})" if len(differences) > MANY else ""
    return HooksMeddled(
        f"release {release} stands, but after {commands} it is no longer as it was written: "
        f"{'; '.join(differences[:MANY])}{more}",
        where=site.shown,
        hint="does what they call write there, too? take its value into the tree (drupalsync export), or `exclude:` the item",
    )


def _failed(command: str, release: int, why: str) -> HookFailed:
    return HookFailed(
        f"release {release} stands, but a command of after_import failed: {why}",
        where=command,
        hint="correct what it calls, or the command in drupalsync.yml, and run the same again to finish it",
    )
