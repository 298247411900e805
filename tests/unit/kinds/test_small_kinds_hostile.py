"""Names and texts that somebody may well give, or that somebody means no good with: they come back as they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from drupalsync.kinds import Item, all_kinds
from support.small_site import as_file, item, live, put, run_on, small_site, take_away, told

HOSTILE = [
    pytest.param("x'); DROP TABLE contact; --", id="sql"),
    pytest.param("<script>alert(1)</script>", id="html"),
    pytest.param("yes", id="yaml says true"),
    pytest.param("1e3", id="yaml says number"),
    pytest.param("null", id="yaml says null"),
    pytest.param("- a: [b", id="yaml"),
    pytest.param("../../etc/passwd", id="path"),
    pytest.param("a%2Fb/c", id="escape"),
    pytest.param("日本語", id="not latin"),
    pytest.param("e\u0301\u200b", id="combining"),
    pytest.param("\U0001f600", id="emoji"),
    pytest.param("a\nb\r\nc", id="line breaks"),
    pytest.param("\x1b[31mred", id="escape sequence"),
    pytest.param(" spaces ", id="spaces"),
    pytest.param("CON", id="a device of windows"),
    pytest.param("!env HOME", id="tag"),
]
KINDS: dict[str, dict[str, Any]] = {
    "contact_category": {"recipients": "a@example.org"},
    "aggregator_category": {},
    "aggregator_feed": {"url": "http://a.example.org/"},
    "action": {"type": "system", "parameters": {"url": "<front>"}},
    "rdf_mapping": {"mapping": {"rdftype": ["foaf:Document"]}},
    "date_format": {},
}
BEFORE = {"action": "f/", "rdf_mapping": "node/", "date_format": "custom/"}


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("kind", KINDS)
def test_a_name_comes_back_as_it_was(tmp_path: Path, kind: str, text: str) -> None:
    wanted = item(kind, BEFORE.get(kind, "") + text, **KINDS[kind])
    site = small_site(tmp_path)
    assert told(run_on(site), wanted) == []
    as_file(wanted)
    place: str = all_kinds()[kind].place(wanted)  # type: ignore[attr-defined]  # they all own their files
    assert place.count("/") == 1
    assert place.isascii()
    assert place.isprintable()
    put(run_on(site), wanted)
    assert live(run_on(site), kind) == {wanted.key: _of_site(wanted, live(run_on(site), kind)[wanted.key])}
    take_away(run_on(site), kind, wanted.key)
    assert live(run_on(site), kind) == {}


@pytest.mark.parametrize("text", HOSTILE)
def test_so_does_a_text(tmp_path: Path, text: str) -> None:
    site = small_site(tmp_path)
    wanted = [
        item("contact_category", "A", recipients="a@example.org", reply=text),
        item("aggregator_category", "A", description=text),
        item("image_style", "a", label=text, effects=[{"name": text, "data": {text: text}}]),
        item("date_type", "a", title=text),
        item("shortcut_set", "a", title=text),
        item("rdf_mapping", "node/a", mapping={"rdftype": [text]}),
        item("profile_field", "a", title=text, category=text, type="selection", options=text, explanation=text),
    ]
    for each in wanted:
        assert told(run_on(site), each) == []
        as_file(each)
    put(run_on(site), *wanted)
    ctx = run_on(site)
    for each in wanted:
        assert live(ctx, each.kind)[each.key].fields == each.fields


def _of_site(wanted: Item, found: Item) -> Item:
    """What was meant, as the site's own."""
    assert wanted.fields == found.fields
    return found
