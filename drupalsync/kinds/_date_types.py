"""Which date types there are: those that somebody added, and those that modules declare.

Source: modules/system/system.module (system_date_formats_rebuild writes the declared ones into {date_format_type}, locked).
"""

from __future__ import annotations

from collections.abc import Mapping

from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow

CORE = ("long", "medium", "short")  # system_date_format_types()


def type_problem(ctx: Context, name: str, desired: Mapping[str, Item], where: str) -> CannotBeRow | None:
    """The error that a date type is that neither the tree nor the site has."""
    if name in CORE or f"date_type:{name}" in desired:
        return None
    if ctx.site.one("SELECT type FROM {date_format_type} WHERE type = ?", [name]) is not None:
        return None
    return CannotBeRow(
        f"date_type:{name} is neither in the tree nor on this site",
        where=where,
        hint="correct the name, add the type, or switch on the module that declares it",
    )
