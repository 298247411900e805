"""The fields that the items of a described table have: their defaults, schemas and a sentence each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from drupalsync.kinds.fields import BOOL, INT, TEXT, Field, Schema
from drupalsync.kinds.tables.description import EXTRA, Child, Col, Description, field_name


def fields_of(about: Description) -> dict[str, Field]:
    """Every column that is ours, the children, and what no description names."""
    fields = {
        field_name(name, col): _field(name, col)
        for name, col in about.columns.items()
        if col.is_ours and name not in about.key
    }
    for child in about.children:
        fields[child.field] = _children(child)
    fields[EXTRA] = Field("Columns that contributed modules add, where they say something.", {"type": "object"}, {})
    return fields


def with_null(about: Description, fields: Mapping[str, Field]) -> dict[str, Field]:
    """The same where nobody has looked which columns may be null."""
    columns = {field_name(name, col) for name, col in about.columns.items()}
    return {
        name: replace(spec, schema=_or_null(spec.schema)) if name in columns else spec for name, spec in fields.items()
    }


def _field(name: str, col: Col) -> Field:
    schema: Schema = {}
    if not col.serialized:
        schema = BOOL if col.flag else _SCHEMAS.get(type(col.default), {})
    if col.refers:
        schema = {"anyOf": [TEXT, {"type": "null"}]}
    return Field(col.help or f"The column {name}.", schema, col.default, required=col.required)


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]} if set(schema) == {"type"} else schema


_SCHEMAS: Mapping[type, Schema] = {str: TEXT, int: INT, bool: BOOL}


def _children(child: Child) -> Field:
    member = {"type": "object"}
    if child.key:
        return Field(
            child.help or f"The rows of {child.table}.", {"type": "object", "additionalProperties": member}, {}
        )
    return Field(child.help or f"The rows of {child.table}, in order.", {"type": "array", "items": member}, [])
