"""One cell of a described table, as the tree writes it and back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import cast

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._node_fields import plain
from drupalsync.kinds._text_links import link_problems, links_in, links_out
from drupalsync.kinds._variable_places import Form
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import path_in, path_out, path_problem, problem
from drupalsync.kinds.tables.description import Col
from drupalsync.kinds.tables.forms import BY_NAME, Forms, Itself, each, form_of, forms_of
from drupalsync.php import PhpSerialized, PhpSyntaxError, Value, decode, encode
from drupalsync.site import Cell, Column, NoSuchReference, as_bytes
from drupalsync.tree import IntRef, TreeValue, same, walk

__all__ = [
    "NULL",
    "back",
    "blank",
    "blank_value",
    "each",
    "forms_of",
    "is_null",
    "out",
    "problems",
    "with_id",
    "without_id",
]

MISSING = "missing/"
_AS_PHP = re.compile(rb"[aOCEsS]:[0-9]+:")
NULL = PhpSerialized(b"N;")  # a null that is not what the column holds by default: null alone, and no field, mean that


def out(ctx: Context, column: Column, col: Col, cell: Cell) -> TreeValue:
    """A cell as a field; None where it is at the default of its column and the description names none."""
    value = _out(ctx, column, col, cell)
    if col.default is None and same(value, blank_value(column, col)):
        return None
    if value is None and col.default is None and not col.refers:
        return NULL
    return value


def back(ctx: Context, column: Column, col: Col, value: TreeValue, where: str) -> Cell:
    """The cell of a field; raises NoSuchReference."""
    if value is None and (col.default is None or not column.nullable):
        return blank(column)
    if value is None or (is_null(value) and not col.serialized):
        return None
    if col.serialized:
        forms = forms_of(col)
        inside = each(value, forms, lambda form, leaf: form.back(ctx, leaf, where)) if forms else value
        return encode(cast(Value, inside))
    if col.refers:
        return _reference_in(ctx, col.refers, value, where)
    if isinstance(value, str) and col.within:
        return cast(Cell, form_of(col.within).back(ctx, value, where))
    if isinstance(value, str) and col.path:
        return path_in(ctx, value, where=where)
    if isinstance(value, str) and col.links:
        return links_in(ctx, value)
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float | str | bytes):
        return value.encode("utf-8", "surrogateescape") if isinstance(value, str) and column.type == "blob" else value
    raise DrupalsyncError(f"{column.name} cannot hold a {type(value).__name__}", where=where, hint="write a text")


def problems(
    ctx: Context, col: Col, value: TreeValue, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    """What forbids a field: a reference to nothing, or a bare local id."""
    found: list[DrupalsyncError | None] = []
    if value is None:
        return
    if col.refers and isinstance(value, str):
        found.append(problem(ctx, col.refers, value, desired, where=where))
    elif col.within and isinstance(value, str):
        found.append(form_of(col.within).problem(ctx, value, desired, where))
    elif col.path and isinstance(value, str):
        found.append(path_problem(ctx, value, desired, where=where))
    elif col.links and isinstance(value, str):
        found += link_problems(ctx, value, desired, where=where)
    elif col.serialized and (unreadable := _unreadable(value, where)):
        found.append(unreadable)
    elif col.serialized:

        def look(form: Form, leaf: TreeValue) -> TreeValue:
            found.append(form.problem(ctx, leaf, desired, where))
            expected = isinstance(leaf, IntRef) and leaf.target.startswith(f"{form.numbers}:")
            return None if expected else leaf

        rest = each(value, forms_of(col), look)
        strange = next((leaf for _, leaf in walk(rest) if isinstance(leaf, IntRef)), None)
        if strange is not None:
            found.append(_unexpected(strange, where))
    yield from {str(wrong): wrong for wrong in found if wrong is not None}.values()  # as a key and as a value: once


def without_id(ctx: Context, col: Col, value: TreeValue, number: str) -> TreeValue:
    """A serialized value as the tree has it: null where the row's own id stands."""
    return each(value, _itself(col, number), lambda form, leaf: form.out(ctx, leaf))


