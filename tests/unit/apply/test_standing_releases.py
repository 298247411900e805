"""Which releases stand, where some of them took others back."""

from __future__ import annotations

import pytest

from drupalsync.apply.releases import Release, still_at_work, taken_back


def releases(*undoes: int | None) -> list[Release]:
    """Releases 1, 2 …, each with what it took back."""
    return [Release(number=number, undoes=undone) for number, undone in enumerate(undoes, start=1)]


@pytest.mark.parametrize(
    ("undoes", "gone"),
    [
        pytest.param([], {}, id="none at all"),
        pytest.param([None, None], {}, id="two imports"),
        pytest.param([None, 1], {1: 2}, id="a rollback"),
        pytest.param([None, 1, 2], {2: 3}, id="the rollback of a rollback: the first stands again"),
        pytest.param([None, 1, 2, 3], {3: 4, 1: 2}, id="and taken back once more"),
        pytest.param([None, 1, 2, 1], {1: 4, 2: 3}, id="rolled back twice: the later one counts"),
    ],
)
def test_what_was_taken_back_does_not_stand(undoes: list[int | None], gone: dict[int, int]) -> None:
    assert taken_back(releases(*undoes)) == gone


@pytest.mark.parametrize(
    ("undoes", "since", "later"),
    [
        pytest.param([None, None, None], 1, [2, 3], id="imports"),
        pytest.param([None, None, 2], 1, [], id="an import that was taken back, and what took it back"),
        pytest.param([None, None, 2, 3], 1, [2], id="taken back, and brought back"),
        pytest.param([None, None, 2, 1], 3, [4], id="a rollback of what came before"),
        pytest.param([None, 1, None], 2, [3], id="an import after a rollback"),
    ],
)
def test_what_is_still_at_work_after_a_release(undoes: list[int | None], since: int, later: list[int]) -> None:
    assert [release.number for release in still_at_work(releases(*undoes), since)] == later
