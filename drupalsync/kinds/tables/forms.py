"""References inside serialized values: at which paths they stand, and how each is written in the tree and on a site."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Any, ClassVar, cast

from drupalsync.kinds._variable_places import Form, Id, InternalPath, Name, Problem
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables.description import Col
from drupalsync.php import Leaf, PhpObject, PhpSerialized, change_leaves, type_of_key
from drupalsync.tree import IntRef, Path, TreeValue

Pattern = tuple[str, ...]
Waiting = list[tuple[Pattern, Form]]  # what is left of patterns at some path
BY_NAME = frozenset(
    {"text_format", "module", "theme", "content_type", "language", "menu"}
)  # whose local id is the name

_INT = "!int "
_WITHIN = re.compile(r"([^{}]*)\{(\w+)\}([^{}]*)")


@dataclass(frozen=True, slots=True)
class Within:
    """An id inside a text, as in `block-3`: `block:custom/footer-notice` in the tree."""

    before: str
    kind: str
    after: str

    numbers: ClassVar[str] = ""

    def out(self, ctx: Context, leaf: TreeValue) -> TreeValue:
        number = self._number(leaf)
        return leaf if number is None else Id(self.kind).out(ctx, number)

    def back(self, ctx: Context, leaf: TreeValue, where: str) -> TreeValue:
        found = Id(self.kind).back(ctx, leaf, where)
        return f"{self.before}{found}{self.after}" if isinstance(found, str) and found != leaf else leaf

    def problem(self, ctx: Context, leaf: TreeValue, desired: Mapping[str, Item], where: str) -> Problem:
        number = self._number(leaf)
        return Id(self.kind).problem(ctx, leaf if number is None else number, desired, where)

    def _number(self, leaf: TreeValue) -> str | None:
        found = (
            re.fullmatch(f"{re.escape(self.before)}([1-9][0-9]*){re.escape(self.after)}", leaf)
            if isinstance(leaf, str)
            else None
        )
        return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Itself:
    """The row's own id, which a new row does not have yet: null in the tree."""

    number: str

    numbers: ClassVar[str] = ""

    def out(self, ctx: Context, leaf: TreeValue) -> TreeValue:
        del ctx
        return None if str(leaf) == self.number else leaf

    def back(self, ctx: Context, leaf: TreeValue, where: str) -> TreeValue:
        del ctx, where
        return self.number if leaf is None else leaf

    def problem(self, ctx: Context, leaf: TreeValue, desired: Mapping[str, Item], where: str) -> Problem:
        del ctx, leaf, desired, where
        return None


@cache
def form_of(kind: str) -> Form:
    """How a reference to a kind stands; `block-{block}` is one inside a text."""
    inside = _WITHIN.fullmatch(kind)
    if inside:
        return Within(*inside.groups())
    if kind == "path":
        return InternalPath()
    return Name(kind) if kind in BY_NAME else Id(kind)


def kind_in(spec: str) -> str:
    """The kind that `form_of` is about."""
    inside = _WITHIN.fullmatch(spec)
    return inside[2] if inside else spec


def each(value: TreeValue, forms: Forms, change: Callable[[Form, TreeValue], TreeValue]) -> TreeValue:
    """The value, with `change` applied to what stands at a path that one of the patterns fits, be it a value or a key.

    Inside a value that cannot be opened a reference is a text, too: `role:editor`, and `!int role:editor` for a number.
    """
    if isinstance(value, PhpSerialized):
        return PhpSerialized(
            change_leaves(
                value.data,
                lambda path, leaf: _in_text(path, leaf, forms, change),
                lambda path, key: _key_in_text(path, key, forms, change),
            )
        )
    return _each(value, [*forms.places.items()], [*forms.keys.items()], change)


def _in_text(path: Path, leaf: Leaf, forms: Forms, change: Callable[[Form, TreeValue], TreeValue]) -> Leaf:
    form = _at(forms.places, path)
    if form is None:
        return leaf
    number = isinstance(leaf, str) and leaf.startswith(_INT)
    changed = change(form, IntRef(leaf[len(_INT) :]) if number and isinstance(leaf, str) else leaf)
    if isinstance(changed, IntRef):
        return f"{_INT}{changed.target}"
    return changed if isinstance(changed, int | str) or changed is None else leaf


