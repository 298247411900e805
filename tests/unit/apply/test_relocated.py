"""A term that stands elsewhere on this site: its references follow it, and nothing else that looks like one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.apply.memory import RowMemory
from drupalsync.apply.relocated import relocate
from drupalsync.kinds import Context, Scope
from drupalsync.site import LOADERS, Keys, Site, parse_url
from drupalsync.site.sqlite import Sqlite
from support import sql
from support.dumps import sqlite_url
from support.plans import item, link, page, variable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drupalsync.kinds import Item
    from support.tiny_site import TinySites


@dataclass
class Terms:
    """A site whose vocabulary `tags` a test fills, by paths."""

    site: Site
    url: str
    tid: int = 100

    def add(self, *steps: str) -> None:
        above = 0
        for step in steps:
            known = sql.execute(
                self.url,
                "SELECT t.tid FROM taxonomy_term_data t JOIN taxonomy_term_hierarchy h ON h.tid = t.tid "
                f"WHERE t.name = '{step}' AND h.parent = {above}",
            )
            if known:
                above = known[0][0]
                continue
            self.tid += 1
            sql.execute(self.url, f"INSERT INTO taxonomy_term_data (tid, vid, name) VALUES ({self.tid}, 1, '{step}')")
            sql.execute(self.url, f"INSERT INTO taxonomy_term_hierarchy (tid, parent) VALUES ({self.tid}, {above})")
            above = self.tid

    def relocated(self, *items: Item) -> tuple[list[Item], list[str]]:
        """The items as this site has them, and what is told of it."""
        ctx = Context(site=self.site, keys=Keys(self.site, LOADERS), scope=Scope(), memory=RowMemory((), (), ()), now=0)
        out = relocate(ctx, {found.address: found for found in items})
        return list(out.values()), ctx.notes


@pytest.fixture
def terms(tiny_sites: TinySites) -> Iterator[Terms]:
    url = sqlite_url(tiny_sites.prod)
    site = Site(Sqlite(parse_url(url, folder=tiny_sites.prod.parent)), shown="test")
    yield Terms(site, url)
    site.db.close()


def _tagged(reference: str) -> Item:
    return page("about", fields={"field_tags": [{"tid": reference}]})


def _tag(found: Item) -> Any:
    fields: Any = found.fields["fields"]
    return fields["field_tags"][0]["tid"]


@pytest.mark.parametrize(
    ("tree", "site"),
    [
        (["Europe", "Berlin"], ["Europe", "Germany", "Berlin"]),
        (["Europe", "Germany", "Berlin"], ["Europe", "Berlin"]),
        (["Europe", "Germany", "Berlin"], ["World", "Europe", "Germany", "Cities", "Berlin"]),
    ],
    ids=["a step more", "a step less", "steps more at both ends"],
)
def test_a_reference_follows_a_term_whose_path_only_has_more_or_less_steps(
    terms: Terms, tree: list[str], site: list[str]
) -> None:
    terms.add(*site)
    there, here = "/".join(["tags", *tree]), "/".join(["tags", *site])

    (node, entry), notes = terms.relocated(_tagged(f"term:{there}"), link("main-menu/berlin", f"term:{there}//feed"))

    assert _tag(node) == f"term:{here}"
    assert entry.fields["path"] == f"term:{here}//feed"
    assert notes == [f"term:{there} is term:{here} on this site; references go there"]


@pytest.mark.parametrize(
    ("tree", "sites"),
    [
        (["Europe", "Berlin"], [["America", "Berlin"]]),
        (["Europe", "Germany", "Berlin"], [["Europe", "Prussia", "Berlin"]]),
        (["Europe", "Germany", "Berlin"], [["Germany", "Europe", "Berlin", "Mitte"], ["Germany", "Europe", "Berlin"]]),
        (["Berlin"], [["Europe", "Berlin"]]),
        (["Europe", "Berlin"], [["Berlin"]]),
        (["Europe", "Berlin"], [["Europe", "Germany", "Berlin"], ["America", "Berlin"]]),
        (["Europe", "Berlin"], [["Europe", "Germany", "Bonn"]]),
    ],
    ids=[
        "another parent",
        "another step in between",
        "the steps in another order",
        "nothing above it in the tree",
        "nothing above it on the site",
        "two that could be meant",
        "another name",
    ],
)
def test_in_any_doubt_the_reference_stays_and_is_an_error_later(
    terms: Terms, tree: list[str], sites: list[list[str]]
) -> None:
    for site in sites:
        terms.add(*site)
    node = _tagged("term:" + "/".join(["tags", *tree]))

    found, notes = terms.relocated(node)

    assert found == [node]
    assert notes == []


def test_a_reference_to_a_term_that_is_where_it_was_stays(terms: Terms) -> None:
    terms.add("Europe", "Berlin")
    terms.add("Europe", "Germany", "Berlin")

    assert terms.relocated(_tagged("term:tags/Europe/Berlin")) == ([_tagged("term:tags/Europe/Berlin")], [])


TEXT = "term:tags/Europe/Berlin"


@pytest.mark.parametrize(
    "text",
    [
        variable("site_slogan", TEXT),
        variable("relays", {"tid": TEXT, "path": TEXT}),
        variable("relays", [{"tid": TEXT}]),
        page("about", title=TEXT),
        page("about", fields={"body": {"value": TEXT, "summary": TEXT}}),
        page("about", fields={"field_subtitle": TEXT, "field_lines": [TEXT, {"value": TEXT}]}),
        link("main-menu/berlin", title=TEXT),
        link("main-menu/berlin", options={"attributes": {"title": TEXT}}),
        item("block", "custom/berlin", info=TEXT, title=TEXT, body=TEXT),
    ],
    ids=lambda found: f"{found.address} {'+'.join(found.fields)}"[:40],
)
def test_a_text_that_looks_like_a_reference_is_never_touched(terms: Terms, text: Item) -> None:
    terms.add("Europe", "Germany", "Berlin")

    assert terms.relocated(text) == ([text], [])
