"""Menus: what they are called, and the files that hold them and their links.

Tables    menu_custom (modules/menu/menu.install); block, block_role (modules/block/block.install)
Key       its machine name
File      config/menus/<menu_name>.yml, with its links (kind menu_link) as a nested tree
Defaults  the four menus that Drupal itself makes: their English title and description, which a file need not repeat
Keeps     a new menu's block, off, in every theme that is on (_block_rehash); the link from the administration menu to
          the menu's page, and its title; menu_default_active_menus; with a menu go its links, its blocks and their
          roles, and what modules declare goes back where it belongs (menu_delete_menu_confirm_submit); so none of these
          may still stand in the tree
Caches    cache_menu, all of it; cache_block, cache_page
Source    modules/menu/menu.module (menu_save, menu_delete), modules/menu/menu.admin.inc, modules/block/block.module
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import _menu_going, _menu_tree, menu_link
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._menu_document import FOLDER, MENU_FIELDS, SYSTEM_MENUS, dump, load, place, system_defaults
from drupalsync.kinds._menu_going import MenuProblem, drupals_own
from drupalsync.kinds._menu_identity import overview_home, overview_links
from drupalsync.kinds._menu_rows import OVERVIEW, TABLE, Row, extras_in, extras_out, read_rows
from drupalsync.kinds._menu_schema import document_schema
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import Field, same_tree
from drupalsync.php import Value
from drupalsync.site import Cell, LocalId, Site, get_variable, modules, set_variable, themes

__all__ = ["FOLDER", "dump", "load", "place"]

NAME: Final = "menu"
TABLES: Final = ("menu_custom",)
AFTER: Final = ()
DOCUMENT: Final = NAME
FIELDS: Final[Mapping[str, Field]] = MENU_FIELDS
MENUS: Final = "menu_custom"
KNOWN: Final = ("menu_name", "title", "description", "i18n_mode")
LONGEST: Final = {"name": 32, "title": 255}
ACTIVE: Final = "menu_default_active_menus"


def identify(ctx: Context) -> None:
    """A menu's machine name is its key."""
    for name in _titles(ctx.site):
        ctx.keys.assign(NAME, name, name)


def read(ctx: Context) -> Iterator[Item]:
    """Yields every menu by name; without the module menu, Drupal's own as it makes them."""
    if MENUS not in ctx.site.tables:
        for own in sorted(SYSTEM_MENUS):
            yield Item(kind=NAME, key=own, local_id=own, fields=system_defaults(own) or {})
        return
    extra = ctx.site.extra_columns(MENUS, KNOWN)
    columns = ", ".join(map(ctx.site.db.quote, ("menu_name", "title", "description", *extra)))
    linked = set(overview_links(ctx.site, _overviews(ctx.site)).values())
    for name, title, description, *more in ctx.site.rows(f"SELECT {columns} FROM {{{MENUS}}} ORDER BY menu_name"):
        yield Item(
            kind=NAME,
            key=str(name),
            local_id=str(name),
            fields={
                "title": str(title),
                "description": None if description is None else str(description),
                "admin_link": str(name) in linked,
                "extra": dict(extras_out(ctx.site.columns(MENUS), extra, more)),
            },
        )


def worth_exporting(item: Item) -> bool:
    """One of Drupal's own menus is where somebody changed it; a file with its links names it anyway."""
    defaults = system_defaults(item.key)
    return defaults is None or any(not same_tree(item.fields[name], value) for name, value in defaults.items())


def fill(item: Item, live: Item | None) -> Item:
    """A menu leaves nothing to the site."""
    del live
    return item


def schema() -> Mapping[str, object]:
    """The JSON Schema of a menu's file."""
    return document_schema()


