"""Laws of the rollback, on a whole small site: a random release, and the site and the ledger are again what they were."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from drupalsync.apply.desired import load_tree
from drupalsync.apply.project import Project, open_project
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Item
from drupalsync.plan import Plan
from drupalsync.tree.files import read_disk
from support.cli import Project as Folder
from support.dumps import sqlite_url
from support.plans import block, link, variable
from support.tiny_site import PAGES, TinySites
from support.undo import differences, imported, rolled_back, state

VALUES: Final = st.sampled_from([0, 1, True, "text", ["m"], {"p": 1, "q": ["z"]}, None])
TEXTS: Final = st.sampled_from(["Aye", "Bee", "Sea", "<b>fat</b>"])
PICKS: Final = st.integers(0, 1000)
Items = dict[str, Item]
Steps = list[tuple[str, int, int, object, object]]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Stage:
    """A site that was imported once, its tree, and the copy of it that every example begins with."""

    project: Project
    file: Path
    kept: Path
    items: Items

    @property
    def url(self) -> str:
        return sqlite_url(self.file)

    def restore(self) -> None:
        shutil.copyfile(self.kept, self.file)


@pytest.fixture(scope="module")
def stage(tiny_template: TinySites, tmp_path_factory: pytest.TempPathFactory) -> Stage:
    folder = tmp_path_factory.mktemp("undo")
    file, kept = folder / "site.sqlite", folder / "kept.sqlite"
    shutil.copyfile(tiny_template.dev, file)
    project = Folder(folder / "project", {"dev": sqlite_url(file)}, manifest=PAGES)
    project.run("export", "--commit")
    project.run("import", "--adopt", "--yes")
    shutil.copyfile(file, kept)
    items = load_tree(read_disk(project.root / "config"), "config").items
    return Stage(project=open_project(None, start=project.root, environ={}), file=file, kept=kept, items=dict(items))


@st.composite
def releases(draw: st.DrawFn) -> Steps:
    """What a release changes: what to do, two items to choose by number, a value and a text."""
    what = st.sampled_from(
        ["set", "new", "unset", "trim", "reword", "add", "remove", "move", "place", "post", "take down"]
    )
    return draw(st.lists(st.tuples(what, PICKS, PICKS, VALUES, TEXTS), min_size=1, max_size=8))


def after(items: Items, steps: Steps) -> Items:
    """The tree after such changes."""
    out = dict(items)
    for what, one, other, value, text in steps:
        _CHANGES[what](out, one, other, value, str(text))
    return out


def _of(items: Items, kind: str, at: int, part: str = "") -> Item | None:
    found = [item for item in items.values() if item.kind == kind and part in item.key and not _env(item)]
    return found[at % len(found)] if found else None


def _env(item: Item) -> bool:
    return "Env(" in repr(item.fields)


def _put(items: Items, item: Item | None, **fields: object) -> None:
    if item is not None:
        items[item.address] = replace(item, fields={**item.fields, **fields})  # type: ignore[dict-item]


def _drop(items: Items, item: Item | None) -> None:
    for address in [address for address in items if item and f"{address}/".startswith(f"{item.address}/")]:
        del items[address]


def _trim(items: Items, one: int, other: int) -> None:
    """Takes one entry out of a variable that is a map: what comes back must come back in its place."""
    maps = [item for item in items.values() if item.kind == "variable" and isinstance(item.fields["value"], dict)]
    found = [item for item in maps if not _env(item)]
    if found:
        item = found[one % len(found)]
        entries = dict(item.fields["value"])  # type: ignore[arg-type]
        if len(entries) > 1:
            del entries[list(entries)[other % len(entries)]]
            _put(items, item, value=entries)


def _new(items: Items, item: Item) -> None:
    items.setdefault(item.address, replace(item, source=""))


def _move(items: Items, one: int, other: int) -> None:
    """Hangs a link, with all below it, below another, or at the top of its menu."""
    moved, above = _of(items, "menu_link", one), _of(items, "menu_link", other)
    if moved is None or above is None or moved.fields["module"] != "menu":
        return
    place = above.address if other % 3 else f"menu_link:{above.key.partition('/')[0]}"
    new = f"{place}/{moved.key.rpartition('/')[2]}"
    if new in items or f"{place}/".startswith(f"{moved.address}/"):
        return
    for address in [address for address in items if f"{address}/".startswith(f"{moved.address}/")]:
        item = items.pop(address)
        there = new + address.removeprefix(moved.address)
        items[there] = replace(item, key=there.partition(":")[2], fields={**item.fields, "parent": None})


_CHANGES = {
    "set": lambda items, one, other, value, text: _put(items, _of(items, "variable", one, "site_s"), value=value),
    "new": lambda items, one, other, value, text: _new(items, variable(f"undo_{one % 3}", value)),
    "unset": lambda items, one, other, value, text: _drop(items, _of(items, "variable", one)),
    "trim": lambda items, one, other, value, text: _trim(items, one, other),
    "reword": lambda items, one, other, value, text: _put(
        items, _of(items, "menu_link", one), title=text, weight=other % 50, hidden=bool(one % 2)
    ),
    "add": lambda items, one, other, value, text: _new(
        items, link(f"{(_of(items, 'menu_link', one) or link('main-menu')).key}/new-{other % 3}", "http://new.example/")
    ),
    "remove": lambda items, one, other, value, text: _drop(items, _of(items, "menu_link", one)),
    "move": lambda items, one, other, value, text: _move(items, one, other),
    "place": lambda items, one, other, value, text: _put(
        items,
        _of(items, "block", one),
        title=text,
        placements={"bartik": {"region": "footer" if other % 2 else "none", "weight": other % 9}},
    ),
    "post": lambda items, one, other, value, text: _new(
        items, block(f"custom/new-{one % 3}", info=f"New {one % 3}", body=text, format="full_html")
    ),
    "take down": lambda items, one, other, value, text: _drop(items, _of(items, "block", one, "custom/")),
}


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
@given(release=releases())
def test_a_rollback_restores_the_site_and_the_ledger_and_so_does_its_own(stage: Stage, release: Steps) -> None:
    stage.restore()
    before = state(stage.url)
    with stage.project.site() as site:
        try:
            _, plan = imported(stage.project, site, after(stage.items, release))
        except DrupalsyncError:  # what no site can have: then there is no release
            plan = Plan()
        assume(plan.changes)
        once = state(stage.url)

        undone, _ = rolled_back(stage.project, site)
        assert differences(before, state(stage.url)) == []

        rolled_back(stage.project, site, undone)
        assert differences(once, state(stage.url)) == []


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much])
@given(first=releases(), second=releases())
def test_two_releases_are_rolled_back_one_after_the_other(stage: Stage, first: Steps, second: Steps) -> None:
    stage.restore()
    before = state(stage.url)
    with stage.project.site() as site:
        try:
            _, one = imported(stage.project, site, after(stage.items, first))
            _, other = imported(stage.project, site, after(after(stage.items, first), second))
        except DrupalsyncError:
            one = other = Plan()
        assume(one.changes and other.changes)

        for _ in range(2):
            rolled_back(stage.project, site)

    assert differences(before, state(stage.url)) == []
