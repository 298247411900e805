"""Shortcut sets. Their links are links of a menu that has the set's name, and stand with the menus.

Tables    shortcut_set (modules/shortcut/shortcut.install)
Key       its machine name, which numbers them: `shortcut-set-2`
File      config/shortcut_sets/<key>.yml; the links: config/menus/<key>.yml
Defaults  none
Keeps     which set a user has is content; with a set go its links, and its users get the default set, which stays
Caches    the menu's; cache_block, cache_page
Source    modules/shortcut/shortcut.module (shortcut_set_save, shortcut_set_delete)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import _menu_tree
from drupalsync.kinds._going import refuse
from drupalsync.kinds._menu_rows import TABLE, read_rows
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind

NAME: Final = "shortcut_set"
DEFAULT: Final = "shortcut-set-1"  # SHORTCUT_DEFAULT_SET_NAME
_NAME: Final = re.compile(r"[\w-]+", re.ASCII)


class SetNeeded(DrupalsyncError):
    """The set that everybody has who chose none."""


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: a name that is none, or a menu's; no title, or that of another set."""
    where = item.source or item.address
    if not _NAME.fullmatch(item.key):
        yield CannotBeRow(
            f"{item.key!r} cannot be the name of a shortcut set", where=where, hint="as Drupal does: shortcut-set-2"
        )
    elif f"menu:{item.key}" in desired or ctx.keys.local_id("menu", item.key) is not None:
        yield CannotBeRow(
            f"{item.key} is a menu already, and the links of a shortcut set are those of the menu of its name",
            where=where,
            hint="as Drupal does: shortcut-set-2",
        )
    if not item.fields["title"]:
        yield CannotBeRow(f"{item.address} has no title", where=f"{where} title", hint="title: what users read")
    for other in desired.values():
        if other.kind == NAME and other.fields["title"] == item.fields["title"] and other.key < item.key:
            yield CannotBeRow(
                f"{other.address} and {item.address} have the same title",
                where=f"{where} title",
                hint="give one of them another",
            )


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The links that only the site has; raises SetNeeded for the default set."""
    if item.key == DEFAULT:
        raise SetNeeded(
            f"{item.address} cannot be deleted: everybody has it who chose no other", where=item.address, hint="keep it"
        )
    links = (link for link in ctx.memory.tree("menu_link") if link.key.startswith(f"{item.key}/"))
    refuse(item, list(links)[:1], hint="delete that file, too, or put the set back")
    own = read_rows(ctx.site, "menu_name = ?", [item.key])
    left = [row for row in own if f"menu_link:{ctx.keys.key('menu_link', row.mlid)}" not in going]
    if left:
        yield f"with {item.address} goes what only the site has in it: {counted(len(left), 'link')}"


def deleted(ctx: Context, item: Item) -> None:
    """shortcut_set_delete()."""
    ctx.site.delete("shortcut_set_users", {"set_name": item.key})
    for row in read_rows(ctx.site, "menu_name = ?", [item.key]):
        ctx.site.delete(TABLE, {"mlid": row.mlid})
        ctx.keys.drop("menu_link", row.mlid)
    _menu_tree.stale(ctx.site, item.key)


KIND: Final = TableKind(
    about=Description(
        kind=NAME,
        table="shortcut_set",
        key=("set_name",),
        folder="shortcut_sets",
        module="shortcut",
        columns={"title": Col(help="What users read.", required=True, default="")},
        caches=(("cache_block", "*"), ("cache_page", "*")),
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, deleted=deleted),
)
