"""Date formats that somebody added: patterns of PHP's date() to choose from.

Tables    date_formats (modules/system/system.install)
Key       its type and the pattern: `custom/Y-m-d`
File      config/date_formats/<key>.yml
Defaults  those that modules declare are locked, and have no file
Keeps     a format is its pattern: another one is another format
Caches    none
Source    modules/system/system.module (system_date_format_save, system_date_format_delete)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._date_types import type_problem
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Description, Hooks, TableKind


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: no pattern, one that a module declares, a type that is not there."""
    where = item.source or item.address
    name, _, pattern = item.key.partition("/")
    if not pattern.strip():
        yield CannotBeRow(f"{item.address} has no pattern", where=where, hint="date_format: custom/Y-m-d")
    elif ctx.site.one("SELECT dfid FROM {date_formats} WHERE type = ? AND format = ? AND locked <> 0", [name, pattern]):
        yield CannotBeRow(f"a module of this site declares {item.address}", where=where, hint="delete this file")
    if name != "custom" and (problem := type_problem(ctx, name, desired, where)):
        yield problem


KIND: Final = TableKind(
    about=Description(
        kind="date_format",
        table="date_formats",
        key=("type", "format"),
        id="dfid",
        folder="date_formats",
        where={"locked": 0},
        after=("date_type",),
    ),
    doc=__doc__,
    hooks=Hooks(check=check),
)