def needs(item: Item) -> tuple[str, ...]:
    """No menu needs another."""
    del item
    return ()


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields names and titles that do not fit, and what the site lacks."""
    del desired
    where = item.source or item.address
    if MENUS not in ctx.site.tables:
        yield MenuProblem(f"{item.address} needs the module menu, which is off", where=where, hint="drush en menu")
        return
    for what, text in (("name", item.key), ("title", item.fields["title"])):
        if isinstance(text, str) and len(text) > LONGEST[what]:
            yield MenuProblem(
                f"the {what} of {item.address} has {len(text)} characters, and Drupal keeps {LONGEST[what]}",
                where=where,
            )
    if item.fields["admin_link"] is True and overview_home(_overviews(ctx.site)) is None:
        yield MenuProblem(
            f"the administration menu has no place for a link to {item.address}", where=where, hint="admin_link: false"
        )
    texts = [("menu_name", item.key), *((name, item.fields[name]) for name in ("title", "description"))]
    yield from character_problems(ctx.site, item, MENUS, dict(texts), where=where, extra=item.fields["extra"])
    extra = item.fields["extra"]
    for column in extra if isinstance(extra, dict) else ():
        if column not in ctx.site.extra_columns(MENUS, KNOWN):
            yield MenuProblem(
                f"{{{MENUS}}} has no column {column!s} on this site",
                where=where,
                hint="switch on the module that adds it, or take it out of `extra`",
            )


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the menus' rows, their links and their blocks."""
    names = [item.key for item in items]
    for table, column in ((MENUS, "menu_name"), (TABLE, "menu_name"), ("block", "delta")):
        if table in ctx.site.tables:
            ctx.site.lock_rows(table, column, names)
    ctx.site.lock_rows(TABLE, "link_path", [OVERVIEW + name for name in names])


def create(ctx: Context, item: Item) -> LocalId:
    """menu_edit_menu_submit() for a new menu, and the blocks that the next look at the block page would make of it."""
    site = ctx.site
    site.insert(MENUS, {"menu_name": item.key, **_columns(site, item)})
    active = _active_menus(site)
    if active is not None and item.key not in active.values():
        set_variable(site, ACTIVE, _php_array({**active, max(active, default=-1) + 1: item.key}))
    if item.fields["admin_link"] is True:
        _add_overview(ctx, item)
    _add_blocks(site, item.key)
    _stale(site)
    ctx.keys.assign(NAME, item.key, item.key)
    return item.key


def update(ctx: Context, live: Item, item: Item) -> None:
    """menu_edit_menu_submit() for a menu that is there: its overview link takes its new title. Raises MenuProblem."""
    if live.key != item.key:
        raise MenuProblem(
            f"the menu {live.key} cannot become {item.key}: Drupal never renames one",
            where=item.source or item.address,
            hint="make a new menu, and move the links there",
        )
    linked = _own_overviews(ctx.site, item.key)
    ctx.site.update(MENUS, _columns(ctx.site, item), {"menu_name": item.key})
    if item.fields["admin_link"] is True and not linked:
        _add_overview(ctx, item)
    for row in linked:
        if item.fields["admin_link"] is True:
            ctx.site.update(TABLE, {"link_title": str(item.fields["title"])}, {"mlid": row.mlid})
            _menu_tree.stale(ctx.site, row.menu)
        else:
            _remove_link(ctx, row)
    _stale(ctx.site)


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The links and the block of the menu that only the site has; raises Problems where the menu cannot go."""
    yield from _menu_going.losses(ctx, item.key, going)


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """The list of active menus, which Drupal writes when a menu goes, also where nobody ever chose them."""
    if _active_menus(ctx.site) is None:
        yield f"when the menu {item.key} goes again, Drupal leaves the variable {ACTIVE} behind"


def delete(ctx: Context, item: Item) -> None:
    """menu_delete_menu_confirm_submit(): the menu with all that is in it. Raises MenuProblem for Drupal's own menus."""
    site, name = ctx.site, item.key
    if name in SYSTEM_MENUS:
        raise drupals_own(name)
    for row in sorted(
        read_rows(site, "menu_name = ? AND module = 'system'", [name]), key=lambda row: row.path.count("/")
    ):
        menu_link.reset(ctx, row)
    for row in read_rows(site, "link_path = ?", [OVERVIEW + name]):
        _remove_link(ctx, row)
    left = [row for row in read_rows(site, "menu_name = ?", [name]) if row.module != "system" or row.updated]
    for row in left:
        site.delete(TABLE, {"mlid": row.mlid})
        ctx.keys.drop(menu_link.NAME, row.mlid)
    _forget_active(site, name)
    site.delete(MENUS, {"menu_name": name})
    for table in ("block", "block_role"):
        if table in site.tables:
            site.delete(table, {"module": "menu", "delta": name})
    _menu_tree.stale(site, name)
    _stale(site)
    ctx.keys.drop(NAME, name)


def finish(ctx: Context) -> None:
    """Recomputes menu_expanded: links may have gone with a menu."""
    _menu_tree.set_expanded_menus(ctx.site)


def can_move(item: Item) -> bool:
    """No menu: to Drupal its name is what it is."""
    del item
    return False


def likeness(item: Item) -> str | None:
    """A menu is its name: it never moves."""
    del item
    return None


