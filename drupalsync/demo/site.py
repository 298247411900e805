"""The demo's sites: a developer's, and its production, which was cloned from it and then lived on."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from drupalsync.demo.content import SECRETS, fill, save_article
from drupalsync.demo.fields import install_fields
from drupalsync.demo.install import install, save_user
from drupalsync.demo.rows import BIRTH, DAY, insert, save_custom_block, save_field, save_link, set_variable
from drupalsync.demo.schema import create_tables

SECRETS_OF_PRODUCTION = {name: f"{secret[::-1]}" for name, secret in SECRETS.items()}
LATER = BIRTH + 60 * DAY


def make_site(path: Path) -> None:
    """Makes the developer's site, a SQLite file that must not be there yet; the same bytes of content every time."""
    with writing(path) as db:
        create_tables(db)
        install(db)
        install_fields(db)
        fill(db)


def make_production(dev: Path, prod: Path) -> None:
    """Makes production: a copy of `dev` in which visitors and editors went on, so that every next id is another one."""
    shutil.copyfile(dev, prod)
    with writing(prod) as db:
        db.execute("BEGIN")
        _people_came(db)
        _editors_wrote(db)
        _made_and_deleted(db)
        _caches_filled(db)
        for name, secret in SECRETS_OF_PRODUCTION.items():
            set_variable(db, name, secret)


@contextmanager
def writing(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection whose transaction, if one was begun, is committed at the end, and dropped where something fails."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("PRAGMA synchronous = OFF")
        yield db
        if db.in_transaction:
            db.execute("COMMIT")


def _people_came(db: sqlite3.Connection) -> None:
    for number, name in enumerate(("Bo", "Chiara", "Derya")):
        save_user(db, name, at=LATER + number)
    insert(db, "sessions", uid=2, sid="ZGVtbw", hostname="192.0.2.7", timestamp=LATER, session="")
    article = db.execute("SELECT MIN(nid) FROM node WHERE type = 'article'").fetchone()[0]
    cid = insert(
        db, "comment", nid=article, uid=3, subject="At last!", hostname="192.0.2.7", created=LATER, changed=LATER,
        thread="01/", name="Bo", language="und",
    )  # fmt: skip
    body = [{"value": "I missed that sound.", "format": "filtered_html"}]
    save_field(db, "comment_body", "comment", "comment_node_article", cid, cid, body)
    db.execute(
        "UPDATE node_comment_statistics SET cid = ?, comment_count = 1, last_comment_timestamp = ?, "
        "last_comment_uid = 3 WHERE nid = ?",
        (cid, LATER, article),
    )
    insert(db, "tracker_user", nid=article, uid=3, published=1, changed=LATER)
    db.execute("UPDATE tracker_node SET changed = ? WHERE nid = ?", (LATER, article))
    db.execute("UPDATE tracker_user SET changed = ? WHERE nid = ?", (LATER, article))


def _editors_wrote(db: sqlite3.Connection) -> None:
    for number, (title, tag) in enumerate((("Summer night at the quay", "Events"), ("We have a cat", "Families"))):
        save_article(db, title, [tag], f"<p>{title}.</p>\r\n", uid=2, at=LATER + number * DAY)
    save_custom_block(
        db, "Storm warning", "<p>The upper deck stays closed today.</p>\r\n", places={"bartik": ("highlighted", -9)}
    )


def _made_and_deleted(db: sqlite3.Connection) -> None:
    """What is gone leaves its id behind: no table reuses one."""
    for number in range(5):
        mlid = save_link(db, "main-menu", f"Regatta {number}", "https://regatta.example/")
        db.execute("DELETE FROM menu_links WHERE mlid = ?", (mlid,))


def _caches_filled(db: sqlite3.Connection) -> None:
    """Entries that an import must clear where it changes what they were made from."""
    for bin_, cid in (
        ("cache_bootstrap", "variables"),
        ("cache_menu", "links:main-menu:tree-data:en:0"),
        ("cache_block", "bartik:en"),
        ("cache_page", "https://museum.example/"),
        ("cache_field", "field:node:1"),
    ):
        insert(db, bin_, cid=cid, data="a:0:{}", created=LATER, serialized=1)
