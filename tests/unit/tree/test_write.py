"""Writing: the canonical form, word for word, and other loaders that read it the same."""

from __future__ import annotations

import io
import math
from typing import Any

import pytest
import yaml
from ruamel.yaml import YAML

from drupalsync.php.values import PhpObject, PhpSerialized
from drupalsync.tree import Env, IntRef, TreeValue, same
from drupalsync.tree.quoting import NotWritable
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit

FORMS: list[tuple[TreeValue, str]] = [
    ("Hello, world", "Hello, world"), ("node:page/about-us", "node:page/about-us"), ("<front>", "<front>"),
    ("é日本 – ½", "é日本 – ½"), ("http://example.org/?a=b#c", "http://example.org/?a=b#c"), ("7.x-1.0", "7.x-1.0"),
    ("don't", "don't"), ("'tis", '"\'tis"'), ("say \"it's\": x", "'say \"it''s\": x'"), ("C:\\x", "C:\\x"), ("C:", "'C:'"),
    ("yes", "'yes'"), ("Off", "'Off'"), ("y", "'y'"), ("null", "'null'"), ("~", "'~'"), ("NaN", "'NaN'"), (".inf", "'.inf'"),
    ("", "''"), (" a", "' a'"), ("a ", "'a '"), ("1e3", "'1e3'"), ("0777", "'0777'"), ("0x1F", "'0x1F'"), ("5", "'5'"),
    ("2020-01-01", "'2020-01-01'"), ("2020-01-01 10:00", "'2020-01-01 10:00'"), ("1_000", "'1_000'"), ("-.5", "'-.5'"),
    ("12:30:45", "'12:30:45'"), ("1,000", "'1,000'"), ("...", "'...'"), ("---", "'---'"), ("<<", "'<<'"), ("=", "'='"),
    ("a: b", "'a: b'"), ("a #b", "'a #b'"), ("#a", "'#a'"), ("*a", "'*a'"), ("@a", "'@a'"), ("- a", "'- a'"), ("%a", "'%a'"),
    ("[a", "'[a'"), ("a\tb", '"a\\tb"'), ("a\0b", '"a\\0b"'), ("\x85", '"\\x85"'), ("\u2028", '"\\u2028"'), ("\ufeffa", '"\\ufeffa"'),
    ("\uffff", '"\\uffff"'), ("😀", "😀"), ("\n", '"\\n"'), ("a\rb", '"a\\rb"'), ("a\nb\r\n", '"a\\nb\\r\\n"'),
    (None, "null"), (True, "true"), (False, "false"), (5, "5"), (-5, "-5"), (5.0, "5.0"), (1e25, "1.0e+25"), (1e-7, "1.0e-07"),
    (1.5e300, "1.5e+300"), (-0.0, "-0.0"), (math.inf, ".inf"), (-math.inf, "-.inf"), (math.nan, ".nan"),
    ([], "[]"), ({}, "[]"), (b"\xff", '!!binary "/w=="'), (PhpSerialized(b'R:1;"'), '!php/serialized "R:1;\\""'),
    (PhpSerialized(b"\xff"), '!php/serialized:base64 "/w=="'), (IntRef("role:administrator"), "!int role:administrator"),
    (Env("DB"), "!env DB"), (Env("DB", keep=True), "!env {name: DB, unset: keep}"),
    (Env("DB", default=""), "!env {name: DB, default: ''}"), (PhpObject("stdClass"), "!php/object:stdClass {}"),
    (PhpObject("a b"), "!php/object {class: a b, properties: {}}"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "form"), FORMS)
def test_a_scalar_has_one_form_that_reads_back(value: TreeValue, form: str) -> None:
    text = emit({"x": value})

    assert text == f"x: {form}\n"
    assert same(parse(text, where="x"), {"x": value})


