"""`verify`: the site is as the last release left it, or each difference is told with the ways to settle it."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator

from drupalsync.report.schemas import schema_for
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

SITE: Final = "config/variables/site.yml"
VISIT: Final = "config/nodes/page/visit.yml"
NOTICE: Final = "config/blocks/custom/footer-notice.yml"
PRESS: Final = "UPDATE menu_links SET weight = 33 WHERE link_title = 'Press'"
MOVED: Final = (
    "UPDATE menu_links SET depth = 2, p2 = mlid, plid = (SELECT mlid FROM (SELECT * FROM menu_links) m "
    "WHERE link_title = 'Contact' AND menu_name = 'menu-footer'), p1 = plid WHERE link_title = 'Press'"
)


def slogan(text: str) -> str:
    return f"UPDATE variable SET value = 's:{len(text.encode())}:\"{text}\";' WHERE name = 'site_slogan'"


def found(project: Project, *argv: str, exits: int = 3) -> Any:
    """The document of a verification."""
    document = json.loads(project.run("verify", *argv, "--format", "json", exits=exits).stdout)
    assert [error.message for error in Draft202012Validator(schema_for("plan")).iter_errors(document)] == []
    return document


def says(project: Project, *argv: str) -> dict[str, tuple[str, str | None]]:
    """What the tree says of each difference, and what stops the next import of it."""
    drift = found(project, *argv)["drift"]
    return {change["address"]: (change["tree"]["says"], change["tree"]["stopped"]) for change in drift}


def test_a_site_that_nobody_touched_and_one_that_somebody_did(dev: Project, prod: Project, golden: Check) -> None:
    dev.run("export", "--commit")
    prod.run("import", "--adopt", "--yes")
    with untouched(dev, prod):
        equal = prod.run("verify")
    prod.click("UPDATE block_custom SET body = replace(body, 'all rights', 'some rights') WHERE info = 'Footer notice'")
    prod.click("DELETE FROM variable WHERE name = 'site_slogan'")
    prod.click("UPDATE variable SET value = 's:7:\"hunter2\";' WHERE name = 'smtp_password'")
    with untouched(dev, prod):
        differs = prod.run("verify", exits=3)

    told = re.sub(r"(sqlite|mysql)://[^\s,]+", "«database of prod»", f"{equal.transcript}\n{differs.transcript}")
    golden(told, "end_to_end/a-verification-of-a-real-site.txt")


def test_what_differs_in_every_way(museum: Project, production: Project, golden: Check) -> None:
    production.click(MOVED)
    production.click(slogan("By hand"))
    production.click("DELETE FROM variable WHERE name = 'site_name'")

    with untouched(museum, production):
        said = production.run("verify", exits=3)

    golden(said.transcript, "end_to_end/a-verification-that-finds-differences.txt")


def test_many_differences_give_the_commands_once(museum: Project, production: Project, golden: Check) -> None:
    production.click("UPDATE menu_links SET weight = weight + 1 WHERE menu_name = 'menu-footer'")
    production.click(slogan("By hand"))

    golden(production.run("verify", exits=3).transcript, "end_to_end/a-verification-that-finds-many.txt")


@pytest.mark.parametrize("click", [slogan("By hand"), "DELETE FROM variable WHERE name = 'site_slogan'", PRESS, MOVED])
@pytest.mark.parametrize("way", ["take the site's", "put it back"])
def test_each_command_settles_it(museum: Project, production: Project, click: str, way: str) -> None:
    production.click(click)
    (command,) = re.findall(rf"{way}: +drupalsync (.*)", production.run("verify", exits=3).stdout)

    production.run(*shlex.split(command), *(["--yes"] if command.startswith("import") else ["--commit"]))
    production.run("import", "--prune", "--yes")

    assert re.search(r" items are as release 2 left them, \d+ unmanaged\.\n\Z", production.run("verify").stdout)


def test_the_line_for_the_manifest_settles_it(museum: Project, production: Project) -> None:
    production.click(slogan("By hand"))
    production.click(PRESS)
    said = production.run("verify", exits=3).stdout
    rules = re.findall(r"below ignore:  (- .*)", said)
    assert rules[0] == "- {item: 'menu_link:menu-footer/press', field: 'weight', reason: …}"
    museum.write(
        "drupalsync.yml", museum.read("drupalsync.yml") + "ignore:\n" + "".join(f"  {rule}\n" for rule in rules)
    )

    said = production.run("verify").stdout

    assert "Changed on the site, and left alone by drupalsync.yml (2)" in said
    assert re.search(r" items are as release 1 left them, 2 ignored, \d+ unmanaged\.\n\Z", said)


def test_a_tree_that_has_moved_on_cannot_put_it_back(museum: Project, production: Project, golden: Check) -> None:
    museum.click(slogan("All aboard"))
    museum.click("DELETE FROM menu_links WHERE link_title = 'Press'")
    museum.run("export", "--commit")
    production.click(slogan("By hand"))
    production.click(PRESS)

    said = production.run("verify", exits=3)

    assert says(production) == {
        "menu_link:menu-footer/press": ("gone", "conflict"),
        "variable:site_slogan": ("moved on", "conflict"),
    }
    assert "put it back" not in said.stdout
    golden(said.transcript, "end_to_end/a-verification-where-the-tree-has-moved-on.txt")


def test_a_tree_that_says_what_the_site_has_is_only_to_be_recorded(museum: Project, production: Project) -> None:
    for project in (museum, production):
        project.click(slogan("All aboard"))
        project.click("DELETE FROM menu_links WHERE link_title = 'Press'")
    museum.run("export", "--commit")

    said = production.run("verify", exits=3).stdout

    assert says(production) == {
        "menu_link:menu-footer/press": ("gone", None),
        "variable:site_slogan": ("as the site", None),
    }
    assert "the tree agrees, so an import only records it" in said
    assert "an import forgets it" in said
    production.run("import", "variable:site_slogan", "--yes")
    production.run("import", "--yes")
    assert production.run("verify").code == 0


@pytest.mark.parametrize("broken", ["missing", "empty", "not YAML", "an unset variable"])
def test_it_works_without_a_tree_that_can_be_read(museum: Project, production: Project, broken: str) -> None:
    production.click(slogan("By hand"))
    if broken == "missing":
        (museum.root / "config").rename(museum.root / "elsewhere")
    elif broken == "empty":
        for file in sorted((museum.root / "config").rglob("*.yml")):
            file.unlink()
    else:
        museum.write("config/variables/a.yml", ": [\n" if broken == "not YAML" else "relays: !env RELAYS\n")

    said = production.run("verify", exits=3).stdout

    assert says(production) == {"variable:site_slogan": ("unknown", None)}
    assert "drupalsync export variable:site_slogan --env prod" in said
    assert "drupalsync import variable:site_slogan --env prod --on-drift overwrite" in said
    assert "note: whether the tree still says so is not known: " in said


def test_what_the_tree_leaves_to_the_site_is_told_and_only_to_be_recorded(museum: Project, production: Project) -> None:
    museum.write(NOTICE, museum.read(NOTICE).replace("  seven:\n    region: none\n", ""))
    museum.write(VISIT, re.sub(r"created: .*\n", "", museum.read(VISIT)))
    production.run("import", "--yes")
    bid = "(SELECT bid FROM block_custom WHERE info = 'Footer notice')"
    production.click(f"UPDATE block SET weight = 9 WHERE theme = 'seven' AND module = 'block' AND delta = {bid}")
    production.click(
        "UPDATE node SET created = 5 WHERE nid = (SELECT substr(source, 6) FROM url_alias WHERE alias = 'visit')"
    )
    production.click("UPDATE variable SET value = 's:7:\"hunter2\";' WHERE name = 'smtp_password'")

    assert set(says(production).values()) == {("as the site", None)}
    said = production.run("verify", exits=3).stdout
    assert said.count("the tree agrees, so an import only records it") == len(says(production)) == 3

    production.run("import", "--yes")
    production.run("verify")


def test_a_variable_of_the_environments_own_is_compared_once_it_is_managed(
    museum: Project, production: Project
) -> None:
    museum.write(SITE, museum.read(SITE) + "site_mail: port@museum.example\n")
    production.run("import", "variable:site_mail", "--adopt", "--yes")
    (museum.root / SITE).unlink()
    assert found(production, "variable:site_mail", exits=0)["summary"]["unchanged"] == 1
    production.click("UPDATE variable SET value = 's:1:\"x\";' WHERE name = 'site_mail'")

    assert [change["address"] for change in found(production, "variable:site_mail")["drift"]] == ["variable:site_mail"]


def test_what_is_excluded_is_not_compared(museum: Project, production: Project) -> None:
    whole = found(production, exits=0)["summary"]["unchanged"]
    production.click(slogan("By hand"))
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "exclude: ['variable:site_slogan']\n")

    assert found(production, exits=0)["summary"]["unchanged"] == whole - 1


def test_what_settings_php_decides_is_not_compared(museum: Project, production: Project) -> None:
    whole = found(production, exits=0)["summary"]["unchanged"]
    file = production.database.removeprefix("sqlite:///")
    museum.write(
        "docroot/sites/default/settings.php",
        f"<?php\n$databases['default']['default'] = array('driver' => 'sqlite', 'database' => '{file}');\n"
        "$conf['site_slogan'] = 'Ours';\n",
    )
    manifest = museum.read("drupalsync.yml").replace(f"database: {production.database}", "root: docroot")
    museum.write("drupalsync.yml", manifest)
    production.click(slogan("By hand"))
    production.click("DELETE FROM variable WHERE name = 'site_name'")

    document = found(production)

    assert [change["address"] for change in document["drift"]] == ["variable:site_name"]
    assert document["summary"]["unchanged"] == whole - 2


def test_a_secret_that_changed_is_not_shown(museum: Project, production: Project) -> None:
    production.click("UPDATE variable SET value = 's:7:\"hunter2\";' WHERE name = 'smtp_password'")

    said = production.run("verify", exits=3).stdout

    assert "  ~ variable:smtp_password   config/variables/smtp.yml\n      value  (a secret in it, changed)\n" in said
    assert "hunter2" not in said + production.run("verify", "--format", "json", exits=3).stdout


def test_a_secret_of_a_link_that_moved_is_not_shown(museum: Project, production: Project) -> None:
    production.click(MOVED)
    options = 'a:1:{s:5:"query";a:1:{s:9:"api_token";s:7:"hunter2";}}'
    production.click(f"UPDATE menu_links SET options = '{options}' WHERE link_title = 'Press'")

    said = production.run("verify", exits=3).stdout

    assert "options.query.api_token  (nothing) → (secret)" in said
    assert "hunter2" not in said + production.run("verify", "--format", "json", exits=3).stdout


def test_a_selection_compares_only_that(museum: Project, production: Project) -> None:
    production.click(slogan("By hand"))
    production.click("DELETE FROM variable WHERE name = 'site_name'")

    production.run("verify", "menu_link")
    assert [change["address"] for change in found(production, "variable:site_na*")["drift"]] == ["variable:site_name"]
    assert "did you mean variable:site_name?" in production.run("verify", "variable:site_nam", exits=64).stderr


def test_a_site_without_a_release_says_so(museum: Project, golden: Check) -> None:
    with untouched(museum):
        said = museum.run("verify", exits=1)

    golden(said.transcript, "end_to_end/a-verification-before-the-first-release.txt")


def test_steps_that_a_release_left_are_told(museum: Project, production: Project) -> None:
    production.click("UPDATE drupalsync_step SET done = 0")

    said = production.run("verify").stdout

    assert re.search(
        r"note: a release left \d+ steps? unfinished \(caches, hooks\); the next import does them first", said
    )


def test_it_waits_for_no_lock(museum: Project, production: Project) -> None:
    from drupalsync.apply import lock
    from drupalsync.apply.project import open_project

    project = open_project("prod", start=museum.root, environ={})
    with project.site() as site:
        lock.take(site, 0, "drupalsync import", {})
        try:
            production.run("verify")
        finally:
            site.db.release_lock()
