"""Laws of secrets: a masked item holds none, keeps all else, and settles back to what it was."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from drupalsync.kinds.base import Item
from drupalsync.kinds.environment import settle_item
from drupalsync.kinds.secrets import mask, refuse_clear, secret_paths
from drupalsync.php import PhpObject, PhpSerialized
from drupalsync.tree import Env, TreeValue, same, walk
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit

CANARY = "Canary-7f3k-hunter2"
KEYS = st.sampled_from(["password", "api_key", "title", "token", "list", "x y", "\0*\0secret"]) | st.integers(-2, 5)
LEAVES = (
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text(max_size=6)
    | st.just(CANARY) | st.binary(max_size=3).map(lambda data: data + b"\xff") | st.builds(PhpSerialized, st.binary(max_size=4))
    | st.sampled_from(["AKIAIOSFODNN7EXAMPLE", "mysql://u:hunter2@db/x", 'a:1:{s:6:"secret";s:1:"x";}'])
)  # fmt: skip


def containers(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return (
        st.lists(children, max_size=3)
        | st.dictionaries(KEYS, children, max_size=3)
        | st.builds(PhpObject, st.just("stdClass"), st.dictionaries(KEYS.map(str), children, max_size=3))
    )


VALUES: st.SearchStrategy[TreeValue] = st.recursive(LEAVES, containers, max_leaves=10)
ITEMS = st.builds(
    lambda key, value: Item(kind="variable", key=key, fields={"value": value}),
    st.sampled_from(["site_name", "smtp_password", "my_settings"]),
    VALUES,
)


@given(ITEMS)
def test_a_masked_item_has_no_secret_left_in_clear(item: Item) -> None:
    masked, names = mask(item, None)
    assert list(refuse_clear([masked])) == []
    assert len(names) == len(set(names)) == len(secret_paths(item))
    assert secret_paths(masked) == secret_paths(item)


@given(ITEMS)
def test_masking_changes_nothing_but_the_secrets(item: Item) -> None:
    masked, _ = mask(item, None)
    before, after = (dict(walk(dict(one.fields))) for one in (item, masked))
    assert before.keys() == after.keys()
    for path, value in after.items():
        if not isinstance(before[path], list | dict | PhpObject):
            assert isinstance(value, Env) if path in secret_paths(item) else same(value, before[path])


@given(ITEMS)
def test_masking_what_the_tree_already_masks_changes_nothing(item: Item) -> None:
    masked, names = mask(item, None)
    again, names_again = mask(item, masked)
    assert same(dict(again.fields), dict(masked.fields))
    assert sorted(names_again) == sorted(names)


@given(ITEMS)
def test_a_masked_item_settles_to_what_the_site_has(item: Item) -> None:
    masked, names = mask(item, None)
    missing: list[str] = []
    settled = settle_item(masked, item, {}, missing)
    assert settled is not None
    assert same(dict(settled.fields), dict(item.fields))
    assert sorted(missing) == sorted(names)


@given(ITEMS)
def test_no_message_and_no_file_shows_a_secret(item: Item) -> None:
    below_a_name = [path for path in secret_paths(item) if dict(walk(dict(item.fields)))[path] == CANARY]
    told = " ".join(f"{error} {error!r} {error.__dict__}" for error in refuse_clear([item]))
    assert CANARY not in told
    if len(below_a_name) == sum(value == CANARY for _, value in walk(dict(item.fields))):
        text = emit(mask(item, None)[0].fields["value"])
        assert CANARY not in text
        assert same(parse(text, where="x"), mask(item, None)[0].fields["value"])
