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

from collections.abc import Container, Iterator
from typing import Final

from drupalsync.errors import counted
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import Child, Col, Description, Hooks, TableKind

FOUND: Final = Col(derived=True)


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The items that were read."""
    del going
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
        kind="aggregator_feed",
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
    hooks=Hooks(losses=losses, deleted=deleted),
)
