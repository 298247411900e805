"""Which links are ours, what each hangs from, and what it is called.

A key is the menu and the keys of the links down to this one. It starts anew below a link that a module declares:
whether that one is customised, and so in the tree, may differ from site to site, and must not rename what is below.
Every other row gets a key of the form `menu/module:path`, so that whatever holds an mlid can name it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from drupalsync.kinds._menu_rows import OVERVIEW, Row, address, fields_of, read_rows
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.fields import same_tree
from drupalsync.kinds.identity import Hints, match
from drupalsync.kinds.slug import slug, unique
from drupalsync.site import LocalId, Site
from drupalsync.tree import TreeValue

NAME: Final = "menu_link"
NO_OPTIONS: Final = b"a:0:{}"
BOOK_MENUS: Final = "book-toc-"  # modules/book/book.module: book_menu_name()


class Links:
    """All links of a site.

    `parents` by id (None: at the top); `ours` are the links of the tree; `steps` is how many of them, the link itself
    included, make up its key.
    """

    def __init__(self, site: Site) -> None:
        self.rows = {row.mlid: row for row in read_rows(site)}
        books = _book_links(site)
        overviews = overview_links(site, self.rows.values())
        self.ours = {
            mlid: row
            for mlid, row in self.rows.items()
            if (not row.declared or row.customized)
            and mlid not in overviews
            and not (mlid in books or row.module == "book" or row.menu.startswith(BOOK_MENUS))
        }
        self.parents = {mlid: self._parent(row) for mlid, row in self.rows.items()}
        self.steps = {mlid: self._steps(mlid) for mlid in self.rows}

    def addressed(self, mlid: int) -> Row | None:
        """The parent, where a link calls it by `module:path`: its place in the tree, if any, may differ by site."""
        parent = self.parents[mlid]
        return parent if parent is not None and self._is_addressed(parent) else None

    def above(self, mlid: int) -> Row | None:
        """The parent, where it is the beginning of a link's key."""
        parent = self.parents[mlid]
        return None if parent is None or self._is_addressed(parent) else parent

    def _is_addressed(self, row: Row) -> bool:
        return row.declared or row.path.startswith(OVERVIEW) or row.mlid not in self.ours

    def _parent(self, row: Row) -> Row | None:
        """The parent; where it is gone, what Drupal would take in its place (_menu_link_find_parent)."""
        if not row.plid:
            return None
        for mlid in (row.plid, *reversed(row.trail[:-1])):
            if mlid in self.rows and mlid != row.mlid:
                return self.rows[mlid]
        return None

    def _steps(self, mlid: int) -> int:
        seen = {mlid}
        parent = self.above(mlid)
        while parent is not None and parent.mlid not in seen:
            seen.add(parent.mlid)
            parent = self.above(parent.mlid)
        if parent is not None:
            self.parents[mlid] = None  # links that hang from each other: this one counts as the first
            return 1
        return len(seen)


def _book_links(site: Site) -> set[int]:
    if "book" not in site.tables:
        return set()
    return {int(str(mlid)) for (mlid,) in site.rows("SELECT mlid FROM {book}")}


def overview_links(site: Site, rows: Iterable[Row]) -> dict[int, str]:
    """id → menu of the links to a menu's own page that menu_enable() and menu_edit_menu_submit() make, and nobody changed.

    They come and go with the menu: see `admin_link` of the kind menu.
    """
    if "menu_custom" not in site.tables:
        return {}
    menus = [tuple(map(str, row)) for row in site.rows("SELECT menu_name, title FROM {menu_custom}")]
    titles = {OVERVIEW + name: (name, title) for name, title in menus}
    rows = list(rows)
    home = overview_home(rows)
    if home is None:
        return {}
    blank = (home.mlid, "menu", 0, 0, 0, 0, NO_OPTIONS)
    found = {}
    for row in rows:
        name, title = titles.get(row.path, ("", ""))
        state = (row.plid, row.module, row.hidden, row.expanded, row.weight, row.customized, row.options)
        if name and row.title == title and state == blank and not row.extra:
            found[row.mlid] = name
    return found


def overview_home(rows: Iterable[Row]) -> Row | None:
    """The link that the menus' own pages hang from."""
    return next((row for row in rows if row.path == "admin/structure/menu" and row.module == "system"), None)


def identify(ctx: Context) -> None:
    """Gives every row its key."""
    links = Links(ctx.site)
    fields = {mlid: fields_of(ctx, _seen(row), links.addressed(mlid)) for mlid, row in links.ours.items()}
    known = _matched(ctx, links, fields)
    keys = _own_keys(ctx, links, fields, known)
    taken = set(keys.values())
    for mlid, row in links.rows.items():
        if mlid not in keys:
            keys[mlid] = unique(address_key(ctx, row), taken)
            taken.add(keys[mlid])
        ctx.keys.assign(NAME, mlid, keys[mlid])


def _seen(row: Row) -> Row:
    """The row as identity sees it: with options or without any; what cannot be read is told by who reads it."""
    return replace(row, options=row.options if row.options == NO_OPTIONS else None)


def address_key(ctx: Context, row: Row) -> str:
    """The key of a row that is not ours."""
    return f"{row.menu}/{address(ctx, row)}"


