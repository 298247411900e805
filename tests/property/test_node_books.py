"""Laws of books: whatever the outline was, and in whatever order pages are written, it becomes what the tree says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Context, node
from drupalsync.tree import TreeValue
from support.menus import unsound
from support.nodes import museum, new, nodes, run, with_fields

BOOKS = (
    "CREATE TABLE book (mlid INTEGER PRIMARY KEY, nid INTEGER, bid INTEGER)",
    "UPDATE system SET status = 1 WHERE name = 'book'",
)
PAGES = "abcde"
Outline = dict[
    str, str | None
]  # what each page hangs from: itself, where it is the first of its book; None: in no book


@contextmanager
def library() -> Iterator[Context]:
    """A museum that keeps books; what is written there is not kept, and so needs no disk."""
    with TemporaryDirectory() as folder:
        ctx = run(museum(Path(folder), *BOOKS))
        ctx.site.db.begin()
        yield ctx
        ctx.site.db.rollback()


@st.composite
def outlines(draw: st.DrawFn) -> Outline:
    """Books of these pages, no circle among them, at most six levels deep."""
    found: Outline = {}
    for page in draw(st.permutations(PAGES)):
        bound = [name for name, above in found.items() if above is not None]
        found[page] = draw(st.sampled_from([page, None, *bound]))
    return found


def book(outline: Outline, page: str) -> TreeValue:
    """The place of a page as its item has it."""
    above = outline[page]
    if above is None:
        return None
    first = page
    while outline[first] != first:
        first = str(outline[first])
    parent: dict[str, TreeValue] = {} if above == first else {"parent": f"page/{above}"}
    return {"in": f"page/{first}", **parent, "weight": ord(page) - ord("a")}


def write(ctx: Context, outline: Outline, order: Sequence[str]) -> None:
    """Makes the pages so, one after the other."""
    live = nodes(ctx)
    for page in order:
        key = f"page/{page}"
        if key in live:
            node.update(ctx, live[key], with_fields(live[key], book=book(outline, page)))
        else:
            node.create(ctx, new(key, page.upper(), book=book(outline, page)))
    node.finish(ctx)


def top_down(outline: Outline) -> list[str]:
    """The order of a plan that makes pages: what a new page needs is there before it."""
    return sorted(PAGES, key=lambda page: _level(outline, page))


def _level(outline: Outline, page: str) -> int:
    above = outline[page]
    return 0 if above in {None, page} else 1 + _level(outline, str(above))


SWAPPED: Outline = {"a": "a", "b": "c", "c": "a", "d": None, "e": None}
BEFORE: Outline = {"a": "a", "b": "a", "c": "b", "d": None, "e": None}
TAKEN_OUT: Outline = {"a": "a", "b": "d", "c": "a", "d": "c", "e": None}  # b > c > d, and d keeps its parent
INSIDE: Outline = {"a": "a", "b": "a", "c": "b", "d": "c", "e": None}


@settings(max_examples=30, deadline=None)
@given(old=outlines(), outline=outlines(), order=st.permutations(PAGES))
@example(old=BEFORE, outline=SWAPPED, order=list(PAGES))
@example(old=INSIDE, outline=TAKEN_OUT, order=list(PAGES))
def test_an_outline_becomes_another_whatever_is_written_first(old: Outline, outline: Outline, order: list[str]) -> None:
    with library() as ctx:
        write(ctx, old, top_down(old))
        assert {page: nodes(ctx)[f"page/{page}"].fields["book"] for page in PAGES} == {
            page: book(old, page) for page in PAGES
        }

        write(ctx, outline, order)

        live = nodes(ctx)
        assert {page: live[f"page/{page}"].fields["book"] for page in PAGES} == {
            page: book(outline, page) for page in PAGES
        }
        assert unsound(ctx.site) == []


def test_a_circle_is_refused() -> None:
    circle: Outline = {**BEFORE, "b": "c", "c": "b"}
    places: dict[str, TreeValue] = {
        page: {"in": "page/a", "parent": f"page/{circle[page]}", "weight": 0} for page in "bc"
    }
    with library() as ctx:
        write(ctx, BEFORE, PAGES)
        live = nodes(ctx)
        for page, place in places.items():
            node.update(ctx, live[f"page/{page}"], with_fields(live[f"page/{page}"], book=place))

        with pytest.raises(DrupalsyncError, match="hangs from itself"):
            node.finish(ctx)
