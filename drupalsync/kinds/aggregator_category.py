"""Categories of the feed aggregator.

Tables    aggregator_category (modules/aggregator/aggregator.install); menu_links
Key       the category's title, unique in {aggregator_category}
File      config/aggregator_categories/<key>.yml
Defaults  no description; `block` is how many items its block shows (the form leaves it at 5)
Keeps     the link to its page in the menu Navigation, which takes its title; with a category go its link, its block and
          what is filed under it
Caches    the menu's; cache_block, cache_page
Source    modules/aggregator/aggregator.module (aggregator_save_category), includes/menu.inc (menu_link_maintain)
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import _menu_tree
from drupalsync.kinds._going import refuse
from drupalsync.kinds._menu_rows import TABLE, read_rows
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind
from drupalsync.kinds.tables.rows import Named

NAME: Final = "aggregator_category"
PAGES: Final = "aggregator/categories/"
MENU: Final = "navigation"
MOST: Final = 20  # items in a block, as for feeds


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: a number of items that no block has."""
    del ctx, desired
    number = item.fields["block"]
    if isinstance(number, int) and not 0 <= number <= MOST:
        yield CannotBeRow(
            f"block is {number}, and Drupal knows 0 to {MOST}", where=f"{item.source or item.address} block"
        )


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """What is filed under it; raises Problems where the tree has its block, or feeds that file something under it."""
    del going
    feeds = (feed for feed in ctx.memory.tree("aggregator_feed") if item.key in _categories(feed))
    blocks = (other for other in ctx.memory.tree("block") if other.key == f"aggregator/category-{item.key}")
    refuse(item, (*feeds, *blocks), hint="take it out there, too, or put the category back")
    row = ctx.site.one("SELECT COUNT(*) FROM {aggregator_category_item} WHERE cid = ?", [item.local_id])
    if row and row[0]:
        yield f"{counted(int(str(row[0])), 'item')} of feeds lose the category {item.key}"


def _categories(feed: Item) -> Container[object]:
    found = feed.fields["categories"]
    return found if isinstance(found, dict) else ()


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """menu_link_maintain(): the link to the category's page."""
    site, path = ctx.site, f"{PAGES}{ctx.keys.need(NAME, item.key, where=item.address)}"
    if live is not None:
        for row in read_rows(site, "link_path = ? AND module = 'aggregator' AND customized = 0", [path]):
            site.update(TABLE, {"link_title": item.key}, {"mlid": row.mlid})
            _menu_tree.stale(site, row.menu)
        return
    link: Named = {
        "menu_name": MENU,
        "link_path": path,
        "router_path": f"{PAGES}%",
        "link_title": item.key,
        "options": b"a:0:{}",
        "module": "aggregator",
    }
    mlid = site.insert(TABLE, link)
    _menu_tree.hang(site, mlid, MENU, 0)
    _menu_tree.stale(site, MENU)


def deleted(ctx: Context, item: Item) -> None:
    """What goes with a category."""
    site, number = ctx.site, item.local_id
    for table in ("aggregator_category_feed", "aggregator_category_item"):
        site.delete(table, {"cid": number})
    if "block" in site.tables:
        site.delete("block", {"module": "aggregator", "delta": f"category-{number}"})
    for row in read_rows(site, "link_path = ?", [f"{PAGES}{number}"]):
        _menu_tree.remove(site, row)


KIND: Final = TableKind(
    about=Description(
        kind=NAME,
        table="aggregator_category",
        key=("title",),
        id="cid",
        folder="aggregator_categories",
        module="aggregator",
        columns={
            "description": Col(help="What its page says.", default=""),
            "block": Col(help="How many items its block shows.", default=0),
        },
        likeness=("description",),
    ),
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, wrote=wrote, deleted=deleted),
)
