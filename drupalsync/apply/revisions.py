"""Two revisions of the tree, compared without any site: no connection, no settings.php, no password.

What differs is put as a plan for a site that is just as the older revision says: the one planner, the one document, and
moves as moves. Nothing stops it, and no rule of the manifest but `exclude` counts, for those speak of a site.
"""

from __future__ import annotations

import os
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from drupalsync.apply.desired import Tree, load_tree
from drupalsync.apply.project import know_tables
from drupalsync.apply.seal import seal
from drupalsync.apply.select import Selection, check_matches, check_rules, select
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Item, all_kinds
from drupalsync.manifest import Manifest, find_manifest, read_manifest
from drupalsync.plan import Inputs, Plan, Policy, Reason, make_plan
from drupalsync.tree import Env, walk
from drupalsync.tree import Path as ValuePath
from drupalsync.tree.files import UnreadableFile, read_revision
from drupalsync.tree.git import common_ancestor

HEAD = "HEAD"


class BadRange(DrupalsyncError):
    """What stands around the two dots is no pair of revisions."""

    exit_code = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What changes from one commit to the other, of the tree in `folder`."""

    plan: Plan
    environment: str
    folder: str
    overlay: str
    before: str
    after: str


def compare(
    environment: str | None,
    selectors: Sequence[str],
    revisions: str,
    *,
    start: Path | None = None,
    environ: Mapping[str, str] | None = None,
) -> Compared:
    """Compares `A..B`, or `A...B`: B with the commit that it parted from A at; an end left out is HEAD, as git has it.

    Raises BadRange, BadSelector, NoSuchEnvironment, what reading a revision raises, and Problems of either tree, which
    name their revision.
    """
    known = os.environ if environ is None else environ
    manifest = read_manifest(find_manifest((start or Path.cwd()).resolve()))
    know_tables(manifest)
    chosen = manifest.chosen(environment or known.get("DRUPALSYNC_ENV"))
    check_rules(manifest.rules)
    selection = select(selectors, [rule.item for rule in manifest.rules.exclude])
    old, new = _ends(manifest.folder, revisions)
    overlay = manifest.overlay(chosen)
    before, old_tree = _tree_at(manifest, old, overlay)
    after, new_tree = _tree_at(manifest, new, overlay)
    items = [*old_tree.items, *new_tree.items]
    check_matches(
        selection,
        items,
        items,
        nowhere=f"neither at {old} nor at {new}",
        hint="drupalsync diff --rev shows all of them",
    )
    return Compared(
        plan=difference(old_tree, new_tree, selection),
        environment=chosen,
        folder=manifest.tree_shown,
        overlay=overlay,
        before=before,
        after=after,
    )


def difference(old: Tree, new: Tree, selection: Selection) -> Plan:
    """What changes from one tree to the other: the whole is compared, so that a move is one, and the selected is shown."""
    before, after = _sides(old, new)
    inputs = Inputs(
        kinds=all_kinds(),
        live=before,
        desired=after,
        base=before,
        moved=new.past.moves_on(before),
        removed=new.past.removed,
    )
    plan = make_plan(inputs, Policy(prune=True))
    selected = {address for address in (*before, *after) if address in selection}
    changes = [change for change in plan.changes if {change.address, change.previous_address} & selected]
    equal = selected.intersection(after).difference(change.address for change in plan.changes)
    return replace(
        plan,
        changes=tuple(replace(change, blocked=None) for change in changes),
        in_sync=Counter(after[address].kind for address in equal),
        notes=tuple(
            f"{change.address} is much like {change.alike}, which goes: an import will ask whether it is the same; if it "
            f"is, in moved.yml, under `moved:`  - {{from: '{change.alike}', to: '{change.address}'}}"
            for change in changes
            if change.blocked is Reason.RENAME
        ),
    )


def _ends(folder: Path, revisions: str) -> tuple[str, str]:
    """The two revisions as they are read and named."""
    dots = "..." if "..." in revisions else ".."
    old, _, new = revisions.partition(dots)
    if not (old or new) or ".." in new:
        raise BadRange(
            f"{revisions!r} is not two revisions", where="--rev", hint="such as main..HEAD, v1.2..v1.3, or HEAD~1.."
        )
    old, new = old or HEAD, new or HEAD
    return (common_ancestor(folder, old, new) if dots == "..." else old), new


def _tree_at(manifest: Manifest, revision: str, overlay: str) -> tuple[str, Tree]:
    """The commit that a revision names, and its tree, whose messages say `revision:file`, as git would.

    One that is older than the overlay has none.
    """
    shown = manifest.tree_shown
    try:
        commit, files = read_revision(manifest.folder, shown, revision)
    except UnreadableFile as error:
        error.where = f"{revision}:{error.where}"
        raise
    return commit, load_tree(files, f"{revision}:{shown}", overlay)


def _sides(old: Tree, new: Tree) -> tuple[dict[str, Item], dict[str, Item]]:
    """The items of both, wherever either has a secret sealed with a key that nobody keeps."""
    key = secrets.token_bytes(32)
    sides = (_with_protection(old), _with_protection(new))
    for items in sides:
        for address, item in items.items():
            paths = old.secret_paths(address) | new.secret_paths(address)
            if paths:
                items[address] = seal(item, _without_env(item, paths), key)
    return sides


def _with_protection(tree: Tree) -> dict[str, Item]:
    """The items, with `protect: true` where they say it: to the tree it is one line more."""
    return {
        address: replace(item, fields={**item.fields, "protect": True}) if item.protect else item
        for address, item in tree.items.items()
    }


def _without_env(item: Item, paths: set[ValuePath]) -> list[ValuePath]:
    """The paths at which the item has no `!env`: that is no secret, but the name of one, and is compared as it is written."""
    named = [path for path, value in walk(dict(item.fields)) if isinstance(value, Env)]
    return sorted((path for path in paths if not any(env[: len(path)] == path for env in named)), key=repr)
