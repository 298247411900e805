"""What the tree says of items that differ from what the last release left: which way of settling that is still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from drupalsync.apply.desired import check_not_empty, load_tree
from drupalsync.apply.gather import gather
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.overlaid import check_overlay
from drupalsync.apply.project import Project
from drupalsync.apply.select import Selection
from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds import Item
from drupalsync.kinds.fields import same_tree
from drupalsync.plan import Action, Change, Inputs, Plan, Policy, Reason, make_plan
from drupalsync.site import DatabaseError, Site
from drupalsync.tree.files import read_disk


class Says(StrEnum):
    """What the tree says of an item that differs on the site."""

    LEFT = "as left"  # what drupalsync left: an import can put it back
    SITE = "as the site"  # what the site has now, or nothing, and leaves it to the site: an import only records it
    MOVED_ON = "moved on"  # something else again
    GONE = "gone"
    UNKNOWN = "unknown"  # there is no tree, or it cannot be read


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeWord:
    """What the tree says of an item, and what stops the next import of it."""

    says: Says = Says.UNKNOWN
    stopped: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The differences with their files, and the tree's word on each, by address."""

    drift: tuple[Change, ...]
    words: Mapping[str, TreeWord] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def ask_tree(project: Project, site: Site, ledger: Ledger, selection: Selection, drift: Sequence[Change]) -> Asked:
    """Makes the plan of the next import and looks up each difference in it. A tree that cannot be read is a note."""
    try:
        files = read_disk(project.manifest.config)
        check_overlay(project, files, project.tree_shown)
        tree = load_tree(files, project.tree_shown, project.environment.overlay)
        check_not_empty(tree)
        inputs = gather(project, site, ledger, tree, selection).inputs
        plan = make_plan(inputs, Policy(prune=True))
    except DatabaseError:
        raise
    except DrupalsyncError as error:
        first = error.problems[0] if isinstance(error, Problems) else error
        place = f" ({first.where})" if first.where else ""
        return Asked(drift=tuple(drift), notes=(f"whether the tree still says so is not known: {first.what}{place}",))
    told = _by_address(plan)
    return Asked(
        drift=tuple(_with_source(change, inputs) for change in drift),
        words={change.address: _word(change, told, inputs) for change in drift},
    )


def _by_address(plan: Plan) -> dict[str, Change]:
    """What the next import would do, by each address that an item has or had."""
    old = {change.previous_address: change for change in plan.changes if change.previous_address is not None}
    return old | {change.address: change for change in plan.changes}


def _with_source(change: Change, inputs: Inputs) -> Change:
    """The difference with its file."""
    there = inputs.desired.get(change.address)
    if there is None or change.desired is None:
        return change
    return replace(change, desired=replace(change.desired, source=there.source))


def _word(change: Change, told: Mapping[str, Change], inputs: Inputs) -> TreeWord:
    planned = told.get(change.address) or told.get(change.previous_address or "")
    desired = planned.desired if planned is not None else inputs.desired.get(change.address)
    stopped = planned.blocked if planned is not None else None
    if desired is None:
        return TreeWord(says=Says.GONE, stopped=stopped)
    if planned is None or planned.action is Action.ADOPT:
        return TreeWord(says=Says.SITE)
    base = change.base
    left = base is not None and planned.address == change.address and _same(desired, base, inputs)
    return TreeWord(says=Says.LEFT if left else Says.MOVED_ON, stopped=stopped)


def _same(desired: Item, base: Item, inputs: Inputs) -> bool:
    """Whether the tree still says what was left."""
    wanted = inputs.desired.get(base.address, desired)
    return same_tree(inputs.kinds[base.kind].fill(wanted, base).fields, base.fields)
