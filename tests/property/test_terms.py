"""Laws of vocabularies, on random forests in which a term may stand in several places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from drupalsync.kinds import term
from drupalsync.kinds._term_file import dump, load
from drupalsync.kinds._term_hierarchy import hierarchies
from drupalsync.kinds.fields import same_tree
from drupalsync.site.names import term_keys, term_step
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.taxonomy import items, museum_run, vocabulary

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

NAMES = st.sampled_from(["A", "B", "a", "A/B", "100%", "A#2", "#2", "日本", "A ", "- x", "yes"])
Forest = list[tuple[str, list[int]]]  # (name, parents: places in the list before it, -1: the top)


@st.composite
def forests(draw: st.DrawFn, most: int = 12) -> Forest:
    """Terms, each below some of those before it; no two of one name that share a parent."""
    found: Forest = []
    for at in range(draw(st.integers(0, most))):
        parents = draw(st.lists(st.integers(-1, at - 1), min_size=1, max_size=3, unique=True))
        name = draw(NAMES)
        if any(name == other and set(parents) & set(others) for other, others in found):
            name = f"{name.strip()} {at}"
        found.append((name, sorted(parents)))
    return found


def numbered(forest: Forest, tids: list[int]) -> tuple[dict[int, tuple[str, str]], dict[int, list[int]]]:
    """The forest as a database has it, with these ids."""
    own = {tid: ("r", name) for tid, (name, _) in zip(tids, forest, strict=True)}
    above = {
        tid: sorted(0 if parent < 0 else tids[parent] for parent in parents)
        for tid, (_, parents) in zip(tids, forest, strict=True)
    }
    return own, above


@given(forest=forests(), data=st.data())
def test_keys_are_unique_and_do_not_depend_on_the_ids(forest: Forest, data: st.DataObject) -> None:
    plain = list(range(1, len(forest) + 1))
    shuffled = data.draw(st.permutations([tid * 3 for tid in plain]))
    first, second = (term_keys(*numbered(forest, tids)) for tids in (plain, shuffled))
    assert len(set(first.values())) == len(forest)
    if not any("#" in key for key in first.values()):  # then no two stand in one place with one name
        assert [first[tid] for tid in plain] == [second[tid] for tid in shuffled]


@given(forest=forests())
def test_a_term_stands_under_one_of_its_parents(forest: Forest) -> None:
    tids = list(range(1, len(forest) + 1))
    own, above = numbered(forest, tids)
    keys = term_keys(own, above)
    for tid in tids:
        home = keys[tid].rpartition("/")[0]
        assert home in {"r" if parent == 0 else keys[parent] for parent in above[tid]}


@given(links=st.lists(st.tuples(st.integers(1, 6), st.integers(0, 6)), max_size=12))
def test_circles_and_gaps_in_a_database_still_give_every_term_a_key(links: list[tuple[int, int]]) -> None:
    own = {tid: ("r", f"T{tid}") for tid in range(1, 6)}
    parents: dict[int, list[int]] = {}
    for tid, parent in links:
        parents.setdefault(tid, []).append(parent)
    assert len(set(term_keys(own, parents).values())) == len(own)


@given(name=st.text(max_size=6), other=st.text(max_size=6))
def test_two_names_are_never_one_step(name: str, other: str) -> None:
    assert (term_step(name) == term_step(other)) == (name == other)
    assert "/" not in term_step(name)


@given(forest=forests(8), weights=st.lists(st.integers(-2, 2), min_size=8, max_size=8))
def test_what_a_site_has_comes_back_from_its_file_and_is_written_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, forest: Forest, weights: list[int]
) -> None:
    filled = museum_run(tmp_path_factory.mktemp("full"), *_statements(forest, weights))
    live = {key: item for key, item in items(filled, "term").items() if item.local_id and int(item.local_id) >= 100}
    document = parse(emit(dump([vocabulary("tags"), *live.values()], None)), where="test")
    read = {item.key: item for item in load("tags.yml", document) if item.kind == "term"}
    assert read.keys() == live.keys()
    assert all(same_tree(read[key].fields, live[key].fields) for key in live)
    assert emit(dump([vocabulary("tags"), *read.values()], document)) == emit(document)

    _is_written(tmp_path_factory.mktemp("empty"), live)


def _is_written(folder: Path, live: dict[str, Any]) -> None:
    """A site without these terms gets them, and what Drupal computes from them."""
    ctx = museum_run(folder)
    left = dict(live)
    while left:
        ready = [key for key, item in left.items() if not any(need[5:] in left for need in term.needs(item))]
        assert ready
        for key in ready:
            term.create(ctx, left.pop(key))
    term.finish(ctx)
    found = items(ctx, "term")
    assert all(same_tree(found[key].fields, item.fields) for key, item in live.items())
    stored = ctx.site.one("SELECT hierarchy FROM {taxonomy_vocabulary} WHERE vid = 1")
    assert stored == (hierarchies(ctx.site).get(1, 0),)
    places = [len(parents) for parents in _parents(ctx).values()]
    nested = any(parents != [0] for parents in _parents(ctx).values())
    assert stored == (2 if max(places) > 1 else int(nested),)


def _parents(ctx: Any) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for tid, parent in ctx.site.rows("SELECT tid, parent FROM {taxonomy_term_hierarchy}"):
        found.setdefault(int(tid), []).append(int(parent))
    return found


def _statements(forest: Forest, weights: list[int]) -> list[str]:
    statements = []
    for at, (name, parents) in enumerate(forest):
        statements.append(
            "INSERT INTO taxonomy_term_data (tid, vid, name, description, weight) "
            f"VALUES ({100 + at}, 1, '{name}', '', {weights[at]})"
        )
        statements += [
            f"INSERT INTO taxonomy_term_hierarchy VALUES ({100 + at}, {0 if parent < 0 else 100 + parent})"
            for parent in parents
        ]
    return statements
