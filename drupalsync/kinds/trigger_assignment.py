"""Which actions a trigger has done.

Tables    trigger_assignments (modules/trigger/trigger.install)
Key       the hook and the action's key: `node_insert/node_publish_action`
File      config/trigger_assignments/<key>.yml
Defaults  weight 0
Keeps     an action that is there
Caches    none
Source    modules/trigger/trigger.admin.inc (trigger_assign_form_submit, trigger_unassign_submit)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: an assignment to no hook."""
    del ctx, desired
    if not item.key.partition("/")[0]:
        yield CannotBeRow(
            f"{item.address} names no hook", where=item.source or item.address, hint="trigger_assignment: HOOK/ACTION"
        )


KIND: Final = TableKind(
    about=Description(
        kind="trigger_assignment",
        table="trigger_assignments",
        key=("hook", "aid"),
        folder="trigger_assignments",
        module="trigger",
        columns={"aid": Col(refers="action"), "weight": Col(help="Its place among the hook's actions.", default=0)},
        after=("action",),
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(check=check),
)