def _columns(site: Site, item: Item) -> dict[str, Cell]:
    description = item.fields["description"]
    return {
        "title": str(item.fields["title"]),
        "description": None if description is None else str(description),
        **extras_in(site, MENUS, KNOWN, item.fields["extra"]),
    }


def _titles(site: Site) -> dict[str, str]:
    if MENUS not in site.tables:
        return {name: title for name, (title, _) in SYSTEM_MENUS.items()}
    return {
        str(name): str(title)
        for name, title in site.rows(f"SELECT menu_name, title FROM {{{MENUS}}} ORDER BY menu_name")
    }


def _overviews(site: Site) -> list[Row]:
    """The links to menus' own pages, and the one that they hang from."""
    return read_rows(
        site, "link_path = ? OR SUBSTR(link_path, 1, ?) = ?", [OVERVIEW[: -len("/manage/")], len(OVERVIEW), OVERVIEW]
    )


def _own_overviews(site: Site, menu: str) -> list[Row]:
    """The links to one menu's page that nobody changed."""
    rows = _overviews(site)
    own = overview_links(site, rows)
    return [row for row in rows if own.get(row.mlid) == menu]


def _add_overview(ctx: Context, item: Item) -> None:
    """The link to the menu's page, as menu_edit_menu_submit() makes it."""
    site = ctx.site
    home = overview_home(_overviews(site))
    if home is None:
        raise MenuProblem(
            f"the administration menu has no place for a link to {item.address}", hint="admin_link: false"
        )
    mlid = site.insert(
        TABLE,
        {
            "menu_name": home.menu,
            "plid": home.mlid,
            "link_path": OVERVIEW + item.key,
            "router_path": f"{OVERVIEW}%",
            "link_title": str(item.fields["title"]),
            "options": b"a:0:{}",
            "module": "menu",
        },
    )
    _menu_tree.hang(site, mlid, home.menu, home.mlid)
    _menu_tree.refresh_parent(site, home.menu, home.mlid)
    _menu_tree.stale(site, home.menu)
    ctx.keys.assign(menu_link.NAME, mlid, f"{home.menu}/menu:{OVERVIEW}{item.key}")


def _remove_link(ctx: Context, row: Row) -> None:
    _menu_tree.remove(ctx.site, row)
    ctx.keys.drop(menu_link.NAME, row.mlid)


def _add_blocks(site: Site, menu: str) -> None:
    """The rows that _block_rehash() makes for menu_block_info(): off, in every theme that is on."""
    if "block" not in site.tables or menu in SYSTEM_MENUS or not {"block", "menu"} <= modules(site).keys():
        return
    there = {
        str(theme) for (theme,) in site.rows("SELECT theme FROM {block} WHERE module = 'menu' AND delta = ?", [menu])
    }
    blank: dict[str, Cell] = {
        "status": 0,
        "weight": 0,
        "region": "-1",
        "custom": 0,
        "visibility": 0,
        "pages": "",
        "title": "",
        "cache": -1,
    }
    own = [{"module": "menu", "delta": menu, "theme": theme, **blank} for theme in themes(site) if theme not in there]
    site.insert_many("block", own)


def _active_menus(site: Site) -> dict[int, Value] | None:
    """menu_default_active_menus by index; None where nobody set it."""
    value = get_variable(site, ACTIVE)
    if isinstance(value, list):
        return dict(enumerate(value))
    return {key: name for key, name in value.items() if isinstance(key, int)} if isinstance(value, dict) else None


def _forget_active(site: Site, menu: str) -> None:
    """What menu_delete() makes of the active menus: all by title where nobody chose them, and the menu's own place stays empty."""
    active = _active_menus(site)
    if active is None:
        titles = _titles(site)
        active = dict(enumerate(_by_title(titles)))
    if menu in active.values():
        set_variable(site, ACTIVE, _php_array({key: own for key, own in active.items() if own != menu}))


def _by_title(titles: Mapping[str, str]) -> list[str]:
    return sorted(titles, key=lambda name: titles[name].encode("utf-8", "surrogateescape"))


def _php_array(entries: Mapping[int, Value]) -> Value:
    return list(entries.values()) if list(entries) == list(range(len(entries))) else dict(entries.items())


def _stale(site: Site) -> None:
    """menu_cache_clear_all(), and what a menu's links clear."""
    site.caches.everything("cache_menu")
    site.caches.everything("cache_block")
    site.caches.everything("cache_page")
