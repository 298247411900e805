"""Fields: what they are, and the tables that hold their values.

Tables    field_config (modules/field/field.install); field_data_<name>, field_revision_<name>, field_deleted_*; file_usage
Key       the field's name
File      config/fields/<key>.yml
Defaults  one value, the same in every language, for every type of entity, in SQL tables of its own
Keeps     a new field's tables are made before the transaction, and noted, for they commit by themselves; a field that
          goes is marked, its values too, and its tables get another name after the commit: cron purges them; type, storage,
          columns and indexes of a field that is there do not change; the file of a default picture is in use; what Drupal
          adds to a row that it saves again
Caches    cache_field, cache:entity_info:*, cache:schema*, cache_block, cache_page; those of views, token, ctools, entity
Source    modules/field/field.crud.inc (field_create_field, field_update_field, field_delete_field),
          modules/field/modules/field_sql_storage/field_sql_storage.module
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, cast

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import _field_caches, _field_check
from drupalsync.kinds._field_columns import NAMED, NUMBERED, SETTLED, columns_of, tables, tables_of
from drupalsync.kinds._field_file import (
    FIELDS,
    FOLDER,
    NAME,
    data_of_changed,
    data_of_fields,
    dump,
    fields_of_data,
    load,
    ordered_in,
    place,
    saved_again,
    schema,
)
from drupalsync.kinds._field_image import use_default_image
from drupalsync.kinds._node_fields import META_COLUMNS
from drupalsync.kinds.base import Context, Item
from drupalsync.php import PhpSyntaxError, Value, decode, encode
from drupalsync.site import Cell, LocalId, Site, as_bytes
from drupalsync.site.ddl import Table, column_specs, next_id
from drupalsync.tree import TreeValue

__all__ = ["FIELDS", "FOLDER", "NAME", "dump", "load", "place", "schema"]

TABLES: Final = ("field_config",)
AFTER: Final = ("vocabulary", "content_type", "file")
DOCUMENT: Final = NAME
CONFIG: Final = "field_config"
STORAGE: Final = "field_sql_storage"
_LISTED: Final = "id, field_name, type, module, storage_type, locked, data, cardinality, translatable"


def identify(ctx: Context) -> None:
    """A field's name is its key; those that are deleted, or of modules that are off, are none."""
    for field_id, name in _rows(ctx.site, "id, field_name"):
        ctx.keys.assign(NAME, int(str(field_id)), str(name))


def read(ctx: Context) -> Iterator[Item]:
    """Yields every field by name: one query, and one for the columns of those whose type is not core's."""
    yield from _items(ctx, _rows(ctx.site, _LISTED))


def read_one(ctx: Context, name: str) -> Item | None:
    """A field of the site."""
    found = [row for row in _rows(ctx.site, _LISTED, name) if str(row[1]) == name]
    return next(_items(ctx, found), None)


def _items(ctx: Context, rows: Sequence[tuple[Cell, ...]]) -> Iterator[Item]:
    foreign = [str(row[1]) for row in rows if row[4] == STORAGE and str(row[2]) not in SETTLED]
    columns = _columns(ctx.site, foreign)
    for field_id, name, type_, module, _, locked, data, cardinality, translatable in rows:
        try:
            value = decode(as_bytes(data))
        except PhpSyntaxError:
            ctx.notes.append(f"{NAME}:{name!s} is not exported: what {CONFIG} holds of it is cut or corrupt")
            continue
        told = fields_of_data(ctx, str(type_), value if isinstance(value, dict) else {})
        yield Item(
            kind=NAME,
            key=str(name),
            local_id=int(str(field_id)),
            fields={
                **told,
                "type": str(type_),
                "module": str(module),
                "cardinality": int(str(cardinality)),
                "translatable": bool(int(str(translatable))),
                "locked": bool(int(str(locked))),
                "columns": columns.get(str(name), {}),
            },
        )


def worth_exporting(item: Item) -> bool:
    """Every field is."""
    del item
    return True


def fill(item: Item, live: Item | None) -> Item:
    """The columns of a field that is there are what they are, and it has been saved again or not."""
    if live is None:
        return item
    return replace(item, fields={**item.fields, **{name: live.fields[name] for name in ("columns", "updated")}})


def needs(item: Item) -> tuple[str, ...]:
    """No field needs another."""
    del item
    return ()


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields what core, or the site, forbids."""
    yield from _field_check.problems(ctx, item, desired)


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the fields' rows."""
    ctx.site.lock_rows(CONFIG, "id", [item.local_id for item in items])


def new_tables(ctx: Context, items: Iterable[Item]) -> Iterator[Table]:
    """The tables of new fields, to be made before the transaction; their comments say which ids the fields will get."""
    for field_id, item in enumerate(items, start=next_id(ctx.site, CONFIG)):
        if not item.fields["storage"]:
            indexes: Any = item.fields["indexes"]
            data: Any = item.fields["data"]
            ids = NAMED if data and data.get("entity_id_type") == "string" else NUMBERED
            yield from tables(field_id, item.key, columns_for(item), indexes or {}, ids)


def old_tables(item: Item) -> tuple[str, ...]:
    """The tables of a field that goes, which get another name after the commit."""
    return () if item.fields["storage"] else tables_of(item.key)


