"""Releases carried out without files and without the command line, and a site compared but for ids that rollbacks renew."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from drupalsync.apply import importer, rollback
from drupalsync.apply.desired import Tree
from drupalsync.apply.outcome import Outcome
from drupalsync.apply.select import Selection
from drupalsync.errors import DrupalsyncError
from drupalsync.php import canonical, decode, encode
from drupalsync.plan import OnDrift, Policy
from support import sql

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drupalsync.apply.project import Project
    from drupalsync.kinds import Item
    from drupalsync.plan import Plan
    from drupalsync.site import Site

EVERYTHING: Final = Selection()
OVERWRITE: Final = Policy(prune=True, adopt=True, on_drift=OnDrift.OVERWRITE)
# Rows that say when, or how often, something was written, and what a site keeps only for itself.
VOLATILE: Final = ("drupalsync_image", "drupalsync_lock", "drupalsync_meta", "drupalsync_release", "drupalsync_step")
LINKS: Final = ("mlid", "plid", *(f"p{level}" for level in range(1, 10)))

Rows = dict[str, Counter[tuple[object, ...]]]


class Stopped(DrupalsyncError):
    """A plan of an import that is not carried out as it is."""


def imported(project: Project, site: Site, items: Mapping[str, Item]) -> tuple[int, Plan]:
    """Makes a site what these items say, everything else deleted; returns the release and its plan. Raises Stopped."""
    tree = Tree(shown="config", files={}, items=dict(items))
    looked = importer.look(project, site, tree, EVERYTHING, OVERWRITE)
    if not looked.plan.applyable:
        raise Stopped("the plan waits for somebody's word")
    work = importer.Import(
        project=project,
        site=site,
        tree=tree,
        selection=EVERYTHING,
        policy=OVERWRITE,
        origin=importer.Provenance(revision="r"),
    )
    return carried_out(work, looked), looked.plan


def rolled_back(project: Project, site: Site, release: int | None = None) -> tuple[int, Plan]:
    """Takes a release back; returns the number of the rollback and its plan."""
    work, looked = rollback.look(project, site, release, replace(OVERWRITE, adopt=False))
    return carried_out(work, looked), looked.plan


def carried_out(work: importer.Work, looked: importer.Looked) -> int:
    outcome = Outcome()
    with_lock = work.site.db
    with_lock.take_lock("test", 0)
    try:
        importer.carry_out(work, looked, lambda change: None, outcome)
    finally:
        with_lock.release_lock()
    assert outcome.release is not None
    return outcome.release


def state(url: str) -> Rows:
    """Every row of the site and of the ledger's items; ids of links and blocks as the keys that the ledger gives them."""
    rows: Rows = {}
    names = _names(url)
    for table, found in sql.contents(url).items():
        if table.startswith(("cache", "sqlite_")) or table in VOLATILE:
            continue
        columns = _columns(url, table)
        rows[table] = Counter()
        for row, count in found.items():
            cells = dict(zip(columns, row, strict=True))
            if table == "variable" and cells["name"] == "menu_rebuild_needed":
                continue
            if table == "variable":
                cells["value"] = _whatever_the_order(_with_keys(str(cells["name"]), cells["value"], names))
            rows[table][tuple(_named(table, cells, names).items())] += count
    return rows


def _with_keys(name: str, serialized: object, names: Mapping[tuple[str, str], str]) -> object:
    """A variable's value, a link in it by its key: menu_parent_TYPE is `menu:mlid`."""
    if not name.startswith("menu_parent_"):
        return serialized
    menu, _, mlid = str(decode(str(serialized).encode())).rpartition(":")
    return encode(f"{menu}:{names.get(('menu_link', mlid), mlid)}")


def _whatever_the_order(serialized: object) -> bytes:
    """A variable's value, the entries of its arrays in one order: neither a tree nor an image keeps that, for it says nothing."""
    return canonical(decode(serialized if isinstance(serialized, bytes) else str(serialized).encode()))


def differences(before: Rows, after: Rows) -> list[str]:
    """The rows that only one of two states has."""
    found = []
    for table in sorted({*before, *after}):
        one, other = before.get(table, Counter()), after.get(table, Counter())
        found += [f"{table} - {row}" for row in one - other] + [f"{table} + {row}" for row in other - one]
    return found


def _named(table: str, cells: dict[str, object], names: Mapping[tuple[str, str], str]) -> dict[str, object]:
    """A row with keys in the place of ids."""
    kinds = dict.fromkeys(LINKS, "menu_link") if table == "menu_links" else {}
    if table == "block_custom":
        kinds = {"bid": "block"}
    elif cells.get("module") == "block":
        kinds = {"delta": "block"}
    elif table == "drupalsync_item":
        kinds = {"local_id": str(cells["kind"])}
    if table == "block":
        cells = {**cells, "bid": None}  # a serial number that nothing refers to
    return {name: names.get((kinds.get(name, ""), str(value)), value) for name, value in cells.items()}


def _names(url: str) -> dict[tuple[str, str], str]:
    rows = sql.execute(url, "SELECT kind, local_id, item_key FROM drupalsync_item")
    return {(str(kind), str(local_id)): str(key) for kind, local_id, key in rows}


def _columns(url: str, table: str) -> list[str]:
    return [str(row[1]) for row in sql.execute(url, f'PRAGMA table_info("{table}")')]
