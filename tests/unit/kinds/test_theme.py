"""Themes that are on, and what becomes of the blocks in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.errors import Problems
from drupalsync.kinds import Item, theme
from drupalsync.kinds.block import dump, with_news
from drupalsync.kinds.fields import FieldProblem
from drupalsync.kinds.theme import ThemeProblem
from drupalsync.site import Site, get_variable, set_variable
from support.small_site import as_file, item, live, message, put, refused, run_on, small_site, take_away, told

BLOCKS = """
INSERT INTO block (module, delta, theme, status, region, weight, pages, title, cache) VALUES
  ('user', 'login', 'bartik', 1, 'header', -2, 'about*', 'Come in', -1), ('user', 'new', 'bartik', 0, '-1', 4, '', '', 1),
  ('system', 'main', 'bartik', 1, 'content', 0, '', '', -1), ('user', 'login', 'seven', 1, 'content', 0, 'about*', 'Come in', -1);
"""
OLD_ROWS = """
INSERT INTO block (module, delta, theme, status, region, weight, pages, title, cache) VALUES
  ('user', 'login', 'stark', 1, 'footer', 9, 'about*', 'Come in', -1), ('user', 'new', 'stark', 0, '', 0, '', '', 1);
"""
STARK = item("theme", "stark")


def login(**placements: Any) -> Item:
    return item("block", "user/login", title="Come in", pages={"show_on": ["about*"]}, placements=placements)


def at(region: str, weight: int = 0) -> dict[str, Any]:
    return {"region": region, "weight": weight}


def rows(site: Site, name: str = "stark") -> list[tuple[Any, ...]]:
    sql = "SELECT module, delta, status, region, weight, pages, title, cache FROM {block} WHERE theme = ? ORDER BY module, delta"
    return site.rows(sql, [name])


def test_a_new_theme_gets_the_blocks_of_the_sites_own_one(tmp_path: Path) -> None:
    site = small_site(tmp_path, BLOCKS)
    put(run_on(site), STARK)
    assert site.one("SELECT status FROM {system} WHERE name = 'stark'") == (1,)
    assert rows(site) == [
        ("system", "main", 1, "content", 0, "", "", -1),
        ("user", "login", 1, "content", -2, "about*", "Come in", -1),  # it has no header: the first region it has
        ("user", "new", 0, "-1", 4, "", "", 1),
    ]
    assert get_variable(site, "menu_rebuild_needed") is True


def test_the_tree_says_where_a_block_stands_in_a_new_theme(tmp_path: Path) -> None:
    site = small_site(tmp_path, BLOCKS)
    wanted = login(bartik=at("header", -2), seven=at("content"), stark=at("footer", 7))
    put(run_on(site, wanted), STARK, wanted)
    assert rows(site)[1] == ("user", "login", 1, "footer", 7, "about*", "Come in", -1)


def test_a_block_that_the_tree_has_off_in_a_new_theme_is_not_seen_there(tmp_path: Path) -> None:
    site = small_site(tmp_path, BLOCKS)
    wanted = login(bartik=at("header", -2), seven=at("content"), stark=at("none"))
    put(run_on(site, wanted), STARK)  # nothing else of the block differs: it is not written
    assert rows(site)[1] == ("user", "login", 0, "-1", 0, "about*", "Come in", -1)


def test_a_theme_that_becomes_the_sites_own_in_the_same_import_still_gets_blocks(tmp_path: Path) -> None:
    site = small_site(tmp_path, BLOCKS)
    ctx = run_on(site)
    theme.create(ctx, STARK)
    set_variable(site, "theme_default", "stark")  # as the kind variable does, before the kinds finish
    theme.finish(ctx)
    assert len(rows(site)) == 3


def test_a_theme_that_was_on_before_keeps_its_rows(tmp_path: Path) -> None:
    site = small_site(tmp_path, BLOCKS + OLD_ROWS)
    before = rows(site)
    put(run_on(site), STARK)
    assert rows(site) == before


def test_and_its_rows_go_where_the_tree_says(tmp_path: Path) -> None:
    """With the unique key of theme, module and delta in the way, this could not be written."""
    site = small_site(tmp_path, BLOCKS + OLD_ROWS)
    wanted = login(bartik=at("header", -2), seven=at("content"), stark=at("content", 1))
    put(run_on(site, wanted), STARK, wanted)
    assert rows(site) == [
        ("user", "login", 1, "content", 1, "about*", "Come in", -1),
        ("user", "new", 0, "", 0, "", "", 1),
    ]


def test_a_block_of_which_nothing_else_differs_goes_off_there_too(tmp_path: Path) -> None:
    site = small_site(tmp_path, BLOCKS + OLD_ROWS)
    new = item("block", "user/new", placements={"bartik": at("none", 4), "stark": at("none")})
    put(run_on(site, login(bartik=at("header", -2), seven=at("content"), stark=at("none")), new), STARK)
    assert [row[:5] for row in rows(site)] == [("user", "login", 0, "-1", 0), ("user", "new", 0, "", 0)]


def test_an_export_says_that_a_block_is_off_in_a_theme_that_is_new_to_the_tree() -> None:
    old: Any = {"block": "user/login", "title": "Come in", "placements": {"bartik": {"region": "header"}}}
    seen = item("block", "user/login", title="Come in", placements={"bartik": at("header"), "stark": at("none")})
    quiet = dump([seen], with_news(old, [seen], {"theme:garland"}))
    assert quiet == {**old}
    said = dump([seen], with_news(old, [seen], {"theme:stark"}))
    assert said == {**old, "placements": {"bartik": {"region": "header"}, "stark": {"region": "none"}}}
    unseen = item("block", "user/login", title="Come in", placements={"bartik": at("none"), "stark": at("none")})
    assert with_news(old, [unseen], {"theme:stark"}) == old


def test_a_theme_goes_off_and_its_blocks_stay(tmp_path: Path) -> None:
    site = small_site(tmp_path, BLOCKS)
    before = rows(site, "seven")
    assert take_away(run_on(site), "theme", "seven") == []
    assert site.one("SELECT status FROM {system} WHERE name = 'seven'") == (0,)
    assert rows(site, "seven") == before
    assert list(live(run_on(site), "theme")) == ["bartik"]


@pytest.mark.parametrize(
    ("variable", "what"),
    [("theme_default", "the theme of the site"), ("admin_theme", "the administrators' theme")],
)
def test_a_theme_in_use_does_not_go(tmp_path: Path, variable: str, what: str) -> None:
    site = small_site(tmp_path)
    set_variable(site, variable, "seven")
    with pytest.raises(ThemeProblem) as caught:
        take_away(run_on(site), "theme", "seven")
    assert str(caught.value) == message(
        f"theme:seven cannot be turned off: it is {what}",
        "theme:seven",
        f"keep its file, or name another one in the variable {variable}",
    )


def test_it_goes_where_the_same_import_names_another(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    set_variable(site, "theme_default", "seven")
    ctx = run_on(site, item("variable", "theme_default", value="bartik"))
    assert list(theme.losses(ctx, live(ctx, "theme")["seven"], set())) == []
    with pytest.raises(ThemeProblem, match="it is the theme of the site"):
        theme.delete(ctx, live(ctx, "theme")["seven"])  # the variable was not selected, and not written


def test_a_theme_does_not_go_while_the_tree_places_blocks_in_it(tmp_path: Path) -> None:
    ctx = run_on(
        small_site(tmp_path), login(seven=at("content")), item("block", "user/new", placements={"seven": at("none")})
    )
    with pytest.raises(Problems) as caught:
        take_away(ctx, "theme", "seven")
    assert refused(caught.value) == [
        message(
            "theme:seven cannot go: block:user/login needs it",
            "block.yml",
            "take seven out of its placements, or put the theme back",
        )
    ]


@pytest.mark.parametrize(
    ("key", "mend"),
    [
        ("strak", "did you mean stark?"),
        ("zen", "put it on the disk, and visit admin/appearance once: then Drupal knows it"),
    ],
)
def test_a_theme_that_is_not_on_the_disk(tmp_path: Path, key: str, mend: str) -> None:
    assert told(run_on(small_site(tmp_path)), item("theme", key)) == [
        message(f"Drupal knows no theme {key} on this site", "theme.yml", mend)
    ]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"theme": ""}, "the file does not say which theme it is\n  mend:  it says no more than `theme: NAME`"),
        ({"theme": "zen", "status": 1}, message("unknown field 'status'", "status", "known fields: theme")),
        (["zen"], "this must be a mapping of fields, not a list\n  mend:  write `field: value` lines"),
    ],
    ids=["no name", "a field", "a list"],
)
def test_what_its_file_cannot_say(document: Any, problem: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        list(theme.load("x.yml", document))
    assert str(caught.value) == problem


def test_its_file_is_its_name() -> None:
    assert as_file(STARK) == "theme: stark\n"
