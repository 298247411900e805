"""Live, desired and base of one site, side by side: what a plan is made from."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from drupalsync.apply import features, modules
from drupalsync.apply.desired import Tree
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.memory import RowMemory, read_cache
from drupalsync.apply.project import Project, now
from drupalsync.apply.protection import born_protected, declared
from drupalsync.apply.relocated import relocate
from drupalsync.apply.renamed import Renamed, addresses, renamed_by_hand
from drupalsync.apply.seal import seal, sealed_paths
from drupalsync.apply.select import Selection
from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds import Context, Item, Kind, all_kinds
from drupalsync.kinds.environment import MissingEnv, settle_item
from drupalsync.kinds.fields import same_tree
from drupalsync.kinds.secrets import secret_paths
from drupalsync.plan import Inputs
from drupalsync.site import LOADERS, Keys, Site
from drupalsync.tree import Env


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
    base = {item.address: item for item in ledger.items(tree)}
    ctx = context(project, site, base.values(), tree)
    kinds = all_kinds()
    identify(ctx, kinds)
    renamed = renamed_by_hand(ctx, kinds, base.values(), tree, selection)
    live, others = read_identified(ctx, kinds, selection, tree, renamed)
    owned = features.owners(site, {*live, *tree.items})
    theirs = features.left_out(owned, ctx.scope.exclude)
    live = {address: item for address, item in live.items() if address not in theirs}
    ctx.notes += features.note(owned, {*theirs, *(address for address in owned if address not in tree.items)})
    moved = {**tree.past.moves_on(live), **addresses(renamed)}
    there = {**live, **{new: live[old] for new, old in moved.items() if old in live}}
    desired, unset = _settled(tree, there, base, selection, project.environ)
    desired = {address: _as_read(ctx, kinds, item, live.get(address)) for address, item in desired.items()}
    desired = relocate(ctx, {address: item for address, item in desired.items() if address not in theirs})
    base |= {f"{one.kind}:{one.wanted}": replace(base[f"{one.kind}:{one.before}"], key=one.wanted) for one in renamed}
    base = {address: item for address, item in base.items() if address in selection and address not in theirs}
    guarded = declared(tree.items.values(), project.manifest.rules)
    desired = {address: replace(item, protect=address in guarded) for address, item in desired.items()}
    sealed_live, sealed_desired = seal_all(live, desired, tree, base, ledger.key)
    rules = project.manifest.rules
    if not selection.selectors:
        seen = {*live, *others, *tree.items, *base, *_besides(site, owned)}
        ctx.notes += [
            f"{rule} in drupalsync.yml matches nothing: misspelt, or out of date?" for rule in rules.idle(seen)
        ]
    inputs = Inputs(
        kinds=kinds,
        live=sealed_live,
        desired=sealed_desired,
        base=base,
        moved=moved,
        removed=tree.past.removed,
        declared=guarded,
        protected=ledger.protected(),
        born=born_protected(ctx, live, desired),
        rules=rules,
        notes=tuple(ctx.notes),
    )
    return Gathered(ctx=ctx, live=live, desired=desired, inputs=inputs, unset=sorted(set(unset)))


def _as_read(ctx: Context, kinds: Mapping[str, Kind], item: Item, live: Item | None) -> Item:
    """The item as the site would read it back, where its kind knows of a difference."""
    as_read = getattr(kinds[item.kind], "as_read", None)
    if as_read is None or (live is not None and live.fields is item.fields):
        return item
    found: Item = as_read(ctx, item)
    return found


def _besides(site: Site, owned: Mapping[str, str]) -> set[str]:
    """What a rule may speak of besides items: modules, and those of Features."""
    named = {f"{modules.KIND}:{local_id!s}" for local_id, _ in LOADERS[modules.KIND](site)}
    return named | {f"{features.KIND}:{module}" for module in owned.values()}


def _settled(
    tree: Tree, live: Mapping[str, Item], managed: Container[str], selection: Selection, environ: Mapping[str, str]
) -> tuple[dict[str, Item], list[str]]:
    """The tree's items with what the environment of the run gives, and its unset variables whose live value stays.

    Raises Problems: variables that are not set and must be.
    """
    desired: dict[str, Item] = {}
    unset: list[str] = []
    problems: list[DrupalsyncError] = []
    for address, item in tree.items.items():
        if address not in selection:
            continue
        if not tree.secret_paths(address):  # then it has no `!env` either
            desired[address] = item
            continue
        names: list[str] = []
        try:
            settled = settle_item(item, live.get(address), environ, names)
        except MissingEnv as problem:
            problems.append(tree.point(problem, item))
            continue
        if settled is not None:
            desired[address] = settled
            unset += names
        elif address in live or address in managed or not _is_only_environment(item):
            # Left out, it would look as if it had left the tree, and --prune would delete what it stands for.
            problems += [tree.point(MissingEnv(name, address), item) for name in names]
    if problems:
        raise Problems(problems)
    return desired, unset


def _is_only_environment(item: Item) -> bool:
    """Whether an item is nothing but a value of the environment: a secret that a site may well not have."""
    return all(isinstance(value, Env) for value in item.fields.values())


def context(project: Project, site: Site, ledger: Iterable[Item], tree: Tree) -> Context:
    """A run on one site, with all that is remembered of it."""
    cached = read_cache(project.folder, project.environment.name, site.identity(), tree)
    return Context(
        site=site,
        keys=Keys(site, LOADERS),
        scope=project.scope(),
        memory=RowMemory(ledger, cached, tree.items.values()),
        now=now(),
        notes=list(project.manifest.notes),
    )


def read_live(
    ctx: Context, kinds: Mapping[str, Kind], selection: Selection, tree: Tree
) -> tuple[dict[str, Item], set[str]]:
    """The site's selected items by address, and the addresses of the others. All are identified: any may be referred to."""
    identify(ctx, kinds)
    return read_identified(ctx, kinds, selection, tree, [])


