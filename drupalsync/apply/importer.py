"""An import: lock, plan, write in one transaction, read back, commit, then what follows the commit (design §9).

A rollback (apply/rollback.py) goes the same way; what is its own, it brings along as `Work`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from typing import Protocol

from drupalsync.apply import binding, held, images, lock, modules, read_back, settling, steps, tables, write
from drupalsync.apply.desired import Tree, check_not_empty
from drupalsync.apply.gather import Gathered, gather
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.outcome import Outcome
from drupalsync.apply.project import Project
from drupalsync.apply.seal import pack
from drupalsync.apply.select import Selection, check_matches, check_whole
from drupalsync.errors import DrupalsyncError
from drupalsync.interrupts import undivided
from drupalsync.kinds import Item
from drupalsync.php import canonical
from drupalsync.plan import Action, Change, Inputs, Plan, Policy, make_plan
from drupalsync.site import ConnectionLost, DatabaseError, LocalId, Site


class LiveMoved(DrupalsyncError):
    """The site changed between the plan and the write; nothing was written."""

    exit_code = 3


class WillNotSettle(DrupalsyncError):
    """What was written does not read back as it was meant; nothing was kept."""


class LockLost(DrupalsyncError):
    """The lock went away before the commit; nothing was kept."""


class RolledBack(DrupalsyncError):
    """The database failed before the commit; nothing was changed."""


class CommitUnsure(DrupalsyncError):
    """The connection went away at the commit: the server has the release whole, or not at all."""


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
    left_by: dict[str, int] = field(default_factory=dict)  # address of what changes → the release that last left it


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What the release remembers of where it came from."""

    revision: str
    selectors: tuple[str, ...] = ()
    plan_id: str = ""  # of the plan that it carries out
    undoes: int | None = None  # the release that it takes back


class Work(Protocol):
    """What is carried out: where the three sides of its plan come from, and what it does to the ledger besides."""

    @property
    def project(self) -> Project: ...
    @property
    def site(self) -> Site: ...
    @property
    def tree(self) -> Tree:
        """The items whose places in files messages name."""

    @property
    def origin(self) -> Provenance: ...
    @property
    def touches(self) -> Collection[str]:
        """The addresses whose entries in the ledger change, beside those of the plan."""

    def gather(self, ledger: Ledger) -> Gathered:
        """The three sides as they are at this moment."""

    def plan(self, inputs: Inputs) -> Plan: ...

    def conclude(self, ledger: Ledger, back: Gathered) -> None:
        """The last that is written before the commit; `back` is what was read back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """The work of an import: the site is to be as the tree wants it."""

    project: Project
    site: Site
    tree: Tree
    selection: Selection
    policy: Policy
    origin: Provenance
    touches: frozenset[str] = frozenset()

    def gather(self, ledger: Ledger) -> Gathered:
        return gather(self.project, self.site, ledger, self.tree, self.selection)

    def plan(self, inputs: Inputs) -> Plan:
        return make_plan(inputs, self.policy)

    def conclude(self, ledger: Ledger, back: Gathered) -> None:
        """Nothing: the ledger has what the tree says."""
        del ledger, back


def look(
    project: Project, site: Site, tree: Tree, selection: Selection, policy: Policy, *, take_over: bool = False
) -> Looked:
    """Makes the plan from one moment of the site, and checks all that it would write. Writes nothing.

    `take_over`: what the ledger says of the items is not believed. Raises Problems where the tree asks for what the
    site cannot have, OtherInstallation and OtherRepository where the ledger is not this site's or this tree's.
    """
    check_not_empty(tree)
    site.db.begin_snapshot()
    try:
        ledger = Ledger(site)
        doubts = binding.check(project, site, ledger, take_over=take_over)
        if not selection.selectors:
            modules.check(site, tree.modules, f"{tree.shown}/{modules.FILE}", selection.exclude)
        gathered = gather(project, site, ledger, tree, selection)
        check_matches(selection, [*gathered.live, *gathered.desired, *gathered.inputs.base], tree.items)
        plan = make_plan(gathered.inputs, policy)
        back = settling.notes(site, ledger, gathered, plan, selection, project.environment.name)
        gathered.ctx.notes[:0] = [*doubts, *back]
        if selection.selectors:
            check_whole(selection, plan, ledger.items(tree), tree.items, tree.past)
        return looked_at(site, ledger, gathered, plan, tree)
    finally:
        site.db.rollback()


def looked_at(site: Site, ledger: Ledger, gathered: Gathered, plan: Plan, tree: Tree) -> Looked:
    """A plan with all that its reader must know; raises Problems with what forbids its writes."""
    write.check(gathered, plan, tree)
    plan = held.stopped(gathered, plan, tree)
    plan = replace(
        plan,
        notes=tuple(gathered.ctx.notes),  # what check() noted is in there
        losses=tuple(write.losses(gathered, plan)),
        remains=tuple(write.remains(gathered, plan)),
    )
    return Looked(
        ledger=ledger,
        gathered=gathered,
        plan=plan,
        last_release=ledger.last_release(),
        unfinished=len(steps.unfinished(site)),
        left_by=ledger.left_by(change.previous_address or change.address for change in (*plan.changes, *plan.drift)),
    )


def carry_out(work: Work, looked: Looked, told: Callable[[Change], None], outcome: Outcome) -> None:
    """Writes an unblocked plan; the lock is held. Everything or nothing, then the steps after the commit.

    Raises LiveMoved, WillNotSettle, LockLost, NoTransactions, RolledBack: then nothing was written. CommitUnsure says
    itself what may be; what `steps.finish` raises comes after the commit.
    """
    if not looked.plan.applyable:
        raise ValueError("a plan that something stops must not be carried out")
    site, project = work.site, work.project
    _refuse_without_transactions(site)
    site.caches.forget()
    site.renames.clear()
    made: list[str] = []
    try:
        looked.ledger.make()
        lock.tell(site, lock.WRITING)
        tables.make(site, looked.gathered, looked.plan, made)
        site.db.begin()
        write.lock(looked.gathered, looked.plan)
        tables.keep(site, made)
        release = _transaction(work, looked, told)
        if not site.db.owns_lock():
            raise LockLost("the lock was lost before the commit; nothing was written", hint="run it again")
        with undivided():
            _commit(site)
            outcome.release = release
        lock.tell(site, lock.COMMITTED)
    except BaseException as error:
        if outcome.release is None:
            site.db.rollback()
            with contextlib.suppress(DatabaseError):  # then the next run does it
                tables.give_back(site, made)
            if isinstance(error, DatabaseError):
                raise RolledBack(f"{error.what}; nothing was changed", where=error.where, hint=error.hint) from error
        raise
    reader = read_back.reader(project, site, work.tree)
    outcome.caches = steps.finish(site, str(project.folder), project.environment.after_import, reader)


def _commit(site: Site) -> None:
    try:
        site.db.commit()
    except ConnectionLost as lost:
        raise CommitUnsure(
            "the connection was lost at the commit: the release is there whole, or not at all",
            where=site.shown,
            hint="run it again: it finds out, and finishes",
        ) from lost


def _transaction(work: Work, looked: Looked, told: Callable[[Change], None]) -> int:
    """Reads again what is now locked, writes, reads back; returns the release's number."""
    site, ledger, origin = work.site, looked.ledger, work.origin
    gathered = work.gather(ledger)
    plan = work.plan(gathered.inputs)
    _same_plan(looked.plan, plan)
    release = ledger.begin_release(
        revision=origin.revision,
        author=lock.who(),
        started=gathered.ctx.now,
        changes=len(plan.writes),
        selectors=origin.selectors,
        plan_id=origin.plan_id,
        undoes=origin.undoes,
    )
    binding.bind(work.project, site, ledger, release)
    images.take(site, ledger, release, gathered, plan, work.touches)
    done = write.carry_out(gathered, plan, told)
    write.remember(ledger, plan, done, release)
    steps.write_steps(site, release, work.project.environment.after_import if plan.writes else ())
    back = work.gather(ledger)
    base = _completed(ledger, done, back.inputs, release)
    _settled(_followed(site, ledger, work.plan(replace(back.inputs, base=base)), release), plan)
    work.conclude(ledger, back)
    read_back.note(site, ledger, release, work.tree, back)
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


