"""Items as the plan and the ledger may hold them: every secret replaced by a keyed hash.

Equal secrets have equal seals under one key, so sealed items compare as the clear ones do; without the ledger's key
a seal says nothing, not even the length.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import replace
from hashlib import sha256
from typing import Any, cast

from drupalsync.kinds import Fields, Item
from drupalsync.php import PhpObject, PhpSerialized, PhpValueError, Value, canonical, exact, uncanonical
from drupalsync.tree import IntRef, TreeValue, walk
from drupalsync.tree import replace as tree_replace

Path = tuple[int | str | bytes, ...]
MARK = b"sealed:"
_INT_REFERENCE = "drupalsync:int"


def seal(item: Item, secret: Iterable[Path], key: bytes) -> Item:
    """The item with what stands at these paths sealed."""
    fields: TreeValue = dict(item.fields)
    for path in secret:
        fields = _sealed_at(fields, path, key)
    assert isinstance(fields, dict)
    return replace(item, fields={str(name): value for name, value in fields.items()})


def is_seal(value: object) -> bool:
    """Whether a value is the seal of a secret."""
    return isinstance(value, PhpSerialized) and value.data.startswith(MARK)


def sealed_paths(item: Item) -> set[Path]:
    """The paths at which an item of the ledger is sealed."""
    return {path for path, value in walk(dict(item.fields)) if is_seal(value)}


def pack(fields: Fields) -> bytes:
    """Fields as the ledger stores them. Raises PhpValueError for what is not settled yet: an `!env`."""
    try:
        return canonical(cast("Value", fields))
    except PhpValueError:  # an `!int` reference, which few have: only then the fields are copied
        return canonical(_stored(fields))


def pack_exact(fields: Fields) -> bytes:
    """Fields as a before-image has them: with the order of every map, which `pack` does not keep."""
    return exact(_stored(dict(fields)))


def unpack(data: bytes) -> Fields:
    """Fields as the ledger, or an image, gave them."""
    value: TreeValue = uncanonical(data)
    if _INT_REFERENCE.encode() in data:
        value = tree_replace(value, _reference_in)
    if value == []:
        return {}  # to PHP an empty map is a list; an item may say no more than that it is there
    assert isinstance(value, dict)
    return {str(name): member for name, member in value.items()}


def _sealed_at(value: TreeValue, path: Path, key: bytes) -> TreeValue:
    if not path:
        if is_seal(value):
            return value
        digest = hmac.new(key, canonical(_stored(value)), sha256).hexdigest()
        return PhpSerialized(MARK + digest.encode())
    step, rest = path[0], path[1:]
    if isinstance(value, dict) and step in value:
        return {**value, step: _sealed_at(value[step], rest, key)}
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return [*value[:step], _sealed_at(value[step], rest, key), *value[step + 1 :]]
    if isinstance(value, PhpObject) and step in value.properties:
        inside: dict[Any, Any] = {**value.properties, step: _sealed_at(value.properties[step], rest, key)}
        return PhpObject(value.cls, inside)
    return value


def _stored(value: TreeValue) -> Value:
    """The value without what PHP does not have: an `!int` reference becomes an object of a class of our own."""
    return cast("Value", tree_replace(value, _reference_out))


def _reference_out(value: TreeValue) -> TreeValue:
    return PhpObject(_INT_REFERENCE, {"target": value.target}) if isinstance(value, IntRef) else value


def _reference_in(value: TreeValue) -> TreeValue:
    return (
        IntRef(str(value.properties["target"]))
        if isinstance(value, PhpObject) and value.cls == _INT_REFERENCE
        else value
    )
