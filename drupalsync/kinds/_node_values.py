"""The values of fields: read for many nodes at once, written for one.

`Values` of a node: field → language → items in the order of their deltas → column → value; NULL columns, empty items
and fields without items are left out.
Source: modules/field/modules/field_sql_storage/field_sql_storage.module (field_sql_storage_field_storage_load,
_write, _purge).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from drupalsync.kinds._node_fields import TEXT_COLUMNS, Dangling, NodeField, cell_in, cell_out, node_fields
from drupalsync.kinds._text_links import links_in, references_in
from drupalsync.kinds.base import Context
from drupalsync.kinds.fields import same_tree
from drupalsync.site import BATCH, Cell, Row
from drupalsync.tree import TreeValue

ItemValue = dict[str, TreeValue]
FieldValues = dict[str, list[ItemValue]]  # by language
Values = dict[str, FieldValues]  # by field
NAMES = {"file": ("file_managed", "fid", "uri"), "user": ("users", "uid", "name")}


def read_values(
    ctx: Context, fields: Mapping[str, NodeField], types: Collection[str], nids: Collection[int]
) -> dict[int, Values]:
    """The values of these nodes, in two or three queries a field however many nodes there are."""
    found: dict[int, Values] = {nid: {} for nid in nids}
    for field in fields.values():
        bundles = sorted(field.bundles.intersection(types))
        if field.unmanaged or not bundles or not nids:
            continue
        narrow, params = _narrowed(field.entity, bundles, nids)
        _assign_names(ctx, field, narrow, params)
        _read_field(ctx, field, narrow, params, found)
    return found


def _narrowed(entity: str, bundles: list[str], nids: Collection[int]) -> tuple[str, list[Cell]]:
    """The condition on a field's rows: the nodes where they are few, else their types."""
    values: list[Cell] = [*nids] if len(nids) <= BATCH else [*bundles]
    column = "entity_id" if len(nids) <= BATCH else "bundle"
    return f"d.entity_type = ? AND d.deleted = 0 AND d.{column} IN ({', '.join('?' * len(values))})", [entity, *values]


def _assign_names(ctx: Context, field: NodeField, narrow: str, params: list[Cell]) -> None:
    """Keys of the files and users that the field refers to: a site may have too many to load them all."""
    for column, kind in field.references.items():
        if kind in NAMES:
            table, id_column, name = NAMES[kind]
            own = ctx.site.db.quote(field.column_name(column))
            for local_id, key in ctx.site.rows(
                f"SELECT DISTINCT t.{id_column}, t.{name} FROM {{{table}}} t "
                f"INNER JOIN {{{field.table}}} d ON d.{own} = t.{id_column} WHERE {narrow}",
                params,
            ):
                ctx.keys.assign(kind, int(str(local_id)), str(key))


def _read_field(ctx: Context, field: NodeField, narrow: str, params: list[Cell], found: dict[int, Values]) -> None:
    columns = list(field.columns)
    selected = "".join(f", d.{ctx.site.db.quote(field.column_name(column))}" for column in columns)
    rows = ctx.site.rows(
        f"SELECT d.entity_id, d.language{selected} FROM {{{field.table}}} d WHERE {narrow} "
        "ORDER BY d.entity_id, d.language, d.delta",
        params,
    )
    gone: Counter[str] = Counter()
    for entity_id, language, *cells in rows:
        values = found.get(int(str(entity_id)))
        if values is None:
            continue
        try:
            item = _item(ctx, field, columns, cells)
        except Dangling as problem:
            gone[problem.what] += 1
            continue
        items = values.get(field.name, {}).get(str(language), [])
        if item and (field.cardinality < 1 or len(items) < field.cardinality):
            values.setdefault(field.name, {}).setdefault(str(language), []).append(item)
    ctx.notes += [
        f"{what}: left out of {count} nodes" if count > 1 else f"{what}: left out" for what, count in gone.items()
    ]


def _item(ctx: Context, field: NodeField, columns: list[str], cells: Iterable[Cell]) -> ItemValue:
    pairs = zip(columns, cells, strict=True)
    return {column: cell_out(ctx, field, column, cell) for column, cell in pairs if cell is not None}


