"""What serves a path, as menu.inc finds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from drupalsync.kinds._menu_router import is_external, router_path
from drupalsync.site import Site, set_variable
from support.menus import make_site as make


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make(tmp_path / "site.sqlite", links=())


@pytest.mark.parametrize(
    ("path", "served_by"),
    [
        pytest.param("node/add", "node/add", id="a literal part fits better than a wildcard"),
        pytest.param("node/7", "node/%", id="a wildcard"),
        pytest.param("node/7/edit/x", "node/%", id="more parts than the router knows"),
        pytest.param("admin/structure/menu/manage/main-menu", "admin/structure/menu/manage/%", id="five parts"),
        pytest.param("admin/reports", "admin", id="only the beginning is known"),
        pytest.param("nowhere", "", id="nothing"),
        pytest.param("", "", id="no path at all"),
        pytest.param("a/b/c/d/e/f/g/h/i/j/k", "", id="more parts than Drupal looks at"),
    ],
)
def test_the_best_fit_among_the_routers_paths_serves_a_path(site: Site, path: str, served_by: str) -> None:
    assert router_path(site, path) == served_by


@pytest.mark.parametrize("masks", [None, [], {0: 30, 2: 3, 3: 2, 4: 1}, "junk"])
def test_where_the_masks_are_missing_or_no_list_paths_are_found_all_the_same(site: Site, masks: object) -> None:
    if masks is None:
        site.delete("variable", {"name": "menu_masks"})
    else:
        set_variable(site, "menu_masks", masks)  # type: ignore[arg-type]
    assert router_path(site, "node/7") == "node/%"


def test_broken_variables_are_no_obstacle(site: Site) -> None:
    site.update("variable", {"value": b"a:1:{"}, {"name": "menu_masks"})
    site.insert("variable", {"name": "filter_allowed_protocols", "value": b"a:1:{"})
    assert router_path(site, "node/7") == "node/%"
    assert is_external(site, "https://example.org/")


@pytest.mark.parametrize(
    ("path", "external"),
    [
        ("<front>", True),
        ("http://example.org", True),
        ("HTTPS://example.org", True),
        ("mailto:info@example.org", True),
        ("//example.org", True),
        ("\\\\example.org", True),
        ("\x01javascript:alert(1)", True),
        ("javascript:alert(1)", False),
        ("node/1", False),
        ("search/node?at=http://x", False),
        ("a#b:c", False),
        ("a\\b:c", False),
        (":x", True),
        ("", False),
    ],
)
def test_a_url_is_what_drupal_takes_for_one(site: Site, path: str, external: bool) -> None:
    assert is_external(site, path) is external


def test_a_site_may_allow_other_protocols(site: Site) -> None:
    set_variable(site, "filter_allowed_protocols", ["gopher"])
    assert is_external(site, "gopher:x")
    assert not is_external(site, "https:x")
