"""What forbids a new field: its name, its type, and the columns and indexes that its tables would get.

What stands here becomes part of CREATE TABLE, so every word of it is one that is known.
Source: modules/field/field.crud.inc (field_create_field), includes/entity.inc (the keys of core's entities).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._field_columns import MODULES, SETTLED, columns_of
from drupalsync.kinds.base import Item
from drupalsync.site.ddl import SIZES, TYPES

RESERVED: Final = frozenset(
    {"cid", "fid", "filename", "language", "name", "nid", "node_type", "subject", "tid", "title", "type", "uid", "vid",
     "vocabulary_machine_name", "machine_name"}
)  # fmt: skip
LONGEST_NAME: Final = 64  # characters of a column's or an index's name on MySQL
_WORD: Final = re.compile(r"[a-z_][a-z0-9_]*", re.IGNORECASE)
# What a schema may say for MySQL that the schema API has no word for.
MYSQL_TYPES: Final = frozenset(
    {"date", "datetime", "time", "timestamp", "year", "bit", "binary", "varbinary", "tinyblob", "mediumblob", "blob",
     "longblob", "tinytext", "text", "mediumtext", "longtext", "varchar", "char", "tinyint", "smallint", "mediumint", "int",
     "bigint", "float", "double", "decimal", "json", "point", "geometry"}
)  # fmt: skip
_NUMBERS: Final[Mapping[str, tuple[int, int]]] = {"length": (1, 65535), "precision": (1, 65), "scale": (0, 30)}
_LIMITS: Final[Mapping[str, tuple[int, int]]] = {"max_length": (1, 16383), "precision": (1, 65), "scale": (0, 30)}
_TEXTS: Final = frozenset({"type", "size", "mysql_type", "description"})
_FLAGS: Final = frozenset({"unsigned", "not null"})
_WORDS: Final = (*sorted(_TEXTS), *_NUMBERS, *sorted(_FLAGS), "default")


class FieldForbidden(DrupalsyncError):
    """A field that the site cannot have as the tree says."""


def problems(item: Item, where: str) -> Iterator[DrupalsyncError]:
    """Yields what is wrong with a new field, whatever the site."""
    type_ = str(item.fields["type"])
    if item.key in RESERVED:
        yield FieldForbidden(
            f"{item.key!r} cannot be a field's name: entities have that already",
            where=where,
            hint=f"call it field_{item.key}",
        )
    if type_ in SETTLED:
        settings: Any = item.fields["settings"]
        wrong = list(_deciding(settings if isinstance(settings, dict) else {}, type_, where))
        yield from wrong
        if wrong:
            return
        columns: Any = columns_of(type_, settings if isinstance(settings, dict) else {})
    else:
        columns = item.fields["columns"]
        if not columns:
            yield FieldForbidden(
                f"{item.address} is of the type {type_}, whose columns only its module knows",
                where=where,
                hint="export it from a site that has it: its file then says `columns:`",
            )
            return
        for name, spec in columns.items():
            yield from _column(item, str(name), spec, f"{where} columns/{name!s}")
    yield from _indexes(item, columns, f"{where} indexes")


def module_of(type_: str) -> str:
    """The module that has a type of core's; empty for any other type."""
    return MODULES.get(type_, "")


def _deciding(settings: Mapping[Any, Any], type_: str, where: str) -> Iterator[DrupalsyncError]:
    """The numbers of a core type's settings that decide its column."""
    for name in {"text": ("max_length",), "number_decimal": ("precision", "scale")}.get(type_, ()):
        if name in settings:
            least, most = _LIMITS[name]
            yield from _number(settings[name], least, most, f"{where} settings/{name}")
    digits, behind = (str(settings.get(name, usual)) for name, usual in (("precision", 10), ("scale", 2)))
    if type_ == "number_decimal" and digits.isdecimal() and behind.isdecimal() and int(behind) > int(digits):
        yield FieldForbidden(
            f"{behind} digits behind the point are more than {digits} digits in all", where=f"{where} settings/scale"
        )


def _number(value: object, least: int, most: int, where: str) -> Iterator[DrupalsyncError]:
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or not least <= int(text) <= most:
        yield FieldForbidden(f"{value!r} is no whole number from {least} to {most}", where=where)


def _column(item: Item, name: str, spec: object, where: str) -> Iterator[DrupalsyncError]:
    """A column of a contributed field type."""
    yield from _word(name, f"{item.key}_{name}", where)
    if not isinstance(spec, dict):
        yield FieldForbidden("a column is a mapping: type, length, not null …", where=where)
        return
    for word, value in spec.items():
        place = f"{where}/{word!s}"
        if word in _NUMBERS:
            yield from _number(value, *_NUMBERS[word], place)
        elif word in _TEXTS and not isinstance(value, str):
            yield FieldForbidden("this must be a text", where=place)
        elif word in _FLAGS and not isinstance(value, bool | int):
            yield FieldForbidden("this must be true or false", where=place)
        elif word == "default" and not isinstance(value, str | int | float | None):
            yield FieldForbidden("this must be a text or a number", where=place)
        elif word not in _WORDS:
            yield FieldForbidden(
                f"{word!s} says nothing about a column", where=place, hint=f"known words: {', '.join(_WORDS)}"
            )
    yield from _type(spec, where)


def _type(spec: Mapping[Any, Any], where: str) -> Iterator[DrupalsyncError]:
    type_, size, own = (str(spec.get(word) or "") for word in ("type", "size", "mysql_type"))
    if own and own.lower() not in MYSQL_TYPES:
        yield FieldForbidden(f"{own!r} is no type of MySQL that is known here", where=f"{where}/mysql_type")
    if type_ not in TYPES and not (own and type_.lower() in MYSQL_TYPES):
        yield FieldForbidden(
            f"{type_!r} is no type of a column", where=f"{where}/type", hint=f"one of: {', '.join(sorted(TYPES))}"
        )
    if size and size not in SIZES:
        yield FieldForbidden(
            f"{size!r} is no size of a column", where=f"{where}/size", hint=f"one of: {', '.join(sorted(SIZES))}"
        )
    if type_ == "varchar" and "length" not in spec:
        yield FieldForbidden("a varchar needs a length", where=where)


def _indexes(item: Item, columns: Mapping[str, object], where: str) -> Iterator[DrupalsyncError]:
    indexes: Any = item.fields["indexes"] or {}
    for name, listed in indexes.items():
        place = f"{where}/{name!s}"
        yield from _word(str(name), f"{item.key}_{name!s}", place)
        if not isinstance(listed, list) or not listed:
            yield FieldForbidden("an index is a list of columns", where=place)
            continue
        for column in listed:
            own, cut = (column, 1) if isinstance(column, str) else _cut(column)
            if own not in columns:
                yield FieldForbidden(
                    f"there is no column {own!r} to index", where=place, hint=f"its columns: {', '.join(columns)}"
                )
            yield from _number(cut, 1, 3072, place)


def _cut(column: object) -> tuple[object, object]:
    """The name and the length of an index's column that is cut."""
    if isinstance(column, list) and len(column) == 2:
        return str(column[0]), column[1]
    return column, 0


def _word(name: str, whole: str, where: str) -> Iterator[DrupalsyncError]:
    if not _WORD.fullmatch(name):
        yield FieldForbidden(f"{name!r} cannot be a column's or an index's name", where=where)
    elif len(whole) > LONGEST_NAME:
        yield FieldForbidden(
            f"{whole} has {len(whole)} characters; there is room for {LONGEST_NAME}", where=where, hint="shorten it"
        )
