"""The benchmark's site: the demo's, filled with rows of our own until it is as large as is wanted."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from drupalsync.demo.rows import BIRTH, LEVELS, P, serialized
from drupalsync.demo.site import make_site, writing

MENU: Final = "bench"
THEMES: Final = {"bartik": "sidebar_first", "seven": "content", "garland": "left", "stark": "content"}
GROUPS: Final = 40  # modules that variables belong to
CHILDREN: Final = 5  # of every link: five levels of ten thousand
BODY: Final = (
    "<p>The {number}th page tells of ships, of the people who built them and of the winds they waited for.</p>\r\n"
)
FORMAT: Final = "full_html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How many of each there are beside the demo's own."""

    variables: int
    links: int
    blocks: int
    nodes: int

    def half(self) -> Size:
        return Size(
            variables=self.variables // 2, links=self.links // 2, blocks=self.blocks // 2, nodes=self.nodes // 2
        )


def make_filled_site(path: Path, size: Size) -> None:
    """Makes the demo's site in a SQLite file and fills it; the same content every time."""
    make_site(path)
    with writing(path) as db:
        db.execute("BEGIN")
        _variables(db, size.variables)
        nids = _nodes(db, size.nodes)
        _links(db, size.links, nids)
        _blocks(db, size.blocks)


def _insert(db: sqlite3.Connection, table: str, columns: str, rows: Iterator[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * len(columns.split(",")))
    db.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


def _variables(db: sqlite3.Connection, count: int) -> None:
    """A third of them arrays, as forms leave them."""
    _insert(
        db, "variable", "name, value",
        (
            (
                f"bench{number % GROUPS}_setting_{number}",
                serialized(
                    {"enabled": True, "types": ["page", "article"], "limit": number, "label": f"Label {number}"}
                    if number % 3 == 0
                    else f"Text {number}"
                ),
            )
            for number in range(count)
        ),
    )  # fmt: skip


def _nodes(db: sqlite3.Connection, count: int) -> range:
    """Pages with a body, a revision and an alias; returns their nids."""
    ((nid, vid),) = db.execute("SELECT (SELECT MAX(nid) FROM node) + 1, (SELECT MAX(vid) FROM node_revision) + 1")
    nids = range(nid, nid + count)
    pairs = list(zip(nids, range(vid, vid + count), strict=True))
    _insert(
        db, "node", "nid, vid, type, language, title, uid, status, created, changed, comment",
        ((nid, vid, "page", "und", f"Page {nid}", 1, 1, BIRTH + nid, BIRTH + nid, 1) for nid, vid in pairs),
    )  # fmt: skip
    _insert(
        db, "node_revision", "nid, vid, uid, title, log, timestamp, status, comment",
        ((nid, vid, 1, f"Page {nid}", "", BIRTH + nid, 1, 1) for nid, vid in pairs),
    )  # fmt: skip
    for table in ("field_data_body", "field_revision_body"):
        _insert(
            db, table, "entity_type, bundle, entity_id, revision_id, language, delta, body_value, body_summary, body_format",
            (("node", "page", nid, vid, "und", 0, BODY.format(number=nid) * 8, "", FORMAT) for nid, vid in pairs),
        )  # fmt: skip
    _insert(
        db, "url_alias", "source, alias, language",
        ((f"node/{nid}", f"pages/{nid % 20}/page-{nid}", "und") for nid in nids),
    )  # fmt: skip
    return nids


def _links(db: sqlite3.Connection, count: int, nids: range) -> None:
    db.execute("INSERT INTO menu_custom (menu_name, title, description) VALUES (?, 'Benchmark', '')", (MENU,))
    ((first,),) = db.execute("SELECT MAX(mlid) + 1 FROM menu_links")
    _insert(
        db, "menu_links",
        "mlid, menu_name, plid, link_path, router_path, link_title, options, module, weight, customized, has_children, "
        f"depth, {', '.join(P)}",
        (_link(first, number, count, nids) for number in range(count)),
    )  # fmt: skip


def _link(first: int, number: int, count: int, nids: range) -> tuple[object, ...]:
    trail = [number]
    while trail[0] >= CHILDREN:
        trail.insert(0, trail[0] // CHILDREN - 1)
    parent = first + trail[-2] if len(trail) > 1 else 0
    options = serialized({"attributes": {"title": f"Where link {number} leads"}} if number % 2 else [])
    return (
        first + number, MENU, parent, f"node/{nids[number % len(nids)]}", "node/%", f"Link {number}", options, "menu",
        number % 50, 1, int((number + 1) * CHILDREN < count), len(trail),
        *(first + step for step in trail), *[0] * (LEVELS - len(trail)),
    )  # fmt: skip


def _blocks(db: sqlite3.Connection, count: int) -> None:
    """Custom blocks, on in the first theme, with a row in each."""
    ((first,),) = db.execute("SELECT MAX(bid) + 1 FROM block_custom")
    for theme in ("garland", "stark"):
        db.execute(
            "INSERT INTO system (filename, name, type, owner, status, schema_version, info) "
            "SELECT ?, ?, type, owner, status, schema_version, info FROM system WHERE type = 'theme' AND name = 'bartik'",
            (f"themes/{theme}/{theme}.info", theme),
        )
    bids = range(first, first + count)
    _insert(
        db, "block_custom", "bid, body, info, format",
        ((bid, f"<p>Block {bid}</p>\r\n<p>Its second line.</p>", f"Benchmark block {bid}", FORMAT) for bid in bids),
    )  # fmt: skip
    _insert(
        db, "block", "module, delta, theme, status, weight, region, pages, title, cache",
        (
            ("block", str(bid), theme, int(on), bid % 20, region if on else "-1", "", f"Title {bid}", -1)
            for bid in bids
            for theme, region, on in ((theme, region, theme == "bartik") for theme, region in THEMES.items())
        ),
    )  # fmt: skip
