"""Live, desired and base of one site, side by side: what a plan is made from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from drupalsync.apply.desired import Tree
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.memory import RowMemory, read_cache
from drupalsync.apply.project import Project, now
from drupalsync.apply.relocated import relocate
from drupalsync.apply.seal import seal, sealed_paths
from drupalsync.apply.select import Selection
from drupalsync.kinds import Context, Item, Kind, all_kinds
from drupalsync.kinds.environment import settle_item
from drupalsync.kinds.secrets import secret_paths
from drupalsync.plan import Inputs
from drupalsync.site import LOADERS, Keys, Site


@dataclass(slots=True, kw_only=True)
class Gathered:
    """The clear items that are written from, and the sealed ones that are planned with."""

    ctx: Context
    live: dict[str, Item]
    desired: dict[str, Item]
    inputs: Inputs
    unset: list[str] = field(default_factory=list)  # variables of the environment that are unset: the live value stays


def gather(project: Project, site: Site, ledger: Ledger, tree: Tree, selection: Selection) -> Gathered:
    """Reads the site and sets the tree beside it."""
    base = {item.address: item for item in ledger.items()}
    ctx = context(project, site, base.values(), tree)
    kinds = all_kinds()
    live = read_live(ctx, kinds, selection)
    unset: list[str] = []
    desired: dict[str, Item] = {}
    for address, item in tree.items.items():
        if address in selection:
            settled = settle_item(item, live.get(address), project.environ, unset)
            if settled is not None:
                desired[address] = settled
    desired = relocate(ctx, desired)
    base = {address: item for address, item in base.items() if address in selection}
    inputs = Inputs(
        kinds=kinds,
        live=_sealed(live, tree, base, ledger.key),
        desired=_sealed(desired, tree, base, ledger.key),
        base=base,
        notes=tuple(ctx.notes),
    )
    return Gathered(ctx=ctx, live=live, desired=desired, inputs=inputs, unset=sorted(set(unset)))


def context(project: Project, site: Site, ledger: Iterable[Item], tree: Tree) -> Context:
    """A run on one site, with all that is remembered of it."""
    cached = read_cache(project.folder, project.environment.name, site.db.identity())
    return Context(
        site=site,
        keys=Keys(site, LOADERS),
        scope=project.scope(),
        memory=RowMemory(ledger, cached, tree.items.values()),
        now=now(),
    )


def read_live(ctx: Context, kinds: dict[str, Kind], selection: Selection) -> dict[str, Item]:
    """The site's items by address. Every kind is identified, since any may be referred to; the selected ones are read."""
    for kind in kinds.values():
        kind.identify(ctx)
    return {item.address: item for kind in kinds.values() for item in kind.read(ctx) if item.address in selection}


def secret_in(item: Item | None) -> set[tuple[int | str | bytes, ...]]:
    """The paths of an item that hold a secret."""
    return secret_paths(item) if item is not None else set()


def _sealed(items: dict[str, Item], tree: Tree, base: dict[str, Item], key: bytes) -> dict[str, Item]:
    out: dict[str, Item] = {}
    for address, item in items.items():
        paths = secret_in(item) | secret_in(tree.items.get(address))
        if address in base:
            paths |= sealed_paths(base[address])
        out[address] = seal(item, paths, key) if paths else replace(item)
    return out