def with_id(ctx: Context, col: Col, cell: Cell, number: str) -> Cell:
    """A serialized cell with the row's own id in its place."""
    try:
        value = cast(TreeValue, decode(as_bytes(cell)))
    except PhpSyntaxError:
        return cell
    return encode(cast(Value, each(value, _itself(col, number), lambda form, leaf: form.back(ctx, leaf, ""))))


def _itself(col: Col, number: str) -> Forms:
    return Forms({tuple(col.itself.split(".")): Itself(number)}, {})


def is_null(value: TreeValue) -> bool:
    """Whether a field says outright that its column is null."""
    return same(value, NULL)


def _unreadable(value: TreeValue, where: str) -> DrupalsyncError | None:
    """What is wrong with a value that stands there as PHP writes it, where it looks as if PHP had."""
    if not isinstance(value, PhpSerialized) or not _AS_PHP.match(value.data):
        return None
    try:
        decode(value.data)
    except PhpSyntaxError as error:
        return DrupalsyncError(
            f"PHP could not read this value: {error}", where=where, hint="correct the lengths in it, or export it anew"
        )
    return None


def _unexpected(reference: IntRef, where: str) -> NoSuchReference:
    return NoSuchReference(
        f"!int {reference.target} stands where drupalsync does not expect a reference",
        where=where,
        hint="describe the place in drupalsync.yml (tables: columns: places: …), or write the value as it is",
    )


def blank(column: Column) -> Cell:
    """What the column holds in a row that nobody set it in."""
    if column.default is not None or column.nullable:
        return column.default
    blanks: dict[str, Cell] = {"int": 0, "float": 0.0, "numeric": "0", "blob": b""}
    return blanks.get(column.type, "")


def blank_value(column: Column, col: Col) -> TreeValue:
    """The same, as a field."""
    cell = blank(column)
    if col.serialized:
        return _unserialized(column, cell)
    value = _plain(column, cell)
    return bool(value) if col.flag and value is not None else value


def _out(ctx: Context, column: Column, col: Col, cell: Cell) -> TreeValue:
    if col.serialized:
        value = _unserialized(column, cell)
        forms = forms_of(col)
        return each(value, forms, lambda form, leaf: form.out(ctx, leaf)) if forms else value
    if col.refers:
        return _reference_out(ctx, col.refers, cell)
    value = _plain(column, cell)
    if col.flag and value is not None:
        return bool(value)
    if isinstance(value, str) and col.within:
        return form_of(col.within).out(ctx, value)
    if isinstance(value, str) and col.path:
        return path_out(ctx, value)
    return links_out(ctx, value) if isinstance(value, str) and col.links else value


def _plain(column: Column, cell: Cell) -> TreeValue:
    """A cell by its column's type; SQLite keeps a text in a column of numbers, if somebody wrote one."""
    try:
        return plain(column, cell)
    except ValueError:
        return cell if isinstance(cell, str) else str(cell)


def _unserialized(column: Column, cell: Cell) -> TreeValue:
    """A serialized cell, decoded; one that is no PHP value is kept to the byte, and '' in a column that has no NULL is none.

    So is PHP's null, which is not the database's: None stands for what the column holds by default.
    """
    if cell is None:
        return None
    data = as_bytes(cell)
    if not data and not column.nullable:
        return None
    try:
        value = cast(TreeValue, decode(data))
    except PhpSyntaxError:
        return PhpSerialized(data)
    return NULL if value is None else value


def _reference_out(ctx: Context, kind: str, cell: Cell) -> TreeValue:
    if cell in (None, 0, "0", "", b""):
        return None
    local_id = int(cell) if isinstance(cell, str) and cell.isdecimal() and kind not in BY_NAME else cell
    key = ctx.keys.key(kind, local_id)
    return f"{MISSING}{cell!s}" if key is None else key


def _reference_in(ctx: Context, kind: str, value: TreeValue, where: str) -> Cell:
    found = ctx.keys.local_id(kind, str(value))
    if found is None:
        raise ctx.keys.missing(kind, str(value), where=where)
    return found
