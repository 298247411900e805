"""Edits of files that people wrote: which lines change, to the letter."""

from __future__ import annotations

import copy
import difflib
from collections.abc import Callable
from typing import Any

import pytest

from drupalsync.php.values import PhpObject
from drupalsync.tree import Env, IntRef, same
from drupalsync.tree import edit as edit_module
from drupalsync.tree.block import BlockEditor
from drupalsync.tree.edit import edit
from drupalsync.tree.problems import YamlProblem
from drupalsync.tree.read import parse
from drupalsync.tree.source import Cannot

MENU = """\
# yaml-language-server: $schema=menu.json

menu: main-menu            # the machine name
title: "Main menu"         # shown to editors
weight: 0.500

# the links, in the order of the page
links:
    # the oldest page of all
    - key: about
      title: 'About us'    # asked for by the board
      path: node:page/about-us
      options: {attributes: {target: _blank, rel: 'nofollow'}, fragment: top}

    # signing out
    - key: sign-out
      title: Sign out
      children:
          - {key: a, title: A}
          - {key: b, title: "B"}
          # the end of the children

    - key: last            # the last one
      description: |
          Two lines
          of text.
      weight: 50
roles: [editor, admin]     # who
pages:
    show_on: [
        <front>,           # the front page
        'about*'
    ]
empty: []
nothing:                   # not yet
tail: end
"""


