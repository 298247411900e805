"""Nothing of core is forgotten: every table that its hook_schema() declare is a kind's, or left out for a reason."""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

import pytest

from drupalsync.kinds import all_kinds
from drupalsync.kinds._left_out import CORE, left_out

# What drupal_get_schema() of Drupal 7.105 answers with all of core's modules on, but for the tables of fields.
TABLES: Final = (Path(__file__).parent / "core_tables.txt").read_text().split()
KINDS: Final = {table: name for name, kind in all_kinds().items() for table in kind.TABLES}


@pytest.mark.parametrize("table", TABLES)
def test_a_table_of_core_is_a_kinds_or_is_left_out_with_a_reason(table: str) -> None:
    assert (table in KINDS) != bool(left_out(table)), f"{table}: {KINDS.get(table)}, {left_out(table)}"


def test_nothing_is_left_out_that_core_does_not_have() -> None:
    of_fields = {"field_data_*", "field_revision_*", "field_deleted_*"}
    known = [*TABLES, "cache_menu"]

    idle = [glob for glob in CORE if glob not in of_fields and not any(fnmatchcase(table, glob) for table in known)]

    assert idle == []


def test_no_table_is_two_kinds() -> None:
    count = Counter(table for kind in all_kinds().values() for table in kind.TABLES)

    assert [table for table, number in count.items() if number > 1] == []
