"""What somebody with a mouse does on a museum's site, as the rows that Drupal then writes (drupalsync/demo/rows.py)."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from drupalsync.demo import rows
from drupalsync.demo.content import text
from drupalsync.demo.site import writing
from drupalsync.php import decode

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from support.cli import Project

AT: Final = rows.BIRTH + 60 * rows.DAY
ANNA: Final = 2  # uid


def add_link(site: Project, menu: str, title: str, path: str, *, under: str = "", **more: Any) -> int:
    """A new link, under the one with that title; returns its mlid."""
    with _open(site) as db:
        parent = db.execute("SELECT mlid FROM menu_links WHERE link_title = ?", (under,)).fetchone() if under else [0]
        return rows.save_link(db, menu, title, path, parent=parent[0], **more)


def add_page(site: Project, title: str, *, alias: str = "", body: str = "<p>Ahoy.</p>", type_: str = "page") -> int:
    """A new node of anna's; returns its nid."""
    with _open(site) as db:
        return rows.save_node(db, type_, title, at=AT, uid=ANNA, alias=alias, fields={"body": text(body)})


def add_block(site: Project, info: str, body: str = "<p>Ahoy.</p>", **more: Any) -> int:
    """A new custom block, nowhere unless `places` says so; returns its bid."""
    with _open(site) as db:
        return rows.save_custom_block(db, info, body, **{"places": {}, **more})


def set_variable(site: Project, name: str, value: Any) -> None:
    with _open(site) as db:
        rows.set_variable(db, name, value)


def variable(site: Project, name: str) -> Any:
    """What variable_get() answers; `None` where there is none."""
    found = site.rows(f"SELECT value FROM variable WHERE name = '{name}'")
    return decode(_bytes(found[0][0])) if found else None


def bid(site: Project, info: str) -> int:
    """The id of a custom block."""
    return int(site.one(f"SELECT bid FROM block_custom WHERE info = '{info}'"))


def nid(site: Project, title: str) -> int:
    """The id of a node."""
    return int(site.one(f"SELECT nid FROM node WHERE title = '{title}'"))


def mlid(site: Project, title: str) -> int:
    """The id of a link."""
    return int(site.one(f"SELECT mlid FROM menu_links WHERE link_title = '{title}'"))


@contextmanager
def _open(site: Project) -> Iterator[sqlite3.Connection]:
    with writing(Path(site.database.removeprefix("sqlite:///"))) as db:
        yield db


def _bytes(stored: Any) -> bytes:
    return stored if isinstance(stored, bytes) else str(stored).encode("utf-8", "surrogateescape")
