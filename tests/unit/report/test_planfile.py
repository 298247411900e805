"""A plan in a file: read back it is what was written, and what is no plan is said to be none, whatever it is."""

from __future__ import annotations

import copy
import json
import os
import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drupalsync.errors import DrupalsyncError
from drupalsync.php import PhpObject
from drupalsync.plan import Policy
from drupalsync.report.banner import age, banner
from drupalsync.report.document import plan_id
from drupalsync.report.planfile import (
    BrokenPlan,
    PlanInTree,
    check_place,
    check_unedited,
    created,
    keep,
    next_to,
    read_plan,
)
from drupalsync.report.style import Style
from support.plans import body, link, page, planned, secret, shown, variable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from support.cli import Project

NOW: Final = 1_700_000_000
OLD: Final = [
    variable("x", PhpObject("A", {"b": [1]})),
    secret("key", "a"),
    link("main-menu/a"),
    page("b", fields=body("x")),
]
NEW: Final = [variable("x", {"c": 1.5}), secret("key", "b"), link("footer/a"), page("b", fields=body("y"))]
PLAN: Final = planned(live=OLD, desired=NEW, base=OLD)
STOPPED: Final = planned(live=[variable("x", 3), *OLD[1:]], desired=NEW, base=OLD, policy=Policy())
EVIL: Final = "a\x1b[2J\u202eb\ud800\n"


def written(tmp_path: Path, plan: Any) -> Path:
    file = tmp_path / "x.plan"
    file.write_text(plan if isinstance(plan, str) else json.dumps(plan))
    return file


@pytest.mark.parametrize("plan", [PLAN, STOPPED, planned()], ids=["a plan", "one that is stopped", "an idle one"])
def test_a_plan_survives_its_file(tmp_path: Path, plan: Any) -> None:
    kept = keep(plan, tmp_path / "x.plan", NOW)

    assert read_plan(tmp_path / "x.plan") == kept == {**plan, "created": "2023-11-14T22:13:20Z"}
    assert created(kept) == datetime.fromtimestamp(NOW, UTC)
    check_unedited(kept, tmp_path / "x.plan")


def test_it_is_its_owners_alone_also_in_the_place_of_a_file_that_everybody_could_read(tmp_path: Path) -> None:
    file = written(tmp_path, "old")
    file.chmod(0o644)

    keep(PLAN, file, NOW)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_text_that_no_encoding_has_is_kept_by_its_number(tmp_path: Path) -> None:
    plan = planned(desired=[variable("x", EVIL)])
    keep(plan, tmp_path / "x.plan", NOW)
    assert read_plan(tmp_path / "x.plan")["changes"] == plan["changes"]
    assert not {"\x1b", "\u202e"} & set((tmp_path / "x.plan").read_text())


def test_the_next_plan_beside_one_has_the_next_free_number(tmp_path: Path) -> None:
    assert next_to(tmp_path / "release.plan").name == "release.2.plan"
    (tmp_path / "release.2.plan").touch()
    assert next_to(tmp_path / "release.plan").name == "release.3.plan"
    assert next_to(tmp_path / "release.2.plan").name == "release.3.plan"
    assert next_to(tmp_path / "plan").name == "plan.2"


def test_no_plan_lies_in_the_tree_not_even_through_a_link(tmp_path: Path) -> None:
    config = tmp_path / "config"
    config.mkdir()
    (tmp_path / "link").symlink_to(config)
    for inside in (config / "x", config / "a" / "b", tmp_path / "link" / "x"):
        with pytest.raises(PlanInTree):
            check_place(inside, config)
    check_place(tmp_path / "configuration", config)


