"""What forbids writing a menu link: all of it is found before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import _menu_router as router
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._menu_identity import NAME
from drupalsync.kinds._menu_rows import KNOWN, LEVELS, TABLE, Row, read_rows
from drupalsync.kinds._menu_tree import TooDeep, below
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import PATHS, path_in, path_out, path_problem, split
from drupalsync.site import NoSuchReference, Site

LONGEST: Final = 255
_CHILDREN: Final = f"SELECT mlid FROM {{{TABLE}}} WHERE plid IN (…) ORDER BY mlid"
_INTERNAL: Final = {kind: path for path, kind in PATHS.items()}


class LinkProblem(DrupalsyncError):
    """A menu link that Drupal would not take, or would soon lose."""


def problems(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields all that is wrong with an item of the tree."""
    where = item.source or item.address
    path, title = item.fields["path"], item.fields["title"]
    texts = {"menu_name": item.key.partition("/")[0], "link_title": title, "link_path": path}
    unfit = list(character_problems(ctx.site, item, TABLE, texts, where=where, extra=item.fields["extra"]))
    if unfit:
        yield from unfit
        return  # the database does not compare such a text with its own
    yield from _parent(ctx, item, desired, where)
    yield from _depth(ctx, item, desired, where)
    for name, text in (("title", title), ("path", path)):
        if isinstance(text, str) and len(text) > LONGEST:
            yield LinkProblem(
                f"the {name} of {item.address} has {len(text)} characters, and Drupal keeps {LONGEST}", where=where
            )
    extra = item.fields["extra"]
    for column in extra if isinstance(extra, dict) else ():
        if column not in ctx.site.extra_columns(TABLE, KNOWN):
            yield LinkProblem(
                f"{{{TABLE}}} has no column {column!s} on this site",
                where=where,
                hint="switch on the module that adds it, or take it out of `extra`",
            )
    if not isinstance(path, str):
        return
    reference = path_problem(ctx, path, desired, where=where)
    if reference is not None:
        yield reference
    elif item.fields["module"] == "menu":
        yield from _by_hand(ctx, item, path, where)
    else:
        yield from _declared(ctx, item, path, desired, where)


def _by_hand(ctx: Context, item: Item, path: str, where: str) -> Iterator[DrupalsyncError]:
    if not path:
        yield LinkProblem(f"{item.address} leads nowhere", where=where, hint="path: <front>, or whatever it is for")
    elif router.is_external(ctx.site, _probe(path)):
        return
    elif "?" in path or "#" in path:
        yield LinkProblem(
            f"the path {path} of {item.address} has a query or a fragment",
            where=where,
            hint="put them into options: {query: {…}, fragment: …}",
        )
    elif item.fields["customized"] is False and not router.router_path(ctx.site, _probe(path)):
        yield LinkProblem(
            f"nothing on this site serves the path {path} of {item.address}: the next rebuild of the menus would delete the link",
            where=where,
            hint=_mend(ctx, path),
        )


def _probe(path: str) -> str:
    """An internal path with any id: whether the router serves it does not depend on which."""
    parts = split(path)
    return path if parts is None else f"{_INTERNAL[parts[0]]}/0{parts[2]}"


def _mend(ctx: Context, path: str) -> str:
    if "url_alias" in ctx.site.tables:
        row = ctx.site.one("SELECT source FROM {url_alias} WHERE alias = ? ORDER BY pid DESC", [path])
        if row is not None:
            return f"{path} is an alias: write path: {path_out(ctx, str(row[0]))}"
    return "enable the module or view that serves it first, correct the path, or say `customized: true`"


def _declared(
    ctx: Context, item: Item, path: str, desired: Mapping[str, Item], where: str
) -> Iterator[DrupalsyncError]:
    module = str(item.fields["module"])
    if module != "system" or router.is_routed(ctx.site, path) or _comes_with_a_type(path, desired):
        return
    if not links_to(ctx.site, module, path):
        yield LinkProblem(
            f"no module on this site declares the path {path} of {item.address}",
            where=where,
            hint="enable the module first, correct the path, or write `path:` for a link of your own",
        )


def _comes_with_a_type(path: str, desired: Mapping[str, Item]) -> bool:
    """Whether the page that creates content is one of a type that the tree brings (node_menu: `_` becomes `-`)."""
    types = {address.partition(":")[2].replace("_", "-") for address in desired if address.startswith("content_type:")}
    return path.startswith("node/add/") and path.removeprefix("node/add/") in types


def links_to(site: Site, module: str, path: str) -> list[Row]:
    """The links of a module to an internal path."""
    return read_rows(site, "module = ? AND link_path = ?", [module, path])


def parent_row(ctx: Context, item: Item, *, where: str) -> Row | None:
    """The row that `parent` names, in this menu where it can be; None where the item has no `parent`.

    Raises NoSuchReference where there is none.
    """
    parent = item.fields["parent"]
    if not isinstance(parent, str):
        return None
    module, _, path = parent.partition(":")
    rows = links_to(ctx.site, module, path_in(ctx, path, where=where))
    menu = item.key.partition("/")[0]
    rows.sort(key=lambda row: (row.menu != menu, row.mlid))
    if not rows:
        raise NoSuchReference(
            f"{item.address} hangs from {parent}, which this site does not have",
            where=where,
            hint="enable the module that declares it, or take `parent:` out",
        )
    return rows[0]


