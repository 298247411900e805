"""Feeds of the aggregator: where news come from.

Tables    aggregator_feed, aggregator_category_feed (modules/aggregator/aggregator.install)
Key       the feed's title, unique in {aggregator_feed}
File      config/aggregator_feeds/<key>.yml
Defaults  `block` is how many items its block shows, `refresh` every how many seconds it is read; 0: never
Keeps     what the last reading found (link, description, image, hash, etag, times) is the site's; with a feed go its
          items and its block
Caches    none
Source    modules/aggregator/aggregator.module (aggregator_save_feed)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds._going import refuse
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Child, Col, Description, Hooks, TableKind

NAME: Final = "aggregator_feed"
FOUND: Final = Col(derived=True)
MOST: Final = 20  # items in a block (aggregator_form_feed)
_URL: Final = re.compile(r"(https?|ftp|feed)://[^\s/]+\S*", re.IGNORECASE)


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields what aggregator_form_feed_validate() refuses, and numbers that its form does not offer."""
    del ctx
    where, url = item.source or item.address, item.fields["url"]  # which may hold a secret, and is in no message
    if not isinstance(url, str) or not _URL.fullmatch(url):
        yield CannotBeRow(
            f"the url of {item.address} is no address to read from",
            where=f"{where} url",
            hint="url: http://www.example.org/feed.xml",
        )
    for other in desired.values():
        if other.kind == NAME and other.fields["url"] == url and other.key < item.key:
            yield CannotBeRow(
                f"{other.address} and {item.address} read from one url",
                where=f"{where} url",
                hint="delete one of the two, or give it another url",
            )
    for name, most in (("block", MOST), ("refresh", None)):
        number = item.fields[name]
        if isinstance(number, int) and (number < 0 or (most is not None and number > most)):
            least = f"0 to {most}" if most is not None else "0 or more"
            yield CannotBeRow(f"{name} is {number}, and Drupal knows {least}", where=f"{where} {name}")


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The items that were read; raises Problems where the tree has the feed's block."""
    del going
    refuse(item, (other for other in ctx.memory.tree("block") if other.key == f"aggregator/feed-{item.key}"))
    row = ctx.site.one("SELECT COUNT(*) FROM {aggregator_item} WHERE fid = ?", [item.local_id])
    if row and row[0]:
        yield f"{counted(int(str(row[0])), 'item')} of the feed {item.key}"


def deleted(ctx: Context, item: Item) -> None:
    """What goes with a feed."""
    site, number = ctx.site, item.local_id
    read = [iid for (iid,) in site.rows("SELECT iid FROM {aggregator_item} WHERE fid = ?", [number])]
    site.change_in("DELETE FROM {aggregator_category_item} WHERE iid IN (…)", read)
    site.delete("aggregator_item", {"fid": number})
    if "block" in site.tables:
        site.delete("block", {"module": "aggregator", "delta": f"feed-{number}"})


KIND: Final = TableKind(
    about=Description(
        kind=NAME,
        table="aggregator_feed",
        key=("title",),
        id="fid",
        folder="aggregator_feeds",
        module="aggregator",
        columns={
            "url": Col(help="Where it is read.", required=True, default=""),
            "refresh": Col(help="Seconds between two readings; 0: never by itself.", default=0),
            "block": Col(help="How many items its block shows.", default=0),
            "link": Col(derived=True, value=""),
            "description": Col(derived=True, value=""),
            "image": Col(derived=True, value=""),
            **dict.fromkeys(("checked", "queued", "hash", "etag", "modified"), FOUND),
        },
        children=(
            Child(
                table="aggregator_category_feed",
                field="categories",
                parent={"fid": "fid"},
                key=("cid",),
                columns={"cid": Col(refers="aggregator_category")},
                help="The categories that its items go to: `News: {}`.",
            ),
        ),
        after=("aggregator_category",),
        likeness=("url",),
    ),
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, deleted=deleted),
)
