"""Rows of {menu_links} and what becomes of them in the tree.

Source of the columns: modules/system/system.install; of what makes a row: includes/menu.inc (menu_link_save).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Fields
from drupalsync.kinds.fields import same_tree
from drupalsync.kinds.references import path_out
from drupalsync.php import PhpSerialized, PhpSyntaxError, Value, decode, encode
from drupalsync.site import Cell, Column, Site, as_bytes
from drupalsync.tree import TreeValue

LEVELS: Final = 9  # MENU_MAX_DEPTH
P: Final = tuple(f"p{level}" for level in range(1, LEVELS + 1))
TABLE: Final = "menu_links"
COLUMNS: Final = (
    "mlid", "plid", "menu_name", "link_path", "link_title", "module", "hidden", "expanded", "weight", "customized",
    "updated", "has_children", "depth", "router_path", "options",
)  # fmt: skip
KNOWN: Final = (*COLUMNS, *P, "external", "i18n_tsid")  # i18n_tsid is a local id of i18n_menu: it stays as it is
FLAGS: Final = ("hidden", "expanded", "customized")
OVERVIEW: Final = "admin/structure/menu/manage/"  # where the form of a menu lies


class BadOptions(DrupalsyncError):
    """Stored options that are not one PHP value."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of {menu_links}; `trail` are p1 … p9 without the zeros."""

    mlid: int
    plid: int
    menu: str
    path: str
    title: str
    module: str
    hidden: int
    expanded: int
    weight: int
    customized: int
    updated: int
    has_children: int
    depth: int
    router_path: str
    options: bytes | None
    trail: tuple[int, ...]
    extra: Mapping[str, TreeValue]

    @property
    def declared(self) -> bool:
        """Whether some module's code makes this link: it can be customised, and handed back, never made by hand."""
        return self.module != "menu"


def read_rows(site: Site, where: str = "", params: Sequence[Cell] = ()) -> list[Row]:
    """The rows that `where` (SQL) finds, all without it, in the order of their ids."""
    extra = site.extra_columns(TABLE, KNOWN)
    names = ", ".join(map(site.db.quote, (*COLUMNS, *P, *extra)))
    clause = f" WHERE {where}" if where else ""
    return list(_rows(site, extra, site.rows(f"SELECT {names} FROM {{{TABLE}}}{clause} ORDER BY mlid", params)))


def read_row(site: Site, mlid: int) -> Row | None:
    """One row, or None."""
    return next(iter(read_rows(site, "mlid = ?", [mlid])), None)


def _rows(site: Site, extra: Sequence[str], found: Iterable[Sequence[Cell]]) -> Iterator[Row]:
    columns = site.columns(TABLE)
    for cells in found:
        own = dict(zip(COLUMNS, cells, strict=False))
        trail = tuple(int(str(cell)) for cell in cells[len(COLUMNS) : len(COLUMNS) + LEVELS] if int(str(cell)))
        numbers = {name: int(str(own[name])) for name in COLUMNS if columns[name].type == "int"}
        yield Row(
            mlid=numbers["mlid"],
            plid=numbers["plid"],
            menu=str(own["menu_name"]),
            path=str(own["link_path"]),
            title=str(own["link_title"]),
            module=str(own["module"]),
            hidden=numbers["hidden"],
            expanded=numbers["expanded"],
            weight=numbers["weight"],
            customized=numbers["customized"],
            updated=numbers["updated"],
            has_children=numbers["has_children"],
            depth=numbers["depth"],
            router_path=str(own["router_path"]),
            options=None if own["options"] is None else as_bytes(own["options"]),
            trail=trail,
            extra=extras_out(columns, extra, cells[len(COLUMNS) + LEVELS :]),
        )


def address(ctx: Context, row: Row) -> str:
    """What other links call an addressed row: `system:admin/structure`."""
    return f"{row.module}:{path_out(ctx, row.path)}"


