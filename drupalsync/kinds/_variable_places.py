"""Variables whose value names a row by its id: the table of them, and how the value reads in the tree.

The shape of a value stays: an id that Drupal keeps as text becomes a text (`role:editor`), one kept as a number becomes
`!int role:editor`. 0 and '' are no id and stay. An id that leads nowhere is written `role:missing/7`: it can be shown,
it cannot be imported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import ClassVar, Final, Protocol

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._text_format import format_problem
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import LocalIdInTree, path_in, path_out, path_problem, problem
from drupalsync.site import NoSuchReference
from drupalsync.tree import IntRef, TreeValue

_ID = re.compile(r"[1-9][0-9]{0,18}")
_PARENT = re.compile(r"([^:]+):([1-9][0-9]{0,18})")
Problem = DrupalsyncError | None


class Form(Protocol):
    """How a reference stands in a value: one text or number of it, to the tree and back."""

    @property
    def numbers(self) -> str:
        """The kind whose ids may stand here as numbers; '': none."""

    def out(self, ctx: Context, leaf: TreeValue) -> TreeValue:
        """The leaf as the tree writes it."""

    def back(self, ctx: Context, leaf: TreeValue, where: str) -> TreeValue:
        """The leaf as this site has it; raises NoSuchReference."""

    def problem(self, ctx: Context, leaf: TreeValue, desired: Mapping[str, Item], where: str) -> Problem:
        """What forbids the leaf."""


@dataclass(frozen=True, slots=True)
class InternalPath:
    """A path without the site's base, such as `node/12`."""

    numbers: ClassVar[str] = ""

    def out(self, ctx: Context, leaf: TreeValue) -> TreeValue:
        return path_out(ctx, leaf) if isinstance(leaf, str) else leaf

    def back(self, ctx: Context, leaf: TreeValue, where: str) -> TreeValue:
        return path_in(ctx, leaf, where=where) if isinstance(leaf, str) else leaf

    def problem(self, ctx: Context, leaf: TreeValue, desired: Mapping[str, Item], where: str) -> Problem:
        return path_problem(ctx, leaf, desired, where=where) if isinstance(leaf, str) else None


@dataclass(frozen=True, slots=True)
class Id:
    """An id, as text or as a number."""

    kind: str

    @property
    def numbers(self) -> str:
        return self.kind

    def out(self, ctx: Context, leaf: TreeValue) -> TreeValue:
        number = _id_in(leaf)
        if number is None:
            return leaf
        key = ctx.keys.key(self.kind, number)
        target = f"{self.kind}:{f'missing/{number}' if key is None else key}"
        return target if isinstance(leaf, str) else IntRef(target)

    def back(self, ctx: Context, leaf: TreeValue, where: str) -> TreeValue:
        key = self._key(leaf)
        if key is None:
            return leaf
        number = ctx.keys.need(self.kind, key, where=where)
        return number if isinstance(leaf, IntRef) else str(number)

    def problem(self, ctx: Context, leaf: TreeValue, desired: Mapping[str, Item], where: str) -> Problem:
        number, key = _id_in(leaf), self._key(leaf)
        if number is not None:
            return _local_id(self.out(ctx, leaf), where)
        if key is None:
            return None
        return problem(ctx, self.kind, key, desired, where=where)

    def _key(self, leaf: TreeValue) -> str | None:
        text = leaf.target if isinstance(leaf, IntRef) else leaf
        prefix = f"{self.kind}:"
        return text[len(prefix) :] if isinstance(text, str) and text.startswith(prefix) else None


@dataclass(frozen=True, slots=True)
class MenuParent:
    """`menu:mlid`, with 0 for the menu itself (modules/menu/menu.module:menu_parent_options).

    The key of a link begins with its menu, so `menu_link:main-menu/about` says both.
    """

    numbers: ClassVar[str] = ""

    def out(self, ctx: Context, leaf: TreeValue) -> TreeValue:
        found = _PARENT.fullmatch(leaf) if isinstance(leaf, str) else None
        if not found:
            return leaf
        key = ctx.keys.key("menu_link", int(found[2]))
        there = key is not None and key.startswith(f"{found[1]}/")
        # A link that has moved to another menu is missing in this one.
        return f"menu_link:{key}" if there else f"menu_link:missing/{found[0]}"

    def back(self, ctx: Context, leaf: TreeValue, where: str) -> TreeValue:
        key = _menu_link(leaf)
        if key is None:
            return leaf
        return f"{key.partition('/')[0]}:{ctx.keys.need('menu_link', key, where=where)}"

    def problem(self, ctx: Context, leaf: TreeValue, desired: Mapping[str, Item], where: str) -> Problem:
        if isinstance(leaf, str) and _PARENT.fullmatch(leaf) and _menu_link(leaf) is None:
            return _local_id(self.out(ctx, leaf), where)
        key = _menu_link(leaf)
        return None if key is None else problem(ctx, "menu_link", key, desired, where=where)


