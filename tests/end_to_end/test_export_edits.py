"""An export edits files as a careful person would: what did not change keeps every byte, whoever formatted it, and how."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Final

import pytest

from support.untouched import files, untouched

if TYPE_CHECKING:
    from support.cli import Project

FOOTER: Final = """\
# Footer links; ask legal before you change them

menu:   menu-footer
description: 'Links at the bottom of every page'
title: "Footer"          # the heading of the block, too

links:
  # the imprint comes first here, but weights decide on the page
  - {key: imprint, title: Imprint, path: node:page/imprint}   # the law wants it

  - key: contact
    path:  contact
    title: 'Contact'
    weight: -10     # always first
    expanded: false # says nothing new, but somebody wanted it said

  - { key: press, title: "Press",
      path: 'mailto:press@museum.example', weight: 10 }
"""
NOTICE: Final = """\
---
# The notice in the footer. Legal owns the wording.
block: custom/footer-notice
title: "<none>"
info: Footer notice

format: full_html   # not filtered: it needs the ©
body: !crlf |
  <p>© Harbour Museum</p>
  <p>Supported by the Port Authority</p>
pages: {show_on: [<front>, 'node:page/about', "visit*"]}
placements: {bartik: {weight: 3, region: footer}, seven: {region: none}}
"""
SITE: Final = """\
# Who we are
site_slogan:  '900 years by the water'   # 2021: the board decided
site_name: "Harbour Museum"

# Pages
site_frontpage: node:page/welcome
site_404: 'node:page/errors-404'
site_default_country: DE
"""
VISIT: Final = """\
node: page/visit
aliases: [visit]        # on every poster: never change it
title: Plan your visit
author: anna
created: '2023-11-15T22:13:20Z'
comment: 1
fields:
    field_price: '8.50' # euros
    body:
        format: full_html
        summary: ""
        value: !crlf |
            <p>We are open every day but Monday. Dogs on a lead are welcome aboard.</p>
"""
BY_HAND: Final = {
    "config/menus/menu-footer.yml": FOOTER,
    "config/blocks/custom/footer-notice.yml": NOTICE,
    "config/variables/site.yml": SITE,
    "config/nodes/page/visit.yml": VISIT,
}
CLICKS: Final = [
    pytest.param(
        "UPDATE menu_links SET weight = -7 WHERE link_title = 'Contact'",
        ["-    weight: -10     # always first", "+    weight: -7      # always first"],
        id="the weight of a link",
    ),
    pytest.param(
        "UPDATE menu_links SET link_title = 'For the press' WHERE link_title = 'Press'",
        ['-  - { key: press, title: "Press",', '+  - { key: press, title: "For the press",'],
        id="the title of a link in braces",
    ),
    pytest.param(
        "DELETE FROM menu_links WHERE link_title = 'Imprint'",
        ["-  - {key: imprint, title: Imprint, path: node:page/imprint}   # the law wants it"],
        id="a link that is deleted",
    ),
    pytest.param(
        "UPDATE menu_custom SET title = 'Bottom' WHERE menu_name = 'menu-footer'; "
        "UPDATE menu_links SET link_title = 'Bottom' WHERE link_path = 'admin/structure/menu/manage/menu-footer'",
        [
            '-title: "Footer"          # the heading of the block, too',
            '+title: "Bottom"          # the heading of the block, too',
        ],
        id="the title of a menu",
    ),
    pytest.param(
        "UPDATE block SET weight = 5 WHERE theme = 'bartik' AND module = 'block' AND weight = 3",
        [
            "-placements: {bartik: {weight: 3, region: footer}, seven: {region: none}}",
            "+placements: {bartik: {weight: 5, region: footer}, seven: {region: none}}",
        ],
        id="the weight of a block in one theme",
    ),
    pytest.param(
        "UPDATE block_custom SET body = replace(body, 'Port', 'Harbour') WHERE info = 'Footer notice'",
        ["-  <p>Supported by the Port Authority</p>", "+  <p>Supported by the Harbour Authority</p>"],
        id="one line of a text",
    ),
    pytest.param(
        "UPDATE block SET pages = replace(pages, 'visit*', 'imprint') WHERE title = '<none>'",
        [
            "-pages: {show_on: [<front>, 'node:page/about', \"visit*\"]}",
            "+pages: {show_on: [<front>, 'node:page/about', \"imprint\"]}",
        ],
        id="a page of a block in brackets",
    ),
    pytest.param(
        "UPDATE variable SET value = 's:14:\"Come and see it\";' WHERE name = 'site_slogan'".replace("14", "15"),
        [
            "-site_slogan:  '900 years by the water'   # 2021: the board decided",
            "+site_slogan:  'Come and see it'          # 2021: the board decided",
        ],
        id="a variable",
    ),
    pytest.param(
        "INSERT INTO variable (name, value) VALUES ('site_phone', 's:4:\"5555\";')",
        ["+site_phone: '5555'"],
        id="a new variable",
    ),
    pytest.param(
        "UPDATE field_data_field_price SET field_price_value = '9.00'",
        ["-    field_price: '8.50' # euros", "+    field_price: '9.00' # euros"],
        id="a field of a node",
    ),
    pytest.param(
        "UPDATE node SET title = 'Your visit' WHERE title = 'Plan your visit'",
        ["-title: Plan your visit", "+title: Your visit"],
        id="the title of a node",
    ),
]


@pytest.fixture
def by_hand(museum: Project) -> Project:
    """The museum's project with four files as people write them."""
    for file, text in BY_HAND.items():
        museum.write(file, text)
    museum.git("commit", "--quiet", "--all", "--message=As we like it")
    return museum


