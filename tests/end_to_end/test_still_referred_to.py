"""A deletion that would leave a reference of the tree leading nowhere is refused, before anything is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