HOSTILE: Final = [
    pytest.param("", "is not JSON", id="an empty file"),
    pytest.param("{", "is not JSON", id="half of one"),
    pytest.param("plan: yes\n", "is not JSON", id="YAML"),
    pytest.param("[" * 100_000, "is not JSON", id="nested without end"),
    pytest.param('{"x": NaN}', "is not JSON", id="a number that is none"),
    pytest.param('{"x": ' + "9" * 5000 + "}", "is not JSON", id="a number without end"),
    pytest.param("[]", "JSON, but no plan", id="a list"),
    pytest.param("{}", "JSON, but no plan", id="a map"),
    pytest.param('{"format_version": 1.0}', "is not the plan of a drupalsync", id="a version that is a number"),
    pytest.param('{"format_version": "1.1\\n"}', "JSON, but no plan", id="a version with a line break"),
    pytest.param('{"format_version": "0.9"}', "JSON, but no plan", id="a version before the first"),
    pytest.param('{"format_version": "2.0"}', "made by a newer drupalsync", id="the next major version"),
    pytest.param(
        '{"format_version": "2.0", "drupalsync_version": "3.1"}', "newer drupalsync, 3.1", id="that says which"
    ),
    pytest.param({**PLAN, "changes": {}}, "is not the plan of a drupalsync", id="another shape"),
    pytest.param({**PLAN, "created": "2026-99-99T00:00:00Z"}, "no such moment", id="a moment that there is not"),
    pytest.param({**PLAN, "site": None}, "is not the plan of a drupalsync", id="no site"),
]


@pytest.mark.parametrize(("text", "told"), HOSTILE)
def test_what_is_no_plan_is_said_to_be_none(tmp_path: Path, text: Any, told: str) -> None:
    with pytest.raises(BrokenPlan, match=told) as caught:
        read_plan(written(tmp_path, text))
    assert str(tmp_path) in caught.value.where
    assert caught.value.exit_code == 1


def test_bytes_that_are_no_text_a_folder_and_a_file_that_is_not_there_are_no_plans(tmp_path: Path) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe{}")
    for name, told in (("bytes", "is not JSON"), (".", "cannot be read"), ("missing", "cannot be read")):
        with pytest.raises(BrokenPlan, match=told):
            read_plan(tmp_path / name)


def test_a_file_without_end_is_not_read_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("drupalsync.report.planfile.MOST", 2**20)
    file = tmp_path / "huge"
    file.touch()
    os.truncate(file, 2**40)

    with pytest.raises(BrokenPlan, match="larger than any plan"):
        read_plan(file)


def test_a_plan_of_a_later_format_is_read_without_what_is_not_known_of_it(tmp_path: Path) -> None:
    later = copy.deepcopy(PLAN)
    later |= {"format_version": "1.7", "mood": "good"}
    later["changes"][0]["mood"] = "good"
    assert shown(read_plan(written(tmp_path, later))) == shown(PLAN)

    later["changes"][0]["actions"] = ["burn"]
    with pytest.raises(BrokenPlan) as caught:
        read_plan(written(tmp_path, later))
    assert "a newer drupalsync made it: update this one" in caught.value.hint


def test_a_plan_of_the_first_format_is_read_as_one_of_today(tmp_path: Path) -> None:
    early = copy.deepcopy(PLAN)
    early["format_version"] = "1.0"
    for name in ("schema", "plan_id", "policy", "selectors", "limits", "ignored", "command", "undoes", "undo"):
        del early[name]
    for name in ("identity", "drupal", "fingerprint_key"):
        del early["site"][name]
    for name in ("dirty", "digest", "overlay"):
        del early["tree"][name]
    del early["summary"]["ignored"]
    for change in early["changes"]:
        for name in ("because", "alike", "live_fingerprint", "desired_fingerprint", "undo"):
            del change[name]
        for field in change["fields"]:
            del field["side"], field["because"]

    found = read_plan(written(tmp_path, early))

    undo = "Undo: partial: a plan of this format does not say.\n"
    assert undo in shown(found)
    assert shown(found).replace(undo, "Undo: complete.\n") == shown(PLAN)
    assert found["plan_id"] == plan_id(found)
    for broken in ({**early, "changes": 3}, {**early, "site": []}, {**early, "changes": [{"fields": [0]}, 1]}):
        with pytest.raises(BrokenPlan):
            read_plan(written(tmp_path, broken))


