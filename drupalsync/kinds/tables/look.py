"""A table that nobody describes, looked at: its columns, its keys, its rows, and what each column seems to hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, cast

from drupalsync.kinds.tables.rows import Named
from drupalsync.php import PhpSyntaxError, decode
from drupalsync.site import Cell, Column, Site, as_bytes
from drupalsync.site.facts import TableKeys, table_keys
from drupalsync.tree import Path, TreeValue, walk

MOST: Final = 500  # rows: a table with as many is content, or a log
MOST_BELOW: Final = 5000  # rows that hang from those of another table

_NAME: Final = re.compile(r"[\w.:/@+-]{1,255}")
_SERIALIZED: Final = re.compile(rb"[abdisO]:|N;")
_MOMENTS: Final = re.compile(
    r"(?:.*_)?(?:created|changed|updated|modified|imported|timestamp|accessed)(?:_at|_on)?|last_\w+"
)
_MOMENT: Final = 500_000_000  # unix time: 1985


@dataclass(eq=False, kw_only=True)
class Sight:
    """What was seen of a table; `rows` are all of them, or the first that were asked for and one more."""

    table: str
    columns: dict[str, Column]
    keys: TableKeys
    rows: list[Named]

    def cells(self, column: str) -> list[Cell]:
        """What the rows hold there, but for nothing: NULL, '' and 0."""
        return [row[column] for row in self.rows if row[column] not in (None, "", b"", 0, "0")]

    def texts(self, column: str) -> list[str]:
        return [
            as_bytes(cell).decode("utf-8", "replace") if isinstance(cell, str | bytes) else str(cell)
            for cell in self.cells(column)
        ]

    @cached_property
    def serialized(self) -> dict[str, list[TreeValue]]:
        """The columns in which every row holds a serialized PHP value, with those values."""
        found = {
            name: _unserialized(self.cells(name)) for name, column in self.columns.items() if _may_hold_text(column)
        }
        return {name: values for name, values in found.items() if values is not None}

    def is_unique(self, names: Sequence[str]) -> bool:
        """Whether no two rows share these cells, and none is NULL or empty; letters of either case count as the same."""
        cells = [tuple(str(row[name]).lower() if row[name] is not None else "" for name in names) for row in self.rows]
        return len(set(cells)) == len(cells) and all(all(row) for row in cells)

    def is_name(self, column: str) -> bool:
        """Whether the column holds machine names."""
        texts = self.texts(column)
        return self.columns[column].type == "text" and bool(texts) and all(map(_NAME.fullmatch, texts))

    def is_moment(self, column: str) -> bool:
        """Whether the column says when something happened: another time on every site."""
        numbers = self.cells(column)
        return (
            self.columns[column].type == "int"
            and _MOMENTS.fullmatch(column) is not None
            and all(isinstance(number, int) and number > _MOMENT for number in numbers)
        )

    def inside(self, column: str) -> Iterator[tuple[Path, TreeValue]]:
        """Every value inside a serialized column with its path, arrays before what they hold."""
        for value in self.serialized[column]:
            yield from walk(value)


def look(site: Site, table: str, most: int = MOST) -> Sight:
    """Reads a table, of its rows not many more than `most`."""
    columns = dict(site.columns(table))
    quoted = ", ".join(map(site.db.quote, columns))
    rows = site.rows(f"SELECT {quoted} FROM {{{table}}} LIMIT {most + 1}")
    return Sight(
        table=table,
        columns=columns,
        keys=table_keys(site, table),
        rows=[dict(zip(columns, row, strict=True)) for row in rows],
    )


def count(site: Site, table: str, most: int = MOST) -> int:
    """How many rows a table has; where there are more than `most`, that and one."""
    row = site.one(f"SELECT COUNT(*) FROM (SELECT 1 FROM {{{table}}} LIMIT {most + 1}) counted")
    return int(str(row[0])) if row else 0


def _may_hold_text(column: Column) -> bool:
    return column.type == "blob" or (column.type == "text" and not 0 < column.length < 100)


def _unserialized(cells: Sequence[Cell]) -> list[TreeValue] | None:
    """The values, where every cell is a serialized one and not all of them are plain texts and numbers."""
    values: list[TreeValue] = []
    for cell in cells:
        data = as_bytes(cell)
        if not _SERIALIZED.match(data):
            return None
        try:
            values.append(cast(TreeValue, decode(data)))
        except PhpSyntaxError:
            return None
    return values or None
