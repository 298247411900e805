"""Fields of user profiles, and what users wrote in them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.kinds import Item
from drupalsync.kinds.profile_field import ValuesInTheWay
from drupalsync.site import get_variable
from support.small_site import as_file, item, live, message, put, rename, run_on, small_site, take_away, told

ROWS = """
INSERT INTO profile_field (title, name, explanation, category, page, type, visibility, options) VALUES
  ('Colour', 'profile_colour', '', 'Personal', '', 'selection', 2, 'red\r\nblue'),
  ('Born', 'profile_born', '', 'Personal', '', 'date', 2, '');
INSERT INTO profile_value VALUES (1, 7, 'red'), (1, 1, 'blue'), (2, 7, '');
"""


def field(key: str = "profile_town", **fields: Any) -> Item:
    said = {"title": "Town", "category": "Personal", "type": "textfield", "visibility": 2, "options": "", "page": ""}
    return item("profile_field", key, **{**said, "explanation": "", **fields})


def test_a_new_field_is_the_row_that_its_form_makes(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), field(required=True, weight=-3))
    assert site.rows("SELECT * FROM {profile_field}") == [
        (1, "Town", "profile_town", "", "Personal", "", "textfield", -3, 1, 0, 2, 0, "")
    ]
    assert get_variable(site, "menu_rebuild_needed") is True


def test_null_and_empty_are_two(tmp_path: Path) -> None:
    site = small_site(
        tmp_path, "INSERT INTO profile_field (name, type, title, category) VALUES ('a', 'date', 'A', 'B');"
    )
    read = live(run_on(site), "profile_field")["a"]
    assert (read.fields["options"], read.fields["page"]) == (None, None)
    other = small_site(tmp_path.joinpath("b").mkdir() or tmp_path / "b")
    put(run_on(other), item("profile_field", "a", **read.fields))
    assert other.rows("SELECT * FROM {profile_field}") == site.rows("SELECT * FROM {profile_field}")


def test_its_file_holds_the_choices_as_a_block() -> None:
    text = as_file(field("profile_colour", type="selection", options="red\r\nblue"))
    assert text.endswith("options: !crlf |-\n  red\n  blue\n")


def test_a_field_that_gets_another_name_keeps_what_users_wrote(tmp_path: Path) -> None:
    site = small_site(tmp_path, ROWS)
    ctx = run_on(site)
    rename(ctx, "profile_field", "profile_colour", "profile_favourite")
    assert site.rows("SELECT fid, name FROM {profile_field} WHERE fid = 1") == [(1, "profile_favourite")]
    assert site.one("SELECT COUNT(*) FROM {profile_value} WHERE fid = 1") == (2,)


def test_a_field_in_which_users_wrote_does_not_go(tmp_path: Path) -> None:
    site = small_site(tmp_path, ROWS)
    with pytest.raises(ValuesInTheWay) as caught:
        take_away(run_on(site), "profile_field", "profile_colour")
    assert str(caught.value) == message(
        "profile_field:profile_colour cannot go: 2 users wrote something in it",
        "profile_field:profile_colour",
        "delete it on the site, where Drupal warns of that, and export; or hide it: visibility: 4",
    )


def test_one_that_all_left_empty_goes_with_its_values(tmp_path: Path) -> None:
    site = small_site(tmp_path, ROWS)
    assert take_away(run_on(site), "profile_field", "profile_born") == []
    assert site.rows("SELECT DISTINCT fid FROM {profile_value}") == [(1,)]


def test_a_field_in_which_users_wrote_gets_no_other_type(tmp_path: Path) -> None:
    ctx = run_on(small_site(tmp_path, ROWS))
    assert told(ctx, field("profile_colour", type="list")) == [
        message(
            "profile_field:profile_colour cannot become a list: 2 users wrote something in it as a selection",
            "profile_field.yml type",
            "make a new field",
        )
    ]
    assert told(ctx, field("profile_born", title="Born", type="list")) == []


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        pytest.param(
            field("profile town"),
            message(
                "'profile town' cannot be the name of a profile field", "profile_field.yml", "letters, digits, - and _"
            ),
            id="name",
        ),
        pytest.param(
            field("mail"),
            message(
                "the name mail is Drupal's own: users have a column of that name",
                "profile_field.yml",
                "call it profile_mail",
            ),
            id="reserved name",
        ),
        pytest.param(
            field(type="textfeld"),
            message("'textfeld' is no type of profile fields", "profile_field.yml type", "did you mean textfield?"),
            id="misspelt type",
        ),
        pytest.param(
            field(type="colour-picker"),
            message(
                "'colour-picker' is no type of profile fields",
                "profile_field.yml type",
                "one of: textfield, textarea, checkbox, selection, list, url, date",
            ),
            id="type",
        ),
        pytest.param(
            field(title=""),
            message("profile_field:profile_town has no title", "profile_field.yml title", "title: …"),
            id="title",
        ),
        pytest.param(
            field(category=None),
            message("profile_field:profile_town has no category", "profile_field.yml category", "category: …"),
            id="category",
        ),
        pytest.param(
            field(category="Account"),
            message("the category Account is Drupal's own", "profile_field.yml category", "choose another"),
            id="reserved category",
        ),
        pytest.param(
            field(visibility=4, required=True),
            message(
                "a hidden field cannot be required, nor on the registration form",
                "profile_field.yml required",
                "required: false, or another visibility",
            ),
            id="hidden and required",
        ),
        pytest.param(
            field("x" * 129),
            message("name has 129 characters; there is room for 128", "profile_field.yml profile_field", "shorten it"),
            id="long name",
        ),
        pytest.param(field(title=5), message("this must be a text", "profile_field.yml title"), id="number"),
    ],
)
def test_what_cannot_be_a_field(tmp_path: Path, wanted: Item, problem: str) -> None:
    assert told(run_on(small_site(tmp_path)), wanted) == [problem]


def test_two_fields_of_a_category_have_two_titles(tmp_path: Path) -> None:
    assert told(run_on(small_site(tmp_path)), field("b"), field("a")) == [
        message(
            "profile_field:a and profile_field:b have the same title in one category",
            "profile_field.yml title",
            "give one of them another title",
        )
    ]
