"""Themes that are on. Which one is the site's, and their settings, are variables.

Tables    system, of which the themes' rows (modules/system/system.install)
Key       its name
File      config/themes/<key>.yml
Defaults  a theme that has no file is off
Keeps     a theme must lie on the disk, and Drupal must have seen it there; a new theme's blocks stand where they do in the
          site's own one, as far as it has those regions; the site's theme and the administrators' do not go
Caches    cache:theme_registry*, cache_bootstrap, cache_block, cache_page; the router is rebuilt
Source    includes/theme.inc (theme_enable, theme_disable), modules/block/block.module (block_theme_initialize)
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._block_document import is_off
from drupalsync.kinds._block_keys import key_of
from drupalsync.kinds._block_rows import placement_columns, shared_columns
from drupalsync.kinds._block_shared import SHARED, placements_of
from drupalsync.kinds._going import refuse
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import Field, FieldProblem, is_protected, keep_written, load_fields, mapping_schema
from drupalsync.site import Cell, LocalId, Site, get_variable, set_variable
from drupalsync.site.system import regions_of
from drupalsync.tree import TreeValue
from drupalsync.tree.names import encode_name

NAME: Final = "theme"
TABLES: Final = ()  # {system} is the modules', too: config/modules.yml
AFTER: Final = ()
DOCUMENT: Final = NAME
FOLDER: Final = "themes"
FIELDS: Final[Mapping[str, Field]] = {}
DEFAULT: Final = "bartik"  # variable_get('theme_default', 'bartik')


class ThemeProblem(DrupalsyncError):
    """A theme that cannot be turned on, or off."""


def identify(ctx: Context) -> None:
    """Names every theme that is on."""
    for local_id, key in list(ctx.keys.all(NAME)):
        ctx.keys.assign(NAME, local_id, key)


def read(ctx: Context) -> Iterator[Item]:
    """Yields every theme that is on, by name."""
    for local_id, key in sorted(ctx.keys.all(NAME), key=lambda pair: pair[1]):
        yield Item(kind=NAME, key=key, fields={}, local_id=local_id)


def worth_exporting(item: Item) -> bool:
    """Every theme that is on is."""
    del item
    return True


def fill(item: Item, live: Item | None) -> Item:
    """A theme leaves nothing to the site."""
    del live
    return item


def needs(item: Item) -> tuple[str, ...]:
    """No theme needs another: Drupal uses a base theme that is off."""
    del item
    return ()


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: a theme that Drupal has never seen."""
    del desired
    known = [str(name) for (name,) in ctx.site.rows("SELECT name FROM {system} WHERE type = 'theme' ORDER BY name")]
    if item.key not in known:
        near = get_close_matches(item.key, known, n=1)
        yield ThemeProblem(
            f"Drupal knows no theme {item.key} on this site",
            where=item.source or item.address,
            hint=f"did you mean {near[0]}?"
            if near
            else "put it on the disk, and visit admin/appearance once: then Drupal knows it",
        )


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the themes' rows."""
    ctx.site.lock_rows("system", "name", [item.key for item in items])


def create(ctx: Context, item: Item) -> LocalId:
    """theme_enable(); what becomes of its blocks follows in `finish`."""
    site = ctx.site
    had = "block" in site.tables and site.one("SELECT bid FROM {block} WHERE theme = ?", [item.key]) is not None
    site.update("system", {"status": 1}, {"type": "theme", "name": item.key})
    ctx.keys.assign(NAME, item.key, item.key)
    if "block" in site.tables:  # the site's theme as it is now: this import may make the new one that
        usual = str(get_variable(site, "theme_default", DEFAULT))
        ctx.left.setdefault(NAME, {})[item.key] = None if had else usual
    _stale(ctx)
    return item.key


def update(ctx: Context, live: Item, item: Item) -> None:
    """Nothing: a theme is on or off."""
    del ctx, live, item


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing; raises ThemeProblem where the theme is in use, Problems where the tree places blocks in it."""
    del going
    _refuse_in_use(ctx.site, item, {other.key: other.fields["value"] for other in ctx.memory.tree("variable")})
    placed = [
        block
        for block in ctx.memory.tree("block")
        if (at := placements_of(block.fields).get(item.key)) is not None and not is_off(at)
    ]
    refuse(item, placed, hint=f"take {item.key} out of its placements, or put the theme back")
    return iter(())


def _refuse_in_use(site: Site, item: Item, wanted: Mapping[str, TreeValue]) -> None:
    for variable, what in (("theme_default", "the theme of the site"), ("admin_theme", "the administrators' theme")):
        now = get_variable(site, variable, DEFAULT if variable == "theme_default" else "")
        if wanted.get(variable, now) == item.key:
            raise ThemeProblem(
                f"{item.address} cannot be turned off: it is {what}",
                where=item.address,
                hint=f"keep its file, or name another one in the variable {variable}",
            )


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Drupal keeps a theme's blocks when it is turned off."""
    del ctx
    yield f"when {item.address} goes off again, its rows of {{block}} stay"


