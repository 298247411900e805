"""An import: lock, plan, write in one transaction, read back, commit, then what follows the commit (design §9)."""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from drupalsync.apply import steps, write
from drupalsync.apply.desired import Tree, check_not_empty
from drupalsync.apply.gather import Gathered, gather
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.project import Project
from drupalsync.apply.seal import pack
from drupalsync.apply.select import Selection
from drupalsync.errors import DrupalsyncError
from drupalsync.php import canonical
from drupalsync.kinds import Item
from drupalsync.plan import Action, Change, Inputs, Plan, Policy, make_plan
from drupalsync.site import LocalId, LockBusy, Site

LOCK = "drupalsync"


class LiveMoved(DrupalsyncError):
    """The site changed between the plan and the write; nothing was written."""

    exit_code = 3


class WillNotSettle(DrupalsyncError):
    """What was written does not read back as it was meant; nothing was kept."""


class LockLost(DrupalsyncError):
    """The lock went away before the commit; nothing was kept."""


class NoTransactions(DrupalsyncError):
    """Tables that cannot be rolled back."""


@dataclass(slots=True, kw_only=True)
class Looked:
    """A plan and what it was made from."""

    ledger: Ledger
    gathered: Gathered
    plan: Plan
    last_release: tuple[int, str, int] | None
    unfinished: int = 0  # steps that an earlier release left


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What an import did."""

    release: int | None = None
    finished: list[str] = field(default_factory=list)  # steps that an earlier release had left
    caches: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What the release remembers of where it came from."""

    revision: str
    selectors: tuple[str, ...] = ()


def look(project: Project, site: Site, tree: Tree, selection: Selection, policy: Policy) -> Looked:
    """Makes the plan from one moment of the site, and checks all that it would write. Writes nothing.

    Raises Problems where the tree asks for what the site cannot have.
    """
    check_not_empty(tree)
    site.db.begin_snapshot()
    try:
        ledger = Ledger(site)
        gathered = gather(project, site, ledger, tree, selection)
        plan = make_plan(gathered.inputs, policy)
        write.check(gathered, plan)
        return Looked(
            ledger=ledger,
            gathered=gathered, plan=plan, last_release=ledger.last_release(), unfinished=len(steps.unfinished(site))
        )
    finally:
        site.db.rollback()


def take_lock(site: Site, seconds: float) -> None:
    """Takes the site's lock; raises LockBusy that says who holds it."""
    try:
        site.db.take_lock(f"{LOCK}.{site.prefix}" if site.prefix else LOCK, seconds)
    except LockBusy as busy:
        raise LockBusy(
            busy.what, where=_holder(site) or busy.where, hint="wait for it, or give --lock-timeout SECONDS"
        ) from busy


def carry_out(
    project: Project,
    site: Site,
    tree: Tree,
    selection: Selection,
    policy: Policy,
    looked: Looked,
    origin: Provenance,
    told: Callable[[Change], None],
) -> Outcome:
    """Writes an unblocked plan; the lock is held. Everything or nothing, then the steps after the commit.

    Raises LiveMoved, WillNotSettle, LockLost, NoTransactions: then nothing was written.
    """
    outcome = Outcome(finished=steps.finish(site, str(project.folder)))
    if looked.plan.nothing_to_do:
        return outcome
    _refuse_without_transactions(site)
    looked.ledger.make()
    _say_who(site, looked.gathered.ctx.now)
    site.caches.forget()
    site.db.begin()
    try:
        write.lock(looked.gathered, looked.plan)
        outcome.release = _transaction(project, site, tree, selection, policy, looked, origin, told)
        if not site.db.owns_lock():
            raise LockLost("the lock was lost before the commit; nothing was written", hint="run it again")
        site.db.commit()
    except BaseException:
        site.db.rollback()
        raise
    outcome.caches = steps.finish(site, str(project.folder))
    return outcome