@pytest.mark.parametrize(
    ("name", "value"),
    [("environment", "dev"), ("selectors", ["variable"]), ("policy", {**PLAN["policy"], "prune": True}), ("forgotten", ["a:b"])],
)  # fmt: skip
def test_an_edited_plan_is_told_from_one_that_was_not(tmp_path: Path, name: str, value: object) -> None:
    with pytest.raises(BrokenPlan, match="edited"):
        check_unedited({**PLAN, name: value}, tmp_path)


JUNK: Final = st.sampled_from(
    [None, True, 0, -1, 10**30, "", EVIL, "create", "rename", [], ["x"], {}, {"$secret": True}, {"$object": "A"}, {"$x": 1},
     {"a": 1, "$object": "B"}]
)  # fmt: skip


@given(st.data())
def test_whatever_a_file_holds_it_is_shown_or_refused_in_words(tmp_path_factory: Any, data: st.DataObject) -> None:
    plan = copy.deepcopy(data.draw(st.sampled_from([PLAN, STOPPED])))
    for _ in range(data.draw(st.integers(1, 3))):
        *above, last = data.draw(st.sampled_from(list(_paths(plan))))
        spot: Any = plan
        for step in above:
            spot = spot[step]
        spot[last] = copy.deepcopy(data.draw(JUNK))
    file = written(tmp_path_factory.getbasetemp(), plan)

    try:
        text = shown(read_plan(file)) + banner(read_plan(file), datetime.now(UTC), Style())
    except DrupalsyncError:
        return
    assert not {"\x1b", "\u202e", "\ud800"} & set(text)


@pytest.mark.parametrize("depth", [200, 280])
def test_a_value_that_is_nested_deep_is_shown_all_the_same(tmp_path: Path, depth: int) -> None:
    deep: Any = "x"
    for _ in range(depth):
        deep = {"a": deep}
    plan = copy.deepcopy(planned(desired=[variable("x", 1)]))
    plan["changes"][0]["fields"][0]["desired"] = deep

    assert "variable:x" in shown(read_plan(written(tmp_path, plan)))


AGES: Final = [
    (-90, "by a clock that is ahead of this one"),
    (5, "just now"),
    (600, "10 min ago"),
    (7300, "2 h ago"),
    (10**6, "11 days ago"),
]


@pytest.mark.parametrize(("seconds", "words"), AGES)
def test_how_old_a_plan_is_is_said_in_the_unit_that_fits(seconds: int, words: str) -> None:
    made = datetime.fromtimestamp(NOW, UTC)
    assert age(made, made + timedelta(seconds=seconds)) == words


def test_the_banner_says_which_plan_it_is_and_what_it_is_good_for() -> None:
    plan = {**STOPPED, "created": "2023-11-14T22:13:20Z"}
    told = banner(plan, datetime.fromtimestamp(NOW + 7200, UTC), Style())
    assert told == (
        f"plan {plan['plan_id']}, made 2 h ago (2023-11-14 22:13 UTC) for prod by drupalsync {plan['drupalsync_version']}\n"
        "for review only: something stops it, and --plan would refuse it\n"
    )
    assert banner(PLAN, datetime.now(UTC), Style()).startswith(f"plan {PLAN['plan_id']} for prod by drupalsync ")


def test_a_plan_is_shown_without_a_project(tiny: Project, tmp_path: Path) -> None:
    keep(PLAN, tmp_path / "x.plan", NOW)
    (tiny.root / "drupalsync.yml").unlink()

    assert tiny.run("show", str(tmp_path / "x.plan")).stdout.endswith(shown(PLAN))


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield (*path, step)
        yield from _paths(member, (*path, step))
