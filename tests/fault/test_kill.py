"""`kill -9` at any moment of an import: the site is as it was, or as it should be, and the next import finishes what is left.

FAULT_EVERY=1 kills at every statement, and not before the commit at a sample of them; and at a hundred random moments.
"""

from __future__ import annotations

import os
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest

from support.sites import LEFT, own

from .conftest import FRESH, IMPORT, STALE

if TYPE_CHECKING:
    from support.sites import State

    from .conftest import Release

EVERY: Final = "FAULT_EVERY" in os.environ
SEED: Final = 7105
SAMPLE: Final = 30  # statements before the commit
TIMES: Final = 100 if EVERY else 12
KILLED: Final = -9
FIRST: Final = ("import", "variable:site_*", "--adopt", "--yes")


class Aftermath:
    """What a killed import left, judged; every state that is met is once carried to its end."""

    def __init__(self, release: Release, argv: tuple[str, ...] = IMPORT) -> None:
        self.release = release
        self.argv = argv
        self.met: list[State] = []

    def check(self, where: str) -> bool:
        """Fails where the site is neither as it was nor as it should be, or where the next import does not finish it.

        Returns whether it is as it was.
        """
        release = self.release
        state = release.site.state()
        assert own(state) in (own(release.before), own(release.after)), where
        as_it_was = own(state) == own(release.before)
        if as_it_was:
            assert _but_ledger(state) == _but_ledger(release.before), where
        if state in self.met:
            return as_it_was
        self.met.append(state)
        release.site.close_gaps()
        code, said = release.run(*self.argv)
        assert code == 0, f"{where}: {said}"
        _forget_plan(release, self.argv)
        assert ("Finished first" in said) == (LEFT in state or (not as_it_was and _unfinished(state, release))), where
        assert release.site.state() == release.after, where
        code, said = release.run(*self.argv)
        assert (code, said.endswith("Nothing to do.\n")) == (0, True), f"{where}: {said}"
        assert "Finished first" not in said, where
        assert release.site.state() == release.after, where
        return as_it_was


def test_undisturbed_it_clears_what_it_made_stale_and_nothing_else(release: Release) -> None:
    assert own(release.before) != own(release.after)

    assert release.run(*IMPORT)[0] == 0

    for bin_, cid in STALE:
        assert release.project.one(f"SELECT COUNT(*) FROM {bin_} WHERE cid = '{cid}'") == 0
    for bin_, cid in FRESH:
        assert release.project.one(f"SELECT COUNT(*) FROM {bin_} WHERE cid = '{cid}'") == 1
    assert release.project.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0
    assert release.project.rows("SELECT DISTINCT state FROM drupalsync_release") == [("done",)]


def test_killed_at_a_statement_it_is_all_or_nothing_and_the_next_import_finishes(release: Release) -> None:
    commit = release.number("COMMIT")
    before = range(1, commit + 1)
    sample = before if EVERY else sorted({*random.Random(SEED).sample(before, SAMPLE), commit})
    after = range(commit + 1, len(release.statements) + 1)
    assert len(after) > 15
    aftermath = Aftermath(release)

    for number in (*sample, *after):
        release.restore()
        assert release.run(*IMPORT, at=("statement", number))[0] == KILLED
        where = f"before statement {number}, {release.statements[number - 1]}"
        assert aftermath.check(where) == (number <= commit), where

    assert release.before in aftermath.met
    assert len(aftermath.met) > 10


def test_killed_between_a_statement_and_its_answer_it_is_all_or_nothing_too(mariadb_release: Release) -> None:
    release = mariadb_release
    begin, commit = release.number("START TRANSACTION", 1), release.number("COMMIT")
    aftermath = Aftermath(release)

    for number in (*random.Random(SEED).sample(range(begin, commit), 5), commit, commit, commit + 1, commit + 2):
        release.restore()
        assert release.run(*IMPORT, at=("answer", number))[0] == KILLED
        aftermath.check(f"at the answer to statement {number}, {release.statements[number - 1]}")


def test_killed_at_any_time_it_is_all_or_nothing_too(release: Release) -> None:
    dice = random.Random(SEED)
    share = release.seconds / TIMES
    aftermath = Aftermath(release)

    for number in range(TIMES):
        release.restore()
        process = release.spawn(*IMPORT)
        time.sleep((number + dice.random()) * share)
        process.kill()
        process.communicate()
        aftermath.check(f"at point {number} of {TIMES}")


def test_killed_while_it_makes_its_own_tables_it_completes_them_the_next_time(first_contact: Release) -> None:
    release = first_contact
    begin, commit = release.number(("BEGIN IMMEDIATE", "START TRANSACTION"), -1), release.number("COMMIT")
    making = range(release.number("CREATE TABLE"), begin + 1)
    last = len(release.statements)
    aftermath = Aftermath(release, FIRST)

    for number in range(1, last + 1) if EVERY else (*making, *range(commit, last + 1)):
        _forget_ledger(release)
        assert release.run(*FIRST, at=("statement", number))[0] == KILLED
        aftermath.check(f"before statement {number}, {release.statements[number - 1]}")

    assert len(aftermath.met) > 10


@pytest.fixture
def first_contact(release: Release) -> Release:
    """A site that drupalsync has not met yet, with what an undisturbed first import of a few variables leaves there."""
    first = replace(release)
    _forget_ledger(first)
    first.before = first.site.state()
    log = first.project.root.parent / "statements"
    assert first.run(*FIRST, log=str(log))[0] == 0
    _forget_plan(first, FIRST)
    first.statements, first.after = log.read_text().splitlines(), first.site.state()
    return first


def _forget_plan(release: Release, argv: tuple[str, ...]) -> None:
    """Of a first import the id of its plan differs where its ledger was there already: that has another key then."""
    if argv == FIRST:
        release.project.click("UPDATE drupalsync_release SET plan_id = ''")


def _forget_ledger(release: Release) -> None:
    release.restore()
    for table in [table for table in (*release.site.state(), "drupalsync_lock") if table.startswith("drupalsync_")]:
        release.project.click(f"DROP TABLE {table}")


def _but_ledger(state: State) -> State:
    return {table: rows for table, rows in state.items() if not table.startswith("drupalsync_")}


def _unfinished(state: State, release: Release) -> bool:
    return state["drupalsync_step"] != release.after["drupalsync_step"]
