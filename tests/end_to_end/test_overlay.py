"""An overlay: what differs in one environment stands in files of its own, and comes back into them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import files, untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

OVERLAY: Final = "config/environments/prod"
SITE: Final = f"{OVERLAY}/variables/site.yml"
MENU: Final = f"{OVERLAY}/menus/main-menu.yml"
NOTICE: Final = f"{OVERLAY}/blocks/custom/footer-notice.yml"
ONLY: Final = f"{OVERLAY}/variables/harbour.yml"
WEIGHT: Final = "SELECT weight FROM menu_links WHERE link_title = 'About us'"


@pytest.fixture
def overlaid(museum: Project) -> Project:
    """The museum with an overlay for its production, committed; neither site has anything that the tree lacks."""
    museum.at("prod").run("export", "--commit")
    museum.run("import", "--adopt", "--yes")
    manifest = museum.read("drupalsync.yml").replace("  prod:\n", "  prod:\n    overlay: prod\n")
    museum.write("drupalsync.yml", manifest)
    museum.write(SITE, "# what only production says\nsite_slogan: 'Come in!'   # with a comment\n")
    museum.write(MENU, "menu: main-menu\nlinks:\n  - {key: about-us, weight: 30}   # further right\n")
    museum.write(NOTICE, "placements:\n  bartik: {weight: 7}\n")
    museum.write(ONLY, "harbour_webcam: true\n")
    _committed(museum)
    return museum


@pytest.fixture
def released(overlaid: Project) -> Project:
    """That production, after a release."""
    production = overlaid.at("prod")
    production.run("import", "--yes")
    return production


def test_production_differs_and_dev_does_not(overlaid: Project, golden: Check) -> None:
    production = overlaid.at("prod")
    with untouched(overlaid):
        at_home = overlaid.run("import", "--dry-run")

    said = production.run("import", "--yes")

    assert at_home.stdout.endswith("Nothing to do.\n")
    assert production.rows(WEIGHT) == [(30,)]
    assert overlaid.rows(WEIGHT) == [(-20,)]
    golden(said.transcript, "end_to_end/an-overlay-of-production.txt")
    assert production.run("import", "--yes").stdout.endswith("Nothing to do.\n")


def test_an_export_with_nothing_new_leaves_both_files_alone(released: Project) -> None:
    before = files(released)

    released.run("export")

    assert files(released) == before


def test_an_export_writes_back_where_the_value_stands(released: Project, golden: Check) -> None:
    released.click("UPDATE variable SET value = 's:9:\"Sail away\";' WHERE name = 'site_slogan'")
    released.click("UPDATE variable SET value = 's:11:\"The Harbour\";' WHERE name = 'site_name'")
    released.click("INSERT INTO variable VALUES ('harbour_depth', 'i:12;')")
    released.click("UPDATE menu_links SET weight = 44, link_title = 'Who we are' WHERE link_title = 'About us'")

    said = released.run("export", "--commit")

    shown = released.git("show", "--format=", "--unified=0")
    golden(
        said.transcript + "\n" + "".join(f"{line}\n" for line in _changed(shown)),
        "end_to_end/an-export-into-an-overlay.txt",
    )
    assert released.run("export").stdout.endswith("nothing to write.\n")


def test_a_value_back_at_its_default_is_said_in_the_overlay(released: Project) -> None:
    before = released.read("config/blocks/custom/footer-notice.yml")
    released.click("UPDATE block SET weight = 0 WHERE weight = 7")

    released.run("export", "--commit")

    assert released.read(NOTICE) == "placements:\n  bartik: {weight: 0}\n"
    assert released.read("config/blocks/custom/footer-notice.yml") == before


def test_what_is_gone_from_the_site_is_gone_from_both_files(released: Project) -> None:
    released.click("DELETE FROM variable WHERE name IN ('site_slogan', 'harbour_webcam')")
    released.click("DELETE FROM menu_links WHERE link_title IN ('About us', 'Friends')")

    released.run("export", "--commit")

    there = files(released)
    assert not {SITE, MENU, ONLY} & there.keys()
    assert b"site_slogan" not in there["config/variables/site.yml"]
    assert b"about-us" not in there["config/menus/main-menu.yml"]
    assert released.run("export").stdout.endswith("nothing to write.\n")


def test_the_last_file_of_an_overlay_stays_and_says_nothing(released: Project) -> None:
    for file in (MENU, NOTICE, ONLY):
        released.git("rm", "--quiet", file)
    released.git("commit", "--quiet", "--message=Only the slogan differs")
    released.click("DELETE FROM variable WHERE name = 'site_slogan'")

    released.run("export", "variable:site_*", "--commit")

    assert released.read(SITE) == "{}\n"
    assert released.run("export", "variable:site_*").stdout.endswith("nothing to write.\n")


def test_edits_of_an_overlay_that_are_not_committed_are_not_written_over(released: Project) -> None:
    released.write(SITE, "site_slogan: Not yet committed\n")
    released.click("UPDATE variable SET value = 's:9:\"Sail away\";' WHERE name = 'site_slogan'")

    with untouched(released):
        said = released.run("export", exits=1)

    assert f"where: {SITE}\n" in said.stderr


def test_a_value_of_the_environment_stands_in_an_overlay_as_well(overlaid: Project) -> None:
    overlaid.write(ONLY, "harbour_webcam: !env WEBCAM\n")
    production = overlaid.at("prod")

    production.run("import", "--yes", env={"WEBCAM": "pier 3"})

    value = production.one("SELECT value FROM variable WHERE name = 'harbour_webcam'")
    assert value in {'s:6:"pier 3";', b's:6:"pier 3";'}
    assert f"where: {ONLY}:1:" in production.run("import", "--yes", exits=1).stderr


MISTAKES: Final = [
    pytest.param(NOTICE, "placements:\n  bartik:\n    region: foter\n", f"{NOTICE}:3:", id="a region that the theme lacks"),
    pytest.param(NOTICE, "title: Hello\nplacements: {bartik: {weight: '7'}}\n", f"{NOTICE}:2:31", id="a text for a number"),
    pytest.param(NOTICE, "titel: Hello\n", f"{NOTICE}:1:8", id="a field that nobody knows"),
    pytest.param(NOTICE, "pages: {hide_on: [about]}\n", f"{NOTICE}:1:8", id="what does not go with the base"),
    pytest.param(MENU, "links:\n  - {key: about-us, weight: x}\n", f"{MENU}:2:29", id="a field of a link"),
    pytest.param(MENU, "links:\n  - {title: About us}\n", f"drupalsync: an entry of this list needs its key in an overlay, for the others are known by theirs\n  where: {MENU}:2:5", id="a link without a key"),
    pytest.param(MENU, "links:\n  - {key: abuot-us, weight: 3}\n", "did you mean `key: about-us`?", id="a link that the base lacks"),
    pytest.param(MENU, "links:\n  - {key: about-us, path: 'node:page/abuot'}\n", f"config/menus/main-menu.yml:24:5 and {MENU}:2:5", id="a link to nowhere"),
    pytest.param(SITE, "site_404: node:page/gone\n", f"{SITE}:1:11", id="a variable that names no page"),
    pytest.param(f"{OVERLAY}/menues/x.yml", "menu: x\n", f"{OVERLAY}/menues\n", id="a folder that no kind knows"),
    pytest.param(f"{OVERLAY}/moved.yml", "moved: []\n", f"{OVERLAY}/moved.yml\n", id="a past of its own"),
    pytest.param("config/environments/x.yml", "a: 1\n", "config/environments\n", id="a file of no overlay"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "text", "where"), MISTAKES)
def test_a_mistake_is_told_with_its_place_in_the_overlay(overlaid: Project, file: str, text: str, where: str) -> None:
    overlaid.write(file, text)
    production = overlaid.at("prod")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert where in said.stderr + "\n", said.stderr
    assert "Traceback" not in said.stderr


def test_a_mistake_in_an_overlaid_value_names_the_overlay(overlaid: Project, golden: Check) -> None:
    overlaid.write(MENU, "menu: main-menu\nlinks:\n  - key: about-us\n    weight: further right\n")
    overlaid.write(SITE, "site_frontpage: node:page/welcom\n")

    said = overlaid.at("prod").run("import", "--yes", exits=1).transcript
    overlaid.git("checkout", "--quiet", MENU)
    said += overlaid.at("prod").run("import", "--yes", exits=1).transcript

    golden(said, "end_to_end/a-mistake-in-an-overlay.txt")


def test_a_file_of_another_environment_must_be_readable_here_too(overlaid: Project) -> None:
    overlaid.write(SITE, "site_slogan: [\n")

    with untouched(overlaid):
        said = overlaid.run("import", "--yes", exits=1)

    assert f"where: {SITE}:2:1\n" in said.stderr


def test_an_overlay_without_a_folder_stops_before_anything_is_compared(overlaid: Project, golden: Check) -> None:
    manifest = overlaid.read("drupalsync.yml")
    overlaid.write("drupalsync.yml", manifest.replace("overlay: prod", "overlay: prdo"))
    production = overlaid.at("prod")
    said = production.run("import", "--yes", exits=1).transcript
    overlaid.write("drupalsync.yml", manifest)

    said += production.run("import", "--yes", "--rev", "HEAD~1", exits=1).transcript

    golden(said, "end_to_end/an-overlay-without-a-folder.txt")


def test_an_overlay_is_the_name_of_a_folder(overlaid: Project) -> None:
    manifest = overlaid.read("drupalsync.yml")
    for name in ("../prod", "[prod]", ".git", "7"):
        overlaid.write("drupalsync.yml", manifest.replace("overlay: prod", f"overlay: {name}"))

        assert "an overlay is the name of a folder" in overlaid.at("prod").run("status", exits=1).stderr


def test_an_item_of_the_overlay_alone_is_none_of_the_others(overlaid: Project) -> None:
    block = "block: custom/storm-notes\ninfo: Storm notes\nbody: Shut the gates.\nformat: full_html\n"
    overlaid.write(f"{OVERLAY}/blocks/custom/storm-notes.yml", block)
    _committed(overlaid)
    production = overlaid.at("prod")
    production.run("import", "--yes")
    production.click("UPDATE block_custom SET body = 'Open them.' WHERE info = 'Storm notes'")

    production.run("export", "--commit")

    assert production.git("show", "--format=", "--name-only") == f"{OVERLAY}/blocks/custom/storm-notes.yml\n"
    assert overlaid.rows("SELECT info FROM block_custom WHERE info = 'Storm notes'") == []
    assert overlaid.run("import", "--yes").stdout.endswith("Nothing to do.\n")


def test_what_no_overlay_can_say_is_written_nowhere(overlaid: Project) -> None:
    overlaid.write("config/variables/harbour.yml", "harbour_tides:\n  high: 4\n  low: 1\n")
    overlaid.write(ONLY, "harbour_tides: unknown\n")
    _committed(overlaid)
    production = overlaid.at("prod")
    production.run("import", "--yes")
    production.click("UPDATE variable SET value = 'a:1:{s:4:\"high\";i:5;}' WHERE name = 'harbour_tides'")

    with untouched(production):
        said = production.run("export", exits=1)

    assert "an overlay takes nothing away" in said.stderr
    assert f"where: {ONLY}:1:16\n" in said.stderr


def test_a_plan_that_is_kept_is_bound_to_its_overlay(overlaid: Project) -> None:
    production = overlaid.at("prod")
    production.run("import", "--dry-run", "--out", "plan.json")
    plan = json.loads(production.read("plan.json"))
    assert plan["tree"]["overlay"] == "prod"
    overlaid.write(ONLY, "harbour_webcam: false\n")

    with untouched(production):
        production.run("import", "--plan", "plan.json", "--yes", exits=3)


def test_two_revisions_are_compared_as_the_environment_has_them(overlaid: Project) -> None:
    there = overlaid.at("prod").run("diff", "--rev", "HEAD~1..HEAD").stdout
    here = overlaid.run("diff", "--rev", "HEAD~1..HEAD").stdout

    assert "harbour_webcam" in there
    assert "weight  -20 → 30" in there
    assert "harbour_webcam" not in here


def test_what_a_release_left_is_still_what_the_overlay_says(released: Project) -> None:
    released.click("UPDATE menu_links SET weight = 7 WHERE link_title = 'About us'")

    said = released.run("verify", "--format", "json", exits=3)

    assert [change["tree"]["says"] for change in json.loads(said.stdout)["drift"]] == ["as left"]


def _committed(project: Project) -> None:
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message=Production differs")


def _changed(patch: str) -> list[str]:
    """The lines of a patch that say which file, and what."""
    return [line for line in patch.splitlines() if line.startswith(("+", "-"))]
