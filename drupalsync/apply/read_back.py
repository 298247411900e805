"""Reads a release back after the commands of `after_import`: a full cache flush writes configuration, too.

Drupal's drupal_flush_all_caches() rebuilds menus, blocks and node types, and every module may join in
(includes/common.inc); what read back as it was written before the commit may be something else after it.

What the site and the ledger do not agree on at the commit (a hand edit that was kept, a field that a rule leaves alone)
is noted with the step, so that only what changed since is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from drupalsync.apply import images, steps
from drupalsync.apply.desired import Tree
from drupalsync.apply.gather import Gathered, context, read_followed
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.project import Project
from drupalsync.apply.seal import seal, sealed_paths
from drupalsync.apply.select import Selection
from drupalsync.kinds import Item, all_kinds
from drupalsync.plan import Action, differing
from drupalsync.plan.paths import dotted
from drupalsync.site import Site

GONE = "it is gone"
AGAIN = "it is there again"


def note(site: Site, ledger: Ledger, release: int, tree: Tree, back: Gathered) -> None:
    """Notes, inside the transaction, what of the release's items is not as the ledger says; nothing without commands."""
    if steps.has_read_back(site, release):
        steps.note_for_read_back(site, release, json.dumps(_apart(site, ledger, release, tree, back.live)))


def reader(project: Project, site: Site, tree: Tree) -> Callable[[int, str], list[str]]:
    """What `steps.finish` asks for the differences of a release."""
    return lambda release, noted: read_back(project, site, tree, release, noted)


def read_back(project: Project, site: Site, tree: Tree, release: int, noted: str) -> list[str]:
    """What the release wrote and the site no longer has so: a sentence an item, with its fields."""
    known: dict[str, list[str]] = json.loads(noted or "{}")
    site.db.begin_snapshot()
    try:
        ledger = Ledger(site)
        base = list(ledger.items(tree))
        ctx = context(project, site, base, tree)
        live, _ = read_followed(ctx, all_kinds(), Selection(), tree, base)
        now = _apart(site, ledger, release, tree, live)
    finally:
        site.db.rollback()
    fresh = {address: [part for part in parts if part not in known.get(address, ())] for address, parts in now.items()}
    return [f"{address}: {', '.join(parts)}" for address, parts in fresh.items() if parts]


def _apart(site: Site, ledger: Ledger, release: int, tree: Tree, live: Mapping[str, Item]) -> dict[str, list[str]]:
    """Where the items that a release wrote are not as the ledger says, by address; `live` is in the clear."""
    kinds = all_kinds()
    base = {item.address: item for item in ledger.items(tree)}
    found: dict[str, list[str]] = {}
    for image in images.read(site, release):
        left, there = base.get(image.address), live.get(image.address)
        if not image.writes:
            continue
        if left is not None:
            found[image.address] = [GONE] if there is None else _paths(left, there, ledger.key)
        elif there is not None and image.action == Action.DELETE and kinds[image.kind].worth_exporting(there):
            found[image.address] = [AGAIN]
    return {address: parts for address, parts in found.items() if parts}


def _paths(left: Item, live: Item, key: bytes) -> list[str]:
    """Where an item of the ledger, sealed, and the one on the site, in the clear, differ."""
    return [dotted(path) for path in differing(left.fields, seal(live, sealed_paths(left), key).fields)]
