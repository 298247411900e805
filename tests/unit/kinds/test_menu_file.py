"""A menu's file: what it may say, what it means, and how little of it an export changes."""

from __future__ import annotations

from typing import Any

import pytest

from drupalsync.kinds import Item, menu
from drupalsync.kinds.fields import FieldProblem
from drupalsync.tree.edit import edit
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.menus import changed, link

SAMPLE = """\
# the menu on top
menu: main-menu
title: Main menu
links:
  - key: about
    title: About
    path: node:page/about-us            # a reference, not node/12
    weight: -49
    children:
      - {key: team, title: Team, path: 'http://team.example.org', options: {attributes: {target: _blank}}}
  - title: Über uns
    path: <front>
    expanded: false
  - key: sign-out
    system: user/logout
    title: Sign out
    weight: 50
    children:
      - {key: why, title: Why, path: node:page/why}
  - {key: reports, title: Reports, path: admin/reports/dblog, parent: 'system:admin/reports'}
"""


def items(text: str) -> dict[str, Item]:
    return {item.address: item for item in menu.load("menus/main-menu.yml", parse(text, where="x"))}


def exported(text: str, *changes: Item, gone: tuple[str, ...] = ()) -> str:
    """The file after an export in which these items are as given, and those of `gone` are no more."""
    after = {**items(text), **{item.address: item for item in changes}}
    for address in gone:
        del after[address]
    old = parse(text, where="x")
    new = edit(text, old, menu.dump(list(after.values()), old))
    assert items(new) == after
    return new


def test_the_sample_of_the_design_means_these_links() -> None:
    found = items(SAMPLE)
    team = {"attributes": {"target": "_blank"}}
    assert list(found.values())[1:] == [
        link("main-menu/about", "About", "node:page/about-us", weight=-49),
        link("main-menu/about/team", "Team", "http://team.example.org", options=team),
        link("main-menu/uber-uns", "Über uns", "<front>"),
        link("main-menu/sign-out", "Sign out", "user/logout", module="system", weight=50, customized=True),
        link("main-menu/why", "Why", "node:page/why", parent="system:user/logout"),
        link("main-menu/reports", "Reports", "admin/reports/dblog", parent="system:admin/reports"),
    ]
    assert found["menu:main-menu"].fields["title"] == "Main menu"
    assert str(found["menu:main-menu"].fields["description"]).startswith("The <em>Main</em> menu")


def test_an_export_with_nothing_new_changes_nothing() -> None:
    assert exported(SAMPLE) == SAMPLE


def test_a_changed_field_changes_its_line() -> None:
    about = items(SAMPLE)["menu_link:main-menu/about"]
    assert exported(SAMPLE, changed(about, weight=3)) == SAMPLE.replace("weight: -49", "weight: 3")


def test_a_link_whose_title_made_its_key_keeps_it_under_a_new_title() -> None:
    old = items(SAMPLE)["menu_link:main-menu/uber-uns"]
    new = exported(SAMPLE, changed(old, title="About us"))
    assert "  - key: uber-uns\n    title: About us\n" in new


def test_new_links_come_last_by_weight_and_title() -> None:
    new = [link("main-menu/b", "B"), link("main-menu/a", "A"), link("main-menu/c", "C", weight=-9)]
    text = exported(SAMPLE, *new)
    assert text.startswith(SAMPLE)
    assert [line.strip() for line in text.splitlines() if "- key:" in line][-3:] == ["- key: c", "- key: a", "- key: b"]


def test_a_moved_link_appears_at_its_new_place_with_its_wording_and_what_is_below_it() -> None:
    about, team = items(SAMPLE)["menu_link:main-menu/about"], items(SAMPLE)["menu_link:main-menu/about/team"]
    moved = [changed(about, key="main-menu/uber-uns/about"), changed(team, key="main-menu/uber-uns/about/team")]
    text = exported(SAMPLE, *moved, gone=(about.address, team.address))
    assert text.index("Über uns") < text.index("    children:\n      - key: about\n") < text.index("- key: team")