def read_followed(
    ctx: Context, kinds: Mapping[str, Kind], selection: Selection, tree: Tree, base: Iterable[Item]
) -> tuple[dict[str, Item], set[str]]:
    """The same, with what refers to a row that somebody renamed as the ledger has it."""
    identify(ctx, kinds)
    return read_identified(ctx, kinds, selection, tree, renamed_by_hand(ctx, kinds, base, tree, Selection()))


def identify(ctx: Context, kinds: Mapping[str, Kind]) -> None:
    """Gives every row of the site its key."""
    for kind in kinds.values():
        kind.identify(ctx)


def read_identified(
    ctx: Context, kinds: Mapping[str, Kind], selection: Selection, tree: Tree, renamed: Iterable[Renamed]
) -> tuple[dict[str, Item], set[str]]:
    """The items and the other addresses. Who refers to what somebody renamed says so by the name that the tree has.

    An item that says what the tree's says shares its fields: whoever compares the two later sees one object.
    """
    live: dict[str, Item] = {}
    others = {f"{name}:{key}" for name in kinds for _, key in ctx.keys.all(name)}
    for name, kind in kinds.items():
        for item in kind.read(ctx):
            address = item.address
            others.add(address)
            if address in selection:
                like = tree.items.get(address)
                alike = like is not None and same_tree(item.fields, like.fields)
                live[address] = replace(item, fields=like.fields) if like is not None and alike else item
        for one in renamed:
            if one.kind == name:
                ctx.keys.assign(name, one.local_id, one.wanted)
    return live, others - live.keys()


def seal_all(
    live: Mapping[str, Item], desired: Mapping[str, Item], tree: Tree, base: Mapping[str, Item], key: bytes
) -> tuple[dict[str, Item], dict[str, Item]]:
    """Both sides, sealed: wherever the tree, the site or the ledger has a secret, all of them hide what stands there."""
    sealed_live, sealed_desired = dict(live), dict(desired)
    for address in live.keys() | desired.keys():
        paths = set(tree.secret_paths(address))
        for other in _unlike(tree.items.get(address), live.get(address), desired.get(address)):
            paths |= secret_paths(other)
        for other in _unlike(tree.items.get(address), base.get(address)):
            paths |= sealed_paths(other)
        if paths:
            for items in (sealed_live, sealed_desired):
                if address in items:
                    items[address] = seal(items[address], paths, key)
    return sealed_live, sealed_desired


def _unlike(item: Item | None, *others: Item | None) -> list[Item]:
    """Those that do not share the fields of `item`: mostly all do, and looking for secrets takes its time."""
    return [other for other in others if other is not None and (item is None or other.fields is not item.fields)]
