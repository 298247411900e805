"""config/modules.yml: what a tree needs, what a site has, what is left alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drupalsync.apply import modules
from drupalsync.kinds.fields import FieldProblem
from drupalsync.tree.read import parse
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project

FILE = "config/modules.yml"
ADD = "INSERT INTO system (filename, name, type, status, info) VALUES ('{0}', '{0}', 'module', {1}, '')"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "- block\n",
            "this file is a list of modules, and nothing else |  | modules: [block, views]",
            id="a list",
        ),
        pytest.param(
            "module: [block]\n",
            "this file is a list of modules, and nothing else |  | modules: [block, views]",
            id="misspelt",
        ),
        pytest.param(
            "modules: [block]\nthemes: [bartik]\n",
            "this file is a list of modules, and nothing else |  | modules: [block, views]",
            id="more",
        ),
        pytest.param(
            "modules: {block: true}\n",
            "this file is a list of modules, and nothing else |  | modules: [block, views]",
            id="a mapping",
        ),
        pytest.param(
            "modules: [block, Views UI]\n",
            "'Views UI' is no module's name | modules/1 | its machine name: views_ui",
            id="title",
        ),
        pytest.param("modules: [5]\n", "5 is no module's name | modules/0 | its machine name: views_ui", id="number"),
        pytest.param("modules: ['']\n", "'' is no module's name | modules/0 | its machine name: views_ui", id="empty"),
        pytest.param(
            'modules: ["x\'; DROP TABLE system"]\n',
            "\"x'; DROP TABLE system\" is no module's name | modules/0 | its machine name: views_ui",
            id="hostile",
        ),
        pytest.param(
            "modules: [block, views, block]\n",
            "block stands here twice | modules/2 | take one of them out",
            id="twice",
        ),
    ],
)
def test_a_file_that_is_wrong_is_one_message(text: str, problem: str) -> None:
    with pytest.raises(FieldProblem) as raised:
        modules.read_needed(parse(text.encode(), where="x"))

    assert f"{raised.value.what} | {raised.value.where} | {raised.value.hint}" == problem


def test_the_order_of_the_file_is_kept() -> None:
    assert modules.read_needed(parse(b"modules: [views, block]\n", where="x")) == ("views", "block")


def test_a_mistake_is_told_with_its_line(museum: Project) -> None:
    museum.write(FILE, "modules:\n  - block\n  - Views UI\n")

    said = museum.run("import", "--dry-run", exits=1)

    assert "'Views UI' is no module's name" in said.stderr
    assert "config/modules.yml:3:5" in said.stderr


def test_a_site_without_a_module_is_told_how_to_get_it(museum: Project, production: Project) -> None:
    for name in ("rules", "views"):
        museum.click(ADD.format(name, 1))
        production.click(ADD.format(name, 0))
    museum.click(ADD.format("flag", 1))
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert said.stderr == (
        "drupalsync: 3 modules that the tree needs are off on this site: flag, rules, views; drupalsync turns none on\n"
        "  where: config/modules.yml\n"
        "  mend:  drush dl flag && drush en flag rules views -y, or take out of the file what the site does not need\n"
    )


def test_one_module_is_one(museum: Project, production: Project) -> None:
    production.click("UPDATE system SET status = 0 WHERE name = 'path'")

    said = production.run("import", "--yes", exits=1)

    assert "1 module that the tree needs is off on this site: path; drupalsync turns none on" in said.stderr
    assert "drush en path -y" in said.stderr
    production.run("import", "variable", "--yes")  # part of the tree may need less


def test_a_module_that_is_excluded_is_neither_named_nor_asked_for(museum: Project, production: Project) -> None:
    museum.click(ADD.format("kites", 1))
    museum.run("export", "--commit")
    assert "kites" in museum.read(FILE)
    production.run("import", "--yes", exits=1)

    museum.exclude("module:kite*")

    production.run("import", "--yes")
    museum.run("export")
    assert "kites" not in museum.read(FILE)


def test_an_exclusion_that_fits_no_module_is_told(museum: Project) -> None:
    museum.exclude("module:kites")

    assert "note: exclude: module:kites in drupalsync.yml matches nothing" in museum.run("import", "--dry-run").stdout


@pytest.mark.parametrize("rule", ["ignore: [{item: 'X'}]", "modes: {'X': observe}", "protect: ['X']"])
@pytest.mark.parametrize("glob", ["module:devel", "features:*"])
def test_what_is_no_item_can_be_excluded_and_nothing_else(museum: Project, rule: str, glob: str) -> None:
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + rule.replace("X", glob) + "\n")

    said = museum.run("status", exits=64)

    assert f"{glob} can be excluded, and nothing else" in said.stderr
    assert f"exclude: ['{glob}'] in drupalsync.yml" in said.stderr


def test_an_export_names_what_is_on_but_not_what_only_developers_use(museum: Project) -> None:
    for name in ("devel", "devel_generate", "views_ui", "views", "zen_tools", "aardvark"):
        museum.click(ADD.format(name, 1))
    museum.click(ADD.format("off", 0))
    museum.run("export", "--commit")

    named = modules.read_needed(parse(museum.read(FILE).encode(), where="x"))

    assert {"views", "zen_tools", "aardvark", "node"} <= set(named)
    assert not {"devel", "devel_generate", "views_ui", "off", "standard"} & set(named)
    assert list(named) == sorted(named)


def test_an_export_keeps_the_order_the_comments_and_what_somebody_asked_for(museum: Project) -> None:
    museum.run("export", "--commit")
    lines = museum.read(FILE).splitlines()
    text = "\n".join([lines[0], "  - views_ui # we need it", *reversed(lines[1:])]) + "\n"
    museum.write(FILE, text)
    museum.click(ADD.format("views_ui", 1))
    museum.git("add", "--all")
    museum.git("commit", "--quiet", "--message=In my order")

    museum.run("export")
    assert museum.read(FILE) == text
    museum.click(ADD.format("zz_last", 1))
    museum.run("export")

    assert museum.read(FILE) == text + "  - zz_last\n"


def test_a_part_of_an_export_leaves_the_file_alone(museum: Project) -> None:
    museum.click(ADD.format("kites", 1))

    museum.run("export", "variable")

    assert "kites" not in museum.read(FILE)


def test_a_tree_without_the_file_needs_nothing(museum: Project, production: Project) -> None:
    (museum.root / FILE).unlink()
    production.click("UPDATE system SET status = 0 WHERE name = 'path'")

    assert "path" not in production.run("import", "--dry-run", "variable").stderr
    assert Path(museum.root / "config").is_dir()


def test_the_file_has_no_overlay(museum: Project) -> None:
    museum.write("config/environments/prod/modules.yml", "modules: [block]\n")

    said = museum.run("import", "--dry-run", exits=1)

    assert "modules.yml has no overlay" in said.stderr
