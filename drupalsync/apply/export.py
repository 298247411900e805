"""An export: the site's items into the files of the tree, changing only what differs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from drupalsync.apply import binding, features, modules
from drupalsync.apply.desired import Tree
from drupalsync.apply.gather import context, read_live
from drupalsync.apply.ignored import as_the_tree_has_it
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.memory import write_cache
from drupalsync.apply.outcome import Exported
from drupalsync.apply.overlaid import apart
from drupalsync.apply.project import Project
from drupalsync.apply.seal import seal
from drupalsync.apply.select import Selection, check_matches
from drupalsync.apply.written import keep_overlay, new_files, no_files, whole_file
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Document, Item, all_kinds, documents
from drupalsync.kinds.fields import same_tree
from drupalsync.kinds.secrets import mask, secret_paths
from drupalsync.plan import moves
from drupalsync.site import Site
from drupalsync.tree import TreeValue


class WouldNotReadBack(DrupalsyncError):
    """A file that would say something else than the site: an error of drupalsync; nothing was written."""


class OverlayInTheWay(DrupalsyncError):
    """What the site has cannot be said by the overlay on top of what the base has; nothing was written."""


def export(project: Project, site: Site, tree: Tree, selection: Selection) -> Exported:
    """Reads the site and says what the files are to be. Writes neither to the site nor to the disk.

    Raises BadSelector where a selector finds nothing.
    """
    site.db.begin_snapshot()
    try:
        ledger = Ledger(site)
        doubts = binding.doubts(site, ledger)
        base = {item.address: item for item in ledger.items(tree)}
        ctx = context(project, site, base.values(), tree)
        kinds = all_kinds()
        live, _ = read_live(ctx, kinds, selection, tree)
        owned = features.owners(site, live)
        theirs = features.left_out(owned, ctx.scope.exclude)
        needed = modules.listed(site, ctx.scope.exclude, tree.modules)
    finally:
        site.db.rollback()
    check_matches(selection, [*live, *tree.items], tree.items)
    out = Exported(notes=[*doubts, *ctx.notes, *features.note(owned, theirs)])
    wanted: dict[str, Item] = {}
    known = tree.variables()
    for address, item in live.items():
        old = tree.items.get(address)
        if address in ctx.scope.owned_elsewhere or address in theirs:
            continue
        if old is None and not kinds[item.kind].worth_exporting(item):
            continue
        if old is not None and item.fields is old.fields and not tree.secret_paths(address):
            wanted[address] = old
            continue
        about = project.manifest.rules.for_fields(address)
        masked, names = mask(item if old is None or not about else as_the_tree_has_it(item, old, about), old)
        out.secrets += [name for name in names if name not in known]
        wanted[address] = _placed(masked, old)
    _kept(tree, selection, {*ctx.scope.owned_elsewhere, *theirs}, wanted)
    _files(tree, wanted, out)
    _moves(tree, wanted, out)
    if not selection.selectors and needed != list(tree.modules):
        out.files[modules.FILE] = whole_file(tree, modules.FILE, {"modules": list(tree.modules)}, {"modules": needed})
    out.seen = [seal(item, secret_paths(item), ledger.key) for item in live.values() if _is_news(item, base)]
    return out


def _is_news(item: Item, base: Mapping[str, Item]) -> bool:
    """Whether the cache has to remember it: a row has it, of which the ledger does not say just this."""
    known = base.get(item.address)
    remembered = known is not None and known.local_id == item.local_id and known.fields is item.fields
    return isinstance(item.local_id, int) and not remembered


def remember(project: Project, site: Site, exported: Exported) -> None:
    """Gives the next export from this checkout the same keys."""
    write_cache(project.folder, project.environment.name, site.identity(), exported.seen or ())


def _placed(item: Item, old: Item | None) -> Item:
    """The item with its file as `source`: where the tree has it, else where its kind puts it."""
    return replace(item, source=old.source if old is not None else _owner(item).place(item))


def _owner(item: Item) -> Document:
    kinds = all_kinds()
    owner = kinds[item.kind].DOCUMENT
    return next(document for document in documents().values() if getattr(document, "NAME", None) == owner)


def _kept(tree: Tree, selection: Selection, owned_elsewhere: Iterable[str], wanted: dict[str, Item]) -> None:
    """Adds the tree's items that this export does not speak of: not selected, or somebody else's."""
    owned = set(owned_elsewhere)
    for address, item in tree.items.items():
        if address not in selection or address in owned:
            wanted.setdefault(address, item)


def _files(tree: Tree, wanted: dict[str, Item], out: Exported) -> None:
    old = tree.by_file()
    by_file: dict[str, list[Item]] = {path: [] for path in old}
    kinds = {item.kind for item in tree.items.values()}  # of a kind that the tree never had, all are, and none is news
    news = {address for address, item in wanted.items() if address not in tree.items and item.kind in kinds}
    for item in wanted.values():
        by_file.setdefault(apart(item.source)[1], []).append(item)
    for path, items in sorted(by_file.items()):
        known = {item.address: item for item in old.get(path, ())}
        there = {item.address for item in items}
        if there == known.keys() and all(same_tree(item.fields, known[item.address].fields) for item in items):
            out.unchanged += len(items)
            continue
        document = _document(tree.documents.get(path), items, news) if items else None
        if there == known.keys() and same_tree(document, tree.documents.get(path)):
            out.unchanged += len(items)
            continue
        files, back = new_files(tree, path, _owner(items[0]), document) if items else (no_files(tree, path), {})
        _check_back(tree, path, items, back)
        out.files.update(files)
        updated = [item.address for item in items if item.address in known and not _same(item, known[item.address])]
        created = [address for address in back if address not in known]
        out.created += created
        out.updated += updated
        out.deleted += sorted(known.keys() - back.keys())
        out.unchanged += len(back) - len(created) - len(updated)
    keep_overlay(tree, out.files)


def _document(old: TreeValue, items: Sequence[Item], news: Collection[str]) -> TreeValue:
    owner = _owner(items[0])
    with_news = getattr(owner, "with_news", None)
    return owner.dump(items, old if with_news is None else with_news(old, items, news))


def _check_back(tree: Tree, path: str, items: Iterable[Item], back: Mapping[str, Item]) -> None:
    """Raises what keeps the new files from saying of every item just what the site says."""
    for item in items:
        if item.address in back and _same(item, back[item.address]):
            continue
        if item.address in tree.items and path in tree.halves and tree.halves[path].over is not None:
            raise OverlayInTheWay(
                f"{item.address} has lost what its file says, and an overlay takes nothing away",
                where=tree.place(tree.items[item.address]),
                hint="take it out of the overlay, or what the site no longer has out of the other file; then export again",
            )
        raise WouldNotReadBack(
            f"{item.address} would not read back from its file", where=path, hint="please report this"
        )


def _moves(tree: Tree, wanted: dict[str, Item], out: Exported) -> None:
    """Takes what vanished here and appeared there for one item that moved, where its kind is sure of that."""
    appeared = [wanted[address] for address in out.created if address in wanted]
    found = moves(all_kinds(), [tree.items[address] for address in out.deleted], appeared)
    out.moved = sorted((old, new) for new, old in found.items())
    out.created = [address for address in out.created if address not in found]
    out.deleted = [address for address in out.deleted if address not in found.values()]


def _same(new: Item, old: Item) -> bool:
    filled = all_kinds()[old.kind].fill(old, new)
    return same_tree(new.fields, filled.fields)