def fields_of(ctx: Context, row: Row, addressed: Row | None) -> Fields:
    """The item's fields of a row; `addressed` is its parent, where the key does not say so."""
    return {
        "title": row.title,
        "path": path_out(ctx, row.path),
        "module": row.module,
        "weight": row.weight,
        "hidden": flag(row.hidden),
        "expanded": flag(row.expanded),
        "customized": flag(row.customized),
        "options": options_out(row),
        "parent": None if addressed is None else address(ctx, addressed),
        "extra": dict(row.extra),
    }


def flag(number: TreeValue) -> TreeValue:
    """0 and 1 as no and yes; what is neither (hidden = -1: shown nowhere, not even to who edits menus) stays a number."""
    return bool(number) if isinstance(number, int) and number in {0, 1} else number


def number(value: TreeValue) -> int:
    """The column's value of a flag or a number."""
    assert isinstance(value, int)
    return int(value)


def options_out(row: Row) -> TreeValue:
    """The options as PHP has them; null where the column is NULL. Raises BadOptions where they are cut or corrupt."""
    if row.options is None:
        return None
    try:
        options = decode(row.options)
    except PhpSyntaxError as error:
        raise BadOptions(
            f"the options of the menu link {row.title!r} to {row.path} are cut or corrupt at byte {error.offset}",
            where=f"menu_links.options of mlid {row.mlid}",
            hint=f"save the link again on the site: admin/structure/menu/item/{row.mlid}/edit",
        ) from error
    if options is None:
        return PhpSerialized(row.options)  # a stored null is not a NULL
    if isinstance(options, dict) and _is_features_mark(options, row.path):
        return {name: value for name, value in options.items() if name != "identifier"} or []
    return options


def options_in(options: TreeValue, existing: bytes | None) -> bytes | None:
    """The column for these options; the mark that Features left in the existing ones is kept."""
    if options is None:
        return None
    value: Any = options
    old = _decoded(existing)
    if (
        isinstance(old, dict)
        and "identifier" in old
        and (value == [] or (isinstance(value, dict) and "identifier" not in value))
    ):
        value = {**(value or {}), "identifier": old["identifier"]}
    return encode(value)


def _is_features_mark(options: Mapping[Any, Value], path: str) -> bool:
    """Whether `identifier` is what an export of the Features module wrote there: a menu, a title, the local path."""
    mark = options.get("identifier")
    return isinstance(mark, str) and mark.endswith(f":{path}")


def _decoded(data: bytes | None) -> Value:
    try:
        return decode(data) if data is not None else None
    except PhpSyntaxError:
        return None


def extras_out(columns: Mapping[str, Column], names: Sequence[str], cells: Sequence[Cell]) -> dict[str, TreeValue]:
    """Columns of contributed modules that are not at their default."""
    typed = ((name, _typed(columns[name], cell)) for name, cell in zip(names, cells, strict=True))
    return {name: value for name, value in typed if not same_tree(value, _blank(columns[name]))}


def extras_in(site: Site, table: str, known: Iterable[str], extra: TreeValue) -> dict[str, Cell]:
    """Every such column, set: what `extra` does not name is at its default."""
    given: dict[Any, Any] = extra if isinstance(extra, dict) else {}
    columns = site.columns(table)
    return {name: given.get(name, _blank(columns[name])) for name in site.extra_columns(table, known)}


def _typed(column: Column, cell: Cell) -> Cell:
    if cell is None:
        return None
    if column.type == "int":
        return int(str(cell))
    if column.type == "blob":
        return as_bytes(cell)
    return float(str(cell)) if column.type == "float" else str(cell)


def _blank(column: Column) -> Cell:
    """What the column holds in a row that nobody set it in."""
    if column.default is not None:
        return _typed(column, column.default)
    if column.nullable:
        return None
    blanks: dict[str, Cell] = {"int": 0, "float": 0.0, "blob": b""}
    return blanks.get(column.type, "")
