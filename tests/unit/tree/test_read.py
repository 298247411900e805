"""Reading: the YAML 1.2 core schema, the dialect's tags, and problems in words for somebody who writes templates."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml

from drupalsync.php.values import PhpObject, PhpSerialized
from drupalsync.tree import UNSET, Env, IntRef, TreeValue, events, read, replace, same, walk
from drupalsync.tree.problems import YamlProblem
from drupalsync.tree.read import locate, parse

CORE_SCHEMA: list[tuple[str, TreeValue]] = [
    ("", None), ("~", None), ("null", None), ("NULL", None), ("nUll", "nUll"), ("none", "none"),
    ("true", True), ("False", False), ("yes", "yes"), ("No", "No"), ("on", "on"), ("y", "y"),
    ("0", 0), ("-0", 0), ("+7", 7), ("-19", -19), ("0777", 777), ("0o17", 15), ("0x1F", 31), ("0b11", "0b11"),
    ("1_000", "1_000"), ("12:30:45", "12:30:45"), ("2020-01-01", "2020-01-01"), ("1,5", "1,5"), ("08", 8),
    ("9223372036854775807", 2**63 - 1), ("-9223372036854775808", -(2**63)),
    ("1.", 1.0), (".5", 0.5), ("5.0", 5.0), ("-0.0", -0.0), ("1e3", 1000.0), ("1.0e+25", 1e25), ("12e03", 12000.0),
    (".inf", math.inf), ("-.INF", -math.inf), ("+.inf", math.inf), (".nan", math.nan), ("nan", "nan"), (".", "."),
    ("7.x-1.0", "7.x-1.0"), ("<front>", "<front>"), ("node:page/about", "node:page/about"), ("=", "="),
    ("'5'", "5"), ('"5"', "5"), ("'it''s'", "it's"), ('"\\x41\\u00e9\\t"', "Aé\t"), ("''", ""),
    ("a\n  b", "a b"), ("|\n  a\n  b\n", "a\nb\n"), ("|-\n  a\n", "a"), ("|+\n  a\n", "a\n\n"), (">\n  a\n  b\n", "a b\n"),
    ("!crlf |\n  a\n  b\n", "a\r\nb\r\n"), ("!!binary /w==", b"\xff"), ('!!binary "w6k="', "é"), ("!!str 5", "5"),
    ("! 5", "5"), ("!!int 5", 5), ("!!float 5", 5.0), ("!!null ''", None), ("!!bool true", True),
    ("!env DB_PASSWORD", Env("DB_PASSWORD")), ("!env {name: A, default: [1]}", Env("A", default=[1])),
    ("!env {name: A, default: null}", Env("A", default=None)), ("!env {name: A, unset: keep}", Env("A", keep=True)),
    ("!int role:administrator", IntRef("role:administrator")), ("!int 'term:tags/a b'", IntRef("term:tags/a b")),
    ('!php/serialized "O:1:\\"A\\":0:{}"', PhpSerialized(b'O:1:"A":0:{}')),
    ("!php/serialized:base64 /w==", PhpSerialized(b"\xff")),
    ("!php/object:stdClass {a: 1}", PhpObject("stdClass", {"a": 1})),
    ('!php/object:A%5CB {"\\0*\\0p": 1, "\\0A\\\\B\\0q": 2}', PhpObject("A\\B", {"\0*\0p": 1, "\0A\\B\0q": 2})),
    ("!php/object:X {5: a, '5': b}", PhpObject("X", {5: "a", "5": "b"})),
    ("!php/object {class: 'a b', properties: {x: 1}}", PhpObject("a b", {"x": 1})),
    ("!php/object {class: 'a b'}", PhpObject("a b", {})),
    ("[]", []), ("{}", []), ("[a, [b]]", ["a", ["b"]]), ("{0: a, 1: b}", ["a", "b"]), ("{1: b, 0: a}", {1: "b", 0: "a"}),
    ("{'5': x}", {5: "x"}), ("{'05': x}", {"05": "x"}), ("{-5: x}", {-5: "x"}), ("{'-0': x}", {"-0": "x"}),
    ("{'9223372036854775808': x}", {"9223372036854775808": "x"}), ("{!!binary /w==: x}", {b"\xff": "x"}),
    ("{'true': x, '<<': y, yes: z}", {"true": "x", "<<": "y", "yes": "z"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value"), CORE_SCHEMA)
def test_a_value_is_typed_by_the_core_schema_and_our_tags(text: str, value: TreeValue) -> None:
    assert same(parse(f"x: {text}\n", where="x"), {"x": value})


@pytest.mark.parametrize(("text", "value"), CORE_SCHEMA)
def test_the_parser_without_the_c_library_reads_the_same(text: str, value: TreeValue, monkeypatch: Any) -> None:
    monkeypatch.setattr(read, "parser", events.PythonParser)

    assert same(parse(f"x: {text}\n", where="x"), {"x": value})


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("# only a comment\n", None), ("---\na: 1\n...\n", {"a": 1}), ("\ufeffa: 1", {"a": 1})],
)
def test_a_file_holds_one_document_or_none(text: str, value: TreeValue) -> None:
    assert same(parse(text.encode(), where="x"), value)
    assert same(parse(text, where="x"), value)


PROBLEMS = [
    pytest.param("a:\n\tb: 1\n", "2:1", "a tab is used for indentation", "indent with spaces", id="tab"),
    pytest.param(
        "a: 1\nb: 2\na: 3\n", "3:1", "the key 'a' is here twice", "first one is in line 1", id="duplicate key"
    ),
    pytest.param(
        "x:\n  - {5: a, '5': b}\n", "2:12", "the key 5 is here twice", "in line 2", id="duplicate as PHP sees it"
    ),
    pytest.param("a: &x 1\n", "1:4", "anchors and aliases", "write the value out", id="anchor"),
    pytest.param("a: &x {b: 1}\n", "1:4", "anchors and aliases", "write the value out", id="anchored mapping"),
    pytest.param("&x a: 1\n", "1:1", "anchors and aliases", "write the value out", id="anchored key"),
    pytest.param("a: 1\nb: *x\n", "2:4", "anchors and aliases", "write the value out", id="alias"),
    pytest.param("*x : 1\n", "1:1", "anchors and aliases", "write the value out", id="alias as key"),
    pytest.param("<<: {a: 1}\n", "1:1", "merge keys", "write the entries out", id="merge key"),
    pytest.param("a: !foo 1\n", "1:4", "the tag !foo is not known", "!crlf, !!binary", id="unknown tag"),
    pytest.param("a: !foo [1]\n", "1:4", "the tag !foo is not known", "!crlf", id="unknown tag of a list"),
    pytest.param("a: !!set {b}\n", "1:4", "the tag !!set is not known", "!crlf", id="unknown tag of a mapping"),
    pytest.param("a: !!timestamp 2020-01-01\n", "1:4", "the tag !!timestamp is not known", "!crlf", id="YAML 1.1 tag"),
    pytest.param("a: !!int x\n", "1:4", "'x' is not what its tag !!int says", "remove the tag", id="wrong tag"),
    pytest.param("!crlf a: 1\n", "1:1", "a key cannot have the tag !crlf", "remove the tag", id="tagged key"),
    pytest.param(
        "a: 1\n---\nb: 2\n", "2:1", "a second document begins here", "remove the line ---", id="two documents"
    ),
    pytest.param("%TAG ! tag:x,2000:\n---\na: 1\n", "1:1", "%TAG lines are not used", "remove the line", id="TAG line"),
    pytest.param("true: 1\n", "1:1", "a key must be text or a whole number", "quotes: 'true'", id="bool key"),
    pytest.param("1.5: 1\n", "1:1", "a key must be text or a whole number", "quotes: '1.5'", id="float key"),
    pytest.param("~: 1\n", "1:1", "a key must be text or a whole number", "quotes", id="null key"),
    pytest.param("?\n: 1\n", "1:2", "and this is nothing", "quotes", id="empty key"),
    pytest.param("[a]: 1\n", "1:1", "a key must be text or a whole number", "quotes", id="list as key"),
    pytest.param("a: 9223372036854775808\n", "1:4", "this number is too large for PHP", "quotes", id="64 bits"),
    pytest.param("a: " + "9" * 5000 + "\n", "1:4", "this number is too large for PHP", "quotes", id="5,000 digits"),
    pytest.param("a: Hello: world\n", "1:9", "there is a second ': ' in this line", "quotes", id="colon in text"),
    pytest.param("a: *about*\n", "1:4", "a text cannot begin with * or &", "quotes", id="glob"),
    pytest.param("a: 1\nb: @x\n", "2:4", "a text cannot begin with @", "quotes", id="at sign"),
    pytest.param(
        "a: 'x\nb: 1\n", "1:4", "a text in quotes that begins here is not closed", "closing quote", id="open quote"
    ),
    pytest.param("a: 1\nb\nc: 2\n", "3:1", "this line is no 'key: value' line", "key: value", id="no colon"),
    pytest.param("a: 1\n- b\n", "2:1", "this line does not line up", "same column", id="list among keys"),
    pytest.param("a: [1, 2\nb: 3\n", "2:2", "a { or [ is not closed before this", "close it", id="open bracket"),
    pytest.param(
        " a: 1\nb: 2\n", "2:1", "text follows after the end of the data", "first column", id="first line indented"
    ),
    pytest.param('a: "C:\\data"\n', "1:7", 'inside "…" a backslash means something else', "'…'", id="backslash"),
    pytest.param("a: 1\nb: x\x01y\n", "2:5", "invisible control character", "\\x01", id="control character"),
    pytest.param(
        "a: !env 5x\n", "1:4", "!env needs the name of an environment variable", "!env PROD", id="bad env name"
    ),
    pytest.param(
        "a: !env {name: A, default: 1, unset: keep}\n", "1:4", "!env takes a name", "unset: keep", id="env twice"
    ),
    pytest.param("a: !env {name: A, unset: drop}\n", "1:4", "!env takes a name", "unset: keep", id="env unset"),
    pytest.param("a: !env {default: 1}\n", "1:4", "!env needs the name", "for example", id="env without name"),
    pytest.param("a: !int 5\n", "1:4", "!int needs a reference", "role:administrator", id="int without kind"),
    pytest.param("a: !!binary ä\n", "1:4", "this is not base64", "copy the whole value", id="base64"),
    pytest.param("a: !php/object {properties: {}}\n", "1:4", "an object needs the name", "!php/object:", id="no class"),
    pytest.param(
        "a: !php/object {b: 1}\n", "1:17", "an object has a class and properties", "class: …", id="odd object"
    ),
    pytest.param("a: {\n", "2:1", "a value is missing or not closed", "close", id="end inside a brace"),
]


@pytest.mark.parametrize(("text", "place", "what", "hint"), PROBLEMS)
def test_a_problem_says_what_where_and_what_to_do(text: str, place: str, what: str, hint: str) -> None:
    with pytest.raises(YamlProblem) as caught:
        parse(text, where="config/x.yml")

    problem = caught.value
    assert (problem.where, what in problem.what, hint in problem.hint) == (f"config/x.yml:{place}", True, True), problem


def test_bytes_that_are_not_utf_8_are_refused_with_their_place() -> None:
    with pytest.raises(YamlProblem, match="not UTF-8") as caught:
        parse("a: é\nb: é".encode() + b"\xff", where="f")
    assert caught.value.where == "f:2:5"


def test_utf_16_is_named() -> None:
    with pytest.raises(YamlProblem, match="saved as UTF-16"):
        parse("a: 1".encode("utf-16"), where="f")


def test_half_a_character_is_refused() -> None:
    with pytest.raises(YamlProblem, match="not UTF-8"):
        parse("a: \ud800", where="f")


def test_deep_nesting_is_refused_and_256_levels_are_not() -> None:
    deep = parse("[" * 256 + "]" * 256, where="f")
    assert isinstance(deep, list)
    for depth in (257, 20_000):
        with pytest.raises(YamlProblem, match="nested"):
            parse("[" * depth + "]" * depth, where="f")


@pytest.mark.parametrize("text", [case.values[0] for case in PROBLEMS])
def test_the_parser_without_the_c_library_refuses_the_same(text: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(read, "parser", events.PythonParser)

    with pytest.raises(YamlProblem) as caught:
        parse(text, where="f")
    assert "cannot be read as YAML" not in caught.value.what


def test_the_c_library_is_used_where_it_is_there() -> None:
    assert (events.parser is events.PythonParser) is (not yaml.__with_libyaml__)


FILE = """\
# a comment
menu: main-menu
links:
  - key: about
    title: About
  - {key: team, 5: x}
