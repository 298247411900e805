"""A kind of nothing, for plans of which only the sides matter."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from drupalsync.kinds import Item
from drupalsync.kinds.fields import Field
from drupalsync.plan import Inputs, Plan, Policy, make_plan

if TYPE_CHECKING:
    from collections.abc import Iterable

    from drupalsync.kinds import Kind


def kind(**members: Any) -> Kind:
    """A kind that has nothing to say of its items but what is given."""
    plain = {
        "NAME": "thing",
        "FIELDS": {"members": Field("A set.", by_member=True)},
        "fill": lambda item, live: item,
        "needs": lambda item: (),
        "likeness": lambda item: None,
        "can_move": lambda item: True,
        "worth_exporting": lambda item: True,
    }
    return cast("Kind", SimpleNamespace(**plain | members))


def thing(key: str = "x", **fields: Any) -> Item:
    return Item(kind="thing", key=key, fields=fields, local_id=1)


def planned(
    *,
    live: Iterable[Item] = (),
    desired: Iterable[Item] = (),
    base: Iterable[Item] = (),
    policy: Policy | None = None,
    of: Kind | None = None,
    **more: Any,
) -> Plan:
    """The plan of these sides; `more` are other entries of the inputs."""
    sides = {
        name: {item.address: item for item in items}
        for name, items in {"live": live, "desired": desired, "base": base}.items()
    }
    return make_plan(Inputs(kinds={"thing": of or kind()}, **sides, **more), policy or Policy())


def told(plan: Plan) -> str:
    """What becomes of a plan's one item, in a word or two: the action, and what stops it; or the list that it is in."""
    if plan.changes:
        change = plan.changes[0]
        return f"{change.action}, {change.blocked}" if change.blocked else str(change.action)
    for name in ("drift", "ignored", "left", "forgotten", "unmanaged"):
        if getattr(plan, name):
            return name
    return "in sync" if plan.in_sync else "nothing"
