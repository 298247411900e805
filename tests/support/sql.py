"""Plain SQL on a site, by its URL: what a test clicks by hand, and what it then looks at."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pymysql

Row = tuple[Any, ...]
Contents = dict[str, Counter[Row]]  # how often each row is there, by table


def execute(url: str, sql: str) -> list[Row]:
    """Runs one statement in a connection and transaction of its own, and returns its rows, if it has any."""
    with closing(connect(url)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(sql)
        rows = list(cursor.fetchall())
        connection.commit()
    return rows


def contents(url: str) -> Contents:
    """Every row of every table."""
    sqlite = urlsplit(url).scheme == "sqlite"
    listed = "SELECT name FROM sqlite_master WHERE type = 'table'" if sqlite else "SHOW TABLES"
    quote = '"' if sqlite else "`"
    found: Contents = {}
    with closing(connect(url)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(listed)
        for (name,) in cursor.fetchall():
            cursor.execute(f"SELECT * FROM {quote}{name}{quote}")
            found[name] = Counter(cursor.fetchall())
    return found


def connect(url: str) -> Any:
    """A connection of the driver's own (DB-API), for whoever has much to ask."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        # sqlite:////absolute has an absolute path after its third slash
        connection = sqlite3.connect(parts.path[1:])
        connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        return connection
    query = parse_qs(parts.query)
    return pymysql.connect(
        user=parts.username,
        unix_socket=query["unix_socket"][0],
        database=parts.path[1:] or None,
        charset="utf8mb4",
    )
