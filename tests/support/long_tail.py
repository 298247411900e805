"""Tables of a contributed module `dsx`, as such modules make them: hand-made, on either engine.

A campaign has a serial id, a name, what refers to others, and rows of three other tables; a preset has columns with
names that mean something to YAML and to us. Beside them what is no configuration.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from drupalsync.php import encode
from support import sql

if TYPE_CHECKING:
    from collections.abc import Mapping

SERIAL: Final = {
    "sqlite": "INTEGER PRIMARY KEY AUTOINCREMENT",
    "mysql": "INT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY",
}
CREATED: Final = 1400000000
SCHEMA: Final = """
CREATE TABLE dsx_campaign (
  cid «serial», name VARCHAR(64) NOT NULL, title VARCHAR(255) NOT NULL DEFAULT '', weight INT NOT NULL DEFAULT 0,
  ratio FLOAT NOT NULL DEFAULT 0, budget NUMERIC(10, 2) NOT NULL DEFAULT 0, rid INT NOT NULL DEFAULT 0,
  author INT NOT NULL DEFAULT 0, landing VARCHAR(255) NOT NULL DEFAULT '', body TEXT, format VARCHAR(255) NULL,
  channel_id INT NOT NULL DEFAULT 0, settings «blob», created INT NOT NULL, changed INT NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX dsx_campaign_name ON dsx_campaign (name);
CREATE TABLE dsx_campaign_step (
  sid «serial», cid INT NOT NULL, weight INT NOT NULL DEFAULT 0, title VARCHAR(255) NOT NULL, data «blob»);
CREATE TABLE dsx_campaign_tag (cid INT NOT NULL, tag VARCHAR(64) NOT NULL, PRIMARY KEY (cid, tag));
CREATE TABLE dsx_campaign_role (cid INT NOT NULL, rid INT NOT NULL, depth INT NOT NULL DEFAULT 0, PRIMARY KEY (cid, rid));
CREATE TABLE dsx_preset (name VARCHAR(64) NOT NULL PRIMARY KEY, «yes» INT NOT NULL DEFAULT 0, extra VARCHAR(64) NOT NULL DEFAULT '',
  protect INT NOT NULL DEFAULT 0, dsx_preset VARCHAR(64) NOT NULL DEFAULT '', data «blob»);
CREATE TABLE dsx_lone (id «serial», data «blob»);
CREATE TABLE dsx_hits (nid INT NOT NULL PRIMARY KEY, hits INT NOT NULL DEFAULT 0);
CREATE TABLE dsx_seen (uid INT NOT NULL, name VARCHAR(64) NOT NULL, PRIMARY KEY (uid, name));
CREATE TABLE dsx_later (name VARCHAR(64) NOT NULL PRIMARY KEY, data «blob»);
CREATE TABLE dsx_many (name VARCHAR(64) NOT NULL PRIMARY KEY);
CREATE TABLE gone_preset (name VARCHAR(64) NOT NULL PRIMARY KEY);
CREATE TABLE cache_dsx (cid VARCHAR(255) NOT NULL PRIMARY KEY, data «blob»);
"""


def add_tables(url: str, *, first: int = 1) -> None:
    """Makes the module's tables in a site, switches it on and fills them; campaigns are numbered from `first`."""
    engine = "sqlite" if urlsplit(url).scheme == "sqlite" else "mysql"
    blob, yes = ("BLOB", '"yes"') if engine == "sqlite" else ("LONGBLOB", "`yes`")
    schema = SCHEMA.replace("«serial»", SERIAL[engine]).replace("«blob»", blob).replace("«yes»", yes)
    with closing(sql.connect(url)) as connection, closing(connection.cursor()) as cursor:
        for statement in schema.split(";\n"):
            if statement.strip():
                cursor.execute(statement)
        connection.commit()
    _switch_on(url)
    role, node, author = _ids(url)
    for number, name in enumerate(("spring", "autumn"), start=first):
        settings = {"rid": role, "deep": {"access": [{"rid": str(role)}], "target": f"node/{node}"}, "count": 5}
        campaign = {
            "cid": number, "name": name, "title": f"{name.title()} at the museum", "weight": number - first - 1,
            "ratio": 0.5, "budget": "12.50", "rid": role, "author": author, "landing": f"node/{node}",
            "body": f'<a href="/node/{node}">Go</a>', "format": "full_html", "channel_id": 7 + first,
            "settings": encode(settings), "created": CREATED + number, "changed": CREATED + number,
        }  # fmt: skip
        insert(url, "dsx_campaign", campaign)
        for weight, title in enumerate(("Announce", "Open", "Close")):
            step = {"cid": number, "weight": weight, "title": title, "data": encode([title, weight])}
            insert(url, "dsx_campaign_step", step)
        for tag in ("free", "family"):
            insert(url, "dsx_campaign_tag", {"cid": number, "tag": tag})
        insert(url, "dsx_campaign_role", {"cid": number, "rid": role, "depth": 2})
    preset = {
        "name": "wide",
        "yes": 1,
        "extra": "more",
        "protect": 0,
        "dsx_preset": "own",
        "data": encode({"on": True}),
    }
    insert(url, "dsx_preset", preset)
    insert(url, "dsx_preset", preset | {"name": "no", "yes": 0, "data": encode([])})
    insert(url, "dsx_lone", {"data": encode({"a": 1})})
    insert(url, "dsx_hits", {"nid": node, "hits": 12})
    insert(url, "dsx_seen", {"uid": author, "name": "tour"})
    many = ", ".join(f"('m{number}')" for number in range(501))
    sql.execute(url, f"INSERT INTO dsx_many (name) VALUES {many}")
    insert(url, "gone_preset", {"name": "old"})


def insert(url: str, table: str, row: Mapping[str, Any]) -> None:
    """Writes one row, as the module would."""
    sqlite = urlsplit(url).scheme == "sqlite"
    quote, mark = ('"', "?") if sqlite else ("`", "%s")
    names = ", ".join(f"{quote}{name}{quote}" for name in row)
    cells = [cell.decode() if isinstance(cell, bytes) and sqlite else cell for cell in row.values()]
    with closing(sql.connect(url)) as connection, closing(connection.cursor()) as cursor:
        cursor.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join([mark] * len(row))})", cells)
        connection.commit()


def _switch_on(url: str) -> None:
    sql.execute(
        url,
        "INSERT INTO system (filename, name, type, owner, status, bootstrap, schema_version, weight, info) "
        "VALUES ('sites/all/modules/dsx/dsx.module', 'dsx', 'module', '', 1, 0, 7000, 0, '')",
    )


def _ids(url: str) -> tuple[int, int, int]:
    """The newest role, a page and the first user of this site, whose ids differ from site to site."""
    ((role,),) = sql.execute(url, "SELECT MAX(rid) FROM role")
    ((node,),) = sql.execute(url, "SELECT MIN(nid) FROM node WHERE type = 'page'")
    return int(role), int(node), 1