def write_values(
    ctx: Context, fields: Iterable[NodeField], node: Mapping[str, Cell], old: Values | None, new: Values, *, where: str
) -> None:
    """Saves a revision's values: what differs from `old` anew, all else carried over to the revision as it stands.

    `node` has nid, vid and type; `old` is None for a new node.
    """
    for field in fields:
        if not field.stored_here:
            continue
        before = None if old is None else old.get(field.name, {})
        after = new.get(field.name, {})
        if not field.unmanaged and before is None:
            insert_values(ctx, field, node, after, where=where)
        elif not field.unmanaged and not same_tree(before, after):
            ctx.site.delete(field.table, {"entity_type": "node", "entity_id": node["nid"]})
            insert_values(ctx, field, node, after, where=where)
        elif old is not None:
            _carry(ctx, field, node)


def insert_values(ctx: Context, field: NodeField, node: Mapping[str, Cell], values: FieldValues, *, where: str) -> None:
    """Writes the values of one field, as they are now and as this revision has them; `node` as for write_values()."""
    rows: list[dict[str, Cell]] = []
    for language, items in values.items():
        for delta, item in enumerate(items):
            row: dict[str, Cell] = {
                "entity_type": field.entity,
                "entity_id": node["nid"],
                "revision_id": node["vid"],
                "bundle": node["type"],
                "delta": delta,
                "language": language,
            }
            for column in field.columns:
                row[field.column_name(column)] = cell_in(
                    ctx, field, column, item.get(column), where=f"{where} {field.name}"
                )
            rows.append(row)
    ctx.site.insert_many(field.table, rows)
    ctx.site.insert_many(field.revision_table, rows)


def settle_links(ctx: Context) -> None:
    """Names, in what this run wrote, the links to nodes that were written later; raises NoSuchReference."""
    written = {
        int(str(nid)): str(type_)
        for nid, type_ in ctx.site.rows("SELECT nid, type FROM {node} WHERE changed = ?", [ctx.now])
    }
    for field in node_fields(ctx.site, set(written.values())).values():
        for column in TEXT_COLUMNS.intersection(field.columns) if field.module == "text" else ():
            name = field.column_name(column)
            quoted = ctx.site.db.quote(name)
            rows = ctx.site.rows_in(
                f"SELECT entity_id, revision_id, language, delta, {quoted} FROM {{{field.table}}} "
                f"WHERE {quoted} LIKE '%node:%' AND entity_type = 'node' AND deleted = 0 AND entity_id IN (…)",
                written,
            )
            for nid, vid, language, delta, text in rows:
                where = {
                    "entity_type": "node",
                    "entity_id": nid,
                    "revision_id": vid,
                    "language": language,
                    "delta": delta,
                }
                settled = links_in(ctx, str(text))
                for kind, key in references_in(settled):
                    raise ctx.keys.missing(kind, key, where=f"{field.table}, nid {nid!s}")
                for table in (field.table, field.revision_table):
                    ctx.site.update(table, {name: settled}, where)


def _carry(ctx: Context, field: NodeField, node: Mapping[str, Cell]) -> None:
    """The current rows become those of the new revision: node_save() writes what it loaded."""
    where: dict[str, Cell] = {"entity_type": "node", "entity_id": node["nid"], "deleted": 0}
    if not ctx.site.update(field.table, {"revision_id": node["vid"]}, where):
        return
    columns = list(ctx.site.columns(field.table))
    ctx.site.insert_many(
        field.revision_table,
        [dict(zip(columns, row, strict=True)) for row in _current(ctx, field, columns, int(str(node["nid"])))],
    )


def _current(ctx: Context, field: NodeField, columns: list[str], nid: int) -> list[Row]:
    names = ", ".join(ctx.site.db.quote(column) for column in columns)
    return ctx.site.rows(
        f"SELECT {names} FROM {{{field.table}}} WHERE entity_type = ? AND deleted = 0 AND entity_id = ? "
        "ORDER BY language, delta",
        [field.entity, nid],
    )


def current_ids(ctx: Context, field: NodeField, column: str, nid: int) -> list[int]:
    """The ids that a reference column of a node, or term, holds now, in order, one for each item."""
    rows = _current(ctx, field, [field.column_name(column)], nid)
    return [int(str(cell)) for (cell,) in rows if cell]


def delete_values(ctx: Context, fields: Iterable[NodeField], nid: int) -> None:
    """field_attach_delete(): every revision's values."""
    for field in fields:
        for table in (field.table, field.revision_table) if field.stored_here else ():
            ctx.site.delete(table, {"entity_type": field.entity, "entity_id": nid})