def _followed(site: Site, ledger: Ledger, plan: Plan, release: int) -> Plan:
    """The plan of what was read back, without what only the ledger lacks of items that others had a part in.

    A theme that is turned on gives rows to blocks of which the tree says nothing new.
    """
    behind = [change for change in plan.changes if change.action is Action.ADOPT and change.base is not None]
    images.add(site, ledger, release, [change.address for change in behind])
    ledger.record(
        [(write.left_behind(one), one.live.local_id) for one in behind if one.live and one.live.local_id], release
    )
    return replace(plan, changes=tuple(change for change in plan.changes if change not in behind))


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


def _settled(plan: Plan, written: Plan) -> None:
    """Raises WillNotSettle where the site is not what was just written, with the field that comes back."""
    if not plan.changes:
        return
    change = plan.changes[0]
    paths = [".".join(map(str, field_change.path)) for field_change in change.fields]
    where = f"{change.address} {', '.join(paths)}".strip()
    renamed = [f"{one.previous_address} → {one.address}" for one in written.changes if one.previous_address]
    deleted = [one.address for one in written.changes if one.action is Action.DELETE]
    if (renamed or deleted) and change.address not in {one.address for one in written.writes}:
        raise WillNotSettle(
            f"{change.address} refers to what this release renames or deletes, and its file does not follow; "
            "nothing was kept",
            where=where,
            hint=f"write there what it is then: {', '.join([*renamed, *deleted][:5])}",
        )
    raise WillNotSettle(
        f"{change.address} does not read back as it was written; nothing was kept",
        where=where,
        hint="please report this with the item's file; until then `exclude:` it in drupalsync.yml",
    )


def _refuse_without_transactions(site: Site) -> None:
    others = site.db.cannot_roll_back()
    ours = sorted(others.keys() & {site.full_name(table) for table in site.tables if not table.startswith("cache")})
    if ours:
        raise NoTransactions(
            f"{len(ours)} tables cannot be rolled back ({ours[0]} is {others[ours[0]]}); nothing was written",
            where=site.shown,
            hint=f"ALTER TABLE {ours[0]} ENGINE=InnoDB, and so on for the others",
        )
