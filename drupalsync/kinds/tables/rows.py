"""The rows of a described table and of its child tables: read all at once, written one item at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from drupalsync.kinds.base import Context, Fields
from drupalsync.kinds.tables import cells
from drupalsync.kinds.tables.description import EXTRA, Child, Col, Description, field_name
from drupalsync.site import Cell, Column, Site
from drupalsync.tree import TreeValue, same

Named = dict[str, Cell]  # a row: column → cell
PLAIN = Col()


class NotAMapping(Exception):
    """Children that cannot be told from each other: the text says what is wrong with them."""


def rows_of(
    site: Site,
    table: str,
    where: Mapping[str, Cell],
    order: Sequence[str] = (),
    condition: str = "",
    only: Iterable[str] = (),
) -> list[Named]:
    """The rows with these values, in one query; with all their columns, or `only` these."""
    quote, columns = site.db.quote, list(only) or list(site.columns(table))
    sql = f"SELECT {', '.join(map(quote, columns))} FROM {{{table}}}"
    conditions = [*(f"{quote(name)} = ?" for name in where), *filter(None, [condition])]
    if conditions:
        sql += f" WHERE {' AND '.join(conditions)}"
    if order:
        sql += f" ORDER BY {', '.join(map(quote, order))}"
    return [dict(zip(columns, row, strict=True)) for row in site.rows(sql, list(where.values()))]


def lacking(site: Site, about: Description) -> tuple[str, str] | None:
    """The first (table, column) that rows are told by and a table does not have: it is of another version of its module."""
    told = [(about.table, [*about.key, about.id, *about.where])]
    told += [
        (child.table, [*child.parent, *child.key, *child.order, child.id])
        for child in about.children
        if child.table in site.tables
    ]
    told.append((about.table, [other for child in about.children for other in child.parent.values()]))
    return next(
        ((table, name) for table, names in told for name in names if name and name not in site.columns(table)), None
    )


def extras(site: Site, about: Description) -> list[str]:
    """The columns that the description does not name."""
    known = {*about.columns, *about.key, *about.where, about.id}
    return site.extra_columns(about.table, known)


def fields_of(ctx: Context, about: Description, row: Named) -> Fields:
    """The fields of an item but for its children."""
    columns = ctx.site.columns(about.table)
    fields: Fields = {}
    for name, col in about.columns.items():
        if col.is_ours and name not in about.key:
            field = field_name(name, col)
            known = name in columns and not col.member
            fields[field] = cells.out(ctx, columns[name], col, row[name]) if known else col.default
            if col.itself:
                fields[field] = cells.without_id(ctx, col, fields[field], str(row[about.id]))
    others = {name: cells.out(ctx, columns[name], PLAIN, row[name]) for name in extras(ctx.site, about)}
    fields[EXTRA] = {name: value for name, value in others.items() if value is not None}
    return fields


def row_of(ctx: Context, about: Description, fields: Mapping[str, TreeValue], only: Iterable[str], where: str) -> Named:
    """The columns for those of the fields that are named; raises NoSuchReference."""
    columns, wanted = ctx.site.columns(about.table), set(only)
    row: Named = {}
    for name, col in about.columns.items():
        field = field_name(name, col)
        if col.is_ours and name not in about.key and field in wanted and name in columns and not col.member:
            row[name] = cells.back(ctx, columns[name], col, fields[field], f"{where} {field}")
    if EXTRA in wanted:
        given: Any = fields.get(EXTRA) or {}
        for name in extras(ctx.site, about):
            row[name] = cells.back(ctx, columns[name], PLAIN, given.get(name), f"{where} {EXTRA}/{name}")
    return row


def with_id(ctx: Context, about: Description, row: Named, number: object) -> Named:
    """The row with its own id where its serialized values hold it."""
    inside = {name: col for name, col in about.columns.items() if col.itself and row.get(name) is not None}
    return row | {name: cells.with_id(ctx, col, row[name], str(number)) for name, col in inside.items()}


def new_row(about: Description, columns: Mapping[str, Column]) -> Named:
    """What a new row has in columns that no field stands for."""
    row: Named = {name: col.value for name, col in about.columns.items() if not col.is_ours and col.value is not None}
    row = {name: cell for name, cell in row.items() if name in columns}
    return {**row, **about.where}


class Member(NamedTuple):
    """One of a parent's children: its key (None: it has no name), its id where there is one, and its fields."""

    key: str | None
    id: str
    fields: dict[str, TreeValue]


Members = list[Member]


def read_children(ctx: Context, child: Child) -> dict[tuple[str, ...], Members]:
    """Every parent's children in their order, by the cells (as text) that tie them to it, in one query."""
    site, hidden = ctx.site, hidden_columns(child)
    if child.table not in site.tables:
        return {}
    found: dict[tuple[str, ...], Members] = {}
    for row in rows_of(site, child.table, {}, [*child.parent, *child.order, *child.key, *filter(None, [child.id])]):
        tied = tuple(str(row[column]) for column in child.parent)
        member = Member(_own_key(ctx, child, row), str(row.get(child.id, "")), _member(ctx, child, row, hidden))
        found.setdefault(tied, []).append(member)
    return found


def _member(ctx: Context, child: Child, row: Named, hidden: frozenset[str]) -> dict[str, TreeValue]:
    columns = ctx.site.columns(child.table)
    member: dict[str, TreeValue] = {}
    for name, column in columns.items():
        col = child.columns.get(name, PLAIN)
        if name in hidden or not col.is_ours:
            continue
        value = cells.out(ctx, column, col, row[name])
        if not same(value, col.default):
            member[field_name(name, col)] = value
    return member


def hidden_columns(child: Child) -> frozenset[str]:
    """Columns of a child that its place in the file says already, or only its site knows."""
    return frozenset({*child.parent, *child.key, child.id})


