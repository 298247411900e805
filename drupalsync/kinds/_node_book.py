"""Books: which one a node is in, below which page, and where among its siblings; and menu links that go with a node.

In an item: `{in: <key of the book's first page>, parent: <key of the page above>, weight: 0}`; `parent` only where that
is not the first page. The first page itself is in its own book.
Source: modules/book/book.module (_book_update_outline, book_update_bid, book_node_delete), modules/book/book.pages.inc
(book_remove_form_submit), modules/menu/menu.module (menu_node_delete).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._menu_rows import TABLE, Row, read_row, read_rows
from drupalsync.kinds._menu_tree import below, hang, move, remove, set_expanded_menus, stale
from drupalsync.kinds.base import Context
from drupalsync.site import LocalId, Site
from drupalsync.tree import TreeValue

NODE = "node"
Book = dict[str, TreeValue]


class NotInBook(DrupalsyncError):
    """A page is to hang below a node that is not in the same book."""


def read_books(ctx: Context, nids: Iterable[int]) -> dict[int, Book]:
    """The places of these nodes, in one query; a page whose book is gone is in none."""
    if "book" not in ctx.site.tables:
        return {}
    rows = ctx.site.rows(
        "SELECT b.nid, b.bid, above.nid, l.weight FROM {book} b INNER JOIN {menu_links} l ON l.mlid = b.mlid "
        "LEFT JOIN {book} above ON above.mlid = l.plid"
    )
    wanted = set(nids)
    found: dict[int, Book] = {}
    for nid, bid, above, weight in rows:
        first = ctx.keys.key(NODE, bid)
        if int(str(nid)) in wanted and first is not None:
            parent = ctx.keys.key(NODE, above) if above is not None and above != bid else None
            found[int(str(nid))] = {"in": first, **({"parent": parent} if parent else {}), "weight": int(str(weight))}
    return found


def save_place(ctx: Context, nid: int, key: str, title: str, book: TreeValue, *, where: str) -> None:
    """Notes where `book` puts the node, for `settle_places`; None takes it out of its book (book_remove_form_submit).

    A page that is new in books gets its link at once, at the top: others may be written that hang from it.
    """
    if "book" not in ctx.site.tables:
        return
    link = _link(ctx.site, nid)
    if not isinstance(book, dict):
        if link is not None:
            _remove(ctx.site, link)
            ctx.site.delete("book", {"nid": nid})
        return
    if link is None:
        bid = nid if book["in"] == key else ctx.keys.need(NODE, str(book["in"]), where=where)
        ctx.site.delete("book", {"nid": nid})  # a page whose link somebody deleted has no place either
        ctx.site.insert("book", {"nid": nid, "mlid": _insert(ctx.site, nid, bid, title), "bid": bid})
    else:
        rename_place(ctx, nid, title)
    ctx.left.setdefault(NODE, {})[nid] = book


def settle_places(ctx: Context) -> None:
    """Puts the pages of this run where they belong (_book_update_outline), from the top down: a page can only follow
    what it hangs from, and may even hang from one that was below it before.
    """
    left = ctx.left.pop(NODE, {})
    for nid in sorted(left, key=lambda nid: (_level(ctx, int(nid), left), int(nid))):
        key, link, book = str(ctx.keys.key(NODE, nid)), _link(ctx.site, int(nid)), left[nid]
        assert link is not None
        assert isinstance(book, dict)
        where = f"{NODE}:{key}"
        bid = int(nid) if book["in"] == key else ctx.keys.need(NODE, str(book["in"]), where=where)
        plid = 0 if bid == nid else _parent(ctx, bid, str(book.get("parent", book["in"])), where)
        _change(ctx.site, link, bid, plid, link.title, int(str(book["weight"])))


def rename_place(ctx: Context, nid: int, title: str) -> None:
    """_book_update_outline(): a page's link bears its title."""
    link = _link(ctx.site, nid) if "book" in ctx.site.tables else None
    if link is not None and link.title != title:
        ctx.site.update(TABLE, {"link_title": title}, {"mlid": link.mlid})
        stale(ctx.site, link.menu)