def _transaction(
    project: Project,
    site: Site,
    tree: Tree,
    selection: Selection,
    policy: Policy,
    looked: Looked,
    origin: Provenance,
    told: Callable[[Change], None],
) -> int:
    """Reads again what is now locked, writes, reads back; returns the release's number."""
    ledger = looked.ledger
    gathered = gather(project, site, ledger, tree, selection)
    plan = make_plan(gathered.inputs, policy)
    _same_plan(looked.plan, plan)
    release = ledger.begin_release(
        revision=origin.revision,
        author=_who(),
        started=gathered.ctx.now,
        changes=len(plan.writes),
        selectors=origin.selectors,
    )
    done = write.carry_out(gathered, plan, told)
    write.remember(ledger, plan, done, release)
    steps.write_steps(site, release, project.environment.after_import if plan.writes else ())
    back = gather(project, site, ledger, tree, selection).inputs
    _settled(make_plan(replace(back, base=_completed(ledger, done, back, release)), policy))
    return release


def _completed(ledger: Ledger, done: list[tuple[Change, LocalId]], back: Inputs, release: int) -> dict[str, Item]:
    """The ledger's items, those just created completed by what the tree left to the site (rows of every theme …)."""
    base = dict(back.base)
    created = [(change, local_id) for change, local_id in done if change.action is Action.CREATE]
    whole: list[tuple[Item, LocalId]] = []
    for change, local_id in created:
        live, desired = back.live.get(change.address), back.desired.get(change.address)
        if live is not None and desired is not None:
            whole.append((back.kinds[change.kind].fill(desired, live), local_id))
    ledger.record(whole, release)
    return base | {item.address: item for item, _ in whole}


def _same_plan(planned: Plan, fresh: Plan) -> None:
    """Raises LiveMoved, naming the items that are no longer what the plan saw."""
    before, after = _fingerprints(planned), _fingerprints(fresh)
    moved = sorted(address for address in before.keys() | after.keys() if before.get(address) != after.get(address))
    if moved:
        others = f" (and {len(moved) - 1} more)" if len(moved) > 1 else ""
        raise LiveMoved(
            f"{moved[0]}{others} is no longer what the plan saw; nothing was written",
            where=moved[0],
            hint="run it again to see a new plan",
        )


def _fingerprints(plan: Plan) -> dict[str, bytes]:
    return {
        change.address: canonical(
            [
                change.action.value,
                change.previous_key,
                pack(change.live.fields) if change.live else None,
                pack(change.desired.fields) if change.desired else None,
            ]
        )
        for change in plan.changes
    }


def _settled(plan: Plan) -> None:
    """Raises WillNotSettle where the site is not what was just written, with the field that comes back."""
    if not plan.changes:
        return
    change = plan.changes[0]
    paths = [".".join(map(str, field_change.path)) for field_change in change.fields]
    raise WillNotSettle(
        f"{change.address} does not read back as it was written; nothing was kept",
        where=f"{change.address} {', '.join(paths)}".strip(),
        hint="please report this with the item's file; until then `exclude:` it in drupalsync.yml",
    )


def _refuse_without_transactions(site: Site) -> None:
    others = site.db.cannot_roll_back()
    ours = sorted(
        name for name in others if name.startswith(site.prefix) and not name[len(site.prefix) :].startswith("cache")
    )
    if ours:
        raise NoTransactions(
            f"{len(ours)} tables cannot be rolled back ({ours[0]} is {others[ours[0]]}); nothing was written",
            where=site.shown,
            hint=f"ALTER TABLE {ours[0]} ENGINE=InnoDB, and so on for the others",
        )


def _who() -> str:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = f"uid {os.getuid()}"
    return f"{user}@{socket.gethostname()}"


def _say_who(site: Site, now: int) -> None:
    site.delete("drupalsync_lock", {"id": 1})
    site.insert("drupalsync_lock", {"id": 1, "who": f"{_who()} pid {os.getpid()}", "since": now})


def _holder(site: Site) -> str:
    if "drupalsync_lock" not in site.tables:
        return ""
    row = site.one("SELECT who FROM {drupalsync_lock} WHERE id = 1")
    return f"held by {row[0]!s}" if row else ""
