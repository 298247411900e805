"""Laws of the YAML tree: what is written reads back exactly, and an edit says the new value and disturbs nothing else."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from drupalsync.php.values import PhpObject, PhpSerialized
from drupalsync.tree import Env, IntRef, TreeValue, same
from drupalsync.tree.edit import edit
from drupalsync.tree.names import decode_name, encode_name
from drupalsync.tree.quoting import double_quoted, single_quoted
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit, flow, flow_entry, key_text, literal

INTS = st.integers(-(2**63), 2**63 - 1)
WORDS = st.sampled_from(
    [
        "yes",
        "no",
        "null",
        "~",
        "1e3",
        "0777",
        "2020-01-01",
        "12:30:45",
        "1_000",
        "",
        " ",
        "a: b",
        "a #b",
        "- a",
        "key",
        "<front>",
        "about*",
        "it's",
        'say "hi"',
        "a\\b",
        "C:\\",
        "0x1F",
        ".5",
        "...",
        "---",
        "%x",
        "@x",
        "<<",
        "=",
        "é日本",
    ]
)
LINES = st.lists(
    st.sampled_from(["", " ", "text", "  deep", "# no comment", "\ttab", "key: value", "end  "]), max_size=5
)
BLOCKS = st.builds(lambda lines, end, last: end.join(lines) + last, LINES, st.sampled_from(["\n", "\r\n"]),
                   st.sampled_from(["", "\n", "\r\n", "\n\n"]))  # fmt: skip
TEXTS = (
    WORDS
    | BLOCKS
    | st.text(max_size=12)
    | st.text(st.sampled_from("a \n\r\t:#'\"\\{}[],&*!|>%@`-?\x85\u2028\ufeff\0\x7f"), max_size=8)
)
BYTES = st.binary(max_size=6).map(lambda data: data + b"\xff")
KEYS = (
    st.integers(-3, 9)
    | WORDS.filter(lambda word: not word.isdigit())
    | st.text("ab\0\n: ", min_size=1, max_size=4)
    | BYTES
)
LEAVES = (
    st.none() | st.booleans() | INTS | st.floats() | TEXTS | BYTES
    | st.builds(PhpSerialized, st.binary(max_size=8)) | st.builds(IntRef, st.sampled_from(["role:editor", "term:tags/a b"]))
    | st.builds(Env, st.sampled_from(["A", "DB_1"]))
    | st.builds(Env, st.just("B"), keep=st.just(True))
)  # fmt: skip


def containers(children: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    properties = st.dictionaries(KEYS | st.just("5") | st.just("\0*\0x"), children, max_size=3)
    return (
        st.lists(children, max_size=4)
        | st.dictionaries(KEYS, children, max_size=4)
        | st.builds(PhpObject, st.sampled_from(["stdClass", "A\\B", "no tag!", "x\0"]), properties)
        | st.builds(Env, st.just("C"), default=children)
    )


VALUES: st.SearchStrategy[TreeValue] = st.recursive(LEAVES, containers, max_leaves=12)


@given(VALUES)
def test_every_value_reads_back_exactly(value: TreeValue) -> None:
    assert same(parse(emit(value, header="a file"), where="x"), value)


@given(VALUES)
def test_every_value_reads_back_exactly_from_one_line(value: TreeValue) -> None:
    assert same(parse(f"x: {flow(value)}\n", where="x"), {"x": value})


PLAIN = st.recursive(
    st.none() | st.booleans() | INTS | st.floats(allow_nan=False) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.integers(-3, 9) | WORDS, inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)


def without_crlf(value: Any) -> Any:
    """Our tag for CRLF is the one thing in plain data that other loaders do not know."""
    if isinstance(value, str):
        return value.replace("\r\n", "\n")
    if isinstance(value, list):
        return [without_crlf(item) for item in value]
    return {k: without_crlf(v) for k, v in value.items()} if isinstance(value, dict) else value


@given(PLAIN.map(without_crlf))
def test_a_loader_of_yaml_1_1_reads_plain_data_the_same(value: TreeValue) -> None:
    loaded = yaml.load(emit(value), Loader=yaml.CSafeLoader)

    assert same(loaded, value)


class Hand:
    """Somebody who writes YAML by hand, in every style that is allowed."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.step = draw(st.integers(1, 4))
        self.dash = draw(st.sampled_from([0, 2, 4]))
        self.needs_its_end = False

    def chance(self) -> bool:
        return self.draw(st.integers(0, 3)) == 0

    def comment(self, column: int) -> list[str]:
        found = [" " * column + "# a comment: with 'signs'"] if self.chance() else []
        return found + [""] * self.chance()

    def behind(self) -> str:
        return self.draw(st.sampled_from(["", "", "", " # behind", "    # aligned"]))

    def scalar(self, value: TreeValue) -> str:
        if isinstance(value, str) and self.chance():
            printable = not set(value) & set("\n\t\r\0\x7f\x85\u2028\ufeff") and value.isprintable()
            return single_quoted(value) if printable and self.chance() else double_quoted(value)
        if value is None and self.chance():
            return "~"
        return flow(value)

    def lines(self, value: TreeValue, column: int, lead: str, dash: bool) -> list[str]:
        if isinstance(value, dict) and value and not self.chance():
            own = column + (2 if dash else self.step)
            compact = dash and self.draw(st.booleans())
            out = [] if compact else [lead + self.behind()]
            for index, (key, item) in enumerate(value.items()):
                start = f"{lead} " if compact and index == 0 else " " * own
                out += [] if compact and index == 0 else self.comment(own)
                out += self.lines(item, own, f"{start}{key_text(key)}:", False)
            return out
        if isinstance(value, list) and value and not self.chance():
            own = column + (2 if dash else self.dash)
            out = [lead + self.behind()]
            for item in value:
                out += self.comment(own)
                out += self.lines(item, own, " " * own + "-", True)
            return out
        if (
            isinstance(value, str)
            and (block := literal(value, column, self.draw(st.integers(1, 5))))
            and "+" not in block[0]
        ):
            self.needs_its_end = True
            return [f"{lead} {block[0]}{self.behind()}", *block[1:]]
        if isinstance(value, dict | list) and value and self.chance():
            return self.long_flow(value, column, lead)
        return [f"{lead} {self.scalar(value)}{self.behind()}"]

    def long_flow(self, value: Any, column: int, lead: str) -> list[str]:
        """A flow collection with an entry a line."""
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        entries = [flow_entry(*pair) for pair in value.items()] if isinstance(value, dict) else map(flow, value)
        pad = " " * (column + 3)
        lines = [f"{pad}{entry},{self.behind()}" for entry in entries]
        if self.chance():
            lines[-1] = lines[-1].removesuffix(",")
        return [f"{lead} {opening}{self.behind()}", *lines, f"{pad}{closing}"]

    def file(self, value: dict[Any, Any]) -> str:
        out = self.comment(0)
        for key, item in value.items():
            out += self.lines(item, 0, f"{key_text(key)}:", False) + self.comment(0)
        newline = self.draw(st.sampled_from(["\n", "\n", "\r\n"]))
        return newline.join(out) + (newline if self.needs_its_end else self.draw(st.sampled_from([newline, ""])))


