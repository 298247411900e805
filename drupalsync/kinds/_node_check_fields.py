"""What forbids the field values of an item: fields that the type has not, values that a field does not take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._node_fields import NodeField, expected, has_links, is_path, node_fields, typed
from drupalsync.kinds._node_identity import type_of
from drupalsync.kinds._text_format import format_problem
from drupalsync.kinds._text_links import link_problems
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import path_problem, problem
from drupalsync.site import LocalId
from drupalsync.tree import TreeValue

BUNDLES = {"node": "content type", "taxonomy_term": "vocabulary"}
LISTS = frozenset({"list_text", "list_integer", "list_float", "list_boolean"})


class BadFieldValue(DrupalsyncError):
    """A value that its field cannot hold on this site."""


def check_fields(
    ctx: Context, item: Item, desired: Mapping[str, Item], where: str, entity: str = "node"
) -> Iterator[DrupalsyncError]:
    """Yields the problems of an item's `fields`; the bundle is the first step of its key."""
    values: TreeValue = item.fields["fields"]
    type_ = type_of(item.key)
    if not isinstance(values, dict):
        return
    fields = node_fields(ctx.site, [type_], entity)
    for name, languages in values.items():
        place = f"{where} {name}"
        field = fields.get(name)
        if field is None or not field.stored_here:
            if f"field_instance:{entity}/{type_}/{name}" not in desired:
                yield _unknown(name, f"{BUNDLES[entity]} {type_}", fields, place)
        elif field.unmanaged:
            yield BadFieldValue(
                f"drupalsync does not write {name}: {field.unmanaged}", where=place, hint="remove it from the file"
            )
        else:
            yield from _check_field(ctx, field, languages, desired, place)
            yield from _check_formats(ctx, field, item.local_id, languages, desired, place)
            texts = {field.column_name(name): _column_of(languages, name) for name in field.columns}
            yield from character_problems(ctx.site, item, field.table, texts, where=place)


def _unknown(name: str, bundle: str, fields: Mapping[str, NodeField], where: str) -> BadFieldValue:
    near = get_close_matches(name, fields, n=1)
    known = ", ".join(sorted(fields)) or "none"
    hint = f"did you mean {near[0]}?" if near else f"fields it has: {known}"
    return BadFieldValue(f"the {bundle} has no field {name} on this site", where=where, hint=hint)


def _check_field(
    ctx: Context,
    field: NodeField,
    languages: Mapping[str, list[dict[str, Any]]],
    desired: Mapping[str, Item],
    where: str,
) -> Iterator[DrupalsyncError]:
    for language, items in languages.items():
        if (
            language not in {"und", "zxx"}
            and (missing := problem(ctx, "language", language, desired, where=where)) is not None
        ):
            yield missing
        if 0 < field.cardinality < len(items):
            yield BadFieldValue(
                f"{field.name} takes {field.cardinality} values, not {len(items)}",
                where=where,
                hint="remove some, or let the field take more",
            )
        for value in items:
            for column, cell in value.items():
                yield from _check_cell(ctx, field, column, cell, desired, where)


