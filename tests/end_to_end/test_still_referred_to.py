"""A deletion that would leave a reference of the tree leading nowhere is refused, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check


def test_a_field_that_an_instance_still_has(museum: Project, production: Project, golden: Check) -> None:
    (museum.root / "config/fields/field_tags.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=No tags")

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=4)
        assert production.run("import", "--prune", "--dry-run", exits=4).stdout == said.stdout

    golden(said.transcript, "end_to_end/a-field-that-an-instance-still-has.txt")


def test_a_row_that_a_described_column_names(museum: Project, production: Project) -> None:
    for site in (museum, production):
        site.click("CREATE TABLE dsx_pane (pid INTEGER PRIMARY KEY, name VARCHAR(9) NOT NULL)")
        site.click("CREATE TABLE dsx_page (name VARCHAR(9) PRIMARY KEY, pid INT NOT NULL)")
    museum.click("INSERT INTO dsx_pane VALUES (7, 'left')")
    museum.click("INSERT INTO dsx_page VALUES ('home', 7), ('away', 7)")
    museum.write(
        "drupalsync.yml",
        museum.read("drupalsync.yml")
        + "tables:\n  - {kind: pane, table: dsx_pane, key: name, id: pid, folder: panes}\n"
        "  - {kind: layout, table: dsx_page, key: name, folder: layouts, columns: {pid: {refers: pane}}}\n",
    )
    museum.run("export", "--commit")
    production.run("import", "--yes")
    (museum.root / "config/panes/left.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=No panes")

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=4)

    assert "layout:away (layouts/away.yml) and 1 more of the tree refer to it" in said.stdout
    for page in ("home", "away"):
        (museum.root / f"config/layouts/{page}.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=No pages")
    production.run("import", "--prune", "--yes")
    assert production.rows("SELECT * FROM dsx_pane") == []


@pytest.fixture
def odd(museum: Project) -> Project:
    """The developer's site with a text format of its own, that nobody may use and no text has yet."""
    museum.click("INSERT INTO filter_format (format, name, cache, status, weight) VALUES ('odd', 'Odd', 1, 1, 9)")
    return museum


@pytest.mark.parametrize(
    ("click", "holder"),
    [
        pytest.param(
            "UPDATE block_custom SET format = 'odd' WHERE info = 'Footer notice'",
            "block:custom/footer-notice (blocks/custom/footer-notice.yml)",
            id="a block",
        ),
        pytest.param(
            "UPDATE field_data_body SET body_format = 'odd' "
            "WHERE entity_id = (SELECT nid FROM node WHERE title = 'Imprint')",
            "node:page/imprint (nodes/page/imprint.yml)",
            id="a node",
        ),
        pytest.param(
            "UPDATE taxonomy_term_data SET format = 'odd', description = 'x' WHERE name = 'History'",
            "/History (",
            id="a term",
        ),
    ],
)
def test_a_text_format_that_a_text_of_the_tree_has(odd: Project, production: Project, click: str, holder: str) -> None:
    odd.click(click)
    odd.run("export", "--commit")
    production.run("import", "--yes")
    (odd.root / "config/text_formats/odd.yml").unlink()
    odd.git("commit", "--quiet", "--all", "--message=A format less")

    with untouched(production):
        whole = production.run("import", "--prune", "--yes", exits=4)
        part = production.run("import", "--prune", "--yes", "text_format:odd", exits=4)

    for said in (whole, part):
        assert "of the tree refers to it" in said.stdout
        assert holder in said.stdout


def test_a_run_about_a_part_of_the_tree_asks_all_of_it(odd: Project, production: Project) -> None:
    odd.click("INSERT INTO role_permission VALUES (4, 'use text format odd', 'filter')")
    odd.run("export", "--commit")
    production.run("import", "--yes")
    (odd.root / "config/text_formats/odd.yml").unlink()
    odd.git("commit", "--quiet", "--all", "--message=A format less")

    with untouched(production):
        said = production.run("import", "--prune", "--yes", "text_format:odd", exits=4)

    assert "role:editor (roles/editor.yml) of the tree refers to it" in said.stdout
    odd.exclude("role:editor")
    production.run("import", "--prune", "--yes", "text_format:odd")
    assert production.one("SELECT status FROM filter_format WHERE format = 'odd'") == 0


def test_what_only_the_site_grants_does_not_hold_it(museum: Project, production: Project) -> None:
    museum.click("INSERT INTO filter_format (format, name, cache, status, weight) VALUES ('letter', 'Letter', 1, 1, 5)")
    role = "config/roles/editor.yml"
    text = museum.read(role)
    museum.write(role, text[: text.index("permissions:")] + "permissions: {only: [administer menu]}\n")
    museum.git("commit", "--quiet", "--all", "--message=Editors may what the site lets them")
    museum.run("export", "--commit")
    production.run("import", "--yes", "--on-drift", "overwrite")
    production.click(
        "INSERT INTO role_permission SELECT rid, 'use text format letter', 'filter' FROM role WHERE name = 'editor'"
    )
    (museum.root / "config/text_formats/letter.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=No letters")

    production.run("import", "--prune", "--yes")

    assert production.one("SELECT status FROM filter_format WHERE format = 'letter'") == 0
