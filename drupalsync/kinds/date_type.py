"""Date types that somebody added: what dates are shown for. Their format is the variable date_format_<type>.

Tables    date_format_type (modules/system/system.install)
Key       its machine name
File      config/date_types/<key>.yml
Defaults  those that modules declare (long, medium, short …) are locked, and have no file
Keeps     with a type go its formats and their variants by language; its variable stays
Caches    none
Source    modules/system/system.module (system_date_format_type_save, system_date_format_type_delete)
"""

from __future__ import annotations

from typing import Final

from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import Col, Description, Hooks, TableKind


def deleted(ctx: Context, item: Item) -> None:
    """What goes with a type."""
    for table in ("date_formats", "date_format_locale"):
        ctx.site.delete(table, {"type": item.key})


KIND: Final = TableKind(
    about=Description(
        kind="date_type",
        table="date_format_type",
        key=("type",),
        folder="date_types",
        where={"locked": 0},
        columns={"title": Col(help="What administrators read.", required=True, default="")},
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(deleted=deleted),
)
