"""Lists whose members stand for themselves: roles, paths of pages, types. Edits to different members merge.

Which lists these are, a kind says of its fields (`Field.by_member`): to Drupal their order means nothing. An empty one
means everybody, or everywhere: it is a value of its own, that merges with nothing (a block must not become visible to all
because each side took out another role).
"""

from __future__ import annotations

from drupalsync.plan.paths import ABSENT, Found
from drupalsync.tree import TreeValue

Member = str | int


def merged(*, base: Found, live: Found, desired: Found) -> Found:
    """The site's list with what the tree took out of the base and what it added; ABSENT where that cannot be said.

    >>> merged(base=["a", "b"], live=["a", "b", "site"], desired=["a", "tree"])
    ['a', 'site', 'tree']
    """
    lists = [_members(side) for side in (base, live, desired)]
    if any(members is None for members in lists):
        return ABSENT
    before, here, wanted = (members or [] for members in lists)
    kept = [member for member in here if member in wanted or member not in before]
    added: list[TreeValue] = [member for member in wanted if member not in before and member not in here]
    return [*kept, *added] or ABSENT


def _members(value: Found) -> list[Member] | None:
    """The members of a list of texts or whole numbers, no two of them equal; None for anything else."""
    if not isinstance(value, list) or not value:
        return None
    members = [member for member in value if isinstance(member, str | int) and not isinstance(member, bool)]
    if len(members) != len(value) or len({(type(member), member) for member in members}) != len(members):
        return None
    return members
