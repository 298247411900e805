"""Descriptions as YAML says them: in drupalsync.yml under `tables:`, and in the files that come with drupalsync.

tables:
  - kind: campaign
    table: dsx_campaign
    key: name
    id: cid
    folder: campaigns
    module: dsx
    columns:
      settings: {serialized: true, places: {'*.rid': role}}
      created: {derived: true}
    children:
      - {table: dsx_campaign_step, field: steps, parent: {cid: cid}, order: weight, id: sid}
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.fields import PROTECT
from drupalsync.kinds.tables.description import EXTRA, Child, Col, Description, field_name
from drupalsync.kinds.tables.forms import kind_in
from drupalsync.manifest.words import near
from drupalsync.site import LOADERS, is_bin

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_FOLDER: Final = re.compile(r"[a-z][a-z0-9_-]*")
_PLACE: Final = re.compile(r"\w+\.\w+")
_INT_64: Final = 2**63  # what SQLite binds
_SQL: Final = "condition"  # not for files: it goes into statements as it is


class BadDescription(DrupalsyncError):
    """A table that is described in words that say nothing, or too little."""


def read_descriptions(entries: Any, where: str) -> list[Description]:
    """The descriptions of a list; raises BadDescription."""
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise BadDescription(
            "`tables` is a list of descriptions", where=where, hint="- {kind: …, table: …, key: …, folder: …}"
        )
    found: list[Description] = []
    for at, entry in enumerate(entries):
        description = _description(entry, f"{where} {at + 1}")
        for word in ("kind", "table", "folder"):
            if getattr(description, word) in {getattr(other, word) for other in found}:
                raise BadDescription(
                    f"two descriptions have the {word} {getattr(description, word)}",
                    where=f"{where} {at + 1}",
                    hint="give one of them another, or take it out",
                )
        found.append(description)
    return found


def check_kinds(about: Description, own: Iterable[str], where: str) -> None:
    """Raises BadDescription where a description refers to what no kind, and nothing that has a name, is called."""
    from drupalsync.kinds.tables.shipped import shipped  # which reads them with this module

    known = {*own, *LOADERS, *(other.kind for other in shipped())}
    for column, kind in kinds_named(about):
        if kind not in known:
            meant = near(kind, known)
            raise BadDescription(
                f"{column} names {kind}, which is no kind",
                where=where,
                hint=f"did you mean {meant[0]}?" if meant else "drupalsync schema lists them",
            )


def kinds_named(about: Description) -> Iterator[tuple[str, str]]:
    """(column, kind) of everything that a description says to refer to."""
    for columns in (about.columns, *(child.columns for child in about.children)):
        for name, col in columns.items():
            named = [col.refers, col.within, *col.places.values(), *col.keys.values()]
            yield from ((name, kind_in(kind)) for kind in named if kind and kind != "path")
    yield from (("after", kind) for kind in about.after)


def _description(entry: Any, where: str) -> Description:
    values = _words(entry, Description, where, required=("kind", "table", "key", "folder"), besides=(_SQL,))
    about = f"{where} ({values['kind']})"
    _named(values["kind"], _NAME, "a kind", about)
    _named(values["folder"], _FOLDER, "a folder", about)
    for word in ("key", "after", "likeness"):
        values[word] = _texts(values.get(word), f"{about} {word}")
    values["columns"] = _columns(values.get("columns"), f"{about} columns")
    children = [] if values.get("children") is None else values["children"]
    if not isinstance(children, list):
        raise BadDescription("this must be a list", where=f"{about} children", hint="- {table: …, field: …, parent: …}")
    told = [*values["key"], *filter(None, [values.get("id")])]
    values["children"] = tuple(_child(child, told, f"{about} children {at + 1}") for at, child in enumerate(children))
    values["caches"] = _caches(values.get("caches"), f"{about} caches")
    values["where"] = _map(values.get("where"), f"{about} where")
    for name, cell in values["where"].items():
        _cell(cell, f"{about} where {name}")
    content = _map(values.get("content"), f"{about} content")
    values["content"] = {name: _texts(of, f"{about} content {name}") for name, of in content.items()}
    strange = [name for name in values["likeness"] if name not in values["columns"]]
    if strange:
        raise BadDescription(
            f"likeness names {strange[0]}, which is none of the columns",
            where=about,
            hint=f"columns: {{{strange[0]}: {{}}}}",
        )
    values["used_by"] = _used_by(values.get("used_by"), told, f"{about} used_by")
    _told_apart(values, about)
    keyed = [child.field for child in values["children"] if child.key and child.id]
    for name, col in values["columns"].items():
        if col.member and col.member not in keyed:
            raise BadDescription(
                f"{name} is a member of {col.member}, which is no children that have a key and an id",
                where=about,
                hint=f"one of: {', '.join(keyed)}" if keyed else "give the children both",
            )
    status = values.get("entity_status")
    if status and status not in values["columns"]:
        raise BadDescription(
            f"entity_status names {status}, which is none of the columns",
            where=about,
            hint=f"columns: {{{status}: {{}}}}",
        )
    return Description(**values)


def _used_by(value: Any, told: Sequence[str], where: str) -> dict[str, str]:
    places = _map(value, where)
    for place, own in _texts_in(places, where).items():
        if not _PLACE.fullmatch(place):
            raise BadDescription(f"{place} is no place in a table", where=where, hint="flagging.fid: fid")
        if own not in told:
            raise BadDescription(
                f"{place} names {own}, which is neither the key nor the id",
                where=where,
                hint=f"one of: {', '.join(told)}",
            )
    return places


def _told_apart(values: Mapping[str, Any], where: str) -> None:
    """Raises BadDescription where two entries of a file would have one name."""
    taken = {values["kind"]: "the kind", EXTRA: "the columns that no description names", PROTECT: "the protection"}
    columns = [field_name(name, col) for name, col in values["columns"].items() if name not in values["key"]]
    for name in (*columns, *(child.field for child in values["children"])):
        if name in taken:
            raise BadDescription(
                f"the field {name} has the name of {taken[name]}",
                where=where,
                hint=f"columns: {{{name}: {{name: …}}}} gives it another one",
            )
        taken[name] = "another field"


def _child(entry: Any, told: Sequence[str], where: str) -> Child:
    """A child; `told` are the columns that a row of its parent is told by."""
    values = _words(entry, Child, where, required=("table", "field", "parent"))
    for word in ("key", "order"):
        values[word] = _texts(values.get(word), f"{where} {word}")
    values["parent"] = _map(values["parent"], f"{where} parent")
    values["columns"] = _columns(values.get("columns"), f"{where} columns")
    strange = [name for name in _texts_in(values["parent"], f"{where} parent").values() if name not in told]
    if strange:
        raise BadDescription(
            f"parent names {strange[0]}, which is neither the key nor the id",
            where=where,
            hint=f"one of: {', '.join(told)}",
        )
    if not values["key"] and not values["order"]:
        raise BadDescription(
            "nothing says in which order the rows stand, or what they are called",
            where=where,
            hint="order: weight, or key: name",
        )
    return Child(**values)


def _columns(entries: Any, where: str) -> dict[str, Col]:
    found: dict[str, Col] = {}
    for name, entry in _map(entries, where).items():
        values = _words(entry if entry is not None else {}, Col, f"{where} {name}")
        for word in ("places", "keys"):
            values[word] = _texts_in(_map(values.get(word), f"{where} {name} {word}"), f"{where} {name} {word}")
        if values.get("value") is not None:
            _cell(values["value"], f"{where} {name} value")
        if not _is_plain(values.get("default")):
            raise BadDescription("this is no value of a file", where=f"{where} {name} default")
        inside = next(
            (word for word in ("places", "keys", "itself") if values.get(word) and not values.get("serialized")), None
        )
        if inside:
            raise BadDescription(f"{name} has {inside}, but is not serialized", where=where, hint="serialized: true")
        ways = [
            word for word in ("refers", "within", "member", "path", "links", "serialized", "flag") if values.get(word)
        ]
        if len(ways) > 1:
            raise BadDescription(
                f"{name} cannot be both {ways[0]} and {ways[1]}", where=where, hint="take one of them out"
            )
        found[name] = Col(**values)
    return found


def _words(
    entry: Any, of: type, where: str, *, required: Sequence[str] = (), besides: Sequence[str] = ()
) -> dict[str, Any]:
    """An entry's values; raises BadDescription for words that are unknown, missing, or of the wrong type."""
    if not isinstance(entry, dict):
        raise BadDescription("this must be a mapping", where=where, hint="word: value lines")
    known = {field.name: str(field.type) for field in dataclasses.fields(of) if field.name not in besides}
    for word, value in entry.items():
        if word not in known:
            meant = near(str(word), list(known))
            hint = f"did you mean {meant[0]}?" if meant else f"known: {', '.join(known)}"
            raise BadDescription(f"unknown word {word!r}", where=where, hint=hint)
        type_ = _PLAIN.get(known[word])
        if type_ is not None and not isinstance(value, type_[0]):
            raise BadDescription(f"{word} must be {type_[1]}", where=where)
    missing = [word for word in required if not entry.get(word)]
    if missing:
        raise BadDescription(f"the word {missing[0]} is missing", where=where, hint=f"{missing[0]}: …")
    return dict(entry)


