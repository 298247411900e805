"""The file of a block."""

from __future__ import annotations

from textwrap import dedent
from typing import Any

import pytest

from drupalsync.kinds import Item, block
from drupalsync.kinds.fields import FieldProblem
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.blocks import changed, custom, module_block

FILE = """\
block: custom/footer-notice
info: Footer notice
title: <none>
body: |
  <p>© Example</p>
format: full_html
pages:
  show_on:
    - <front>
    - node:page/about-us
    - about*
roles:
  - editor
placements:
  bartik:
    region: footer
    weight: 3
  seven:
    region: none
"""


def read(text: str) -> Item:
    (item,) = block.load("blocks/x.yml", parse(dedent(text), where="x"))
    return item


def written(item: Item, old: str | None = None) -> dict[Any, Any]:
    document = block.dump([item], parse(dedent(old), where="x") if old else None)
    assert isinstance(document, dict)
    return document


def test_a_file_is_read_and_written_as_it_stands() -> None:
    item = read(FILE)

    assert item.key == "custom/footer-notice"
    assert item.fields["placements"] == {
        "bartik": {"region": "footer", "weight": 3},
        "seven": {"region": "none", "weight": 0},
    }
    assert emit(written(item)) == FILE


@pytest.mark.parametrize(
    ("key", "path"),
    [
        pytest.param("custom/footer-notice", "blocks/custom/footer-notice.yml", id="custom"),
        pytest.param("user/login", "blocks/user/login.yml", id="of a module"),
        pytest.param("views/-exp-Ä/b", "blocks/views/-exp-%C3%84%2Fb.yml", id="with odd characters"),
    ],
)
def test_a_block_has_a_file_by_module_and_delta(key: str, path: str) -> None:
    assert block.place(module_block(key)) == path


def test_what_says_the_same_stays_as_it_was_written() -> None:
    old = """
        block: custom/a
        roles: [editor, anonymous user, editor]
        info: A
        pages: {hide_on: ["a\\r\\nb"]}
        user_control: 0
        placements: {seven: {region: none, weight: 0}, bartik: {weight: 0, region: footer}}
    """
    item = read(old)
    assert item.fields["roles"] == ["anonymous user", "editor"]
    assert item.fields["pages"] == {"hide_on": ["a", "b"]}

    new = written(changed(item, title="New"), old)

    assert new == {**parse(dedent(old), where="x"), "title": "New"}
    assert list(new)[:3] == ["block", "roles", "info"]


def test_a_theme_that_a_file_leaves_to_the_site_stays_out_of_it_until_the_block_stands_there() -> None:
    old = "block: user/login\nplacements: {bartik: {region: footer}}\n"
    bartik = {"region": "footer", "weight": 0}
    off, on = {"region": "none", "weight": 0}, {"region": "help", "weight": 0}

    assert written(module_block("user/login", placements={"bartik": bartik, "seven": off}), old) == parse(
        old, where="x"
    )
    assert written(module_block("user/login", placements={"bartik": bartik, "seven": on}), old)["placements"] == {
        "bartik": {"region": "footer"},
        "seven": {"region": "help"},
    }


def test_a_theme_that_the_site_does_not_have_stays_in_a_file_that_says_off() -> None:
    old = "block: user/login\nplacements: {olivero: {region: none}}\n"
    live = module_block("user/login", placements={"bartik": {"region": "none", "weight": 0}})

    assert written(live, old) == parse(old, where="x")
    assert block.fill(read(old), live).fields == live.fields


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param("title: x", "this must be a text, not empty", id="no key"),
        pytest.param("block: login", "which block is this?", id="half a key"),
        pytest.param("block: custom/a", "the field 'info' is missing", id="custom without info"),
        pytest.param("block: user/login\nbody: x", "only custom blocks have the field 'body'", id="body of a module"),
        pytest.param("block: user/login\ntitel: x", "unknown field 'titel'", id="misspelt"),
        pytest.param(
            "block: user/login\npages: {show_on: [a], hide_on: [b]}", "this must say one thing", id="two rules"
        ),
        pytest.param("block: user/login\npages: {show_on: [!!binary /w==]}", "a path must be UTF-8 text", id="bytes"),
        pytest.param("block: user/login\nplacements: {bartik: footer}", "this must be a mapping", id="bare region"),
        pytest.param(
            "block: user/login\nplacements: {bartik: {weight: 1}}", "the field 'region' is missing", id="no region"
        ),
        pytest.param(
            "block: user/login\nplacements: !env X", "the placements must stand here", id="placements from outside"
        ),
        pytest.param("block: user/login\npages: {other: [x, 1]}", "the number of a visibility", id="other rule"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused(text: str, what: str) -> None:
    with pytest.raises(FieldProblem, match=what):
        read(text)


def test_a_value_of_the_environment_may_stand_for_a_region() -> None:
    item = read("block: user/login\nroles: [!env R]\nplacements: {bartik: {region: !env REGION}}\n")

    assert emit(written(item)) == (
        "block: user/login\nroles:\n  - !env R\nplacements:\n  bartik:\n    region: !env REGION\n"
    )


@pytest.mark.parametrize(
    ("pages", "settled"),
    [
        pytest.param("{show_on: []}", {"show_on": []}, id="never seen"),
        pytest.param("{show_on: ['']}", {"show_on": []}, id="an empty line"),
        pytest.param('{show_on: "a\\r\\nb"}', {"show_on": ["a", "b"]}, id="a text with Drupal's line ends"),
        pytest.param('{hide_on: "a\\nb"}', {"hide_on": "a\nb"}, id="a text with other line ends"),
        pytest.param('{hide_on: ["a\\nb", c]}', {"hide_on": "a\nb\r\nc"}, id="a line with a line end in it"),
        pytest.param("[]", {"hide_on": []}, id="nothing"),
    ],
)
def test_pages_have_one_form(pages: str, settled: dict[str, Any]) -> None:
    assert read(f"block: user/login\npages: {pages}\n").fields["pages"] == settled


def test_half_a_rule_of_pages_is_the_rule_of_the_site() -> None:
    live = custom("a", "A", pages={"show_on": ["a"]})

    merged = block.fill(custom("a", "A", pages={"show_on": ["a"], "hide_on": []}), live)

    assert merged.fields["pages"] == {"show_on": ["a"]}


def test_what_a_theme_only_repeats_is_not_said_twice() -> None:
    item = read("block: user/login\ntitle: T\nplacements: {bartik: {region: none, title: T}}\n")

    assert item.fields["placements"] == {"bartik": {"region": "none", "weight": 0}}
