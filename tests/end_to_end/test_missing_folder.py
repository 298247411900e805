"""A checkout that lost a folder is no wish to delete what was in it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from support.cli import Project


def test_a_kind_that_left_the_tree_whole_is_not_pruned(tiny: Project) -> None:
    tiny.run("export")
    prod = tiny.at("prod")
    prod.run("import", "--adopt", "--yes")
    blocks = prod.rows("SELECT module, delta, theme, region FROM block ORDER BY bid")
    shutil.rmtree(prod.root / "config" / "blocks")

    stopped = prod.run("import", "--prune", "--yes", exits=1)

    assert "the tree has no block any more" in stopped.stderr
    assert prod.rows("SELECT module, delta, theme, region FROM block ORDER BY bid") == blocks
    assert "13 gone from the tree and kept" in prod.run("import", "--yes").stdout
