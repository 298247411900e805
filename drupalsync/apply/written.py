"""What an export writes for one document: into its file, and into the overlay's file what that has a say in."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterable

from drupalsync.apply.desired import Tree
from drupalsync.apply.overlaid import Halves, apart, overlay_file
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Document, Item
from drupalsync.kinds.fields import same_tree
from drupalsync.tree import UNSET, Path, TreeValue
from drupalsync.tree.overlay import says_nothing, split, value_at, vanished

NOTHING = b"{}\n"


def new_files(
    tree: Tree, path: str, owner: Document, document: TreeValue
) -> tuple[dict[str, bytes | None], dict[str, Item]]:
    """The new text of each file of a document that changes, None where nothing is left in it; and the items that they say.

    They may say more than was asked: the file of one of Drupal's own menus names that menu, too.
    """
    from drupalsync.tree.read import parse

    old = tree.halves.get(path, Halves())
    new = _halves(tree, path, owner, document)
    files: dict[str, bytes | None] = {}
    read: list[TreeValue] = []
    for file, was, value in zip(_both(tree, path), (old.base, old.over), (new.base, new.over), strict=True):
        if value is not None:
            files[file] = text = _text(tree.files.get(file), was, value)
            read.append(parse(text, where=file))
        else:
            read.append(None)
            if not says_nothing(was):
                files[file] = None
    back = {item.address: item for item in owner.load(path, Halves(base=read[0], over=read[1]).whole)}
    return {file: text for file, text in files.items() if text is None or text != tree.files.get(file)}, back


def whole_file(tree: Tree, path: str, old: TreeValue, new: TreeValue) -> bytes:
    """The new text of a file that no overlay has a say in."""
    return _text(tree.files.get(path), old, new)


def no_files(tree: Tree, path: str) -> dict[str, bytes | None]:
    """A document that goes: the files that say it go."""
    old = tree.halves.get(path, Halves())
    both = zip(_both(tree, path), (old.base, old.over), strict=True)
    return {file: None for file, was in both if not says_nothing(was)}


def keep_overlay(tree: Tree, files: dict[str, bytes | None]) -> None:
    """Leaves a file that says nothing where the last one of the overlay would go: a missing overlay is an error."""
    own = {file for file in {*tree.files, *files} if tree.overlay and apart(file)[0] == tree.overlay}
    gone = sorted(file for file in own if file in files and files[file] is None)
    if gone and len(gone) == len(own):
        files[gone[0]] = NOTHING


def _both(tree: Tree, path: str) -> tuple[str, str]:
    return path, overlay_file(tree.overlay, path)


def _text(was: bytes | None, old: TreeValue, new: TreeValue) -> bytes:
    """The text of a file that says `new`, edited in place where there is one."""
    from drupalsync.tree.edit import edit
    from drupalsync.tree.write import emit

    if was is None:
        return emit(new).encode()
    mark = BOM_UTF8 if was.startswith(BOM_UTF8) else b""
    return mark + edit(was.removeprefix(mark).decode(), old, new).encode()


def _halves(tree: Tree, path: str, owner: Document, document: TreeValue) -> Halves:
    """What each file of the document is to say."""
    old = tree.halves.get(path, Halves())
    if says_nothing(old.over):
        return Halves(base=document)
    document = _spelled_out(path, owner, document, old)
    base = old.base
    if base is None and any(_stands_alone(item, tree) for item in owner.load(path, document)):
        base = {}  # so that what is new finds its place there
    low, high = split(document, base, old.over)
    return Halves(base=None if says_nothing(low) else low, over=None if says_nothing(high) else high)


def _stands_alone(item: Item, tree: Tree) -> bool:
    """Whether an item is new, and needs nothing else of its document: a variable, but no link of a menu."""
    return len(item.at) == 1 and item.address not in tree.items


def _spelled_out(path: str, owner: Document, document: TreeValue, old: Halves) -> TreeValue:
    """The document with the defaults written out that the overlay has to say, lest the base's value shows through."""
    missing = list(vanished(document, old.base, old.over))
    if not missing:
        return document
    items = list(owner.load(path, document))
    for at in missing:
        item = max((one for one in items if at[: len(one.at)] == one.at), key=lambda one: len(one.at), default=None)
        value = value_at(dict(item.fields), at[len(item.at) :]) if item is not None and at != item.at else UNSET
        if value is not UNSET and _says(owner, path, longer := _put(document, at, value), items):
            document = longer
    return document


def _says(owner: Document, path: str, document: TreeValue, items: Iterable[Item]) -> bool:
    """Whether a document is these items: a field may stand in a file in another form than in an item."""
    try:
        there = {item.address: item.fields for item in owner.load(path, document)}
    except DrupalsyncError:
        return False
    wanted = {item.address: item.fields for item in items}
    return there.keys() == wanted.keys() and all(same_tree(there[name], wanted[name]) for name in wanted)


def _put(document: TreeValue, at: Path, value: TreeValue) -> TreeValue:
    """A copy of the document with a value at a path."""
    if not at:
        return value
    if isinstance(document, list):
        return [_put(member, at[1:], value) if index == at[0] else member for index, member in enumerate(document)]
    assert isinstance(document, dict)
    return {**document, at[0]: _put(document.get(at[0]), at[1:], value)}
