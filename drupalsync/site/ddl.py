"""Tables as Drupal's schema API makes, renames and drops them, on every engine.

A column is said in the words of that API: type (varchar, char, text, int, float, numeric, blob), size (tiny, small, medium,
big; else normal), length, unsigned, not null, default, precision, scale, mysql_type, description.
Source: includes/database/mysql/schema.inc (createTableSql, createFieldSql, getFieldTypeMap, prepareComment),
includes/unicode.inc (truncate_utf8), includes/database/sqlite/schema.inc (createColumnsSql, createIndexSql, renameTable).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from drupalsync.site.database import Cell, DatabaseError
from drupalsync.site.site import Site

Spec = Mapping[str, Any]
Index = Sequence[str | Sequence[Any]]  # columns; of one that is cut [name, characters]

_MYSQL: Final = {
    ("varchar", ""): "VARCHAR", ("char", ""): "CHAR",
    ("text", "tiny"): "TINYTEXT", ("text", "small"): "TINYTEXT", ("text", "medium"): "MEDIUMTEXT",
    ("text", "big"): "LONGTEXT", ("text", ""): "TEXT",
    ("int", "tiny"): "TINYINT", ("int", "small"): "SMALLINT", ("int", "medium"): "MEDIUMINT", ("int", "big"): "BIGINT",
    ("int", ""): "INT",
    ("float", "big"): "DOUBLE", ("float", ""): "FLOAT", ("float", "tiny"): "FLOAT", ("float", "small"): "FLOAT",
    ("float", "medium"): "FLOAT",
    ("numeric", ""): "DECIMAL", ("blob", "big"): "LONGBLOB", ("blob", ""): "BLOB",
}  # fmt: skip
_SQLITE: Final = {
    "varchar": "VARCHAR", "char": "CHAR", "text": "TEXT", "int": "INTEGER", "float": "FLOAT", "numeric": "NUMERIC",
    "blob": "BLOB",
}  # fmt: skip
_BACK: Final = {
    **{name.lower(): {"type": kind, **({"size": size} if size else {})} for (kind, size), name in _MYSQL.items()},
    "tinytext": {"type": "text", "size": "tiny"},
    "float": {"type": "float"},
    "integer": {"type": "int"},
    "numeric": {"type": "numeric"},
}
_DECLARED: Final = re.compile(r"(\w+)(?:\((\d+)(?:\s*,\s*(\d+))?\))?(.*)", re.DOTALL)
TYPES: Final = frozenset(kind for kind, _ in _MYSQL)
SIZES: Final = frozenset({"normal", *(size for _, size in _MYSQL if size)})
_TABLE_COMMENT: Final = 60  # characters that Drupal leaves of one
_COLUMN_COMMENT: Final = 255
_ELLIPSIS: Final = "..."


class TableInTheWay(DatabaseError):
    """A table is there that must not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table to make; `name` is the bare one."""

    name: str
    columns: Mapping[str, Spec]
    primary: Sequence[str]
    indexes: Mapping[str, Index] = field(default_factory=dict)
    comment: str = ""


def create_table(site: Site, table: Table) -> None:
    """Makes a table; commits by itself on MySQL. Raises TableInTheWay."""
    if site.full_name(table.name) in site.db.tables():
        raise TableInTheWay(
            f"the table {table.name} is there already", hint="look into it: what made it since the plan was made?"
        )
    for sql, params in create_statements(site, table):
        site.db.execute(sql, params)
    site.tables_changed()


def create_statements(site: Site, table: Table) -> list[tuple[str, tuple[Cell, ...]]]:
    """The statements that make a table, with their parameters."""
    if site.db.engine == "mysql":
        return [_mysql(site, table)]
    return [(sql, ()) for sql in _sqlite(site, table)]


def next_id(site: Site, table: str) -> int:
    """The id that the next row of a table probably gets: only comments may rely on it."""
    (most,) = site.one(f"SELECT MAX(id) FROM {{{table}}}") or (None,)
    numbered: object = None
    if site.db.engine == "mysql":
        (numbered,) = site.one(
            "SELECT auto_increment FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ?",
            [site.full_name(table)],
        ) or (None,)
    return max(int(str(most or 0)) + 1, int(str(numbered or 0)))


def drop_empty(site: Site, name: str) -> None:
    """Drops a table, unless it is gone, or has a row."""
    if site.full_name(name) in site.db.tables() and site.one(f"SELECT 1 FROM {{{name}}} LIMIT 1") is None:
        site.execute(f"DROP TABLE {{{name}}}")
    site.tables_changed()


def rename_table(site: Site, old: str, new: str) -> None:
    """Gives a table another name, with its indexes; does nothing where that is done. Raises TableInTheWay."""
    there = site.db.tables()
    if site.full_name(old) not in there:
        return
    if site.full_name(new) in there:
        raise TableInTheWay(
            f"the table {old} cannot become {new}: that is there already", hint="look at both, and drop one of them"
        )
    if site.db.engine == "mysql":
        site.execute(f"RENAME TABLE {{{old}}} TO {{{new}}}")
    else:
        _rename_sqlite(site, old, new)
    site.tables_changed()


def column_specs(site: Site, tables: Iterable[str]) -> dict[str, dict[str, dict[str, Any]]]:
    """The columns of each of these tables, in order, in the words of the schema API, as far as the engine knows them."""
    bare = {site.full_name(table): table for table in tables}
    return _mysql_specs(site, bare) if site.db.engine == "mysql" else _sqlite_specs(site, bare)


def _mysql_specs(site: Site, bare: Mapping[str, str]) -> dict[str, dict[str, dict[str, Any]]]:
    from drupalsync.site.mysql import TYPES as KINDS  # here: PyMySQL is slow to load
    from drupalsync.site.mysql import default_of

    names = {f"`{site.full_name(table)}`": f"{{{table}}}" for table in site.tables}
    rows = site.rows_in(
        "SELECT table_name, column_name, column_type, data_type, is_nullable, column_default, column_comment "
        "FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name IN (…) "
        "ORDER BY table_name, ordinal_position",
        bare,
    )
    found: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for table, name, declared, kind, nullable, written, comment in rows:
        default = default_of(KINDS.get(str(kind).lower(), "text"), written)
        spec = _spec(str(declared), nullable=nullable == "YES", unsigned=False, default=default)
        if comment:  # tables in it carry this site's prefix
            spec["description"] = re.sub(r"`[^`]+`", lambda match: names.get(match[0], match[0]), str(comment))
        found[bare[str(table)]][str(name)] = spec
    return found


def _sqlite_specs(site: Site, bare: Mapping[str, str]) -> dict[str, dict[str, dict[str, Any]]]:
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for table in bare.values():
        file, own = _split(site, table)
        rows = site.db.query('SELECT name, type, "notnull" FROM pragma_table_info(?, ?)', (own, file or "main"))
        unsigned, known = _unsigned(site, table), site.columns(table)
        found[table] = {
            str(name): _spec(
                str(kind), nullable=not required, unsigned=name in unsigned, default=known[str(name)].default
            )
            for name, kind, required in rows
        }
    return found


def _spec(declared: str, *, nullable: bool, unsigned: bool, default: object) -> dict[str, Any]:
    found = _DECLARED.match(declared)
    name, length, scale, rest = found.groups() if found else (declared, None, None, "")
    known = _BACK.get(name.lower())
    spec: dict[str, Any] = dict(known) if known else {"type": name.lower(), "mysql_type": name.lower()}
    if spec["type"] in {"varchar", "char"} and length:
        spec["length"] = int(length)
    if spec["type"] == "numeric" and length:
        spec |= {"precision": int(length), "scale": int(scale or 0)}
    if unsigned or "unsigned" in rest:
        spec["unsigned"] = True
    spec["not null"] = not nullable
    if default is not None:
        spec["default"] = default
    return spec


def _mysql(site: Site, table: Table) -> tuple[str, tuple[Cell, ...]]:
    """CREATE TABLE with its keys, in the character set that the site's own tables have."""
    params: list[Cell] = []
    parts = [f"{site.db.quote(name)} {_mysql_column(site, spec, params)}" for name, spec in table.columns.items()]
    parts.append(f"PRIMARY KEY ({_listed(site, table.primary)})")
    parts += [f"INDEX {site.db.quote(name)} ({_listed(site, columns)})" for name, columns in table.indexes.items()]
    row = site.one(
        "SELECT c.character_set_name, t.table_collation FROM information_schema.tables t "
        "INNER JOIN information_schema.collation_character_set_applicability c ON c.collation_name = t.table_collation "
        "WHERE t.table_schema = DATABASE() AND t.table_name = ?",
        [site.full_name("field_config")],
    )
    charset, collation = (str(row[0]), str(row[1])) if row else ("utf8mb4", "utf8mb4_general_ci")
    wide = " ROW_FORMAT=DYNAMIC" if charset == "utf8mb4" else ""
    params.append(_comment(site, table.comment, _TABLE_COMMENT))
    return (
        f"CREATE TABLE {site.sql(f'{{{table.name}}}')} ({', '.join(parts)}) ENGINE = InnoDB "
        f"DEFAULT CHARACTER SET {charset} COLLATE {collation}{wide} COMMENT ?"
    ), tuple(params)


