"""Fingerprints: equal for as long as an item is, and worth nothing without the site's own key."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any, Final

from hypothesis import given
from hypothesis import strategies as st

from drupalsync.apply.fingerprints import Fingerprints, Key
from drupalsync.apply.gather import Gathered
from drupalsync.apply.seal import seal
from drupalsync.kinds import Context, Item, all_kinds
from drupalsync.php import PhpObject
from drupalsync.plan import Action, Change, Inputs
from drupalsync.tree import IntRef, same
from support.plans import variable

if TYPE_CHECKING:
    from collections.abc import Sequence

KEY: Final = Key("ledger:0", b"k" * 32)
NONE: Final = Key("none", None)
VALUES: Final = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.floats(allow_nan=False) | st.text(max_size=2) | st.binary(max_size=2).map(lambda data: data + b"\xff")
    | st.just(IntRef("role:editor")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", 0, 1]), inner, max_size=3)
    | st.builds(PhpObject, st.just("A"), st.dictionaries(st.sampled_from(["a", "b"]), inner, max_size=2)),
    max_leaves=6,
)  # fmt: skip


SEAL_KEYS: Final = map(str.encode, map(str, count()))


def prints(key: Key, live: Sequence[Item], desired: Sequence[Item] = (), *, secret: bool = False) -> Fingerprints:
    """The fingerprints of items that are all secret, or not at all; sealed with a key that is another one each time."""
    sides = [{item.address: item for item in items} for items in (live, desired)]
    paths = [("value",)] if secret else []
    seal_key = next(SEAL_KEYS)
    sealed = [{address: seal(item, paths, seal_key) for address, item in side.items()} for side in sides]
    inputs = Inputs(kinds=all_kinds(), live=sealed[0], desired=sealed[1], base={})
    ctx: Any = Context.__new__(Context)
    return Fingerprints(key, Gathered(ctx=ctx, live=sides[0], desired=sides[1], inputs=inputs))


def of(value: Any, key: Key = KEY, **more: Any) -> str | None:
    return prints(key, [variable("x", value)], **more).live("variable:x")


@given(VALUES, VALUES)
def test_a_fingerprint_changes_if_and_only_if_the_item_does(one: Any, other: Any) -> None:
    for key in (KEY, NONE):
        assert (of(one, key) == of(other, key)) == same(one, other)


def test_the_key_of_an_item_is_part_of_it() -> None:
    there = prints(KEY, [variable("x", 1), variable("y", 1)])
    assert there.live("variable:x") != there.live("variable:y")


def test_another_key_makes_others() -> None:
    assert len({of("hunter2"), of("hunter2", Key("ledger:1", b"l" * 32)), of("hunter2", NONE)}) == 3


def test_a_secret_takes_part_under_a_key_and_without_one_does_not() -> None:
    assert of("hunter2", secret=True) != of("hunter3", secret=True)
    assert of("hunter2", NONE, secret=True) == of("hunter3", NONE, secret=True)
    assert of("hunter2", NONE, secret=True) != of("hunter2", NONE)


def test_no_fingerprint_shows_its_key() -> None:
    there = prints(KEY, [variable("x", 1)])
    assert "kkk" not in repr(there)
    assert repr(there.key) == "Key(name='ledger:0')"


def test_a_change_has_a_fingerprint_for_each_side_that_it_has() -> None:
    live, desired = variable("x", 1), variable("x", 2)
    there = prints(KEY, [live], [desired])
    update = Change(action=Action.UPDATE, kind="variable", key="x", live=live, desired=desired)
    assert there.of(update) == (of(1), of(2))
    assert there.of(Change(action=Action.DELETE, kind="variable", key="x", live=live)) == (of(1), None)
    assert there.of(Change(action=Action.CREATE, kind="variable", key="x", desired=desired)) == (None, of(2))
    assert there.live("variable:y") is None
