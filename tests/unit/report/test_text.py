"""A plan as people read it: whole plans as golden files, and what holds for every one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drupalsync.plan import OnDrift, Policy
from drupalsync.report.status import render as render_status
from drupalsync.report.style import Style
from drupalsync.report.text import in_one_line, render
from support.plans import KEEP, block, body, item, link, page, planned, secret, shown, told, update, variable

if TYPE_CHECKING:
    from drupalsync.kinds import Item
    from drupalsync.report.document import Document
    from support.golden import Check

PRUNE = Policy(prune=True)
FAIL = Policy()
TEXT = "<p>One</p>\r\n<p>Two</p>\r\n<p>Three</p>\r\n<p>Four</p>\r\n<p>Five</p>\r\n<p>Six</p>\r\n"


def every_kind_of_change() -> Document:
    """Creates, updates, a subtree that moves, what is adopted and what is deleted."""
    about = page("about", fields=body(TEXT, field_teaser={"und": [{"value": "First"}, {"value": "Second"}]}))
    notice = block("custom/notice", info="Notice", body="Hello", pages={"show_on": ["<front>", "about*"]})
    kept = [variable("site_name", "Museum"), variable("same", 1)]
    old = [
        about, notice, variable("slogan", "Since 1998"), secret("smtp_password", "one"), variable("gone", {"a": 1}),
        link("main-menu/home"), link("main-menu/a", "node:page/a"), link("main-menu/a/b", "node:page/b"),
        link("main-menu/a/b/c", "node:page/c"), link("main-menu/jobs", "https://jobs.example/", weight=7),
    ]  # fmt: skip
    new = [
        replace(about, fields={**about.fields, "fields": body(TEXT.replace("Five", "5"), field_teaser={"und": [{"value": "Second"}]})}),
        replace(notice, fields={**notice.fields, "pages": {"show_on": ["<front>", "about*", "visit"]}}),
        variable("slogan", "Since 1999"), secret("smtp_password", "two"), link("main-menu/home"),
        item("menu", "legal", title="Legal"), link("legal/a", "node:page/a", weight=3), link("legal/a/b", "node:page/b"),
        link("legal/a/b/c", "node:page/c"),
        page("imprint", fields=body("<p>Responsible: Example</p>\n<p>Us</p>\n"), aliases=[{"alias": "imprint", "language": "und"}]),
        variable("fresh", {"x": {"y": "z"}}),
    ]  # fmt: skip
    return planned(
        live=[*old, *kept, variable("unmanaged", 1), link("main-menu/theirs")],
        desired=[*new, *kept],
        base=[*old, kept[1]],
        policy=PRUNE,
        unset=("CRON_KEY",),
        unfinished=1,
        notes=("term:a is term:b on this site; references go there",),
    )


def what_stops_a_plan() -> Document:
    """A conflict of each form, a hand edit and a deletion by hand."""
    text = block("custom/notice", info="Notice", body=TEXT)
    live = replace(text, fields={**text.fields, "body": TEXT.replace("Two", "2")})
    tree = replace(text, fields={**text.fields, "body": TEXT.replace("Five", "5")})
    return planned(
        base=[text, variable("slogan", "Since 1998"), variable("list", ["a", "b"]), variable("mode", 1),
              variable("gone", "x"), variable("left", "x"), secret("smtp_password", "one")],
        live=[live, variable("slogan", "Open again!"), variable("list", ["a", "b", "c"]), variable("mode", 0),
              variable("left", "by hand"), secret("smtp_password", "two")],
        desired=[tree, variable("slogan", "Since 2010"), variable("list", ["b"]), variable("mode", 1), variable("gone", "x"),
                 secret("smtp_password", "three")],
        policy=PRUNE,
    )  # fmt: skip


def first_contacts() -> Document:
    """More items than have commands of their own, among them a subtree that hangs elsewhere."""
    paths = {"a": "node:page/a", "a/b": "node:page/b"}
    return planned(
        live=[*(variable(name, 1) for name in "xyz"), *(link(f"main-menu/{key}", path) for key, path in paths.items())],
        desired=[*(variable(name, 2) for name in "xyz"), *(link(f"footer/{key}", path) for key, path in paths.items())],
        policy=FAIL,
        last_release=None,
    )


def hand_edits_kept() -> Document:
    """What an import leaves alone, beside what it writes in the same item."""
    old = block("custom/notice", info="Notice", body="Hello", title="T")
    live = replace(old, fields={**old.fields, "title": "By hand"})
    tree = replace(old, fields={**old.fields, "body": "Hi"})
    return planned(
        base=[old, variable("mode", 1), variable("gone", "x"), variable("left", 1)],
        live=[live, variable("mode", 2), variable("left", 1)],
        desired=[replace(tree, fields={**tree.fields, "title": "T2"}), variable("mode", 1), variable("gone", "x")],
        policy=KEEP,
    )


def hostile() -> Document:
    """A site whose titles, keys and values try to take over the terminal."""
    evil = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202eabc\r\nPlan: 0 to create.\x00\udc80"
    old = [
        variable(f"a{evil}", "x"),
        link(f"main-menu/{evil}"),
        variable("map", {evil: evil}),
        variable("lines", f"a\n{evil}"),
    ]
    new = [variable(f"a{evil}", evil), variable("map", {evil: evil[::-1]}), variable("lines", f"{evil}\na")]
    return planned(live=old, base=old, desired=new, policy=PRUNE, notes=(evil,), tree=evil, site=evil, unset=(evil,))


PLANS = {
    plan.__name__.replace("_", "-"): plan
    for plan in (every_kind_of_change, what_stops_a_plan, first_contacts, hand_edits_kept, hostile)
}


@pytest.mark.parametrize("name", PLANS)
def test_a_plan_reads_as_it_did(name: str, golden: Check) -> None:
    golden(shown(PLANS[name]()), f"report/{name}.txt")


@pytest.mark.parametrize("name", PLANS)
def test_colour_adds_nothing_but_colour(name: str) -> None:
    plan = PLANS[name]()
    for plain, coloured in (
        (render(plan, Style()), render(plan, Style(colour=True))),
        (render_status(plan, Style()), render_status(plan, Style(colour=True))),
    ):
        assert "\x1b[" in coloured
        assert re.sub(r"\x1b\[\d+m", "", coloured) == plain


def test_the_table_of_states_is_aligned(golden: Check) -> None:
    told = "\n".join(render_status(PLANS[name](), Style()) for name in ("every-kind-of-change", "what-stops-a-plan"))
    golden(told, "report/status.txt")


def test_the_legend_has_the_symbols_in_use_and_no_other() -> None:
    assert shown(planned()).count("\n") == 3
    assert "  ~ update\n" in shown(
        planned(live=[variable("x", 1)], base=[variable("x", 1)], desired=[variable("x", 2)])
    )


def test_an_import_without_changes_is_one_line() -> None:
    same = [variable("x", 1)]
    plan = planned(live=[*same, variable("y", 1)], base=same, desired=same)
    assert in_one_line(plan) == (
        "prod: 1 unchanged, 1 unmanaged, last release 2 (2023-11-14 22:13 UTC, tree 9ab0c77). Nothing to do."
    )


QUICK = settings(max_examples=50, deadline=None)  # the machine may be busy
HOSTILE_TEXT = st.text(
    st.sampled_from("ab\x1b[2J\x07\x9b\u202e\u2066\u200b\ufeff\u2028\r\n\t\x00\x7f\udc80\U000e0041é日")
)


@QUICK
@given(name=HOSTILE_TEXT, before=HOSTILE_TEXT, after=HOSTILE_TEXT)
def test_no_text_of_a_site_moves_the_cursor_or_forges_a_line(name: str, before: str, after: str) -> None:
    old, new = (
        [
            variable(f"v{name}", value),
            variable("map", {f"k{name}": value, "l": [value]}),
            link(f"m/{name}", title=value),
        ]
        for value in (before, after)
    )
    for policy, base in ((PRUNE, old), (FAIL, ()), (FAIL, [*new[:1], *old[1:]])):
        for text in (
            shown(planned(live=old, base=base, desired=new[:2], policy=policy, notes=(name,))),
            shown(planned(live=(), base=base, desired=new, policy=policy)),
        ):
            assert (
                re.search("[\0-\x09\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2028\u2029\u2066\ud800-\udfff\ufeff]", text)
                is None
            )
            assert text.count("\nPlan: ") == 1


def test_a_change_inside_a_list_is_shown_where_it_is() -> None:
    old = page("about", fields=body("<p>One</p>\n<p>Two</p>\n"))
    new = page("about", fields=body("<p>One</p>\n<p>2</p>\n"))
    text = shown(planned(live=[old], base=[old], desired=[new]))
    assert "      fields.body.value\n            <p>One</p>\n          - <p>Two</p>\n          + <p>2</p>\n" in text
    assert "und" not in text


@pytest.mark.parametrize(
    ("base", "policy", "expected"),
    [
        (variable("x", 1), Policy(on_drift=OnDrift.OVERWRITE), "overwrites what somebody changed on the site"),
        (None, Policy(adopt=True), "overwrites what the site has, which drupalsync never wrote"),
    ],
)
def test_it_is_said_where_something_of_somebody_is_overwritten(
    base: Item | None, policy: Policy, expected: str
) -> None:
    plan = planned(base=[base] if base else [], live=[variable("x", 2)], desired=[variable("x", 3)], policy=policy)
    assert f"      {expected}\n      value  2 → 3\n" in shown(plan)
    assert "overwrites" not in shown(update(2, 3))


def test_a_language_is_named_where_it_says_something() -> None:
    old, new = (page("about", fields={"body": {"de": [{"value": text}]}}) for text in ("eins", "zwei"))
    assert 'fields.body.de.value  "eins" → "zwei"' in shown(planned(live=[old], base=[old], desired=[new]))


VALUES: list[Any] = [
    pytest.param(5, "5", 'value  5 (int) → "5" (text)', id="a number and its text"),
    pytest.param(1, True, "value  1 (int) → true (bool)", id="one and true"),
    pytest.param(1, 1.0, "value  1 (int) → 1.0 (float)", id="one and 1.0"),
    pytest.param("", None, 'value  "" → null', id="empty and null"),
    pytest.param([1, "a"], [True, "a"], "value.0  1 (int) → true (bool)", id="one and true in a list"),
    pytest.param(["1", "a"], [1, "a", "b"], 'value.0  "1" (text) → 1 (int)\nvalue  + "b"', id="and another member"),
    pytest.param(float("nan"), -0.0, "value  nan → -0.0", id="no number"),
    pytest.param("a\r\nb", "a\nb", "value  only the line ends change: CRLF → LF", id="line ends"),
    pytest.param("a\n", "a\n\n", "value  only the line breaks at the end change", id="line breaks at the end"),
    pytest.param("a", "a\n", "value  only the line breaks at the end change", id="a line break at the end"),
    pytest.param("About", "About ", 'value  "About" → "About "  (only white space changes)', id="a space"),
    pytest.param("x\n  a", "x\n a\xa0", "value  only white space changes\n      x\n    - ··a\n    + ·a\\u00a0", id="spaces in lines"),
    pytest.param("é", "e\u0301", "value  only the way in which Unicode composes letters changes", id="composed letters"),
    pytest.param("a\tb\nc", "a b\nc", "value  only white space changes\n    - a⇥ b\n    + a b\n      c", id="a tab"),
    pytest.param("a\r\nb\r\nc", "a\nB\nc", "value  the line ends change: CRLF → LF\n      a\n    - b\n    + B\n      c", id="line ends besides"),
    pytest.param(["a", "b", "c"], ["b", "c", "d"], 'value  - "a"\nvalue  + "d"', id="a member came and one went"),
    pytest.param(["a", "b"], ["b", "a"], 'value  only the order changes\n    - ["a", "b"]\n    + ["b", "a"]', id="order"),
    pytest.param({"a": 1, "b": {"c": 2}}, {"a": 1, "b": {"c": 3, "d": 4}}, "value.b.c  2 → 3\nvalue.b.d  (nothing) → 4", id="maps"),
    pytest.param([], {"a": 1}, "value.a  (nothing) → 1", id="an empty array and a map"),
    pytest.param({"$x": 1}, {"$x": 2}, "value.$x  1 → 2", id="a key that begins with a dollar"),
    pytest.param({"a.b": 1, "c d": 1}, {"a.b": 2, "c d": 1}, 'value."a.b"  1 → 2', id="a key with a dot"),
    pytest.param(b"\xff", b"\xfe", "value  !binary /w== → !binary /g==", id="bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "expected"), VALUES)
def test_a_difference_is_seen_for_what_it_is(before: Any, after: Any, expected: str) -> None:
    assert told(before, after) == expected


LONG = "All work and no play makes Jack a dull boy. " * 20


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(f"{LONG}one{LONG}", f"{LONG}two{LONG}", id="in the middle"),
        pytest.param(f"one{LONG}", f"two{LONG}", id="at the beginning"),
        pytest.param(f"{LONG}one", f"{LONG}two", id="at the end"),
        pytest.param(f"x\n{LONG}one{LONG}\n", f"x\n{LONG}two{LONG}\n", id="in a line of several"),
        pytest.param([LONG + "one", "x", "z"], [LONG + "two", "x", "z", "y"], id="in a member of a list"),
    ],
)
def test_long_texts_are_cut_to_where_they_differ(before: Any, after: Any) -> None:
    text = told(before, after)
    assert "one" in text
    assert "two" in text
    assert max(map(len, text.split("\n"))) <= 110


def test_the_sides_of_a_long_conflict_are_told_by_what_became_of_the_base() -> None:
    sides = [[variable("x", f"{LONG}{end}")] for end in ("old", "by hand", "of the tree")]
    text = shown(planned(base=sides[0], live=sides[1], desired=sides[2], policy=FAIL))
    assert re.search(r'release 2 left → the site has\n +- ….*old"\n +\+ ….*by hand"\n', text)
    assert re.search(r'release 2 left → the tree wants\n +- ….*old"\n +\+ ….*of the tree"\n', text)


def test_a_secret_is_never_told_nor_measured() -> None:
    texts = []
    for one, two, three in (("a", "b", "c"), ("a" * 99, "b" * 50, "c" * 70)):
        sides = [[secret("key", value)] for value in (one, two, three)]
        texts.append(shown(planned(base=sides[0], live=sides[1], desired=sides[2], policy=FAIL)))
    assert texts[0] == texts[1]
    assert "secret" in texts[0]