def _check_cell(
    ctx: Context, field: NodeField, column: str, cell: TreeValue, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    if column not in field.columns:
        near = ", ".join(field.columns)
        yield BadFieldValue(
            f"{field.name} has no column {column}",
            where=where,
            hint=f"its columns: {near}; write {{{next(iter(field.columns))}: …}}",
        )
        return
    kind = field.references.get(column)
    if kind is not None and cell != 0:
        yield from _check_reference(ctx, kind, cell, desired, where)
        return
    wanted = expected(field, column) if kind is None else int
    if type(cell) is not wanted and not (wanted is str and isinstance(cell, bytes)):
        yield BadFieldValue(
            f"{field.name}/{column} is {_shown(wanted)}, not {cell!r}", where=where, hint=_mend(wanted, cell)
        )
        return
    yield from _check_content(ctx, field, column, cell, desired, where)


def _column_of(languages: Mapping[str, list[dict[str, Any]]], column: str) -> list[TreeValue]:
    """What the values of a field have in one column."""
    return [value.get(column) for items in languages.values() for value in items]


def _check_formats(
    ctx: Context,
    field: NodeField,
    nid: LocalId | None,
    languages: Mapping[str, list[dict[str, Any]]],
    desired: Mapping[str, Item],
    where: str,
) -> Iterator[DrupalsyncError]:
    """The text formats of a field's values."""
    if "format" not in field.columns:
        return
    formats = set(_column_of(languages, "format"))
    for name in sorted(name for name in formats if isinstance(name, str) and name):
        has = partial(_has_format, ctx, field, nid, name)
        if (wrong := format_problem(ctx, name, desired, where=where, has=has)) is not None:
            yield wrong


def _has_format(ctx: Context, field: NodeField, nid: LocalId | None, name: str) -> bool:
    """Whether a value of the field on the site has this format."""
    column = ctx.site.db.quote(field.column_name("format"))
    sql = f"SELECT entity_id FROM {{{field.table}}} WHERE entity_type = ? AND entity_id = ? AND {column} = ?"
    return ctx.site.one(sql, [field.entity, nid, name]) is not None


def _check_reference(
    ctx: Context, kind: str, cell: TreeValue, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    if not isinstance(cell, str) or not cell.startswith(f"{kind}:"):
        yield BadFieldValue(
            f"{cell!r} is no reference to a {kind}", where=where, hint=f"ids differ from site to site: write {kind}:…"
        )
        return
    missing = problem(ctx, kind, cell[len(kind) + 1 :], desired, where=where)
    if missing is not None:
        yield missing


def _check_content(
    ctx: Context, field: NodeField, column: str, cell: TreeValue, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    """Links, lengths, lists of allowed values, digits."""
    spec = field.columns[column]
    if isinstance(cell, str):
        yield from _check_links(ctx, field, column, cell, desired, where)
    longest = field.settings.get("max_length") if column == "value" and field.type == "text" else None
    length = int(longest) if isinstance(longest, int | str) and str(longest).isdigit() else spec.length
    if isinstance(cell, str) and spec.type == "text" and 0 < length < len(cell):
        yield BadFieldValue(
            f"{field.name}/{column} has {len(cell)} characters and takes {length}", where=where, hint="shorten it"
        )
    if spec.type == "numeric" and isinstance(cell, str):
        yield from _check_decimal(field, column, cell, where)
    allowed = _allowed(field) if column == "value" else None
    if allowed is not None and not _is_allowed(cell, allowed):
        yield BadFieldValue(
            f"{cell!r} is not among the allowed values of {field.name}",
            where=where,
            hint=f"one of: {', '.join(allowed)}",
        )


def _check_links(
    ctx: Context, field: NodeField, column: str, cell: str, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    if is_path(field, column) and (wrong := path_problem(ctx, cell, desired, where=where)) is not None:
        yield wrong
    if has_links(field, column):
        yield from link_problems(ctx, cell, desired, where=where)


def _check_decimal(field: NodeField, column: str, cell: str, where: str) -> Iterator[DrupalsyncError]:
    written = str(typed(field, column, cell))
    if written != cell:
        yield BadFieldValue(
            f"{field.name}/{column} cannot be written as {cell!r}", where=where, hint=f"write '{written}'"
        )
    kept = field.columns[column].scale
    if kept and len(written.partition(".")[2]) > kept:
        yield BadFieldValue(
            f"{field.name}/{column} keeps {kept} digits after the point on this site", where=where, hint="round it"
        )


def _allowed(field: NodeField) -> list[str] | None:
    """The keys of a list field's options, of those in groups too; None where it has none, or where a function makes them."""
    options = field.settings.get("allowed_values")
    if field.type not in LISTS or field.settings.get("allowed_values_function"):
        return None
    return list(_keys(options)) or None


def _keys(options: object) -> Iterator[str]:
    """options_array_flatten() (modules/field/modules/options/options.module)."""
    pairs = options.items() if isinstance(options, dict) else enumerate(options) if isinstance(options, list) else ()
    for key, label in pairs:
        if isinstance(label, dict | list):
            yield from _keys(label)
        else:
            yield str(key)


def _is_allowed(cell: TreeValue, allowed: Sequence[str]) -> bool:
    """list_field_validate(): what PHP calls empty is; a number is, however its digits are written."""
    if cell in ("", "0", 0):
        return True
    if isinstance(cell, float):
        return any(_number(key) == cell for key in allowed)
    return str(cell) in allowed


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _shown(type_: type) -> str:
    return {int: "a whole number", float: "a number with a point"}.get(type_, "a text")


def _mend(wanted: type, cell: TreeValue) -> str:
    if wanted is str:
        return f"put it in quotes: '{cell!s}'"
    if wanted is float and isinstance(cell, int):
        return f"write {cell}.0"
    return "write the number without quotes"
