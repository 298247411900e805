"""The tables of a site that look like configuration and that nobody describes, each with a description that works.

A table is one where a module that is on owns it, core does not, it has some rows and not many, and either a name of
theirs or serialized values in them. Others are told apart: what is left out for a reason, what is empty, what cannot
be described, and why.
Source of the owners: a module's tables begin with its name (https://www.drupal.org/docs/7/api/schema-api).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._left_out import left_out
from drupalsync.kinds.base import Context, Kind
from drupalsync.kinds.tables.description import Child, Description
from drupalsync.kinds.tables.guess import (
    CannotGuess,
    Guess,
    doubts_about,
    guess_child,
    guess_columns,
    is_observed,
    key_of,
    tie_of,
)
from drupalsync.kinds.tables.kind import TableKind
from drupalsync.kinds.tables.known import Known
from drupalsync.kinds.tables.left_out import contributed
from drupalsync.kinds.tables.look import MOST, MOST_BELOW, Sight, count, look
from drupalsync.site import is_bin
from drupalsync.tree import same

_RESERVED: Final = frozenset({"environments"})  # a folder of the tree that holds no kind's files
# Columns of what is about single things that people made, or about the people.
_OF_CONTENT: Final = frozenset({"nid", "uid", "fid", "cid", "entity_id", "etid", "gid", "revision_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A description to paste; `rows` by table, `notes` by table and column, `remarks` on the whole."""

    about: Description
    rows: Mapping[str, int]
    notes: Mapping[tuple[str, str], str]
    remarks: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Undescribed:
    """What became of each table that no kind has."""

    proposals: list[Proposal] = field(default_factory=list)
    cannot: dict[str, str] = field(default_factory=dict)  # table → why it gets no description, though it looks like one
    empty: list[str] = field(default_factory=list)  # nothing can be told of them
    others: dict[str, str] = field(default_factory=dict)  # table → why it is no configuration


def undescribed(ctx: Context, kinds: Mapping[str, Kind], modules: Mapping[str, bool]) -> Undescribed:
    """Looks at every table that none of the kinds has. `modules` are those that are on: whether each is core's.

    The kinds have identified their rows.
    """
    found = Undescribed()
    work = _Work(ctx=ctx, kinds=kinds, modules=modules, known=Known(ctx, kinds))
    described = {table for kind in kinds.values() for table in kind.TABLES}
    for table in sorted(ctx.site.tables - described):
        why = left_out(table) or contributed(table) or work.strange(table)
        if why:
            found.others[table] = why
        elif not count(ctx.site, table, 0):
            _note_empty(ctx, table, found)
        else:
            work.sights[table] = look(ctx.site, table, MOST_BELOW)
    work.sort_out(found)
    return found


