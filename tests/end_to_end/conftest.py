"""The site of a developer and its production, as two environments of one project, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.cli import Project

if TYPE_CHECKING:
    from pathlib import Path

    from support.dumps import Load


@pytest.fixture
def dev(dump: Load, tmp_path: Path) -> Project:
    """The developer's environment: the site on the day it was cloned."""
    return Project(tmp_path / "project", {"dev": dump("base"), "prod": dump("prod")})


@pytest.fixture
def prod(dev: Project) -> Project:
    """The same project's production, where visitors have been since."""
    return dev.at("prod")
