"""A real site: every serialized cell of its database decodes, and encodes to the same bytes."""

from __future__ import annotations

import gzip
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from drupalsync.php import PhpSerialized, canonical, decode, encode, same, uncanonical

DUMPS = Path(os.environ.get("DRUPALSYNC_DUMPS", Path(__file__).parents[3] / "../shared/dumps"))
FILES = sorted(DUMPS.glob("*.sqlite.gz"))
LOOKS_SERIALIZED = re.compile(rb"""(?:N;|[ibd]:[^;]*;|s:\d+:".*";|a:\d+:\{.*\}|O:\d+:".*\})\Z""", re.DOTALL)


def serialized_cells(db: sqlite3.Connection) -> Iterator[bytes]:
    for (table,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        for row in db.execute(f'SELECT * FROM "{table.decode()}"'):
            yield from (cell for cell in row if isinstance(cell, bytes) and LOOKS_SERIALIZED.match(cell))


@pytest.mark.skipif(not FILES, reason="no dumps of a real site here (DRUPALSYNC_DUMPS)")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_serialized_cell_of_a_real_site_is_written_back_to_the_byte(file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "site.sqlite"
    copy.write_bytes(gzip.decompress(file.read_bytes()))
    with closing(sqlite3.connect(copy)) as db:
        db.text_factory = bytes
        cells = list(serialized_cells(db))
    assert len(cells) > 100
    for cell in cells:
        value = decode(cell)
        assert not isinstance(value, PhpSerialized)
        assert encode(value) == cell
        assert same(uncanonical(canonical(value)), value)
