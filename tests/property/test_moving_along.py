"""Laws of keys that hold other items' keys: they come apart as they were put together, and follow what they name."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from drupalsync.kinds import Item, block
from drupalsync.kinds.tables.rows import join_key, split_key
from drupalsync.kinds.trigger_assignment import KIND
from drupalsync.plan import moves

words = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)
keys = st.one_of(words, st.sampled_from(["a/b", "%2F", "%", "100% / y", "a//b", "/", "x%25/%2F"]))


@given(parts=st.lists(keys, min_size=1, max_size=3))
def test_a_key_comes_apart_into_the_parts_it_was_made_of(parts: list[str]) -> None:
    assert split_key([str(at) for at in range(len(parts))], join_key(parts)) == parts


@given(hook=words.filter(lambda text: "/" not in text and "%" not in text), old=keys, new=keys)
def test_an_assignment_follows_its_action_there_and_back(hook: str, old: str, new: str) -> None:
    key = join_key([hook, f"f/{old}"])
    there = KIND.key_after(key, {f"action:f/{old}": f"action:f/{new}"})
    assert there == join_key([hook, f"f/{new}"])
    assert KIND.key_after(there, {f"action:f/{new}": f"action:f/{old}"}) == key


@given(old=keys, new=keys, other=keys)
def test_a_block_follows_its_feed_and_no_other(old: str, new: str, other: str) -> None:
    moved = {f"aggregator_feed:{old}": f"aggregator_feed:{new}"}
    assert block.key_after(f"aggregator/feed-{old}", moved) == f"aggregator/feed-{new}"
    assert block.key_after(f"aggregator/category-{other}", moved) == f"aggregator/category-{other}"
    assert block.key_after(f"user/feed-{old}", moved) == f"user/feed-{old}"


@given(names=st.lists(words.filter(lambda text: "/" not in text), min_size=2, max_size=6, unique=True))
def test_no_item_is_taken_for_two(names: list[str]) -> None:
    """However many move: every new address has one old one, and no old one is used twice."""
    told = {f"aggregator_feed:new {name}": f"aggregator_feed:{name}" for name in names}
    gone = [Item(kind="block", key=f"aggregator/feed-{name}", fields={}) for name in names]
    come = [Item(kind="block", key=f"aggregator/feed-new {name}", fields={}) for name in names]
    found = moves({"block": block}, gone, come, told)
    assert found == {new.address: old.address for new, old in zip(come, gone, strict=True)}
