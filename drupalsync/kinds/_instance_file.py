"""Where instances of fields stand in files, and the serialized column that each becomes.

Those of content stand in the file of their content type, `fields:` on its nodes and `comment_fields:` on their comments;
all others in bundles/<type of entity>/<bundle>.yml.
Source: modules/field/field.crud.inc (_field_write_instance: what {field_config_instance}.data holds).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.fields import BOOL, MAP, TEXT, Field, FieldProblem, Path, dump_fields, is_protected, keep_written
from drupalsync.kinds.fields import load_fields as _load_fields
from drupalsync.kinds.tables import cells
from drupalsync.kinds.tables.description import Col
from drupalsync.tree import TreeValue
from drupalsync.tree.names import encode_name

NAME: Final = "field_instance"
TYPES: Final = "content_types"
BUNDLES: Final = "bundles"
NODE: Final = "node"
COMMENT: Final = "comment"
USER: Final = "user"
COMMENTS: Final = "comment_node_"  # what a comment's bundle begins with (comment_entity_info)
FIELDS: Final[Mapping[str, Field]] = {
    "label": Field("What people read.", TEXT, required=True),
    "description": Field("What editors read below it.", TEXT, ""),
    "required": Field(
        "Whether it must be filled in; 0 or 1 where a form of Drupal said so last.",
        {"anyOf": [BOOL, {"type": "integer", "minimum": 0, "maximum": 1}]},
        False,
    ),
    "widget": Field("How it is edited: type, weight, settings, module.", MAP, {}),
    "display": Field("How it is shown, by view mode: label, type, weight, settings, module.", MAP, {}),
    "settings": Field("What its field type lets one choose for an instance.", MAP, {}),
    "default_value": Field("What a new entity begins with; null: nothing."),
    "data": Field("What else contributed modules keep with it.", MAP, {}),
}
PLACES: Final = Col(
    serialized=True,
    places={
        "settings.default_image": "file",
        "settings.default_image.fid": "file",
        "default_value.*.tid": "term",
        "default_value.*.nid": "node",
        "default_value.*.uid": "user",
        "default_value.*.fid": "file",
    },
)
_ELSEWHERE: Final = frozenset({"id", "field_id", "field_name", "entity_type", "bundle", "deleted"})
_OWN: Final = tuple(name for name in FIELDS if name != "data")
LATER: Final = "default_value"  # what may name a row that is written after the instances


def place(key: str) -> str:
    """The file of an instance."""
    entity, bundle, _ = key.split("/", 2)
    if entity == NODE:
        return f"{TYPES}/{encode_name(bundle)}.yml"
    if entity == COMMENT and bundle.startswith(COMMENTS):
        return f"{TYPES}/{encode_name(bundle.removeprefix(COMMENTS))}.yml"
    return f"{BUNDLES}/{encode_name(entity)}/{encode_name(bundle)}.yml"


def load_instances(path: str, entries: TreeValue, entity: str, bundle: str, at: Path) -> Iterator[Item]:
    """The instances of a mapping by field; raises FieldProblem."""
    if entries is None or entries == []:
        return
    if not isinstance(entries, dict):
        raise FieldProblem("this must be a mapping of fields", at, hint="write `FIELD_NAME: {label: …}` lines")
    for name, entry in entries.items():
        fields = settled(_load_fields(FIELDS, entry, (*at, str(name))))
        key = f"{entity}/{bundle}/{name!s}"
        yield Item(kind=NAME, key=key, fields=fields, source=path, at=(*at, str(name)), protect=is_protected(entry))


def dump_instances(items: Sequence[Item], old: TreeValue) -> dict[Any, TreeValue]:
    """The mapping by field; as an old one has it, new ones by name before the first that sorts after them."""
    there = old if isinstance(old, dict) else {}
    new = {item.key.split("/", 2)[2]: item for item in items}
    names = [str(name) for name in there if str(name) in new]
    for name in sorted(new.keys() - set(names)):
        names.insert(next((at for at, other in enumerate(names) if other > name), len(names)), name)
    return {name: _dump(new[name], there.get(name)) for name in names}


def _dump(item: Item, old: TreeValue) -> TreeValue:
    meant: Fields = settled(_load_fields(FIELDS, old)) if isinstance(old, dict) else {}
    return keep_written(old, dump_fields(FIELDS, item.fields), meant, item.fields)


def settled(fields: Fields) -> Fields:
    """The fields with one form of what is empty."""
    return {
        name: (value or FIELDS[name].default) if isinstance(FIELDS[name].default, dict) else value
        for name, value in fields.items()
    }


def fields_of_data(ctx: Context, data: Mapping[Any, Any]) -> Fields:
    """The fields that the serialized column says."""
    named = cells.each(dict(data), cells.forms_of(PLACES), lambda form, leaf: form.out(ctx, leaf))
    whole: Mapping[Any, Any] = named if isinstance(named, dict) else {}
    out: Fields = {name: whole.get(name, FIELDS[name].default) for name in _OWN}
    out["label"], out["description"] = str(out["label"] or ""), str(out["description"] or "")
    # A form leaves 0 or 1, and only its type says so.
    required = out["required"]
    out["required"] = required if type(required) is int and required in {0, 1} else bool(required)
    # A form leaves a default value that is null; to PHP that is not the same as no word.
    said = {"default_value": None} if "default_value" in whole and whole["default_value"] is None else {}
    out["data"] = {**{key: value for key, value in whole.items() if key not in {*_OWN, *_ELSEWHERE}}, **said}
    return settled(out)


def data_of_fields(ctx: Context, item: Item, old: Mapping[Any, Any], *, without: str = "") -> dict[Any, Any]:
    """The serialized column: as `old` has it where that says the same; raises NoSuchReference."""
    where = item.source or item.address
    fields: dict[str, Any] = {name: value for name, value in item.fields.items() if name != without}
    new: dict[Any, Any] = {
        name: fields[name] or (FIELDS[name].default if not isinstance(FIELDS[name].default, dict) else [])
        for name in ("label", "settings", "display", "widget", "description")
    }
    new |= {"required": fields["required"], **(fields["data"] or {})}
    if fields.get("default_value") is not None:
        new["default_value"] = fields["default_value"]
    kept = {key: new.get(key, value) for key, value in old.items() if key in new or key in _ELSEWHERE}
    whole: TreeValue = {**kept, **{key: value for key, value in new.items() if key not in kept}}
    return cast(
        "dict[Any, Any]", cells.each(whole, cells.forms_of(PLACES), lambda form, leaf: form.back(ctx, leaf, where))
    )
