"""The tree as items: every file of it, read, checked and settled for one environment of the run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from drupalsync.apply import modules, past
from drupalsync.apply.overlaid import BadFile, Halves, apart, meant_member, overlay_file, read_documents
from drupalsync.apply.seal import pack, unpack
from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds import Document, Fields, Item, all_kinds, documents
from drupalsync.kinds.fields import FieldProblem
from drupalsync.kinds.secrets import secret_paths
from drupalsync.tree import UNSET, Env, Path, TreeValue, walk
from drupalsync.tree.overlay import says_nothing


class EmptyTree(DrupalsyncError):
    """The tree has no file: surely not what anybody wants to import."""


@dataclass(slots=True)
class Tree:
    """The files and what they say. `items` by address, in the order of the files; `shown` prefixes paths in messages.

    A document is known by its path without the overlay's folder; `halves` are what its files say, `documents` the whole.
    """

    shown: str
    files: dict[str, bytes]
    overlay: str = ""  # whose files are laid over the others
    halves: dict[str, Halves] = field(default_factory=dict)
    documents: dict[str, TreeValue] = field(default_factory=dict)
    items: dict[str, Item] = field(default_factory=dict)
    past: past.Past = field(default_factory=past.Past)
    modules: tuple[str, ...] = ()  # that it needs
    _secret: dict[str, set[Path]] = field(default_factory=dict)  # what secret_paths has found
    _packed: dict[str, bytes] = field(default_factory=dict)  # as the ledger would have it; empty: not at all

    def place(self, item: Item) -> str:
        """Where an item stands: its file, with line and column where the file holds several; its overlay's, too."""
        document = apart(item.source)[1]
        if item.at:
            return " and ".join(self.places(document, item.at))
        return " and ".join(f"{self.shown}/{file}" for file, _ in self._origins(document, ()))

    def places(self, document: str, at: Path) -> list[str]:
        """The file, line and column of a value: in the base, then in the overlay; [] where it is in neither."""
        from drupalsync.tree.read import locate

        there = [(file, inside) for file, inside in self._origins(document, at) if file in self.files]
        found = [(file, locate(self.files[file], inside)) for file, inside in there]
        return [f"{self.shown}/{file}:{line[0]}:{line[1]}" for file, line in found if line]

    def source(self, document: str, at: Path) -> str:
        """The file that an item is said to stand in: where both halves speak of it, the base's."""
        return self._origins(document, at)[0][0]

    def _origins(self, document: str, at: Path) -> list[tuple[str, Path]]:
        """The files that a value comes from, with its path there."""
        halves = self.halves.get(document)
        if halves is None or halves.over is None:
            return [(document, at)]  # as nearly always
        base, over = halves.origins(at)
        found = [] if over is not None and base is None else [(document, at if base is None else base)]
        return found if over is None else [*found, (overlay_file(self.overlay, document), over)]

    def point(self, problem: DrupalsyncError, item: Item) -> DrupalsyncError:
        """The problem of an item, which names its file, with the item's place in that file."""
        if item.source and problem.where.startswith(item.source):
            said = problem.where.removeprefix(item.source)
            rest = said or (f" {item.address}" if item.at else "")
            problem.where = (self._field_place(item, said) or self.place(item)) + rest
        return problem

    def _field_place(self, item: Item, said: str) -> str:
        """Where the field stands that a message ends with; "" where it names none, or no overlay has a part in it."""
        document, field = apart(item.source)[1], said.rpartition(" ")[2]
        if not field or says_nothing(self.halves[document].over):
            return ""
        return " and ".join(self.places(document, (*item.at, *field.split("/"))))

    def by_file(self) -> dict[str, list[Item]]:
        """The items of each document, in its order."""
        found: dict[str, list[Item]] = {path: [] for path in self.documents}
        for item in self.items.values():
            found[apart(item.source)[1]].append(item)
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


def load_tree(files: Mapping[str, bytes], shown: str, overlay: str = "") -> Tree:
    """Reads every file, with an overlay laid over the others; raises Problems with all that is wrong, by file."""
    tree = Tree(shown=shown, files=dict(files), overlay=overlay)
    tree.halves, problems = read_documents(files, overlay, shown)
    for path, halves in sorted(tree.halves.items()):
        tree.documents[path] = halves.whole
        owner = documents()[path.partition("/")[0]]
        try:
            for item in owner.load(path, tree.documents[path]):
                _add(tree, replace(item, source=tree.source(path, item.at)))
        except FieldProblem as problem:
            problems[path] = _located(problem, tree, path, owner)
        except DrupalsyncError as problem:
            problems[path] = problem
    if problems:
        raise Problems([problems[path] for path in sorted(problems)])
    _read_past(tree)
    _read_modules(tree)
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


def _read_modules(tree: Tree) -> None:
    """Reads config/modules.yml; raises what is wrong with it."""
    from drupalsync.tree.read import parse

    if modules.FILE in tree.files:
        document = parse(tree.files[modules.FILE], where=f"{tree.shown}/{modules.FILE}")
        try:
            tree.modules = modules.read_needed(document)
        except FieldProblem as problem:
            raise _located(problem, tree, modules.FILE) from problem


def check_not_empty(tree: Tree) -> None:
    """Raises EmptyTree: nothing to import is an error, never a reason to delete."""
    if not tree.items:
        raise EmptyTree(
            "the tree has no item",
            where=tree.shown,
            hint="drupalsync export first, or check `config:` in drupalsync.yml",
        )


def _add(tree: Tree, item: Item) -> None:
    there = tree.items.get(item.address)
    if there is not None:
        raise BadFile(
            f"{item.address} stands twice in the tree",
            where=f"{tree.shown}/{item.source}"
            if there.source == item.source
            else f"{tree.shown}/{there.source} and {tree.shown}/{item.source}",
            hint="give one of them another key, or delete it",
        )
    tree.items[item.address] = item


def _located(problem: FieldProblem, tree: Tree, path: str, owner: Document | None = None) -> BadFile:
    """The problem with the file, line and column of what it is about."""
    steps = problem.path
    while not (places := tree.places(path, steps)) and steps:
        steps = steps[:-1]  # a missing entry has no line of its own: its mapping has
    # What both halves hold is the overlay's fault where the base alone has none.
    at_fault = -1 if owner is not None and _loads(owner, path, tree.halves[path].base) else 0
    where = places[at_fault] if places else f"{tree.shown}/{path}"
    meant = meant_member(tree.halves.get(path, Halves()), steps)
    return BadFile(
        problem.what, where=where, hint=f"did you mean {meant}? else: {problem.hint}" if meant else problem.hint
    )


def _loads(owner: Document, path: str, document: TreeValue) -> bool:
    try:
        list(owner.load(path, document))
    except DrupalsyncError:
        return False
    return True
