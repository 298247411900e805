"""`diff --rev A..B`: what changes from one revision of the tree to another, without any site."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from jsonschema import Draft202012Validator

from drupalsync.report.schemas import schema_for
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

SITE: Final = "config/variables/site.yml"
MENU: Final = "config/menus/main-menu.yml"
NOTICE: Final = "config/blocks/custom/footer-notice.yml"


@pytest.fixture
def offline(museum: Project) -> Project:
    """The museum's project where no site can be reached: no files, and a password whose variable is not set."""
    for name in ("dev", "prod"):
        Path(museum.databases[name].removeprefix("sqlite:///")).unlink()
    museum.write(
        "drupalsync.yml", museum.read("drupalsync.yml").replace("nodes:", "    password: !env UNSET\nnodes:", 1)
    )
    museum.git("commit", "--quiet", "--all", "--message=A password")
    return museum


def edited(project: Project, file: str, *pairs: tuple[str, str]) -> None:
    """Commits a file in which texts are replaced."""
    text = project.read(file)
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new, 1)
    committed(project, file, text)


def committed(project: Project, file: str, text: str | None) -> None:
    """Commits a file with this text, or that it is gone."""
    if text is None:
        (project.root / file).unlink()
    else:
        project.write(file, text)
    project.git("add", "--all")
    project.git("commit", "--quiet", f"--message={file}")


def differing(project: Project, revisions: str, *more: str) -> Any:
    """The document of the comparison."""
    document = json.loads(project.run("diff", "--rev", revisions, "--format", "json", *more).stdout)
    assert [error.message for error in Draft202012Validator(schema_for("plan")).iter_errors(document)] == []
    return document


def addresses(document: Any) -> list[tuple[str, str]]:
    return [(change["actions"][0], change["address"]) for change in document["changes"]]


def test_every_kind_of_change_between_two_revisions(offline: Project, golden: Check) -> None:
    edited(offline, SITE, ("900 years by the water", "All aboard"))
    edited(
        offline,
        "config/variables/smtp.yml",
        ("smtp_password: !env {name: SMTP_PASSWORD, unset: keep}", "smtp_password: !env MAIL"),
    )
    edited(offline, MENU, ("  - key: exhibitions\n    title: Exhibitions", "  - key: exhibitions\n    title: Shows"))
    imprint = "  - key: imprint\n    title: Imprint\n    path: node:page/imprint\n"
    edited(offline, "config/menus/menu-footer.yml", (imprint, ""))
    edited(offline, MENU, ("links:\n", f"links:\n{imprint}"))
    committed(offline, NOTICE, None)
    committed(offline, "config/blocks/custom/tides.yml", "block: custom/tides\ninfo: Tides\nbody: |\n  High at noon.\n")
    committed(offline, "config/nodes/page/visit.yml", offline.read("config/nodes/page/visit.yml") + "protect: true\n")

    with untouched(offline):
        said = offline.run("diff", "--rev", "HEAD~8..", "--detailed-exitcode", exits=2)

    golden(said.transcript, "end_to_end/every-kind-of-change-between-two-revisions.txt")


def test_it_needs_no_site_and_no_password(offline: Project) -> None:
    edited(offline, SITE, ("900 years", "901 years"))
    offline.run("diff", "--rev", "HEAD", exits=1)

    assert addresses(differing(offline, "HEAD~1..HEAD")) == [("update", "variable:site_slogan")]
    assert addresses(differing(offline, "HEAD~1..", "--env", "prod")) == [("update", "variable:site_slogan")]


def test_an_end_that_is_left_out_is_head(offline: Project) -> None:
    edited(offline, SITE, ("900 years", "901 years"))
    forth, back = differing(offline, "HEAD~1.."), differing(offline, "..HEAD~1")

    (there,), (here,) = forth["changes"][0]["fields"], back["changes"][0]["fields"]
    assert (there["live"], there["desired"]) == (here["desired"], here["live"])
    assert forth["tree"]["before"] == back["tree"]["revision"] == offline.git("rev-parse", "HEAD~1").strip()
    assert (forth["site"]["database"], forth["site"]["last_release"]) == ("", None)


def test_three_dots_compare_with_where_the_two_parted(offline: Project) -> None:
    offline.git("checkout", "--quiet", "-b", "topic")
    edited(offline, SITE, ("900 years", "901 years"))
    offline.git("checkout", "--quiet", "main")
    edited(offline, MENU, ("title: Exhibitions", "title: Shows"))

    assert addresses(differing(offline, "main...topic")) == [("update", "variable:site_slogan")]
    assert len(differing(offline, "main..topic")["changes"]) == 2


