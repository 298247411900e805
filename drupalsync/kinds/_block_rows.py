"""The rows of blocks, as fields and back: {block}, {block_custom}, {block_role}, {block_node_type}.

Source: modules/block/block.install (block_schema), modules/node/node.install ({block_node_type}).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from drupalsync.kinds import _block_pages as pages_of
from drupalsync.kinds._block_document import FIELDS, NAME, NOWHERE
from drupalsync.kinds._block_keys import CUSTOM_MODULE, Place, key_of, local_id_of
from drupalsync.kinds._block_shared import as_usual
from drupalsync.kinds._text_links import links_in, links_out
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.site import Cell, Column, Site
from drupalsync.tree import TreeValue
from drupalsync.tree import same as same_tree

BLOCK_COLUMNS: Final = (
    "bid",
    "module",
    "delta",
    "theme",
    "status",
    "weight",
    "region",
    "custom",
    "visibility",
    "pages",
    "title",
    "cache",
)
CUSTOM_COLUMNS: Final = ("bid", "body", "info", "format")
OFF: Final = ("", "-1")  # what a form writes, and what _block_rehash() makes of it


@dataclass(frozen=True, slots=True)
class Row:
    """A row of {block}; `extra` are columns that core does not know, where they are not at their default."""

    theme: str
    status: int
    weight: int
    region: str
    custom: int
    visibility: int
    pages: str | bytes
    title: str | bytes
    extra: tuple[tuple[str, TreeValue], ...]

    @property
    def shared(self) -> tuple[object, ...]:
        """What core writes to all rows of a block alike (block_admin_configure_submit)."""
        return (self.title, self.visibility, self.pages, self.custom, self.extra)


def has_blocks(site: Site) -> bool:
    """Whether the module block is installed."""
    return {"block", "block_custom"} <= site.tables


def read_customs(ctx: Context) -> dict[int, Fields]:
    """The fields that only custom blocks have, by bid; links in their text are named."""
    site = ctx.site
    extra = site.extra_columns("block_custom", CUSTOM_COLUMNS)
    columns = site.columns("block_custom")
    sql = f"SELECT {_list(site, [*CUSTOM_COLUMNS, *extra])} FROM {{block_custom}} ORDER BY bid"
    return {
        int(str(bid)): {
            "info": text(info),
            "body": _with_links(ctx, text_or_null(body)),
            "format": text_or_null(format_),
            "extra_custom": dict(_extras(columns, extra, more)),
        }
        for bid, body, info, format_, *more in site.rows(sql)
    }


def read_titles(site: Site) -> dict[str, str | bytes]:
    """The headings of custom blocks, by delta, where all rows of a block agree."""
    sql = "SELECT delta, MIN(title), MAX(title) FROM {block} WHERE module = ? GROUP BY delta"
    return {str(delta): text(low) for delta, low, high in site.rows(sql, [CUSTOM_MODULE]) if low == high}


def read_items(ctx: Context, only: Place | None = None) -> Iterator[Item]:
    """The site's blocks in no order, or a module's one of a place; those of modules that are off are none."""
    rows = _read_rows(ctx.site, only)
    roles, types = _names(ctx, "block_role", only), _names(ctx, "block_node_type", only)
    customs = read_customs(ctx) if only is None else {}
    places = dict.fromkeys([*rows, *((CUSTOM_MODULE, str(bid)) for bid in customs)])
    for place in places:
        module, delta = place
        if ctx.keys.local_id("module", module) is None:
            continue
        fields: Fields = {name: spec.default for name, spec in FIELDS.items()}
        key = key_of(ctx, place)
        if key is None:
            continue
        if module == CUSTOM_MODULE:
            fields.update(customs[int(delta)])
        fields.update(_of_rows(ctx, rows.get(place, [])))
        fields.update(roles=roles.get(place, []), content_types=types.get(place, []))
        yield Item(kind=NAME, key=key, fields=fields, local_id=local_id_of(place))


def shared_columns(
    ctx: Context, fields: Mapping[str, TreeValue], names: Iterable[str], *, where: str
) -> dict[str, Cell]:
    """Columns of {block} for those of the shared fields that are named; raises NoSuchReference."""
    out: dict[str, Cell] = {}
    wanted = set(names)
    if "title" in wanted:
        out["title"] = cell(fields["title"])
    if "user_control" in wanted:
        out["custom"] = cell(fields["user_control"])
    if "pages" in wanted:
        out["visibility"], out["pages"] = pages_of.to_row(ctx, fields["pages"], where=where)
    if "extra" in wanted:
        out.update(extra_columns(ctx.site, "block", BLOCK_COLUMNS, fields["extra"]))
    return out


def custom_columns(ctx: Context, fields: Mapping[str, TreeValue], names: Collection[str]) -> dict[str, Cell]:
    """Columns of {block_custom} for those of a custom block's own fields that are named."""
    out: dict[str, Cell] = {name: cell(fields[name]) for name in names if name != "extra_custom"}
    body = out.get("body")
    if isinstance(body, str):
        out["body"] = links_in(ctx, body)
    if "extra_custom" in names:
        out.update(extra_columns(ctx.site, "block_custom", CUSTOM_COLUMNS, fields["extra_custom"]))
    return out


