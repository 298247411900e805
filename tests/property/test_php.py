"""Laws of PHP's values: what is written reads back, equality and the canonical bytes agree, and PHP itself agrees."""

from __future__ import annotations

import base64
import random
import shutil
import struct
import subprocess
from pathlib import Path
from typing import Final

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from drupalsync.php import (
    PhpObject,
    PhpSerialized,
    PhpSyntaxError,
    Value,
    canonical,
    decode,
    encode,
    same,
    uncanonical,
)
from drupalsync.php.settings import read_settings
from drupalsync.php.settings_data import SettingsSyntaxError
from drupalsync.php.syntax import is_int_key

INTS: Final = st.integers(-(2**63), 2**63 - 1)
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)


def is_utf8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def as_php_has_it(items: dict[int | str | bytes, Value]) -> Value:
    return list(items.values()) if list(items) == list(range(len(items))) else items


BYTES: Final = st.binary(min_size=1, max_size=6).filter(lambda raw: not is_utf8(raw))
NAMES: Final = st.one_of(TEXTS, BYTES)
KEYS: Final = st.one_of(st.integers(0, 3), INTS, TEXTS.filter(lambda text: not is_int_key(text)), BYTES)
SCALARS: Final = st.one_of(st.none(), st.booleans(), INTS, st.floats(), TEXTS, BYTES)
VALUES: Final[st.SearchStrategy[Value]] = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(KEYS, inner, max_size=4).map(as_php_has_it),
        st.builds(
            PhpObject, st.sampled_from(["stdClass", "A\\B", "Ünder_1"]), st.dictionaries(NAMES, inner, max_size=3)
        ),
    ),
    max_leaves=8,
)


@given(VALUES)
def test_what_is_encoded_decodes_to_the_same_value(value: Value) -> None:
    assert same(decode(encode(value)), value)


@given(VALUES)
def test_what_is_decoded_keeps_php_s_order_to_the_byte(value: Value) -> None:
    assert encode(decode(encode(value))) == encode(value)


@given(VALUES, VALUES)
def test_canonical_bytes_are_equal_exactly_where_the_values_are(a: Value, b: Value) -> None:
    assert (canonical(a) == canonical(b)) == same(a, b)
    assert same(a, b) == same(b, a)


@given(VALUES)
def test_the_canonical_form_reads_back_and_is_stable(value: Value) -> None:
    back = uncanonical(canonical(value))
    assert same(back, value)
    assert canonical(back) == canonical(value)
    assert same(decode(encode(back)), value)


