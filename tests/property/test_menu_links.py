"""Laws of menu links: however they are moved and deleted, they hang as Drupal keeps them; files are exact and quiet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drupalsync.kinds import Context, Item, Kind, menu, menu_link
from drupalsync.plan import Action
from drupalsync.plan.build import Inputs, Policy, make_plan
from drupalsync.plan.model import OnDrift
from drupalsync.site import Site
from drupalsync.tree import same
from drupalsync.tree.edit import edit
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.menus import Remembered, changed, context, link, links, make_site, menus, unsound

MENUS = ("main-menu", "menu-footer")
KINDS: dict[str, Kind] = {"menu": menu, "menu_link": menu_link}
COUNT = 14

# A forest is, for each link, its parent (-1 and -2: the top of a menu; COUNT and more: the link before it, so that chains
# become long; else one of those before it), whether it is hidden, and whether it is expanded.
nodes = st.tuples(st.integers(-2, 2 * COUNT), st.booleans(), st.booleans())
forests = st.integers(0, COUNT).flatmap(lambda size: st.lists(nodes, min_size=size, max_size=size))
permutations = st.permutations(range(COUNT))


def forest(parents: list[tuple[int, bool, bool]], order: list[int]) -> dict[str, Item]:
    """The links of a forest by address, at most nine levels; `order` says which link each of its nodes is."""
    keys: list[str] = []
    items: dict[str, Item] = {}
    for at, (parent, hidden, expanded) in enumerate(parents):
        above = keys[at - 1 if parent >= COUNT else parent % at] if parent >= 0 and at else MENUS[parent % 2]
        if above.count("/") >= 9:
            above = MENUS[0]
        name = f"link-{order[at]}"
        keys.append(f"{above}/{name}")
        item = link(keys[-1], name, f"http://example.org/{name}", hidden=hidden, expanded=expanded, weight=at % 3)
        items[item.address] = item
    return items


trees = st.builds(forest, forests, permutations)


def site_of(folder: str) -> Site:
    return make_site(Path(folder) / "site.sqlite", links=())


def live(ctx: Context) -> dict[str, Item]:
    return {item.address: item for item in links(ctx).values()}


def apply(ctx: Context, desired: dict[str, Item]) -> None:
    """Makes the site's links into those of a tree, as an import does: everything else is deleted."""
    before = live(ctx)
    policy = Policy(adopt=True, prune=True, on_drift=OnDrift.OVERWRITE)
    plan = make_plan(Inputs(kinds=KINDS, live=before, desired=desired, base=before), policy)
    deletes = [change for change in plan.changes if change.action is Action.DELETE]
    writes = sorted(
        (change for change in plan.changes if change.action is not Action.DELETE), key=lambda change: change.key
    )
    for change in (*writes, *deletes):  # what a key begins with comes before it
        kind = KINDS[change.kind]
        if change.action is Action.CREATE:
            assert change.desired is not None
            kind.create(ctx, change.desired)
        elif change.live is not None and change.action is Action.DELETE:
            kind.delete(ctx, change.live)
        elif change.live is not None and change.desired is not None:
            kind.update(ctx, change.live, change.desired)
    menu_link.finish(ctx)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(first=trees, second=trees)
