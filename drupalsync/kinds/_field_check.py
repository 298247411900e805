"""What forbids a field: what core does, what the site lacks, and changes of tables that are there.

Source: modules/field/field.crud.inc (field_create_field, field_update_field), modules/field/modules/list/list.module
(list_field_update_forbid, list_allowed_values_setting_validate), field_sql_storage.module
(field_sql_storage_field_update_forbid).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import _field_new_check
from drupalsync.kinds._field_columns import DECIDING, tables_of
from drupalsync.kinds._field_file import NAME, PLACES, allowed_keys, ordered_in
from drupalsync.kinds._field_new_check import FieldForbidden, module_of
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem
from drupalsync.kinds.tables import cells
from drupalsync.site import Site
from drupalsync.site.later import going as going_tables
from drupalsync.tree import same

__all__ = ["FieldForbidden"]

_NAME: Final = re.compile(r"[_a-z]+[_a-z0-9]*")
LONGEST: Final = 32
LONGEST_TYPE: Final = 128
LONGEST_VALUE: Final = 255  # characters of a value of a list
_KEYS: Final[Mapping[str, tuple[str, str]]] = {
    "list_integer": (r"-?\d+", "a whole number"),
    "list_boolean": (r"-?\d+", "a whole number"),
    "list_float": (r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?", "a number"),
}
FIXED: Final = {
    "type": "type",
    "module": "module",
    "entity_types": "entity types",
    "storage": "storage",
    "indexes": "indexes",
}


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
    yield from _module(ctx, item, where)
    cardinality = item.fields["cardinality"]
    if isinstance(cardinality, int) and cardinality < 1 and cardinality != -1:
        yield FieldForbidden(
            f"{item.address} cannot take {cardinality} values", where=f"{where} cardinality", hint="-1: any number"
        )
    yield from _vocabularies(ctx, item, desired, where)
    yield from cells.problems(ctx, PLACES, item.fields["settings"], desired, f"{where} settings")
    wrong = list(_allowed(item, f"{where} settings/allowed_values"))
    yield from wrong
    live = _live(ctx, item.key)
    if live is None:
        yield from _of_new(ctx, item, where)
    elif not wrong:
        yield from _of_changed(ctx, live, item, where)


def can_go(ctx: Context, item: Item, going: Container[str]) -> None:
    """Raises FieldForbidden where an instance of the field stays, or where cron has to purge the last ones first."""
    rows = ctx.site.rows(
        "SELECT entity_type, bundle FROM {field_config_instance} WHERE field_id = ? AND deleted = 0 "
        "ORDER BY entity_type, bundle",
        [item.local_id],
    )
    staying = [f"{entity!s}/{bundle!s}/{item.key}" for entity, bundle in rows]
    staying = [key for key in staying if f"field_instance:{key}" not in going]
    if staying:
        raise FieldForbidden(
            f"{item.address} cannot be deleted: {staying[0]} has it still",
            where=item.address,
            hint="take that out, too, or keep the field's file",
        )
    for part in ("data", "revision"):
        table = f"field_deleted_{part}_{item.local_id}"
        if table in ctx.site.tables and table not in going_tables(ctx.site):
            raise FieldForbidden(
                f"{item.address} cannot be deleted: the table {table} is there already",
                where=item.address,
                hint="a leftover of a restored dump? look into it, and drop it",
            )
    wait_for_cron(ctx.site, item, {})


def wait_for_cron(site: Site, item: Item, those: Mapping[str, str]) -> None:
    """Raises FieldForbidden where values that were deleted earlier stand in the way of deleting the same once more.

    `those` (column → value) narrows the rows to an instance's.
    """
    for table in tables_of(item.key.rpartition("/")[2]):
        if table not in site.tables:
            continue
        revision = "d.revision_id = n.revision_id AND " if table.startswith("field_revision_") else ""
        only = "".join(f" AND n.{column} = ?" for column in those)
        row = site.one(
            f"SELECT n.entity_id FROM {{{table}}} n INNER JOIN {{{table}}} d ON d.entity_type = n.entity_type AND "
            f"d.entity_id = n.entity_id AND d.delta = n.delta AND d.language = n.language AND {revision}d.deleted = 1 "
            f"WHERE n.deleted = 0{only} LIMIT 1",
            list(those.values()),
        )
        if row is not None:
            raise FieldForbidden(
                f"{item.address} cannot be deleted yet: cron has not purged its values of an earlier deletion",
                where=item.address,
                hint="run cron on the site until it has, then again",
            )


def _module(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    module, type_ = str(item.fields["module"]), str(item.fields["type"])
    owner = module_of(type_)
    if owner and owner != module:
        yield FieldForbidden(
            f"the type {type_} is not of the module {module}", where=f"{where} module", hint=f"module: {owner}"
        )
    elif ctx.keys.local_id("module", module) is None:
        yield FieldForbidden(
            f"{item.address} needs the module {module}, which is off", where=where, hint=f"drush en {module}"
        )
    for name, value in (("type", type_), ("module", module)):
        if len(value) > LONGEST_TYPE:
            yield FieldForbidden(
                f"{name} has {len(value)} characters; there is room for {LONGEST_TYPE}",
                where=f"{where} {name}",
                hint="shorten it",
            )


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


def _allowed(item: Item, where: str) -> Iterator[DrupalsyncError]:
    """The values that a list offers, as their type allows."""
    type_ = str(item.fields["type"])
    settings = ordered_in(type_, item.fields["settings"])
    values: Any = settings.get("allowed_values") if isinstance(settings, dict) else None
    if not type_.startswith("list_") or not values:
        return
    if not isinstance(values, dict | list) or (isinstance(values, list) and not all(map(_is_label, values))):
        yield FieldForbidden(
            "allowed_values is a list of `- key: label` entries, or of texts", where=where, hint="- red: Red"
        )
        return
    keys = allowed_keys(type_, item.fields["settings"])
    listed: Any = item.fields["settings"]["allowed_values"] if isinstance(item.fields["settings"], dict) else []
    if isinstance(values, dict) and len(listed) > len(values):
        yield FieldForbidden("a value of allowed_values is there twice", where=where)
    pattern, called = _KEYS.get(type_, (r"(?s:.*)", ""))
    for key in keys:
        if not re.fullmatch(pattern, key):
            yield FieldForbidden(f"the value {key!r} of a {type_} must be {called}", where=where)
        elif len(key) > LONGEST_VALUE:
            yield FieldForbidden(
                f"a value has {len(key)} characters; there is room for {LONGEST_VALUE}", where=where, hint="shorten it"
            )


def _is_label(value: object) -> bool:
    """Whether a member of a list of values is one's label, its key being its place."""
    return isinstance(value, str | int | float | None) and not isinstance(value, bool)


