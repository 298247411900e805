"""Golden files: whole outputs, compared as bytes, written only by `./dev golden`, reviewed like code."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Final

import pytest

from support.surroundings import REPO

GOLDEN: Final = REPO / "tests" / "golden"

Check = Callable[[str, str], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write golden files anew; look at their diff")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--update-golden") and "CI" in os.environ:
        raise pytest.UsageError("CI compares golden files, it never writes them")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Check:
    """`golden(actual, "<layer>/<the-case-as-a-sentence>.txt")` compares with the file under tests/golden."""

    def check(actual: str, name: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(actual.encode())
        assert file.is_file(), f"no {file} yet; write it: ./dev golden, and look at it"
        assert actual == file.read_bytes().decode(), f"{file} differs; if meant: ./dev golden"

    return check
