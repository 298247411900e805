"""The tree as items: every file of it, read, checked and settled for one environment of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from drupalsync.apply import past
from drupalsync.apply.seal import pack, unpack
from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds import Fields, Item, all_kinds, documents
from drupalsync.kinds.fields import FieldProblem
from drupalsync.kinds.secrets import secret_paths
from drupalsync.tree import UNSET, Env, Path, TreeValue, walk

EXTENSION = ".yml"


class EmptyTree(DrupalsyncError):
    """The tree has no file: surely not what anybody wants to import."""


class BadFile(DrupalsyncError):
    """A file of the tree that its kind cannot use."""


@dataclass(slots=True)
class Tree:
    """The files and what they say. `items` by address, in the order of the files; `shown` prefixes paths in messages."""

    shown: str
    files: dict[str, bytes]
    documents: dict[str, TreeValue] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    past: past.Past = field(default_factory=past.Past)
    _secret: dict[str, set[Path]] = field(default_factory=dict)  # what secret_paths has found
    _packed: dict[str, bytes] = field(default_factory=dict)  # as the ledger would have it; empty: not at all

    def place(self, item: Item) -> str:
        """Where an item stands: its file, with line and column where the file holds several."""
        from drupalsync.tree.read import locate

        found = locate(self.files[item.source], item.at) if item.at else None
        return f"{self.shown}/{item.source}" + (f":{found[0]}:{found[1]}" if found else "")

    def point(self, problem: DrupalsyncError, item: Item) -> DrupalsyncError:
        """The problem of an item, which names its file, with the item's place in that file."""
        if item.source and problem.where.startswith(item.source):
            rest = problem.where.removeprefix(item.source) or (f" {item.address}" if item.at else "")
            problem.where = self.place(item) + rest
        return problem

    def by_file(self) -> dict[str, list[Item]]:
        """The items of each file, in its order."""
        found: dict[str, list[Item]] = {path: [] for path in self.files}
        for item in self.items.values():
            found[item.source].append(item)
        return found

    def secret_paths(self, address: str) -> set[Path]:
        """Where an item is secret, or takes a value from the environment; empty where there is no such item."""
        if address not in self._secret:
            item = self.items.get(address)
            self._secret[address] = secret_paths(item) if item is not None else set()
        return self._secret[address]

    def fields_like(self, address: str, packed: bytes) -> Fields:
        """What the ledger holds of an item: the very fields of the tree's where they say the same.

        Equal items have equal bytes: nothing is unpacked for them, and whoever compares the two later sees one object.
        """
        item = self.items.get(address)
        if item is None:
            return unpack(packed)
        if address not in self._packed:
            # One with a secret may hold an `!env`, which no bytes stand for; in the ledger it is sealed, and so never alike.
            self._packed[address] = b"" if self.secret_paths(address) else pack(item.fields)
        known = self._packed[address]
        return item.fields if known and known == packed else unpack(packed)

    def variables(self) -> set[str]:
        """The variables of the environment that its items ask for, also in the default of another."""
        asking = [item for address, item in self.items.items() if self.secret_paths(address)]
        return {name for item in asking for name in _variables(item.fields)}


def _variables(value: TreeValue) -> Iterator[str]:
    for _, leaf in walk(value):
        if isinstance(leaf, Env):
            yield leaf.name
            if leaf.default is not UNSET:
                yield from _variables(leaf.default)


def load_tree(files: Mapping[str, bytes], shown: str) -> Tree:
    """Reads every file; raises Problems with all that is wrong, in the order of the files."""
    from drupalsync.tree.read import parse

    tree = Tree(shown=shown, files=dict(files))
    unknown = sorted({path.partition("/")[0] for path in files} - documents().keys() - {past.FILE})
    problems: list[DrupalsyncError] = [_unknown(folder, shown) for folder in unknown]
    for path, data in files.items():
        owner = documents().get(path.partition("/")[0])
        if owner is None:
            continue
        try:
            document = parse(data, where=f"{shown}/{path}")
            tree.documents[path] = document
            for item in owner.load(path, document):
                _add(tree, replace(item, source=path), path)
        except FieldProblem as problem:
            problems.append(_located(problem, tree, path))
        except DrupalsyncError as problem:
            problems.append(problem)
    if problems:
        raise Problems(problems)
    _read_past(tree)
    return tree


def _read_past(tree: Tree) -> None:
    """Reads config/moved.yml, which speaks of the items; raises what is wrong with it."""
    from drupalsync.tree.read import parse

    if past.FILE in tree.files:
        document = parse(tree.files[past.FILE], where=f"{tree.shown}/{past.FILE}")
        try:
            tree.past = past.read_past(document, tree.items, all_kinds())
        except FieldProblem as problem:
            raise _located(problem, tree, past.FILE) from problem


def check_not_empty(tree: Tree) -> None:
    """Raises EmptyTree: nothing to import is an error, never a reason to delete."""
    if not tree.items:
        raise EmptyTree(
            "the tree has no item",
            where=tree.shown,
            hint="drupalsync export first, or check `config:` in drupalsync.yml",
        )


def _unknown(name: str, shown: str) -> BadFile:
    """What lies beside the folders of the kinds: a folder with another name, or a file."""
    from difflib import get_close_matches

    known = documents()
    near = get_close_matches(name, known, n=1)
    return BadFile(
        "a file must lie in the folder of its kind"
        if name.endswith(EXTENSION)
        else f"no kind keeps its files in {name}/",
        where=f"{shown}/{name}",
        hint=f"did you mean {near[0]}/?" if near else f"known folders: {', '.join(sorted(known))}",
    )


def _add(tree: Tree, item: Item, path: str) -> None:
    there = tree.items.get(item.address)
    if there is not None:
        raise BadFile(
            f"{item.address} stands twice in the tree",
            where=f"{tree.shown}/{path}"
            if there.source == path
            else f"{tree.shown}/{there.source} and {tree.shown}/{path}",
            hint="give one of them another key, or delete it",
        )
    tree.items[item.address] = item


def _located(problem: FieldProblem, tree: Tree, path: str) -> BadFile:
    """The problem with the line and column of what it is about."""
    from drupalsync.tree.read import locate

    place = f"{tree.shown}/{path}"
    steps = problem.path
    while True:
        found = locate(tree.files[path], steps)
        if found or not steps:
            break
        steps = steps[:-1]  # a missing entry has no line of its own: its mapping has
    if found:
        place += f":{found[0]}:{found[1]}"
    return BadFile(problem.what, where=place, hint=problem.hint)
