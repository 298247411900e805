"""drupalsync's tables, moved from one database to another: what a restore that does not drop tables makes."""

from __future__ import annotations

from contextlib import closing
from typing import Final
from urllib.parse import urlsplit

from support import sql

TABLES: Final = [f"drupalsync_{name}" for name in ("meta", "item", "release", "image", "step", "lock")]


def put_ledger(of: str, into: str) -> None:
    """Gives the site `into` the ledger that the site `of` has, by their URLs: both on one engine, on one server."""
    sqlite = urlsplit(of).scheme == "sqlite"
    name = urlsplit(of).path[1:]
    with closing(sql.connect(into)) as connection, closing(connection.cursor()) as cursor:
        if sqlite:
            cursor.execute("ATTACH DATABASE ? AS other", [name])
        there, here = ("other", "main.") if sqlite else (f"`{name}`", "")  # SQLite would look for a table in both
        for table in TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {here}{table}")
            if sqlite:
                cursor.execute(f"SELECT sql FROM other.sqlite_master WHERE name = '{table}'")
                cursor.execute(cursor.fetchall()[0][0])
            else:
                cursor.execute(f"CREATE TABLE {table} LIKE {there}.{table}")
            cursor.execute(f"INSERT INTO {here}{table} SELECT * FROM {there}.{table}")
        connection.commit()
