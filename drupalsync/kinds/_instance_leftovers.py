"""Values that an earlier deletion of an instance left for cron to purge.

Drupal purges by entity, whether or not the values are those that were deleted: were the instance made again before, cron
would take its new values along.
Source: modules/field/field.crud.inc (field_purge_batch), field_sql_storage.module (field_sql_storage_field_storage_purge).
"""

from __future__ import annotations

from collections.abc import Iterator

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._field_check import FieldForbidden
from drupalsync.kinds._field_columns import BARE, tables_of
from drupalsync.kinds.base import Context, Item


def problems(ctx: Context, item: Item, type_: str, where: str) -> Iterator[DrupalsyncError]:
    """Yields: leftovers of a new instance whose module has to do something about each of them."""
    entity, bundle, name = item.key.split("/", 2)
    if type_ in BARE:
        return
    for table in tables_of(name):
        if table in ctx.site.tables and ctx.site.one(
            f"SELECT 1 FROM {{{table}}} WHERE deleted = 1 AND entity_type = ? AND bundle = ? LIMIT 1", [entity, bundle]
        ):
            yield FieldForbidden(
                f"{item.address} cannot be made yet: cron has not purged the values of its earlier deletion, and would take "
                "new ones along",
                where=where,
                hint="run cron on the site until it has, then again",
            )
            return


def purge(ctx: Context, item: Item) -> None:
    """Purges the leftovers of a new instance, as cron would have."""
    entity, bundle, name = item.key.split("/", 2)
    for table in tables_of(name):
        if table in ctx.site.tables:
            ctx.site.delete(table, {"entity_type": entity, "bundle": bundle, "deleted": 1})