def _of_new(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    if item.fields["storage"]:
        yield FieldForbidden(
            f"{item.address} keeps its values elsewhere, and only Drupal can make that",
            where=where,
            hint="make the field on the site, then import again",
        )
    else:
        yield from _field_new_check.problems(item, where)
    inactive = ctx.site.one("SELECT module FROM {field_config} WHERE field_name = ? AND deleted = 0", [item.key])
    if inactive is not None:
        yield FieldForbidden(
            f"{item.key} is there, but switched off with its module {inactive[0]!s}",
            where=where,
            hint=f"drush en {inactive[0]!s}",
        )
        return
    free = going_tables(ctx.site)
    for table in tables_of(item.key):
        if table in ctx.site.tables and table not in free:
            yield FieldForbidden(
                f"the table {table} is there already, though the site has no such field",
                where=where,
                hint="a leftover? look into it, and drop it",
            )


def _of_changed(ctx: Context, live: Item, item: Item, where: str) -> Iterator[DrupalsyncError]:
    """What must not differ from the field that is there."""
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
    table, type_ = tables_of(item.key)[0], str(item.fields["type"])
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
    if type_.startswith("list_"):
        lost = {_number(type_, key) for key in allowed_keys(type_, live.fields["settings"])}
        lost -= {_number(type_, key) for key in allowed_keys(type_, item.fields["settings"])}
        column = site.db.quote(f"{item.key}_value")
        values = site.rows(f"SELECT DISTINCT {column} FROM {{{table}}} WHERE deleted = 0") if lost else []
        used = sorted(str(value) for (value,) in values if _number(type_, str(value)) in lost)
        if used:
            yield FieldForbidden(
                f"{item.address} cannot lose the value {used[0]!r}: content of this site has it",
                where=f"{where} settings/allowed_values",
                hint="give that content another value first",
            )


def _number(type_: str, text: str) -> str | float:
    """A value as its column compares it."""
    try:
        return text if type_ == "list_text" else float(text)
    except ValueError:
        return text


def _live(ctx: Context, name: str) -> Item | None:
    from drupalsync.kinds import field  # it is made of this module

    return field.read_one(ctx, name) if ctx.keys.local_id(NAME, name) is not None else None


def _settings(item: Item) -> dict[Any, Any]:
    value = item.fields["settings"]
    return dict(value) if isinstance(value, dict) else {}


def entities_with(site: Site, name: str) -> int:
    """How many pieces of content have a value."""
    table = tables_of(name)[0]
    if table not in site.tables:
        return 0
    row = site.one(
        f"SELECT COUNT(*) FROM (SELECT DISTINCT entity_type, entity_id FROM {{{table}}} WHERE deleted = 0) t"
    )
    return int(str(row[0])) if row else 0
