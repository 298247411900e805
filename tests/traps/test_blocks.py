"""Traps 11 to 17 of the peers' study: blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

from support.clicks import add_block, bid
from support.flush import flush
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

NOTICE: Final = "config/blocks/custom/footer-notice.yml"
TIMES: Final = "config/blocks/custom/opening-times.yml"
PLACES: Final = "SELECT theme, status, region, weight FROM block WHERE module = 'block' AND delta = '{}' ORDER BY theme"


def test_trap_11_a_bid_that_became_another_block_is_not_written_to(museum: Project, production: Project) -> None:
    notice = bid(production, "Footer notice")
    production.click(f"UPDATE block_custom SET info = 'Poster', body = 'Come!', format = NULL WHERE bid = {notice}")
    production.click(
        f"UPDATE block SET title = 'Poster', region = 'header' WHERE delta = '{notice}' AND module = 'block'"
    )
    museum.click("UPDATE block_custom SET body = 'Closed today.' WHERE info = 'Footer notice'")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=3)
    assert "deleted on the site" in said.stdout
    production.run("import", "--on-drift", "overwrite", "--yes")

    assert production.one("SELECT body FROM block_custom WHERE info = 'Poster'") == "Come!"
    assert production.one("SELECT body FROM block_custom WHERE info = 'Footer notice'") == "Closed today."


def test_trap_12_a_name_that_another_block_of_the_site_has_stops_the_import_with_both_named(
    museum: Project, production: Project
) -> None:
    add_block(production, "Small print")
    museum.click("UPDATE block_custom SET info = 'Small print' WHERE info = 'Footer notice'")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "another custom block of the site has the `info`" in said.stderr


def test_trap_12_two_blocks_that_swap_their_names_keep_their_rows(museum: Project, production: Project) -> None:
    notice, times = bid(production, "Footer notice"), bid(production, "Opening times")
    museum.write(NOTICE, museum.read(NOTICE).replace("info: Footer notice", "info: Opening times"))
    museum.write(TIMES, museum.read(TIMES).replace("info: Opening times", "info: Footer notice"))

    production.run("import", "--yes")

    assert (bid(production, "Opening times"), bid(production, "Footer notice")) == (notice, times)


@pytest.mark.parametrize("policy", [(), ("--on-drift", "overwrite"), ("--on-drift", "keep")])
def test_trap_13_a_missing_role_never_shows_a_block_to_everyone(
    museum: Project, production: Project, policy: tuple[str, ...]
) -> None:
    museum.exclude("role:*")
    museum.click("INSERT INTO role (rid, name, weight) VALUES (9, 'reviewer', 9)")
    museum.click(f"DELETE FROM block_role WHERE delta = '{bid(museum, 'Notes for editors')}'")
    museum.click(f"INSERT INTO block_role VALUES ('block', '{bid(museum, 'Notes for editors')}', 9)")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", *policy, "--yes", exits=1)

    assert "role:reviewer is neither in the tree nor on this site" in said.stderr


def test_trap_13_a_role_that_was_deleted_on_the_site_still_restricts_its_block_in_the_tree(museum: Project) -> None:
    notes = bid(museum, "Notes for editors")
    museum.click(f"DELETE FROM block_role WHERE delta = '{notes}' AND rid <> 4")
    museum.click("DELETE FROM role WHERE rid = 4")

    museum.run("export", "--commit")

    assert "roles:\n  - missing/4\n" in museum.read("config/blocks/custom/notes-for-editors.yml")
    with untouched(museum.at("prod")):
        museum.at("prod").run("import", "--on-drift", "overwrite", "--yes", exits=1)


def test_trap_13_no_file_holds_the_number_of_a_role(museum: Project) -> None:
    museum.click("UPDATE role SET rid = 40017 WHERE name = 'editor'")
    for table in ("block_role", "role_permission", "users_roles"):
        museum.click(f"UPDATE {table} SET rid = 40017 WHERE rid = 4")

    with untouched(museum):
        museum.run("export")


def test_trap_14_a_new_block_outlives_the_next_full_cache_flush(museum: Project, production: Project) -> None:
    add_block(museum, "Tram", places={"bartik": ("sidebar_first", 4), "seven": ("help", -2)}, roles=[4])
    museum.run("export", "--commit")

    production.run("import", "--yes")
    flush(production)

    with untouched(production):
        production.run("import", "--yes")
    assert production.rows(PLACES.format(bid(production, "Tram"))) == [
        ("bartik", 1, "sidebar_first", 4),
        ("seven", 1, "help", -2),
    ]


def test_trap_14_a_region_that_the_theme_lacks_is_refused_before_the_flush_switches_the_block_off(
    museum: Project, production: Project
) -> None:
    museum.write(NOTICE, museum.read(NOTICE).replace("region: footer", "region: fotter"))

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "the theme bartik has no region 'fotter'" in said.stderr


def test_trap_14_how_a_block_is_cached_is_its_modules_business(museum: Project, production: Project) -> None:
    production.click("UPDATE block SET cache = 8 WHERE module = 'user' AND delta = 'login'")
    museum.click("UPDATE block SET cache = 4 WHERE module = 'user' AND delta = 'login'")

    with untouched(museum):
        museum.run("export")
    museum.click("UPDATE block SET weight = 6 WHERE module = 'user' AND delta = 'login' AND theme = 'bartik'")
    museum.run("export", "--commit")
    production.run("import", "--yes")

    assert production.rows("SELECT weight, cache FROM block WHERE module = 'user' AND delta = 'login'") == [
        (6, 8),
        (10, 8),
    ]


def test_trap_15_a_theme_that_the_file_does_not_name_keeps_its_place_and_shares_the_title(
    museum: Project, production: Project
) -> None:
    museum.write(
        NOTICE, museum.read(NOTICE).replace("  seven:\n    region: none\n", "").replace("title: <none>", "title: Ahoy")
    )
    notice = bid(production, "Footer notice")
    production.click(
        f"UPDATE block SET status = 1, region = 'help', weight = 7 WHERE theme = 'seven' AND delta = '{notice}'"
    )
    production.click(
        "INSERT INTO block (module, delta, theme, status, region, pages, cache) "
        f"VALUES ('block', '{notice}', 'garland', 1, 'left', '', -1)"
    )

    production.run("import", "--on-drift", "keep", "--yes")

    assert production.rows(PLACES.format(notice)) == [
        ("bartik", 1, "footer", 3),
        ("garland", 1, "left", 0),
        ("seven", 1, "help", 7),
    ]
    titles = f"SELECT DISTINCT title FROM block WHERE module = 'block' AND delta = '{notice}'"
    assert production.rows(titles) == [("Ahoy",)]


def test_trap_15_a_theme_that_is_off_is_not_brought_back(museum: Project, production: Project) -> None:
    museum.exclude("theme:*")
    production.click("UPDATE system SET status = 0 WHERE type = 'theme' AND name = 'seven'")
    notes = bid(production, "Notes for editors")
    places = production.rows(PLACES.format(notes))
    museum.click("UPDATE block SET weight = -3 WHERE region = 'help'")
    museum.run("export", "--commit")

    with untouched(production):
        production.run("import", "--yes", exits=3)
        said = production.run("import", "--on-drift", "overwrite", "--yes", exits=1)

    assert "the theme seven is not enabled on this site" in said.stderr
    assert production.rows(PLACES.format(notes)) == places


def test_trap_16_a_hashed_delta_is_the_same_block_on_every_site(museum: Project, production: Project) -> None:
    delta = "0f6a2c8d51b34e7798a1c2d3e4f50617"
    for number, site in enumerate((museum, production)):
        site.click("INSERT INTO system (filename, name, type, status, info) VALUES ('v', 'views', 'module', 1, '')")
        for theme in ("bartik", "seven"):
            site.click(
                "INSERT INTO block (bid, module, delta, theme, region, pages, cache) "
                f"VALUES ({500 + number * 40 + len(theme)}, 'views', '{delta}', '{theme}', '-1', '', -1)"
            )
    museum.click(
        f"UPDATE block SET status = 1, region = 'content', weight = 2 WHERE delta = '{delta}' AND theme = 'bartik'"
    )
    museum.run("export", "--commit")

    production.run("import", "--yes")

    found = production.rows(f"SELECT bid, theme, region, weight FROM block WHERE delta = '{delta}' ORDER BY theme")
    assert found == [(546, "bartik", "content", 2), (545, "seven", "-1", 0)]


def test_trap_17_what_other_modules_keep_beside_a_block_stays(museum: Project, production: Project) -> None:
    notice = bid(production, "Footer notice")
    for site in (museum, production):
        site.click("ALTER TABLE block ADD COLUMN css_class VARCHAR(255) NOT NULL DEFAULT ''")
        site.click("CREATE TABLE block_class (module VARCHAR(64), delta VARCHAR(32), css_class VARCHAR(255))")
        site.click("CREATE TABLE i18n_block_language (module VARCHAR(64), delta VARCHAR(32), language VARCHAR(12))")
        site.click("CREATE TABLE blockcache_alter (bid INT, cache INT)")
    production.click(f"INSERT INTO block_class VALUES ('block', '{notice}', 'wide')")
    production.click(f"INSERT INTO i18n_block_language VALUES ('block', '{notice}', 'de')")
    rows = production.rows(f"SELECT bid FROM block WHERE module = 'block' AND delta = '{notice}' ORDER BY bid")
    production.click(f"INSERT INTO blockcache_alter VALUES ({rows[0][0]}, 8)")
    museum.click(
        f"UPDATE block SET css_class = 'dim', title = 'Notice' WHERE module = 'block' AND delta = '{bid(museum, 'Footer notice')}'"
    )
    museum.run("export", "--commit")

    production.run("import", "--yes")

    own = f"module = 'block' AND delta = '{notice}'"
    assert production.rows(f"SELECT bid FROM block WHERE {own} ORDER BY bid") == rows
    assert production.rows(f"SELECT DISTINCT title, css_class FROM block WHERE {own}") == [("Notice", "dim")]
    assert production.rows("SELECT css_class, language FROM block_class, i18n_block_language") == [("wide", "de")]


def test_trap_17_a_block_for_no_page_at_all_is_not_one_for_every_page(museum: Project, production: Project) -> None:
    museum.click(
        f"UPDATE block SET visibility = 1, pages = '' WHERE module = 'block' AND delta = '{bid(museum, 'Footer notice')}'"
    )
    museum.run("export", "--commit")
    assert "pages:\n  show_on: []\n" in museum.read(NOTICE)

    production.run("import", "--yes")

    notice = bid(production, "Footer notice")
    assert production.rows(
        f"SELECT DISTINCT visibility, pages FROM block WHERE module = 'block' AND delta = '{notice}'"
    ) == [(1, "")]
