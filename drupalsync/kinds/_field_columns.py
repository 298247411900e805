"""The columns of core's field types, and the two tables of a field.

Source: hook_field_schema() of text, list, number, taxonomy, file and image;
modules/field/modules/field_sql_storage/field_sql_storage.module (_field_sql_storage_schema).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from drupalsync.site.ddl import Table

Columns = dict[str, dict[str, Any]]
_FORMAT: Final = {"format": {"type": "varchar", "length": 255, "not null": False}}
_LONG: Final = {"type": "text", "size": "big", "not null": False}
_ID: Final = {"type": "int", "not null": False, "unsigned": True}
FIXED: Final[Mapping[str, Columns]] = {
    "text_long": {"value": _LONG, **_FORMAT},
    "text_with_summary": {"value": _LONG, "summary": _LONG, **_FORMAT},
    "list_text": {"value": {"type": "varchar", "length": 255, "not null": False}},
    "list_integer": {"value": {"type": "int", "not null": False}},
    "list_boolean": {"value": {"type": "int", "not null": False}},
    "list_float": {"value": {"type": "float", "not null": False}},
    "number_integer": {"value": {"type": "int", "not null": False}},
    "number_float": {"value": {"type": "float", "not null": False}},
    "taxonomy_term_reference": {"tid": _ID},
    "file": {
        "fid": {**_ID, "description": "The {file_managed}.fid being referenced in this field."},
        "display": {
            "type": "int",
            "size": "tiny",
            "unsigned": True,
            "not null": True,
            "default": 1,
            "description": "Flag to control whether this file should be displayed when viewing content.",
        },
        "description": {"type": "text", "not null": False, "description": "A description of the file."},
    },
    "image": {
        "fid": {**_ID, "description": "The {file_managed}.fid being referenced in this field."},
        "alt": {
            "type": "varchar",
            "length": 512,
            "not null": False,
            "description": "Alternative image text, for the image's 'alt' attribute.",
        },
        "title": {
            "type": "varchar",
            "length": 1024,
            "not null": False,
            "description": "Image title text, for the image's 'title' attribute.",
        },
        "width": {"type": "int", "unsigned": True, "description": "The width of the image in pixels."},
        "height": {"type": "int", "unsigned": True, "description": "The height of the image in pixels."},
    },
}
SETTLED: Final = frozenset({*FIXED, "text", "number_decimal"})  # types whose columns follow from type and settings
MODULES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("text", "text_long", "text_with_summary"), "text"),
    **dict.fromkeys(("list_text", "list_integer", "list_float", "list_boolean"), "list"),
    **dict.fromkeys(("number_integer", "number_decimal", "number_float"), "number"),
    "taxonomy_term_reference": "taxonomy",
    "file": "file",
    "image": "image",
}
_OF_TEXT: Final = ("format", "filter_format")
_OF_FILE: Final = ("fid", "file_managed")
_REFERS: Final[Mapping[str, tuple[str, str]]] = {  # the column that is indexed, and the table that it refers to
    **dict.fromkeys(("text", "text_long", "text_with_summary"), _OF_TEXT),
    **dict.fromkeys(("list_text", "list_integer", "list_float", "list_boolean"), ("value", "")),
    "taxonomy_term_reference": ("tid", "taxonomy_term_data"),
    "file": _OF_FILE,
    "image": _OF_FILE,
}
BARE: Final = SETTLED - {
    "file",
    "image",
}  # types whose modules keep nothing else of a value, and so do nothing when it is purged
DECIDING: Final[Mapping[str, tuple[str, ...]]] = {"text": ("max_length",), "number_decimal": ("precision", "scale")}
_META: Final[Columns] = {
    "entity_type": {
        "type": "varchar",
        "length": 128,
        "not null": True,
        "default": "",
        "description": "The entity type this data is attached to",
    },
    "bundle": {
        "type": "varchar",
        "length": 128,
        "not null": True,
        "default": "",
        "description": "The field instance bundle to which this row belongs, used when deleting a field instance",
    },
    "deleted": {
        "type": "int",
        "size": "tiny",
        "not null": True,
        "default": 0,
        "description": "A boolean indicating whether this data item has been deleted",
    },
    "entity_id": {
        "not null": True,
        "description": "The entity id this data is attached to",
    },
    "revision_id": {
        "not null": False,
        "description": "The entity revision id this data is attached to, or NULL if the entity type is not versioned",
    },
    "language": {
        "type": "varchar",
        "length": 32,
        "not null": True,
        "default": "",
        "description": "The language for this data item.",
    },
    "delta": {
        "type": "int",
        "unsigned": True,
        "not null": True,
        "description": "The sequence number for this data item, used for multi-value fields",
    },
}
NUMBERED: Final[Mapping[str, Any]] = {"type": "int", "unsigned": True}  # what entities' ids are
NAMED: Final[Mapping[str, Any]] = {"type": "varchar", "length": 128}  # of entities whose id is a text
INDEXED: Final = ("entity_type", "bundle", "deleted", "entity_id", "revision_id", "language")


def columns_of(type_: str, settings: Mapping[Any, Any]) -> Columns | None:
    """The columns of a core field type; None for any other type."""
    if type_ == "text":
        return {
            "value": {"type": "varchar", "length": int(settings.get("max_length", 255)), "not null": False},
            **_FORMAT,
        }
    if type_ == "number_decimal":
        digits = {"precision": int(settings.get("precision", 10)), "scale": int(settings.get("scale", 2))}
        return {"value": {"type": "numeric", **digits, "not null": False}}
    found = FIXED.get(type_)
    return None if found is None else dict(found)


def indexes_of(type_: str) -> dict[str, Any]:
    """The indexes that a core field type asks for itself."""
    column, _ = _REFERS.get(type_, ("", ""))
    return {column: [column]} if column else {}


def foreign_keys_of(type_: str) -> dict[str, Any]:
    """The tables that the columns of a core field type refer to."""
    column, table = _REFERS.get(type_, ("", ""))
    return {column: {"table": table, "columns": {column: column}}} if table else {}


def tables_of(name: str) -> tuple[str, str]:
    """The names of a field's tables: of what is, and of every revision."""
    return f"field_data_{name}", f"field_revision_{name}"


