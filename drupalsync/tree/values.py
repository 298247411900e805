"""What a YAML file of the tree holds: PHP values, and two things that only the tree has.

As PHP has one array type, an empty mapping and an empty list are one value, and so are a list and a mapping
with the keys 0…n-1 in order; `parse` always gives the list (php/values.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final

from drupalsync.php.values import PhpObject, PhpSerialized, type_of_key


class Unset(Enum):
    """The type of `UNSET`, which is not None because null is a default like any other."""

    UNSET = "unset"


UNSET: Final = Unset.UNSET


@dataclass(frozen=True, slots=True)
class Env:
    """A value that comes from the environment of the run: `!env NAME`.

    Where the variable is not set, `default` stands in; `keep` leaves what the site has; else it is an error.
    """

    name: str
    default: TreeValue | Unset = UNSET
    keep: bool = False


@dataclass(frozen=True, slots=True)
class IntRef:
    """An integer id that is given by reference: `!int role:administrator`."""

    target: str


# What nests in a container is `Any`: list and dict are invariant, and a php Value must pass as a TreeValue uncast.
TreeValue = (
    bool | int | float | str | bytes | list[Any] | dict[Any, Any] | PhpObject | PhpSerialized | Env | IntRef | None
)
Path = tuple[type_of_key, ...]
_PLAIN: Final = frozenset({str, int, bool, bytes, type(None)})  # types whose == is ours


def same(a: TreeValue, b: TreeValue) -> bool:
    """Says whether two values are equal with their types: 5, 5.0, '5' and True are four things, -0.0 is not 0.0.

    NaN equals NaN. The order of keys is noise (design section 4), the order of a list is not.
    """
    if a is b:
        return True
    if type(a) in _PLAIN:
        return type(a) is type(b) and a == b
    a, b = _as_array(a), _as_array(b)
    if type(a) is not type(b):
        return False
    if isinstance(a, list) and isinstance(b, list):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict) and isinstance(b, dict):
        return _same_entries(a, b)
    if isinstance(a, float) and isinstance(b, float):
        return (a == b and math.copysign(1, a) == math.copysign(1, b)) or (math.isnan(a) and math.isnan(b))
    if isinstance(a, PhpObject) and isinstance(b, PhpObject):
        return a.cls == b.cls and _same_entries(a.properties, b.properties)
    if isinstance(a, Env) and isinstance(b, Env):
        return (a.name, a.keep) == (b.name, b.keep) and _same_default(a.default, b.default)
    return a == b


def _as_array(value: TreeValue) -> TreeValue:
    """The list that a mapping is to PHP, where it is one."""
    if isinstance(value, dict) and (not value or (0 in value and list(value) == list(range(len(value))))):
        return list(value.values())
    return value


def _same_entries(a: dict[Any, Any], b: dict[Any, Any]) -> bool:
    return len(a) == len(b) and all(key in b and same(value, b[key]) for key, value in a.items())


def _same_default(a: TreeValue | Unset, b: TreeValue | Unset) -> bool:
    if isinstance(a, Unset) or isinstance(b, Unset):
        return a is b
    return same(a, b)


def walk(value: TreeValue, path: Path = ()) -> Iterator[tuple[Path, TreeValue]]:
    """Yields every value with its path, outermost first; an object's properties count as its entries."""
    yield path, value
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from walk(item, (*path, index))
    elif isinstance(value, dict | PhpObject):
        entries = value.properties if isinstance(value, PhpObject) else value
        for key, item in entries.items():
            yield from walk(item, (*path, key))


def replace(value: TreeValue, change: Callable[[TreeValue], TreeValue]) -> TreeValue:
    """Returns a copy in which `change` has been applied to every value, innermost first."""
    if isinstance(value, list):
        return change([replace(item, change) for item in value])
    if isinstance(value, dict):
        return change({key: replace(item, change) for key, item in value.items()})
    if isinstance(value, PhpObject):
        # An object in a tree may hold an Env like any other container; the php layer does not know that type.
        properties: dict[Any, Any] = {key: replace(item, change) for key, item in value.properties.items()}
        return change(PhpObject(value.cls, properties))
    return change(value)
