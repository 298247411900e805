"""What is carried out is the plan that somebody saw, and nothing that was made since."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Final
from unittest import mock

import pytest

from drupalsync.apply.session import open_session
from drupalsync.cli import import_
from drupalsync.plan import OnDrift, Policy
from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project, Result

EXPLAINED: Final = "UPDATE variable SET value = 's:{}:\"{}\";' WHERE name = '{}'"


def _set(name: str, text: str) -> str:
    return EXPLAINED.format(len(text), text, name)


@pytest.fixture
def release(museum: Project, production: Project) -> Project:
    """Production, with a new name for the site and a moved link on their way, and a dry run that has shown them."""
    museum.click(_set("site_name", "Museum by day"))
    museum.click("UPDATE menu_links SET weight = 5 WHERE link_title = 'Press'")
    museum.run("export", "--commit")
    assert "2 to update" in production.run("import", "--dry-run").stdout
    return production


def _import_while(project: Project, click: str, *options: str, exits: int = 3) -> Result:
    """An import during whose question somebody else clicks, before the answer is yes."""

    def agreed(changes: int, *, yes: bool) -> bool:
        del changes, yes
        project.click(click)
        return True

    with mock.patch.object(import_, "agreed", agreed):
        return project.run("import", *options, exits=exits)


@pytest.mark.parametrize(
    ("click", "options", "named"),
    [
        pytest.param(_set("site_name", "By night"), [], "variable:site_name", id="what is to be written"),
        pytest.param(
            _set("site_name", "By night"), ["--on-drift", "keep"], "variable:site_name", id="a conflict to be kept"
        ),
        pytest.param(
            _set("site_name", "By night"), ["--on-drift", "overwrite"], "variable:site_name", id="to be overwritten"
        ),
        pytest.param(_set("site_name", "Museum by day"), [], "variable:site_name", id="the same edit by hand"),
        pytest.param(
            _set("site_slogan", "Ahoy"), ["--on-drift", "overwrite"], "variable:site_slogan", id="more to overwrite"
        ),
        pytest.param(_set("site_slogan", "Ahoy"), [], "variable:site_slogan", id="what the plan does not touch"),
        pytest.param(
            "DELETE FROM menu_links WHERE link_title = 'Press'", [], "menu_link:menu-footer/press", id="a deleted row"
        ),
    ],
)
def test_a_hand_edit_while_the_question_stands_stops_the_import(
    release: Project, click: str, options: list[str], named: str
) -> None:
    said = _import_while(release, click, *options)

    assert f"{named} is no longer what the plan saw; nothing was written" in said.stderr
    assert release.rows("SELECT id FROM drupalsync_release") == [(1,)]
    assert release.one("SELECT count(*) FROM variable WHERE value = 's:13:\"Museum by day\";'") == int(
        "by day" in click
    )
    assert release.one("SELECT count(*) FROM menu_links WHERE link_title = 'Press' AND weight = 5") == 0


def test_a_hand_edit_after_the_dry_run_makes_another_plan(release: Project) -> None:
    release.click(_set("site_name", "By night"))

    with untouched(release):
        said = release.run("import", "--yes", exits=3)

    assert "By night" in said.stdout


def test_the_question_shows_what_is_there_now_and_not_what_a_dry_run_remembers(release: Project) -> None:
    release.click(_set("site_slogan", "Ahoy"))

    said = release.run("import", "--on-drift", "overwrite", "--yes")

    assert "Ahoy" in said.stdout
    assert "3 to update" in said.stdout


def test_an_edit_of_what_the_plan_does_not_touch_is_left_as_it_is_where_that_was_asked_for(release: Project) -> None:
    _import_while(release, _set("site_slogan", "Ahoy"), "--on-drift", "keep", exits=0)

    assert release.one("SELECT value FROM variable WHERE name = 'site_slogan'") == 's:4:"Ahoy";'
    assert release.one("SELECT value FROM variable WHERE name = 'site_name'") == 's:13:"Museum by day";'
    assert "variable:site_slogan" in release.run("import", "--yes", exits=3).stdout  # it is no edit of ours


def test_a_plan_that_something_stops_is_never_carried_out(release: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    release.click(_set("site_name", "By night"))
    for name, value in release.environ().items():
        monkeypatch.setenv(name, value)
    policy = Policy(adopt=False, prune=False, on_drift=OnDrift.FAIL)

    with untouched(release), contextlib.chdir(release.root), open_session(None, [], None) as session:
        looked = session.look(policy)
        assert looked.plan.blocked
        with session.locked(0), pytest.raises(ValueError, match="stops"):
            session.carry_out(policy, looked, lambda _: None)


def test_what_both_sides_lost_is_only_forgotten_with_a_yes(museum: Project, production: Project) -> None:
    for project in (museum, production):
        project.click("DELETE FROM variable WHERE name = 'site_slogan'")
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", exits=1)

    assert "give --yes to write" in said.stderr
    assert "1 forgotten" in production.run("import", "--yes").stdout
    with untouched(production):
        assert production.run("import").stdout.endswith("Nothing to do.\n")


def test_what_both_sides_lost_is_not_forgotten_where_somebody_says_no(museum: Project, production: Project) -> None:
    for project in (museum, production):
        project.click("DELETE FROM variable WHERE name = 'site_slogan'")
    museum.run("export", "--commit")
    asked: list[int] = []

    def refuse(changes: int, *, yes: bool) -> bool:
        del yes
        asked.append(changes)
        return False

    with untouched(production), mock.patch.object(import_, "agreed", refuse):
        production.run("import", exits=1)

    assert asked == [1]