def _mysql_column(site: Site, spec: Spec, params: list[Cell]) -> str:
    """A column's type and what follows; its texts go to `params`."""
    kind, size = str(spec["type"]), str(spec.get("size", ""))
    name = str(spec.get("mysql_type") or _MYSQL.get((kind, "" if size == "normal" else size), kind)).upper()
    out = name
    if spec.get("length") is not None and name in {"VARCHAR", "CHAR"}:
        out += f"({int(spec['length'])})"
    elif "precision" in spec and "scale" in spec:
        out += f"({int(spec['precision'])}, {int(spec['scale'])})"
    out += " unsigned" if spec.get("unsigned") else ""
    out += _nullable(spec)
    default = spec.get("default")
    if default is not None:
        out += " DEFAULT ?"
        params.append(default)
    elif not spec.get("not null"):
        out += " DEFAULT NULL"
    if spec.get("description"):
        out += " COMMENT ?"
        params.append(_comment(site, str(spec["description"]), _COLUMN_COMMENT))
    return out


def _comment(site: Site, text: str, longest: int) -> str:
    """A comment as Drupal writes it: tables by their full names, no straight quotes, cut between words."""
    text = re.sub(r"\{(\w+)\}", lambda match: f"`{site.full_name(match[1])}`", text.replace("'", "’"))
    if len(text) <= longest:
        return text
    room = longest - len(_ELLIPSIS)
    found = re.match(rf"(.{{1,{room}}})[\W_]", text)
    return (found[1] if found else text[:room]) + _ELLIPSIS