def changed(text: str, edited: str) -> list[str]:
    lines = difflib.unified_diff(text.splitlines(), edited.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def at(value: Any, *path: str | int) -> Any:
    for step in path:
        value = value[step]
    return value


def put(*path: str | int, to: Any) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        at(value, *path[:-1])[path[-1]] = to

    return change


def drop(*path: str | int) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        del at(value, *path[:-1])[path[-1]]

    return change


def insert(*path: str | int, to: Any) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        at(value, *path[:-1]).insert(path[-1], to)

    return change


def move(*path: str | int, to: int) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        items = at(value, *path[:-1])
        items.insert(to, items.pop(path[-1]))

    return change


def add_after(*path: str | int, key: str, to: Any) -> Callable[[Any], None]:
    def change(value: Any) -> None:
        mapping = at(value, *path[:-1])
        entries = list(mapping.items())
        index = 1 + list(mapping).index(path[-1]) if path[-1] in mapping else 0
        mapping.clear()
        mapping.update([*entries[:index], (key, to), *entries[index:]])

    return change


EDITS = [
    pytest.param(put("menu", to="other"), [
        "-menu: main-menu            # the machine name", "+menu: other                # the machine name",
    ], id="a plain scalar, its comment in the same column"),
    pytest.param(put("title", to="Main"), [
        '-title: "Main menu"         # shown to editors', '+title: "Main"              # shown to editors',
    ], id="double quotes stay"),
    pytest.param(put("title", to="A title that is far too long for its comment"), [
        '-title: "Main menu"         # shown to editors',
        '+title: "A title that is far too long for its comment" # shown to editors',
    ], id="a long value pushes the comment"),
    pytest.param(put("links", 0, "title", to="It's us"), [
        "-      title: 'About us'    # asked for by the board", "+      title: 'It''s us'    # asked for by the board",
    ], id="single quotes stay"),
    pytest.param(put("links", 1, "title", to="yes"), [
        "-      title: Sign out", "+      title: 'yes'",
    ], id="a plain text that must not stay plain"),
    pytest.param(put("weight", to=1.5), ["-weight: 0.500", "+weight: 1.5"], id="a number"),
    pytest.param(put("links", 0, "options", "attributes", "target", to="_self"), [
        "-      options: {attributes: {target: _blank, rel: 'nofollow'}, fragment: top}",
        "+      options: {attributes: {target: _self, rel: 'nofollow'}, fragment: top}",
    ], id="a scalar inside braces"),
    pytest.param(add_after("links", 0, "options", "attributes", "target", key="class", to=["x"]), [
        "-      options: {attributes: {target: _blank, rel: 'nofollow'}, fragment: top}",
        "+      options: {attributes: {target: _blank, class: [x], rel: 'nofollow'}, fragment: top}",
    ], id="a key more inside braces"),
    pytest.param(drop("links", 0, "options", "attributes"), [
        "-      options: {attributes: {target: _blank, rel: 'nofollow'}, fragment: top}",
        "+      options: {fragment: top}",
    ], id="the first key inside braces less"),
    pytest.param(drop("links", 0, "options", "fragment"), [
        "-      options: {attributes: {target: _blank, rel: 'nofollow'}, fragment: top}",
        "+      options: {attributes: {target: _blank, rel: 'nofollow'}}",
    ], id="the last key inside braces less"),
    pytest.param(put("roles", to=["admin", "editor", "x, y"]), [
        "-roles: [editor, admin]     # who", "+roles: [admin, editor, 'x, y']     # who",
    ], id="a list in brackets"),
    pytest.param(put("pages", "show_on", 0, to="node/1"), [
        "-        <front>,           # the front page", "+        node/1,           # the front page",
    ], id="an item of a long list in brackets"),
    pytest.param(insert("pages", "show_on", 1, to="new"), ["+        new,"], id="an item between, in brackets"),
    pytest.param(insert("pages", "show_on", 2, to="new"), [
        "-        'about*'", "+        'about*',", "+        new",
    ], id="an item at the end, in brackets"),
    pytest.param(put("pages", "show_on", to=[{"a": 1}, {"b": 2}, "about*"]), [
        "-        <front>,           # the front page", "+        {a: 1},",
        "+        {b: 2},           # the front page",
    ], id="two items for one, in brackets"),
    pytest.param(drop("pages", "show_on", 1), [
        "-        <front>,           # the front page", "-        'about*'", "+        <front>",
    ], id="the last item in brackets less"),
    pytest.param(put("links", 2, "description", to="Two lines\nof other text.\n"), [
        "-          of text.", "+          of other text.",
    ], id="a line of a text, at its own indentation"),
    pytest.param(put("links", 2, "description", to="Two lines\nof text."), [
        "-      description: |", "+      description: |-",
    ], id="the last line break of a text"),
    pytest.param(put("links", 2, "description", to="short"), [
        "-      description: |", "-          Two lines", "-          of text.",
        "+      description: |-", "+          short",
    ], id="a text that becomes short"),
    pytest.param(put("links", 2, "description", to=5), [
        "-      description: |", "-          Two lines", "-          of text.", "+      description: 5",
    ], id="a text that becomes a number"),
    pytest.param(put("menu", to="a\nb\n"), [
        "-menu: main-menu            # the machine name", "+menu: |            # the machine name",
        "+    a", "+    b",
    ], id="a word that becomes a text"),
    pytest.param(put("tail", to={"a": {"b": [1]}}), [
        "-tail: end", "+tail:", "+    a:", "+        b:", "+            - 1",
    ], id="a word that becomes a mapping, in the file's indentation"),
    pytest.param(put("empty", to=["x"]), ["-empty: []", "+empty:", "+    - x"], id="an empty list that is no longer"),
    pytest.param(put("nothing", to="x"), [
        "-nothing:                   # not yet", "+nothing: x                   # not yet",
    ], id="null that is no longer"),
    pytest.param(put("nothing", to=[1]), ["+    - 1"], id="null that becomes a list"),
    pytest.param(put("roles", to=[]), ["-roles: [editor, admin]     # who", "+roles: []                  # who"], id="emptied"),
    pytest.param(put("links", to=None), None, id="a whole list that goes"),
    pytest.param(add_after("menu", key="new", to=1), ["+new: 1"], id="a key after another"),
    pytest.param(add_after("", key="new", to=1), ["+new: 1"], id="a key before all others"),
    pytest.param(add_after("links", key="new", to=[{"key": "x", "v": 1}]), [
        "+new:", "+    - key: x", "+      v: 1",
    ], id="a list after a list"),
    pytest.param(add_after("tail", key="new", to={"a": 1}), ["+new:", "+    a: 1"], id="a key at the end"),
    pytest.param(add_after("links", 0, "key", key="system", to="x"), ["+      system: x"], id="a key of an item"),
    pytest.param(add_after("links", 0, "", key="system", to="x"), [
        "-    - key: about", "+    - system: x", "+      key: about",
    ], id="a first key of an item"),
    pytest.param(drop("weight"), ["-weight: 0.500"], id="a key less"),
    pytest.param(drop("links", 0, "title"), ["-      title: 'About us'    # asked for by the board"], id="its comment goes too"),
    pytest.param(drop("links", 1, "key"), ["-    - key: sign-out", "-      title: Sign out", "+    - title: Sign out"],
                 id="the first key of an item less"),
    pytest.param(drop("links", 1), [
        "-    - key: sign-out", "-      title: Sign out", "-      children:", "-          - {key: a, title: A}",
        '-          - {key: b, title: "B"}',
    ], id="an item less, comments between stay"),
    pytest.param(drop("links", 2), [
        "-    - key: last            # the last one", "-      description: |", "-          Two lines", "-          of text.",
        "-      weight: 50",
    ], id="the last item less"),
    pytest.param(insert("links", 1, to={"key": "new", "weight": 1}), ["+    - key: new", "+      weight: 1"], id="an item more"),
    pytest.param(insert("links", 0, to={"key": "new"}), ["+    - key: new"], id="a first item"),
    pytest.param(insert("links", 1, "children", 2, to={"key": "c"}), ["+          - key: c"], id="a last child"),
    pytest.param(put("links", 1, "children", 1, "title", to="C"), [
        '-          - {key: b, title: "B"}', '+          - {key: b, title: "C"}',
    ], id="an item in braces"),
    pytest.param(move("links", 2, to=0), [
        "+    - key: last            # the last one", "+      description: |", "+          Two lines", "+          of text.",
        "+      weight: 50",
        "-    - key: last            # the last one", "-      description: |", "-          Two lines", "-          of text.",
        "-      weight: 50",
    ], id="an item moves as it was typed"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "lines"), EDITS)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_an_edit_changes_these_lines_and_no_other(
    change: Callable[[Any], None], lines: list[str] | None, newline: str
) -> None:
    text = MENU.replace("\n", newline)
    old = parse(text, where="menu.yml")
    new = copy.deepcopy(old)
    change(new)

    edited = edit(text, old, new)

    assert same(parse(edited, where="menu.yml"), new)
    assert lines is None or changed(text, edited) == lines
    assert edited.count("\n") == edited.count(newline)
    assert all(comment in edited for comment in ("# yaml-language-server", "# the links, in", "# who"))


def test_a_moved_item_that_changed_too_is_written_anew_and_the_others_stay() -> None:
    old = parse(MENU, where="x")
    new = copy.deepcopy(old)
    assert isinstance(new, dict)
    new["links"].insert(0, new["links"].pop(1) | {"title": "Out"})

    edited = edit(MENU, old, new)

    assert same(parse(edited, where="x"), new)
    assert "    - key: about\n      title: 'About us'    # asked for by the board\n" in edited


def test_where_new_lines_land() -> None:
    text = "# file\n\n# about a\na: 1\nl:\n  # about x\n  - x\n  # end of l\nz: 1\n"
    old = {"a": 1, "l": ["x"], "z": 1}
    new = {"first": 0, "a": 1, "l": ["w", "x", "v"], "m": 1, "z": 1}

    assert edit(text, old, new) == (
        "# file\n\nfirst: 0\n# about a\na: 1\nl:\n  - w\n  # about x\n  - x\n  - v\n  # end of l\nm: 1\nz: 1\n"
    )


SMALL = [
    pytest.param("a: 1", {"a": 1}, {"a": 2}, "a: 2", id="no last line break"),
    pytest.param("a: 1", {"a": 1}, {"a": 1, "b": 2}, "a: 1\nb: 2\n", id="a line at the end of such a file"),
    pytest.param("\ufeffa: 1\n", {"a": 1}, {"a": 2}, "\ufeffa: 2\n", id="a byte order mark"),
    pytest.param("---\na: 1\n...\n", {"a": 1}, {"a": 1, "b": 2}, "---\na: 1\nb: 2\n...\n", id="document marks"),
    pytest.param("a: 1\nb: 2\n", {"a": 1, "b": 2}, {"b": 2}, "b: 2\n", id="the first line goes"),
    pytest.param("a: 1\nb: 2\nc: 3\n", {"a": 1, "b": 2, "c": 3}, {"c": 3}, "c: 3\n", id="the first lines go"),
    pytest.param("- a\n- b\n", ["a", "b"], ["b", "c"], "- b\n- c\n", id="an outermost list"),
    pytest.param("{a: 1, b: 2}\n", {"a": 1, "b": 2}, {"a": 1}, "{a: 1}\n", id="an outermost flow mapping"),
    pytest.param("# c\nx\n", "x", "w", "# c\nw\n", id="an outermost scalar"),
    pytest.param("# c\na: 1\n", {"a": 1}, [1], "# c\n- 1\n", id="another type, comments on top stay"),
    pytest.param("a: |+\n  x\n\nb: 1\n", {"a": "x\n\n", "b": 1}, {"a": "x\n\n", "c": 2, "b": 1},
                 "a: |+\n  x\n\nc: 2\nb: 1\n", id="behind a text that keeps its end"),
    pytest.param("a: x\n\nb: 1\n", {"a": "x", "b": 1}, {"a": "x\n\n", "b": 1}, "a: |+\n  x\n\nb: 1\n",
                 id="a text that keeps its end before an empty line"),
    pytest.param("a: >\n  x\n  y\n", {"a": "x y\n"}, {"a": "x\ny\n"}, "a: |\n  x\n  y\n", id="folded text"),
    pytest.param("a: x\n  y # c\nb: 1\n", {"a": "x y", "b": 1}, {"a": "z", "b": 1}, "a: z # c\nb: 1\n", id="plain on two lines"),
    pytest.param("a:\n  # why\n  x\nb: 1\n", {"a": "x", "b": 1}, {"a": "w", "b": 1}, "a:\n  # why\n  w\nb: 1\n",
                 id="a value on the next line"),
    pytest.param("a:\n  x\nb: 1\n", {"a": "x", "b": 1}, {"a": ["w"], "b": 1}, "a:\n  - w\nb: 1\n", id="that becomes a list"),
    pytest.param("a: !crlf |\n  x\n", {"a": "x\r\n"}, {"a": "x\r\ny\r\n"}, "a: !crlf |\n  x\n  y\n", id="CRLF text"),
    pytest.param("a: |2-\n    x\n   \nb: 1\n", {"a": "  x\n ", "b": 1}, {"a": "  y\n", "b": 1}, "a: |2\n    y\nb: 1\n",
                 id="a text whose last line is a space"),
    pytest.param('a: "x\\ny"\n', {"a": "x\ny"}, {"a": "x\nz"}, 'a: "x\\nz"\n', id="escaped line breaks stay escaped"),
    pytest.param("? a\n: 1\nb: 2\n", {"a": 1, "b": 2}, {"a": 3, "b": 2}, "? a\n: 3\nb: 2\n", id="an explicit key"),
    pytest.param("a: !env X # c\n", {"a": Env("X")}, {"a": Env("Y", keep=True)}, "a: !env {name: Y, unset: keep} # c\n",
                 id="a tagged value"),
    pytest.param("a: 1\n", {"a": 1}, {"a": IntRef("role:x")}, "a: !int role:x\n", id="a value that gets a tag"),
    pytest.param("a: !php/object:X\n  # c\n  p: 1\n", {"a": PhpObject("X", {"p": 1})},
                 {"a": PhpObject("X", {"p": 2, "5": 0})}, "a: !php/object:X\n  # c\n  p: 2\n  '5': 0\n", id="inside an object"),
    pytest.param("a: !php/object:X {p: 1}\n", {"a": PhpObject("X", {"p": 1})}, {"a": PhpObject("X", {"p": 2})},
                 "a: !php/object:X {p: 2}\n", id="inside an object in braces"),
    pytest.param("a: !php/object:X {p: 1}\n", {"a": PhpObject("X", {"p": 1})}, {"a": PhpObject("Y", {"p": 1})},
                 "a: !php/object:Y {p: 1}\n", id="another class"),
    pytest.param("- - a\n  - b\n", [["a", "b"]], [["b"]], "- - b\n", id="a list on the line of a dash"),
    pytest.param("- a: 1\n  # about b\n  b: 2\n", [{"a": 1, "b": 2}], [{"b": 2}], "-\n  # about b\n  b: 2\n",
                 id="the first key of an item goes, the comment below stays"),
    pytest.param("a: [x: 1]\n", {"a": [{"x": 1}]}, {"a": [{"x": 2}]}, "a: [{x: 2}]\n", id="a pair in brackets"),
    pytest.param("a: {x: , z: 1}\n", {"a": {"x": None, "z": 1}}, {"a": {"x": 2, "z": 1}}, "a: {x: 2, z: 1}\n",
                 id="nothing in braces becomes something"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "old", "new", "expected"), SMALL)
def test_a_small_file_becomes(text: str, old: Any, new: Any, expected: str) -> None:
    assert same(parse(text, where="x"), old)

    edited = edit(text, old, new)

    assert edited == expected
    assert same(parse(edited, where="x"), new)


@pytest.mark.parametrize(
    ("old", "new"), [({"a": 1, "b": 2}, {"b": 2, "a": 1}), ({"a": {}}, {"a": []}), ({"a": {0: 1}}, {"a": [1]})]
)
def test_what_is_no_difference_to_php_changes_nothing(old: Any, new: Any) -> None:
    text = "# by hand\na:   {b: 1}\n"

    assert edit(text, old, new) == text


def test_the_file_counts_where_it_already_says_the_new_value() -> None:
    assert edit("a:   2 # c\n", {"a": 1}, {"a": 2}) == "a:   2 # c\n"


@pytest.mark.parametrize(("old", "new"), [(1, True), (1, 1.0), ("1", 1), (0.0, -0.0), (None, "")])
def test_a_change_of_type_is_a_change(old: Any, new: Any) -> None:
    assert same(parse(edit(f"a: {'~' if old is None else repr(old)}\n", {"a": old}, {"a": new}), where="x"), {"a": new})


def test_what_the_splice_cannot_say_goes_through_ruamel_and_keeps_comments() -> None:
    text = "? a\n: 1\nb: 2 # stays\n# stays too\nc: 3\n"

    edited = edit(text, {"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 3, "d": "x"})

    assert edited == "b: 2 # stays\n# stays too\nc: 3\nd: x\n"


def test_a_wrong_splice_is_never_returned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edit_module, "_attempts", lambda *_: iter(["a: 3\n", "a: [", "a: '2'\n"]))

    assert edit("# top\na: 1\n", {"a": 1}, {"a": 2}) == "# top\na: 2\n"
    assert edit("a: 1\r\n", {"a": 1}, {"a": 2}, header="h") == "# h\r\na: 2\r\n"


def test_a_text_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(YamlProblem):
        edit("a: [", {"a": 1}, {"a": 2})


def test_where_a_fine_edit_fails_only_the_outermost_values_that_differ_are_written_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object) -> None:
        raise Cannot

    monkeypatch.setattr(BlockEditor, "root", fail)
    text = "a:   {x: 1}   # kept\nb:  # here\n    x: 1  # lost\n    z: 2\n"

    edited = edit(text, {"a": {"x": 1}, "b": {"x": 1, "z": 2}}, {"a": {"x": 1}, "b": {"x": 1, "z": 3}})

    assert edited == "a:   {x: 1}   # kept\nb:  # here\n    x: 1\n    z: 3\n"
