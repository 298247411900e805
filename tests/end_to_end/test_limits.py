"""A limit stops the write, never the view, and says the numbers that would let it pass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

COUNT: Final = "SELECT COUNT(*) FROM variable WHERE name LIKE 'harbour_%'"


def _buoys(project: Project, number: int) -> None:
    """Leaves so many variables in the tree, of the ten that there are on both sites."""
    names = "".join(f"harbour_buoy_{at}: {at}\n" for at in range(number))
    project.write("config/variables/harbour.yml", names)


def _released(museum: Project) -> Project:
    _buoys(museum, 90)
    production = museum.at("prod")
    production.run("import", "--yes")
    return production


def test_a_delete_of_forty_percent_is_shown_and_stopped(museum: Project, golden: Check) -> None:
    production = _released(museum)
    _buoys(museum, 45)

    with untouched(production):
        stopped = production.run("import", "--prune", "--yes", exits=4)
        assert production.run("import", "--prune", "--dry-run", exits=4).stdout == stopped.stdout
        production.run("import", "--prune", "--dry-run", "--detailed-exitcode", exits=4)

    assert stopped.stdout.count("- variable:harbour_buoy") == 45
    golden(stopped.transcript, "end_to_end/a-delete-of-forty-percent-is-shown-and-stopped.txt")


def test_the_number_lets_it_pass_and_a_smaller_one_does_not(museum: Project) -> None:
    production = _released(museum)
    _buoys(museum, 45)

    with untouched(production):
        production.run("import", "--prune", "--yes", "--allow-deletes", "44", exits=4)
    production.run("import", "--prune", "--yes", "--allow-deletes", "45")

    assert production.one(COUNT) == 45


def test_the_manifest_sets_the_limits(museum: Project) -> None:
    production = _released(museum)
    _buoys(museum, 89)
    museum.write("drupalsync.yml", museum.read("drupalsync.yml") + "limits: {deletes: 0}\n")

    with untouched(production):
        said = production.run("import", "--prune", "--yes", exits=4)
    museum.write("drupalsync.yml", museum.read("drupalsync.yml").replace("deletes: 0", "percent: 100, changes: 100"))
    _buoys(museum, 1)
    production.run("import", "--prune", "--yes")

    assert "the limit is 0" in said.stdout
    assert production.one(COUNT) == 1


def test_a_hand_edit_wins_over_a_limit(museum: Project) -> None:
    production = _released(museum)
    _buoys(museum, 45)
    production.click("UPDATE variable SET value = 'i:99;' WHERE name = 'harbour_buoy_1'")

    said = production.run("import", "--prune", "--dry-run", exits=3)

    assert "STOPPED by 1 hand edit" in said.stdout
    assert "STOPPED by 2 safety limits" in said.stdout or "STOPPED by 1 safety limit" in said.stdout


def test_what_only_looks_needs_no_number(museum: Project) -> None:
    production = _released(museum)
    _buoys(museum, 45)

    assert production.run("diff").stdout.count("- variable:harbour_buoy") == 45
    assert "45" in production.run("status").stdout


def test_numbers_that_are_none_are_refused(museum: Project) -> None:
    for number in ("-1", "many"):
        museum.run("import", "--allow-deletes", number, exits=64)