def needed(item: Item) -> tuple[str, ...]:
    """The address of the link that an item's key says it hangs from."""
    above, slash, _ = item.key.rpartition("/")
    return (f"{item.kind}:{above}",) if slash and "/" in above else ()


def _parent(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    menu = item.key.partition("/")[0]
    for address in needed(item):
        key = address.partition(":")[2]
        if address not in desired and ctx.keys.local_id(item.kind, key) is None:
            yield ctx.keys.missing(item.kind, key, where=where)
    if _circular(item, desired):
        yield LinkProblem(f"{item.address} hangs from itself", where=where, hint="correct its `parent:`")
        return
    if isinstance(item.fields["parent"], str):
        if _holder(item, desired) is not None:
            return
        try:
            row = parent_row(ctx, item, where=where)
        except DrupalsyncError as problem:
            yield problem
            return
        if row is not None and row.menu != menu:
            yield LinkProblem(
                f"{item.address} hangs from {item.fields['parent']}, which is in the menu {row.menu} on this site",
                where=where,
                hint="take that link into the tree as well (drupalsync export), or put this one into its menu",
            )
    on_top = item.key.count("/") == 1  # one message for all that hangs from it
    made = {f"menu:{menu}", f"shortcut_set:{menu}"} & desired.keys()
    if on_top and not made and not _has_menu(ctx.site, menu):
        yield NoSuchReference(
            f"{item.address} is in a menu that this site does not have", where=where, hint="give the file a `title:`"
        )


def _circular(item: Item, desired: Mapping[str, Item]) -> bool:
    """Whether what the tree says of the links above one leads back to it."""
    seen: set[str] = set()
    at: Item | None = item
    while at is not None and at.key not in seen:
        seen.add(at.key)
        at = _holder(at, desired) if isinstance(at.fields["parent"], str) else next(map(desired.get, needed(at)), None)
    return at is not None


def _holder(item: Item, desired: Mapping[str, Item]) -> Item | None:
    """The declared link that an item hangs from, where the tree has it in this menu."""
    menu = item.key.partition("/")[0]
    module, _, path = str(item.fields["parent"]).partition(":")
    for other in desired.values():
        if other.kind != item.kind or other.key == item.key or not other.key.startswith(f"{menu}/"):
            continue
        if (other.fields["module"], other.fields["path"]) == (module, path):
            return other
    return None


def _has_menu(site: Site, menu: str) -> bool:
    for table, column in (("menu_custom", "menu_name"), ("shortcut_set", "set_name"), (TABLE, "menu_name")):
        if table in site.tables and site.one(f"SELECT {column} FROM {{{table}}} WHERE {column} = ? LIMIT 1", [menu]):
            return True
    return False


def _depth(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    level = _level(ctx, item, desired, where)
    height = 0
    if item.fields["module"] != "menu" and isinstance(item.fields["path"], str):
        rows = links_to(ctx.site, str(item.fields["module"]), item.fields["path"])
        height = len(below(ctx.site, rows[0])) if rows else 0
    elif isinstance(item.local_id, int):
        height = _height_of_strangers(ctx, item.local_id, desired)
    if level + height > LEVELS:
        what = f"{item.address} would be on level {level}" + (f", with {height} more below it" if height else "")
        yield TooDeep(f"{what}, and Drupal keeps {LEVELS}", where=where, hint="move it, or a link above it, up")


def _height_of_strangers(ctx: Context, mlid: int, desired: Mapping[str, Item]) -> int:
    """How many levels of links that only the site has hang below one; what the tree has, or had, is told for itself."""
    height = 0
    seen = parents = {mlid}
    while parents:
        found = {int(str(child)) for (child,) in ctx.site.rows_in(_CHILDREN, parents)} - seen
        parents = {child for child in found if _is_stranger(ctx, child, desired)}
        seen = seen | found
        height += 1 if parents else 0
    return height


def _is_stranger(ctx: Context, mlid: int, desired: Mapping[str, Item]) -> bool:
    key = ctx.keys.key(NAME, mlid)
    return f"{NAME}:{key}" not in desired and next(iter(ctx.memory.recall(NAME, mlid)), None) is None


def _level(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> int:
    """The level that an item will be on."""
    level = 0
    at: Item | None = item
    while at is not None and level <= LEVELS:
        level += at.key.count("/")
        first = desired.get(f"{at.kind}:{'/'.join(at.key.split('/')[:2])}", at)
        at = _holder(first, desired) if isinstance(first.fields["parent"], str) else None
        if at is None:
            level += _depth_of_parent(ctx, first, where)
    return level


def _depth_of_parent(ctx: Context, item: Item, where: str) -> int:
    try:
        row = parent_row(ctx, item, where=where)
    except DrupalsyncError:  # told elsewhere
        return 0
    return row.depth if row is not None else 0
