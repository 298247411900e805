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

import re
from collections.abc import Container, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._going import refuse
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind

_NAME: Final = re.compile(r"\w+", re.ASCII)


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: a name that Drupal's form refuses, or that a module declares."""
    del desired
    where = item.source or item.address
    if not _NAME.fullmatch(item.key):
        yield CannotBeRow(f"{item.key!r} cannot be the name of a date type", where=where, hint="letters, digits and _")
    elif ctx.site.one("SELECT type FROM {date_format_type} WHERE type = ? AND locked <> 0", [item.key]):
        yield CannotBeRow(
            f"a module of this site declares the date type {item.key}",
            where=where,
            hint="take another name; the format of that one is the variable date_format_" + item.key,
        )
    if not item.fields["title"]:
        yield CannotBeRow(
            f"{item.address} has no title", where=f"{where} title", hint="title: what administrators read"
        )


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing more than the plan says; raises Problems where the tree has formats of the type."""
    del going
    tree = (*ctx.memory.tree("date_format"), *ctx.memory.tree("date_format_locale"))
    refuse(item, (other for other in tree if other.key.startswith(f"{item.key}/")))
    return iter(())


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
    hooks=Hooks(check=check, losses=losses, deleted=deleted),
)