def test_what_is_equal_says_so_and_exits_0(offline: Project) -> None:
    said = offline.run("diff", "--rev", "HEAD~1..HEAD", "--detailed-exitcode")

    assert re.search(r": 0 new, 0 changed, 0 moved, 0 gone; [1-9]\d+ unchanged\.\n\Z", said.stdout)


def test_a_link_that_moves_is_one_move_also_where_half_of_it_is_selected(offline: Project) -> None:
    imprint = "  - key: imprint\n    title: Imprint\n    path: node:page/imprint\n"
    edited(offline, "config/menus/menu-footer.yml", (imprint, ""))
    edited(offline, MENU, ("links:\n", f"links:\n{imprint}"))
    moved = "menu_link:main-menu/imprint"

    document = differing(offline, "HEAD~2..", moved)

    assert addresses(document) == [("move", moved)]
    assert document["changes"][0]["previous_address"] == "menu_link:menu-footer/imprint"


def test_moved_yml_tells_of_a_move(offline: Project) -> None:
    text = offline.read(NOTICE)
    offline.git("rm", "--quiet", NOTICE)
    offline.write("config/moved.yml", "moved:\n  - {from: 'block:custom/footer-notice', to: 'block:custom/notice'}\n")
    committed(
        offline,
        "config/blocks/custom/notice.yml",
        text.replace("custom/footer-notice", "custom/notice").replace("info: Footer", "info: Quay"),
    )

    assert ("move", "block:custom/notice") in addresses(differing(offline, "HEAD~1.."))


def test_what_may_be_a_rename_is_a_note_and_stops_nothing(offline: Project) -> None:
    text = offline.read(NOTICE)
    offline.git("rm", "--quiet", NOTICE)
    committed(
        offline,
        "config/blocks/custom/notice.yml",
        text.replace("custom/footer-notice", "custom/notice").replace("info: Footer", "info: Quay"),
    )

    document = differing(offline, "HEAD~1..")

    assert document["applyable"]
    assert addresses(document) == [("create", "block:custom/notice"), ("delete", "block:custom/footer-notice")]
    assert "under `moved:`  - {from: 'block:custom/footer-notice', to: 'block:custom/notice'}" in document["notes"][0]


def test_a_secret_in_clear_is_masked_at_either_end(offline: Project) -> None:
    smtp = "config/variables/smtp.yml"
    edited(offline, smtp, ("!env {name: SMTP_PASSWORD, unset: keep}", "hunter2"))
    edited(offline, smtp, ("smtp_password: hunter2", "smtp_password: hunter3"))
    edited(offline, smtp, ("smtp_password: hunter3", "smtp_password: !env {name: SMTP_PASSWORD, default: hunter4}"))
    for revisions, fields in (
        ("HEAD~3..HEAD~2", {"live": {"$env": "SMTP_PASSWORD"}, "desired": {"$secret": True}}),
        ("HEAD~2..HEAD~1", {"live": {"$secret": True}, "desired": {"$secret": True}}),
        ("HEAD~1..HEAD", {"live": {"$secret": True}, "desired": {"$env": "SMTP_PASSWORD"}}),
        ("HEAD~3..HEAD", {"live": {"$env": "SMTP_PASSWORD"}, "desired": {"$env": "SMTP_PASSWORD"}}),
    ):
        document = differing(offline, revisions)
        assert {name: document["changes"][0]["fields"][0][name] for name in fields} == fields
        said = offline.run("diff", "--rev", revisions)
        assert "hunter" not in json.dumps(document) + said.stdout + said.stderr


@pytest.mark.parametrize("revisions", ["HEAD~1..", "..HEAD~1"])
def test_a_secret_in_clear_that_goes_or_comes_is_masked(offline: Project, revisions: str) -> None:
    smtp = "config/variables/smtp.yml"
    edited(offline, smtp, ("!env {name: SMTP_PASSWORD, unset: keep}", "hunter2"))
    committed(offline, smtp, None)

    said = offline.run("diff", "--rev", revisions)

    assert "variable:smtp_password" in said.stdout
    assert "hunter2" not in said.stdout + json.dumps(differing(offline, revisions))


def test_equal_secrets_are_equal(offline: Project) -> None:
    edited(offline, "config/variables/smtp.yml", ("!env {name: SMTP_PASSWORD, unset: keep}", "hunter2"))
    edited(offline, SITE, ("900 years", "901 years"))

    assert addresses(differing(offline, "HEAD~1..")) == [("update", "variable:site_slogan")]