def tables(
    field_id: int,
    name: str,
    columns: Columns,
    indexes: Mapping[str, Sequence[Any]],
    ids: Mapping[str, Any] = NUMBERED,
) -> tuple[Table, Table]:
    """The tables of a field: of what is, and of every revision; `ids` is what the ids of its entities are."""
    meta = {**_META, **{column: {**ids, **_META[column]} for column in ("entity_id", "revision_id")}}
    own = {**meta, **{f"{name}_{column}": spec for column, spec in columns.items()}}
    found: dict[str, Any] = {column: [column] for column in INDEXED}
    found |= {f"{name}_{index}": [_real(name, column) for column in listed] for index, listed in indexes.items()}
    revised = {
        **own,
        "revision_id": {
            **meta["revision_id"],
            "not null": True,
            "description": "The entity revision id this data is attached to",
        },
    }
    return (
        Table(
            name=f"field_data_{name}",
            columns=own,
            primary=("entity_type", "entity_id", "deleted", "delta", "language"),
            indexes=found,
            comment=f"Data storage for field {field_id} ({name})",
        ),
        Table(
            name=f"field_revision_{name}",
            columns=revised,
            primary=("entity_type", "entity_id", "revision_id", "deleted", "delta", "language"),
            indexes=found,
            comment=f"Revision archive storage for field {field_id} ({name})",
        ),
    )


def _real(name: str, column: Any) -> Any:
    """An index's column as the table calls it; one that is cut is [column, characters]."""
    return f"{name}_{column}" if isinstance(column, str) else [f"{name}_{column[0]}", column[1]]
