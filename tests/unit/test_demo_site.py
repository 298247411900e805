"""The demo's sites are what Drupal would have written: its columns, its invariants, its values."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.demo.clicks import on_dev
from drupalsync.demo.rows import move_link
from drupalsync.demo.site import make_production, make_site, writing
from drupalsync.php import decode, encode
from support.dumps import needs_dumps, sqlite_dump

if TYPE_CHECKING:
    from pathlib import Path

    from support.tiny_site import TinySites

SERIALIZED = (
    ("variable", "value"), ("system", "info"), ("menu_links", "options"), ("field_config", "data"), ("filter", "settings"),
    ("field_config_instance", "data"), ("menu_router", "access_arguments"), ("menu_router", "page_arguments"),
)  # fmt: skip
GROWS = ("node", "node_revision", "menu_links", "block_custom", "taxonomy_term_data", "comment")


def rows(path: Path, query: str, *params: Any) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query, params).fetchall()


@pytest.fixture(params=["dev", "prod", "dev after clicks"])
def site(request: pytest.FixtureRequest, tiny_sites: TinySites) -> Path:
    if request.param == "prod":
        return tiny_sites.prod
    if request.param == "dev after clicks":
        on_dev(tiny_sites.dev)
    return tiny_sites.dev


def test_a_site_is_the_same_every_time(tmp_path: Path) -> None:
    texts = []
    for name in ("one", "two"):
        dev, prod = tmp_path / f"{name}-dev", tmp_path / f"{name}-prod"
        make_site(dev)
        make_production(dev, prod)
        with closing(sqlite3.connect(dev)) as one, closing(sqlite3.connect(prod)) as other:
            texts.append([*one.iterdump(), *other.iterdump()])

    assert texts[0] == texts[1]


def test_every_serialized_value_is_as_php_writes_it(site: Path) -> None:
    for table, column in SERIALIZED:
        stored = [str(value).encode() for (value,) in rows(site, f"SELECT {column} FROM {table}")]

        assert stored
        assert [encode(decode(value)) for value in stored] == stored


def test_a_link_knows_its_way_from_the_root_and_whether_it_has_children(site: Path) -> None:
    columns = ", ".join(f"p{level}" for level in range(1, 10))
    found = rows(site, f"SELECT mlid, plid, depth, has_children, hidden, menu_name, {columns} FROM menu_links")
    trails = {mlid: [number for number in trail if number] for mlid, _, _, _, _, _, *trail in found}
    shown = {plid for _, plid, _, _, hidden, *_ in found if hidden == 0}
    menus = {mlid: menu for mlid, _, _, _, _, menu, *_ in found}

    for mlid, plid, depth, has_children, _, menu, *_ in found:
        assert trails[mlid] == [*trails.get(plid, []), mlid]
        assert depth == len(trails[mlid])
        assert has_children == (mlid in shown)
        assert not plid or menus[plid] == menu


def test_a_parent_whose_last_child_moved_away_has_no_children(tiny_sites: TinySites) -> None:
    with writing(tiny_sites.dev) as db:
        (mlid, old), (new, _) = (
            db.execute("SELECT mlid, plid FROM menu_links WHERE link_title = ?", (title,)).fetchone()
            for title in ("Friends", "Exhibitions")
        )
        move_link(db, mlid, parent=new, weight=0)

    found = dict(rows(tiny_sites.dev, "SELECT mlid, has_children FROM menu_links WHERE mlid IN (?, ?)", old, new))
    assert found == {old: 0, new: 1}


def test_a_link_has_a_route_or_leads_away(site: Path) -> None:
    routes = {path for (path,) in rows(site, "SELECT path FROM menu_router")}

    for path, router_path, external in rows(site, "SELECT link_path, router_path, external FROM menu_links"):
        assert (router_path == "") if external else (router_path in routes), path


def test_a_block_has_a_row_for_each_theme_and_stands_in_a_region_that_is_there(site: Path) -> None:
    themes = rows(site, "SELECT name, info FROM system WHERE type = 'theme' AND status = 1")
    infos: dict[str, Any] = {name: decode(info.encode()) for name, info in themes}
    regions = {name: info["regions"] for name, info in infos.items()}
    found = rows(site, "SELECT module, delta, theme, status, region FROM block")

    assert {(module, delta, theme) for module, delta, *_ in found for theme in regions} == {row[:3] for row in found}
    assert all(region in regions[theme] if status else region == "-1" for _, _, theme, status, region in found)


def test_a_node_has_its_rows_in_every_table(site: Path) -> None:
    nids = set(rows(site, "SELECT nid FROM node"))

    for table, column in (
        ("node_comment_statistics", "nid"),
        ("tracker_node", "nid"),
        ("search_dataset", "sid"),
        ("node_revision", "nid"),
        ("field_revision_body", "entity_id"),
    ):
        assert set(rows(site, f"SELECT {column} FROM {table}")) == nids, table
    assert (
        rows(site, "SELECT n.nid FROM node n LEFT JOIN node_revision r ON r.vid = n.vid WHERE r.nid IS NOT n.nid") == []
    )
    bodies = "SELECT entity_id, revision_id, bundle FROM field_data_body WHERE entity_type = 'node'"
    assert set(rows(site, bodies)) == set(rows(site, "SELECT nid, vid, type FROM node"))
    assert set(rows(site, "SELECT nid, tid FROM taxonomy_index")) == set(
        rows(site, "SELECT entity_id, field_tags_tid FROM field_data_field_tags")
    )


def test_production_gives_other_ids_to_what_comes_next(tiny_sites: TinySites) -> None:
    newest = "SELECT name, seq FROM sqlite_sequence"
    dev, prod = dict(rows(tiny_sites.dev, newest)), dict(rows(tiny_sites.prod, newest))

    assert {table for table in GROWS if prod[table] > dev.get(table, 0)} == set(GROWS)


@needs_dumps
def test_the_columns_are_those_that_drupal_makes(tiny_template: TinySites, tmp_path: Path) -> None:
    real = sqlite_dump("base", tmp_path)
    tables = {name for (name,) in rows(tiny_template.dev, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    in_both = tables & {name for (name,) in rows(real, "SELECT name FROM sqlite_master WHERE type = 'table'")}

    assert tables - in_both == set()
    for table in sorted(in_both):
        ours, theirs = _columns(tiny_template.dev, table), _columns(real, table)
        assert ours == theirs, table


def _columns(site: Path, table: str) -> dict[str, tuple[Any, ...]]:
    """name → type, NOT NULL, default, place in the primary key; a default that is NULL is none."""
    found = rows(site, 'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_info(?)', table)
    return {
        name: (kind, required, None if default == "NULL" else default, key)
        for name, kind, required, default, key in found
    }