BLOCKS = [
    pytest.param("a\nb\n", "x: |\n  a\n  b\n", id="ends in a line break"),
    pytest.param("a\nb", "x: |-\n  a\n  b\n", id="no last line break"),
    pytest.param("a\n\n\n", "x: |+\n  a\n\n\n", id="ends in empty lines"),
    pytest.param("a\r\nb\r\n", "x: !crlf |\n  a\n  b\n", id="a textarea's line breaks"),
    pytest.param("a\r\n\r\nb", "x: !crlf |-\n  a\n\n  b\n", id="a textarea's paragraphs"),
    pytest.param("  a\nb\n", "x: |2\n    a\n  b\n", id="begins with spaces"),
    pytest.param("\ta\nb\n", "x: |2\n  \ta\n  b\n", id="begins with a tab"),
    pytest.param("\n\na", "x: |2-\n\n\n  a\n", id="begins with empty lines"),
    pytest.param("# a\n- b: c\n", "x: |\n  # a\n  - b: c\n", id="looks like YAML"),
    pytest.param("a\n  \nb", "x: |-\n  a\n    \n  b\n", id="a line of spaces"),
]


@pytest.mark.parametrize(("value", "text"), BLOCKS)
def test_text_over_several_lines_is_a_literal_block(value: str, text: str) -> None:
    assert emit({"x": value}) == text
    assert parse(text, where="x") == {"x": value}
    assert parse(emit([[value], value]), where="x") == [[value], value]


def test_a_file_looks_like_this() -> None:
    value = {
        "menu": "main-menu",
        "links": [
            {
                "key": "about",
                "weight": -49,
                "children": [{"key": "team", "options": {"attributes": {"target": "_blank"}}}],
            },
            ["a", ["b"], []],
            "text\n",
        ],
        5: {"yes": 1, "a: b": 2, b"\xff": 3},
        "view": PhpObject("My\\View", {"\0*\0name": "x", "5": [PhpObject("stdClass", {"a": 1})], 5: None}),
        "odd": PhpObject("no tag", {"a": {"b": 1}}),
        "secret": Env("KEY", default="a\nb\n"),
    }

    text = emit(value, header="yaml-language-server: $schema=menu.json\n# second")

    assert same(parse(text, where="x"), value)
    assert (
        text
        == """\
# yaml-language-server: $schema=menu.json
# second
menu: main-menu
links:
  - key: about
    weight: -49
    children:
      - key: team
        options:
          attributes:
            target: _blank
  - - a
    - - b
    - []
  - |
    text
5:
  'yes': 1
  'a: b': 2
  !!binary "/w==": 3
view: !php/object:My%5CView
  "\\0*\\0name": x
  '5':
    - !php/object:stdClass
      a: 1
  5: null
odd: !php/object
  class: no tag
  properties:
    a:
      b: 1
secret: !env
  name: KEY
  default: |
    a
    b
"""
    )


@pytest.mark.parametrize("length", [990, 1100])
def test_a_key_longer_than_the_parser_looks_ahead_reads_back(length: int) -> None:
    value = {"k" * length: {"a": ["b"]}, "flow": Env("X", default={"k" * length: 1})}

    assert same(parse(emit(value), where="x"), value)


NASTY: list[Any] = [
    value for value, _ in FORMS if isinstance(value, str | bool | int | float | None) and "\r" not in str(value)
]
NASTY += [case.values[0] for case in BLOCKS if "\r" not in str(case.values[0])]


@pytest.mark.parametrize("value", [v for v in NASTY if v == v])
def test_yaml_1_1_and_ruamel_read_the_same(value: Any) -> None:
    nested = {"x": value, "list": [value, [value]], "map": {"a": {str(value) or "empty": value}}}
    text = emit(nested)

    assert same(yaml.load(text, Loader=yaml.CSafeLoader), nested)
    assert same(YAML(typ="safe", pure=True).load(io.StringIO(text)), nested)


@pytest.mark.parametrize("value", ["a\ud800", ["\udfff\n"], {"\ud800": 1}])
def test_half_a_character_cannot_be_written(value: TreeValue) -> None:
    with pytest.raises(NotWritable, match="half a character"):
        emit(value)


def test_nesting_without_end_cannot_be_written() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(NotWritable, match="too deeply"):
        emit(value)