def delete(ctx: Context, item: Item) -> None:
    """theme_disable(); raises ThemeProblem where it is still in use: the variable is not in this import."""
    _refuse_in_use(ctx.site, item, {})
    ctx.site.update("system", {"status": 0}, {"type": "theme", "name": item.key})
    ctx.keys.drop(NAME, item.key)
    _stale(ctx)


def finish(ctx: Context) -> None:
    """block_theme_initialize() for new themes, after the blocks that the tree places in them.

    One that was on before has its old rows, and from now on they count: where the tree places a block of which nothing
    else changed, its row follows.
    """
    for theme, usual in ctx.left.pop(NAME, {}).items():
        if usual is None:
            _place_blocks(ctx, str(theme))
        else:
            _copy_blocks(ctx, str(theme), str(usual))


def can_move(item: Item) -> bool:
    """No theme: its name is its folder's."""
    del item
    return False


def likeness(item: Item) -> str | None:
    """None: a theme never moves."""
    del item
    return None


def place(item: Item) -> str:
    """A file of its own."""
    return f"{FOLDER}/{encode_name(item.key)}.yml"


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The theme of a file; raises FieldProblem."""
    load_fields(FIELDS, document, besides=(NAME,))
    key = document.get(NAME) if isinstance(document, dict) else None
    if not isinstance(key, str) or not key:
        raise FieldProblem("the file does not say which theme it is", (), hint="it says no more than `theme: NAME`")
    yield Item(kind=NAME, key=key, fields={}, source=path, protect=is_protected(document))


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The file of a theme."""
    (item,) = items
    return keep_written(old, {NAME: item.key}, {}, {})


def schema() -> Mapping[str, object]:
    """The JSON Schema of a file."""
    return mapping_schema(FIELDS, NAME)


def _copy_blocks(ctx: Context, theme: str, usual: str) -> None:
    site = ctx.site
    regions = regions_of(site, theme)
    columns = [name for name in site.columns("block") if name != "bid"]
    listed = ", ".join(map(site.db.quote, columns))
    there = set(site.rows("SELECT module, delta FROM {block} WHERE theme = ?", [theme]))
    wanted = {item.key: item for item in ctx.memory.tree("block")}
    copies: list[dict[str, Cell]] = []
    for cells in site.rows(f"SELECT {listed} FROM {{block}} WHERE theme = ? ORDER BY bid", [usual]):
        row = dict(zip(columns, cells, strict=True))
        if (row["module"], row["delta"]) in there:
            continue
        key = key_of(ctx, (str(row["module"]), str(row["delta"])))
        item = wanted.get(str(key))
        at = placements_of(item.fields).get(theme) if item is not None else None
        if item is not None and at is not None:  # the tree says that it is off: else it would have a row by now
            row |= placement_columns(at) | shared_columns(ctx, {**item.fields, **at}, SHARED, where=item.address)
        elif row["status"] and row["region"] not in regions:
            row["region"] = next(iter(regions), "")
        copies.append({**row, "theme": theme})
    site.insert_many("block", copies)


def _place_blocks(ctx: Context, theme: str) -> None:
    site = ctx.site
    wanted = {item.key: item for item in ctx.memory.tree("block")}
    for module, delta, status, weight in site.rows(
        "SELECT module, delta, status, weight FROM {block} WHERE theme = ? ORDER BY bid", [theme]
    ):
        place = (str(module), str(delta))
        item = wanted.get(str(key_of(ctx, place)))
        at = placements_of(item.fields).get(theme) if item is not None else None
        if item is None or at is None or (is_off(at) and not status and weight == at["weight"]):
            continue  # of a row that is off, only _block_rehash() writes the region
        columns = placement_columns(at) | shared_columns(ctx, {**item.fields, **at}, SHARED, where=item.address)
        site.update("block", columns, {"module": place[0], "delta": place[1], "theme": theme})


def _stale(ctx: Context) -> None:
    caches = ctx.site.caches
    caches.prefix("cache", "theme_registry")
    caches.entry("cache_bootstrap", "system_list")
    caches.everything("cache_menu")
    caches.everything("cache_block")
    caches.everything("cache_page")
    set_variable(ctx.site, "menu_rebuild_needed", True)
