"""The tree as items: every file of it, read, checked and settled for one environment of the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds import Document, Item, all_kinds, documents
from drupalsync.kinds.fields import FieldProblem
from drupalsync.tree import TreeValue

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

    def in_file(self, path: str) -> list[Item]:
        """The items of one file, in its order."""
        return [item for item in self.items.values() if item.source == path]


def load_tree(files: Mapping[str, bytes], shown: str) -> Tree:
    """Reads every file; raises Problems with all that is wrong, in the order of the files."""
    from drupalsync.tree.read import parse

    tree = Tree(shown=shown, files=dict(files))
    problems: list[DrupalsyncError] = []
    for path, data in files.items():
        try:
            owner = _owner(path)
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
    return tree


def check_not_empty(tree: Tree) -> None:
    """Raises EmptyTree: nothing to import is an error, never a reason to delete."""
    if not tree.items:
        raise EmptyTree(
            "the tree has no item",
            where=tree.shown,
            hint="drupalsync export first, or check `config:` in drupalsync.yml",
        )


def _owner(path: str) -> Document:
    folder = path.split("/", 1)[0]
    known = documents()
    if folder not in known or "/" not in path:
        from difflib import get_close_matches

        near = get_close_matches(folder, known, n=1)
        raise BadFile(
            f"no kind keeps its files in {folder}/" if "/" in path else "a file must lie in the folder of its kind",
            where=path,
            hint=f"did you mean {near[0]}/?" if near else f"known folders: {', '.join(sorted(known))}",
        )
    return known[folder]


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


def kind_names() -> list[str]:
    """Every kind's name, in the order in which kinds are written."""
    return list(all_kinds())
