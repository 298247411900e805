"""What doctor has found, in words: nothing of it moves the cursor, and the counts are those of the findings."""

from __future__ import annotations

import json

from drupalsync.apply.doctor import Diagnosis, State
from drupalsync.kinds.tables import Col, Description
from drupalsync.kinds.tables.undescribed import Proposal, Undescribed
from drupalsync.report.doctor import document_of, render
from drupalsync.report.style import Style
from drupalsync.report.visible import has_hidden, json_text

HOSTILE = "\x1b[2Jok\u202e\nFAILS"


def hostile() -> Diagnosis:
    """A site on which everything has a name that would forge the report."""
    found = Diagnosis(environment=HOSTILE, site=HOSTILE)
    for state in State:
        found.add("tables", state, HOSTILE, where=HOSTILE, mend=HOSTILE)
    about = Description(kind="x", table="x", key=("a",), folder="x", columns={HOSTILE: Col(), "b": Col()})
    proposal = Proposal(about=about, rows={"x": 1}, notes={("x", "b"): HOSTILE}, remarks=(HOSTILE,))
    found.tables = Undescribed(proposals=[proposal], cannot={HOSTILE: HOSTILE}, empty=[HOSTILE], others={})
    return found


def test_a_hostile_site_cannot_forge_a_line() -> None:
    text = render(document_of(hostile()), Style())

    assert not any(has_hidden(line) for line in text.splitlines())
    assert text.splitlines()[0] == "ok     tables  \\u001b[2Jok\\u202e\\nFAILS"


def test_the_document_is_the_same_when_it_is_read_back() -> None:
    document = document_of(hostile())

    assert json.loads(json_text(document)) == document


def test_the_last_line_counts() -> None:
    found = Diagnosis(environment="prod")
    found.ok("git", "2")
    assert render(document_of(found), Style()).splitlines()[-1] == "prod: all works."
    found.add("tree", State.NOTE, "none")
    assert render(document_of(found), Style()).splitlines()[-1] == "prod: all works, 1 note."
    found.add("lock", State.FAILS, "no")
    found.unknown("tables")
    assert render(document_of(found), Style()).splitlines()[-1] == "prod: 1 thing does not work, 1 note."
    found.add("lock", State.FAILS, "no")
    assert render(document_of(found), Style()).splitlines()[-1] == "prod: 2 things do not work, 1 note."


def test_what_was_not_looked_at_is_one_line() -> None:
    found = Diagnosis()
    found.add("manifest", State.FAILS, "broken")
    found.unknown("environment", "tree")

    assert render(document_of(found), Style()).splitlines() == [
        "FAILS  manifest     broken",
        "?      environment, tree: not looked at, because of what fails",
        "",
        "1 thing does not work.",
    ]


def test_where_the_manifest_describes_tables_already_the_list_goes_on() -> None:
    found = hostile()
    found.described = [Description(kind="y", table="y", key=("a",), folder="y")]

    lines = render(document_of(found), Style()).splitlines()

    assert "To export them, paste this below the `tables:` of drupalsync.yml:" in lines
    assert "tables:" not in lines
