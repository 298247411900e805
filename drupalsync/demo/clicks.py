"""What people do on the demo's sites with a mouse, as the rows that Drupal then writes."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Final

from drupalsync.demo.content import text
from drupalsync.demo.rows import BIRTH, DAY, move_link, one, rewrite_body, save_link, save_node, set_variable
from drupalsync.demo.site import writing

CLICKED: Final = BIRTH + 90 * DAY
HOURS: Final = (
    "<ul>\r\n<li>Tuesday to Friday: 10–17</li>\r\n<li>Saturday: 10–18</li>\r\n<li>Sunday: 9–18</li>\r\n</ul>\r\n"
)
NOTICE: Final = (
    "<p>© Harbour Museum</p>\r\n<p>Supported by the Port Authority</p>\r\n<p>Free entry on the first Sunday</p>\r\n"
)


def on_dev(site: Path) -> None:
    """A developer renames one link and moves another, edits a block, a setting and a page, and adds a page."""
    with writing(site) as db:
        db.execute("BEGIN")
        db.execute(
            "UPDATE menu_links SET link_title = 'Hours and prices' WHERE mlid = ?", (_link(db, "Opening hours"),)
        )
        about = _link(db, "About us")
        move_link(db, _link(db, "Getting here"), parent=about, weight=-5)
        db.execute("UPDATE block_custom SET body = ? WHERE info = 'Footer notice'", (NOTICE,))
        set_variable(db, "site_slogan", "All aboard since 1124")
        rewrite_body(db, _page(db, "visit/opening-hours"), HOURS, at=CLICKED)
        fields = {"body": text("<p>Can you tie a bowline? We will teach you.</p>\r\n")}
        nid = save_node(db, "page", "Volunteers", at=CLICKED, uid=2, alias="volunteers", fields=fields)
        save_link(db, "main-menu", "Volunteers", f"node/{nid}", parent=about)
        _forget_caches(db)


def on_dev_again(site: Path) -> None:
    """The slogan gets another try."""
    with writing(site) as db:
        set_variable(db, "site_slogan", "All aboard!")


def on_production(site: Path) -> None:
    """Somebody edits two things right on production: a block, and the slogan that dev has just changed, too."""
    with writing(site) as db:
        db.execute("BEGIN")
        db.execute(
            "UPDATE block_custom SET body = REPLACE(body, 'Today 10–17', 'Closed today: storm') "
            "WHERE info = 'Opening times'"
        )
        set_variable(db, "site_slogan", "Rain or shine")
        _forget_caches(db)


def where_a_link_leads(site: Path, title: str) -> str:
    """The path of a link of the main menu, as this database has it."""
    with writing(site) as db:
        return str(one(db, "SELECT link_path FROM menu_links WHERE menu_name = 'main-menu' AND link_title = ?", title))


def _link(db: sqlite3.Connection, title: str) -> int:
    found = one(db, "SELECT mlid FROM menu_links WHERE menu_name = 'main-menu' AND link_title = ?", title)
    return int(str(found))


def _page(db: sqlite3.Connection, alias: str) -> int:
    source = one(db, "SELECT source FROM url_alias WHERE alias = ?", alias)
    return int(str(source).removeprefix("node/"))


def _forget_caches(db: sqlite3.Connection) -> None:
    """What the forms clear when they are saved."""
    for bin_ in ("cache_menu", "cache_block", "cache_page"):
        db.execute(f"DELETE FROM {bin_}")
