"""Columns that hold the id of one of the row's own children: the file names it by its key.

A display of Panels says so which of its panes gives the page its title.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from difflib import get_close_matches

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.tables import cells, rows
from drupalsync.kinds.tables.description import Child, Description, field_name
from drupalsync.tree import TreeValue


class NoSuchMember(DrupalsyncError):
    """A row names a child that it does not have."""


def read(about: Description, row: rows.Named, ids: Mapping[str, Mapping[str, str]], fields: Fields) -> None:
    """Sets the fields of such columns; `ids` are the keys of the row's children by their ids, by the children's field."""
    for name, child in _columns(about):
        fields[name] = ids[child.field].get(str(row.get(_column(about, name))))


def problems(about: Description, item: Item, where: str) -> Iterator[DrupalsyncError]:
    """Yields an error for a name that none of the children has."""
    for name, child in _columns(about):
        value, members = item.fields[name], item.fields[child.field]
        there = [str(key) for key in members] if isinstance(members, dict) else []
        if value is not None and value not in there:
            near = get_close_matches(str(value), there, n=1)
            yield NoSuchMember(
                f"{name} names {value!s}, which is none of the {child.field}",
                where=f"{where} {name}",
                hint=f"did you mean {near[0]}?" if near else f"one of: {', '.join(there)}" if there else "take it out",
            )


def write(
    ctx: Context,
    about: Description,
    row: rows.Named,
    fields: Mapping[str, TreeValue],
    changed: Container[str],
    where: str,
) -> None:
    """Sets such columns of a row (by what finds it) once its children are there, where the fields that changed say so."""
    for name, child in _columns(about):
        if name not in changed and child.field not in changed:
            continue
        column = _column(about, name)
        value = fields[name]
        cell = cells.blank(ctx.site.columns(about.table)[column])
        if value is not None:
            tie = {own: row[other] for own, other in child.parent.items()}
            parts = zip(child.key, rows.split_key(child.key, str(value)), strict=True)
            found = rows.rows_of(
                ctx.site,
                child.table,
                {
                    **tie,
                    **{own: rows.part_in(ctx, child.columns.get(own, rows.PLAIN), part, where) for own, part in parts},
                },
            )
            cell = found[0][child.id]
        ctx.site.update(about.table, {column: cell}, row)


def _columns(about: Description) -> Iterator[tuple[str, Child]]:
    for column, col in about.columns.items():
        if col.member:
            yield field_name(column, col), next(child for child in about.children if child.field == col.member)


def _column(about: Description, field: str) -> str:
    return next(column for column, col in about.columns.items() if field_name(column, col) == field)
