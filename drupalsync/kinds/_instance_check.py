"""What forbids an instance of a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._instance_file import COMMENT, COMMENTS, NODE, PLACES, USER
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem
from drupalsync.kinds.tables import cells

LONGEST: Final = {"entity_type": 32, "bundle": 128}  # characters of the columns


class InstanceProblem(DrupalsyncError):
    """An instance that the site cannot have as the tree says."""


def problems(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: no such field or bundle, a widget or formatter of a module that is off, references to nothing."""
    where = f"{item.source} {item.address}" if item.source else item.address
    if "field_config_instance" not in ctx.site.tables:
        yield InstanceProblem(
            f"{item.address} needs the module field, which is off", where=where, hint="drush en field"
        )
        return
    entity, bundle, name = item.key.split("/", 2)
    for column, part in zip(LONGEST, (entity, bundle), strict=True):
        if len(part) > LONGEST[column]:
            yield InstanceProblem(
                f"{column} has {len(part)} characters; there is room for {LONGEST[column]}",
                where=where,
                hint="shorten it",
            )
    missing = problem(ctx, "field", name, desired, where=where)
    if missing is not None:
        yield missing
    yield from _bundle(ctx, entity, bundle, desired, where)
    field = desired.get(f"field:{name}")
    allowed: Any = field.fields["entity_types"] if field is not None else []
    if allowed and entity not in allowed:
        yield InstanceProblem(
            f"the field {name} may not be on a {entity}",
            where=where,
            hint=f"it may be on: {', '.join(map(str, allowed))}",
        )
    yield from _shapes(item, where)
    for place, module in _modules(item):
        if ctx.keys.local_id("module", module) is None:
            yield InstanceProblem(
                f"{item.address} needs the module {module}, which is off",
                where=f"{where} {place}",
                hint=f"drush en {module}",
            )
    whole: Any = {"settings": item.fields["settings"], "default_value": item.fields["default_value"]}
    yield from cells.problems(ctx, PLACES, whole, desired, where)


def unnamed(ctx: Context, item: Item) -> None:
    """Raises InstanceProblem where something that the site is to have still has a value of an instance that goes."""
    entity, bundle, name = item.key.split("/", 2)
    kind = {NODE: "node", "taxonomy_term": "term"}.get(entity)
    for other in ctx.desired.values():
        if other.kind != kind or not other.key.startswith(f"{bundle}/"):
            continue
        values: Any = other.fields.get("fields")
        if values and name in values:
            raise InstanceProblem(
                f"{item.address} cannot be deleted: {other.address} still has a value of it",
                where=f"{other.address} fields/{name}",
                hint=f"take `{name}:` out of there, too, or keep the field",
            )


def _bundle(
    ctx: Context, entity: str, bundle: str, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    only = {USER: USER, COMMENT: f"{COMMENTS}<type>"}.get(entity)
    if only and (bundle != only if entity == USER else not bundle.startswith(COMMENTS)):
        yield InstanceProblem(f"a {entity} has no bundle {bundle}", where=where, hint=f"bundle: {entity}/{only}")
    kinds = {NODE: ("content_type", bundle), "taxonomy_term": ("vocabulary", bundle)}
    if entity == COMMENT and bundle.startswith(COMMENTS):
        kinds[COMMENT] = ("content_type", bundle.removeprefix(COMMENTS))
    about = kinds.get(entity)
    missing = problem(ctx, *about, desired, where=where) if about else None
    if missing is not None:
        yield missing


def _shapes(item: Item, where: str) -> Iterator[DrupalsyncError]:
    """What Drupal could not read."""
    displays: Any = item.fields["display"]
    for mode, display in displays.items() if isinstance(displays, dict) else ():
        if not isinstance(display, dict):
            yield InstanceProblem(
                "a display is a mapping", where=f"{where} display/{mode}", hint="{label: above, type: …, weight: 0}"
            )
    value = item.fields["default_value"]
    if value is not None and not (isinstance(value, list) and all(isinstance(one, dict) for one in value)):
        yield InstanceProblem(
            "a default value is a list of values, each a mapping by column",
            where=f"{where} default_value",
            hint="- value: …",
        )


def _modules(item: Item) -> Iterator[tuple[str, str]]:
    """(where, module) of the widget and of every formatter."""
    widget: Any = item.fields["widget"]
    if isinstance(widget, dict) and widget.get("module"):
        yield "widget", str(widget["module"])
    displays: Any = item.fields["display"]
    for mode, display in displays.items() if isinstance(displays, dict) else ():
        if isinstance(display, dict) and display.get("module") and display.get("type") != "hidden":
            yield f"display/{mode}", str(display["module"])