def test_files_that_people_formatted_stay_as_they_are(by_hand: Project) -> None:
    with untouched(by_hand):
        said = by_hand.run("export")

    assert re.fullmatch(r"Exported: \d+ unchanged; nothing to write\.\n", said.stdout)


def test_formatting_means_nothing_to_an_import(by_hand: Project) -> None:
    with untouched(by_hand.at("prod")):
        said = by_hand.at("prod").run("import", "--yes")

    assert said.stdout.endswith("Nothing to do.\n")


@pytest.mark.parametrize(("click", "expected"), CLICKS)
def test_one_click_changes_the_lines_of_one_field(by_hand: Project, click: str, expected: list[str]) -> None:
    before = files(by_hand)
    for statement in click.split("; "):
        by_hand.click(statement)

    by_hand.run("export")

    after = files(by_hand)
    changed = [name for name in sorted({*before, *after}) if before.get(name) != after.get(name)]
    assert len(changed) == 1, changed
    assert _diff(before[changed[0]], after[changed[0]]) == expected
    with untouched(by_hand):
        by_hand.run("export")


def test_a_new_link_goes_where_its_neighbours_are_and_touches_nothing_else(by_hand: Project) -> None:
    before = files(by_hand)["config/menus/menu-footer.yml"]
    by_hand.click(
        "INSERT INTO menu_links (menu_name, plid, link_path, link_title, options, module, external, weight, depth, p1) "
        "SELECT 'menu-footer', 0, 'https://jobs.example/', 'Jobs', 'a:0:{}', 'menu', 1, 20, 1, max(mlid) + 1 FROM menu_links"
    )

    by_hand.run("export")

    found = _diff(before, files(by_hand)["config/menus/menu-footer.yml"])
    assert found == ["+  - key: jobs", "+    title: Jobs", "+    path: https://jobs.example/", "+    weight: 20"]


def test_a_file_keeps_its_line_ends_and_its_byte_order_mark(museum: Project) -> None:
    file = museum.root / "config/variables/site.yml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    museum.git("commit", "--quiet", "--all", "--message=From Windows")
    museum.click("UPDATE variable SET value = 's:6:\"Museum\";' WHERE name = 'site_name'")

    museum.run("export")

    text = file.read_bytes()
    assert text.startswith(b"\xef\xbb\xbfsite_404")
    assert b"site_name: Museum\r\n" in text
    assert text.count(b"\n") == text.count(b"\r\n") == 5


def _diff(old: bytes, new: bytes) -> list[str]:
    lines = difflib.unified_diff(old.decode().splitlines(), new.decode().splitlines(), lineterm="", n=0)
    return [line for line in list(lines)[2:] if not line.startswith("@@")]
