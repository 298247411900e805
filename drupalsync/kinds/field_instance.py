"""Instances of fields: a field on one sort of entity, with its label, widget and formatters.

Tables    field_config_instance (modules/field/field.install)
Key       type of entity, bundle and field: `node/page/body`
File      config/content_types/<type>.yml (nodes and their comments), config/bundles/<entity>/<bundle>.yml
Defaults  no description, not required, no default value
Keeps     the settings that Drupal completed when it saved them; with an instance its values are marked: cron purges them;
          one that is made again before has them purged first, or cron would take the new ones along; the file of a
          default picture is in use
Caches    cache_field, cache:entity_info:*, cache:schema*, cache_block, cache_page; those of views, token, ctools, entity
Source    modules/field/field.crud.inc (field_create_instance, field_update_instance, field_delete_instance),
          field_sql_storage.module (field_sql_storage_field_storage_delete_instance)
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import _field_caches, _instance_check, _instance_leftovers
from drupalsync.kinds._field_check import wait_for_cron
from drupalsync.kinds._field_columns import tables_of
from drupalsync.kinds._field_image import use_default_image
from drupalsync.kinds._instance_file import (
    COMMENT,
    COMMENTS,
    FIELDS,
    LATER,
    NAME,
    NODE,
    data_of_fields,
    fields_of_data,
)
from drupalsync.kinds.base import Context, Item
from drupalsync.php import PhpSyntaxError, Value, decode, encode
from drupalsync.site import Cell, LocalId, NoSuchReference, as_bytes

__all__ = ["FIELDS", "NAME"]

TABLES: Final = ("field_config_instance",)
AFTER: Final = ("field", "content_type", "vocabulary", "role", "text_format")
DOCUMENT: Final = "content_type"
TABLE: Final = TABLES[0]


def identify(ctx: Context) -> None:
    """An instance is what it is on."""
    for number, entity, bundle, name, _ in _rows(ctx):
        ctx.keys.assign(NAME, int(str(number)), f"{entity!s}/{bundle!s}/{name!s}")


def read(ctx: Context) -> Iterator[Item]:
    """Yields every instance of a field that is on, by key, in two queries."""
    for number, entity, bundle, name, data in _rows(ctx):
        key = f"{entity!s}/{bundle!s}/{name!s}"
        try:
            value = decode(as_bytes(data))
        except PhpSyntaxError:
            ctx.notes.append(f"{NAME}:{key} is not exported: what {TABLE} holds of it is cut or corrupt")
            continue
        fields = fields_of_data(ctx, value if isinstance(value, dict) else {})
        yield Item(kind=NAME, key=key, fields=fields, local_id=int(str(number)))


def worth_exporting(item: Item) -> bool:
    """Every instance is."""
    del item
    return True


def fill(item: Item, live: Item | None) -> Item:
    """Whether it is required is a number where a form of Drupal said so: the same, as the site has it."""
    if live is None or bool(item.fields["required"]) != bool(live.fields["required"]):
        return item
    return replace(item, fields={**item.fields, "required": live.fields["required"]})


def needs(item: Item) -> tuple[str, ...]:
    """No instance needs another."""
    del item
    return ()


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: no such field or bundle, a widget or formatter of a module that is off, references to nothing."""
    yield from _instance_check.problems(ctx, item, desired)
    if ctx.keys.local_id(NAME, item.key) is None:
        field = desired.get(f"field:{item.key.rpartition('/')[2]}")
        type_ = str(field.fields["type"]) if field is not None else _type_of(ctx, item.key.rpartition("/")[2])
        yield from _instance_leftovers.problems(ctx, item, type_, item.source or item.address)


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the instances' rows."""
    ctx.site.lock_rows(TABLE, "id", [item.local_id for item in items])


def create(ctx: Context, item: Item) -> LocalId:
    """field_create_instance(); a default value that names what is not there yet follows in `finish`."""
    entity, bundle, name = item.key.split("/", 2)
    _instance_leftovers.purge(ctx, item)
    try:
        data, later = data_of_fields(ctx, item, {}), False
    except NoSuchReference:
        data, later = data_of_fields(ctx, item, {}, without=LATER), True
    row: dict[str, Cell] = {
        "field_id": ctx.keys.need("field", name, where=item.source or item.address),
        "field_name": name,
        "entity_type": entity,
        "bundle": bundle,
        "data": encode(data),
        "deleted": 0,
    }
    number = ctx.site.insert(TABLE, row)
    ctx.keys.assign(NAME, number, item.key)
    if later:
        _complete_later(ctx, number, item)
    use_default_image(ctx, _type_of(ctx, name), number, {}, data)
    _field_caches.clear(ctx)
    return number


