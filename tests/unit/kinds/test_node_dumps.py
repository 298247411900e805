"""A release of nodes on a real site: what this kind writes is what Drupal wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from drupalsync.kinds import Context, Item, node
from drupalsync.kinds.fields import same_tree
from drupalsync.site import Site, parse_url
from drupalsync.site.mysql import Mysql
from drupalsync.site.sqlite import Sqlite
from support.dumps import Load, same_site
from support.nodes import Remembered, nodes, run
from support.sql import execute

TYPES = ("page", "landing", "article", "book", "forum")
# field_color is a new field of the same release, which the kind of content types makes.
TABLES = (
    "node", "node_revision", "node_access", "node_comment_statistics", "field_data_[!f]*", "field_data_field_[!c]*",
    "field_revision_[!f]*", "field_revision_field_[!c]*", "taxonomy_index", "file_*", "search_dataset", "tracker_*",
    "book", "comment",
)  # fmt: skip
MOVE_TERM = (
    "UPDATE taxonomy_term_hierarchy SET parent = (SELECT tid FROM taxonomy_term_data WHERE name = 'Europe') "
    "WHERE tid = (SELECT tid FROM taxonomy_term_data WHERE name = 'Berlin')"
)


def opened(url: str) -> Site:
    address = parse_url(url, folder=Path("/"))
    return Site(Mysql(address) if urlsplit(url).scheme == "mysql" else Sqlite(address), shown="test")


def through_files(items: dict[str, Item]) -> dict[str, Item]:
    """The items as their files say them."""
    return {key: next(node.load(node.place(item), node.dump([item], None))) for key, item in items.items()}


def release(dump: Load) -> tuple[Context, list[str]]:
    """Exports base and dev, and writes on prod what differs between the two; returns the run and what it wrote."""
    base = nodes(run(opened(dump("base")), *TYPES))
    tree = through_files(base)
    dev = through_files(nodes(run(opened(dump("dev")), *TYPES, memory=Remembered(tree.values(), base.values()))))
    prod = dump("prod")
    execute(prod, MOVE_TERM)
    ctx = run(opened(prod), *TYPES, memory=Remembered(tree.values()))
    live = nodes(ctx)
    desired = {item.address: item for item in dev.values()}
    written: list[str] = []
    ctx.site.db.begin()
    for key, item in dev.items():
        if key in tree and same_tree(dict(tree[key].fields), dict(item.fields)):
            continue
        assert list(node.check(ctx, item, desired)) == []
        if key in live:
            node.update(ctx, live[key], item)
        else:
            node.create(ctx, item)
        written.append(key)
    node.finish(ctx)
    ctx.site.db.commit()
    return ctx, written


def test_an_import_leaves_the_rows_that_drupal_would_have_left(dump: Load) -> None:
    urls: list[str] = []

    def remembered(name: str) -> str:
        urls.append(dump(name))
        return urls[-1]

    ctx, written = release(remembered)
    assert sorted(written) == ["landing/welcome", "page/about", "page/imprint"]
    ctx.site.db.close()
    code, told = same_site(urls[-1], dump("after"), *TABLES)
    assert code == 0, told


def test_a_second_export_says_what_was_written(dump: Load) -> None:
    ctx, written = release(dump)
    dev = nodes(run(opened(dump("dev")), *TYPES))
    again = nodes(run(ctx.site, *TYPES, memory=Remembered(dev.values())))
    assert len(again) >= len(dev)
    for key in written:
        assert same_tree(dict(again[key].fields), dict(dev[key].fields)), key
    ctx.site.db.close()


def test_both_engines_say_the_same(mariadb: Any, tmp_path: Path) -> None:
    from support.dumps import DUMPS, mysql_dump, sqlite_dump, sqlite_url

    if not DUMPS.is_dir():
        pytest.skip("no dumps")
    url = mysql_dump("base", mariadb)
    there = nodes(run(opened(url), *TYPES))
    here = nodes(run(opened(sqlite_url(sqlite_dump("base", tmp_path))), *TYPES))
    mariadb.drop_database(urlsplit(url).path[1:])
    assert there.keys() == here.keys()
    for key, item in here.items():
        # The dumps were made five seconds apart.
        assert same_tree({**item.fields, "created": ""}, {**there[key].fields, "created": ""}), key


def test_a_node_takes_along_the_files_that_only_it_uses(dump: Load) -> None:
    ctx = run(opened(dump("prod")), "landing")
    welcome = nodes(ctx)["landing/welcome"]

    (loss,) = node.losses(ctx, welcome, {welcome.address})

    assert loss == (
        "with node:landing/welcome Drupal forgets what only it uses, 2 files: "
        "public://annual report (2011).txt, public://hero/banner.png"
    )
    assert list(node.remains(ctx, welcome)) == []
    ctx.site.db.begin()
    ctx.site.execute("DELETE FROM {file_usage}")
    assert len(list(node.remains(ctx, welcome))) == 2
    ctx.site.db.rollback()
