"""What a description of a table would say, guessed from its columns, its keys and its rows.

A guess is on the safe side: a number that may be an id, and whose meaning is not known, is never exported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, takewhile
from typing import Final

from drupalsync.kinds.fields import PROTECT
from drupalsync.kinds.tables.description import EXTRA, Child, Col
from drupalsync.kinds.tables.inside import PATH, is_number, serialized
from drupalsync.kinds.tables.known import CONTENT, RELATIONS, Known, is_id
from drupalsync.kinds.tables.look import Sight

# What tables call what names their rows, where no key of theirs says so; the best first.
_NAMES: Final = ("machine_name", "name", "delta", "identifier", "key", "module", "type", "bundle", "entity_type", "realm",
                 "field_name", "selector", "plugin", "category")  # fmt: skip
_ORDERS: Final = ("weight", "position", "delta", "sort", "step", "sequence", "ordering", "number")
_LINK: Final = re.compile(r"=\s*[\"'][^\"']*(?:node|taxonomy/term)/\d+")


class CannotGuess(Exception):
    """Why a table gets no description, in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """Columns of a table, and what the reader should know of some."""

    columns: dict[str, Col]
    notes: dict[str, str] = field(default_factory=dict)

    @property
    def refers(self) -> list[str]:
        """The kinds that are referred to."""
        kinds = {col.refers for col in self.columns.values()} | {
            kind for col in self.columns.values() for kind in col.places.values()
        }
        return sorted(kinds - {"", "path"})


def key_of(sight: Sight, known: Known, module: str) -> tuple[str, ...]:
    """The columns that name a row; raises CannotGuess."""
    serial = sight.keys.serial
    declared = [key for key in sight.keys.unique if serial not in key]
    for column in {column: None for key in declared for column in key}:
        if kind := _content(sight, column, known, module):
            raise CannotGuess(f"its rows are about single {kind}s ({column})")
    reasons: list[str] = []
    for key in [*declared, *_observed(sight)]:
        wrong = next(filter(None, (_no_name(sight, column, known, module) for column in key)), "")
        if len(key) == 1 and len(sight.texts(key[0])) < len(sight.rows) and sight.columns[key[0]].type == "text":
            wrong = f"{key[0]} is empty in some of its rows"
        if not wrong and any(sight.columns[column].type == "text" or is_id(column) for column in key):
            return key
        reasons.append(wrong or f"its rows are named by numbers ({', '.join(key)})")
    raise CannotGuess(
        reasons[0] if reasons else "no column tells its rows apart but a number that only this site knows"
    )


def doubts_about(sight: Sight, key: Sequence[str]) -> Iterator[str]:
    """What to tell of the columns that name a row."""
    if tuple(key) not in sight.keys.unique:
        yield f"no key of the table says so, but no two of its rows have the same {' and '.join(key)}"
    for name in key:
        texts = sight.texts(name) if sight.columns[name].type == "text" else []
        if texts and all(map(is_number, texts)):
            yield f"{name} is a number in every row: if it is an id of this site, do not describe it so"


def is_observed(sight: Sight, key: Sequence[str]) -> bool:
    """Whether nothing but the rows themselves says that no two share it."""
    return tuple(key) not in sight.keys.unique


def guess_columns(sight: Sight, known: Known, module: str, *, kind: str, hidden: Sequence[str]) -> Guess:
    """What each column holds; `hidden` ones are said by the item's place already."""
    found = Guess(columns={})
    for name in sight.columns:
        if name in hidden and not _holds_ids(sight, name):
            continue
        col, note = _column(sight, name, known, module)
        if name in hidden and not col.refers:
            continue
        if name in {EXTRA, PROTECT, kind}:
            col = replace(col, name=f"{name}_column")
        found.columns[name] = col
        if note:
            found.notes[name] = note
    return found


def tie_of(parent: Sight, key: Sequence[str], sight: Sight) -> dict[str, str]:
    """Which column of a table holds which of its parent's; {} where its rows do not hang from the other's."""
    serial = parent.keys.serial
    if serial and serial in sight.columns and serial != sight.keys.serial:
        ties = (serial,)
    elif not serial and len(key) == 1 and key[0] in sight.columns and _stem(parent.table) in sight.table:
        ties = (key[0],)
    else:
        return {}
    there = {str(row[ties[0]]) for row in parent.rows}
    return {ties[0]: ties[0]} if sight.rows and all(str(row[ties[0]]) in there for row in sight.rows) else {}