def leave_book(ctx: Context, nid: int) -> None:
    """book_node_delete(): pages below a first page become books of their own, others move up."""
    link = _link(ctx.site, nid) if "book" in ctx.site.tables else None
    if link is None:
        return
    if ctx.site.one("SELECT nid FROM {book} WHERE nid = ? AND bid = ?", [nid, nid]):
        for child in read_rows(ctx.site, "plid = ?", [link.mlid]):
            row = ctx.site.one("SELECT nid FROM {book} WHERE mlid = ?", [child.mlid])
            if row is not None:
                _change(ctx.site, child, int(str(row[0])), 0, child.title, child.weight)
    _remove(ctx.site, link)
    ctx.site.delete("book", {"mlid": link.mlid})


def delete_menu_links(ctx: Context, nid: int) -> None:
    """menu_node_delete(): the links to it that were made by hand."""
    for found in read_rows(ctx.site, "link_path = ? AND module = 'menu'", [f"node/{nid}"]):
        link = read_row(ctx.site, found.mlid)  # the one before it may have moved it up
        if link is not None:
            _remove(ctx.site, link)


def _link(site: Site, nid: int) -> Row | None:
    row = site.one("SELECT mlid FROM {book} WHERE nid = ?", [nid])
    return read_row(site, int(str(row[0]))) if row else None


def _parent(ctx: Context, bid: int, key: str, where: str) -> int:
    row = ctx.site.one(
        "SELECT mlid FROM {book} WHERE nid = ? AND bid = ?", [ctx.keys.need(NODE, key, where=where), bid]
    )
    if row is None:
        raise NotInBook(
            f"node:{key} is not a page of that book",
            where=where,
            hint="give it a place in the book first, or name another parent",
        )
    return int(str(row[0]))


def _level(ctx: Context, nid: int, left: Mapping[LocalId, TreeValue]) -> int:
    """How many pages the node is to hang from, those counted that stay where they are; raises NotInBook for a circle."""
    trail: list[int] = []
    at: int | None = nid
    while at is not None:
        if at in trail:
            raise NotInBook(
                "this page hangs from itself", where=f"{NODE}:{ctx.keys.key(NODE, nid)}", hint="name another parent"
            )
        trail.append(at)
        at = _above(ctx, at, left[at]) if at in left else _above_now(ctx.site, at)
    return len(trail) - 1


def _above(ctx: Context, nid: int, book: TreeValue) -> int | None:
    """The page that `book` hangs the node from."""
    assert isinstance(book, dict)
    key = str(ctx.keys.key(NODE, nid))
    if book["in"] == key:
        return None
    return ctx.keys.need(NODE, str(book.get("parent", book["in"])), where=f"{NODE}:{key}")


def _above_now(site: Site, nid: int) -> int | None:
    """The page that the node hangs from now."""
    row = site.one(
        "SELECT above.nid FROM {book} b INNER JOIN {menu_links} l ON l.mlid = b.mlid "
        "INNER JOIN {book} above ON above.mlid = l.plid WHERE b.nid = ?",
        [nid],
    )
    return int(str(row[0])) if row else None


def _insert(site: Site, nid: int, bid: int, title: str) -> int:
    """menu_link_save() for a new page, with what _book_link_defaults() says, at the top of its book."""
    menu = f"book-toc-{bid}"
    mlid = site.insert(
        TABLE,
        {
            "menu_name": menu,
            "link_path": f"node/{nid}",
            "router_path": "node/%",
            "link_title": title,
            "options": b"a:0:{}",
            "module": "book",
        },
    )
    hang(site, mlid, menu, 0)
    stale(site, menu)
    return mlid


def _change(site: Site, link: Row, bid: int, plid: int, title: str, weight: int) -> None:
    menu = f"book-toc-{bid}"
    if (link.menu, link.plid) != (menu, plid):
        move(site, link, menu, plid)
    site.update(TABLE, {"link_title": title, "weight": weight}, {"mlid": link.mlid})
    stale(site, menu)
    there = read_row(site, link.mlid)
    assert there is not None
    for mlid in [link.mlid, *(child for child, _ in chain.from_iterable(below(site, there)))]:
        site.update("book", {"bid": bid}, {"mlid": mlid})


def _remove(site: Site, link: Row) -> None:
    remove(site, link)
    if link.expanded:
        set_expanded_menus(site)
