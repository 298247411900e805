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

from typing import Final

from drupalsync.kinds.tables import Col, Description, TableKind

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
)
