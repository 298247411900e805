"""Rows that a module's code declares, too: Entity API keeps a copy of them in the table, and says so in a column.

A copy that nobody changed is written anew whenever caches are flushed, and deleted once the code no longer declares it.
Source: entity.module (ENTITY_CUSTOM, ENTITY_IN_CODE, ENTITY_OVERRIDDEN, _entity_defaults_rebuild).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables.description import Description, field_name

_CUSTOM: Final = 1  # made, or changed, on the site; bits
_IN_CODE: Final = 2


def note(ctx: Context, about: Description, item: Item) -> None:
    """Notes that what is about to be written does not last, unless the module's code says the same: once for all of a kind."""
    status = _status(about, item)
    if not status & _IN_CODE or status & _CUSTOM:
        return
    column, before = _column(about), f"{about.kind} "
    after = (
        f", {column} {status}: as a module's code declares it; Drupal's next rebuild puts back what that code says, "
        f"{column} {status | _CUSTOM} keeps what the tree says"
    )
    at = next((at for at, told in enumerate(ctx.notes) if told.startswith(before) and told.endswith(after)), None)
    if at is None:
        ctx.notes.append(f"{before}{item.key}{after}")
    else:
        ctx.notes[at] = f"{ctx.notes[at].removesuffix(after)}, {item.key}{after}"


def losses(about: Description, item: Item) -> Iterator[str]:
    """Says of a row that is to be deleted that it comes back."""
    if _status(about, item) & _IN_CODE:
        yield f"{item.address} comes back at Drupal's next rebuild, as {_by(item)} declares it"


def _status(about: Description, item: Item) -> int:
    value = item.fields.get(_column(about)) if about.entity_status else None
    return value if isinstance(value, int) else 0


def _column(about: Description) -> str:
    return field_name(about.entity_status, about.columns[about.entity_status])


def _by(item: Item) -> str:
    module = item.fields.get("module")
    return f"the module {module}" if isinstance(module, str) and module else "a module"
