"""Leaves of serialized values, changed where they stand."""

from __future__ import annotations

import pytest

from drupalsync.php import Leaf, change_leaves, encode
from drupalsync.php.leaves import Path

RULE = (
    b'O:4:"Rule":4:{s:9:"\0*\0parent";N;s:5:"roles";a:2:{i:3;i:3;i:1;s:1:"4";}s:4:"data";r:1;'
    b's:4:"text";s:6:"Gr\xc3\xbc\xc3\x9f";}'
)


def test_every_leaf_is_seen_with_its_path() -> None:
    seen: list[tuple[Path, Leaf]] = []

    def look(path: Path, leaf: Leaf) -> Leaf:
        seen.append((path, leaf))
        return leaf

    assert change_leaves(RULE, look) == RULE
    assert seen == [
        (("\0*\0parent",), None),
        (("roles", 3), 3),
        (("roles", 1), "4"),
        (("text",), "Grüß"),
    ]


def test_a_leaf_may_become_another_and_the_reference_stays() -> None:
    new: dict[Path, Leaf] = {("\0*\0parent",): "5", ("roles", 3): "role:editor", ("text",): None}
    assert change_leaves(RULE, new.get) == (
        b'O:4:"Rule":4:{s:9:"\0*\0parent";s:1:"5";s:5:"roles";a:2:{i:3;s:11:"role:editor";i:1;s:1:"4";}'
        b's:4:"data";r:1;s:4:"text";N;}'
    )


@pytest.mark.parametrize("leaf", ["", "x", 0, -7, None])
def test_a_value_may_be_one_leaf(leaf: Leaf) -> None:
    assert change_leaves(b's:1:"x";', lambda path, old: leaf) == encode(leaf)


@pytest.mark.parametrize(
    "data", [b"", b"no php", b's:3:"x";', b"a:1:{i:0;i:1;", b'C:1:"A":2:{xy}', b'a:1:{i:0;E:7:"Suit:Up";}', b"i:1;i:2;"]
)
def test_what_is_no_value_or_only_its_class_can_read_stays(data: bytes) -> None:
    assert change_leaves(data, lambda path, leaf: "changed") == data


def test_text_that_looks_like_a_token_is_text() -> None:
    data = encode({'a";i:1;': '};r:1;s:1:"', "b": 1.5, "c": True})
    assert change_leaves(data, lambda path, leaf: leaf) == data
