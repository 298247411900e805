"""What a table of configuration looks like: said once, as data, and it is a kind like any other.

Words of the `tables:` of drupalsync.yml and of the descriptions that come with drupalsync; core's own small kinds are
made of them, too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from drupalsync.site import Cell
from drupalsync.tree import TreeValue

EXTRA: Final = "extra"  # the field that holds columns which no description names


@dataclass(frozen=True, slots=True, kw_only=True)
class Col:
    """A column, and the field that it is in a file.

    `default` is what a file leaves out; None: what the table's schema says. At most one of `refers` (the kind whose
    local id, or name, stands there), `within` (a text around such an id: `block-{block}`), `member` (the field of the
    children one of whose ids stands there), `path`, `links` and `serialized` is given; `places` are paths inside a serialized
    value (`settings.*.tid`; `*` is one step or a part of one, `**` any number) with the kind that a value there refers to,
    "path", or a text around the id; `keys` are paths of arrays whose keys do so, and `itself` is where the row's own id is.
    A `flag` is true or false. `derived` columns are never exported, and get `value` in a new row; `own` ones are the environment's.
    """

    name: str = ""
    help: str = ""
    default: TreeValue = None
    refers: str = ""
    within: str = ""
    member: str = ""
    path: bool = False
    links: bool = False
    serialized: bool = False
    flag: bool = False
    required: bool = False
    derived: bool = False
    own: bool = False
    value: Cell = None
    places: Mapping[str, str] = dataclasses.field(default_factory=dict)
    keys: Mapping[str, str] = dataclasses.field(default_factory=dict)
    itself: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether it is a field of the item."""
        return not self.derived and not self.own


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """Rows of another table that belong to one of this: a mapping by `key` columns, else a list in the order of `order`.

    `parent` says which column of the child holds which column of the parent.
    """

    table: str
    field: str
    parent: Mapping[str, str]
    key: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    id: str = ""
    columns: Mapping[str, Col] = dataclasses.field(default_factory=dict)
    help: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """A table whose rows are items. `key` are the columns that name a row, `id` the serial one that only its site knows.

    `where` narrows the rows to those with these values, `condition` (SQL, of core's own kinds) further; `content` are
    values (a list for a column) of rows that editors make, which are left to the site; `used_by` are the places
    (`table.column`: the column of this table that stands there) of content that a row with any cannot be deleted without. `module` must be on. `fixed`: a row
    cannot get another name.
    `caches` are (bin, cid), where the cid may be `*`, or end in it; `router`: rows make pages, so that a write marks the
    router for a rebuild. `entity_status` is the column in which Entity API keeps whether a module's code declares the
    row, too. `likeness` are columns that are equal only where a vanished and a new item are one.
    """

    kind: str
    table: str
    key: tuple[str, ...]
    folder: str
    id: str = ""
    module: str = ""
    columns: Mapping[str, Col] = dataclasses.field(default_factory=dict)
    where: Mapping[str, Cell] = dataclasses.field(default_factory=dict)
    condition: str = ""
    used_by: Mapping[str, str] = dataclasses.field(default_factory=dict)
    content: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    children: tuple[Child, ...] = ()
    after: tuple[str, ...] = ()
    caches: tuple[tuple[str, str], ...] = ()
    likeness: tuple[str, ...] = ()
    fixed: bool = False
    router: bool = False
    entity_status: str = ""

    @property
    def tables(self) -> tuple[str, ...]:
        return (self.table, *(child.table for child in self.children))

    @property
    def refers_to(self) -> list[str]:
        """The kinds that its columns, and those of its children, refer to."""
        columns = [*self.columns.values(), *(col for child in self.children for col in child.columns.values())]
        return sorted({col.refers for col in columns if col.refers} - {self.kind})


def field_name(column: str, col: Col) -> str:
    """What a column is called in a file."""
    return col.name or column
