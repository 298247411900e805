"""Deletions that would leave a reference of the tree leading nowhere: they stop the plan.

What is to go is taken out of the names that the site has; the kinds' own checks then say who misses it. All of the tree is
asked, also where the run is about a part of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from drupalsync.apply import features
from drupalsync.apply.select import Selection
from drupalsync.kinds.environment import settle_item
from drupalsync.plan import Action, Plan, Reason
from drupalsync.site import NoSuchReference

if TYPE_CHECKING:
    from drupalsync.apply.desired import Tree
    from drupalsync.apply.gather import Gathered
    from drupalsync.kinds import Item


class _AnyValue(dict[str, str]):
    """An environment in which every variable is set: what it gives is no reference, and is not looked at."""

    def get(self, key: str, default: object = None) -> str:
        del key, default
        return "1"


def stopped(gathered: Gathered, plan: Plan, tree: Tree) -> Plan:
    """The plan, every deletion stopped of what an item of the tree refers to."""
    going = {
        change.address: gathered.live[change.address]
        for change in plan.changes
        if change.action is Action.DELETE and change.blocked is None
    }
    holders = _holders(gathered, going, tree) if going else {}
    return replace(
        plan,
        changes=tuple(
            replace(change, blocked=Reason.NEEDED, because=_why(holders[change.address]))
            if change.address in holders
            else change
            for change in plan.changes
        ),
    )


def _why(holders: Sequence[Item]) -> str:
    first = holders[0]
    where = f" ({first.source})" if first.source else ""
    if len(holders) > 1:
        return f"{first.address}{where} and {len(holders) - 1} more of the tree refer to it"
    return f"{first.address}{where} of the tree refers to it"


def _holders(gathered: Gathered, going: Mapping[str, Item], tree: Tree) -> dict[str, list[Item]]:
    """The items of the tree that would miss each of these."""
    keys, notes = gathered.ctx.keys, list(gathered.ctx.notes)
    rows = [(item.kind, item.local_id, item.key) for item in going.values() if item.local_id is not None]
    for kind in {kind for kind, _, _ in rows}:
        list(keys.all(kind))  # loads it: what was dropped must not come back by being looked for
    for kind, local_id, _ in rows:
        keys.drop(kind, local_id)
    gathered.ctx.gone = frozenset(going)
    found: dict[str, list[Item]] = {}
    try:
        for item in (*gathered.desired.values(), *_others(gathered, tree)):
            for address in sorted(_missed(gathered, item) & going.keys()):
                found.setdefault(address, []).append(item)
    finally:
        for row in rows:
            keys.assign(*row)
        gathered.ctx.gone = frozenset()
        gathered.ctx.notes[:] = notes  # this was only a question
    return found


def _others(gathered: Gathered, tree: Tree) -> Iterator[Item]:
    """The tree's items that the run is not about, but for what the manifest leaves alone."""
    exclude = gathered.ctx.scope.exclude
    ours = Selection((), exclude)
    left = {address: item for address, item in tree.items.items() if address not in gathered.desired}
    theirs = features.left_out(features.owners(gathered.ctx.site, left), exclude) if left else set()
    for address, item in left.items():
        if address in ours and address not in theirs:
            settled = settle_item(item, None, _AnyValue(), [])
            if settled is not None:
                yield settled


def _missed(gathered: Gathered, item: Item) -> set[str]:
    """The addresses that the file of an item refers to, and that neither the tree nor the site has.

    What a file leaves to the site is the site's: a role that keeps its own permissions does not hold what they name.
    """
    kind = gathered.inputs.kinds[item.kind]
    problems = kind.check(gathered.ctx, kind.fill(item, None), gathered.desired)
    return {problem.address for problem in problems if isinstance(problem, NoSuchReference)}