def columns_for(item: Item) -> dict[str, dict[str, Any]]:
    """The columns of a new field: its type's, else what the file says."""
    settings = ordered_in(str(item.fields["type"]), item.fields["settings"])
    known = columns_of(str(item.fields["type"]), settings if isinstance(settings, dict) else {})
    return cast("dict[str, dict[str, Any]]", item.fields["columns"] or {}) if known is None else known


def create(ctx: Context, item: Item) -> LocalId:
    """field_create_field(); the tables are there."""
    data = data_of_fields(ctx, item, item.source or item.address)
    storage: Any = item.fields["storage"] or {}
    field_id = ctx.site.insert(
        CONFIG,
        {
            "field_name": item.key,
            "active": 1,
            "storage_type": str(storage.get("type") or STORAGE),
            "storage_module": str(storage.get("module") or STORAGE),
            "storage_active": 1,
            "deleted": 0,
            **_row(item),
            "data": encode(cast("Value", data)),
        },
    )
    if item.fields["updated"]:
        data |= saved_again(item, field_id, columns_for(item))
        ctx.site.update(CONFIG, {"data": encode(cast("Value", data))}, {"id": field_id})
    ctx.keys.assign(NAME, field_id, item.key)
    use_default_image(ctx, str(item.fields["type"]), field_id, {}, data)
    _field_caches.clear(ctx)
    return field_id


def update(ctx: Context, live: Item, item: Item) -> None:
    """field_update_field(), for what does not change the tables."""
    assert live.local_id is not None
    row = ctx.site.one(f"SELECT data FROM {{{CONFIG}}} WHERE id = ?", [live.local_id])
    found = decode(as_bytes(row[0])) if row else {}
    old: Mapping[Any, Any] = found if isinstance(found, dict) else {}
    data: Any = data_of_changed(ctx, live, item, old, columns_for(live), item.source or item.address)
    ctx.site.update(CONFIG, {**_row(item), "data": encode(data)}, {"id": live.local_id})
    use_default_image(ctx, str(item.fields["type"]), live.local_id, old, data)
    _field_caches.clear(ctx)


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The values; a rollback does not bring them back. Raises FieldForbidden where something still has the field."""
    _field_check.can_go(ctx, item, going)
    count = _field_check.entities_with(ctx.site, item.key)
    if count:
        yield f"with {item.address} go the values of {counted(count, 'entity', 'entities')}; a rollback does not bring them back"


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Its tables, until cron purges them."""
    del ctx
    yield f"when {item.address} goes again, its tables stay under another name until cron has purged them"


def delete(ctx: Context, item: Item) -> None:
    """field_delete_field(): marks the field, its instances and its values; the tables get their new names afterwards."""
    site, field_id = ctx.site, item.local_id
    assert field_id is not None
    row = site.one(f"SELECT data FROM {{{CONFIG}}} WHERE id = ?", [field_id])
    old: Any = decode(as_bytes(row[0])) if row else {}
    site.update("field_config_instance", {"deleted": 1}, {"field_id": field_id})
    site.update(CONFIG, {"deleted": 1}, {"id": field_id})
    for part, table in zip(("data", "revision"), tables_of(item.key), strict=True):
        if table in site.tables:
            site.execute(f"UPDATE {{{table}}} SET deleted = 1")
            site.renames[table] = f"field_deleted_{part}_{field_id}"
    use_default_image(ctx, str(item.fields["type"]), field_id, old, {})
    ctx.keys.drop(NAME, field_id)
    _field_caches.clear(ctx)


def finish(ctx: Context) -> None:
    """Nothing is derived from fields."""
    del ctx


def can_move(item: Item) -> bool:
    """No field: its name is its tables'."""
    del item
    return False


def likeness(item: Item) -> str | None:
    """None: a field never moves."""
    del item
    return None


def _rows(site: Site, columns: str, name: str | None = None) -> list[tuple[Cell, ...]]:
    if CONFIG not in site.tables:
        return []
    only, params = ("", ()) if name is None else (" AND field_name = ?", (name,))
    return site.rows(
        f"SELECT {columns} FROM {{{CONFIG}}} WHERE deleted = 0 AND active = 1 AND storage_active = 1{only} "
        "ORDER BY field_name",
        params,
    )


def _columns(site: Site, names: Sequence[str]) -> dict[str, dict[Any, TreeValue]]:
    """The columns of the tables of these fields in the words of the schema API."""
    wanted = {name: tables_of(name)[0] for name in names}
    specs = column_specs(site, [table for table in wanted.values() if table in site.tables])
    return {
        name: {
            column[len(name) + 1 :]: spec
            for column, spec in specs.get(table, {}).items()
            if column not in META_COLUMNS and column.startswith(f"{name}_")
        }
        for name, table in wanted.items()
    }


def _row(item: Item) -> dict[str, Cell]:
    """The columns that a field's own words fill."""
    fields = item.fields
    return {
        "type": str(fields["type"]),
        "module": str(fields["module"]),
        "locked": int(bool(fields["locked"])),
        "cardinality": cast("int", fields["cardinality"]),
        "translatable": int(bool(fields["translatable"])),
    }
