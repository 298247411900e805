"""Whether a site is still as the last release left it: the ledger's items against the site's.

The ledger alone says what is compared, so a checkout without a tree, or with a broken one, can verify as well. It takes
no lock and writes nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from drupalsync.apply import binding, features, steps
from drupalsync.apply.desired import Tree
from drupalsync.apply.gather import context, identify, read_identified
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.project import Project, open_project
from drupalsync.apply.renamed import addresses, renamed_by_hand
from drupalsync.apply.seal import seal, sealed_paths
from drupalsync.apply.select import Selection, check_matches, check_rules, select
from drupalsync.apply.tree_word import TreeWord, ask_tree
from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import Context, Item, Kind, all_kinds
from drupalsync.kinds.secrets import secret_paths
from drupalsync.plan import Action, Change, OnDrift, Plan, Policy, moves
from drupalsync.plan.verdicts import Sides, for_desired
from drupalsync.site import Site

Items = Mapping[str, Item]  # by address
NO_TREE = Tree(shown="", files={})


class NothingReleased(DrupalsyncError):
    """The site has no ledger: there is nothing to compare it with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What differs is the plan's `drift`, its base and desired being what was left; `words`: what the tree says of it."""

    project: Project
    plan: Plan
    last_release: tuple[int, str, int]
    left_by: Mapping[str, int]
    words: Mapping[str, TreeWord] = field(default_factory=dict)
    unfinished: int = 0


def verify(environment: str | None, selectors: Sequence[str]) -> Verified:
    """Compares one moment of the site with what the releases left. Raises NothingReleased, BadSelector."""
    project = open_project(environment)
    check_rules(project.manifest.rules)
    selection = select(selectors, [rule.item for rule in project.manifest.rules.exclude])
    with project.site() as site:
        site.db.begin_snapshot()
        try:
            return _verified(project, site, selection)
        finally:
            site.db.rollback()


def _verified(project: Project, site: Site, selection: Selection) -> Verified:
    ledger = Ledger(site)
    last = ledger.last_release()
    if last is None:
        raise NothingReleased(
            "drupalsync has not released anything here yet",
            where=site.shown,
            hint=f"drupalsync import --env {project.environment.name} --dry-run shows how it and the tree differ",
        )
    binding.check(project, site, ledger)
    left = {item.address: item for item in ledger.items(NO_TREE)}
    ctx, live, renamed = _read(project, site, left, selection)
    known = {address: item for address, item in left.items() if _is_compared(ctx, selection, item)}
    theirs = features.left_out(features.owners(site, {*live, *known}), selection.exclude)
    live = {address: item for address, item in live.items() if address not in theirs}
    known = {address: item for address, item in known.items() if address not in theirs}
    check_matches(
        selection,
        [*live, *known],
        left,
        nowhere="neither on the site nor among what drupalsync left there",
        hint="drupalsync verify shows all of them",
    )
    plan = _compared(project, known, live, renamed, ledger.key, left)
    asked = ask_tree(project, site, ledger, selection, plan.drift) if plan.drift else None
    if asked is not None:
        plan = replace(plan, drift=asked.drift, notes=asked.notes)
    left_by = ledger.left_by(change.address for change in plan.drift)
    elsewhere = {change.previous_address: left_by[change.address] for change in plan.drift if change.previous_address}
    return Verified(
        project=project,
        plan=replace(plan, notes=(*ctx.notes, *_unknown(left), *plan.notes)),
        last_release=last,
        left_by=left_by | elsewhere,
        words=asked.words if asked is not None else {},
        unfinished=len(steps.unfinished(site)),
    )


def _read(
    project: Project, site: Site, left: Items, selection: Selection
) -> tuple[Context, dict[str, Item], dict[str, str]]:
    """The site's items, recognised by what the ledger knows of them: it stands in for the tree.

    The last are the addresses of rows that somebody renamed: as the ledger has it → as the site has it.
    """
    remembered = {address: replace(item, local_id=None) for address, item in left.items()}
    tree = Tree(shown=project.tree_shown, files={}, items=remembered)
    ctx = context(project, site, left.values(), tree)
    identify(ctx, all_kinds())
    renamed = renamed_by_hand(ctx, all_kinds(), left.values(), tree, selection)
    live, _ = read_identified(ctx, all_kinds(), selection, tree, renamed)
    ours = {address: item for address, item in live.items() if address not in ctx.scope.owned_elsewhere}
    return ctx, ours, addresses(renamed)


def _is_compared(ctx: Context, selection: Selection, item: Item) -> bool:
    """Not what is excluded, what settings.php decides, or what a plug-in knew that is gone."""
    return item.address in selection and item.address not in ctx.scope.owned_elsewhere and item.kind in all_kinds()


def _unknown(left: Items) -> Iterator[str]:
    missing = Counter(item.kind for item in left.values() if item.kind not in all_kinds())
    for kind, number in sorted(missing.items()):
        yield f"not compared: {counted(number, 'item')} of the kind {kind}, which is not known here"


def _compared(project: Project, known: Items, live: Items, renamed: Mapping[str, str], key: bytes, left: Items) -> Plan:
    """The plan that changes nothing: what differs is drift, or ignored by the manifest."""
    kinds = all_kinds()
    elsewhere = [item for address, item in live.items() if address not in left]
    gone = [item for address, item in known.items() if address not in live and address not in renamed]
    moved = {**moves(kinds, elsewhere, gone), **renamed}
    drift: list[Change] = []
    ignored: list[Change] = []
    in_sync: Counter[str] = Counter()
    for address in _in_order(kinds, known):
        item, there = _sealed(known[address], live.get(moved.get(address, address)), key)
        sides = Sides(kind=kinds[item.kind], live=there, desired=item, base=item)
        change = for_desired(sides, Policy(on_drift=OnDrift.KEEP), project.manifest.rules)
        if change is None or change.action is Action.ADOPT:
            in_sync[item.kind] += 1
        else:
            (ignored if change.because else drift).append(change)
    others = [item for item in elsewhere if item.address not in moved.values()]
    return Plan(
        drift=tuple(drift),
        ignored=tuple(ignored),
        unmanaged=tuple(sorted(item.address for item in others if kinds[item.kind].worth_exporting(item))),
        in_sync=in_sync,
        kinds=tuple(kinds),
    )


def _sealed(base: Item, live: Item | None, key: bytes) -> tuple[Item, Item | None]:
    """Both, every secret that either has sealed: what was left may be taken for one only now."""
    if live is None or live.fields is base.fields:
        return base, live
    paths = secret_paths(live) | sealed_paths(base)
    return seal(base, paths, key), seal(live, paths, key)


def _in_order(kinds: Mapping[str, Kind], items: Items) -> list[str]:
    rank = {name: at for at, name in enumerate(kinds)}
    return sorted(items, key=lambda address: (rank[items[address].kind], address))
