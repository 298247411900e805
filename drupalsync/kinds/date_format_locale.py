"""Which date format a language has for a date type.

Tables    date_format_locale (modules/system/system.install)
Key       type and language: `long/de`
File      config/date_formats_by_language/<key>.yml
Defaults  none: a language has the format of the site, or its own
Keeps     a language that is there
Caches    none
Source    modules/locale/locale.admin.inc (locale_date_format_form_submit), modules/system/system.module
          (system_date_format_save)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._date_types import type_problem
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: no pattern, a type that is not there."""
    where = item.source or item.address
    if not item.fields["format"]:
        yield CannotBeRow(f"{item.address} has no pattern", where=f"{where} format", hint="format: Y-m-d")
    if problem := type_problem(ctx, item.key.partition("/")[0], desired, where):
        yield problem


KIND: Final = TableKind(
    about=Description(
        kind="date_format_locale",
        table="date_format_locale",
        key=("type", "language"),
        folder="date_formats_by_language",
        columns={
            "language": Col(refers="language"),
            "format": Col(help="A pattern of PHP's date().", required=True, default=""),
        },
        after=("language", "date_type", "date_format"),
    ),
    doc=__doc__,
    hooks=Hooks(check=check),
)