def _sqlite(site: Site, table: Table) -> Iterator[str]:
    """CREATE TABLE, and an index a statement."""
    parts = []
    for name, spec in table.columns.items():
        kind = _SQLITE.get(str(spec["type"]), str(spec["type"]).upper())
        length = f"({int(spec['length'])})" if spec.get("length") is not None and kind in {"VARCHAR", "TEXT"} else ""
        check = f" CHECK ({name}>= 0)" if spec.get("unsigned") else ""
        parts.append(f"{name} {kind}{length}{_nullable(spec)}{check}{_sqlite_default(spec)}")
    parts.append(f"PRIMARY KEY ({', '.join(table.primary)})")
    yield f"CREATE TABLE {site.sql(f'{{{table.name}}}')} ({', '.join(parts)})"
    yield from (_sqlite_index(site, table.name, name, columns) for name, columns in table.indexes.items())


def _sqlite_index(site: Site, table: str, name: str, columns: Index) -> str:
    file, own = _split(site, table)
    before = f"{site.db.quote(file)}." if file else ""
    listed = ", ".join(column if isinstance(column, str) else str(column[0]) for column in columns)
    return f"CREATE INDEX {before}{site.db.quote(f'{own}_{name}')} ON {site.db.quote(own)} ({listed})"


def _rename_sqlite(site: Site, old: str, new: str) -> None:
    """ALTER TABLE, and the indexes anew, whose names hold the table's; all of it or nothing."""
    file, own = _split(site, old)
    catalog = f"{site.db.quote(file or 'main')}.sqlite_master"
    rows = site.db.query(
        f"SELECT name FROM {catalog} WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL", (own,)
    )
    indexes: dict[str, list[str]] = {}
    for (name,) in rows:
        found = site.db.query("SELECT name FROM pragma_index_info(?, ?) ORDER BY seqno", (name, file or "main"))
        indexes[str(name)] = [str(column) for (column,) in found]
    target = _split(site, new)[1]
    site.db.begin()
    try:
        site.db.execute(f"ALTER TABLE {site.sql(f'{{{old}}}')} RENAME TO {site.db.quote(target)}")
        for name, columns in indexes.items():
            site.db.execute(f"DROP INDEX {site.db.quote(f'{file}.{name}' if file else name)}")
            site.db.execute(_sqlite_index(site, new, name.removeprefix(f"{own}_"), columns))
        site.db.commit()
    except BaseException:
        site.db.rollback()
        raise


def _unsigned(site: Site, table: str) -> set[str]:
    """The columns that SQLite checks for it."""
    file, own = _split(site, table)
    rows = site.db.query(f"SELECT sql FROM {site.db.quote(file or 'main')}.sqlite_master WHERE name = ?", (own,))
    return set(re.findall(r"CHECK \((\w+)\s*>= 0\)", str(rows[0][0]) if rows else ""))


def _split(site: Site, table: str) -> tuple[str, str]:
    """The attached SQLite file ("": none) and the name in it."""
    file, dot, own = site.full_name(table).partition(".")
    return (file, own) if dot else ("", file)


def _listed(site: Site, columns: Index) -> str:
    return ", ".join(
        site.db.quote(column) if isinstance(column, str) else f"{site.db.quote(str(column[0]))}({int(column[1])})"
        for column in columns
    )


def _nullable(spec: Spec) -> str:
    if "not null" not in spec:
        return ""
    return " NOT NULL" if spec["not null"] else " NULL"


def _sqlite_default(spec: Spec) -> str:
    default = spec.get("default")
    if default is None:
        return "" if spec.get("not null") else " DEFAULT NULL"
    text = str(default).replace("'", "''")
    return f" DEFAULT '{text}'" if isinstance(default, str) else f" DEFAULT {text}"
