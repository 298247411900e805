"""A copy of the benchmark's SQLite file in MariaDB: tables as Drupal's installer makes them, as far as reads can tell."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import pymysql

BATCH: Final = 2000  # rows
TYPES: Final = {"INTEGER": "INT", "TEXT": "LONGTEXT", "BLOB": "LONGBLOB", "NUMERIC": "DECIMAL(10,2)"}


def copy(path: Path, socket: Path, schema: str) -> None:
    """Makes every table of a SQLite file in an empty schema, and copies its rows."""
    connection = pymysql.connect(unix_socket=str(socket), user="root", database=schema, charset="utf8mb4")
    with closing(sqlite3.connect(path)) as source, closing(connection) as target, target.cursor() as cursor:
        cursor.execute("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'")
        names = source.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        for (name,) in names.fetchall():
            columns = source.execute(f"PRAGMA table_info({name})").fetchall()
            cursor.execute(f"CREATE TABLE `{name}` ({', '.join(_definition(columns))}) ENGINE=InnoDB")
            insert = f"INSERT INTO `{name}` VALUES ({', '.join(['%s'] * len(columns))})"
            rows = source.execute(f"SELECT * FROM {name}")
            while batch := rows.fetchmany(BATCH):
                cursor.executemany(insert, batch)
        target.commit()


def _definition(columns: list[tuple[Any, ...]]) -> Iterator[str]:
    keys = [name for _, name, _, _, _, key in sorted(columns, key=lambda column: column[5]) if key]
    for _, name, declared, required, default, key in columns:
        numbered = key and declared == "INTEGER" and len(keys) == 1
        yield " ".join(
            [
                f"`{name}` {TYPES.get(declared, declared)}",
                "NOT NULL" if required or key else "NULL",
                "AUTO_INCREMENT" if numbered else f"DEFAULT {default}" if default is not None else "",
            ]
        )
    if keys:
        yield f"PRIMARY KEY ({', '.join(f'`{name}`' for name in keys)})"
