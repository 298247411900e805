"""What forbids an instance of a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._instance_file import COMMENT, COMMENTS, NODE, PLACES
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem
from drupalsync.kinds.tables import cells

LONGEST = 255


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
    for place, module in _modules(item):
        if ctx.keys.local_id("module", module) is None:
            yield InstanceProblem(
                f"{item.address} needs the module {module}, which is off",
                where=f"{where} {place}",
                hint=f"drush en {module}",
            )
    whole: Any = {"settings": item.fields["settings"], "default_value": item.fields["default_value"]}
    yield from cells.problems(ctx, PLACES, whole, desired, where)


def _bundle(
    ctx: Context, entity: str, bundle: str, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    kinds = {NODE: ("content_type", bundle), "taxonomy_term": ("vocabulary", bundle)}
    if entity == COMMENT and bundle.startswith(COMMENTS):
        kinds[COMMENT] = ("content_type", bundle.removeprefix(COMMENTS))
    about = kinds.get(entity)
    missing = problem(ctx, *about, desired, where=where) if about else None
    if missing is not None:
        yield missing


def _modules(item: Item) -> Iterator[tuple[str, str]]:
    """(where, module) of the widget and of every formatter."""
    widget: Any = item.fields["widget"]
    if isinstance(widget, dict) and widget.get("module"):
        yield "widget", str(widget["module"])
    displays: Any = item.fields["display"]
    for mode, display in displays.items() if isinstance(displays, dict) else ():
        if isinstance(display, dict) and display.get("module") and display.get("type") != "hidden":
            yield f"display/{mode}", str(display["module"])
