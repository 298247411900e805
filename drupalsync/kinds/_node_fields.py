"""The fields of nodes: which there are, where their values lie, and what a value looks like outside this database.

What a column holds is decided by the field's own declaration and by the schema, never by what the engine returns:
SQLite gives a decimal as a float and a blob as text, MariaDB gives both as they are.
Source: modules/field/field.info.inc (field_info_instances), modules/field/modules/field_sql_storage/
field_sql_storage.module (table and column names), modules/number/number.module (number_field_schema: scale).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._text_links import links_in, links_out
from drupalsync.kinds.base import Context
from drupalsync.kinds.references import path_in, path_out
from drupalsync.php import PhpSyntaxError, Value, decode
from drupalsync.site import Cell, Column, Site, as_bytes
from drupalsync.tree import TreeValue

META_COLUMNS = frozenset({"entity_type", "bundle", "deleted", "entity_id", "revision_id", "language", "delta"})
# (table, column) that a field's stored foreign key names → the kind whose local id stands there.
TARGETS = {
    ("taxonomy_term_data", "tid"): "term",
    ("file_managed", "fid"): "file",
    ("users", "uid"): "user",
    ("node", "nid"): "node",
    ("taxonomy_vocabulary", "vid"): "vocabulary",
}
# Fields made before core stored foreign keys (7.0 and older) have none: what these types' columns mean is known.
CORE_REFERENCES = {
    "taxonomy_term_reference": {"tid": "term"},
    "file": {"fid": "file"},
    "image": {"fid": "file"},
    "node_reference": {"nid": "node"},
    "user_reference": {"uid": "user"},
}
ENTITY_TYPES = {
    "taxonomy_term": "term",
    "file": "file",
    "user": "user",
    "node": "node",
    "taxonomy_vocabulary": "vocabulary",
}
# Types whose values are ids of entities of their own, which have no name that is the same on two sites.
LOCAL_ID_TYPES = frozenset(
    {"field_collection", "paragraphs", "commerce_line_item_reference", "commerce_product_reference"}
)
TEXT_COLUMNS = frozenset({"value", "summary"})
FILE_TYPES = frozenset({"file", "image"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeField:
    """A field that some content types have. `unmanaged` says why its values stay where they are; "": they are ours."""

    name: str
    type: str
    module: str
    settings: Mapping[int | str | bytes, Value]
    cardinality: int  # -1: any number
    columns: Mapping[str, Column]  # by bare name: `value`, `format`, `tid`
    references: Mapping[str, str]  # column → the kind whose local id it holds
    bundles: frozenset[str]
    unmanaged: str = ""
    entity: str = "node"  # the type of entity whose values these are

    @property
    def table(self) -> str:
        return f"field_data_{self.name}"

    @property
    def revision_table(self) -> str:
        return f"field_revision_{self.name}"

    @property
    def stored_here(self) -> bool:
        """Whether the two tables are there at all."""
        return bool(self.columns)

    def column_name(self, column: str) -> str:
        """_field_sql_storage_columnname()."""
        return f"{self.name}_{column}"


def node_fields(site: Site, types: Iterable[str], entity: str = "node") -> dict[str, NodeField]:
    """The fields of these bundles of a type of entity by name, in one query; deleted and switched-off ones are not there, as in Drupal."""
    wanted = set(types)
    if not wanted or "field_config" not in site.tables:
        return {}
    rows = site.rows(
        "SELECT f.field_name, f.type, f.module, f.storage_type, f.data, f.cardinality, i.bundle FROM {field_config} f "
        "INNER JOIN {field_config_instance} i ON i.field_id = f.id "
        "WHERE i.entity_type = ? AND i.deleted = 0 AND f.deleted = 0 AND f.active = 1 AND f.storage_active = 1 "
        "ORDER BY f.field_name, i.bundle",
        [entity],
    )
    bundles: dict[str, set[str]] = {}
    first: dict[str, tuple[Cell, ...]] = {}
    for name, *declared, bundle in rows:
        if str(bundle) in wanted:
            bundles.setdefault(str(name), set()).add(str(bundle))
            first.setdefault(str(name), tuple(declared))
    return {name: _field(site, name, declared, frozenset(bundles[name]), entity) for name, declared in first.items()}


def _field(site: Site, name: str, declared: tuple[Cell, ...], bundles: frozenset[str], entity: str) -> NodeField:
    type_, module, storage, data, cardinality = declared
    stored = _decoded(data)
    settings = stored.get("settings")
    start = f"{name}_"
    table = site.columns(f"field_data_{name}")
    columns = {
        column[len(start) :]: spec
        for column, spec in table.items()
        if column not in META_COLUMNS and column.startswith(start)
    }
    known = settings if isinstance(settings, dict) else {}
    references, foreign = _references(str(type_), known, stored.get("foreign keys"), columns)
    return NodeField(
        name=name,
        type=str(type_),
        module=str(module),
        settings=known,
        cardinality=int(str(cardinality)),
        columns=columns,
        references=references,
        bundles=bundles,
        unmanaged=_unmanaged(str(type_), str(storage), columns, foreign),
        entity=entity,
    )


def _decoded(data: Cell) -> dict[int | str | bytes, Value]:
    try:
        value = decode(as_bytes(data))
    except PhpSyntaxError:
        return {}
    return value if isinstance(value, dict) else {}


def _unmanaged(type_: str, storage: str, columns: Mapping[str, Column], foreign: str) -> str:
    if storage != "field_sql_storage":
        return f"its values are kept by {storage}"
    if not columns:
        return "its table is missing"
    if type_ in LOCAL_ID_TYPES:
        return f"a {type_} holds ids that only this database knows"
    return foreign


def _references(
    type_: str, settings: Mapping[int | str | bytes, Value], stored: Value, columns: Mapping[str, Column]
) -> tuple[dict[str, str], str]:
    """(column → kind, why its ids cannot be named) by the field's own foreign keys."""
    found = {column: kind for column, kind in CORE_REFERENCES.get(type_, {}).items() if column in columns}
    target = ENTITY_TYPES.get(str(settings.get("target_type")))
    if type_ == "entityreference" and target and "target_id" in columns:
        found["target_id"] = target
    unknown = ""
    for name, table, foreign in _foreign_keys(stored):
        kind = TARGETS.get((table, foreign))
        if kind and name in columns:
            found.setdefault(name, kind)
        elif name in columns and columns[name].type == "int" and name not in found:
            unknown = f"its column {name} holds ids of {table}, which have no name that is the same everywhere"
    return found, unknown


