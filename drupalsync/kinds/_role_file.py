"""The file of a role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from drupalsync.kinds._menu_rows import extras_in as _extras_in
from drupalsync.kinds._menu_rows import extras_out as _extras_out
from drupalsync.kinds.base import Fields, Item
from drupalsync.kinds.fields import (
    INT,
    TEXT,
    TEXTS,
    Field,
    FieldProblem,
    Schema,
    dump_fields,
    is_protected,
    keep_written,
    load_fields,
    mapping_schema,
)
from drupalsync.site import Cell, Site
from drupalsync.tree import TreeValue
from drupalsync.tree.names import encode_name

NAME: Final = "role"
FOLDER: Final = "roles"
_SOME: Final[Schema] = {
    "type": "object",
    "properties": {"only": TEXTS, "without": TEXTS},
    "additionalProperties": False,
}
FIELDS: Final[Mapping[str, Field]] = {
    "weight": Field("Its place in lists of roles.", INT, 0),
    "permissions": Field(
        "All that it may do; or {only: […], without: […]}: what it may, and may not, the rest is the site's. Left out: all "
        "of it is the site's.",
        {"anyOf": [TEXTS, _SOME, {"type": "null"}]},
        None,
        by_member=True,
    ),
    "modules": Field(
        "The module of each permission whose name does not tell it.",
        {"type": "object", "additionalProperties": TEXT},
        {},
    ),
    "extra": Field("Columns that contributed modules add, where they say something.", {"type": "object"}, {}),
}


def place(item: Item) -> str:
    """A file of its own."""
    return f"{FOLDER}/{encode_name(item.key)}.yml"


def schema() -> Mapping[str, object]:
    """The JSON Schema of a file."""
    return mapping_schema(FIELDS, NAME)


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The role of a file; raises FieldProblem."""
    if not isinstance(document, dict) or not isinstance(document.get(NAME), str) or not document[NAME]:
        raise FieldProblem("the file does not say which role it is", (), hint="begin with `role: NAME`")
    fields = _settled(load_fields(FIELDS, document, besides=(NAME,)))
    yield Item(kind=NAME, key=document[NAME], fields=fields, source=path, protect=is_protected(document))


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The file of a role; what an old file manages of the permissions it goes on managing, and no more."""
    (item,) = items
    meant: Fields = {}
    wanted = dict(item.fields)
    if isinstance(old, dict):
        meant = _settled(load_fields(FIELDS, old, besides=(NAME,)))
        wanted |= _as_managed(meant, wanted)
    return keep_written(old, {NAME: item.key, **dump_fields(FIELDS, wanted)}, meant, wanted)


def fill(item: Item, live: Item | None) -> Item:
    """The role with the permissions that the tree does not speak of as the site has them."""
    wanted, modules = item.fields["permissions"], item.fields["modules"]
    if live is None:
        names = _managed(wanted, [])
        return replace(item, fields={**item.fields, "permissions": names, "modules": _only(modules, names)})
    there = live.fields["permissions"]
    if there is None or wanted is None:
        return replace(item, fields={**item.fields, "permissions": there, "modules": live.fields["modules"]})
    names = _managed(wanted, [str(name) for name in there] if isinstance(there, list) else [])
    told: Any = {**map_of(live.fields["modules"]), **map_of(modules)}
    return replace(item, fields={**item.fields, "permissions": names, "modules": _only(told, names)})


def granted(item: Item) -> list[str]:
    """What a role of the tree says that it may do."""
    value = item.fields["permissions"]
    names: Any = value.get("only", []) if isinstance(value, dict) else value or []
    return [str(name) for name in names]


def extras_out(site: Site, names: Sequence[str], cells: Sequence[Cell]) -> TreeValue:
    """Columns of {role} that core does not know."""
    return dict(_extras_out(site.columns("role"), names, cells))


def extras_in(site: Site, known: Iterable[str], extra: TreeValue) -> dict[str, Cell]:
    """All of them, set."""
    return _extras_in(site, "role", known, extra)


def _settled(fields: Fields) -> Fields:
    """The fields of a file in the one form that the rows of a site give."""
    value = fields["permissions"]
    if isinstance(value, list):
        fields["permissions"] = sorted(set(map(str, value)))
    fields["modules"], fields["extra"] = map_of(fields["modules"]), fields["extra"] or {}
    return fields


def _managed(wanted: TreeValue, there: Sequence[str]) -> TreeValue:
    """The whole list that a site is to have."""
    if not isinstance(wanted, dict):
        return wanted
    without = set(wanted.get("without", ()))
    return sorted({*(name for name in there if name not in without), *map(str, wanted.get("only", ()))})


def _as_managed(meant: Fields, live: Fields) -> Fields:
    """What the site says, as far as the file speaks of it."""
    value, there = meant["permissions"], live["permissions"]
    if value is None or there is None:
        return {"permissions": value, "modules": meant["modules"]}
    if not isinstance(value, dict):
        return {}
    has = set(map(str, there)) if isinstance(there, list) else set()
    spoken = dict.fromkeys(value.get("only", ()), True) | dict.fromkeys(value.get("without", ()), False)
    only = [name for name in spoken if name in has]
    without = [name for name in spoken if name not in has]
    lists = {"only": only} | ({"without": without} if without or "without" in value else {})
    return {"permissions": lists, "modules": _only(live["modules"], only)}


def _only(modules: TreeValue, names: TreeValue) -> TreeValue:
    listed = names if isinstance(names, list) else []
    return {name: module for name, module in map_of(modules).items() if name in listed}


def map_of(value: TreeValue) -> dict[Any, Any]:
    """A map, which is a list to PHP, and to the ledger, where it is empty."""
    return dict(value) if isinstance(value, dict) else {}
