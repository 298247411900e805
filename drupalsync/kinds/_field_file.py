"""The file of a field, and the serialized column that it becomes.

`allowed_values` of list fields are an array whose order editors see: the tree writes such a map as a list of one-entry maps.
Source: modules/field/field.crud.inc (field_create_field: what {field_config}.data holds).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from drupalsync.kinds._field_columns import foreign_keys_of, indexes_of
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.fields import (
    BOOL,
    INT,
    MAP,
    TEXT,
    TEXTS,
    Field,
    FieldProblem,
    dump_fields,
    is_protected,
    keep_written,
    load_fields,
    mapping_schema,
)
from drupalsync.kinds.tables import cells
from drupalsync.kinds.tables.description import Col
from drupalsync.php import Value
from drupalsync.site import LocalId
from drupalsync.tree import TreeValue
from drupalsync.tree.names import encode_name

NAME: Final = "field"
FOLDER: Final = "fields"
STORAGE: Final = "field_sql_storage"
_STORED: Final[dict[Any, Any]] = {"type": STORAGE, "settings": [], "module": STORAGE, "active": 1}
FIELDS: Final[Mapping[str, Field]] = {
    "type": Field("The field type's machine name: text, list_text, image …", TEXT, required=True),
    "module": Field("The module that the type is of.", TEXT, required=True),
    "cardinality": Field("How many values it takes; -1: any number.", INT, 1),
    "translatable": Field("Whether its values are per language.", BOOL, False),
    "locked": Field("Whether administrators may not change it.", BOOL, False),
    "settings": Field("What its type lets one choose; a map whose order counts is a list of one-entry maps.", MAP, {}),
    "entity_types": Field("The types of entity that may have it; none named: all.", TEXTS, []),
    "indexes": Field(
        "Its indexes by name: the columns of each; left out: those of its type, if it is core's.", MAP, {}
    ),
    "foreign_keys": Field("Which of its columns refer to which table; left out: as `indexes`.", MAP, {}),
    "storage": Field("Where its values are kept, if not in SQL tables of its own.", MAP, {}),
    "columns": Field("Its columns in the words of Drupal's schema API, where its type is not one of core's.", MAP, {}),
    "updated": Field("Whether Drupal saved it again after it was made: its row then repeats its storage.", BOOL, False),
    "data": Field("What else contributed modules keep with it.", MAP, {}),
}
PLACES: Final = Col(serialized=True, places={"default_image": "file", "default_image.fid": "file"})  # in the settings
# Keys of the column that the row says, too, or that are of its own.
_ELSEWHERE: Final = frozenset(
    {"id", "field_name", "type", "module", "active", "storage_type", "storage_module", "storage_active", "locked",
     "cardinality", "deleted", "columns", "bundles", "translatable"}
)  # fmt: skip
_TOLD: Final = {
    "settings": "settings",
    "entity_types": "entity_types",
    "indexes": "indexes",
    "foreign keys": "foreign_keys",
}


def place(item: Item) -> str:
    """A file of its own."""
    return f"{FOLDER}/{encode_name(item.key)}.yml"


def schema() -> Mapping[str, object]:
    """The JSON Schema of a file."""
    return mapping_schema(FIELDS, NAME)


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The field of a file; raises FieldProblem."""
    if not isinstance(document, dict) or not isinstance(document.get(NAME), str) or not document[NAME]:
        raise FieldProblem("the file does not say which field it is", (), hint="begin with `field: NAME`")
    yield Item(kind=NAME, key=document[NAME], fields=_meant(document), source=path, protect=is_protected(document))


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The file of a field."""
    (item,) = items
    own = _own(item.fields)
    said = dump_fields(FIELDS, item.fields)
    none: dict[int | str | bytes, TreeValue] = {
        name: {} for name in own if own[name] and not item.fields[name]
    }  # else its type's would be meant
    written: dict[int | str | bytes, TreeValue] = {
        name: (said | none)[name] for name in FIELDS if name in said or name in none
    }
    meant: Fields = _meant(old) if isinstance(old, dict) else {}
    return keep_written(old, {NAME: item.key} | written, meant, item.fields)


def _meant(document: Mapping[Any, TreeValue]) -> Fields:
    """The fields that a file means; raises FieldProblem."""
    fields = settled(load_fields(FIELDS, dict(document), besides=(NAME,)))
    return fields | {name: value for name, value in _own(fields).items() if name not in document}


def _own(fields: Mapping[str, TreeValue]) -> Fields:
    """What the type asks for where the file says nothing."""
    type_ = str(fields["type"])
    return {"indexes": indexes_of(type_), "foreign_keys": foreign_keys_of(type_)}


def settled(fields: Fields) -> Fields:
    """The fields with one form of what is empty, and of a map whose order counts."""
    whole = {
        name: (value or FIELDS[name].default) if isinstance(FIELDS[name].default, dict | list) else value
        for name, value in fields.items()
    }
    return {**whole, "settings": ordered_out(str(whole["type"]), whole["settings"])}


def fields_of_data(ctx: Context, type_: str, data: Mapping[Any, Any]) -> Fields:
    """The fields that the serialized column says."""
    out: Fields = {name: data.get(key) or FIELDS[name].default for key, name in _TOLD.items()}
    settings: Any = out["settings"]
    if settings:
        settings = cells.each(settings, cells.forms_of(PLACES), lambda form, leaf: form.out(ctx, leaf))
    out["settings"] = ordered_out(type_, settings)
    storage = data.get("storage")
    out["storage"] = {} if not isinstance(storage, dict) or _is_usual(storage) else dict(storage)
    out["updated"] = "id" in data
    rest = {key: value for key, value in data.items() if key not in {*_TOLD, *_ELSEWHERE, "storage"}}
    out["data"] = dict(rest)
    return out


def data_of_fields(ctx: Context, item: Item, where: str) -> dict[Any, Any]:
    """The serialized column of a new field, as field_create_field() writes it; raises NoSuchReference."""
    fields: Mapping[str, Any] = item.fields
    settings = ordered_in(str(fields["type"]), fields["settings"])
    forms = cells.forms_of(PLACES)
    return {
        "settings": cells.each(settings, forms, lambda form, leaf: form.back(ctx, leaf, where)) if settings else [],
        "entity_types": fields["entity_types"] or [],
        "translatable": fields["translatable"],
        "storage": fields["storage"] or _STORED,
        "foreign keys": fields["foreign_keys"] or [],
        "indexes": fields["indexes"] or [],
        **(fields["data"] or {}),
    }


def data_of_changed(
    ctx: Context, live: Item, item: Item, old: Mapping[Any, Any], columns: Iterable[str], where: str
) -> Value:
    """The serialized column of a field that is there, as field_update_field() writes it over `old`; raises NoSuchReference."""
    assert live.local_id is not None
    new = data_of_fields(ctx, item, where) | saved_again(item, live.local_id, columns)
    if item.fields["translatable"] != live.fields["translatable"]:
        new["translatable"] = item.fields["translatable"]
    kept = {key: new.get(key, value) for key, value in old.items() if key in new or key in _ELSEWHERE}
    return cast("Value", {**kept, **{key: value for key, value in new.items() if key not in kept}})


def saved_again(item: Item, field_id: LocalId, columns: Iterable[str]) -> dict[Any, Any]:
    """What Drupal adds when it saves a field that it has read: words of its row as text, and of its storage."""
    told: dict[Any, Any] = {"id": str(field_id), "translatable": str(int(bool(item.fields["translatable"])))}
    if item.fields["storage"]:
        return told
    real = {column: f"{item.key}_{column}" for column in columns}
    details = {
        "sql": {
            "FIELD_LOAD_CURRENT": {f"field_data_{item.key}": real},
            "FIELD_LOAD_REVISION": {f"field_revision_{item.key}": real},
        }
    }
    return {**told, "storage": {**_STORED, "active": "1", "details": details}}


def ordered_out(type_: str, settings: TreeValue) -> TreeValue:
    """Settings with every map whose order counts as a list of one-entry maps, or of texts where the keys just count."""
    if not isinstance(settings, dict) or not type_.startswith("list_"):
        return settings
    values = settings.get("allowed_values")
    if not isinstance(values, dict):
        return settings
    listed = list(values) == list(range(len(values)))
    entries: list[TreeValue] = list(values.values()) if listed else [{key: value} for key, value in values.items()]
    return {**settings, "allowed_values": entries}


def ordered_in(type_: str, settings: TreeValue) -> TreeValue:
    """The way back."""
    if not isinstance(settings, dict) or not type_.startswith("list_"):
        return settings
    values = settings.get("allowed_values")
    if (
        isinstance(values, list)
        and values
        and all(isinstance(entry, dict | list) and len(entry) == 1 for entry in values)
    ):
        # The entry of the key 0 is a list to PHP, and so to a YAML file.
        entries: list[dict[Any, Any]] = [entry if isinstance(entry, dict) else {0: entry[0]} for entry in values]
        return {**settings, "allowed_values": {key: value for entry in entries for key, value in entry.items()}}
    return settings


def allowed_keys(type_: str, settings: TreeValue) -> list[str]:
    """The keys of a list field's values."""
    value = ordered_in(type_, settings)
    values = value.get("allowed_values") if isinstance(value, dict) else None
    pairs: Any = values.items() if isinstance(values, dict) else enumerate(values if isinstance(values, list) else ())
    found: list[str] = []
    for key, label in pairs:
        found += [str(inner) for inner in label] if isinstance(label, dict) else [str(key)]
    return found


def _is_usual(storage: Mapping[Any, Any]) -> bool:
    return storage.get("type") == STORAGE and not storage.get("settings")
