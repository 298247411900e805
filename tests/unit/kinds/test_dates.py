"""Date types, their formats, and those of languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from drupalsync.errors import Problems
from drupalsync.kinds import Item
from support.small_site import as_file, item, live, message, put, refused, run_on, small_site, take_away, told

LOCKED = """
INSERT INTO date_format_type VALUES ('long', 'Long', 1), ('event', 'Event', 0);
INSERT INTO date_formats (format, type, locked) VALUES ('l, F j', 'long', 1), ('Y-m-d', 'custom', 0);
INSERT INTO date_format_locale VALUES ('j.n.Y', 'long', 'de'), ('j.n.', 'event', 'de');
"""
TYPE = item("date_type", "event", title="Event")
DAY = item("date_format_locale", "event/de", format="j.n.")


def test_what_modules_declare_is_no_item(tmp_path: Path) -> None:
    ctx = run_on(small_site(tmp_path, LOCKED))
    assert list(live(ctx, "date_type")) == ["event"]
    assert list(live(ctx, "date_format")) == ["custom/Y-m-d"]
    assert list(live(ctx, "date_format_locale")) == ["event/de", "long/de"]


def test_formats_that_differ_only_in_case_are_two(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    formats = [item("date_format", f"custom/{pattern}") for pattern in ("Y-m-d", "y-M-D", "Y-M-D")]
    put(run_on(site), *formats)
    assert site.rows("SELECT format, type, locked FROM {date_formats} ORDER BY dfid") == [
        ("Y-m-d", "custom", 0),
        ("y-M-D", "custom", 0),
        ("Y-M-D", "custom", 0),
    ]
    assert len({as_file(one) for one in formats}) == 3


def test_a_pattern_may_have_slashes(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), item("date_format", "custom/d/m/Y"))
    assert site.one("SELECT type, format FROM {date_formats}") == ("custom", "d/m/Y")


def test_a_new_type_and_the_format_of_a_language(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), TYPE, DAY)
    assert site.rows("SELECT * FROM {date_format_type}") == [("event", "Event", 0)]
    assert site.rows("SELECT * FROM {date_format_locale}") == [("j.n.", "event", "de")]
    put(run_on(site), item("date_format_locale", "event/de", format="d.m.Y"))
    assert site.rows("SELECT * FROM {date_format_locale}") == [("d.m.Y", "event", "de")]


def test_with_a_type_go_its_formats(tmp_path: Path) -> None:
    site = small_site(tmp_path, LOCKED)
    assert take_away(run_on(site), "date_type", "event") == []
    assert site.rows("SELECT type FROM {date_format_type}") == [("long",)]
    assert site.rows("SELECT type FROM {date_format_locale}") == [("long",)]


def test_a_type_does_not_go_while_the_tree_has_formats_of_it(tmp_path: Path) -> None:
    with pytest.raises(Problems) as caught:
        take_away(run_on(small_site(tmp_path, LOCKED), DAY), "date_type", "event")
    assert refused(caught.value) == [
        message(
            "date_type:event cannot go: date_format_locale:event/de needs it",
            "date_format_locale.yml",
            "delete this file, too, or put the other back",
        )
    ]


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        pytest.param(
            item("date_type", "my type", title="Mine"),
            message("'my type' cannot be the name of a date type", "date_type.yml", "letters, digits and _"),
            id="type",
        ),
        pytest.param(
            item("date_type", "long", title="Long"),
            message(
                "a module of this site declares the date type long",
                "date_type.yml",
                "take another name; the format of that one is the variable date_format_long",
            ),
            id="declared type",
        ),
        pytest.param(
            item("date_type", "mine", title=""),
            message("date_type:mine has no title", "date_type.yml title", "title: what administrators read"),
            id="no title",
        ),
        pytest.param(
            item("date_type", "mine", title="x" * 256),
            message("title has 256 characters; there is room for 255", "date_type.yml title", "shorten it"),
            id="long title",
        ),
        pytest.param(
            item("date_format", "custom/"),
            message("date_format:custom/ has no pattern", "date_format.yml", "date_format: custom/Y-m-d"),
            id="no pattern",
        ),
        pytest.param(
            item("date_format", "Y-m-d"),
            message("'Y-m-d' is no key of a date_format", "date_format.yml", "its parts are type/format"),
            id="no type",
        ),
        pytest.param(
            item("date_format", "long/l, F j"),
            message("a module of this site declares date_format:long/l, F j", "date_format.yml", "delete this file"),
            id="declared format",
        ),
        pytest.param(
            item("date_format", f"custom/{'Y' * 101}"),
            message("format has 101 characters; there is room for 100", "date_format.yml date_format", "shorten it"),
            id="long pattern",
        ),
        pytest.param(
            item("date_format", "evnt/Y"),
            message(
                "date_type:evnt is neither in the tree nor on this site",
                "date_format.yml",
                "correct the name, add the type, or switch on the module that declares it",
            ),
            id="unknown type",
        ),
        pytest.param(
            item("date_format_locale", "long/fr", format="Y"),
            message(
                "language:fr is neither in the tree nor on this site",
                "date_format_locale.yml",
                "create it on the site, correct the name, or remove the reference",
            ),
            id="unknown language",
        ),
        pytest.param(
            item("date_format_locale", "lnog/de", format="Y"),
            message(
                "date_type:lnog is neither in the tree nor on this site",
                "date_format_locale.yml",
                "correct the name, add the type, or switch on the module that declares it",
            ),
            id="unknown type of a language",
        ),
        pytest.param(
            item("date_format_locale", "long/de", format=""),
            message("date_format_locale:long/de has no pattern", "date_format_locale.yml format", "format: Y-m-d"),
            id="no pattern of a language",
        ),
    ],
)
def test_what_cannot_be_written(tmp_path: Path, wanted: Item, problem: str) -> None:
    assert told(run_on(small_site(tmp_path, LOCKED)), wanted) == [problem]


def test_a_type_that_the_same_import_makes_may_be_named(tmp_path: Path) -> None:
    assert told(run_on(small_site(tmp_path)), DAY, TYPE) == []