def _own_keys(ctx: Context, links: Links, fields: Mapping[int, Fields], known: Mapping[int, Item]) -> dict[int, str]:
    """The keys of our links, parents first; whoever stays where the tree has it comes before whoever moved, or is new."""
    tree = {item.key: item for item in ctx.memory.tree(NAME)}
    claimed = {item.key for item in known.values()}
    busy = set(tree)
    keys: dict[int, str] = {}
    by_steps: dict[int, list[Row]] = defaultdict(list)
    for mlid, row in links.ours.items():
        by_steps[links.steps[mlid]].append(row)
    for steps in sorted(by_steps):
        others: list[tuple[bool, int, str]] = []
        for row in by_steps[steps]:
            above = links.above(row.mlid)
            old = known.get(row.mlid)
            segment = old.key.rpartition("/")[2] if old is not None else slug(row.title)
            key = f"{row.menu if above is None else keys[above.mlid]}/{segment}"
            if old is not None and (old.key == key or _same_move(tree.get(key), fields[row.mlid], claimed)):
                keys[row.mlid] = key
                busy.add(key)
            else:
                others.append((old is None, row.mlid, key))
        for _, mlid, key in sorted(others):
            keys[mlid] = unique(key, busy)
            busy.add(keys[mlid])
    return keys


def _same_move(item: Item | None, fields: Fields, claimed: Container[str]) -> bool:
    """Whether the tree moved the link to where somebody moved it on the site."""
    return item is not None and item.key not in claimed and _belief(item.fields)[0] == _belief(fields)[0]


def _matched(ctx: Context, links: Links, fields: Mapping[int, Fields]) -> dict[int, Item]:
    """The item that each of our links is: as remembered, else by where it hangs, else by what it says."""
    known: dict[int, Item] = {}
    beliefs: dict[LocalId, Hints] = {mlid: _belief(own) for mlid, own in fields.items()}
    _learn(known, match(ctx, NAME, beliefs, [], lambda item: _belief(item.fields)))
    forgetful = replace(ctx, memory=_Forgetful())  # what is remembered has been asked for: nobody may claim it twice
    while free := _free(ctx, known):
        before = len(known)
        for steps in sorted(set(links.steps.values())):
            for hints in (_exact, _near):
                rows: dict[LocalId, Hints] = {
                    mlid: hints(_place(ctx, links, row, known), fields[mlid])
                    for mlid, row in links.ours.items()
                    if links.steps[mlid] == steps and mlid not in known
                }
                _learn(known, match(forgetful, NAME, rows, _free(ctx, known), _of_items(hints)))
        far: dict[LocalId, Hints] = {
            mlid: _far(row.menu, fields[mlid]) for mlid, row in links.ours.items() if mlid not in known
        }
        free = _free(ctx, known)
        _learn(known, match(forgetful, NAME, far, free, lambda item: _far(item.key.partition("/")[0], item.fields)))
        if len(known) == before:
            break
    return known


def _of_items(hints: Callable[[str, Fields], Hints]) -> Callable[[Item], Hints]:
    return lambda item: hints(place_of(item), item.fields)


def _learn(known: dict[int, Item], found: Mapping[LocalId, Item]) -> None:
    known.update({int(mlid): item for mlid, item in found.items()})


def _free(ctx: Context, known: Mapping[int, Item]) -> list[Item]:
    """The tree's items that no row is yet."""
    claimed = {item.key for item in known.values()}
    return [item for item in ctx.memory.tree(NAME) if item.key not in claimed]


def place_of(item: Item) -> str:
    """What an item of the tree hangs from: the key of a link, or `menu/module:path`."""
    parent = item.fields["parent"]
    return item.key.rpartition("/")[0] if parent is None else f"{item.key.partition('/')[0]}/{parent!s}"


def _place(ctx: Context, links: Links, row: Row, known: Mapping[int, Item]) -> str:
    """The same of a row: its parent as the tree calls it, which may hang elsewhere by now."""
    addressed, above = links.addressed(row.mlid), links.above(row.mlid)
    if addressed is not None:
        return address_key(ctx, addressed)
    if above is None:
        return row.menu
    return known[above.mlid].key if above.mlid in known else f"\0{above.mlid}"


def _belief(fields: Fields) -> Hints:
    return (_text("path", fields["module"], fields["path"]), _text("title", fields["title"]))


def _exact(place: str, fields: Fields) -> Hints:
    """Equal in all that tells twins apart. Not the first hint: where it says nothing certain, others follow."""
    rest = [fields[name] for name in ("weight", "hidden", "expanded", "customized")]
    plain = same_tree(fields["options"], [])
    return (None, _text(place, fields["module"], fields["path"], fields["title"], *rest, plain))


def _near(place: str, fields: Fields) -> Hints:
    own = _declared(fields)
    if own is not None:
        return (own,)
    module, path, title = fields["module"], fields["path"], fields["title"]
    return (_text(place, module, path, title), _text(place, module, path), _text(place, module, None, title))


def _far(menu: str, fields: Fields) -> Hints:
    """Alike, wherever it hangs. Nothing of this is certain enough to call two of a kind an error."""
    if _declared(fields) is not None:
        return (None,)
    module, path, title = fields["module"], fields["path"], fields["title"]
    return (None, _text(menu, module, path, title), _text(module, path, title))


def _declared(fields: Fields) -> str | None:
    """A module declares a path once: that alone says which link it is, in whatever menu."""
    return None if fields["module"] == "menu" else _text("declared", fields["module"], fields["path"])


def _text(*parts: TreeValue) -> str:
    return "\n".join(map(repr, parts))


class _Forgetful:
    """A memory of nothing."""

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        del kind, local_id
        return iter(())

    def tree(self, kind: str) -> Sequence[Item]:
        del kind
        return []