def placement_columns(at: Mapping[str, TreeValue]) -> dict[str, Cell]:
    """region, status and weight of a placement; off is written as _block_rehash() leaves it."""
    region, status = cell(at["region"]), at.get("status")
    if status is None:
        status = 0 if region == "none" else 1
        region = "-1" if region == "none" else region
    return {"status": cell(status), "region": region, "weight": cell(at["weight"])}


def extra_columns(site: Site, table: str, known: Sequence[str], extra: TreeValue) -> dict[str, Cell]:
    """Every column that core does not know, set: what `extra` does not name is at its default."""
    given: dict[Any, Any] = extra if isinstance(extra, dict) else {}
    columns = site.columns(table)
    return {name: cell(given.get(name, _blank(columns[name]))) for name in site.extra_columns(table, known)}


def text(value: Cell) -> str | bytes:
    """A text column: str, or bytes where they are not UTF-8."""
    plain = value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)
    try:
        plain.encode()
    except UnicodeEncodeError:
        return plain.encode("utf-8", "surrogateescape")
    return plain


def text_or_null(value: Cell) -> TreeValue:
    return None if value is None else text(value)


def _with_links(ctx: Context, body: TreeValue) -> TreeValue:
    return links_out(ctx, body) if isinstance(body, str) else body


def cell(value: TreeValue) -> Cell:
    """A scalar of the tree as a column takes it."""
    assert value is None or isinstance(value, int | float | str | bytes)
    return value


def _read_rows(site: Site, only: Place | None) -> dict[Place, list[Row]]:
    extra = site.extra_columns("block", BLOCK_COLUMNS)
    columns = site.columns("block")
    named = ["module", "delta", "theme", "status", "weight", "region", "custom", "visibility", "pages", "title", *extra]
    where = " WHERE module = ? AND delta = ?" if only else ""
    out: dict[Place, list[Row]] = {}
    for module, delta, theme, status, weight, region, custom, visibility, pages, title, *more in site.rows(
        f"SELECT {_list(site, named)} FROM {{block}}{where} ORDER BY module, delta, theme", only or ()
    ):
        row = Row(
            theme=str(theme),
            status=int(str(status)),
            weight=int(str(weight)),
            region=str(region),
            custom=int(str(custom)),
            visibility=int(str(visibility)),
            pages=text(pages),
            title=text(title),
            extra=tuple(_extras(columns, extra, more)),
        )
        out.setdefault((str(module), str(delta)), []).append(row)
    return out


def _names(ctx: Context, table: str, only: Place | None) -> dict[Place, TreeValue]:
    """The roles or types that a block is restricted to, by name; a role that is gone still restricts it."""
    if table not in ctx.site.tables:
        return {}
    where = " WHERE module = ? AND delta = ?" if only else ""
    column = "rid" if table == "block_role" else "type"
    found: dict[Place, set[str]] = {}
    for module, delta, value in ctx.site.rows(f"SELECT module, delta, {column} FROM {{{table}}}{where}", only or ()):
        name = str(value) if column == "type" else ctx.keys.key("role", value) or f"missing/{value!s}"
        found.setdefault((str(module), str(delta)), set()).add(name)
    return {place: sorted(names) for place, names in found.items()}


def _of_rows(ctx: Context, rows: Sequence[Row]) -> Fields:
    """What the rows of one block say: what most of them share, and where each theme has it."""
    if not rows:
        return {}
    on = {row.theme: row for row in rows if ctx.keys.local_id("theme", row.theme) is not None}
    count = Counter(row.shared for row in rows)
    usual = max(rows, key=lambda row: count[row.shared])  # the first of equals; of themes that are off, where all are
    placements = {theme: {**_placement(row), **_shared(ctx, row)} for theme, row in on.items()}
    return as_usual({**_shared(ctx, usual), "placements": placements})


def _shared(ctx: Context, row: Row) -> Fields:
    return {
        "title": row.title,
        "pages": pages_of.from_row(ctx, row.visibility, row.pages),
        "user_control": row.custom,
        "extra": dict(row.extra),
    }


def _placement(row: Row) -> dict[str, TreeValue]:
    """A row's place. A status of 0 means nowhere, whatever the region: _block_rehash() says so too."""
    if row.status == 0:
        return {**NOWHERE, "weight": row.weight}
    plain = row.status == 1 and row.region not in (*OFF, "none")
    return {"region": row.region, "weight": row.weight, **({} if plain else {"status": row.status})}


def _extras(
    columns: Mapping[str, Column], names: Sequence[str], cells: Sequence[Cell]
) -> Iterator[tuple[str, TreeValue]]:
    for name, value in zip(names, cells, strict=True):
        typed = _typed(columns[name], value)
        if not same_tree(typed, _typed(columns[name], _blank(columns[name]))):
            yield name, typed


def _typed(column: Column, value: Cell) -> TreeValue:
    if value is None:
        return None
    if column.type == "int":
        return int(str(value))
    return float(str(value)) if column.type == "float" else text(value)


def _blank(column: Column) -> Cell:
    """What a column holds that nobody set."""
    if column.default is not None or column.nullable:
        return column.default
    return 0 if column.type in {"int", "float", "numeric"} else ""


def _list(site: Site, columns: Iterable[str]) -> str:
    return ", ".join(map(site.db.quote, columns))
