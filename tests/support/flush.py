"""What `drush cc all` makes of the rows that drupalsync writes, as far as SQL can say it: Drupal's own rebuilds, replayed.

Source: includes/menu.inc (_menu_navigation_links_rebuild), modules/block/block.module (_block_rehash); both are called by
drupal_flush_all_caches() (includes/common.inc).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from drupalsync.php import decode

if TYPE_CHECKING:
    from support.cli import Project

LOST_LINKS: Final = (
    "router_path NOT IN (SELECT path FROM menu_router) AND external = 0 AND updated = 0 AND customized = 0"
)
LOST_BLOCKS: Final = "module = 'block' AND delta NOT IN (SELECT CAST(bid AS CHAR) FROM block_custom)"


def flush(site: Project) -> None:
    """Rebuilds the menus and the blocks of every theme that is on."""
    rebuild_menus(site)
    rehash_blocks(site)


def rebuild_menus(site: Project) -> None:
    """Gives declared links what the router says, and takes away the links that nothing serves any more."""
    for column in ("title", "weight"):
        own = "link_title" if column == "title" else column
        site.click(
            f"UPDATE menu_links SET {own} = (SELECT {column} FROM menu_router WHERE path = link_path) "
            "WHERE module = 'system' AND customized = 0 AND link_path IN (SELECT path FROM menu_router)"
        )
    site.click(f"DELETE FROM menu_links WHERE {LOST_LINKS}")


def rehash_blocks(site: Project) -> None:
    """Takes away rows of custom blocks that are gone, and switches off what stands in a region that its theme lacks."""
    site.click(f"DELETE FROM block WHERE {LOST_BLOCKS}")
    for theme, info in site.rows("SELECT name, info FROM system WHERE type = 'theme' AND status = 1"):
        found: Any = decode(info if isinstance(info, bytes) else str(info).encode())
        regions = ", ".join(f"'{region}'" for region in found["regions"])
        site.click(
            f"UPDATE block SET status = 0 WHERE theme = '{theme}' AND region <> '-1' AND region NOT IN ({regions})"
        )
        site.click(f"UPDATE block SET region = '-1' WHERE theme = '{theme}' AND status = 0")