@dataclass(frozen=True, slots=True)
class Name:
    """A machine name, the same on every site; what it names must be there, or the site breaks."""

    kind: str

    numbers: ClassVar[str] = ""

    def out(self, ctx: Context, leaf: TreeValue) -> TreeValue:
        del ctx
        return leaf

    def back(self, ctx: Context, leaf: TreeValue, where: str) -> TreeValue:
        del ctx, where
        return leaf

    def problem(self, ctx: Context, leaf: TreeValue, desired: Mapping[str, Item], where: str) -> Problem:
        if not isinstance(leaf, str | int) or isinstance(leaf, bool) or leaf in (0, "", "0"):
            return None
        if self.kind == "text_format":
            return format_problem(ctx, str(leaf), desired, where=where, has=lambda: False)
        return problem(ctx, self.kind, str(leaf), desired, where=where)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Variables (a glob over their names) that hold references; `keys`: the keys of the array are references, too."""

    pattern: str
    form: Form
    source: str
    keys: bool = False


_SITE_INFORMATION: Final = "modules/system/system.admin.inc:system_site_information_settings"
PLACES: Final = (
    Place(pattern="site_frontpage", form=InternalPath(), source=_SITE_INFORMATION),
    Place(pattern="site_403", form=InternalPath(), source=_SITE_INFORMATION),
    Place(pattern="site_404", form=InternalPath(), source=_SITE_INFORMATION),
    Place(pattern="user_admin_role", form=Id("role"), source="modules/user/user.admin.inc:user_admin_settings"),
    Place(pattern="menu_parent_*", form=MenuParent(), source="modules/menu/menu.module:menu_form_node_type_form_alter"),
    Place(pattern="forum_nav_vocabulary", form=Id("vocabulary"), source="modules/forum/forum.install:forum_enable"),
    Place(pattern="forum_containers", form=Id("term"), source="modules/forum/forum.admin.inc:forum_form_submit"),
    Place(pattern="filter_fallback_format", form=Name("text_format"), source="filter.module:filter_fallback_format"),
    Place(pattern="theme_default", form=Name("theme"), source="modules/system/system.admin.inc:system_theme_default"),
    Place(pattern="admin_theme", form=Name("theme"), source="system.admin.inc:system_themes_admin_form_submit"),
    Place(pattern="logintoboggan_pre_auth_role", form=Id("role"), source="logintoboggan"),
    Place(pattern="googleanalytics_roles", form=Id("role"), source="google_analytics", keys=True),
)


def place_of(ctx: Context, name: str) -> Place | None:
    """The place that a variable is, by the manifest first, then by the table; None for all others."""
    for pattern, kind in ctx.scope.places.items():
        if fnmatchcase(f"variable:{name}", pattern):
            return Place(pattern=pattern, form=InternalPath() if kind == "path" else Id(kind), source="drupalsync.yml")
    return next((place for place in PLACES if fnmatchcase(name, place.pattern)), None)


def value_out(ctx: Context, name: str, value: TreeValue) -> TreeValue:
    """The value as the tree writes it."""
    place = place_of(ctx, name)
    return value if place is None else _each(place, value, lambda leaf: place.form.out(ctx, leaf))


def value_back(ctx: Context, name: str, value: TreeValue, where: str) -> TreeValue:
    """The value as this site has it; raises NoSuchReference."""
    place = place_of(ctx, name)
    return value if place is None else _each(place, value, lambda leaf: place.form.back(ctx, leaf, where))


def value_problems(
    ctx: Context, name: str, value: TreeValue, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    """What forbids a value of the tree: local ids, references to nothing, `!int` where nobody would read it back."""
    place = place_of(ctx, name)
    found: list[DrupalsyncError] = []

    def look(leaf: TreeValue) -> TreeValue:
        wrong = place.form.problem(ctx, leaf, desired, where) if place else None
        if wrong is not None and str(wrong) not in map(str, found):
            found.append(wrong)
        expected = place is not None and isinstance(leaf, IntRef) and leaf.target.startswith(f"{place.form.numbers}:")
        return None if expected else leaf

    rest = _each(place, value, look) if place else value
    yield from found
    if _has_reference(rest):
        yield NoSuchReference(
            "an !int reference stands where drupalsync does not expect one",
            where=where,
            hint=f"tell drupalsync.yml of the place: places: {{'variable:{name}': KIND}}",
        )


def _each(place: Place, value: TreeValue, change: Callable[[TreeValue], TreeValue]) -> TreeValue:
    """The value with `change` applied to it, or to the members of an array, where `place` says so to the keys."""
    if isinstance(value, list):
        return [change(member) for member in value] if not place.keys else _each_entry(dict(enumerate(value)), change)
    if isinstance(value, dict):
        return _each_entry(value, change) if place.keys else {key: change(member) for key, member in value.items()}
    return change(value)


def _each_entry(value: Mapping[int | str | bytes, TreeValue], change: Callable[[TreeValue], TreeValue]) -> TreeValue:
    """Keys are ids as PHP has them: whole numbers, which the tree writes as the text of a reference."""
    out: dict[int | str | bytes, TreeValue] = {}
    for key, member in value.items():
        new = change(key)
        if isinstance(new, IntRef):
            new = new.target
        if isinstance(new, str) and _ID.fullmatch(new):
            new = int(new)
        out[new if isinstance(new, int | str) else key] = change(member)
    return out or []


def _has_reference(value: TreeValue) -> bool:
    if isinstance(value, IntRef):
        return True
    if isinstance(value, dict):
        return any(map(_has_reference, value.values()))
    return isinstance(value, list) and any(map(_has_reference, value))


def _id_in(leaf: TreeValue) -> int | None:
    if isinstance(leaf, int) and not isinstance(leaf, bool):
        return leaf if leaf > 0 else None
    return int(leaf) if isinstance(leaf, str) and _ID.fullmatch(leaf) else None


def _menu_link(leaf: TreeValue) -> str | None:
    return leaf[len("menu_link:") :] if isinstance(leaf, str) and leaf.startswith("menu_link:") else None


def _local_id(reference: TreeValue, where: str) -> LocalIdInTree:
    shown = f"!int {reference.target}" if isinstance(reference, IntRef) else str(reference)
    return LocalIdInTree(
        "this value is the id of a row, which is another one on every site",
        where=where,
        hint=f"write the reference: {shown}",
    )
