"""Makes the tables: those of schema.sql, the cache bins, and a pair for each field."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from importlib.resources import files
from typing import Final

CACHE_BINS: Final = (
    "cache", "cache_block", "cache_bootstrap", "cache_field", "cache_filter", "cache_form", "cache_image",
    "cache_menu", "cache_page", "cache_path", "cache_update",
)  # fmt: skip
# field → column → SQL; field_sql_storage names the column `field_column`.
FIELD_COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "body": {"value": "TEXT NULL", "summary": "TEXT NULL", "format": "VARCHAR(255) NULL"},
    "comment_body": {"value": "TEXT NULL", "format": "VARCHAR(255) NULL"},
    "field_subtitle": {"value": "VARCHAR(120) NULL", "format": "VARCHAR(255) NULL"},
    "field_tags": {"tid": "INTEGER NULL CHECK (field_tags_tid >= 0)"},
    "field_image": {
        "fid": "INTEGER NULL CHECK (field_image_fid >= 0)",
        "alt": "VARCHAR(512) NULL",
        "title": "VARCHAR(1024) NULL",
        "width": "INTEGER NULL CHECK (field_image_width >= 0)",
        "height": "INTEGER NULL CHECK (field_image_height >= 0)",
    },
    "field_price": {"value": "NUMERIC NULL"},
}
# modules/system/system.install: every bin is a copy of {cache}
_CACHE: Final = """
CREATE TABLE {bin} (
  cid VARCHAR(255) NOT NULL DEFAULT '' PRIMARY KEY,
  data BLOB NULL,
  expire INTEGER NOT NULL DEFAULT 0,
  created INTEGER NOT NULL DEFAULT 0,
  serialized INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX {bin}_expire ON {bin} (expire);
"""
# modules/field/modules/field_sql_storage/field_sql_storage.module:_field_sql_storage_schema
_FIELD: Final = """
CREATE TABLE {table} (
  entity_type VARCHAR(128) NOT NULL DEFAULT '',
  bundle VARCHAR(128) NOT NULL DEFAULT '',
  deleted INTEGER NOT NULL DEFAULT 0,
  entity_id INTEGER NOT NULL CHECK (entity_id >= 0),
  revision_id INTEGER {revision} CHECK (revision_id >= 0),
  language VARCHAR(32) NOT NULL DEFAULT '',
  delta INTEGER NOT NULL CHECK (delta >= 0),
{columns},
  PRIMARY KEY (entity_type, entity_id, {key}deleted, delta, language)
);
CREATE INDEX {table}_entity_id ON {table} (entity_id);
CREATE INDEX {table}_bundle ON {table} (bundle);
"""


def create_tables(db: sqlite3.Connection) -> None:
    """Makes every table of the site, inside the transaction that it begins."""
    parts = ["BEGIN;", files(__package__).joinpath("schema.sql").read_text("utf-8")]
    parts += [_CACHE.format(bin=name) for name in CACHE_BINS]
    for field, columns in FIELD_COLUMNS.items():
        listed = ",\n".join(f"  {field}_{name} {declared}" for name, declared in columns.items())
        parts.append(_FIELD.format(table=f"field_data_{field}", revision="NULL", key="", columns=listed))
        parts.append(
            _FIELD.format(table=f"field_revision_{field}", revision="NOT NULL", key="revision_id, ", columns=listed)
        )
    db.executescript("\n".join(parts))