@st.composite
def mutated(draw: Any, value: TreeValue) -> TreeValue:
    """The same value with one to three changes somewhere in it."""
    result = copy.deepcopy(value)
    for _ in range(draw(st.integers(1, 3))):
        result = change(draw, result, is_file=draw(st.integers(0, 9)) > 0)
    return result


def change(draw: Any, value: Any, is_file: bool = False) -> Any:
    if isinstance(value, dict) and value and (is_file or draw(st.integers(0, 4))):
        entries = list(value.items())
        index = draw(st.integers(0, len(entries) - 1))
        what = draw(st.sampled_from(["deeper", "deeper", "add", *["delete"] * (len(entries) > 1 or not is_file)]))
        if what == "deeper":
            entries[index] = (entries[index][0], change(draw, entries[index][1]))
        elif what == "add":
            entries.insert(index + draw(st.integers(0, 1)), (draw(KEYS), draw(SMALL)))
        else:
            del entries[index]
        return dict(entries)
    if isinstance(value, list) and value and draw(st.integers(0, 4)):
        items = list(value)
        index = draw(st.integers(0, len(items) - 1))
        what = draw(st.sampled_from(["deeper", "add", "delete", "move"]))
        if what == "deeper":
            items[index] = change(draw, items[index])
        elif what == "add":
            items.insert(index + draw(st.integers(0, 1)), draw(SMALL))
        else:
            item = items.pop(index)
            if what == "move":
                items.insert(draw(st.integers(0, len(items))), item)
        return items
    return draw(SMALL)


SMALL = st.recursive(LEAVES, containers, max_leaves=3)
LINKS = st.lists(st.fixed_dictionaries({"key": st.sampled_from("abcdef"), "title": TEXTS}), min_size=1, max_size=4,
                 unique_by=lambda link: link["key"])  # fmt: skip
FILES = st.dictionaries(WORDS.filter(bool) | st.integers(1, 9), LINKS | st.recursive(LEAVES, containers, max_leaves=8),
                        min_size=2, max_size=4)  # fmt: skip


@st.composite
def edits(draw: Any) -> tuple[str, TreeValue, TreeValue]:
    old = draw(FILES)
    text = Hand(draw).file(old)
    return text, old, draw(mutated(old))


@settings(max_examples=150)
@given(edits())
def test_an_edit_of_a_hand_written_file_says_exactly_the_new_value(case: tuple[str, TreeValue, TreeValue]) -> None:
    text, old, new = case
    assert same(parse(text, where="x"), old), "the test wrote what it did not mean"

    edited = edit(text, old, new)

    assert same(parse(edited, where="x"), parse(emit(new), where="x"))
    if "\r\n" in text:
        assert "\n" not in edited.replace("\r\n", "")


@given(FILES, st.data())
def test_nothing_new_leaves_a_file_as_it_is(value: dict[Any, Any], data: st.DataObject) -> None:
    text = Hand(data.draw).file(value)

    assert edit(text, value, copy.deepcopy(value)) == text


@given(st.text(max_size=60))
def test_a_file_name_gives_its_key_back(key: str) -> None:
    name = encode_name(key)

    assert name == name.lower() or "%" in name
    assert "~" in name or decode_name(name) == key


@given(st.text(max_size=300), st.text(max_size=300))
def test_two_keys_never_share_a_file_even_where_case_does_not_count(one: str, other: str) -> None:
    assert one == other or encode_name(one).lower() != encode_name(other).lower()


@pytest.mark.parametrize("value", [float("nan"), -0.0, float("inf")])
def test_special_floats_read_back(value: float) -> None:
    assert same(parse(emit([value]), where="x"), [value])