@dataclass(kw_only=True)
class _Work:
    """The tables that are being looked at."""

    ctx: Context
    kinds: Mapping[str, Kind]
    modules: Mapping[str, bool]
    known: Known
    sights: dict[str, Sight] = field(default_factory=dict)

    def owner(self, table: str) -> str:
        """The module that a table is of, by the longest name that it begins with; "" where none is on, or it is core's."""
        owner = max(self._owners(table), key=len, default="")
        return "" if self.modules.get(owner) else owner

    def strange(self, table: str) -> str:
        """Why a table is not looked at."""
        if not table.isascii() or not table.isidentifier():
            return "no name for a table of Drupal's"
        return "" if self._owners(table) else "of no module that is on"

    def _owners(self, table: str) -> list[str]:
        """The modules whose name a table begins with: as a word, or else anyhow, where that can be no accident."""
        whole = [name for name in self.modules if table == name or table.startswith(f"{name}_")]
        return whole or [name for name in self.modules if len(name) > 3 and table.startswith(name)]

    def sort_out(self, found: Undescribed) -> None:
        """Sorts the tables: parents with a name of their own first, then what hangs from them."""
        keys: dict[str, tuple[str, ...]] = {}
        failed: dict[str, str] = {}
        for _ in range(2):  # twice: a key may refer to a table that comes later
            for table, sight in self.sights.items():
                if table not in keys:
                    self._name(table, sight, keys, failed)
        below = self._below(keys)
        guesses = {
            table: self._propose(sight, keys[table], below)
            for table, sight in self.sights.items()
            if table in keys and table not in below
        }
        hung = {child.table for proposal in guesses.values() for child in proposal.about.children}
        for table, sight in self.sights.items():
            if table in hung:
                continue
            if len(sight.rows) >= MOST:
                found.others[table] = f"{MOST} rows or more"
            elif table in guesses:
                self._take(guesses[table], sight, found)
            elif sight.serialized:
                found.cannot[table] = (
                    failed.get(table) or f"its rows hang from those of {below[table][0]}, which says nothing of them"
                )
            else:
                found.others[table] = failed.get(table) or f"its rows hang from those of {below[table][0]}"

    def _name(self, table: str, sight: Sight, keys: dict[str, tuple[str, ...]], failed: dict[str, str]) -> None:
        owner = self.owner(table)
        try:
            keys[table] = key_of(sight, self.known, owner)
        except CannotGuess as error:
            failed[table] = str(error)
            return
        if sight.keys.serial and len(sight.rows) < MOST:
            kind, key = self._kind(table), keys[table]
            columns = guess_columns(sight, self.known, owner, kind=kind, hidden=[*sight.columns]).columns
            about = Description(kind=kind, table=table, key=key, id=sight.keys.serial, folder=kind, columns=columns)
            TableKind(about=about).identify(self.ctx)  # so that others can be found to refer to it
            self.known.add(sight.keys.serial, kind, owner)

    def _below(self, keys: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, dict[str, str]]]:
        """The tables that hang from another, with that one's name and what ties them to it."""
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for parent in sorted(keys, key=lambda table: (len(table), table)):
            above = self.sights[parent]
            if parent in found or len(above.rows) >= MOST:
                continue
            for table, sight in self.sights.items():
                if len(sight.rows) > MOST_BELOW:
                    continue
                has_own_name = table in keys and not is_observed(sight, keys[table])
                tie = tie_of(above, keys[parent], sight) if table != parent and table not in found else {}
                if tie and self._same_owner(table, parent) and not (has_own_name and not set(tie) & set(keys[table])):
                    found[table] = (parent, tie)
        return found

    def _same_owner(self, table: str, parent: str) -> bool:
        return self.owner(table) == self.owner(parent) or table.startswith(f"{parent.removesuffix('s')}_")

    def _propose(self, sight: Sight, key: tuple[str, ...], below: Mapping[str, tuple[str, dict[str, str]]]) -> Proposal:
        owner, kind = self.owner(sight.table), self._kind(sight.table)
        guess = guess_columns(sight, self.known, owner, kind=kind, hidden=[*key, sight.keys.serial])
        notes = {(sight.table, column): note for column, note in guess.notes.items()}
        remarks = [*doubts_about(sight, key)]
        if not owner:
            remarks.append("which module's it is cannot be told: add `module: NAME`")
        children: list[Child] = []
        guesses: list[Guess] = [guess]
        for table, (parent, tie) in below.items():
            if parent != sight.table:
                continue
            try:
                child, more = guess_child(self.sights[table], sight, tie, self.known, owner, kind=kind)
            except CannotGuess as error:
                remarks.append(f"{table} hangs from it, and is left out: {error}")
                continue
            children.append(child)
            guesses.append(more)
            notes |= {(table, column): note for column, note in more.notes.items()}
        refers = {kind for guess in guesses for kind in guess.refers}
        about = Description(
            kind=kind,
            table=sight.table,
            key=key,
            id=sight.keys.serial,
            folder=kind,
            module=owner,
            columns=guess.columns,
            children=tuple(children),
            after=tuple(sorted(other for other in refers if other != kind)),
            caches=self._caches(owner),
        )
        rows = {table: len(self.sights[table].rows) for table in about.tables}
        return Proposal(about=about, rows=rows, notes=notes, remarks=tuple(remarks))

    def _take(self, proposal: Proposal, sight: Sight, found: Undescribed) -> None:
        """Keeps a proposal that looks like configuration and reads the rows as they are."""
        about = proposal.about
        named = all(sight.is_name(column) for column in about.key if sight.columns[column].type == "text")
        if not named and not sight.serialized:
            found.others[about.table] = "neither machine names nor serialized values in it"
        elif why := _why_not(self.ctx, about, len(sight.rows)):
            found.cannot[about.table] = why
        else:
            found.proposals.append(proposal)

    def _kind(self, table: str) -> str:
        taken = {*self.kinds, *_RESERVED, *(str(getattr(kind, "FOLDER", "")) for kind in self.kinds.values())}
        name = table.lower() if table[0].isalpha() else f"t{table.lower()}"
        return f"{name}_table" if name in taken else name

    def _caches(self, owner: str) -> tuple[tuple[str, str], ...]:
        """What may hold a copy: the module's own bins, and pages and blocks that were built of it."""
        bins = {table for table in self.ctx.site.tables if table != "cache" and is_bin(table)}
        own = {name for name in bins if owner and self.owner(name.removeprefix("cache_")) == owner}
        return tuple((name, "*") for name in sorted(own | bins & {"cache_block", "cache_page"}))


def _note_empty(ctx: Context, table: str, found: Undescribed) -> None:
    """What can be told of a table without rows: whether it may become one of configuration."""
    columns = ctx.site.columns(table)
    about = [name for name in columns if name.rpartition("_")[2] in _OF_CONTENT or name in _OF_CONTENT]
    if about:
        found.others[table] = f"empty, and about content or people ({about[0]})"
    elif all(column.type not in {"text", "blob"} for column in columns.values()):
        found.others[table] = "empty, and only numbers would be in it"
    else:
        found.empty.append(table)


def _why_not(ctx: Context, about: Description, rows: int) -> str:
    """Why a description does not do: it does not read every row, or a file of it does not say what it read."""
    kind = TableKind(about=about)
    kind.identify(ctx)
    items = list(kind.read(ctx))
    if len(items) < rows:
        return f"only {len(items)} of its {rows} rows have a name of their own ({', '.join(about.key)})"
    for item in items:
        try:
            (back,) = kind.load(kind.place(item), kind.dump([item], None))
        except DrupalsyncError as error:
            return f"{item.address}: {error.what}"
        if back.key != item.key or not all(same(back.fields[name], value) for name, value in item.fields.items()):
            return f"{item.address} does not read back as it was written"
    return ""