def test_the_environments_values_have_no_part_in_it(offline: Project) -> None:
    edited(offline, SITE, ("900 years by the water", "!env SLOGAN"))
    edited(offline, SITE, ("!env SLOGAN", "!env MOTTO"))

    said = offline.run("diff", "--rev", "HEAD~1..", env={"SLOGAN": "Ahoy", "MOTTO": "Ahoy"})
    first = offline.run("diff", "--rev", "HEAD~2..HEAD~1", env={"SLOGAN": "900 years by the water"})

    assert "value  !env SLOGAN → !env MOTTO" in said.stdout
    assert "value  (secret) → !env SLOGAN" in first.stdout


def test_selectors_and_exclude_narrow_it(offline: Project) -> None:
    edited(offline, SITE, ("900 years", "901 years"))
    edited(offline, MENU, ("title: Exhibitions", "title: Shows"))

    document = differing(offline, "HEAD~2..", "variable:site_*")
    assert addresses(document) == [("update", "variable:site_slogan")]
    assert document["in_sync"]["menu"] == 0
    committed(offline, "drupalsync.yml", offline.read("drupalsync.yml") + "exclude: ['variable:site_slogan']\n")
    assert addresses(differing(offline, "HEAD~3..")) == [("update", "menu_link:main-menu/exhibitions")]


@pytest.mark.parametrize("broken", ["HEAD~1", "HEAD"])
def test_a_tree_that_is_broken_at_one_end_is_named_by_its_revision(offline: Project, broken: str) -> None:
    text = offline.read(SITE)
    committed(offline, SITE, "site_name: [\n")
    if broken == "HEAD~1":
        committed(offline, SITE, text)
        whole = "HEAD~2..HEAD"
    else:
        whole = "HEAD~1..HEAD~1"

    said = offline.run("diff", "--rev", "HEAD~1..HEAD", exits=1)

    assert f"where: {broken}:{SITE}:" in said.stderr
    offline.run("diff", "--rev", whole)


def test_a_file_that_must_not_be_is_named_by_its_revision(offline: Project) -> None:
    committed(offline, "config/variables/more.yaml", "a: 1\n")

    said = offline.run("diff", "--rev", "HEAD~1..HEAD", exits=1)

    assert "where: HEAD:config/variables/more.yaml\n" in said.stderr


WRONG: Final = [
    pytest.param(["diff", "--rev", "HEAD..v1"], 1, id="an end of a comparison that git does not know"),
    pytest.param(["diff", "--rev", ".."], 64, id="a comparison without an end"),
    pytest.param(["diff", "--rev", "a..b..c"], 64, id="a comparison of three"),
    pytest.param(["diff", "--rev", "HEAD~1..", "--env", "prd"], 64, id="a comparison in an environment that there is not"),
    pytest.param(["diff", "--rev", "HEAD..", "variable:site_slogn"], 64, id="a comparison of what neither end has"),
    pytest.param(["import", "--rev", "HEAD~1..", "--dry-run"], 64, id="an import of two revisions"),
    pytest.param(["status", "--rev", "HEAD~1..HEAD"], 64, id="a status of two revisions"),
]  # fmt: skip


@pytest.mark.parametrize(("argv", "exits"), WRONG)
def test_a_comparison_that_cannot_be_says_why(
    museum: Project, golden: Check, request: pytest.FixtureRequest, argv: list[str], exits: int
) -> None:
    with untouched(museum):
        said = museum.run(*argv, exits=exits)

    assert said.stdout == ""
    name = request.node.callspec.id.replace(" ", "-")
    golden(said.transcript, f"end_to_end/{name}.txt")


@pytest.mark.parametrize("dots", ["..", "..."])
def test_a_shallow_clone_says_how_to_get_the_rest(offline: Project, tmp_path: Path, dots: str) -> None:
    first = offline.git("rev-parse", "HEAD").strip()
    edited(offline, SITE, ("900 years", "901 years"))
    offline.git("clone", "--quiet", "--depth=1", f"file://{offline.root}", str(tmp_path / "shallow"))
    shallow = offline.at("dev")
    shallow.root = tmp_path / "shallow"

    said = shallow.run("diff", "--rev", f"{first}{dots}HEAD", exits=1)

    assert "git fetch --unshallow" in said.stderr


def test_a_project_below_the_top_of_its_repository_is_compared_as_well(offline: Project, tmp_path: Path) -> None:
    below = tmp_path / "monorepo" / "sites" / "museum"
    below.parent.mkdir(parents=True)
    offline.root.rename(below)
    (below / ".git").rename(tmp_path / "monorepo" / ".git")
    offline.root = below
    offline.git("add", "--all", "--", "../..")
    offline.git("commit", "--quiet", "--message=Moved down")
    edited(offline, SITE, ("900 years", "901 years"))

    assert addresses(differing(offline, "HEAD~1..")) == [("update", "variable:site_slogan")]
