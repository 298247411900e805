"""What modules made by Features own: told, and left to them where the manifest says so."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.apply import features
from drupalsync.kinds import all_kinds
from drupalsync.php import encode
from support.access import run
from support.sql import execute
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

INFO: dict[str, Any] = {
    "name": "Museum",
    "features": {
        "user_role": ["editor", "boss"],
        "filter": {3: "full_html"},  # numbered by hand
        "variable": ["site_slogan"],
        "node": ["page"],
        "features_api": ["api:2"],
        "unheard_of": ["editor"],
        "field_base": "body",
    },
}


def make_feature(project: Project, name: str = "museum", info: dict[str, Any] = INFO, status: int = 1) -> None:
    for url in project.databases.values():
        data = encode(info).hex()
        execute(
            url,
            f"INSERT INTO system (filename, name, type, status, info) VALUES ('{name}', '{name}', 'module', {status}, X'{data}')",
        )


def owned(project: Project) -> dict[str, str]:
    known = [
        "role:editor", "role:administrator", "text_format:full_html", "variable:site_slogan", "content_type:page",
        "field:body", "field_instance:node/page/body", "field_instance:node/page/field_two",
    ]  # fmt: skip
    with run(Path(project.database.removeprefix("sqlite:///"))) as ctx:
        found = features.owners(ctx.site, known)
        ctx.site.db.close()
    return found


def test_what_a_module_says_that_it_owns_is_its_own(museum: Project) -> None:
    make_feature(museum)

    assert owned(museum) == {
        "content_type:page": "museum",
        "role:editor": "museum",
        "text_format:full_html": "museum",
        "variable:site_slogan": "museum",
    }


def test_what_features_speaks_of_is_a_kind() -> None:
    assert set(features.COMPONENTS.values()) <= all_kinds().keys()


@pytest.mark.parametrize("component", ["field_instance", "field"])
def test_an_instance_is_named_by_its_parts(museum: Project, component: str) -> None:
    make_feature(museum, info={"features": {component: ["node-page-body"]}})

    assert owned(museum) == {"field_instance:node/page/body": "museum"}


@pytest.mark.parametrize(
    "info",
    [
        pytest.param({"features": "all"}, id="a text"),
        pytest.param({"features": {"user_role": [5, None, ["editor"]]}}, id="no names"),
        pytest.param({"features": {"user_role": "editor"}}, id="no list"),
        pytest.param({}, id="nothing"),
    ],
)
def test_nonsense_owns_nothing(museum: Project, info: dict[str, Any]) -> None:
    make_feature(museum, info=info)

    assert owned(museum) == {}


def test_a_module_that_is_off_owns_nothing(museum: Project) -> None:
    make_feature(museum, status=0)

    assert owned(museum) == {}


def test_items_of_features_are_items_like_any_other_and_told(museum: Project, production: Project) -> None:
    make_feature(museum)
    museum.click("UPDATE role SET weight = 9 WHERE name = 'editor'")
    said = museum.run("export", "--commit")
    note = (
        "note: 4 items of Features modules: museum (4); what an import writes of them, Features shows as overridden; "
        "leave them to it with exclude: ['features:*']"
    )

    assert note.removeprefix("note: ") in said.stdout + said.stderr
    assert note in production.run("import", "--dry-run").stdout
    production.run("import", "--yes")
    assert production.one("SELECT weight FROM role WHERE name = 'editor'") == 9


@pytest.mark.parametrize("glob", ["features:*", "features:museum", "features:mus*"])
def test_what_is_left_to_features_is_neither_exported_nor_written(
    museum: Project, production: Project, glob: str
) -> None:
    make_feature(museum)
    museum.run("export", "--commit")
    production.run("import", "--yes")
    before = museum.read("config/roles/editor.yml")
    museum.exclude(glob)
    museum.git("commit", "--quiet", "--all", "--message=Leave it to Features")
    museum.click("UPDATE role SET weight = 9 WHERE name = 'editor'")
    production.click("UPDATE role SET weight = 7 WHERE name = 'editor'")
    production.click("UPDATE variable SET value = 's:1:\"x\";' WHERE name = 'site_slogan'")

    said = museum.run("export")
    assert museum.read("config/roles/editor.yml") == before
    assert "Features modules" not in said.stdout + said.stderr
    with untouched(production):
        assert "role:editor" not in production.run("import", "--yes", "--prune").stdout
        assert "role:editor" not in production.run("verify").stdout


def test_another_module_is_not_left_alone(museum: Project, production: Project) -> None:
    make_feature(museum)
    museum.exclude("features:other")
    museum.click("UPDATE role SET weight = 9 WHERE name = 'editor'")
    museum.run("export", "--commit")

    said = production.run("import", "--dry-run").stdout

    assert "~ role:editor" in said
    assert "note: exclude: features:other in drupalsync.yml matches nothing" in said


def test_a_file_that_is_taken_out_with_its_feature_deletes_nothing(museum: Project, production: Project) -> None:
    make_feature(museum)
    museum.exclude("features:*")
    (museum.root / "config/roles/editor.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=Leave it to Features")

    production.run("import", "--yes", "--prune")

    assert production.one("SELECT COUNT(*) FROM role WHERE name = 'editor'") == 1


def test_the_note_names_the_four_that_own_most() -> None:
    owned = {f"variable:{letter}{number}": letter for letter in "abcde" for number in range(ord(letter) - 95)}

    (note,) = features.note(owned, [])

    assert note.startswith("20 items of Features modules: e (6), d (5), c (4), b (3) …; what an import writes of them")
    assert features.note(owned, owned) == []
