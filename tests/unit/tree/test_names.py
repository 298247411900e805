"""File names of keys: readable, and safe on a disk that knows no case and on Windows."""

from __future__ import annotations

import pytest

from drupalsync.tree.names import BadFileName, decode_name, encode_name


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("about-us", "about-us"), ("site_name", "site_name"), ("7.x", "7.x"), ("Editor", "%45ditor"), ("a b", "a%20b"),
        ("é", "%C3%A9"), ("a/b", "a%2Fb"), ("..", "%2E%2E"), (".htaccess", "%2Ehtaccess"), ("end.", "end%2E"),
        ("con", "%63on"), ("nul.x", "%6Eul.x"), ("com1", "%63om1"), ("console", "console"), ("%", "%25"), ("~", "%7E"),
        ("", "%"), ("a\0", "a%00"),
    ],
)  # fmt: skip
def test_a_key_is_percent_encoded(key: str, name: str) -> None:
    assert encode_name(key) == name
    assert decode_name(name) == key


def test_a_long_key_is_cut_and_stays_its_own() -> None:
    one, other = encode_name("x" * 300 + "a"), encode_name("x" * 300 + "b")

    assert len(one) == len(other) == 200
    assert one != other
    with pytest.raises(BadFileName, match="shortened"):
        decode_name(one)


@pytest.mark.parametrize("name", ["100%", "%zz", "%C3", "a%2"])
def test_a_name_that_encodes_nothing_is_refused(name: str) -> None:
    with pytest.raises(BadFileName):
        decode_name(name)
