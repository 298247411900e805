"""Which cached copies an import has made stale.

Changes name what they touched; nothing is cleared before the commit, and the page cache goes last (a page built
from a stale part would otherwise be cached anew). Bins that a site keeps outside the database are out of reach:
the manifest's `after_import` commands are for those.
Source: includes/cache.inc (cache_clear_all, DrupalDatabaseCache::clear), includes/common.inc (drupal_flush_all_caches).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from drupalsync.site.site import Site

PAGE_BIN = "cache_page"
_BIN: Final = re.compile(r"cache(_[A-Za-z0-9_]+)?")


def is_bin(table: str) -> bool:
    """Whether a table is called as every cache bin is: `cache`, or `cache_` and more.

    >>> is_bin("cache"), is_bin("cache_views"), is_bin("variable"), is_bin("cached"), is_bin("cache_")
    (True, True, False, False, False)
    """
    return _BIN.fullmatch(table) is not None


@dataclass(frozen=True, slots=True, order=True)
class Stale:
    """Entries of one bin: the one named `cid`, those that begin with it (`prefix`), or all (`cid` is "*").

    What is stale is deleted, and nothing keeps it: raises ValueError for a table that is no bin, before any is touched.
    """

    bin: str
    cid: str
    prefix: bool = False

    def __post_init__(self) -> None:
        if not is_bin(self.bin):
            raise ValueError(f"{self.bin!r} is no cache bin: it is never cleared")


class Caches:
    """What is stale so far, in a stable order."""

    def __init__(self) -> None:
        self._stale: dict[Stale, None] = {}

    def entry(self, bin_: str, cid: str) -> None:
        """One entry is stale."""
        self._stale[Stale(bin_, cid)] = None

    def prefix(self, bin_: str, start: str) -> None:
        """Every entry whose id begins with `start` is stale."""
        self._stale[Stale(bin_, start, prefix=True)] = None

    def everything(self, bin_: str) -> None:
        """The whole bin is stale."""
        self._stale[Stale(bin_, "*")] = None

    def stale(self) -> list[Stale]:
        """What is to clear, in the order to clear it."""
        return sorted(self._stale, key=lambda entry: (entry.bin == PAGE_BIN, entry))

    def forget(self) -> None:
        """Starts over, as after a rollback."""
        self._stale.clear()


def clear(site: Site, stale: Stale) -> None:
    """Deletes the cached rows; a bin that the site does not have, or a table that only sounds like one, is nothing to clear."""
    if stale.bin not in site.tables or not {"cid", "expire"} <= set(site.columns(stale.bin)):
        return
    if stale.cid == "*":
        site.execute(f"DELETE FROM {{{stale.bin}}}")
    elif stale.prefix:
        # No LIKE: `_` and `%` in a menu's name would match too much, and escaping differs by engine.
        site.execute(f"DELETE FROM {{{stale.bin}}} WHERE SUBSTR(cid, 1, ?) = ?", [len(stale.cid), stale.cid])
    else:
        site.delete(stale.bin, {"cid": stale.cid})
