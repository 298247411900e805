"""The floor: a bare Python that reads the rows and the files of a site, with the same driver, and does nothing else.

Run as `python floor.py DATABASE FOLDER`, DATABASE being a SQLite file, or SOCKET:SCHEMA of a MariaDB. Every row of the
kinds' tables is read once, all columns of it; nothing of drupalsync is imported.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

SELECTS = (
    "SELECT * FROM variable",
    "SELECT * FROM menu_custom",
    "SELECT * FROM menu_links",
    "SELECT * FROM block",
    "SELECT * FROM block_custom",
    "SELECT * FROM block_role",
    "SELECT * FROM block_node_type",
    "SELECT * FROM node",
    "SELECT * FROM field_data_body WHERE entity_type = 'node'",
    "SELECT * FROM field_data_field_subtitle WHERE entity_type = 'node'",
    "SELECT * FROM field_data_field_price WHERE entity_type = 'node'",
    "SELECT * FROM url_alias WHERE source LIKE 'node/%'",
)


def read(database: str, folder: str) -> tuple[int, int]:
    """Reads everything; returns how many rows and files there were."""
    return sum(len(rows) for rows in _rows(database)), sum(1 for _ in _files(folder))


def _rows(database: str) -> Iterator[Any]:
    if ":" in database:
        import pymysql

        socket, _, schema = database.partition(":")
        connection: Any = pymysql.connect(unix_socket=socket, user="root", database=schema, charset="utf8mb4")
    else:
        import sqlite3

        connection = sqlite3.connect(database)
    cursor = connection.cursor()
    for select in SELECTS:
        cursor.execute(select)
        yield cursor.fetchall()
    connection.close()


def _files(folder: str) -> Iterator[bytes]:
    for top, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(top, name), "rb") as file:  # noqa: PTH118, PTH123 the fastest way there is
                yield file.read()


if __name__ == "__main__":
    print(*read(*sys.argv[1:]))
