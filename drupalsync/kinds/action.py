"""Actions that somebody configured: what a trigger, or an editor, can have done.

Tables    actions (modules/system/system.install)
Key       the function and the label: `system_goto_action/Back to the start`
File      config/actions/<key>.yml
Defaults  actions without parameters are their function's name: Drupal makes their rows by itself
Keeps     a new action's id is the next of {sequences}; with an action go its assignments (trigger_actions_delete)
Caches    none
Source    includes/actions.inc (actions_save, actions_delete, actions_synchronize)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._going import refuse
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind
from drupalsync.kinds.tables.rows import Named
from drupalsync.site import LocalId

ASSIGNMENT: Final = "trigger_assignment"
_FUNCTION: Final = re.compile(r"[A-Za-z_]\w*", re.ASCII)


class Actions(TableKind):
    """Actions, of which those without parameters are known by their function alone."""

    def _key(self, ctx: Context, row: Named) -> str | None:
        return str(row["aid"]) if row["aid"] == row["callback"] else super()._key(ctx, row)


def is_configured(item: Item) -> bool:
    """Whether Drupal would not make the row by itself."""
    return "/" in item.key


def next_id(ctx: Context) -> LocalId:
    """db_next_id(), whose table MySQL numbers by itself and SQLite does not; an id that an action has is passed over.

    Drupal would write over that action. The lower numbers go last, so that others need not wait for the whole table.
    """
    site = ctx.site
    row = site.one("SELECT MAX(value) FROM {sequences}")
    taken = [int(str(aid)) for (aid,) in site.rows("SELECT aid FROM {actions}") if str(aid).isdecimal()]
    number = max(int(str(row[0])) if row and row[0] is not None else 0, *taken, 0) + 1
    site.insert("sequences", {"value": number})
    site.execute("DELETE FROM {sequences} WHERE value < ?", [number])
    return str(number)


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: an action that is none, or has no label, or parameters that no function could take."""
    del ctx, desired
    where = item.source or item.address
    callback, _, label = item.key.partition("/")
    if not _FUNCTION.fullmatch(callback):
        yield CannotBeRow(
            f"{callback!r} is no function of PHP", where=where, hint="action: FUNCTION/LABEL, as an export writes it"
        )
    elif not label:
        yield CannotBeRow(
            f"{item.address} has no label; actions without parameters are not kept in the tree",
            where=where,
            hint="action: FUNCTION/LABEL",
        )
    parameters = item.fields["parameters"]
    if not isinstance(parameters, dict) and parameters != []:
        yield CannotBeRow(
            "the parameters of an action are a mapping", where=f"{where} parameters", hint="parameters: {url: node}"
        )


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing more than the plan says; raises Problems where the tree assigns the action."""
    del going
    refuse(item, (other for other in ctx.memory.tree(ASSIGNMENT) if other.key.endswith(f"/{item.key}")))
    return iter(())


def deleted(ctx: Context, item: Item) -> None:
    """trigger_actions_delete()."""
    if "trigger_assignments" in ctx.site.tables:
        ctx.site.delete("trigger_assignments", {"aid": item.local_id})


KIND: Final = Actions(
    about=Description(
        kind="action",
        table="actions",
        key=("callback", "label"),
        id="aid",
        folder="actions",
        columns={
            "type": Col(help="What it acts on: node, comment, user, system.", required=True, default=""),
            "parameters": Col(
                help="What the function gets.",
                serialized=True,
                default=[],
                places={"url": "path", "owner_uid": "user"},
            ),
        },
        after=("node", "user"),
        likeness=("parameters",),
    ),
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, keep=is_configured, new_id=next_id, deleted=deleted),
)
