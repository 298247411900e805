"""What forbids writing a block, before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import partial
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import _block_pages as pages_of
from drupalsync.kinds import references
from drupalsync.kinds._block_document import CUSTOM, NAME, is_custom, is_off
from drupalsync.kinds._block_keys import module_of, reference_of
from drupalsync.kinds._block_rows import BLOCK_COLUMNS, CUSTOM_COLUMNS, has_blocks
from drupalsync.kinds._block_shared import placements_of
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._text_format import format_problem
from drupalsync.kinds._text_links import link_problems
from drupalsync.kinds.base import Context, Item

MENU_MODULE: Final = "menu"  # its deltas are names of menus (modules/menu/menu.module: menu_block_info)
LONGEST: Final = {"info": 128, "title": 255}  # characters, modules/block/block.install
LONGEST_DELTA: Final = 32


class BlockProblem(DrupalsyncError):
    """A block that the site cannot have as the tree says."""


def problems(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields all that is wrong with one block."""
    where = item.source or item.address
    if not has_blocks(ctx.site):
        yield BlockProblem(f"{item.address} needs the module block, which is off", where=where, hint="drush en block")
        return
    yield from _of_custom(item, desired, where) if is_custom(item.key) else _of_module(ctx, item, desired, where)
    for name, longest in LONGEST.items():
        text = item.fields[name]
        if isinstance(text, str) and len(text) > longest:
            yield BlockProblem(f"the {name} has {len(text)} characters; there is room for {longest}", where=where)
    for kind, name in _references(item):
        problem = references.problem(ctx, kind, name, desired, where=where)
        if problem is not None:
            yield problem
    yield from _of_format(ctx, item, desired, where)
    yield from pages_of.problems(ctx, item.fields["pages"], desired, where=where)
    body = item.fields["body"]
    if isinstance(body, str):
        yield from link_problems(ctx, body, desired, where=f"{where}: body")
    yield from _of_columns(ctx, item, where)
    yield from _characters(ctx, item, where)
    placements = item.fields["placements"]
    for theme, at in placements.items() if isinstance(placements, dict) else ():
        yield from _of_placement(ctx, theme, at, desired, f"{where}: placements/{theme}")
        yield from pages_of.problems(ctx, at.get("pages"), desired, where=where)


def _of_custom(item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    info = item.fields["info"]
    if not info:
        yield BlockProblem("a custom block needs an `info`", where=where, hint="info: its name on the admin page")
    start = f"{NAME}:{CUSTOM}"
    for address, other in desired.items():
        if address.startswith(start) and address != item.address and other.fields["info"] == info:
            yield BlockProblem(
                f"{item.address} and {address} have the same info, {info!r}",
                where=where,
                hint="no two custom blocks may: give one of them another",
            )


def _of_module(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    name, _, delta = item.key.partition("/")
    module, reference = module_of(name), reference_of(item.key)
    if ctx.keys.local_id("module", module) is None:
        yield BlockProblem(
            f"the module {module} is off on this site, or is not there",
            where=where,
            hint="switch it on, or take its blocks out of the tree" + _near(module, _all(ctx, "module")),
        )
    if reference is None and len(delta) > LONGEST_DELTA:
        yield BlockProblem(f"a delta has at most {LONGEST_DELTA} characters, this one {len(delta)}", where=where)
    if module == MENU_MODULE:
        reference = ("menu", delta)
    problem = references.problem(ctx, *reference, desired, where=where) if reference else None
    if problem is not None:
        yield problem


def _references(item: Item) -> Iterator[tuple[str, str]]:
    """(kind, key) of what a block needs. A role that is not there would leave it open to everybody."""
    for kind, field in (("role", "roles"), ("content_type", "content_types")):
        names = item.fields[field]
        yield from ((kind, str(name)) for name in (names if isinstance(names, list) else ()))


def _of_format(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    if item.fields["format"] is None:
        return
    name = str(item.fields["format"])
    wrong = format_problem(ctx, name, desired, where=where, has=partial(_has_format, ctx, item))
    if wrong is not None:
        yield wrong


def _characters(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    own = {name: item.fields[name] for name in ("info", "body")}
    extra = item.fields["extra_custom"]
    yield from character_problems(ctx.site, item, "block_custom", own, where=where, extra=extra)
    for at in (item.fields, *placements_of(item.fields).values()):
        shared = {name: at.get(name) for name in ("title", "pages")}
        yield from character_problems(ctx.site, item, "block", shared, where=where, extra=at.get("extra"))


def _has_format(ctx: Context, item: Item) -> bool:
    """Whether the block on the site has the format of the item."""
    sql = "SELECT bid FROM {block_custom} WHERE bid = ? AND format = ?"
    return ctx.site.one(sql, [item.local_id, str(item.fields["format"])]) is not None


def _of_columns(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    for table, known, field in (("block", BLOCK_COLUMNS, "extra"), ("block_custom", CUSTOM_COLUMNS, "extra_custom")):
        given = item.fields[field]
        there = ctx.site.extra_columns(table, known)
        for name in given if isinstance(given, dict) else ():
            if name not in there:
                yield BlockProblem(
                    f"the site's table {table} has no column {name!r}",
                    where=where,
                    hint=f"switch the module on that adds it, or take it out of `{field}`",
                )


def _of_placement(
    ctx: Context, theme: str, at: Mapping[str, Any], desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    if is_off(dict(at)):
        return  # also right where the theme is not there
    region = at["region"]
    if ctx.keys.local_id("theme", theme) is None and f"theme:{theme}" not in desired:
        yield BlockProblem(
            f"the theme {theme} is not enabled on this site",
            where=where,
            hint="enable it, or take it out of the placements" + _near(theme, _all(ctx, "theme")),
        )
    elif "status" not in at and ctx.keys.local_id("region", f"{theme}/{region}") is None:
        regions = [key.partition("/")[2] for key in _all(ctx, "region") if key.startswith(f"{theme}/")]
        yield BlockProblem(
            f"the theme {theme} has no region {region!r}",
            where=where,
            hint=_near(region, regions).lstrip(" (").rstrip(")") or f"its regions: {', '.join(regions)}",
        )


def _all(ctx: Context, kind: str) -> list[str]:
    return [key for _, key in ctx.keys.all(kind)]


def _near(name: object, known: Sequence[str]) -> str:
    near = get_close_matches(str(name), known, n=1)
    return f" (did you mean {near[0]}?)" if near else ""
