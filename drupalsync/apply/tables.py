"""Tables that an import makes before its transaction, and those that get another name after it (site/later.py)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final, cast

from drupalsync.apply.gather import Gathered
from drupalsync.kinds.base import MakesTables
from drupalsync.plan import Action, Plan
from drupalsync.site import Site
from drupalsync.site.ddl import Table, TableInTheWay, create_table, drop_empty, rename_table
from drupalsync.site.later import DROP, NO_RELEASE, RENAME, in_use

PROBE: Final = Table(name="drupalsync_probe", columns={"id": {"type": "int", "not null": True}}, primary=("id",))
PROBED: Final = "drupalsync_probed"


def make(site: Site, gathered: Gathered, plan: Plan, made: list[str]) -> None:
    """Makes the tables of what the plan creates, each noted first; `made` gets their names, whatever fails.

    Raises DatabaseError where the account may not make them, nor rename those of what the plan deletes.
    """
    if site.db.engine == "mysql" and _renames(gathered, plan):
        _try_to_rename(site, made)
    for table in _wanted(gathered, plan):
        _note(site, table.name)
        try:
            create_table(site, table)
        except TableInTheWay:
            _forget(site, table.name)  # it is somebody else's, and must not be dropped
            raise
        except BaseException:
            made.append(table.name)  # half of it may be there
            raise
        made.append(table.name)


def _try_to_rename(site: Site, made: list[str]) -> None:
    """A table that comes and goes: what is renamed after the commit must not fail there for want of a right."""
    for name in (PROBE.name, PROBED):
        _note(site, name)
        made.append(name)
    create_table(site, PROBE)
    rename_table(site, PROBE.name, PROBED)
    give_back(site, (PROBE.name, PROBED))
    made.clear()


def keep(site: Site, made: Sequence[str]) -> None:
    """Takes the notes back, inside the transaction that fills the tables."""
    for name in made:
        _forget(site, name)


def give_back(site: Site, made: Sequence[str]) -> None:
    """Drops the tables of an import that failed, with their notes; what holds a value, or is a field's, stays."""
    for name in made:
        if not in_use(site, name):
            drop_empty(site, name)
        _forget(site, name)


def renames(site: Site) -> list[tuple[str, str]]:
    """The steps (action, argument) that this transaction leaves for after its commit."""
    found = [(RENAME, json.dumps([old, new])) for old, new in site.renames.items()]
    site.renames.clear()
    return found


def do(site: Site, action: str, argument: str) -> None:
    """A step, which may have been done already."""
    if action == DROP:
        give_back(site, [argument])
    if action == RENAME:
        old, new = json.loads(argument)
        rename_table(site, old, new)


def _renames(gathered: Gathered, plan: Plan) -> bool:
    """Whether the plan deletes what has tables of its own."""
    kinds = gathered.inputs.kinds
    going = [
        change
        for change in plan.changes
        if change.action is Action.DELETE and hasattr(kinds[change.kind], "old_tables")
    ]
    return any(cast("MakesTables", kinds[change.kind]).old_tables(gathered.live[change.address]) for change in going)


def _wanted(gathered: Gathered, plan: Plan) -> list[Table]:
    found: list[Table] = []
    for name, kind in gathered.inputs.kinds.items():
        if hasattr(kind, "new_tables"):
            changes = [change for change in plan.changes if change.kind == name and change.action is Action.CREATE]
            items = [kind.fill(gathered.desired[change.address], None) for change in changes]
            found += cast("MakesTables", kind).new_tables(gathered.ctx, items)
    return found


def _note(site: Site, name: str) -> None:
    site.insert(
        "drupalsync_step",
        {"release_id": NO_RELEASE, "number": _next(site), "action": DROP, "argument": name, "done": 0},
    )


def _forget(site: Site, name: str) -> None:
    site.delete("drupalsync_step", {"release_id": NO_RELEASE, "action": DROP, "argument": name})


def _next(site: Site) -> int:
    row = site.one("SELECT MAX(number) FROM {drupalsync_step} WHERE release_id = ?", [NO_RELEASE])
    return int(str(row[0])) + 1 if row and row[0] is not None else 1
