"""Characters that a column of the site cannot hold: MySQL's utf8mb3 ends at U+FFFF, and so before every emoji."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Item
from drupalsync.site import Site
from drupalsync.tree import TreeValue, walk

NARROW: Final = ("utf8", "utf8mb3")
_BEYOND: Final = re.compile("[\U00010000-\U0010ffff]")


class WillNotFit(DrupalsyncError):
    """A text with a character that its column has no room for."""


def nearest(word: str, known: Iterable[str]) -> str:
    """A hint for an unknown word: the known one that is like it, or all of them.

    >>> nearest("textfeld", ["textfield", "date"]), nearest("xyz", ["textfield", "date"])
    ('did you mean textfield?', 'one of: textfield, date')
    """
    words = list(known)
    near = get_close_matches(word, words, n=1)
    return f"did you mean {near[0]}?" if near else f"one of: {', '.join(words)}"


def character_problems(
    site: Site, item: Item, table: str, texts: Mapping[str, TreeValue], *, where: str, extra: TreeValue = None
) -> Iterator[WillNotFit]:
    """Yields an error for each column that cannot hold the text, or list of texts, that the item has for it.

    `extra` are columns that core does not know, as an item has them.
    """
    columns = site.columns(table)
    for name, value in (*texts.items(), *(extra.items() if isinstance(extra, dict) else ())):
        column = columns.get(str(name))
        if column is None or column.charset not in NARROW:
            continue
        leaves = (leaf for _, leaf in walk(value) if isinstance(leaf, str))
        if found := next(filter(None, map(_BEYOND.search, leaves)), None):
            yield WillNotFit(
                f"{table}.{column.name} cannot hold the {found[0]} (U+{ord(found[0]):04X}) of {item.address}: "
                f"its character set is {column.charset}",
                where=where,
                hint="take it out, or convert the site's tables to utf8mb4",
            )
