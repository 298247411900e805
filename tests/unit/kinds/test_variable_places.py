"""Variables that name rows: portable in the tree, local in the database, refused where they lead nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drupalsync.kinds import variable
from drupalsync.kinds.base import ForbidsNew, Item, Scope
from drupalsync.kinds.references import LocalIdInTree
from drupalsync.site import NoSuchReference
from drupalsync.tree import Env, IntRef, TreeValue, same
from support.variable_site import MakeContext, item, problems, sites, stored, values


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeContext]:
    with sites(tmp_path) as on_site:
        yield on_site


REFERENCES = [
    pytest.param("site_frontpage", "node/12", "node:page/about-us", id="path"),
    pytest.param("site_404", "node/12/edit", "node:page/about-us//edit", id="path below a node"),
    pytest.param("site_403", "toboggan/denied", "toboggan/denied", id="path of a module"),
    pytest.param("user_admin_role", "3", "role:administrator", id="an id kept as text"),
    pytest.param("user_admin_role", 3, IntRef("role:administrator"), id="an id kept as number"),
    pytest.param("user_admin_role", 0, 0, id="no id"),
    pytest.param("user_admin_role", "0", "0", id="no id, as text"),
    pytest.param("menu_parent_page", "main-menu:7", "menu_link:main-menu/about", id="menu link"),
    pytest.param("menu_parent_page", "main-menu:0", "main-menu:0", id="the menu itself"),
    pytest.param("forum_nav_vocabulary", "2", "vocabulary:forums", id="vocabulary"),
    pytest.param(
        "forum_containers", ["5", 6], ["term:forums/General", IntRef("term:forums/General/Off topic")], id="list"
    ),
    pytest.param("forum_containers", {1: "5"}, {1: "term:forums/General"}, id="list with a hole"),
    pytest.param("forum_containers", [], [], id="empty list"),
    pytest.param(
        "googleanalytics_roles",
        {3: "3", 4: 0},
        {"role:administrator": "role:administrator", "role:editor": 0},
        id="ids as keys",
    ),
    pytest.param("theme_default", "bartik", "bartik", id="theme"),
    pytest.param("filter_fallback_format", "plain_text", "plain_text", id="format"),
    pytest.param("site_slogan", "node/12", "node/12", id="no place for a reference"),
]


@pytest.mark.parametrize(("name", "php", "tree"), REFERENCES)
def test_references_are_portable_both_ways(make: MakeContext, name: str, php: TreeValue, tree: TreeValue) -> None:
    ctx = make({name: php})
    (read,) = variable.read(ctx)
    assert read.fields["value"] == tree
    assert problems(ctx, item(name, tree)) == []
    target = make({})
    variable.create(target, item(name, tree))
    assert same(stored(target)[name], php)


def test_the_manifest_adds_places(make: MakeContext) -> None:
    scope = Scope(places={"variable:my_rid": "role", "variable:my_*_page": "path"})
    ctx = make({"my_rid": 4, "my_first_page": "node/12"}, scope)
    assert values(ctx) == {"my_first_page": "node:page/about-us", "my_rid": IntRef("role:editor")}


@pytest.mark.parametrize(
    ("name", "php", "tree"),
    [
        ("user_admin_role", "9", "role:missing/9"),
        ("site_404", "node/99", "node:missing/99"),
        ("menu_parent_page", "main-menu:99", "menu_link:missing/main-menu:99"),
        ("menu_parent_page", "main-menu:8", "menu_link:missing/main-menu:8"),
    ],
    ids=["role", "node", "menu link", "a link that moved to another menu"],
)
def test_an_id_that_leads_nowhere_is_shown_and_cannot_be_imported(
    make: MakeContext, name: str, php: str, tree: str
) -> None:
    ctx = make({name: php})
    assert values(ctx) == {name: tree}
    (problem,) = problems(ctx, item(name, tree))
    assert isinstance(problem, NoSuchReference | ForbidsNew)
    with pytest.raises(NoSuchReference):
        variable.create(make({}), item(name, tree))


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("user_admin_role", "3", "write the reference: role:administrator"),
        ("user_admin_role", 3, "write the reference: !int role:administrator"),
        ("site_frontpage", "node/12", "write the reference: node:page/about-us"),
        ("menu_parent_page", "main-menu:7", "write the reference: menu_link:main-menu/about"),
        ("forum_containers", ["5"], "write the reference: term:forums/General"),
        ("googleanalytics_roles", {4: 0}, "write the reference: !int role:editor"),
    ],
)
def test_a_local_id_in_the_tree_is_refused_with_the_reference_to_write(
    make: MakeContext, name: str, value: TreeValue, mend: str
) -> None:
    (problem,) = problems(make({}), item(name, value))
    assert isinstance(problem, LocalIdInTree)
    assert problem.hint == mend


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("user_admin_role", "role:nobody"),
        ("site_frontpage", "node:page/gone"),
        ("filter_fallback_format", "full_html"),
        ("theme_default", "garland"),
        ("admin_theme", "seven"),
        ("site_name", IntRef("role:editor")),
        ("user_admin_role", IntRef("term:forums/General")),
        ("forum_containers", [{"x": IntRef("term:forums/General")}]),
    ],
)
def test_a_reference_to_nothing_is_refused(make: MakeContext, name: str, value: TreeValue) -> None:
    (problem,) = problems(make({}), item(name, value))
    assert isinstance(problem, NoSuchReference | ForbidsNew)


def test_a_reference_to_what_the_tree_creates_is_fine(make: MakeContext) -> None:
    role = Item(kind="role", key="new", fields={})
    asked = item("user_admin_role", "role:new")
    assert list(variable.check(make({}), asked, {role.address: role, asked.address: asked})) == []


def test_a_value_still_to_come_from_the_environment_is_no_reference(make: MakeContext) -> None:
    assert problems(make({}), item("site_frontpage", Env("FRONT"))) == []
