"""`doctor`: the tree on the disk."""

from __future__ import annotations

from drupalsync.apply.desired import Tree, check_not_empty, load_tree
from drupalsync.apply.doctor import Diagnosis, State
from drupalsync.apply.overlaid import check_overlay
from drupalsync.apply.project import Project
from drupalsync.errors import DrupalsyncError, Problems, counted
from drupalsync.kinds.secrets import refuse_clear
from drupalsync.manifest import Manifest
from drupalsync.tree.files import TreeMissing, read_disk

NAME = "tree"


def examine(found: Diagnosis, manifest: Manifest, project: Project | None) -> Tree | None:
    """The tree, where it can be read; without an environment none of its overlays is laid over it."""
    try:
        files = read_disk(manifest.config)
    except TreeMissing as error:
        found.add(NAME, State.NOTE, f"there is none yet in {manifest.tree_shown}/", mend=error.hint)
        return None
    except DrupalsyncError as error:
        found.fails(NAME, error)
        return None
    if not files:
        found.add(NAME, State.NOTE, f"{manifest.tree_shown}/ has no file yet", mend="drupalsync export")
        return None
    try:
        if project is not None:
            check_overlay(project, files, manifest.tree_shown)
        tree = load_tree(files, manifest.tree_shown, project.environment.overlay if project is not None else "")
        check_not_empty(tree)
    except DrupalsyncError as error:
        found.fails(NAME, error)
        return None
    if clear := [tree.point(problem, item) for item in tree.items.values() for problem in refuse_clear([item])]:
        found.fails(NAME, Problems(clear))
    else:
        found.ok(NAME, f"{manifest.tree_shown}/, {counted(len(files), 'file')}, {counted(len(tree.items), 'item')}")
    return tree
