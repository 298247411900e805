"""An export: the site's items into the files of the tree, changing only what differs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from drupalsync.apply.desired import Tree
from drupalsync.apply.gather import context, read_live, secret_in
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.memory import write_cache
from drupalsync.apply.project import Project
from drupalsync.apply.seal import seal
from drupalsync.apply.select import Selection
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Document, Item, all_kinds, documents
from drupalsync.kinds.fields import same_tree
from drupalsync.kinds.secrets import mask
from drupalsync.site import Site
from drupalsync.tree import TreeValue


class WouldNotReadBack(DrupalsyncError):
    """A file that would say something else than the site: an error of drupalsync; nothing was written."""


@dataclass(slots=True, kw_only=True)
class Exported:
    """What an export would write: the whole new content of each file that changes, None for one that goes."""

    files: dict[str, bytes | None] = field(default_factory=dict)
    created: list[str] = field(default_factory=list)  # addresses
    updated: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    unchanged: int = 0
    secrets: list[str] = field(default_factory=list)  # variables of the environment that stand for a secret
    notes: list[str] = field(default_factory=list)
    seen: list[Item] = field(default_factory=list)  # sealed: for the cache


def export(project: Project, site: Site, tree: Tree, selection: Selection) -> Exported:
    """Reads the site and says what the files are to be. Writes neither to the site nor to the disk."""
    site.db.begin_snapshot()
    try:
        ledger = Ledger(site)
        ctx = context(project, site, ledger.items(), tree)
        kinds = all_kinds()
        live = read_live(ctx, kinds, selection)
    finally:
        site.db.rollback()
    out = Exported(notes=ctx.notes)
    wanted: dict[str, Item] = {}
    for address, item in live.items():
        old = tree.items.get(address)
        if address in ctx.scope.owned_elsewhere:
            continue
        if old is None and not kinds[item.kind].worth_exporting(item):
            continue
        masked, names = mask(item, old)
        out.secrets += names
        wanted[address] = _placed(masked, old)
    _kept(tree, selection, ctx.scope.owned_elsewhere, wanted)
    _files(tree, wanted, out)
    out.seen = [seal(item, secret_in(item), ledger.key) for item in live.values() if isinstance(item.local_id, int)]
    return out


def remember(project: Project, site: Site, exported: Exported) -> None:
    """Gives the next export from this checkout the same keys."""
    write_cache(project.folder, project.environment.name, site.db.identity(), exported.seen)


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
    by_file: dict[str, list[Item]] = {path: [] for path in tree.files}
    for item in wanted.values():
        by_file.setdefault(item.source, []).append(item)
    for path, items in sorted(by_file.items()):
        old = tree.in_file(path)
        known = {item.address: item for item in old}
        created = [item.address for item in items if item.address not in known]
        updated = [item.address for item in items if item.address in known and not _same(item, known[item.address])]
        deleted = sorted(known.keys() - {item.address for item in items})
        out.unchanged += len(items) - len(created) - len(updated)
        document = _owner(items[0]).dump(items, tree.documents.get(path)) if items else None
        if created or deleted or not same_tree(document, tree.documents.get(path)):
            out.created += created
            out.updated += updated
            out.deleted += deleted
            out.files[path] = _content(tree, path, items, document)


def _same(new: Item, old: Item) -> bool:
    filled = all_kinds()[old.kind].fill(old, new)
    return same_tree(dict(new.fields), dict(filled.fields))


def _content(tree: Tree, path: str, items: list[Item], document: TreeValue) -> bytes | None:
    """The new text of a file, edited in place where there is one; None where nothing is left in it."""
    from drupalsync.tree.edit import edit
    from drupalsync.tree.read import parse
    from drupalsync.tree.write import emit

    if not items:
        return None
    owner = _owner(items[0])
    old = tree.documents.get(path)
    text = emit(document) if old is None else edit(tree.files[path].decode("utf-8-sig"), old, document)
    back = {item.address: item for item in owner.load(path, parse(text, where=path))}
    for item in items:
        if item.address not in back or not _same(item, back[item.address]):
            raise WouldNotReadBack(
                f"{item.address} would not read back from its file", where=path, hint="please report this"
            )
    return text.encode()
