"""A release of blocks on a real site: what this kind writes is what Drupal wrote."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from drupalsync.kinds import Context, Item, Scope, block
from drupalsync.kinds.slug import slug
from drupalsync.site import LOADERS, Keys, Site, parse_url
from drupalsync.site.mysql import Mysql
from drupalsync.site.sqlite import Sqlite
from drupalsync.tree import same
from support.blocks import Remembered, blocks
from support.dumps import Load, same_site
from support.sql import execute

MENU_ROW = (
    "INSERT INTO block (module, delta, theme, region, pages, cache) "
    "SELECT 'menu', 'menu-legal', name, '-1', '', -1 FROM {} WHERE type = 'theme' AND status = 1"
)


def run(url: str, memory: Remembered | None = None) -> Context:
    """A run on a dump; its nodes are known by type and title."""
    address = parse_url(url, folder=Path("/"))
    site = Site(Mysql(address) if urlsplit(url).scheme == "mysql" else Sqlite(address), shown="test")
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=memory or Remembered(), now=1)
    for nid, kind, title in site.rows("SELECT nid, type, title FROM {node} ORDER BY nid DESC"):
        assert isinstance(nid, int)
        ctx.keys.assign("node", nid, f"{kind}/{slug(str(title))}")
    block.identify(ctx)
    return ctx


def through_files(items: dict[str, Item]) -> dict[str, Item]:
    """The items as their files say them."""
    return {key: next(block.load(block.place(item), block.dump([item], None))) for key, item in items.items()}


def write(ctx: Context, wanted: dict[str, Item]) -> list[str]:
    """Writes what differs; returns the keys."""
    live = blocks(ctx)
    written: list[str] = []
    for key, item in wanted.items():
        filled = block.fill(item, live.get(key))
        if key in live and same(filled.fields, live[key].fields):
            continue
        assert list(block.check(ctx, filled, {each.address: each for each in wanted.values()})) == []
        if key in live:
            block.update(ctx, live[key], filled)
        else:
            block.create(ctx, filled)
        written.append(key)
    block.finish(ctx)
    return written


def test_an_import_leaves_the_rows_that_drupal_would_have_left(dump: Load, engine: str) -> None:
    base = blocks(run(dump("base")))
    dev = through_files(blocks(run(dump("dev"), Remembered(base.values()))))
    prod, after = dump("prod"), dump("after")
    # The menu's own block comes with the menu.
    execute(prod, MENU_ROW.format("`system`" if engine == "mariadb" else "system"))

    ctx = run(prod, Remembered(base.values()))
    ctx.site.db.begin()
    written = write(ctx, dev)
    ctx.site.db.commit()

    assert written == ["custom/footer-notice", "custom/newsletter-sign-up", "node/recent"]
    assert same_site(prod, after, "block*") == (0, "the same\n")
    assert write(run(prod, Remembered(dev.values())), dev) == []


def test_both_engines_read_the_same_items(dump: Load, engine: str) -> None:
    found = blocks(run(dump("dev")))

    assert same(
        found["custom/footer-notice"].fields["pages"], {"show_on": ["<front>", "node:page/about-us", "imprint"]}
    )
    assert same(found["node/recent"].fields["placements"]["bartik"], {"region": "none", "weight": 7, "title": "Latest"})
    assert len(found) == 28
