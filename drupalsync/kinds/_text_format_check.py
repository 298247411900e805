"""What forbids a text format from becoming what the tree says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._collation import is_one_name
from drupalsync.kinds._filters import filters_of
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow
from drupalsync.site import get_variable
from drupalsync.tree import TreeValue

NAME: Final = "text_format"
FALLBACK: Final = "filter_fallback_format"
MACHINE_NAME: Final = re.compile(r"[a-z0-9_]+")  # as the form makes them
LONGEST: Final = {"name": 32, "module": 64}  # characters of {filter}
SMALLEST, GREATEST = -(2**31), 2**31 - 1  # of both weights


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: a bad machine name, a name that is taken, filters that are nobody's, or of a module that is off."""
    where = item.source or item.address
    if ctx.keys.local_id(NAME, item.key) is None and not MACHINE_NAME.fullmatch(item.key):
        yield CannotBeRow(
            f"{item.key!r} cannot be a text format's machine name",
            where=where,
            hint="lower case letters, digits and _; what editors read is its `name`",
        )
    yield from _of_name(ctx, item, desired, where)
    yield from _of_weight(item.fields["weight"], f"{where} weight")
    if not item.fields["status"] and _fallback(ctx, desired) == item.key:
        yield CannotBeRow(
            f"{item.address} cannot be switched off: it is the format that everybody may use",
            where=f"{where} status",
            hint=f"name another one in the variable {FALLBACK} first",
        )
    for name, about in filters_of(item.fields).items():
        yield from _of_filter(ctx, name, about, f"{where} filters/{name}")


def _of_name(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[CannotBeRow]:
    """{filter_format}.name is unique, those that are off included; and Drupal's form trims it and wants one."""
    name = str(item.fields["name"])
    if not name or name != name.strip():
        yield CannotBeRow(
            f"{name!r} cannot be the name of a text format",
            where=f"{where} name",
            hint="what editors read, without spaces at its ends",
        )
        return
    names = {str(key): str(other) for key, other in ctx.site.rows("SELECT format, name FROM {filter_format}")}
    names |= {other.key: str(other.fields["name"]) for other in desired.values() if other.kind == NAME}
    for key, other_name in sorted(names.items()):
        if key != item.key and is_one_name(ctx, "filter_format", "name", name, other_name):
            yield CannotBeRow(
                f"{item.address} and {NAME}:{key} have the same name, {other_name!r}",
                where=f"{where} name",
                hint="give one another name",
            )


def _of_weight(weight: TreeValue, where: str) -> Iterator[CannotBeRow]:
    if isinstance(weight, int) and not SMALLEST <= weight <= GREATEST:
        yield CannotBeRow(
            f"{weight} is no weight", where=where, hint=f"from {SMALLEST} to {GREATEST}; Drupal's go to 50"
        )


def _of_filter(ctx: Context, name: str, about: Mapping[str, TreeValue], place: str) -> Iterator[CannotBeRow]:
    module = about.get("module")
    if not name or len(name) > LONGEST["name"]:
        yield CannotBeRow(
            f"{name!r} cannot be a filter: it has {len(name)} characters, there is room for {LONGEST['name']}",
            where=place,
            hint="its machine name, as in filter_html",
        )
    if not isinstance(module, str) or not module:
        yield CannotBeRow(
            f"nobody knows which module the filter {name!r} is of", where=place, hint="say so: module: MODULE"
        )
    elif about.get("status") and ctx.keys.local_id("module", module) is None:
        yield CannotBeRow(
            f"the filter {name} needs the module {module}, which is off", where=place, hint=f"drush en {module}"
        )
    settings = about.get("settings", [])
    if not isinstance(settings, dict | list):
        yield CannotBeRow(
            f"the settings of {name} are a mapping", where=f"{place}/settings", hint="setting: value lines"
        )
    yield from _of_weight(about.get("weight"), f"{place}/weight")


def _fallback(ctx: Context, desired: Mapping[str, Item]) -> TreeValue:
    """The fallback format after the import."""
    told = desired.get(f"variable:{FALLBACK}")
    value = get_variable(ctx.site, FALLBACK) if told is None else told.fields["value"]
    return value if isinstance(value, str) else None