object: !php/object:A
  "5": one
  5: two
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (2, 1)), (("menu",), (2, 7)), (("links", 0, "title"), (5, 12)), (("links", 1, 5), (6, 20)),
        (("object", "5"), (8, 8)), (("object", 5), (9, 6)), (("links", 2), None), (("links", -1), None),
        (("nothing",), None), (("menu", "x"), None),
    ],
)  # fmt: skip
def test_a_value_is_found_by_its_path(path: tuple[str | int, ...], place: tuple[int, int] | None) -> None:
    assert locate(FILE, path) == place


@pytest.mark.parametrize("text", ["a: 'x", "", "a: \ud800"])
def test_nothing_is_found_in_a_text_that_cannot_be_read(text: str) -> None:
    assert locate(text, ("a",)) is None


def test_bytes_and_a_byte_order_mark_do_not_disturb_the_place() -> None:
    assert locate("\ufeffa: é\nb: 1\n".encode(), ("b",)) == (2, 4)
    assert locate("\ufeffa: 1\n".encode(), ("a",)) == (1, 4)


def test_equality_knows_types_and_no_order_of_keys() -> None:
    different: list[TreeValue] = [5, 5.0, "5", True, "", None, b"5", [], [5], {"5": 5}, -0.0, 0.0, math.nan, IntRef("a:b"),
                                  Env("A"), Env("A", default=None), Env("A", keep=True), PhpObject("A"), PhpObject("B"),
                                  PhpObject("A", {"x": 1}), PhpSerialized(b""), [1, 2], [2, 1], {1: 1}]  # fmt: skip
    for i, one in enumerate(different):
        assert [same(one, other) for other in different].index(True) == i
        assert sum(same(one, other) for other in different) == 1
    assert same({"a": 1, "b": 2}, {"b": 2, "a": 1})
    assert same({}, [])
    assert same({0: "a", 1: "b"}, ["a", "b"])
    assert Env("A").default is UNSET


