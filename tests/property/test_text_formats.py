"""Laws of filters: what a file leaves out is filled in once, and an export says what the site says."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from drupalsync.kinds._filters import CORE, Filters, as_written, completed
from drupalsync.tree import same

NAMES = ["filter_html", "filter_url", "filter_autop", "odd"]
settings = st.dictionaries(
    st.sampled_from(["allowed_html", "filter_html_help", "filter_url_length", "other"]),
    st.sampled_from([0, 1, "<a>", 72]),
)


def members(*, of_site: bool) -> st.SearchStrategy[dict[str, Any]]:
    """What is said of one filter: without what is at its column's default, as a site gives it."""
    required: dict[str, st.SearchStrategy[Any]] = {"module": st.just("filter")} if of_site else {}
    optional: dict[str, st.SearchStrategy[Any]] = {
        "weight": st.integers(1, 9),
        "status": st.just(True),
        "settings": settings.filter(bool),
    }
    return st.fixed_dictionaries(required, optional=optional)


files = st.dictionaries(st.sampled_from(NAMES), members(of_site=False)).map(
    lambda found: {name: {"module": "odd", **about} if name == "odd" else about for name, about in found.items()}
)
sites = st.dictionaries(st.sampled_from(NAMES), members(of_site=True))


def off(filters: Filters) -> Filters:
    """What core's filters that had no row are after a save."""
    missing = {name: core for name, core in CORE.items() if name not in filters and name in NAMES}
    rows: Filters = {name: {"module": core.module, "weight": core.weight} for name, core in missing.items()}
    for name, core in missing.items():
        if core.settings:
            rows[name]["settings"] = dict(core.settings)
    return rows


@given(files, sites)
def test_filling_in_settles(wanted: Filters, there: Filters) -> None:
    once = completed(wanted, there)

    assert same(completed(once, there), once)
    assert same(completed(wanted, once), once)


@given(files, sites)
def test_the_rows_that_a_save_adds_change_nothing_that_the_file_says(wanted: Filters, there: Filters) -> None:
    written = completed(wanted, there)
    after = {**written, **off(written)}

    assert same(completed(wanted, after), after)


@given(files, sites)
def test_no_row_of_the_site_is_lost(wanted: Filters, there: Filters) -> None:
    assert completed(wanted, there).keys() == wanted.keys() | there.keys()


@given(files, sites)
def test_a_filter_that_no_file_names_is_off(wanted: Filters, there: Filters) -> None:
    found = completed(wanted, there)

    assert not [name for name, about in found.items() if about.get("status") and name not in wanted]


@given(files, sites)
def test_an_export_says_what_the_site_says(old: Filters, there: Filters) -> None:
    new = as_written(old, there)

    assert same(completed(new, there), there)
    assert same(as_written(new, there), new)


@given(files, sites)
def test_an_export_of_what_an_import_wrote_changes_no_file(old: Filters, there: Filters) -> None:
    written = completed(old, there)

    assert same(as_written(old, {**written, **off(written)}), old)