def test_a_link_below_a_declared_one_stands_under_it_where_the_file_has_it() -> None:
    reports = link("main-menu/all", "All", "admin/reports", module="system", customized=True)
    text = exported(SAMPLE, reports)
    assert "    children:\n      - key: reports\n" in text
    assert "parent:" not in text
    assert "parent: system:admin/reports" in exported(text, gone=(reports.address,))


def test_a_link_that_comes_below_another_one_comes_last_there() -> None:
    text = SAMPLE.replace("links:\n", "links:\n  - {key: early, title: Early, path: admin, parent: 'system:admin'}\n")
    early = items(text)["menu_link:main-menu/early"]
    new = exported(text, changed(early, parent="system:user/logout"))
    assert new.index("key: sign-out") < new.index("key: why") < new.index("key: early")


def test_a_link_whose_parent_is_not_in_the_file_names_it_in_its_key() -> None:
    text = exported(SAMPLE, gone=("menu_link:main-menu/about",))
    assert "- key: about/team\n" in text


def test_a_declared_link_may_leave_its_title_to_the_site() -> None:
    text = SAMPLE.replace("    title: Sign out\n", "")
    old = items(text)["menu_link:main-menu/sign-out"]
    assert old.fields["title"] is None
    live = changed(old, title="Log out", weight=2)
    new = edit(
        text, parse(text, where="x"), menu.dump([*{**items(text), live.address: live}.values()], parse(text, where="x"))
    )
    assert new == text.replace("weight: 50", "weight: 2")


def test_links_that_hang_from_each_other_are_not_lost() -> None:
    outer = link("main-menu/a", parent="system:admin")
    inner = link("main-menu/a/b", path="admin", module="system", customized=True)
    again = menu.load("menus/x.yml", menu.dump([inner, outer], None))
    assert [item for item in again if item.kind == "menu_link"] == [outer, inner]


def test_a_new_file_says_only_what_is_not_drupals_default() -> None:
    defaults = items("menu: main-menu\n")["menu:main-menu"]
    assert emit(menu.dump([defaults], None)) == "menu: main-menu\n"
    assert emit(menu.dump([link("shortcut-set-1/add", "Add", "node/add")], None)) == (
        "menu: shortcut-set-1\nlinks:\n  - key: add\n    title: Add\n    path: node/add\n"
    )


def test_a_file_may_hold_links_of_a_menu_that_it_says_nothing_of() -> None:
    assert list(items("menu: shortcut-set-1\nlinks: [{title: Add, path: node/add}]\n")) == [
        "menu_link:shortcut-set-1/add"
    ]


def test_a_file_is_named_after_its_menu() -> None:
    assert menu.place(link("menu-footer/a")) == "menus/menu-footer.yml"


def nested(levels: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"key": "x", "title": "X", "path": "<front>"}
    return entry if levels == 1 else {**entry, "children": [nested(levels - 1)]}


def test_nine_levels_are_enough() -> None:
    assert len(list(menu.load("x", {"menu": "m", "links": [nested(9)]}))) == 9


GOOD = {"key": "a", "title": "A", "path": "<front>"}


