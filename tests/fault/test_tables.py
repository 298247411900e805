"""`kill -9` around tables that are made before the transaction, and renamed after it: nothing is left over, nothing is lost.

A release makes two fields, with a value of one of them, and deletes a third with its value; then its rollback.
FAULT_EVERY=1 kills at every statement.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import pytest

from support import sql
from support.cli import Project
from support.dumps import mysql_dump, sqlite_dump
from support.sites import LEFT, MariadbSite, SqliteSite, own

from .conftest import IMPORT, ROLLBACK, Killer, Release, _folder
from .test_kill import EVERY, KILLED, Aftermath

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.mariadb import Server
    from support.sites import Restorable

SEED: Final = 31
SAMPLE: Final = 3  # statements of the transaction itself, which test_kill.py goes through
MANIFEST: Final = "nodes:\n  - {type: landing}\n"
NEW: Final = ("field_data_field_one", "field_revision_field_one", "field_data_field_two", "field_revision_field_two")
FIELD: Final = "field: {}\ntype: number_integer\nmodule: number\n"
INSTANCE: Final = "  {}:\n    label: New\n    widget: {{type: number, weight: 9, settings: [], module: number}}\n"
TYPE: Final = "config/content_types/landing.yml"
NODE: Final = "config/nodes/landing/welcome.yml"


def _prepared(folder: Path, site: Restorable, killer: Killer) -> Release:
    """The site's own tree, adopted; in it two fields more, and one less, on the landing pages."""
    project = Project(folder / "project", {"prod": site.url}, manifest=MANIFEST)
    release = Release(project=project, site=site, killer=killer)
    for table in ("field_data_field_ratio", "field_revision_field_ratio"):
        project.click(
            f"INSERT INTO {table} (entity_type, bundle, deleted, entity_id, revision_id, language, delta, field_ratio_value) "
            "VALUES ('node', 'landing', 0, 9999, 9999, 'und', 0, 0.5)"  # of a node that the tree does not have
        )
    project.run("export", "--commit")
    code, said = release.run("import", "--adopt", "--yes")
    assert code == 0, said
    for name in ("field_one", "field_two"):
        project.write(f"config/fields/{name}.yml", FIELD.format(name))
    (project.root / "config/fields/field_ratio.yml").unlink()
    new = "".join(INSTANCE.format(name) for name in ("field_one", "field_two"))
    project.write(TYPE, _without(project.read(TYPE), "field_ratio").replace("\nfields:\n", f"\nfields:\n{new}", 1))
    node = _without(project.read(NODE), "field_ratio").replace("\nfields:\n", "\nfields:\n  field_one: 41\n", 1)
    project.write(NODE, node)
    project.git("add", "--all")
    project.git("commit", "--quiet", "--message=Fields")
    return release


def _without(text: str, field: str) -> str:
    """A file without one of its fields."""
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if len(line) - len(line.lstrip()) <= 2:
            inside = line.startswith(f"  {field}:")
        if not inside:
            lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def sites(released: Path, mariadb: Server, killer: Killer) -> Iterator[dict[str, Release]]:
    """The release on both engines, about to be imported."""
    site = MariadbSite(mariadb, mysql_dump("base", mariadb))
    folders = {name: _folder(released / f"tables-{name}") for name in ("sqlite", "mariadb")}
    found = {
        "sqlite": _prepared(folders["sqlite"], SqliteSite(sqlite_dump("base", folders["sqlite"])), killer),
        "mariadb": _prepared(folders["mariadb"], site, killer),
    }
    for release in found.values():
        release.site.keep()
        release.measure()
    yield found
    site.close()


@pytest.fixture
def fields(engine: str, sites: dict[str, Release]) -> Release:
    release = sites[engine]
    release.restore()
    return release


def test_undisturbed_it_makes_and_renames_tables_and_leaves_no_note(fields: Release) -> None:
    assert fields.run(*IMPORT)[0] == 0

    tables = set(fields.site.state())
    ratio = fields.project.one("SELECT id FROM field_config WHERE field_name = 'field_ratio'")
    assert tables >= {*NEW, f"field_deleted_data_{ratio}", f"field_deleted_revision_{ratio}"}
    assert not tables & {"field_data_field_ratio", "field_revision_field_ratio"}
    assert fields.project.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0
    assert fields.project.rows("SELECT entity_type, bundle, field_one_value FROM field_data_field_one") == [
        ("node", "landing", 41)
    ]
    values = f"SELECT entity_id FROM field_deleted_data_{ratio} WHERE deleted = 1 ORDER BY entity_id"
    assert fields.project.rows(values) == [(4,), (9999,)]  # of the tree's node, too: Drupal marks it with the field


RIGHTS: Final = {
    "new": ("SELECT, INSERT, UPDATE, DELETE", "CREATE command denied"),
    "gone": ("SELECT, INSERT, UPDATE, DELETE, CREATE", "ALTER"),  # found out before anything is written, not afterwards
}


