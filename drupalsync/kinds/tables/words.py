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
from collections.abc import Mapping, Sequence
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.tables.description import Child, Col, Description
from drupalsync.manifest.words import near

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_FOLDER: Final = re.compile(r"[a-z][a-z0-9_-]*")
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


def _description(entry: Any, where: str) -> Description:
    values = _words(entry, Description, where, required=("kind", "table", "key", "folder"), besides=(_SQL,))
    about = f"{where} ({values['kind']})"
    _named(values["kind"], _NAME, "a kind", about)
    _named(values["folder"], _FOLDER, "a folder", about)
    for word in ("key", "after", "likeness"):
        values[word] = _texts(values.get(word), f"{about} {word}")
    values["columns"] = _columns(values.get("columns"), f"{about} columns")
    values["children"] = tuple(
        _child(child, f"{about} children {at + 1}") for at, child in enumerate(values.get("children") or ())
    )
    values["caches"] = _caches(values.get("caches"), f"{about} caches")
    values["where"] = _map(values.get("where"), f"{about} where")
    strange = [name for name in values["likeness"] if name not in values["columns"]]
    if strange:
        raise BadDescription(
            f"likeness names {strange[0]}, which is none of the columns",
            where=about,
            hint=f"columns: {{{strange[0]}: {{}}}}",
        )
    return Description(**values)


def _child(entry: Any, where: str) -> Child:
    values = _words(entry, Child, where, required=("table", "field", "parent"))
    for word in ("key", "order"):
        values[word] = _texts(values.get(word), f"{where} {word}")
    values["parent"] = _map(values["parent"], f"{where} parent")
    values["columns"] = _columns(values.get("columns"), f"{where} columns")
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
        values["places"] = _map(values.get("places"), f"{where} {name} places")
        ways = [word for word in ("refers", "path", "links", "serialized", "flag") if values.get(word)]
        if len(ways) > 1:
            raise BadDescription(
                f"{name} cannot be both {ways[0]} and {ways[1]}", where=where, hint="take one of them out"
            )
        found[str(name)] = Col(**values)
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
    listed = [value] if isinstance(value, str) else value or []
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise BadDescription("this must be a name, or a list of names", where=where)
    return tuple(listed)


def _map(value: Any, where: str) -> dict[Any, Any]:
    if not isinstance(value or {}, dict):
        raise BadDescription("this must be a mapping", where=where)
    return dict(value or {})


def _caches(value: Any, where: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    for bin_, cids in _map(value, where).items():
        found += [(str(bin_), cid) for cid in _texts(cids, f"{where} {bin_}")]
    return tuple(found)


def _named(text: str, pattern: re.Pattern[str], what: str, where: str) -> None:
    if not pattern.fullmatch(text):
        raise BadDescription(f"{text!r} cannot be {what}", where=where, hint="lower case letters, digits and _")