def test_any_tree_becomes_any_other_and_every_link_hangs_right(first: dict[str, Item], second: dict[str, Item]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = site_of(folder)
        site.db.begin()
        ctx = context(site)
        apply(ctx, first)
        assert live(ctx) == first
        assert unsound(site) == []
        ids = {item.fields["title"]: item.local_id for item in live(ctx).values()}

        apply(ctx, second)
        assert live(ctx) == second
        assert unsound(site) == []
        # A link that is in both was moved, not made anew: whatever refers to it still does.
        for item in live(ctx).values():
            assert item.local_id == ids.get(item.fields["title"], item.local_id)
        # What the run calls each link is what a fresh look calls it.
        assert live(context(site, Remembered(second.values()))) == second
        site.db.rollback()
        site.db.close()


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tree=trees, victims=st.lists(st.integers(0, COUNT), max_size=4))
def test_what_is_below_a_deleted_link_moves_up_and_nothing_else_changes(
    tree: dict[str, Item], victims: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        site = site_of(folder)
        site.db.begin()
        ctx = context(site)
        apply(ctx, tree)
        model = {str(item.fields["title"]): parent_of(item) for item in tree.values()}
        for victim in victims:
            name = f"link-{victim}"
            item = next((item for item in live(ctx).values() if item.fields["title"] == name), None)
            if item is None:
                continue
            menu_link.delete(ctx, item)
            above = model.pop(name)
            model = {other: above if parent == name else parent for other, parent in model.items()}
            assert {str(item.fields["title"]): parent_of(item) for item in live(ctx).values()} == model
            assert unsound(site) == []
        site.db.rollback()
        site.db.close()


def parent_of(item: Item) -> str:
    return item.key.split("/")[-2]


titles = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
options = st.sampled_from([[], {"query": {"a": "1"}}, {"attributes": {"class": ["a", "b"], "title": ""}}, None, False])


def dress(tree: dict[str, Item], words: list[str], opts: list[Any], declared: set[int]) -> list[Item]:
    """The main menu of a forest with titles and options; some of its links are declared by a module, or hang from such."""
    out: list[Item] = []
    for at, item in enumerate(tree.values()):
        top = item.key.count("/") == 1
        fields: dict[str, Any] = {"title": words[at], "options": opts[at]}
        leaf = not any(other.key.startswith(f"{item.key}/") for other in tree.values())
        if at in declared and leaf:
            fields |= {"module": "system", "customized": True, "path": f"page/{at}"}
        elif top and declared and at % 2:
            fields |= {"parent": f"system:page/{min(declared)}"}
        if item.key.startswith(f"{MENUS[0]}/"):
            out.append(changed(item, **fields))
    return out


dressed = st.builds(
    dress, trees, st.lists(titles, min_size=COUNT, max_size=COUNT), st.lists(options, min_size=COUNT, max_size=COUNT), st.sets(st.integers(0, COUNT)),
)  # fmt: skip


def items_of(document: Any) -> dict[str, Item]:
    return {item.address: item for item in menu.load("menus/main-menu.yml", document) if item.kind == "menu_link"}


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(first=dressed, second=dressed)
def test_a_file_reads_back_exactly_and_stays_as_it_is_until_something_changes(
    first: list[Item], second: list[Item]
) -> None:
    if not first or not second:
        return
    text = emit(menu.dump(first, None))
    old = parse(text, where="x")
    assert items_of(old) == {item.address: item for item in first}
    assert same(menu.dump([*reversed(first)], old), old)
    assert edit(text, old, menu.dump(first, old)) == text

    new = edit(text, old, menu.dump(second, old))
    assert items_of(parse(new, where="x")) == {item.address: item for item in second}


@pytest.fixture(scope="module")
def many() -> Iterator[Context]:
    """A site with two thousand links, five levels deep."""
    with tempfile.TemporaryDirectory() as folder:
        site = site_of(folder)
        site.db.begin()
        ctx = context(site)
        for at in range(2000):
            above = "".join(f"/n{at // 5**level}" for level in (4, 3, 2, 1) if at >= 5**level)
            menu_link.create(ctx, link(f"main-menu{above}/n{at}", f"N{at}", f"http://example.org/{at}"))
        yield ctx
        site.db.rollback()


def test_the_queries_do_not_grow_with_the_links(many: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    query = many.site.db.query
    monkeypatch.setattr(many.site.db, "query", lambda sql, params=(): asked.append(sql) or query(sql, params))
    assert len(links(context(many.site))) == 2000
    assert len(menus(many)) == 5
    assert len(asked) < 15
