"""Categories of the contact form."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.kinds import Item
from drupalsync.kinds.contact_category import KIND
from drupalsync.kinds.fields import FieldProblem
from support.small_site import as_file, change, item, live, message, put, run_on, small_site, take_away, told

ROWS = """
INSERT INTO contact (category, recipients, reply, weight, selected) VALUES
  ('Website feedback', 'a@example.org', '', 0, 1), ('By hand', 'x@example.org', '', 3, 0);
"""


def category(key: str, **fields: Any) -> Item:
    return item("contact_category", key, **{"recipients": "b@example.org", **fields})


def test_another_category_that_the_form_begins_with_is_told_and_left_alone(tmp_path: Path) -> None:
    """Drupal's form takes it from the others; here they are in no plan, and no rollback would bring it back."""
    site = small_site(tmp_path, ROWS)
    ctx = run_on(site)
    wanted = category("Sales/Support", selected=True, reply="Thanks\r\nBye", weight=2)
    assert told(ctx, wanted) == []
    assert ctx.notes == [
        "the contact form begins with contact_category:Website feedback, too: only one of them can count"
    ]
    put(ctx, wanted)
    assert site.rows("SELECT cid, category, recipients, reply, weight, selected FROM {contact} ORDER BY cid") == [
        (1, "Website feedback", "a@example.org", "", 0, 1),
        (2, "By hand", "x@example.org", "", 3, 0),
        (3, "Sales/Support", "b@example.org", "Thanks\r\nBye", 2, 1),
    ]


def test_one_that_the_tree_takes_it_from_is_not_told(tmp_path: Path) -> None:
    ctx = run_on(small_site(tmp_path, ROWS))
    assert told(ctx, category("Sales", selected=True), category("Website feedback", selected=False)) == []
    assert ctx.notes == []


def test_one_that_stays_selected_takes_it_from_nobody(tmp_path: Path) -> None:
    site = small_site(tmp_path, ROWS + "UPDATE contact SET selected = 1;")  # as no form leaves it
    put(run_on(site), category("Website feedback", selected=True))
    assert site.rows("SELECT selected FROM {contact}") == [(1,), (1,)]


def test_a_category_that_gets_another_name_keeps_its_row(tmp_path: Path) -> None:
    site = small_site(tmp_path, ROWS)
    ctx = run_on(site)
    change(ctx, live(ctx, "contact_category")["By hand"], category("By mouth"))
    assert site.rows("SELECT cid, category, recipients FROM {contact} WHERE cid = 2") == [
        (2, "By mouth", "b@example.org")
    ]


def test_a_category_goes_with_nothing_else(tmp_path: Path) -> None:
    site = small_site(tmp_path, ROWS)
    assert take_away(run_on(site), "contact_category", "By hand") == []
    assert site.rows("SELECT category FROM {contact}") == [("Website feedback",)]


def test_its_file() -> None:
    assert as_file(category("Sales", selected=True)) == (
        "contact_category: Sales\nrecipients: b@example.org\nselected: true\n"
    )


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        pytest.param(
            category("A", recipients="a@example.org; b@example.org"),
            message(
                "'a@example.org; b@example.org' is no mail address",
                "contact_category.yml recipients",
                "recipients: an address, or several by commas",
            ),
            id="semicolon",
        ),
        pytest.param(
            category("A", recipients="a@example.org,"),
            message(
                "'' is no mail address",
                "contact_category.yml recipients",
                "recipients: an address, or several by commas",
            ),
            id="a comma too many",
        ),
        pytest.param(
            category("x" * 256),
            message(
                "category has 256 characters; there is room for 255",
                "contact_category.yml contact_category",
                "shorten it",
            ),
            id="long",
        ),
        pytest.param(
            category("A", extra={"colour": "red"}),
            message(
                "{contact} has no column colour on this site",
                "contact_category.yml extra",
                "switch on the module that adds it, or take it out",
            ),
            id="column",
        ),
    ],
)
def test_what_cannot_be_a_category(tmp_path: Path, wanted: Item, problem: str) -> None:
    assert told(run_on(small_site(tmp_path)), wanted) == [problem]


def test_one_that_writes_to_nobody_is_told(tmp_path: Path) -> None:
    """Drupal's installation leaves such a one where the site has no mail address yet: a tree of that site has it, too."""
    ctx = run_on(small_site(tmp_path))
    assert told(ctx, category("A", recipients=" ")) == []
    assert ctx.notes == ["contact_category:A writes to nobody: recipients: an address, or several by commas"]


def test_two_that_the_tree_wants_selected_are_as_a_site_has_them(tmp_path: Path) -> None:
    """No form leaves that, but a site may have it, and then the tree has it, too."""
    site = small_site(tmp_path, ROWS + "UPDATE contact SET selected = 1;")
    one, two = category("Website feedback", selected=True), category("Press", selected=True)
    assert told(run_on(site, one, two), two, one) == []
    put(run_on(site, one, two), two)
    assert site.rows("SELECT category FROM {contact} WHERE selected = 1 ORDER BY cid") == [
        ("Website feedback",),
        ("By hand",),
        ("Press",),
    ]


def test_without_its_module_there_is_no_form(tmp_path: Path) -> None:
    ctx = run_on(small_site(tmp_path, ROWS, off="contact"))
    assert live(ctx, "contact_category") == {}
    assert told(ctx, category("A")) == [
        message("contact_category:A needs the module contact, which is off", "contact_category.yml", "drush en contact")
    ]


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            {"contact_category": "A"},
            message("the field 'recipients' is missing", "", "recipients: Addresses, by commas."),
        ),
        (
            {"contact_category": "A", "recipients": "a@b.c", "selected": 1},
            message("this must be true or false, not the number 1", "selected", "write true or false, without quotes"),
        ),
        (
            {"contact_category": "A", "recipients": "a@b.c", "weight": "2"},
            message("this must be a whole number, not a text", "weight", "write the number without quotes"),
        ),
        (
            {"contact_category": "A", "recipients": "a@b.c", "repply": ""},
            message("unknown field 'repply'", "repply", "did you mean 'reply'?"),
        ),
        (
            {"recipients": "a@b.c"},
            message("the file does not say which contact_category it is", "", "begin with `contact_category: KEY`"),
        ),
    ],
    ids=["missing", "flag", "weight", "unknown", "which"],
)
def test_what_its_file_cannot_say(document: Any, problem: str) -> None:
    with pytest.raises(FieldProblem) as caught:
        list(KIND.load("x.yml", document))
    assert str(caught.value) == problem.replace("\n  where: \n", "\n")