@given(st.dictionaries(TEXTS.map(lambda text: f"k{text}"), VALUES, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_keys_is_noise(items: dict[int | str | bytes, Value], chance: random.Random) -> None:
    pairs = list(items.items())
    chance.shuffle(pairs)
    assert same(items, dict(pairs))
    assert same(PhpObject("A", items), PhpObject("A", dict(pairs)))
    assert canonical(items) == canonical(dict(pairs))


@given(VALUES, st.data())
def test_a_value_cut_anywhere_is_a_syntax_error(value: Value, data: st.DataObject) -> None:
    encoded = encode(value)
    with pytest.raises(PhpSyntaxError):
        decode(encoded[: data.draw(st.integers(0, len(encoded) - 1))])


@given(VALUES, st.data())
def test_a_changed_byte_is_another_value_or_a_syntax_error(value: Value, data: st.DataObject) -> None:
    encoded = bytearray(encode(value))
    at = data.draw(st.integers(0, len(encoded) - 1))
    encoded[at] = data.draw(st.sampled_from(b'0123456789-+.;:{}"sSiabdONCERr\\\0\xff'))
    try:
        read = decode(bytes(encoded))
    except PhpSyntaxError:
        return
    if not isinstance(read, PhpSerialized):
        assert same(decode(encode(read)), read)


@given(st.binary(max_size=30))
def test_any_bytes_are_a_value_or_a_syntax_error(raw: bytes) -> None:
    for read in (decode, uncanonical):
        offset = 0
        try:
            read(raw)
        except PhpSyntaxError as e:
            offset = e.offset
        assert 0 <= offset <= len(raw)


def random_value(chance: random.Random, depth: int = 0) -> Value:
    """Draws a value; a plain generator, because one batch for one PHP process needs no shrinking."""
    size = chance.randrange(5)
    shape = chance.choice(["list", "map", "object", "scalar", "scalar", "scalar"]) if depth < 4 else "scalar"
    if shape == "list":
        return [random_value(chance, depth + 1) for _ in range(size)]
    if shape == "map":
        return as_php_has_it({random_key(chance): random_value(chance, depth + 1) for _ in range(size)})
    if shape == "object":
        names = [f"{start}p{n}" for n, start in enumerate(["", "\0*\0", "\0X\0"])]
        return PhpObject(chance.choice(["stdClass", "X\\Y"]), {name: random_value(chance, depth + 1) for name in names})
    return random_scalar(chance)


def random_scalar(chance: random.Random) -> Value:
    any_double: float = struct.unpack("<d", chance.randbytes(8))[0]
    scalars: list[Value] = [
        None,
        chance.random() < 0.5,
        chance.randint(-(2**63), 2**63 - 1) >> chance.randrange(64),
        any_double,
        round(chance.uniform(-1e6, 1e6), chance.randrange(8)),
        chance.uniform(1, 10) * 10.0 ** chance.randrange(-7, 20),
        "".join(chance.choice("aü€😀\0\"';{}\r\n") for _ in range(chance.randrange(9))),
        b"\xff" + chance.randbytes(3),
    ]
    return chance.choice(scalars)


def random_key(chance: random.Random) -> int | str | bytes:
    keys: list[int | str | bytes] = [
        chance.randrange(5),
        chance.randint(-9, 10**15),
        f"k{chance.random()}",
        "05",
        "",
        b"\xff",
    ]
    return chance.choice(keys)


PHP_ROUND_TRIP: Final = r"""
while (($line = fgets(STDIN)) !== false) {
    echo base64_encode(serialize(unserialize(base64_decode($line)))), "\n";
}
"""


@pytest.mark.skipif(shutil.which("php") is None, reason="php is not installed: nothing to compare with")
def test_php_reads_what_is_encoded_and_writes_the_same_bytes() -> None:
    chance = random.Random(7)
    values = [random_value(chance) for _ in range(3000)]
    encoded = [encode(value) for value in values]
    run = subprocess.run(
        ["php", "-n", "-d", "serialize_precision=-1", "-r", PHP_ROUND_TRIP],
        input=b"\n".join(map(base64.b64encode, encoded)),
        capture_output=True,
        timeout=60,
        check=True,
    )
    back = [base64.b64decode(line) for line in run.stdout.splitlines()]
    assert [(a, b) for a, b in zip(encoded, back, strict=True) if a != b] == []


@pytest.fixture(scope="session")
def settings_php(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("site") / "settings.php"


def literal(value: Value) -> bytes:
    """Writes a value as PHP source."""
    if isinstance(value, str | bytes):
        raw = value.encode() if isinstance(value, str) else value
        return b"'" + raw.replace(b"\\", b"\\\\").replace(b"'", b"\\'") + b"'"
    if isinstance(value, list):
        return b"array(" + b", ".join(map(literal, value)) + b")"
    if isinstance(value, dict):
        return b"[" + b",".join(literal(key) + b" => " + literal(item) for key, item in value.items()) + b"]"
    if value == -(2**63) and isinstance(value, int):
        return b"-9223372036854775807 - 1"  # PHP has no literal for it
    return repr(value).encode()


LITERALS: Final[st.SearchStrategy[Value]] = st.recursive(
    st.one_of(st.none(), st.booleans(), INTS, st.floats(allow_nan=False, allow_infinity=False), TEXTS, BYTES),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(KEYS, inner, max_size=4).map(as_php_has_it)),
    max_leaves=8,
)


@given(LITERALS)
def test_a_literal_in_settings_php_is_the_value_itself(settings_php: Path, value: Value) -> None:
    text = literal(value)
    assume(text.count(b"None") == _nones(value))  # else a text says None, and would be another one
    settings_php.write_bytes(b"<?php\n$conf['x'] = " + text.replace(b"None", b"NULL") + b";\n")
    settings = read_settings(settings_php, {})
    assert settings.unread == []
    assert same(settings.conf["x"], value)


def _nones(value: Value) -> int:
    """How many nulls a value holds."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return (value is None) + sum(map(_nones, members))


FRAGMENTS: Final = [
    "<?php",
    "?>",
    "$conf",
    "$databases",
    "$a",
    "['x']",
    "[]",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "=>",
    "=",
    ".=",
    "??",
    "?:",
    "?",
    ":",
    ";",
    ",",
    ".",
    "+",
    "-",
    "*",
    "/",
    "!",
    "&&",
    "||",
    "==",
    "===",
    "->",
    "::",
    "&",
    "@",
    "1",
    "1.5",
    "0x",
    "'s'",
    '"t',
    "$a",
    '{$b}"',
    "'",
    '"',
    "<<<E",
    "\nE;",
    "#",
    "//",
    "/*",
    "*/",
    "if",
    "else",
    "elseif",
    "endif",
    "foreach",
    "while",
    "switch",
    "do",
    "try",
    "catch",
    "function",
    "fn",
    "class",
    "new",
    "array",
    "list",
    "isset",
    "empty",
    "unset",
    "include",
    "return",
    "exit",
    "use",
    "const",
    "static",
    "TRUE",
    "getenv('X')",
    "$_SERVER",
    "(int)",
    "match",
    "echo",
    "global",
    "`",
]


@given(st.lists(st.sampled_from(FRAGMENTS), max_size=25))
def test_any_php_is_read_or_is_a_syntax_error(settings_php: Path, fragments: list[str]) -> None:
    settings_php.write_text("<?php " + " ".join(fragments))
    try:
        settings = read_settings(settings_php, {"X": "1"})
    except SettingsSyntaxError:
        return
    assert isinstance(settings.conf, dict)
