"""What the people of a small museum have put into their site: pages, articles, menus, blocks, settings."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Final

from drupalsync.demo.facts import ADMINISTRATOR, EDITOR
from drupalsync.demo.install import save_menu, save_user
from drupalsync.demo.rows import BIRTH, DAY, Cell, insert, one, save_custom_block, save_link, save_node, set_variable
from drupalsync.php import Value

SECRETS: Final = {
    "smtp_password": "lighthouse-1871",
    "cron_key": "Jq2xV7mNw8bT4rKp9sLd3hFz6cGy5vXe1aUo0iQtRWk",
    "drupal_private_key": "tB6nYx4LwPz9QmRk2sVd8fHj3gCa7uEi5oTq1vXbNyM",
}
# title, alias, subtitle, text: as a textarea sends it, its lines end in CRLF
PAGES: Final = (
    (
        "Welcome",
        "welcome",
        "The sea begins here",
        "<h2>The harbour has been waiting for you</h2>\r\n"
        "<p>Three floors, two ships and one lighthouse tell of 900 years by the water.</p>\r\n",
    ),
    (
        "Plan your visit",
        "visit",
        "",
        "<p>We are open every day but Monday. Dogs on a lead are welcome aboard.</p>\r\n",
    ),
    (
        "Opening hours",
        "visit/opening-hours",
        "Mondays we scrub the decks",
        "<ul>\r\n<li>Tuesday to Friday: 10–17</li>\r\n<li>Saturday and Sunday: 10–18</li>\r\n</ul>\r\n",
    ),
    (
        "Getting here",
        "visit/getting-here",
        "",
        "<p>Take tram 4 to “Old Harbour”. The quay is right ahead; you cannot miss the crane.</p>\r\n",
    ),
    ("About us", "about", "Run by volunteers since 1972", "<p>The museum belongs to its 412 members.</p>\r\n"),
    ("Page not found", "errors/404", "", "<p>Lost at sea? Steer back to the front page.</p>\r\n"),
    ("Imprint", "imprint", "", "<p>Harbour Museum, Quay 7. Board: A. Jensen, M. Öztürk.</p>\r\n"),
)
ARTICLES: Final = (
    ("The crane turns again", ("Exhibitions", "History"), "<p>After nine years of repair.</p>\r\n", "crane.jpg"),
    ("Knots for beginners", ("Families",), "<p>Every Sunday at eleven, on the lower deck.</p>\r\n", ""),
    ("A letter from 1871", ("History",), "<p>Found behind a panel in the captain’s cabin.</p>\r\n", "letter.jpg"),
)


def fill(db: sqlite3.Connection) -> None:
    """Writes all of it into a site that was just installed."""
    anna = save_user(db, "anna", role=EDITOR)
    pages = _pages(db, anna)
    tags = _articles(db, anna)
    visit = _menus(db, pages, tags)
    _blocks(db, pages)
    for name, value in _settings(pages, visit).items():
        set_variable(db, name, value)
    for name, secret in SECRETS.items():
        set_variable(db, name, secret)


def text(value: str, format_: str = "full_html") -> Sequence[Mapping[str, Cell]]:
    """The items of a body."""
    return [{"value": value, "summary": "", "format": format_}]


def save_article(
    db: sqlite3.Connection, title: str, tags: Sequence[str], body: str, *, uid: int, at: int, picture: str = ""
) -> int:
    """Saves an article with free tags, which are made where they are new, and a new picture; returns its nid."""
    image = _picture(db, picture, uid, at) if picture else []
    return save_node(
        db, "article", title, at=at, uid=uid, comment=2, promote=1,
        fields={
            "body": text(body, "filtered_html"),
            "field_tags": [{"tid": term(db, name)} for name in tags],
            "field_image": image,
        },
    )  # fmt: skip


def _picture(db: sqlite3.Connection, name: str, uid: int, at: int) -> Sequence[Mapping[str, Cell]]:
    fid = insert(
        db, "file_managed", uid=uid, filename=name, uri=f"public://{name}", filemime="image/jpeg", filesize=48_213,
        status=1, timestamp=at,
    )  # fmt: skip
    return [{"fid": fid, "alt": "", "title": "", "width": 1600, "height": 900}]


def term(db: sqlite3.Connection, name: str) -> int:
    """The tid of a tag."""
    found = db.execute("SELECT tid FROM taxonomy_term_data WHERE name = ?", (name,)).fetchone()
    if found:
        return int(found[0])
    vocabulary = one(db, "SELECT vid FROM taxonomy_vocabulary WHERE machine_name = 'tags'")
    tid = insert(db, "taxonomy_term_data", vid=vocabulary, name=name, description="")
    insert(db, "taxonomy_term_hierarchy", tid=tid, parent=0)
    return tid


def _pages(db: sqlite3.Connection, uid: int) -> dict[str, int]:
    nids = {}
    for days, (title, alias, subtitle, body) in enumerate(PAGES):
        fields: dict[str, Sequence[Mapping[str, Cell]]] = {"body": text(body)}
        if subtitle:
            fields["field_subtitle"] = [{"value": subtitle}]
        if alias == "visit":
            fields["field_price"] = [{"value": 8.5}]
        nids[alias] = save_node(db, "page", title, at=BIRTH + days * DAY, uid=uid, alias=alias, fields=fields)
    return nids


def _articles(db: sqlite3.Connection, uid: int) -> dict[str, int]:
    insert(
        db, "taxonomy_vocabulary", name="Tags", machine_name="tags", module="taxonomy",
        description="Use tags to group articles on similar topics into categories.",
    )  # fmt: skip
    for days, (title, tags, body, picture) in enumerate(ARTICLES):
        save_article(db, title, tags, body, uid=uid, at=BIRTH + (10 + days) * DAY, picture=picture)
    return {name: term(db, name) for name in ("Exhibitions", "Families", "History")}


def _menus(db: sqlite3.Connection, pages: Mapping[str, int], tags: Mapping[str, int]) -> int:
    """Writes the menus; returns the link under which new pages are put."""
    save_link(db, "main-menu", "Home", "<front>", weight=-50)
    visit = save_link(db, "main-menu", "Your visit", f"node/{pages['visit']}", weight=-40, expanded=1)
    save_link(db, "main-menu", "Opening hours", f"node/{pages['visit/opening-hours']}", parent=visit, weight=-10)
    save_link(db, "main-menu", "Getting here", f"node/{pages['visit/getting-here']}", parent=visit)
    save_link(db, "main-menu", "Exhibitions", f"taxonomy/term/{tags['Exhibitions']}", weight=-30)
    about = save_link(db, "main-menu", "About us", f"node/{pages['about']}", weight=-20)
    options: Value = {"attributes": {"target": "_blank", "title": "Sister museums along the coast"}}
    save_link(db, "main-menu", "Friends", "https://coast.example/museums?lang=en", parent=about, options=options)
    save_menu(db, "menu-footer", "Footer", "Links at the bottom of every page")
    save_link(db, "menu-footer", "Contact", "contact", weight=-10)
    save_link(db, "menu-footer", "Imprint", f"node/{pages['imprint']}")
    save_link(db, "menu-footer", "Press", "mailto:press@museum.example", weight=10)
    db.execute(
        "UPDATE menu_links SET link_title = 'Go ashore', weight = 50, customized = 1 WHERE link_path = 'user/logout'"
    )
    set_variable(db, "menu_expanded", ["main-menu"])
    return visit


def _blocks(db: sqlite3.Connection, pages: Mapping[str, int]) -> None:
    save_custom_block(
        db, "Opening times", "<p><strong>Today 10–17</strong></p>\r\n<p>Last boarding 45 minutes before we close.</p>\r\n",
        title="Come aboard", places={"bartik": ("sidebar_second", -5)}, pages=(0, ["admin*", "user/*"]),
    )  # fmt: skip
    save_custom_block(
        db, "Footer notice", "<p>© Harbour Museum</p>\r\n<p>Supported by the Port Authority</p>\r\n", title="<none>",
        places={"bartik": ("footer", 3)}, pages=(1, ["<front>", f"node/{pages['about']}", "visit*"]),
    )  # fmt: skip
    save_custom_block(
        db, "Notes for editors", "Pictures: at most 1600 pixels wide.\r\nHeadlines: no full stop.", format_="plain_text",
        places={"bartik": ("highlighted", 0), "seven": ("help", 5)}, roles=[EDITOR, ADMINISTRATOR], types=["page"],
    )  # fmt: skip


def _settings(pages: Mapping[str, int], visit: int) -> dict[str, Value]:
    return {
        "site_name": "Harbour Museum",
        "site_slogan": "900 years by the water",
        "site_frontpage": f"node/{pages['welcome']}",
        "site_404": f"node/{pages['errors/404']}",
        "site_mail": "office@museum.example",
        "site_default_country": "DE",
        "date_default_timezone": "Europe/Berlin",
        "theme_default": "bartik",
        "admin_theme": "seven",
        "node_admin_theme": "1",
        "theme_bartik_settings": {
            "toggle_logo": 1, "toggle_slogan": 1, "default_logo": 0, "logo_path": "public://logo.png",
            "scheme": "firehouse",
        },
        "filter_fallback_format": "plain_text",
        "user_admin_role": str(ADMINISTRATOR),
        "user_register": 2,
        "node_options_page": ["status"],
        "node_submitted_page": False,
        "comment_page": 1,
        "menu_options_page": ["main-menu"],
        "menu_parent_page": f"main-menu:{visit}",
        "smtp_on": "1",
        "smtp_host": "mail.museum.example",
        "smtp_port": "587",
        "smtp_username": "website",
        "install_profile": "standard",
        "install_task": "done",
        "install_time": BIRTH,
        "clean_url": "1",
        "cron_last": BIRTH + 20 * DAY,
        "css_js_query_string": "s3k9qf",
        "file_temporary_path": "/tmp",  # noqa: S108 what the installer writes; nothing is put there
        "language_count": 2,
        "path_alias_whitelist": {"node": True},
    }  # fmt: skip