def fits(pattern: Pattern, path: Path) -> bool:
    """Whether a path is one of a pattern's: `*` is one step, or a part of one, `**` any number of them.

    >>> fits(("settings", "*", "tid"), ("settings", 0, "tid")), fits(("**", "tid"), ("a", "b", "tid"))
    (True, True)
    >>> fits(("filters", "*_tid"), ("filters", "field_tags_tid")), fits(("filters", "*_tid"), ("filters", "tid"))
    (True, False)
    """
    left: Waiting = [(pattern, Id(""))]
    for step in path:
        left = _after(left, step)
    return _here(left) is not None


@dataclass(frozen=True, slots=True)
class Forms:
    """How references stand in a serialized value: at the paths of values, and as the keys of the arrays at others."""

    places: Mapping[Pattern, Form]
    keys: Mapping[Pattern, Form]

    def __bool__(self) -> bool:
        return bool(self.places or self.keys)


def forms_of(col: Col) -> Forms:
    """The forms of a column."""
    return Forms(
        {tuple(pattern.split(".")): form_of(kind) for pattern, kind in col.places.items()},
        {tuple(pattern.split(".")): form_of(kind) for pattern, kind in col.keys.items()},
    )


def _key_in_text(path: Path, key: Leaf, forms: Forms, change: Callable[[Form, TreeValue], TreeValue]) -> Leaf:
    form = _at(forms.keys, path)
    return key if form is None or key is None else _key(change(form, key), key)


def _each(
    value: TreeValue, places: Waiting, keys: Waiting, change: Callable[[Form, TreeValue], TreeValue]
) -> TreeValue:
    """`places` and `keys` are what is left of the patterns at the value's path."""
    if not places and not keys:
        return value  # nothing below is a reference: most of what there is
    if isinstance(value, list):  # whose keys begin with 0, which is no id
        return [_each(member, _after(places, at), _after(keys, at), change) for at, member in enumerate(value)]
    if isinstance(value, dict):
        members = {key: _each(member, _after(places, key), _after(keys, key), change) for key, member in value.items()}
        form = _here(keys)
        return members if form is None else {_key(change(form, key), key): member for key, member in members.items()}
    if isinstance(value, PhpObject):
        properties: dict[Any, Any] = {
            key: _each(cast(TreeValue, member), _after(places, key), _after(keys, key), change)
            for key, member in value.properties.items()
        }
        return PhpObject(value.cls, properties)
    form = _here(places)
    return value if form is None else change(form, value)


def _after(patterns: Waiting, step: type_of_key) -> Waiting:
    """What is left of the patterns that go on with this step."""
    left: Waiting = []
    name = _step(step) if patterns else ""
    for pattern, form in patterns:
        rest = pattern
        while rest and rest[0] == "**":
            left.append((rest, form))  # it swallows this step, and may swallow more
            rest = rest[1:]
        if rest and fnmatchcase(name, rest[0]):
            left.append((rest[1:], form))
    return left


def _here(patterns: Waiting) -> Form | None:
    """The form of the first pattern that ends here."""
    return next((form for pattern, form in patterns if all(step == "**" for step in pattern)), None)


def _at(patterns: Mapping[Pattern, Form], path: Path) -> Form | None:
    return next((form for pattern, form in patterns.items() if fits(pattern, path)), None)


def _key(changed: TreeValue, key: type_of_key) -> type_of_key:
    """A reference as the key of an array: text in the tree, a whole number on the site, as PHP makes of it."""
    if isinstance(changed, IntRef):
        return changed.target
    if isinstance(changed, str) and changed.isdecimal() and isinstance(key, str) and changed != key:
        return int(changed)
    return changed if isinstance(changed, int | str) else key


def _step(step: type_of_key) -> str:
    """A step as a pattern names it: without the mark that PHP puts before what is private to a class."""
    name = step.decode("utf-8", "replace") if isinstance(step, bytes) else str(step)
    return name.rpartition("\0")[2]
