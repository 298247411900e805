"""Traps 43 to 46 of the peers' study: what is a difference, and what may stand in the tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import pytest

from support.clicks import add_link, nid, set_variable, variable
from support.untouched import untouched

if TYPE_CHECKING:
    from pathlib import Path

    from support.cli import Project

# before and after; somebody's comparison took them for one
ALIKE: Final[list[tuple[Any, Any]]] = [
    ("5", 5),
    (5, 5.0),
    (1, True),
    (0, False),
    ("", False),
    ("", None),
    ([], None),
    ("1e3", "1000"),
    (["a", "b"], ["b", "a"]),
    (["a"], ["a", ""]),
    (["x"], {1: "x"}),
    ({"a": 1}, {"a": 1, "b": False}),
    ({"a": 1}, {"a": 1, "b": None}),
    ("  two\n  spaces", "two\nspaces"),
    ("line \n", "line\n"),
    ("line\n", "line"),
    ("a\r\nb", "a\nb"),
]


def test_trap_43_what_php_tells_apart_is_a_difference_and_arrives(museum: Project, production: Project) -> None:
    for number, (before, _) in enumerate(ALIKE):
        for site in (museum, production):
            set_variable(site, f"alike_{number}", before)
    museum.run("export", "--commit")
    production.run("import", "--yes", "--allow-changes", "20")
    for number, (_, after) in enumerate(ALIKE):
        set_variable(museum, f"alike_{number}", after)
    museum.run("export", "--commit")

    said = production.run("import", "--yes", "--allow-changes", "20")

    assert f"{len(ALIKE)} updated" in said.stdout
    for number, (_, after) in enumerate(ALIKE):
        assert repr(variable(production, f"alike_{number}")) == repr(after)


def test_trap_43_the_order_of_a_maps_keys_is_none(museum: Project, production: Project) -> None:
    before = {"toggle_logo": 1, "scheme": "firehouse", "deep": {"a": 1, "b": 2}}
    for site in (museum, production):
        set_variable(site, "theme_seven_settings", before)
    museum.run("export", "--commit")
    production.run("import", "--yes")
    after = {"deep": {"b": 2, "a": 1}, "scheme": "firehouse", "toggle_logo": 1}
    for site in (museum, production):
        set_variable(site, "theme_seven_settings", after)

    with untouched(museum, production):
        museum.run("export")
        production.run("import", "--yes")


def test_trap_44_nothing_in_the_tree_changes_with_every_export(museum: Project, tmp_path: Path) -> None:
    whole = "".join(file.read_text() for file in sorted((museum.root / "config").rglob("*.yml")))
    assert not re.search(r"\b[0-9a-f]{32,}\b", whole)  # no digest
    assert {file.suffix for file in (museum.root / "config").rglob("*") if file.is_file()} == {".yml"}
    other = museum.clone(tmp_path / "other")

    other.run("export", "--commit")

    assert other.git("rev-parse", "HEAD") == museum.git("rev-parse", "HEAD")


def test_trap_44_two_people_who_change_different_things_never_meet_in_a_merge(museum: Project, tmp_path: Path) -> None:
    other = museum.clone(tmp_path / "other")
    set_variable(museum, "site_slogan", "All aboard!")
    add_link(museum, "menu-footer", "Jobs", "contact", weight=20)
    museum.run("export", "variable", "menu_link:menu-footer/*", "--commit")
    museum.click("UPDATE menu_links SET weight = -60 WHERE link_title = 'Home' AND menu_name = 'main-menu'")
    other.run("export", "menu_link:main-menu/*", "--commit")

    museum.git("pull", "--quiet", "--no-rebase", "--no-edit", str(other.root))

    with untouched(museum):
        museum.run("export")


def test_trap_45_the_same_name_with_another_uuid_is_no_deletion(museum: Project, production: Project) -> None:
    for number, site in enumerate((museum, production)):
        site.click("ALTER TABLE node ADD COLUMN uuid CHAR(36) NOT NULL DEFAULT ''")
        site.click(f"UPDATE node SET uuid = 'bbbbbbbb-0000-4000-8000-00000000{number}' || (1000 + nid)")
    museum.run("export", "--commit")
    production.click("DROP TABLE drupalsync_item")
    about = nid(production, "About us")

    said = production.run("import", "--adopt", "--prune", "--yes")

    assert "0 to create" in said.stdout
    assert "0 to delete" in said.stdout
    assert nid(production, "About us") == about


def test_trap_45_an_export_from_a_site_with_other_uuids_leaves_the_tree_as_it_is(
    museum: Project, production: Project
) -> None:
    for number, site in enumerate((museum, production)):
        site.click("ALTER TABLE node ADD COLUMN uuid CHAR(36) NOT NULL DEFAULT ''")
        site.click(f"UPDATE node SET uuid = 'bbbbbbbb-0000-4000-8000-00000000{number}' || (1000 + nid)")
    museum.run("export", "--commit")

    with untouched(production):
        production.run("export", "node")


@pytest.mark.parametrize(
    "rules",
    [
        "exclude: ['variable:site_*']\ninclude: ['variable:site_mail']\n",
        "include: ['variable:site_mail']\nexclude: ['variable:site_*']\n",
    ],
    ids=["exclude first", "include first"],
)
def test_trap_46_a_rule_means_the_same_in_any_order_and_on_every_run(
    museum: Project, production: Project, rules: str
) -> None:
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + rules)
    museum.git("commit", "--quiet", "--all", "--message=Rules")
    set_variable(museum, "site_slogan", "All aboard!")
    set_variable(museum, "site_mail", "dev@museum.example")
    set_variable(museum, "user_register", 1)

    museum.run("export", "--commit")
    production.run("import", "--yes")

    assert variable(production, "user_register") == 1
    assert variable(production, "site_slogan") == "900 years by the water"
    assert variable(production, "site_mail") == "office@museum.example"
    with untouched(museum, production):
        museum.run("export")
        production.run("import", "--prune", "--yes")
