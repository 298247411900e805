"""Sites with described tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.described import sites


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Any]:
    with sites(tmp_path) as made:
        yield made
