"""What an engine tells of itself, for whoever asks whether drupalsync can work here: nothing of it is asked in a run.

Keys, the account's rights, character sets, versions. Nothing is written, no privilege is needed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from drupalsync.site.database import Cell
from drupalsync.site.site import Site

FOR_ROWS: Final = ("SELECT", "INSERT", "UPDATE", "DELETE")  # every import
FOR_TABLES: Final = ("CREATE", "ALTER", "DROP")  # of the ledger, once; of fields that come and go
_GRANT: Final = re.compile(r"GRANT (?P<rights>.+?) ON (?:TABLE )?(?P<where>\S+\.\S+) TO ", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableKeys:
    """`unique`: the columns of each key that no two rows share, the primary one first. `serial`: the column that numbers rows."""

    unique: tuple[tuple[str, ...], ...] = ()
    serial: str = ""


def table_keys(site: Site, table: str) -> TableKeys:
    """The keys of a table (its bare name)."""
    return _sqlite_keys(site, table) if site.db.engine == "sqlite" else _mysql_keys(site, table)


def engine_version(site: Site) -> str:
    """The engine's name and version, as it says it."""
    if site.db.engine == "sqlite":
        ((version,),) = site.db.query("SELECT sqlite_version()")
        return f"SQLite {version!s}"
    ((version,),) = site.db.query("SELECT VERSION()")
    text = str(version)
    return f"MariaDB {text.partition('-')[0]}" if "mariadb" in text.lower() else f"MySQL {text}"


def is_read_only(site: Site) -> bool:
    """Whether the server takes no writes: a replica, or one that somebody has locked."""
    if site.db.engine == "sqlite":
        return False
    ((answer,),) = site.db.query("SELECT @@global.read_only")
    return str(answer) in {"1", "ON"}


def missing_rights(site: Site) -> list[str] | None:
    """The rights that an import needs and this account has not on the whole database; None where that cannot be told.

    For SQLite, files: what cannot be written to.
    """
    if site.db.engine == "sqlite":
        ((_, _, file), *_) = site.db.query("PRAGMA database_list")
        path = Path(str(file))
        return [str(place) for place in (path, path.parent) if not os.access(place, os.W_OK)]
    ((database,),) = site.db.query("SELECT DATABASE()")
    lines = [str(line) for (line,) in site.db.query("SHOW GRANTS")]
    has = {right for line in lines for right in _rights(line, str(database))}
    if "ALL PRIVILEGES" in has:
        return []
    missing = [right for right in (*FOR_ROWS, *FOR_TABLES) if right not in has]
    # A role's rights are not listed by every server, nor what holds for single tables only summed up.
    unsure = any(_GRANT.match(line) is None or _is_for_tables(line, str(database)) for line in lines)
    return None if missing and unsure else missing


def charsets(site: Site) -> dict[str, list[str]]:
    """The character sets that texts are kept in, each with its tables (bare names, sorted); {} where an engine has only one."""
    if site.db.engine == "sqlite":
        return {}
    rows = site.db.query(
        "SELECT DISTINCT table_name, character_set_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND character_set_name IS NOT NULL ORDER BY table_name"
    )
    bare = {site.full_name(table): table for table in site.tables}
    found: dict[str, list[str]] = {}
    for name, charset in rows:
        if str(name) in bare:
            found.setdefault(str(charset), []).append(bare[str(name)])
    return found


def _rights(line: str, database: str) -> Iterator[str]:
    """What a line of SHOW GRANTS allows on all of the database."""
    found = _GRANT.match(line)
    if found is None:
        return
    schema, _, table = found["where"].rpartition(".")
    if table == "*" and _fits(schema, database):
        yield from (re.sub(r"\(.*?\)", "", right).strip().upper() for right in found["rights"].split(","))


def _is_for_tables(line: str, database: str) -> bool:
    found = _GRANT.match(line)
    schema, _, table = found["where"].rpartition(".") if found else ("", "", "*")
    return table != "*" and _fits(schema, database)


def _fits(pattern: str, database: str) -> bool:
    r"""Whether a schema's name in a GRANT, in which `_` and `%` are wild and `\_` is not, is this database's.

    >>> _fits("`dru_al`", "drupal"), _fits(r"`my\_site`", "my_site"), _fits(r"`my\_site`", "my-site"), _fits("*", "x")
    (True, True, False, True)
    """
    if pattern == "*":
        return True
    name = pattern.strip("`\"'")
    steps = re.split(r"(\\.|[_%])", name)
    wild = {"_": "?", "%": "*"}
    glob = "".join(wild.get(step) or re.sub(r"([*?[])", r"[\1]", step.removeprefix("\\")) for step in steps)
    return fnmatchcase(database, glob)


def _mysql_keys(site: Site, table: str) -> TableKeys:
    name = site.full_name(table)
    rows = site.db.query(
        "SELECT index_name, column_name FROM information_schema.statistics "
        "WHERE table_schema = DATABASE() AND table_name = ? AND non_unique = 0 ORDER BY index_name, seq_in_index",
        (name,),
    )
    serial = site.db.query(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_schema = DATABASE() AND table_name = ? AND extra LIKE '%auto_increment%'",
        (name,),
    )
    return TableKeys(unique=_grouped(rows, "PRIMARY"), serial=str(serial[0][0]) if serial else "")


def _sqlite_keys(site: Site, table: str) -> TableKeys:
    file, dot, name = site.full_name(table).partition(".")
    schema, own = (file, name) if dot and site.db.named(file) == f"{file}." else ("main", site.full_name(table))
    rows = site.db.query(
        "SELECT i.name, c.name FROM pragma_index_list(?, ?) i, pragma_index_info(i.name, ?) c "
        'WHERE i."unique" = 1 ORDER BY i.seq, c.seqno',
        (own, schema, schema),
    )
    primary = site.db.query("SELECT name FROM pragma_table_info(?, ?) WHERE pk > 0 ORDER BY pk", (own, schema))
    first = tuple(str(column) for (column,) in primary)
    others = [key for key in _grouped(rows, "") if key != first]
    made = site.db.query(f'SELECT sql FROM "{schema}".sqlite_master WHERE type = ? AND name = ?', ("table", own))
    numbered = len(first) == 1 and bool(made) and "AUTOINCREMENT" in str(made[0][0]).upper()
    return TableKeys(unique=tuple([first, *others] if first else others), serial=first[0] if numbered else "")


def _grouped(rows: Sequence[tuple[Cell, ...]], primary: str) -> tuple[tuple[str, ...], ...]:
    keys: dict[str, list[str]] = {}
    for index, column in rows:
        keys.setdefault(str(index), []).append(str(column))
    ordered = sorted(keys, key=lambda index: index != primary)  # stable: the others stay as they were
    return tuple(tuple(keys[index]) for index in ordered)
