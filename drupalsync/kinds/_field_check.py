"""What forbids a field: what core does, what the site lacks, and changes of tables that are there.

Source: modules/field/field.crud.inc (field_create_field, field_update_field), modules/field/modules/list/list.module
(list_field_update_forbid), field_sql_storage.module (field_sql_storage_field_update_forbid).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._field_columns import DECIDING, SETTLED
from drupalsync.kinds._field_file import NAME, allowed_keys
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem
from drupalsync.site import Site
from drupalsync.site.later import going
from drupalsync.tree import same

_NAME: Final = re.compile(r"[_a-z]+[_a-z0-9]*")
LONGEST: Final = 32
FIXED: Final = {"type": "type", "entity_types": "entity types", "storage": "storage", "indexes": "indexes"}


class FieldForbidden(DrupalsyncError):
    """A field that the site cannot have as the tree says."""


def problems(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields all that is wrong with one field."""
    where = item.source or item.address
    if "field_config" not in ctx.site.tables:
        yield FieldForbidden(f"{item.address} needs the module field, which is off", where=where, hint="drush en field")
        return
    if not _NAME.fullmatch(item.key) or len(item.key) > LONGEST:
        yield FieldForbidden(
            f"{item.key!r} cannot be a field's name",
            where=where,
            hint=f"lower case letters, digits and _, {LONGEST} characters at most",
        )
        return
    module = str(item.fields["module"])
    if ctx.keys.local_id("module", module) is None:
        yield FieldForbidden(
            f"{item.address} needs the module {module}, which is off", where=where, hint=f"drush en {module}"
        )
    yield from _vocabularies(ctx, item, desired, where)
    if item.local_id is None and ctx.keys.local_id(NAME, item.key) is None:
        yield from _of_new(ctx, item, where)
    else:
        yield from _of_changed(ctx, item, where)


def _vocabularies(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    """The vocabularies that a term reference offers."""
    settings: Any = item.fields["settings"]
    offered = (
        settings.get("allowed_values") if isinstance(settings, dict) and item.fields["module"] == "taxonomy" else None
    )
    for entry in offered if isinstance(offered, list) else ():
        if isinstance(entry, dict) and entry.get("vocabulary"):
            missing = problem(ctx, "vocabulary", str(entry["vocabulary"]), desired, where=f"{where} settings")
            if missing is not None:
                yield missing


def _of_new(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    type_ = str(item.fields["type"])
    if item.fields["storage"]:
        yield FieldForbidden(
            f"{item.address} keeps its values elsewhere, and only Drupal can make that",
            where=where,
            hint="make the field on the site, then import again",
        )
    elif type_ not in SETTLED and not item.fields["columns"]:
        yield FieldForbidden(
            f"{item.address} is of the type {type_}, whose columns only its module knows",
            where=where,
            hint="export it from a site that has it: its file then says `columns:`",
        )
    inactive = ctx.site.one("SELECT module FROM {field_config} WHERE field_name = ? AND deleted = 0", [item.key])
    if inactive is not None:
        yield FieldForbidden(
            f"{item.key} is there, but switched off with its module {inactive[0]!s}",
            where=where,
            hint=f"drush en {inactive[0]!s}",
        )
        return
    free = going(ctx.site)
    for table in (f"field_data_{item.key}", f"field_revision_{item.key}"):
        if table in ctx.site.tables and table not in free:
            yield FieldForbidden(
                f"the table {table} is there already, though the site has no such field",
                where=where,
                hint="a leftover? look into it, and drop it",
            )


def _of_changed(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    """What must not differ from the field that is there."""
    live = _live(ctx, item)
    if live is None:
        return
    for name, called in FIXED.items():
        if not same(live.fields[name], item.fields[name]):
            yield FieldForbidden(
                f"the {called} of {item.address} cannot change: "
                + ("it stays what it was made" if name != "indexes" else "that would rebuild its tables"),
                where=f"{where} {name}",
                hint="make another field, or change it on the site and export it",
            )
    before, after = _settings(live), _settings(item)
    for name in DECIDING.get(str(item.fields["type"]), ()):
        if str(before.get(name)) != str(after.get(name)):
            yield FieldForbidden(
                f"{name} of {item.address} cannot change: it decides the column of a table that is there",
                where=f"{where} settings/{name}",
                hint="change it on the site and export it, or make another field",
            )
    yield from _values(ctx.site, live, item, where)


def _values(site: Site, live: Item, item: Item, where: str) -> Iterator[DrupalsyncError]:
    """What its values forbid."""
    table = f"field_data_{item.key}"
    if table not in site.tables:
        return
    cardinality = item.fields["cardinality"]
    row = site.one(f"SELECT MAX(delta) FROM {{{table}}} WHERE deleted = 0")
    most = int(str(row[0])) + 1 if row and row[0] is not None else 0
    if isinstance(cardinality, int) and 0 < cardinality < most:
        yield FieldForbidden(
            f"{item.address} cannot take {cardinality} values at most: some content has {most}",
            where=f"{where} cardinality",
            hint="take values out on the site first",
        )
    if str(item.fields["type"]).startswith("list_"):
        lost = set(allowed_keys(str(item.fields["type"]), live.fields["settings"]))
        lost -= set(allowed_keys(str(item.fields["type"]), item.fields["settings"]))
        column = site.db.quote(f"{item.key}_value")
        used = site.rows_in(
            f"SELECT DISTINCT {column} FROM {{{table}}} WHERE deleted = 0 AND {column} IN (…)", sorted(lost)
        )
        if used:
            yield FieldForbidden(
                f"{item.address} cannot lose the value {used[0][0]!r}: content of this site has it",
                where=f"{where} settings/allowed_values",
                hint="give that content another value first",
            )


def _live(ctx: Context, item: Item) -> Item | None:
    from drupalsync.kinds import field

    return next((live for live in field.read(ctx) if live.key == item.key), None)


def _settings(item: Item) -> dict[Any, Any]:
    value = item.fields["settings"]
    return dict(value) if isinstance(value, dict) else {}


def entities_with(site: Site, name: str) -> int:
    """How many pieces of content have a value."""
    table = f"field_data_{name}"
    if table not in site.tables:
        return 0
    row = site.one(
        f"SELECT COUNT(*) FROM (SELECT DISTINCT entity_type, entity_id FROM {{{table}}} WHERE deleted = 0) t"
    )
    return int(str(row[0])) if row else 0