def update(ctx: Context, live: Item, item: Item) -> None:
    """field_update_instance(); where the default value names what is not there yet, all of it in `finish`."""
    assert live.local_id is not None
    try:
        _write(ctx, live.local_id, item)
    except NoSuchReference:
        _complete_later(ctx, live.local_id, item)
    _field_caches.clear(ctx)


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The values of the entities that have it, unless the field goes with them.

    Raises FieldForbidden where the tree still has a value of it, and before cron ran.
    """
    entity, bundle, name = item.key.split("/", 2)
    table = tables_of(name)[0]
    _instance_check.unnamed(ctx, item)
    if f"field:{name}" in going or table not in ctx.site.tables:
        return
    wait_for_cron(ctx.site, item, {"entity_type": entity, "bundle": bundle})
    row = ctx.site.one(
        f"SELECT COUNT(*) FROM (SELECT DISTINCT entity_id FROM {{{table}}} WHERE entity_type = ? AND bundle = ? "
        "AND deleted = 0) t",
        [entity, bundle],
    )
    if row and row[0]:
        yield (
            f"with {item.address} go the values of {counted(int(str(row[0])), 'entity', 'entities')}; "
            "a rollback does not bring them back"
        )


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Nothing stays behind."""
    del ctx, item
    return iter(())


def delete(ctx: Context, item: Item) -> None:
    """field_delete_instance(), without the field, which is an item of its own."""
    entity, bundle, name = item.key.split("/", 2)
    assert item.local_id is not None
    old = _old(ctx, item.local_id)
    ctx.site.update(TABLE, {"deleted": 1}, {"id": item.local_id})
    for table in tables_of(name):
        if table in ctx.site.tables:
            ctx.site.update(table, {"deleted": 1}, {"entity_type": entity, "bundle": bundle})
    use_default_image(ctx, _type_of(ctx, name), item.local_id, old, {})
    ctx.keys.drop(NAME, item.local_id)
    _field_caches.clear(ctx)


def finish(ctx: Context) -> None:
    """Writes what had to wait for what it names."""
    for number, left in ctx.left.pop(NAME, {}).items():
        assert isinstance(left, dict)
        _write(ctx, number, Item(kind=NAME, key=str(left["key"]), fields=left["fields"], source=str(left["source"])))


def can_move(item: Item) -> bool:
    """No instance: it is what it is on."""
    del item
    return False


def likeness(item: Item) -> str | None:
    """None: an instance never moves."""
    del item
    return None


def _rows(ctx: Context) -> list[tuple[Cell, ...]]:
    """(id, type of entity, bundle, field, data) of every instance of a field that is on, by key.

    Those on types of modules that are off are none: Drupal leaves them out, too.
    """
    if TABLE not in ctx.site.tables:
        return []
    rows = ctx.site.rows(
        f"SELECT i.id, i.entity_type, i.bundle, i.field_name, i.data FROM {{{TABLE}}} i "
        "INNER JOIN {field_config} f ON f.id = i.field_id WHERE i.deleted = 0 AND f.deleted = 0 AND f.active = 1 "
        "AND f.storage_active = 1"
    )
    off = _bundles_off(ctx)
    return sorted((row for row in rows if row[1:3] not in off), key=lambda row: tuple(map(str, row[1:4])))


def _bundles_off(ctx: Context) -> set[tuple[Cell, ...]]:
    """(type of entity, bundle) of the content types that Drupal has switched off, and of their comments."""
    if "node_type" not in ctx.site.tables:
        return set()
    off = [str(name) for (name,) in ctx.site.rows("SELECT type FROM {node_type} WHERE disabled <> 0")]
    return {(NODE, name) for name in off} | {(COMMENT, f"{COMMENTS}{name}") for name in off}


def _write(ctx: Context, number: LocalId, item: Item) -> None:
    """An instance that is there, anew; raises NoSuchReference before it writes."""
    old = _old(ctx, number)
    data = data_of_fields(ctx, item, old)
    ctx.site.update(TABLE, {"data": encode(data)}, {"id": number})
    use_default_image(ctx, _type_of(ctx, item.key.rpartition("/")[2]), number, old, data)


def _old(ctx: Context, number: LocalId) -> Mapping[Any, Value]:
    row = ctx.site.one(f"SELECT data FROM {{{TABLE}}} WHERE id = ?", [number])
    value = decode(as_bytes(row[0])) if row else {}
    return value if isinstance(value, dict) else {}


def _type_of(ctx: Context, name: str) -> str:
    """The type of a field that is there."""
    row = ctx.site.one("SELECT type FROM {field_config} WHERE field_name = ? AND deleted = 0", [name])
    return str(row[0]) if row else ""


def _complete_later(ctx: Context, number: LocalId, item: Item) -> None:
    ctx.left.setdefault(NAME, {})[number] = {"key": item.key, "fields": dict(item.fields), "source": item.source}
