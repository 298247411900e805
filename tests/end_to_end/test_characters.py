"""A site whose tables know no emoji: found before anything is written, each place by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from support.cli import Project
from support.dumps import mysql_dump, needs_dumps, sqlite_dump, sqlite_url
from support.untouched import untouched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.golden import Check
    from support.mariadb import Server

PARTY: Final = "🎉"
CLICKS: Final = (
    f"UPDATE menu_custom SET description = 'Main {PARTY}' WHERE menu_name = 'main-menu'",
    f"UPDATE menu_links SET link_title = link_title || ' {PARTY}' WHERE module = 'menu' AND menu_name = 'main-menu' AND depth = 1",
    f"UPDATE block_custom SET info = info || ' {PARTY}', body = body || '{PARTY}' WHERE bid = (SELECT MIN(bid) FROM block_custom)",
    f"UPDATE block SET title = 'Party {PARTY}' WHERE module = 'block' AND delta = (SELECT MIN(bid) FROM block_custom)",
    f"UPDATE node SET title = title || ' {PARTY}' WHERE nid = (SELECT MIN(nid) FROM node WHERE type = 'page')",
    f"UPDATE field_data_body SET body_value = body_value || '{PARTY}' WHERE entity_id = (SELECT MIN(nid) FROM node WHERE type = 'page')",
    f"UPDATE url_alias SET alias = alias || '/{PARTY}' WHERE source = (SELECT 'node/' || MIN(nid) FROM node WHERE type = 'page')",
    f"UPDATE variable SET value = 's:4:\"{PARTY}\";' WHERE name = 'site_slogan'",
)


@pytest.fixture
def narrow(mariadb: Server, tmp_path: Path) -> Iterator[Project]:
    """A site as SQLite, where an emoji fits, and the same one in MariaDB, with tables in utf8mb3."""
    url = mysql_dump("base", mariadb)
    dev = sqlite_dump("base", tmp_path)
    yield Project(tmp_path / "project", {"dev": sqlite_url(dev), "prod": url}, manifest="nodes:\n  - {type: page}\n")
    mariadb.drop_database(urlsplit(url).path[1:])


@needs_dumps
def test_an_emoji_that_a_column_has_no_room_for_is_found_before_anything_is_written(
    narrow: Project, golden: Check
) -> None:
    narrow.run("export", "--commit")
    narrow.at("prod").run("import", "--adopt", "--yes")
    for statement in CLICKS:
        narrow.click(statement)
    narrow.run("export", "--commit")

    with untouched(narrow.at("prod")):
        said = narrow.at("prod").run("import", "--yes", exits=1)

    assert narrow.at("prod").run("import", "--dry-run", exits=1).stderr == said.stderr
    golden(said.transcript, "end_to_end/an-emoji-that-the-site-has-no-room-for.txt")


@needs_dumps
def test_a_value_in_a_binary_column_may_hold_any_character(narrow: Project) -> None:
    narrow.run("export", "--commit")
    narrow.at("prod").run("import", "--adopt", "--yes")
    narrow.click(CLICKS[-1])
    narrow.run("export", "--commit")

    narrow.at("prod").run("import", "--yes")

    assert narrow.at("prod").one("SELECT value FROM variable WHERE name = 'site_slogan'") == f's:4:"{PARTY}";'.encode()