_PLAIN: Final[Mapping[str, tuple[type, str]]] = {"str": (str, "a text"), "bool": (bool, "true or false")}


def _texts(value: Any, where: str) -> tuple[str, ...]:
    listed = [] if value is None else [value] if isinstance(value, str) else value
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise BadDescription("this must be a name, or a list of names", where=where)
    return tuple(listed)


def _map(value: Any, where: str) -> dict[str, Any]:
    """A mapping of names; none where nothing stands there."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadDescription("this must be a mapping", where=where)
    for name in value:
        if not isinstance(name, str):
            raise BadDescription(f"{name!r} is no name, which is a text", where=where, hint=f"'{name}': …")
    return dict(value)


def _texts_in(named: dict[str, Any], where: str) -> dict[str, str]:
    for name, value in named.items():
        if not isinstance(value, str):
            raise BadDescription("this must be a text", where=f"{where} {name}")
    return named


def _cell(value: Any, where: str) -> None:
    """Raises BadDescription for what no column of a table holds, and for null, which no row is equal to."""
    number = isinstance(value, int) and not isinstance(value, bool) and -_INT_64 <= value < _INT_64
    if not (number or isinstance(value, str) or (isinstance(value, float) and isfinite(value))):
        hint = f"{int(value)}" if isinstance(value, bool) else ""
        raise BadDescription("this must be a text, or a number", where=where, hint=hint)


def _is_plain(value: Any) -> bool:
    """Whether a file of the tree can hold it: no date, no set, nothing that is within itself."""
    try:
        if isinstance(value, list):
            return all(map(_is_plain, value))
        if isinstance(value, dict):
            return all(type(key) in {str, int} for key in value) and all(map(_is_plain, value.values()))
    except RecursionError:
        return False
    return value is None or isinstance(value, bool | int | float | str | bytes)


def _caches(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for bin_, cids in _map(value, where).items():
        if not is_bin(bin_):  # what a bin is cleared of is gone: never a table of anything else
            raise BadDescription(
                f"{bin_} is no cache bin", where=where, hint="name cache, or a table cache_…: caches: {cache_page: '*'}"
            )
        found += [(bin_, cid) for cid in _texts(cids, f"{where} {bin_}")]
    return tuple(found)


def _named(text: str, pattern: re.Pattern[str], what: str, where: str) -> None:
    if not pattern.fullmatch(text):
        raise BadDescription(f"{text!r} cannot be {what}", where=where, hint="lower case letters, digits and _")
