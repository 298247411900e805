"""RDF mappings: a name and a serialized value."""

from __future__ import annotations

from pathlib import Path

import pytest

from drupalsync.kinds import Item
from drupalsync.php import decode
from drupalsync.site import as_bytes
from drupalsync.tree import TreeValue
from support.small_site import as_file, item, live, message, put, run_on, small_site, take_away, told

MAPPING: TreeValue = {
    "rdftype": ["foaf:Document"],
    "created": {"predicates": ["dc:date", "dc:created"], "datatype": "xsd:dateTime", "callback": "date_iso8601"},
}


def mapping(key: str = "node/page", **fields: TreeValue) -> Item:
    return item("rdf_mapping", key, **{"mapping": MAPPING, **fields})


def test_a_mapping_is_written_and_read_back(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), mapping())
    ((type_, bundle, data),) = site.rows("SELECT * FROM {rdf_mapping}")
    assert (type_, bundle, decode(as_bytes(data))) == ("node", "page", MAPPING)
    assert live(run_on(site), "rdf_mapping")["node/page"].fields["mapping"] == MAPPING


def test_it_changes_and_goes(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), mapping(), mapping("user/user"))
    put(run_on(site), mapping(mapping={"rdftype": ["schema:WebPage"]}))
    ((data,),) = site.rows("SELECT mapping FROM {rdf_mapping} WHERE bundle = 'page'")
    assert decode(as_bytes(data)) == {"rdftype": ["schema:WebPage"]}
    assert take_away(run_on(site), "rdf_mapping", "node/page") == []
    assert site.rows("SELECT type, bundle FROM {rdf_mapping}") == [("user", "user")]


def test_the_mapping_of_a_bundle_that_is_gone_is_still_there(tmp_path: Path) -> None:
    """Drupal keeps the row: a tree that has it can be imported where the type is gone, or not yet there."""
    ctx = run_on(small_site(tmp_path))
    assert told(ctx, mapping("node/gone")) == []


def test_the_default_of_all_bundles_has_no_bundle(tmp_path: Path) -> None:
    site = small_site(tmp_path)
    put(run_on(site), mapping("node/"))
    assert site.one("SELECT type, bundle FROM {rdf_mapping}") == ("node", "")
    assert as_file(mapping("node/")).startswith("rdf_mapping: node/\n")


@pytest.mark.parametrize(
    ("wanted", "problem"),
    [
        pytest.param(
            mapping("node"),
            message("'node' is no key of a rdf_mapping", "rdf_mapping.yml", "its parts are type/bundle"),
            id="key",
        ),
        pytest.param(
            mapping(f"node/{'x' * 129}"),
            message("bundle has 129 characters; there is room for 128", "rdf_mapping.yml rdf_mapping", "shorten it"),
            id="long",
        ),
    ],
)
def test_what_cannot_be_a_mapping(tmp_path: Path, wanted: Item, problem: str) -> None:
    assert told(run_on(small_site(tmp_path)), wanted) == [problem]