@pytest.mark.parametrize("which", RIGHTS)
def test_an_account_that_may_not_make_or_rename_tables_is_told_so_before_anything_is_written(
    sites: dict[str, Release], mariadb: Server, which: str
) -> None:
    fields = sites["mariadb"]
    fields.restore()
    rights, denied = RIGHTS[which]
    database = urlsplit(fields.site.url).path[1:]
    sql.execute(mariadb.url(), f"CREATE OR REPLACE USER few_{which}")
    sql.execute(mariadb.url(), f"GRANT {rights} ON `{database}`.* TO few_{which}")
    project = fields.project.at("prod")
    project.databases = {"prod": fields.site.url.replace("://root", f"://few_{which}")}
    manifest = project.read("drupalsync.yml")
    project.write("drupalsync.yml", manifest.replace(fields.site.url, project.databases["prod"]))
    try:
        said = project.run("import", "--prune", "--yes", exits=1).stderr
    finally:
        project.write("drupalsync.yml", manifest)

    assert denied in said
    assert "nothing was changed" in said
    assert "CREATE and DROP, a field that goes ALTER, CREATE, INSERT and DROP" in said
    assert own(fields.site.state()) == own(fields.before)
    code, told = fields.run(*IMPORT)  # of an account that may
    assert code == 0, told
    assert fields.project.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0


def test_killed_around_its_tables_it_is_all_or_nothing_and_the_next_import_finishes(fields: Release) -> None:
    numbers, commit = _moments(fields.statements)
    aftermath = Aftermath(fields)

    for number in numbers:
        fields.restore()
        assert fields.run(*IMPORT, at=("statement", number))[0] == KILLED
        where = f"before statement {number}, {fields.statements[number - 1]}"
        if fields.site.state() not in aftermath.met:
            _looks_without_complaint(fields, where)
        assert aftermath.check(where) == (number <= commit), where

    assert any(LEFT in state for state in aftermath.met)
    assert any(LEFT not in state for state in aftermath.met)


def _moments(statements: list[str]) -> tuple[list[int], int]:
    """The statements to kill at, and the COMMIT among them: around every table, a few of the transaction, the renames."""
    said = dict(enumerate(statements, 1))
    made = [number for number, text in said.items() if text.startswith("CREATE TABLE") and "_probe" not in text]
    begin = next(
        number
        for number, text in said.items()
        if number > made[-1] and text.startswith(("BEGIN IMMEDIATE", "START TRANSACTION"))
    )
    commit = next(number for number, text in said.items() if number > begin and text == "COMMIT")
    renamed = [number for number, text in said.items() if number > commit and "RENAME" in text]
    assert len(made) == len(NEW)
    assert len(renamed) == 2
    if EVERY:
        return [*range(made[0] - 2, begin), *range(begin, len(statements) + 1)], commit
    probed = [number for number, text in said.items() if "drupalsync_probe" in text and number < made[0]]
    around = {number + step for number in (*made, *renamed) for step in (0, 1)}
    indexes = [number for number, text in said.items() if made[-1] < number < begin and text.startswith("CREATE INDEX")]
    inside = random.Random(SEED).sample(range(begin + 1, commit), SAMPLE)
    return sorted(
        {*probed[-5:], made[0] - 2, *around, *indexes[-1:], begin, *inside, commit, commit + 1, renamed[-1] + 4}
    ), commit


def _looks_without_complaint(release: Release, where: str) -> None:
    """What was left of a run that died is no reason for the next one to refuse, nor for anybody who only looks."""
    for argv in (("status",), ("import", "--prune", "--dry-run")):
        code, said = release.run(*argv)
        assert (code, "is there already" in said) == (0, False), f"{where}: {said}"


def test_a_rollback_that_was_killed_around_its_tables_is_finished_by_the_next_run(fields: Release) -> None:
    assert fields.run(*IMPORT)[0] == 0
    kept = replace(fields, argv=ROLLBACK)
    before = own(kept.site.state())
    log = kept.project.root.parent / "statements"
    assert kept.run(*ROLLBACK, log=str(log))[0] == 0
    statements = log.read_text().splitlines()
    after = own(kept.site.state())
    own_ = [(number, said) for number, said in enumerate(statements, 1) if "_probe" not in said]
    made = [number for number, said in own_ if said.startswith("CREATE TABLE")]
    renamed = [number for number, said in own_ if "RENAME" in said]
    assert len(made) == 2
    assert len(renamed) >= 4

    for number in (made[0], made[-1] + 1, renamed[0], renamed[0] + 1, renamed[-1], renamed[-1] + 1):
        fields.restore()
        assert kept.run(*IMPORT)[0] == 0
        where = f"before statement {number}, {statements[number - 1]}"
        assert kept.run(*ROLLBACK, at=("statement", number))[0] == KILLED
        state = own(kept.site.state())
        assert state.keys() in (before.keys(), after.keys()), where
        if state.keys() == before.keys():
            code, said = kept.run(*ROLLBACK)
        else:
            code, said = kept.run(*IMPORT)  # which finishes first, and then brings the release again
        assert code == 0, f"{where}: {said}"
        assert kept.project.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0, where