def test_walk_and_replace_reach_every_value() -> None:
    value = {"a": [IntRef("role:x"), {"b": PhpObject("C", {"p": "t"})}]}

    assert [path for path, _ in walk(value)] == [
        (), ("a",), ("a", 0), ("a", 1), ("a", 1, "b"), ("a", 1, "b", "p"),
    ]  # fmt: skip
    assert same(
        replace(value, lambda item: 7 if isinstance(item, IntRef) else item),
        {"a": [7, {"b": PhpObject("C", {"p": "t"})}]},
    )
    assert isinstance(value["a"][0], IntRef)


def test_the_readme_of_the_dialect_reads_as_the_design_says() -> None:
    text = Path(__file__).with_name("menu.yml").read_bytes()

    assert same(
        parse(text, where="menu.yml"),
        {
            "menu": "main-menu",
            "title": "Main menu",
            "links": [
                {
                    "key": "about", "title": "About", "path": "node:page/about-us", "weight": -49,
                    "children": [
                        {
                            "key": "team", "title": "Team", "path": "http://team.example.org",
                            "options": {"attributes": {"target": "_blank"}},
                        }
                    ],
                },
                {"key": "sign-out", "system": "user/logout", "title": "Sign out", "weight": 50},
            ],
        },
    )  # fmt: skip
