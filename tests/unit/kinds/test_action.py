"""Actions that somebody configured, and the triggers that have them done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.errors import Problems
from drupalsync.kinds import Item
from drupalsync.kinds.action import KIND
from drupalsync.kinds.trigger_assignment import KIND as ASSIGNMENT
from drupalsync.php import decode, encode
from drupalsync.plan import moves
from drupalsync.site import Site, as_bytes
from support.small_site import (
    as_file,
    change,
    item,
    live,
    message,
    put,
    refused,
    rename,
    run_on,
    small_site,
    take_away,
    told,
)

GOTO = "system_goto_action"
SINGLE = "INSERT INTO actions VALUES ('node_publish_action', 'node', 'node_publish_action', '', 'Publish content');"


def action(label: str = "Back to the start", **fields: Any) -> Item:
    return item("action", f"{GOTO}/{label}", **{"type": "system", "parameters": {"url": "node"}, **fields})


def assignment(hook: str, key: str, weight: int = 1) -> Item:
    return item("trigger_assignment", f"{hook}/{key}", weight=weight)


def actions(site: Site) -> list[tuple[Any, ...]]:
    sql = "SELECT aid, type, callback, parameters, label FROM {actions} ORDER BY aid"
    return [(*row[:3], decode(as_bytes(row[3])) if row[3] else None, row[4]) for row in site.rows(sql)]


def test_a_new_action_gets_the_next_number_of_all(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), action(), action("Mail/author"))
    assert actions(site) == [
        ("8", "system", GOTO, {"url": "node"}, "Back to the start"),
        ("9", "system", GOTO, {"url": "node"}, "Mail/author"),
    ]
    assert site.rows("SELECT value FROM {sequences}") == [(9,)]


def test_a_number_that_an_action_has_is_passed_over(tmp_path: Path) -> None:
    """actions_save() merges: Drupal itself would write over that action."""
    site = small_site(
        tmp_path, "DELETE FROM sequences; INSERT INTO actions VALUES ('12', 'system', 'f', 'a:0:{}', 'L');"
    )
    put(run_on(site), action())
    assert site.rows("SELECT aid FROM {actions} ORDER BY aid") == [("12",), ("13",)]
    assert site.rows("SELECT value FROM {sequences}") == [(13,)]


def test_actions_without_parameters_are_no_items_and_may_be_assigned(tmp_path: Path) -> None:
    site = small_site(tmp_path, SINGLE)
    assert live(run_on(site), "action") == {}
    put(run_on(site), assignment("node_insert", "node_publish_action", 2))
    assert site.rows("SELECT * FROM {trigger_assignments}") == [("node_insert", "node_publish_action", 2)]


def test_an_action_and_its_assignment_are_made_together(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    one = action('100% "x" / y')
    put(run_on(site), one, assignment("cron", one.key))
    assert site.rows("SELECT * FROM {trigger_assignments}") == [("cron", "8", 1)]
    assert list(live(run_on(site), "trigger_assignment")) == [f"cron/{one.key}"]


def test_a_user_in_the_parameters_is_a_name_in_the_tree(tmp_path: Path) -> None:
    row = encode({"owner_uid": "7"}).decode()
    site = small_site(
        tmp_path, f"INSERT INTO actions VALUES ('8', 'node', 'node_assign_owner_action', '{row}', 'To Anna');"
    )
    found = live(run_on(site), "action")["node_assign_owner_action/To Anna"]
    assert as_file(found) == (
        "action: node_assign_owner_action/To Anna\ntype: node\nparameters:\n  owner_uid: user:anna\n"
    )
    (tmp_path / "b").mkdir()
    other = small_site(tmp_path / "b", "UPDATE users SET uid = 40 WHERE name = 'anna';")
    put(run_on(other), item("action", found.key, **found.fields))
    assert actions(other)[0][3] == {"owner_uid": "40"}


def test_a_renamed_action_takes_its_assignments_along(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), action(), assignment("cron", action().key, 3))
    ctx = run_on(site)
    before = live(ctx, "trigger_assignment")[f"cron/{action().key}"]
    rename(ctx, "action", action().key, f"{GOTO}/Home")
    change(ctx, before, assignment("cron", f"{GOTO}/Home", 4))
    assert site.rows("SELECT * FROM {trigger_assignments}") == [("cron", "8", 4)]
    assert list(live(ctx, "trigger_assignment")) == [f"cron/{GOTO}/Home"]


def test_the_plan_knows_that_an_assignment_moves_along() -> None:
    kinds = {"action": KIND, "trigger_assignment": ASSIGNMENT}
    vanished = [action("Old"), assignment("cron", f"{GOTO}/Old"), assignment("cron", f"{GOTO}/Other")]
    appeared = [action("New"), assignment("cron", f"{GOTO}/New"), assignment("user_login", f"{GOTO}/New")]
    assert moves(kinds, vanished, appeared) == {
        f"action:{GOTO}/New": f"action:{GOTO}/Old",
        f"trigger_assignment:cron/{GOTO}/New": f"trigger_assignment:cron/{GOTO}/Old",
    }


def test_an_assignment_itself_gets_no_other_name(tmp_path: Path) -> None:
    site = small_site(tmp_path, SINGLE)
    put(run_on(site), action(), assignment("cron", action().key))
    ctx = run_on(site)
    with pytest.raises(Exception, match="cannot become cron/node_publish_action: it is known by its name elsewhere"):
        change(ctx, live(ctx, "trigger_assignment")[f"cron/{action().key}"], assignment("cron", "node_publish_action"))


def test_with_an_action_go_its_assignments(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), action(), action("Other"), assignment("cron", action().key), assignment("cron", f"{GOTO}/Other"))
    assert take_away(run_on(site), "action", action().key) == []
    assert site.rows("SELECT * FROM {trigger_assignments}") == [("cron", "9", 1)]


def test_an_action_does_not_go_while_the_tree_assigns_it(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), action(), assignment("cron", action().key))
    with pytest.raises(Problems) as caught:
        take_away(run_on(site, assignment("cron", action().key)), "action", action().key)
    assert refused(caught.value) == [
        message(
            "action:system_goto_action/Back to the start cannot go: "
            "trigger_assignment:cron/system_goto_action/Back to the start needs it",
            "trigger_assignment.yml",
            "delete this file, too, or put the other back",
        )
    ]


def test_two_actions_that_only_a_number_tells_apart_are_left_to_the_site(tmp_path: Path) -> None:
    rows = "".join(f"INSERT INTO actions VALUES ('{aid}', 'system', 'f', 'a:0:{{}}', 'Same');" for aid in (3, 4))
    ctx = run_on(small_site(tmp_path, rows + "INSERT INTO trigger_assignments VALUES ('cron', '3', 1);"))
    assert live(ctx, "action") == live(ctx, "trigger_assignment") == {}
    assert ctx.notes == ["action:f/Same is 2 rows of actions: none of them is exported or written"]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        pytest.param(
            item("action", "node_publish_action", type="node"),
            message("'node_publish_action' is no key of a action", "action.yml", "its parts are callback/label"),
            id="without a label",
        ),
        pytest.param(
            item("action", "f/", type="node"),
            message(
                "action:f/ has no label; actions without parameters are not kept in the tree",
                "action.yml",
                "action: FUNCTION/LABEL",
            ),
            id="an empty label",
        ),
        pytest.param(
            item("action", "rm -rf/x", type="node"),
            message("'rm -rf' is no function of PHP", "action.yml", "action: FUNCTION/LABEL, as an export writes it"),
            id="no function",
        ),
        pytest.param(
            action(parameters="node"),
            message("the parameters of an action are a mapping", "action.yml parameters", "parameters: {url: node}"),
            id="parameters",
        ),
        pytest.param(
            action(parameters={"url": "node/12"}),
            message(
                "the path node/12 names a row by its id, which is another one on every site",
                "action.yml parameters",
                "write the reference: node:missing/12",
            ),
            id="a local id",
        ),
        pytest.param(
            action(parameters={"owner_uid": "user:nobody"}),
            message(
                "user:nobody is neither in the tree nor on this site",
                "action.yml parameters",
                "create it on the site, correct the name, or remove the reference",
            ),
            id="no such user",
        ),
        pytest.param(
            action("x" * 256),
            message("label has 256 characters; there is room for 255", "action.yml action", "shorten it"),
            id="long",
        ),
        pytest.param(
            assignment("cron", f"{GOTO}/Gone"),
            message(
                "action:system_goto_action/Gone is neither in the tree nor on this site",
                "trigger_assignment.yml",
                "create it on the site, correct the name, or remove the reference",
            ),
            id="no such action",
        ),
        pytest.param(
            assignment("", "node_publish_action"),
            message(
                "trigger_assignment:/node_publish_action names no hook",
                "trigger_assignment.yml",
                "trigger_assignment: HOOK/ACTION",
            ),
            id="no hook",
        ),
        pytest.param(
            assignment("x" * 79, "node_publish_action"),
            message(
                "hook has 79 characters; there is room for 78",
                "trigger_assignment.yml trigger_assignment",
                "shorten it",
            ),
            id="long hook",
        ),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, wanted: Item, problem: str) -> None:
    assert told(run_on(small_site(tmp_path, SINGLE)), wanted) == [problem]
