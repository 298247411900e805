"""Shortcut sets; their links are a menu's."""

from __future__ import annotations

from pathlib import Path

import pytest

from drupalsync.errors import Problems
from drupalsync.kinds import Item
from drupalsync.kinds.shortcut_set import SetNeeded
from support.small_site import as_file, item, message, put, refused, run_on, small_site, take_away, told

ROWS = """
INSERT INTO shortcut_set VALUES ('shortcut-set-1', 'Default'), ('shortcut-set-2', 'Editors');
INSERT INTO menu_links (menu_name, link_path, router_path, link_title, module, depth) VALUES
  ('shortcut-set-2', 'node/add', 'node/add', 'Add', 'menu', 1), ('navigation', 'node', 'node', 'Home', 'menu', 1);
INSERT INTO shortcut_set_users VALUES (7, 'shortcut-set-2'), (1, 'shortcut-set-1');
"""


def shortcuts(key: str = "shortcut-set-3", title: str = "Authors") -> Item:
    return item("shortcut_set", key, title=title)


def test_a_set_is_made_and_gets_another_title(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), shortcuts())
    put(run_on(site), shortcuts(title="Writers"))
    assert site.rows("SELECT * FROM {shortcut_set}") == [("shortcut-set-3", "Writers")]
    assert as_file(shortcuts()) == "shortcut_set: shortcut-set-3\ntitle: Authors\n"


def test_with_a_set_go_its_links_and_its_users(tmp_path: Path) -> None:
    site = small_site(tmp_path, ROWS)
    assert take_away(run_on(site), "shortcut_set", "shortcut-set-2") == [
        "with shortcut_set:shortcut-set-2 goes what only the site has in it: 1 link"
    ]
    assert site.rows("SELECT set_name FROM {shortcut_set}") == [("shortcut-set-1",)]
    assert site.rows("SELECT menu_name FROM {menu_links}") == [("navigation",)]
    assert site.rows("SELECT uid FROM {shortcut_set_users}") == [(1,)]
    assert "links:shortcut-set-2:" in {entry.cid for entry in site.caches.stale()}


def test_the_set_of_everybody_stays(tmp_path: Path) -> None:
    with pytest.raises(SetNeeded) as caught:
        take_away(run_on(small_site(tmp_path, ROWS)), "shortcut_set", "shortcut-set-1")
    assert str(caught.value) == message(
        "shortcut_set:shortcut-set-1 cannot be deleted: everybody has it who chose no other",
        "shortcut_set:shortcut-set-1",
        "keep it",
    )


def test_a_set_does_not_go_while_the_tree_has_links_of_it(tmp_path: Path) -> None:
    link = item("menu_link", "shortcut-set-2/add", title="Add", path="node/add")
    with pytest.raises(Problems) as caught:
        take_away(run_on(small_site(tmp_path, ROWS), link), "shortcut_set", "shortcut-set-2")
    assert refused(caught.value) == [
        message(
            "shortcut_set:shortcut-set-2 cannot go: menu_link:shortcut-set-2/add needs it",
            "menu_link.yml",
            "delete that file, too, or put the set back",
        )
    ]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        pytest.param(
            shortcuts("my set"),
            message(
                "'my set' cannot be the name of a shortcut set", "shortcut_set.yml", "as Drupal does: shortcut-set-2"
            ),
            id="name",
        ),
        pytest.param(
            shortcuts("menu-legal"),
            message(
                "menu-legal is a menu already, and the links of a shortcut set are those of the menu of its name",
                "shortcut_set.yml",
                "as Drupal does: shortcut-set-2",
            ),
            id="menu",
        ),
        pytest.param(
            shortcuts("x" * 33),
            message("set_name has 33 characters; there is room for 32", "shortcut_set.yml shortcut_set", "shorten it"),
            id="long",
        ),
        pytest.param(
            shortcuts(title=""),
            message("shortcut_set:shortcut-set-3 has no title", "shortcut_set.yml title", "title: what users read"),
            id="title",
        ),
    ],
)
def test_what_cannot_be_a_set(tmp_path: Path, wanted: Item, problem: str) -> None:
    assert told(run_on(small_site(tmp_path)), wanted) == [problem]


def test_two_sets_have_two_titles(tmp_path: Path) -> None:
    assert told(run_on(small_site(tmp_path)), shortcuts("shortcut-set-4"), shortcuts()) == [
        message(
            "shortcut_set:shortcut-set-3 and shortcut_set:shortcut-set-4 have the same title",
            "shortcut_set.yml title",
            "give one of them another",
        )
    ]
