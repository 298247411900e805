"""The fields of a file as the site would read them back: what a column holds anyway says nothing, though a file writes it out."""

from __future__ import annotations

from collections.abc import Mapping

from drupalsync.kinds.base import Context, Fields
from drupalsync.kinds.tables import cells, rows
from drupalsync.kinds.tables.description import EXTRA, Child, Col, Description, field_name
from drupalsync.site import Column
from drupalsync.tree import TreeValue, same


def quiet(ctx: Context, about: Description, fields: Fields) -> Fields:
    """The fields, those at the default of their column as None, members of children without them."""
    site = ctx.site
    if about.table not in site.tables:
        return fields
    columns = site.columns(about.table)
    out = dict(fields)
    for name, col in about.columns.items():
        field = field_name(name, col)
        if col.is_ours and name not in about.key and name in columns and _says_nothing(columns[name], col, out[field]):
            out[field] = col.default
    extra = out.get(EXTRA)
    if isinstance(extra, dict):
        out[EXTRA] = {
            name: value
            for name, value in extra.items()
            if str(name) not in columns or not _says_nothing(columns[str(name)], rows.PLAIN, value)
        }
    for child in about.children:
        if child.table in site.tables:
            out[child.field] = _members(child, site.columns(child.table), out[child.field])
    return out


def _members(child: Child, columns: Mapping[str, Column], value: TreeValue) -> TreeValue:
    named = {field_name(name, child.columns.get(name, rows.PLAIN)): name for name in columns}

    def member(entry: TreeValue) -> TreeValue:
        if not isinstance(entry, dict):
            return entry  # what no row can be: check.py says so
        return {
            field: cell
            for field, cell in entry.items()
            if field not in named
            or not _says_nothing(columns[named[field]], child.columns.get(named[field], rows.PLAIN), cell)
        }

    if isinstance(value, dict):
        return {own: member(entry) for own, entry in value.items()}
    return [member(entry) for entry in value] if isinstance(value, list) else value


def _says_nothing(column: Column, col: Col, value: TreeValue) -> bool:
    """Whether a row that leaves this out would hold the same."""
    return same(value, cells.blank_value(column, col) if col.default is None else col.default)
