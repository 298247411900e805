"""What forbids an item from becoming a row of a described table, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem
from drupalsync.kinds.tables import cells, members, rows
from drupalsync.kinds.tables.description import EXTRA, Child, Col, Description, field_name
from drupalsync.site import Column
from drupalsync.tree import TreeValue

_TYPES: dict[str, tuple[str, type | tuple[type, ...]]] = {
    "int": ("a whole number", int),
    "float": ("a number", (int, float)),
    "numeric": ("a number, as text", (int, float, str)),
    "text": ("a text", (str, bytes)),
    "blob": ("a text", (str, bytes)),
}


class CannotBeRow(DrupalsyncError):
    """An item that its table cannot hold."""


def problems(ctx: Context, about: Description, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields every problem of an item: the module that is off, types, lengths, characters, references, unknown columns."""
    where = item.source or item.address
    off = about.module and ctx.keys.local_id("module", about.module) is None
    if off or about.table not in ctx.site.tables:
        mend = f"drush en {about.module}" if about.module else f"the site has no table {about.table}"
        what = f"the module {about.module}, which is off" if about.module else f"the table {about.table}"
        yield CannotBeRow(f"{item.address} needs {what}", where=where, hint=mend)
        return
    if lacks := rows.lacking(ctx.site, about):
        yield CannotBeRow(
            f"{{{lacks[0]}}} has no column {lacks[1]} on this site, and {about.kind} is told by it",
            where=where,
            hint="the site has another version of the module: update it, or describe its table in drupalsync.yml",
        )
        return
    yield from _key(ctx, about, item, desired, where)
    columns = ctx.site.columns(about.table)
    for name, col in about.columns.items():
        if not col.is_ours or name in about.key or col.member:
            continue
        field = field_name(name, col)
        place = f"{where} {field}"
        if name in columns:
            yield from _cell(ctx, columns[name], col, item.fields[field], desired, place)
        elif item.fields[field] != col.default:
            yield _no_column(about.table, name, columns, place)
    yield from _extra(ctx, about, item, columns, where)
    for child in about.children:
        yield from _members(ctx, child, item, desired, where)
    yield from members.problems(about, item, where)
    texts = {
        name: item.fields[field_name(name, col)] for name, col in about.columns.items() if _is_text(about, name, col)
    }
    yield from character_problems(ctx.site, item, about.table, texts, where=where, extra=item.fields[EXTRA])


def _is_text(about: Description, name: str, col: Col) -> bool:
    return col.is_ours and name not in about.key and not col.serialized


def _key(
    ctx: Context, about: Description, item: Item, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    parts = rows.split_key(about.key, item.key)
    if len(parts) != len(about.key):
        yield CannotBeRow(
            f"{item.key!r} is no key of a {about.kind}", where=where, hint=f"its parts are {'/'.join(about.key)}"
        )
        return
    columns = ctx.site.columns(about.table)
    for column, part in zip(about.key, parts, strict=True):
        kind = about.columns.get(column, rows.PLAIN).refers
        missing = problem(ctx, kind, part, desired, where=where) if kind else None
        if missing is not None:
            yield missing
        elif not kind:
            yield from _length(columns[column], part, f"{where} {about.kind}")
    yield from character_problems(ctx.site, item, about.table, dict(zip(about.key, parts, strict=True)), where=where)
    own_name = len(about.key) == 1 and not about.columns.get(about.key[0], rows.PLAIN).refers
    if own_name and ctx.keys.local_id(about.kind, item.key) is None:
        yield from _taken(ctx, about, item, where)


def _taken(ctx: Context, about: Description, item: Item, where: str) -> Iterator[DrupalsyncError]:
    """A row whose name is another one to us and the same to the database, which may tell neither case nor accents apart."""
    quote = ctx.site.db.quote
    name, number = about.key[0], about.id or about.key[0]
    sql = (
        f"SELECT {quote(name)}, {quote(number)} FROM {{{about.table}}} WHERE {quote(name)} = ? ORDER BY {quote(number)}"
    )
    found = [(str(key), local_id) for key, local_id in ctx.site.rows(sql, [item.key])]
    for key, local_id in found[:1]:
        if key == item.key or (item.local_id is not None and local_id == item.local_id):
            return  # left to the site for another reason, or the very row that gets this name
        yield CannotBeRow(
            f"{about.kind}:{key} is there, and to this database {item.key} is the same name",
            where=where,
            hint="write it as the site does; if it is to be renamed, say so in config/moved.yml",
        )


def _cell(
    ctx: Context, column: Column, col: Col, value: TreeValue, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    """What is wrong with the value of one column."""
    if (cells.is_null(value) and not col.serialized) or (value is None and col.default is not None):
        if not column.nullable:
            yield CannotBeRow(f"{column.name} cannot be null on this site", where=where, hint="take the line out")
        return
    wrong = list(cells.problems(ctx, col, value, desired, where))
    yield from wrong
    if wrong or value is None or col.serialized or col.refers:
        return
    name, types = _TYPES[column.type]
    if (isinstance(value, bool) and not col.flag) or not isinstance(value, bool if col.flag else types):
        yield CannotBeRow(f"this must be {'true or false' if col.flag else name}", where=where)
        return
    yield from _length(column, value, where)


def _length(column: Column, value: TreeValue, where: str) -> Iterator[DrupalsyncError]:
    if column.length and isinstance(value, str) and len(value) > column.length:
        yield CannotBeRow(
            f"{column.name} has {len(value)} characters; there is room for {column.length}",
            where=where,
            hint="shorten it",
        )


def _extra(
    ctx: Context, about: Description, item: Item, columns: Mapping[str, Column], where: str
) -> Iterator[DrupalsyncError]:
    given: Any = item.fields[EXTRA]
    there = rows.extras(ctx.site, about)
    for name, value in given.items() if isinstance(given, dict) else ():
        if name not in there:
            yield _no_column(about.table, name, there, f"{where} {EXTRA}")
        else:
            yield from _cell(ctx, columns[name], rows.PLAIN, value, {}, f"{where} {EXTRA}/{name}")


def _members(
    ctx: Context, child: Child, item: Item, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    given: Any = item.fields[child.field]
    if not given:
        return
    if child.table not in ctx.site.tables:
        yield CannotBeRow(f"the site has no table {child.table}", where=f"{where} {child.field}")
        return
    columns, hidden = ctx.site.columns(child.table), rows.hidden_columns(child)
    known = {field_name(name, child.columns.get(name, rows.PLAIN)): name for name in columns if name not in hidden}
    for own, member in given.items() if isinstance(given, dict) else enumerate(given):
        place = f"{where} {child.field}/{own}"
        for column, part in zip(child.key, rows.split_key(child.key, str(own)), strict=False):
            kind = child.columns.get(column, rows.PLAIN).refers
            missing = problem(ctx, kind, part, desired, where=place) if kind else None
            if missing is not None:
                yield missing
        for name, value in member.items() if isinstance(member, dict) else ():
            if name not in known:
                yield _no_column(child.table, name, known, place)
                continue
            col = child.columns.get(known[name], rows.PLAIN)
            yield from _cell(ctx, columns[known[name]], col, value, desired, f"{place}/{name}")


def _no_column(table: str, name: object, there: Mapping[str, object] | list[str], where: str) -> CannotBeRow:
    near = get_close_matches(str(name), list(there), n=1)
    return CannotBeRow(
        f"{{{table}}} has no column {name!s} on this site",
        where=where,
        hint=f"did you mean {near[0]}?" if near else "switch on the module that adds it, or take it out",
    )
