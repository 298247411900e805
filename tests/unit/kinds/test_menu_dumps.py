"""A release of menus on a real site: what these kinds write is what Drupal wrote."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from drupalsync.kinds import Context, Item, Kind, Scope, menu, menu_link
from drupalsync.kinds.slug import slug
from drupalsync.php import encode
from drupalsync.plan import Action
from drupalsync.plan.build import Inputs, Policy, make_plan
from drupalsync.site import LOADERS, Keys, Site, get_variable, parse_url
from drupalsync.site.mysql import Mysql
from drupalsync.site.sqlite import Sqlite
from drupalsync.tree import same
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.dumps import Load, same_site
from support.menus import Remembered
from support.sql import execute

KINDS: dict[str, Kind] = {"menu": menu, "menu_link": menu_link}
TABLES = ("menu_custom", "menu_links")
# The release's own node, and the text of the page that adds one of its type: they are other kinds' business.
NODE = "INSERT INTO node (nid, vid, type, language, title) VALUES (56, 5600, 'page', 'und', 'Imprint')"
REVISION = "INSERT INTO node_revision (nid, vid, title, log) VALUES (56, 5600, 'Imprint', '')"
OPTIONS = encode({"attributes": {"title": "A page that sells more."}}).hex()
TYPE = f"UPDATE menu_links SET options = x'{OPTIONS}' WHERE link_path = 'node/add/landing' AND module = 'system'"


def run(url: str, memory: Remembered | None = None) -> Context:
    """A run on a dump; its nodes are known by type and title."""
    address = parse_url(url, folder=Path("/"))
    site = Site(Mysql(address) if urlsplit(url).scheme == "mysql" else Sqlite(address), shown="test")
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=memory or Remembered(), now=1)
    for nid, kind, title in site.rows("SELECT nid, type, title FROM {node} ORDER BY nid DESC"):
        assert isinstance(nid, int)
        ctx.keys.assign("node", nid, f"{kind}/{slug(str(title))}")
    menu.identify(ctx)
    menu_link.identify(ctx)
    return ctx


def read(ctx: Context) -> dict[str, Item]:
    return {item.address: item for kind in KINDS.values() for item in kind.read(ctx)}


def through_files(items: dict[str, Item]) -> dict[str, Item]:
    """The items as their files say them."""
    files: dict[str, list[Item]] = {}
    for item in items.values():
        files.setdefault(menu.place(item), []).append(item)
    texts = {path: emit(menu.dump(held, None)) for path, held in files.items()}
    return {item.address: item for path, text in texts.items() for item in menu.load(path, parse(text, where=path))}


def write(ctx: Context, base: dict[str, Item], desired: dict[str, Item]) -> int:
    """Imports with --prune; returns how many items were written."""
    live = read(ctx)
    plan = make_plan(Inputs(kinds=KINDS, live=live, desired=desired, base=base), Policy(prune=True))
    changes = [change for change in plan.changes if change.action is not Action.ADOPT]
    for change in changes:
        kind = KINDS[change.kind]
        if change.desired is None:
            kind.delete(ctx, live[change.address])
            continue
        assert list(kind.check(ctx, change.desired, desired)) == []
        if change.live is None:
            kind.create(ctx, change.desired)
        else:
            kind.update(ctx, live[change.live.address], change.desired)
    for kind in KINDS.values():
        kind.finish(ctx)
    return len(changes)


def test_an_import_leaves_the_rows_that_drupal_would_have_left(dump: Load) -> None:
    base = read(run(dump("base")))
    dev = through_files(read(run(dump("dev"), Remembered(base.values(), base.values()))))
    prod, after = dump("prod"), dump("after")
    for statement in (NODE, REVISION, TYPE):
        execute(prod, statement)

    ctx = run(prod, Remembered(dev.values(), base.values()))
    ctx.site.db.begin()
    written = write(ctx, base, dev)
    ctx.site.db.commit()

    assert written == 14
    assert same_site(prod, after, *TABLES) == (0, "the same\n")
    expanded = run(after).site
    assert get_variable(ctx.site, "menu_expanded") == get_variable(expanded, "menu_expanded")
    blocks = "SELECT theme, status, weight, region, pages, title, cache FROM {block} WHERE delta = 'menu-legal' ORDER BY theme"
    assert ctx.site.rows(blocks) == expanded.rows(blocks)
    again = run(prod, Remembered(dev.values()))
    assert write(again, dev, dev) == 0


def test_both_engines_read_the_same_items(dump: Load) -> None:
    found = read(run(dump("dev")))

    assert len(found) == 32
    assert same(found["menu:menu-legal"].fields["admin_link"], False)
    assert same(
        found["menu_link:main-menu/team"].fields["options"], {"attributes": {"target": "_blank", "title": "The team"}}
    )
    deepest = "menu_link:menu-footer/contact/level-4/level-5/level-6/level-7/level-8/level-9"
    assert found[deepest].fields["path"] == "node:page/page-not-found"
    assert same(found["menu_link:navigation/basic-page"].fields["hidden"], True)
    assert found["menu_link:navigation/basic-page"].fields["parent"] == "system:node/add"
