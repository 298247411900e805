"""`kill -9` at any moment of a rollback: the release stands or it is taken back, and the next run finishes what is left.

FAULT_EVERY=1 kills at every statement, and not before the commit at a sample of them.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from support.sites import LEFT, own

from .conftest import IMPORT, ROLLBACK, STALE
from .test_kill import EVERY, KILLED, SAMPLE, SEED, TIMES

if TYPE_CHECKING:
    from support.sites import State

    from .conftest import Release


class Aftermath:
    """What a killed rollback left, judged; every state that is met is once carried to its end."""

    def __init__(self, rollback: Release) -> None:
        self.rollback = rollback
        self.met: list[State] = []

    def check(self, where: str) -> bool:
        """Fails where the site is neither as it was nor as it should be, or where the next run does not finish it.

        Returns whether it is as it was.
        """
        rollback = self.rollback
        state = rollback.site.state()
        assert own(state) in (own(rollback.before), own(rollback.after)), where
        as_it_was = own(state) == own(rollback.before)
        if as_it_was:
            assert _items(state) == _items(rollback.before), where
        else:
            assert _items(state) == _items(rollback.after), where
        if state in self.met:
            return as_it_was
        self.met.append(state)
        rollback.site.close_gaps()
        unfinished = not as_it_was and state["drupalsync_step"] != rollback.after["drupalsync_step"]
        code, said = rollback.run(*ROLLBACK)
        assert code == (0 if as_it_was or unfinished else 1), f"{where}: {said}"
        assert ("Finished first" in said) == (unfinished or LEFT in state), f"{where}: {said}"
        assert rollback.site.state() == rollback.after, where
        code, said = rollback.run(*ROLLBACK)
        assert (code, "release 2 is rolled back already, by release 3" in said) == (1, True), f"{where}: {said}"
        assert rollback.site.state() == rollback.after, where
        return as_it_was


def test_undisturbed_it_clears_what_it_made_stale_and_gives_the_ledger_what_it_had(rollback: Release) -> None:
    assert own(rollback.before) != own(rollback.after)

    assert rollback.run(*ROLLBACK)[0] == 0

    for bin_, cid in STALE:
        assert rollback.project.one(f"SELECT COUNT(*) FROM {bin_} WHERE cid = '{cid}'") == 0
    assert rollback.project.one("SELECT COUNT(*) FROM drupalsync_step WHERE done = 0") == 0
    assert rollback.project.rows("SELECT DISTINCT release_id FROM drupalsync_item") == [(1,)]


def test_killed_at_a_statement_it_is_all_or_nothing_and_the_next_run_finishes(rollback: Release) -> None:
    commit = rollback.number("COMMIT")
    before = range(1, commit + 1)
    sample = before if EVERY else sorted({*random.Random(SEED).sample(before, SAMPLE), commit})
    after = range(commit + 1, len(rollback.statements) + 1)
    assert len(after) > 15
    aftermath = Aftermath(rollback)

    for number in (*sample, *after):
        rollback.restore()
        assert rollback.run(*ROLLBACK, at=("statement", number))[0] == KILLED
        where = f"before statement {number}, {rollback.statements[number - 1]}"
        assert aftermath.check(where) == (number <= commit), where

    assert rollback.before in aftermath.met
    assert len(aftermath.met) > 10


def test_killed_between_a_statement_and_its_answer_it_is_all_or_nothing_too(mariadb_rollback: Release) -> None:
    rollback = mariadb_rollback
    begin, commit = rollback.number("START TRANSACTION", -1), rollback.number("COMMIT")
    aftermath = Aftermath(rollback)

    for number in (*random.Random(SEED).sample(range(begin, commit), 5), commit, commit, commit + 1, commit + 2):
        rollback.restore()
        assert rollback.run(*ROLLBACK, at=("answer", number))[0] == KILLED
        aftermath.check(f"at the answer to statement {number}, {rollback.statements[number - 1]}")


def test_killed_at_any_time_it_is_all_or_nothing_too(rollback: Release) -> None:
    dice = random.Random(SEED)
    share = rollback.seconds / TIMES
    aftermath = Aftermath(rollback)

    for number in range(TIMES):
        rollback.restore()
        process = rollback.spawn(*ROLLBACK)
        time.sleep((number + dice.random()) * share)
        process.kill()
        process.communicate()
        aftermath.check(f"at point {number} of {TIMES}")


def test_an_import_after_it_finishes_it_first_and_brings_the_release_again(rollback: Release) -> None:
    commit, last = rollback.number("COMMIT"), len(rollback.statements)
    assert rollback.run(*ROLLBACK)[0] == 0
    assert rollback.run(*IMPORT)[0] == 0
    again = rollback.site.state()

    for number in (commit + 1, commit + 3, (commit + last) // 2):
        rollback.restore()
        assert rollback.run(*ROLLBACK, at=("statement", number))[0] == KILLED
        code, said = rollback.run(*IMPORT)
        assert (code, "Finished first" in said) == (0, True), f"before statement {number}: {said}"
        assert rollback.site.state() == again


def test_without_a_number_the_next_run_does_not_go_on_to_the_release_before(rollback: Release) -> None:
    number = rollback.number("COMMIT") + 3
    assert rollback.run(*ROLLBACK, at=("statement", number))[0] == KILLED

    code, said = rollback.run("rollback", "--yes")

    assert (code, said.splitlines()[-1]) == (0, "Release 3 had rolled back release 2.")
    assert rollback.site.state() == rollback.after


def _items(state: State) -> State:
    return {table: rows for table, rows in state.items() if table == "drupalsync_item"}