def guess_child(
    sight: Sight, parent: Sight, tie: dict[str, str], known: Known, module: str, *, kind: str
) -> tuple[Child, Guess]:
    """A table whose rows hang from another's. Raises CannotGuess where an id that nobody knows names them."""
    keys = [tuple(column for column in key if column not in tie) for key in sight.keys.unique if set(tie) < set(key)]
    keys = [key for key in keys if sight.keys.serial not in key]
    bad = [wrong for key in keys[:1] for column in key if (wrong := _no_name(sight, column, known, module))]
    if bad and not sight.keys.serial:
        raise CannotGuess(bad[0])
    alone = any(set(key) <= set(tie) for key in sight.keys.unique)  # one row each
    key = () if bad or alone else keys[0] if keys else _observed_below(sight, tie)
    is_place = len(key) == 1 and sight.columns[key[0]].type == "int" and not is_id(key[0])
    order = key if is_place else () if key else _order(sight, tie)
    whole = guess_columns(sight, known, module, kind=kind, hidden=[*tie, *(() if is_place else key), sight.keys.serial])
    guess = Guess(
        columns={name: col for name, col in whole.columns.items() if name not in tie},
        notes={name: note for name, note in whole.notes.items() if name not in tie},
    )
    child = Child(
        table=sight.table,
        field=_field(sight.table, parent),
        parent=tie,
        key=() if is_place else key,
        order=order,
        id=sight.keys.serial,
        columns=guess.columns,
    )
    return child, guess


def _observed(sight: Sight) -> Iterator[tuple[str, ...]]:
    """Names that no two rows share, though no key says so: the fewest columns that do."""
    named = [name for name in _NAMES if name in sight.columns and sight.is_name(name) and not is_id(name)]
    for size in (1, 2, 3):
        for key in combinations(named, size):
            # One row alone would make a key of any column: only a name, or all of them together, is one.
            if sight.is_unique(key) and (len(sight.rows) > 1 or key[0] in _NAMES[:5] or len(key) == len(named)):
                yield key
                return


def _observed_below(sight: Sight, tie: dict[str, str]) -> tuple[str, ...]:
    """A column of names that no two rows of one parent share, where there are enough rows to tell."""
    if sight.keys.serial or len(sight.rows) < 2 or set(_ORDERS) & sight.columns.keys():
        return ()  # a list
    named = [name for name in sight.columns if name not in tie and not is_id(name) and sight.is_name(name)]
    return next(((name,) for name in named if sight.is_unique([*tie, name])), ())


def _no_name(sight: Sight, column: str, known: Known, module: str) -> str:
    """Why a column cannot be a part of what names a row; "" where it can."""
    type_ = sight.columns[column].type
    if type_ in {"blob", "float", "numeric"} or column in sight.serialized or sight.is_moment(column):
        return f"its rows are named by {column}, which is no name"
    if not _holds_ids(sight, column):
        return "" if all(row[column] is not None for row in sight.rows) else f"{column} is empty in some of its rows"
    kind = known.kind_of(column, sight.cells(column), module)
    if kind in CONTENT:
        return f"its rows are about single {kind}s ({column})"
    return "" if kind else f"its rows are named by {column}, an id of this site whose meaning is not known"


def _content(sight: Sight, column: str, known: Known, module: str) -> str:
    """The kind of content, or of people, that a column names by id; "" where it names none."""
    kind = known.kind_of(column, sight.cells(column), module) if _holds_ids(sight, column) else ""
    return kind if kind in CONTENT else ""


def _column(sight: Sight, name: str, known: Known, module: str) -> tuple[Col, str]:
    """A column, and what to tell of it."""
    column = sight.columns[name]
    if name in sight.serialized:
        return serialized(sight, name, known, module)
    unset = 0 if not column.nullable and column.default is None else None
    if sight.is_moment(name):
        return Col(derived=True, value=unset), ""
    if _holds_ids(sight, name):
        kind = known.kind_of(name, sight.cells(name), module)
        if kind:
            return Col(refers=kind), ""
        return Col(derived=True, value=unset), (
            "an id of what? It stays out until you say: {refers: KIND}, or {} where it is none"
        )
    if column.type != "text":
        return Col(), ""
    texts = sight.texts(name)
    if kind := known.name_of(name, texts):
        return Col(refers=kind), ""
    if any(map(PATH.fullmatch, texts)):
        return Col(path=True), ""
    return Col(links=any(map(_LINK.search, texts))), ""


def _holds_ids(sight: Sight, column: str) -> bool:
    """Whether a column, by name and content, holds ids of this site; the one that numbers its own rows does not count."""
    if column == sight.keys.serial:
        return False
    if sight.columns[column].type == "int":
        return is_id(column) or column in RELATIONS
    if not is_id(column):
        return False
    cells = sight.texts(column)
    return bool(cells) and all(text.isascii() and text.isdecimal() for text in cells)


def _order(sight: Sight, tie: dict[str, str]) -> tuple[str, ...]:
    """What rows without a name of their own are sorted by."""
    named = [name for name in _ORDERS if name in sight.columns]
    serial = [sight.keys.serial] if sight.keys.serial else []
    return (*named[:1], *serial) or tuple(name for name in sight.columns if name not in tie)[:1] or tuple(tie)


def _field(table: str, parent: Sight) -> str:
    """What a child table is called in its parent's file."""
    words = zip(table.split("_")[:-1], parent.table.split("_"), strict=False)
    shared = "".join(f"{word}_" for word, _ in takewhile(lambda pair: pair[0] == pair[1], words))
    stems = (f"{parent.table}_", f"{_stem(parent.table)}_", shared)
    own = next((table.removeprefix(stem) for stem in stems if stem and table.startswith(stem)), table)
    own = own if own.endswith("s") else f"{own}s"
    return own if own not in parent.columns else f"{own}_rows"


def _stem(table: str) -> str:
    return table.removesuffix("s")
