"""Somebody clicked on production: nothing of it is lost without a word, and each way out does what it says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import pytest

from support import sql
from support.untouched import untouched

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.cli import Project
    from support.golden import Check

NAME: Final = "SELECT value FROM variable WHERE name = 'site_name'"
NOTICE: Final = (
    "SELECT title, body FROM block_custom JOIN block ON module = 'block' AND delta = block_custom.bid "
    "WHERE info = 'Footer notice' AND theme = 'bartik'"
)


def _named(name: str) -> str:
    return f"UPDATE variable SET value = 's:{len(name)}:\"{name}\";' WHERE name = 'site_name'"


def _titled(title: str) -> str:
    bid = "(SELECT bid FROM block_custom WHERE info = 'Footer notice')"
    return f"UPDATE block SET title = '{title}' WHERE module = 'block' AND delta = {bid}"


WORDED: Final = "UPDATE block_custom SET body = 'Closed today.' WHERE info = 'Footer notice'"


def test_a_hand_edit_on_production_stops_the_release(museum: Project, production: Project, golden: Check) -> None:
    museum.click("UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'")
    museum.run("export", "--commit")
    production.click(_named("Museum by night"))

    with untouched(museum, production):
        said = production.run("import", "--yes", exits=3)
        assert production.run("import", "--dry-run", exits=3).stdout == said.stdout
        production.run("import", "--dry-run", "--detailed-exitcode", exits=3)

    golden(said.transcript, "end_to_end/a-hand-edit-on-production-stops-the-release.txt")


def test_a_conflict_shows_all_three_sides(museum: Project, production: Project, golden: Check) -> None:
    museum.click(_named("Museum by day"))
    museum.run("export", "--commit")
    production.click(_named("Museum by night"))

    with untouched(museum, production):
        said = production.run("import", "--yes", exits=3)

    golden(said.transcript, "end_to_end/a-conflict-shows-all-three-sides.txt")


def test_keep_leaves_the_hand_edit_and_brings_the_rest(museum: Project, production: Project, golden: Check) -> None:
    museum.click("UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'")
    museum.run("export", "--commit")
    production.click(_named("Museum by night"))

    said = production.run("import", "--on-drift", "keep", "--yes")

    assert production.one(NAME) == 's:15:"Museum by night";'
    assert production.one("SELECT weight FROM menu_links WHERE link_title = 'Press'") == 5
    golden(said.transcript, "end_to_end/a-hand-edit-that-is-kept.txt")


def test_what_was_kept_stops_the_next_release_again(museum: Project, production: Project) -> None:
    museum.click(_named("Museum by day"))
    museum.run("export", "--commit")
    production.click(_named("Museum by night"))
    production.run("import", "--on-drift", "keep", "--yes")

    with untouched(production):
        production.run("import", "--yes", exits=3)
        production.run("import", "--on-drift", "keep", "--yes")

    assert production.one(NAME) == 's:15:"Museum by night";'


def test_overwrite_takes_the_trees_value_and_then_there_is_nothing_to_do(
    museum: Project, production: Project, golden: Check
) -> None:
    production.click(_named("Museum by night"))

    said = production.run("import", "--on-drift", "overwrite", "--yes")

    assert production.one(NAME) == 's:14:"Harbour Museum";'
    golden(said.transcript, "end_to_end/a-hand-edit-that-is-overwritten.txt")
    with untouched(production):
        production.run("import", "--yes")


def test_edits_of_different_fields_of_one_item_both_survive(museum: Project, production: Project) -> None:
    museum.click(_titled("Notice"))
    museum.run("export", "--commit")
    production.click(WORDED)

    production.run("import", "--on-drift", "keep", "--yes")

    assert production.rows(NOTICE) == [("Notice", "Closed today.")]
    with untouched(production):
        production.run("import", "--on-drift", "keep", "--yes")


def test_the_hand_edit_goes_into_the_tree_and_the_way_is_free(museum: Project, production: Project) -> None:
    museum.click(_titled("Notice"))
    museum.run("export", "--commit")
    production.click(WORDED)
    production.run("import", "--on-drift", "keep", "--yes")

    production.run("export", "block:custom/footer-notice", "--commit")

    assert "body: |-\n  Closed today.\n" in museum.read("config/blocks/custom/footer-notice.yml")
    assert "title: Notice\n" in museum.read("config/blocks/custom/footer-notice.yml")
    production.run("import", "--yes")
    with untouched(production):
        assert production.run("import", "--yes").stdout.endswith("Nothing to do.\n")


def test_the_same_edit_on_both_sides_is_no_conflict(museum: Project, production: Project) -> None:
    for project in (museum, production):
        project.click(_named("Museum by day"))
    museum.run("export", "--commit")

    said = production.run("import", "--yes")

    assert "0 to update" in said.stdout
    assert "1 to adopt" in said.stdout


def test_an_item_that_somebody_deleted_on_production_stops_the_release(
    museum: Project, production: Project, golden: Check
) -> None:
    production.click("DELETE FROM variable WHERE name = 'site_slogan'")

    with untouched(production):
        said = production.run("import", "--yes", exits=3)

    golden(said.transcript, "end_to_end/an-item-that-somebody-deleted-on-production.txt")
    production.run("import", "--on-drift", "keep", "--yes")
    assert production.rows("SELECT value FROM variable WHERE name = 'site_slogan'") == []
    production.run("import", "--on-drift", "overwrite", "--yes")
    assert production.one("SELECT value FROM variable WHERE name = 'site_slogan'") == 's:22:"900 years by the water";'


def test_an_item_that_is_to_go_and_was_edited_stays(museum: Project, production: Project, golden: Check) -> None:
    museum.click("DELETE FROM menu_links WHERE link_title = 'Press'")
    museum.run("export", "--commit")
    production.click("UPDATE menu_links SET weight = 33 WHERE link_title = 'Press'")

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=3)

    golden(said.transcript, "end_to_end/an-item-that-is-to-go-and-was-edited.txt")
    production.run("import", "--prune", "--on-drift", "overwrite", "--yes")
    assert production.one("SELECT count(*) FROM menu_links WHERE link_title = 'Press'") == 0


def test_a_first_contact_without_adopt_stops(tiny: Project, golden: Check) -> None:
    tiny.click(_named("Museum by day"))
    tiny.run("export", "--commit")
    prod = tiny.at("prod")

    with untouched(tiny, prod):
        said = prod.run("import", "--yes", exits=3)

    golden(said.transcript, "end_to_end/a-first-contact-without-adopt-stops.txt")
    assert prod.one(NAME) == 's:14:"Harbour Museum";'


def test_adopt_takes_the_trees_value_where_the_site_differs(tiny: Project) -> None:
    tiny.click(_named("Museum by day"))
    tiny.run("export", "--commit")
    prod = tiny.at("prod")

    said = prod.run("import", "--adopt", "--yes")

    assert prod.one(NAME) == 's:13:"Museum by day";'
    assert "1 to update" in said.stdout
    with untouched(prod):
        prod.run("import", "--yes")


def test_what_is_equal_at_first_contact_is_recorded_without_adopt(tiny: Project) -> None:
    (count,) = re.findall(r"Exported: (\d+) created", tiny.run("export", "--commit").stdout)
    prod = tiny.at("prod")
    before = sql.contents(prod.database)

    prod.run("import", "--yes")

    after = sql.contents(prod.database)
    assert {table: after[table] for table in before} == before
    assert len(after["drupalsync_item"]) == int(count)


@pytest.mark.parametrize(
    "trigger",
    [
        "UPDATE variable SET value = 's:4:\"Mine\";' WHERE name = 'site_name'",
        "DELETE FROM variable WHERE name = 'site_slogan'",
        "UPDATE menu_links SET weight = 99 WHERE link_title = 'Imprint'",
    ],
    ids=["the value that was written", "another item of the tree", "an item of another kind"],
)
def test_what_does_not_read_back_as_written_is_taken_back(museum: Project, production: Project, trigger: str) -> None:
    museum.click(_named("Museum by day"))
    museum.run("export", "--commit")
    production.click(
        f"CREATE TRIGGER meddle AFTER UPDATE OF value ON variable WHEN new.value LIKE '%by day%' BEGIN {trigger}; END"
    )

    with untouched(museum, production):
        said = production.run("import", "--yes", exits=1)

    assert "does not read back" in said.stderr
    production.click("DROP TRIGGER meddle")
    production.run("import", "--yes")
    assert production.one(NAME) == 's:13:"Museum by day";'


def test_a_site_that_changes_after_the_plan_is_not_written(
    museum: Project, production: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    museum.click(_named("Museum by day"))
    museum.run("export", "--commit")
    _after_the_plan(monkeypatch, lambda: production.click(_named("Museum by night")))

    said = production.run("import", "--yes", exits=3)

    assert "variable:site_name is no longer what the plan saw; nothing was written" in said.stderr
    assert production.one(NAME) == 's:15:"Museum by night";'
    assert production.rows("SELECT id FROM drupalsync_release") == [(1,)]


def _after_the_plan(monkeypatch: pytest.MonkeyPatch, then: Callable[[], None]) -> None:
    """Lets something happen between the plan that somebody sees and the transaction that carries it out."""
    from drupalsync.apply import importer

    carry_out = importer.carry_out

    def late(*given: object, **named: object) -> object:
        then()
        return carry_out(*given, **named)

    monkeypatch.setattr(importer, "carry_out", late)


def test_on_a_real_site_edits_of_both_sides_survive(dev: Project, prod: Project) -> None:
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")
    dev.click(_titled("Notice"))
    dev.run("export", "--commit")
    prod.click("UPDATE block_custom SET body = replace(body, 'all rights', 'some rights') WHERE info = 'Footer notice'")

    with untouched(dev, prod):
        prod.run("import", "--yes", exits=3)
    prod.run("import", "--on-drift", "keep", "--yes")

    ((title, body),) = prod.rows(NOTICE)
    assert title == "Notice"
    assert "<strong>some rights reserved</strong>" in body
    with untouched(prod):
        prod.run("import", "--on-drift", "keep", "--yes")
