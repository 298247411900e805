"""The fields of the demo's content types, as field_create_field() and field_create_instance() keep them.

Source: modules/field/field.crud.inc; what each type stores: modules/{text,taxonomy,image}/… (hook_field_schema, …_info).
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from drupalsync.demo.rows import insert, serialized

_FORMAT: Final = {"format": ("filter_format", "format")}
# field → type, module, cardinality, settings, column → table and column that it refers to, kind of entity
FIELDS: Final[dict[str, tuple[str, str, int, Any, dict[str, tuple[str, str]], list[str]]]] = {
    "comment_body": ("text_long", "text", 1, [], _FORMAT, ["comment"]),
    "body": ("text_with_summary", "text", 1, [], _FORMAT, ["node"]),
    "field_subtitle": ("text", "text", 1, {"max_length": 120}, _FORMAT, []),
    "field_tags": (
        "taxonomy_term_reference",
        "taxonomy",
        -1,
        {"allowed_values": [{"vocabulary": "tags", "parent": 0}]},
        {"tid": ("taxonomy_term_data", "tid")},
        [],
    ),
    "field_image": (
        "image",
        "image",
        1,
        {"uri_scheme": "public", "default_image": False},
        {"fid": ("file_managed", "fid")},
        [],
    ),
    "field_price": ("number_decimal", "number", 1, {"precision": 10, "scale": 2, "decimal_separator": "."}, {}, []),
}
# field, kind of entity, bundle, label, widget, formatter
INSTANCES: Final = (
    ("comment_body", "comment", "comment_node_page", "Comment", "text_textarea", "text_default"),
    ("comment_body", "comment", "comment_node_article", "Comment", "text_textarea", "text_default"),
    ("body", "node", "page", "Body", "text_textarea_with_summary", "text_default"),
    ("body", "node", "article", "Body", "text_textarea_with_summary", "text_default"),
    ("field_subtitle", "node", "page", "Subtitle", "text_textfield", "text_plain"),
    ("field_price", "node", "page", "Admission", "number", "number_decimal"),
    ("field_tags", "node", "article", "Tags", "taxonomy_autocomplete", "taxonomy_term_reference_link"),
    ("field_image", "node", "article", "Image", "image_image", "image"),
)


def install_fields(db: sqlite3.Connection) -> None:
    """Declares the fields and gives them to the content types; the tables are there already."""
    ids: dict[str, int] = {}
    for name, (type_, module, cardinality, settings, foreign, entities) in FIELDS.items():
        data: Any = {
            "translatable": False,
            "entity_types": entities,
            "settings": settings,
            "storage": {
                "type": "field_sql_storage",
                "settings": [],
                "module": "field_sql_storage",
                "active": 1,
            },
            "foreign keys": {
                column: {"table": table, "columns": {column: other}} for column, (table, other) in foreign.items()
            }
            or [],
            "indexes": {column: [column] for column in foreign} or [],
        }
        ids[name] = insert(
            db, "field_config", field_name=name, type=type_, module=module, active=1, storage_type="field_sql_storage",
            storage_module="field_sql_storage", storage_active=1, data=serialized(data), cardinality=cardinality,
        )  # fmt: skip
    for name, entity, bundle, label, widget, formatter in INSTANCES:
        module = FIELDS[name][1]
        instance: Any = {
            "label": label,
            "widget": {"type": widget, "settings": [], "weight": 0, "module": module},
            "settings": {"user_register_form": False},
            "display": {
                "default": {"label": "hidden", "type": formatter, "settings": [], "module": module, "weight": 0}
            },
            "required": False,
            "description": "",
        }
        insert(
            db, "field_config_instance", field_id=ids[name], field_name=name, entity_type=entity, bundle=bundle,
            data=serialized(instance),
        )  # fmt: skip
