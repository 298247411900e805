"""Plain SQL on a site, by its URL: what a test clicks by hand, and what it then looks at."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pymysql

Row = tuple[Any, ...]


def execute(url: str, sql: str) -> list[Row]:
    """Runs one statement in a connection and transaction of its own, and returns its rows, if it has any."""
    with closing(_connect(url)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        rows = list(cursor.fetchall())
        connection.commit()
    return rows


def _connect(url: str) -> Any:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return sqlite3.connect(parts.path[1:])  # sqlite:////absolute has an absolute path after its third slash
    query = parse_qs(parts.query)
    return pymysql.connect(
        user=parts.username,
        unix_socket=query["unix_socket"][0],
        database=parts.path[1:] or None,
        charset="utf8mb4",
    )