def _foreign_keys(stored: Value) -> Iterator[tuple[str, str, str]]:
    """(column, table, its column) of every foreign key that a field's declaration names."""
    for key in stored.values() if isinstance(stored, dict) else ():
        if isinstance(key, dict) and isinstance(columns := key.get("columns"), dict):
            yield from ((_name(column), str(key.get("table")), str(foreign)) for column, foreign in columns.items())


def _name(key: int | str | bytes) -> str:
    return key.decode("utf-8", "surrogateescape") if isinstance(key, bytes) else str(key)


def has_links(field: NodeField, column: str) -> bool:
    """Whether a column is text that may be HTML."""
    return field.module == "text" and column in TEXT_COLUMNS


def is_path(field: NodeField, column: str) -> bool:
    """Whether a column is a path or a URL: the link module's."""
    return field.type == "link_field" and column == "url"


class Dangling(DrupalsyncError):
    """A value refers to something that the site no longer has."""


def cell_out(ctx: Context, field: NodeField, column: str, cell: Cell) -> TreeValue:
    """A column's value in portable form, the same from every engine; raises Dangling. NULL is for the caller to leave out."""
    kind = field.references.get(column)
    if kind is None:
        value = typed(field, column, cell)
        if not isinstance(value, str):
            return value
        return (
            links_out(ctx, value)
            if has_links(field, column)
            else path_out(ctx, value)
            if is_path(field, column)
            else value
        )
    if cell == 0 and kind != "user":
        return 0  # no row has the id 0 but the anonymous user: contributed types write it for "nothing"
    key = ctx.keys.key(kind, int(cell) if isinstance(cell, str) and cell.isdigit() else cell)
    if key is None:
        raise Dangling(f"{field.name} refers to a {kind} with the id {cell!s}, which is gone")
    return f"{kind}:{key}"


def typed(field: NodeField, column: str, cell: Cell) -> TreeValue:
    """A column's value by the type of its column."""
    return _typed(field.columns[column], cell, _scale(field, column))


def plain(column: Column, cell: Cell) -> TreeValue:
    """The value of a column that belongs to no field, by its type."""
    return _typed(column, cell, column.scale)


def _typed(column: Column, cell: Cell, scale: int) -> TreeValue:
    if cell is None:
        return None
    if column.type == "int":
        return int(cell)
    if column.type == "float":
        return float(cell)
    if column.type == "numeric":
        return decimal_text(str(cell), scale)
    return _text(cell)


def _text(cell: Cell) -> str | bytes:
    """str where the bytes are UTF-8, else bytes, whatever the engine gave."""
    data = as_bytes(cell) if isinstance(cell, str | bytes) else str(cell).encode()
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data


def _scale(field: NodeField, column: str) -> int:
    """Digits after the point; SQLite's schema does not know them, the field's settings do (default 2)."""
    if field.type == "number_decimal" and column == "value":
        scale = field.settings.get("scale", 2)
        return int(scale) if isinstance(scale, int | str) and str(scale).isdigit() else 2
    return 0


def decimal_text(text: str, scale: int = 0) -> str:
    """A decimal with at least `scale` digits after the point, else with as many as it needs.

    SQLite keeps more digits than the field asks for: they are what Drupal reads there.
    """
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite():
        return text
    whole, _, digits = f"{number:f}".partition(".")
    digits = digits.rstrip("0").ljust(scale, "0")
    return f"{whole}.{digits}" if digits else whole


def cell_in(ctx: Context, field: NodeField, column: str, value: TreeValue, *, where: str) -> Cell:
    """What to write for a portable value; raises NoSuchReference."""
    kind = field.references.get(column)
    if kind is not None and isinstance(value, str) and value.startswith(f"{kind}:"):
        return ctx.keys.need(kind, value[len(kind) + 1 :], where=where)
    if isinstance(value, str) and has_links(field, column):
        return links_in(ctx, value)
    if isinstance(value, str) and is_path(field, column):
        return path_in(ctx, value, where=where)
    if value is None or isinstance(value, int | float | str | bytes):
        return value
    raise DrupalsyncError(
        f"{field.name}/{column} cannot hold a {type(value).__name__}", where=where, hint="write text or a number"
    )


def expected(field: NodeField, column: str) -> type:
    """The type that a column's portable value has."""
    if column in field.references:
        return str
    return {"int": int, "float": float}.get(field.columns[column].type, str)
