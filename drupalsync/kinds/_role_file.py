"""The file of a role."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from drupalsync.kinds._menu_rows import extras_in as _extras_in
from drupalsync.kinds._menu_rows import extras_out as _extras_out
from drupalsync.kinds._permissions import module_of
from drupalsync.kinds.base import Fields, Item
from drupalsync.kinds.fields import (
    INT,
    TEXT,
    TEXTS,
    Field,
    FieldProblem,
    Path,
    Schema,
    dump_fields,
    is_protected,
    keep_written,
    load_fields,
    mapping_schema,
)
from drupalsync.site import Cell, Site
from drupalsync.tree import Env, IntRef, TreeValue, same, walk
from drupalsync.tree.names import encode_name

NAME: Final = "role"
FOLDER: Final = "roles"
WEIGHT: Final[Schema] = {**INT, "minimum": -(2**31), "maximum": 2**31 - 1}  # as {role}.weight
_SOME: Final[Schema] = {
    "type": "object",
    "properties": {"only": TEXTS, "without": TEXTS},
    "additionalProperties": False,
}
FIELDS: Final[Mapping[str, Field]] = {
    "weight": Field("Its place in lists of roles.", WEIGHT, 0),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleHere(Item):
    """A role of the site; `off`: what the tree grants it of modules that are off there, which nobody can grant now.

    What nobody can grant is neither had nor wanted: so it is still to do, and no hand edit, when the module is turned on.
    """

    off: frozenset[str] = field(default=frozenset(), compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleWanted(Item):
    """A role as it is to be; `told`: what is said of modules, also those of permissions that the site has yet to grant.

    Its field `modules` speaks of granted ones only, as the site's does: where permissions are left alone, so are these.
    """

    told: Mapping[str, str] = field(default_factory=dict, compare=False)


def place(item: Item) -> str:
    """A file of its own."""
    return f"{FOLDER}/{encode_name(item.key)}.yml"


def schema() -> Mapping[str, object]:
    """The JSON Schema of a file."""
    return mapping_schema(FIELDS, NAME)


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The role of a file; raises FieldProblem."""
    if not isinstance(document, dict) or not isinstance(document.get(NAME), str) or not document[NAME]:
        number = document.get(NAME) if isinstance(document, dict) else None
        hint = f"put it in quotes: {NAME}: '{number}'" if isinstance(number, int | float) else "begin with `role: NAME`"
        raise FieldProblem("the file does not say which role it is", (), hint=hint)
    fields = load_fields(FIELDS, document, besides=(NAME,))
    for name in ("permissions", "modules"):
        _check_said_here(name, fields[name])
    _check_permissions(fields["permissions"])
    yield Item(kind=NAME, key=document[NAME], fields=_settled(fields), source=path, protect=is_protected(document))


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The file of a role; what an old file manages of the permissions it goes on managing, and no more."""
    (item,) = items
    meant: Fields = {}
    wanted = dict(item.fields)
    if isinstance(old, dict):
        said = load_fields(FIELDS, old, besides=(NAME,))["modules"]
        meant = _settled(load_fields(FIELDS, old, besides=(NAME,)))
        wanted |= _as_managed(meant, _with_off(item, meant))
        if not same(_telling(said, wanted["permissions"]), map_of(wanted["modules"])):
            meant["modules"] = said  # it said nothing of a permission that was not in the file, and would say it now
    return keep_written(old, {NAME: item.key, **dump_fields(FIELDS, wanted)}, meant, wanted)


def fill(item: Item, live: Item | None) -> Item:
    """The role with the permissions that the tree does not speak of as the site has them."""
    wanted, told = item.fields["permissions"], told_of(item)
    if live is None:
        names = _managed(wanted, [])
        return _wanted(item, {"permissions": names, "modules": _only(told, names)})
    there = live.fields["permissions"]
    if there is None or wanted is None:
        return _wanted(item, {"permissions": there, "modules": live.fields["modules"]})
    off, has = _off(live), _texts(there)
    names = [name for name in _managed(wanted, has) or () if name not in off]
    return _wanted(item, {"permissions": names, "modules": map_of(live.fields["modules"]) | map_of(_only(told, there))})


def told_of(item: Item) -> dict[str, str]:
    """What a role that is to be says of the modules of its permissions."""
    told = item.told if isinstance(item, RoleWanted) else map_of(item.fields["modules"])
    return {str(name): str(module) for name, module in told.items()}


def _wanted(item: Item, fields: Fields) -> RoleWanted:
    return RoleWanted(
        kind=item.kind,
        key=item.key,
        fields={**item.fields, **fields},
        local_id=item.local_id,
        source=item.source,
        at=item.at,
        protect=item.protect,
        told=told_of(item),
    )


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


def _check_said_here(name: str, value: TreeValue) -> None:
    """Raises FieldProblem for a value of the environment: who may do what is for everybody to read in the tree."""
    for path, leaf in walk(value):
        if isinstance(leaf, Env | IntRef):
            steps = tuple(step if isinstance(step, str | int) else str(step) for step in path)
            raise FieldProblem(
                "this cannot come from the environment of a run, or be a reference",
                (name, *steps),
                hint="write it out; what differs from site to site goes into an overlay",
            )


def _check_permissions(value: TreeValue) -> None:
    """Raises FieldProblem where a file says both yes and no, or names nothing."""
    lists = {"": value} if isinstance(value, list) else value if isinstance(value, dict) else {}
    for word, names in lists.items():
        for at, name in enumerate(names if isinstance(names, list) else ()):
            if not str(name).strip():
                path: Path = ("permissions", *((str(word),) if word else ()), at)
                raise FieldProblem("this names no permission", path, hint="take the line out")
    for at, name in enumerate(_texts(lists.get("without"))):
        if name in _texts(lists.get("only")):
            raise FieldProblem(
                f"{name!r} is both granted and taken away",
                ("permissions", "without", at),
                hint="take it out of `only`, or out of `without`",
            )


def _settled(fields: Fields) -> Fields:
    """The fields of a file in the one form that the rows of a site give."""
    value = fields["permissions"]
    if isinstance(value, list):
        fields["permissions"] = sorted(set(map(str, value)))
    elif isinstance(value, dict):
        fields["permissions"] = {word: [*dict.fromkeys(_texts(names))] for word, names in value.items()}
    fields["modules"] = _telling(fields["modules"], fields["permissions"])
    fields["extra"] = fields["extra"] or {}
    return fields


def _telling(modules: TreeValue, permissions: TreeValue) -> dict[int | str | bytes, TreeValue]:
    """What is said of the modules of permissions that are granted, and is not known anyway."""
    spoken = permissions.get("only", []) if isinstance(permissions, dict) else permissions
    told = map_of(_only(modules, spoken))
    return {name: module for name, module in told.items() if module_of(str(name)) != module}


def _managed(wanted: TreeValue, there: Sequence[str]) -> list[TreeValue] | None:
    """The whole list that a site is to have; None: the file leaves it to the site."""
    if not isinstance(wanted, dict):
        return wanted if isinstance(wanted, list) else None
    without = _texts(wanted.get("without"))
    return [*sorted({*(name for name in there if name not in without), *_texts(wanted.get("only"))})]


def _as_managed(meant: Fields, live: Fields) -> Fields:
    """What the site says, as far as the file speaks of it."""
    value, there = meant["permissions"], live["permissions"]
    if value is None or there is None:
        return {"permissions": value, "modules": meant["modules"]}
    if not isinstance(value, dict):
        return {"permissions": there, "modules": live["modules"]}
    has = set(_texts(there))
    spoken = dict.fromkeys(_texts(value.get("only")), True) | dict.fromkeys(_texts(value.get("without")), False)
    only: list[TreeValue] = [name for name in spoken if name in has]
    without: list[TreeValue] = [name for name in spoken if name not in has]
    told = (("only", only), ("without", without))
    lists: dict[int | str | bytes, TreeValue] = {word: names for word, names in told if names or word in value}
    return {"permissions": lists, "modules": _only(live["modules"], only)}


def _with_off(item: Item, meant: Fields) -> Fields:
    """The fields of a live role with what the file grants of modules that are off: an export leaves that in the file."""
    off, there = _off(item), item.fields["permissions"]
    if not off or there is None:
        return item.fields
    told = {name: module for name, module in map_of(meant["modules"]).items() if name in off}
    return {
        **item.fields,
        "permissions": sorted({*_texts(there), *off}),
        "modules": {**map_of(item.fields["modules"]), **told},
    }


def _off(live: Item) -> frozenset[str]:
    return live.off if isinstance(live, RoleHere) else frozenset()


def _texts(value: TreeValue) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []


def _only(modules: TreeValue | Mapping[str, str], names: TreeValue) -> TreeValue:
    listed = names if isinstance(names, list) else []
    return {name: module for name, module in map_of(modules).items() if name in listed}


def map_of(value: TreeValue | Mapping[str, str]) -> dict[Any, Any]:
    """A map, which is a list to PHP, and to the ledger, where it is empty."""
    return dict(value) if isinstance(value, dict) else {}
