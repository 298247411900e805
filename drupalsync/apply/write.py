"""Carries out a plan's changes, inside a transaction that somebody else began."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from drupalsync.apply.desired import Tree
from drupalsync.apply.gather import Gathered
from drupalsync.apply.ledger import Ledger
from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds import Fields, ForbidsNew, Item
from drupalsync.kinds.fields import same_tree
from drupalsync.plan import ABSENT, Action, Change, Plan, Reason, get_path, set_path
from drupalsync.plan.paths import Absent, in_order_of
from drupalsync.site import DatabaseError, LocalId

Told = Callable[[Change], None]


def check(gathered: Gathered, plan: Plan, tree: Tree) -> None:
    """Raises Problems with all that forbids the writes: references to nothing, unknown regions … Writes nothing."""
    gathered.ctx.going = frozenset(change.address for change in plan.writes if change.action is Action.DELETE)
    problems: list[DrupalsyncError] = []
    before: dict[str, list[str]] = {}  # what was so before → whose
    for change in plan.writes:
        if change.action is not Action.DELETE and not _stays(change):
            item = wanted(gathered, change)
            found = gathered.inputs.kinds[change.kind].check(gathered.ctx, item, gathered.desired)
            for problem in found:
                if isinstance(problem, ForbidsNew) and _comes_back(gathered, change):
                    before.setdefault(problem.what, []).append(change.address)
                else:
                    problems.append(tree.point(problem, item))
    if problems:
        raise Problems(problems)
    gathered.ctx.notes += [
        f"{addresses[0]}{f' and {len(addresses) - 1} more' if len(addresses) > 1 else ''} as before, though {what}"
        for what, addresses in before.items()
    ]


def _stays(change: Change) -> bool:
    """Whether all that differs is left as the site has it."""
    return change.action is Action.UPDATE and not any(field_change.write for field_change in change.fields)


def _comes_back(gathered: Gathered, change: Change) -> bool:
    """Whether the tree wants an item as drupalsync last left it."""
    base = gathered.inputs.base.get(change.address)
    return base is not None and same_tree(base.fields, gathered.inputs.desired[change.address].fields)


def losses(gathered: Gathered, plan: Plan) -> Iterator[tuple[str, str]]:
    """What else of the site goes with the plan's deletes: whose address it is, and a sentence for whoever reads it."""
    gathered.ctx.desired = gathered.desired
    deleted = {change.address for change in plan.changes if change.action is Action.DELETE}
    going = deleted | {change.previous_address for change in plan.changes if change.previous_address}
    stopped = {change.address for change in plan.changes if change.blocked is not None}
    gathered.ctx.written = dict(_written(gathered, plan)) if deleted - stopped else {}
    for address in sorted(deleted - stopped):
        live = gathered.live[address]
        for loss in gathered.inputs.kinds[live.kind].losses(gathered.ctx, live, going):
            yield address, loss


def _written(gathered: Gathered, plan: Plan) -> Iterator[tuple[str, Fields]]:
    """Of each item of the site that the plan writes and does not delete: where it is now, and the fields that change."""
    for change in plan.writes:
        if change.live is not None and change.action is not Action.DELETE:
            names = {str(field_change.path[0]) for field_change in change.fields if field_change.write}
            fields = wanted(gathered, change).fields if names else {}
            yield change.live.address, {name: value for name, value in fields.items() if name in names}


def remains(gathered: Gathered, plan: Plan) -> Iterator[tuple[str, str]]:
    """What would stay behind of what is new, were it taken back: whose address it is, and a sentence."""
    for change in plan.changes:
        if change.action is Action.CREATE:
            item = gathered.desired[change.address]
            for sentence in gathered.inputs.kinds[change.kind].remains(gathered.ctx, item):
                yield change.address, sentence


def lock(gathered: Gathered, plan: Plan) -> None:
    """Locks every row that the plan touches, until the transaction ends."""
    for name, kind in gathered.inputs.kinds.items():
        rows = [gathered.live[change.live.address] for change in plan.writes if change.kind == name and change.live]
        if rows:
            kind.lock(gathered.ctx, rows)


def carry_out(gathered: Gathered, plan: Plan, told: Told) -> list[tuple[Change, LocalId]]:
    """Writes every change in the plan's order; returns each with the row that has it now, the deleted ones left out."""
    done: list[tuple[Change, LocalId]] = []
    gathered.ctx.going = frozenset(change.address for change in plan.changes if change.action is Action.DELETE)
    for change in plan.changes:
        try:
            local_id = _carry_out(gathered, change)
        except DatabaseError as error:
            error.where = f"{change.address} ({error.where})"
            raise
        if local_id is not None:
            done.append((change, local_id))
        told(change)
    touched = {change.kind for change in plan.writes}
    for name, kind in gathered.inputs.kinds.items():
        if name in touched:
            kind.finish(gathered.ctx)
    return done


def remember(ledger: Ledger, plan: Plan, done: Iterable[tuple[Change, LocalId]], release: int) -> None:
    """Writes into the ledger what the changes left behind."""
    gone = [
        change.previous_address or change.address
        for change in plan.changes
        if change.action in {Action.MOVE, Action.DELETE}
    ]
    ledger.forget([*gone, *plan.forgotten])
    ledger.record([(left_behind(change), local_id) for change, local_id in done], release)


def wanted(gathered: Gathered, change: Change) -> Item:
    """The item, in the clear, that the site is to have: the live one with the tree's value at the paths to write."""
    desired = gathered.desired[change.address]
    if change.live is None:
        return gathered.inputs.kinds[change.kind].fill(desired, None)
    live = gathered.live[change.live.address]
    desired = gathered.inputs.kinds[change.kind].fill(desired, live)
    fields = dict(live.fields)
    written = [field_change for field_change in change.fields if field_change.write]
    for field_change in written:
        merged = field_change.merged
        value = get_path(dict(desired.fields), field_change.path) if isinstance(merged, Absent) else merged
        set_path(fields, field_change.path, value)
    names = {str(field_change.path[0]) for field_change in written}
    ordered = in_order_of({name: value for name, value in desired.fields.items() if name in names}, fields)
    return replace(desired, fields=ordered, local_id=live.local_id)


def _carry_out(gathered: Gathered, change: Change) -> LocalId | None:
    kind = gathered.inputs.kinds[change.kind]
    if change.action is Action.CREATE:
        return kind.create(gathered.ctx, wanted(gathered, change))
    assert change.live is not None
    live = gathered.live[change.live.address]
    if change.action is Action.DELETE:
        kind.delete(gathered.ctx, live)
        return None
    if change.action is not Action.ADOPT:
        kind.update(gathered.ctx, live, wanted(gathered, change))
    return live.local_id


def left_behind(change: Change) -> Item:
    """What the ledger remembers: the tree's item, but the old base where a conflict was left standing.

    With the site's value there, the next run would take a hand edit that was kept for something of ours, and undo it.
    """
    assert change.desired is not None
    fields = dict(change.desired.fields)
    for field_change in change.fields:
        if field_change.reason is Reason.CONFLICT and not field_change.write:
            old = field_change.base
            set_path(fields, field_change.path, ABSENT if isinstance(old, Absent) else old)
    return replace(change.desired, fields=fields)