@pytest.mark.parametrize(
    ("document", "path", "what"),
    [
        pytest.param([], ("menu",), "must begin with the machine name", id="not a mapping"),
        pytest.param({"menu": "a/b"}, ("menu",), "must begin with the machine name", id="a slash in the name"),
        pytest.param({"menu": "m", "titel": "M"}, ("titel",), "unknown field 'titel'", id="a field of the menu misspelt"),
        pytest.param({"menu": "m", "description": "d"}, (), "the field 'title' is missing", id="a menu without a title"),
        pytest.param({"menu": "m", "links": {"a": 1}}, ("links",), "must be a list of links", id="links that are no list"),
        pytest.param({"menu": "m", "links": ["a"]}, ("links", 0), "must be a mapping of fields", id="a link that is a text"),
        pytest.param({"menu": "m", "links": [{**GOOD, "wieght": 1}]}, ("links", 0, "wieght"), "unknown field", id="a field misspelt"),
        pytest.param({"menu": "m", "links": [{"title": "A"}]}, ("links", 0), "the field 'path' is missing", id="no path"),
        pytest.param({"menu": "m", "links": [{"path": "a"}]}, ("links", 0), "the field 'title' is missing", id="no title"),
        pytest.param({"menu": "m", "links": [{**GOOD, "title": None}]}, ("links", 0, "title"), "must be a text", id="title null"),
        pytest.param({"menu": "m", "links": [{"system": "a"}]}, ("links", 0), "needs a key", id="no key to be had"),
        pytest.param({"menu": "m", "links": [{**GOOD, "system": "a"}]}, ("links", 0, "path"), "unknown field", id="system and path"),
        pytest.param({"menu": "m", "links": [{"key": "a", "system": 1}]}, ("links", 0, "system"), "the path that a module", id="system: 1"),
        pytest.param({"menu": "m", "links": [{**GOOD, "module": "system"}]}, ("links", 0, "module"), "module system", id="module: system"),
        pytest.param({"menu": "m", "links": [{**GOOD, "module": "book"}]}, ("links", 0, "module"), "module book", id="a book's page"),
        pytest.param(
            {"menu": "m", "links": [{"key": "a", "system": "a", "customized": False}]},
            ("links", 0, "customized"), "only because it is customised", id="declared and not customised",
        ),
        pytest.param({"menu": "m", "links": [{**GOOD, "key": ""}]}, ("links", 0, "key"), "a short text", id="an empty key"),
        pytest.param({"menu": "m", "links": [{**GOOD, "key": "a:b"}]}, ("links", 0, "key"), "without colons", id="a colon in a key"),
        pytest.param({"menu": "m", "links": [{**GOOD, "key": "a//b"}]}, ("links", 0, "key"), "a short text", id="an empty part of a key"),
        pytest.param(
            {"menu": "m", "links": [{**GOOD, "children": [{**GOOD, "key": "b/c"}]}]},
            ("links", 0, "children", 0, "key"), "only a link at the top", id="a path of keys below another link",
        ),
        pytest.param({"menu": "m", "links": [GOOD, {**GOOD, "title": "B"}]}, ("links", 1, "key"), "is taken", id="a key twice"),
        pytest.param(
            {"menu": "m", "links": [{"title": "A", "path": "x"}, {"title": "a", "path": "y"}]},
            ("links", 1), "is taken", id="two titles with one slug",
        ),
        pytest.param(
            {"menu": "m", "links": [{**GOOD, "children": [{**GOOD, "parent": "system:x"}]}]},
            ("links", 0, "children", 0, "parent"), "hangs from that", id="a parent below another link",
        ),
        pytest.param({"menu": "m", "links": [{**GOOD, "parent": "x"}]}, ("links", 0, "parent"), "a module and a path", id="parent: x"),
        pytest.param({"menu": "m", "links": [nested(10)]}, ("links", 0, *["children", 0] * 9), "level 10", id="ten levels"),
        pytest.param({"menu": "m", "links": [{**GOOD, "key": "/".join("abcdefghij")}]}, ("links", 0), "level 10", id="ten keys"),
    ],
)  # fmt: skip
def test_what_a_file_cannot_say_is_told_with_its_place(document: Any, path: tuple[Any, ...], what: str) -> None:
    with pytest.raises(FieldProblem, match=what) as caught:
        list(menu.load("menus/m.yml", document))
    assert caught.value.path == path


def test_a_misspelt_field_is_recognised() -> None:
    with pytest.raises(FieldProblem) as caught:
        list(menu.load("x", {"menu": "m", "links": [{**GOOD, "wieght": 1}]}))
    assert caught.value.hint == "did you mean 'weight'?"
