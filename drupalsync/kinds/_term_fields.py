"""Fields of anything at all that hold terms: where their ids lie, and which vocabularies they are of.

Source: modules/taxonomy/taxonomy.module (taxonomy_field_schema, taxonomy_field_info), entityreference.module
(entityreference_field_info).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.php import PhpSyntaxError, Value, decode
from drupalsync.site import Site, as_bytes

TERMS: Final = "taxonomy_term_reference"
ENTITIES: Final = "entityreference"

Settings = Mapping[int | str | bytes, Value]


def columns_of_terms(site: Site) -> Iterator[tuple[str, str]]:
    """(table, column) of every field that refers to terms; one query."""
    for name, type_, settings in _fields(site):
        column = f"{name}_tid" if type_ == TERMS else f"{name}_target_id"
        if type_ == ENTITIES and settings.get("target_type") != "taxonomy_term":
            continue
        if column in site.columns(f"field_data_{name}"):
            yield f"field_data_{name}", column


def vocabularies_of(site: Site) -> dict[str, set[str]]:
    """The vocabularies that fields take their terms from, by field; one query."""
    found: dict[str, set[str]] = {}
    for name, type_, settings in _fields(site):
        if type_ != TERMS:
            continue
        allowed = settings.get("allowed_values")
        entries = allowed if isinstance(allowed, list) else allowed.values() if isinstance(allowed, dict) else ()
        found[name] = {str(entry.get("vocabulary")) for entry in entries if isinstance(entry, dict)}
    return found


def _fields(site: Site) -> Iterator[tuple[str, str, Settings]]:
    """(name, type, settings) of the fields of these two types."""
    if "field_config" not in site.tables:
        return
    sql = "SELECT field_name, type, data FROM {field_config} WHERE deleted = 0 AND type IN (?, ?) ORDER BY field_name"
    for name, type_, data in site.rows(sql, [TERMS, ENTITIES]):
        try:
            stored = decode(as_bytes(data))
        except PhpSyntaxError:
            stored = None
        settings = stored.get("settings") if isinstance(stored, dict) else None
        yield str(name), str(type_), settings if isinstance(settings, dict) else {}