def shaped(child: Child, members: Members) -> TreeValue:
    """Children as the field of their parent; raises NotAMapping where a mapping could not hold them all."""
    if not child.key:
        return [member.fields for member in members]
    found: dict[str, TreeValue] = {}
    for own, _, member in members:
        if own is None:
            raise NotAMapping(f"a row in {child.table} that has no {'/'.join(child.key)}")
        if not same(found.setdefault(own, member), member):
            raise NotAMapping(f"more than one {own} in {child.table}")
    return dict(found)


def write_children(
    ctx: Context, child: Child, parent: Named, old: Mapping[str, Cell] | None, value: TreeValue, where: str
) -> None:
    """Makes a parent's rows in the child table what the field says: rows that stay keep their ids.

    `parent` is the parent's row as it is now, `old` as it was (None: it is new). Raises NoSuchReference.
    """
    site = ctx.site
    if child.table not in site.tables:
        return  # then there are none: see check.py
    tie: Named = {column: parent[other] for column, other in child.parent.items()}
    before = {column: old[other] for column, other in child.parent.items()} if old is not None else {}
    order = [*child.order, *child.key, *filter(None, [child.id])]
    there = rows_of(site, child.table, before, order) if before else []
    wanted = list(_wanted(ctx, child, value, where))
    for row, was in _paired(child, wanted, there):
        if row is not None and was is None:
            site.insert(child.table, {**tie, **row})
        elif row is None and was is not None:
            site.delete(child.table, _handle(child, was, there))
        elif row is not None and was is not None:
            changed = {name: cell for name, cell in {**tie, **row}.items() if not _is(cell, was[name])}
            if changed:
                site.update(child.table, changed, _handle(child, was, there))


def _paired(
    child: Child, wanted: Sequence[Named], there: Sequence[Named]
) -> Iterator[tuple[Named | None, Named | None]]:
    """(row to have, row that is there): by key where there is one, else in their order; the surplus is deleted first."""
    if child.key:
        old = {tuple(str(row[column]) for column in child.key): row for row in there}
        new = {tuple(str(row[column]) for column in child.key): row for row in wanted}
        yield from ((None, row) for own, row in old.items() if own not in new)
        yield from ((row, old.get(own)) for own, row in new.items())
        return
    yield from ((None, row) for row in there[len(wanted) :])
    for at, row in enumerate(wanted):
        yield row, there[at] if at < len(there) else None


def _wanted(ctx: Context, child: Child, value: TreeValue, where: str) -> Iterator[Named]:
    """The rows that a field stands for, without what ties them to their parent."""
    columns, hidden = ctx.site.columns(child.table), hidden_columns(child)
    members: Any = value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    for own, said in members:
        row: Named = {}
        member = said or {}  # an empty mapping is an empty list to PHP
        place = f"{where} {child.field}/{own}"
        for name, column in columns.items():
            col = child.columns.get(name, PLAIN)
            if name in hidden:
                continue
            if not col.is_ours:
                row[name] = col.value if col.value is not None else cells.blank(column)
            else:
                row[name] = cells.back(ctx, column, col, member.get(field_name(name, col), col.default), place)
        for named, part in zip(child.key, split_key(child.key, str(own)), strict=True):
            row[named] = part_in(ctx, child.columns.get(named, PLAIN), part, place)
        yield row


def _own_key(ctx: Context, child: Child, row: Named) -> str | None:
    """A child's key among its parent's; None where it has none."""
    if any(row[column] is None for column in child.key):
        return None
    return join_key([_part_out(ctx, child.columns.get(column, PLAIN), row[column]) for column in child.key])


def _part_out(ctx: Context, col: Col, cell: Cell) -> str:
    """A key column as a part of a key: what it refers to, by name."""
    return str(cell) if not col.refers else ctx.keys.key(col.refers, cell) or f"{cells.MISSING}{cell!s}"


def part_in(ctx: Context, col: Col, part: str, where: str) -> Cell:
    """A key column's cell; raises NoSuchReference."""
    found = ctx.keys.local_id(col.refers, part) if col.refers else part
    if found is None:
        raise ctx.keys.missing(col.refers, part, where=where)
    return found


def join_key(parts: Sequence[str]) -> str:
    """A key of its parts; a `/` stands as it is in the last one only.

    >>> join_key(["node/page/body", "a/b"])
    'node%2Fpage%2Fbody/a/b'
    """
    return "/".join([*(part.replace("%", "%25").replace("/", "%2F") for part in parts[:-1]), *parts[-1:]])


def split_key(columns: Sequence[str], key: str) -> list[str]:
    """The parts of a key, as many as there are columns where it is one.

    >>> split_key(["dependee", "dependent"], "node%2Fpage%2Fbody/a/b")
    ['node/page/body', 'a/b']
    """
    parts = key.split("/", len(columns) - 1) if columns else []
    return [*(part.replace("%2F", "/").replace("%25", "%") for part in parts[:-1]), *parts[-1:]]


def _handle(child: Child, row: Named, there: Sequence[Named]) -> Named:
    """What finds this one row again."""
    if child.id:
        return {child.id: row[child.id]}
    named = {column: row[column] for column in (*child.parent, *child.key)}
    if sum(all(_is(other[name], cell) for name, cell in named.items()) for other in there) == 1:
        return named
    return {name: cell for name, cell in row.items() if cell is not None}


def _is(new: Cell, old: Cell) -> bool:
    """Whether a cell has this value already, whatever type the engine gives it."""
    if new is None or old is None:
        return new is old
    return _data(new) == _data(old)


def _data(cell: Cell) -> bytes:
    return cell if isinstance(cell, bytes) else str(cell).encode("utf-8", "surrogateescape")
