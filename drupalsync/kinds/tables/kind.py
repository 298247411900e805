"""A kind made of a description: what `Kind` and `Document` (kinds/base.py) ask for, for any table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.fields import Field, dump_fields, keep_written, load_fields, mapping_schema
from drupalsync.kinds.tables import declared, fixed_names, members, rows
from drupalsync.kinds.tables.check import CannotBeRow, problems
from drupalsync.kinds.tables.description import Description, field_name
from drupalsync.kinds.tables.quiet import quiet
from drupalsync.kinds.tables.spec import fields_of, with_null
from drupalsync.kinds.tables.use import check_unused
from drupalsync.site import LocalId
from drupalsync.site.variables import set_variable
from drupalsync.tree import TreeValue, same
from drupalsync.tree.names import encode_name

Check = Callable[[Context, Item, Mapping[str, Item]], Iterator[DrupalsyncError]]
Losses = Callable[[Context, Item, Container[str]], Iterator[str]]


def _nothing(*_: object) -> Iterator[Any]:
    return iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """What a kind does besides: as its Drupal module does when a row is saved or deleted.

    `wrote` gets the item that was there (None: new) and the one that is; `deleted` the one that went.
    """

    check: Check = _nothing
    losses: Losses = _nothing
    worth: Callable[[Item], bool] = lambda item: True  # noqa: ARG005  named as callers read it
    wrote: Callable[[Context, Item | None, Item], object] = _nothing
    deleted: Callable[[Context, Item], object] = _nothing
    finish: Callable[[Context], object] = _nothing
    keep: Callable[[Item], bool] = lambda item: True  # noqa: ARG005  whether a row is an item at all
    new_id: Callable[[Context], LocalId] | None = None  # where the database does not number the rows


@dataclass(eq=False, repr=False)
class TableKind:
    """The kind of a description; `doc` is its page."""

    about: Description
    doc: str | None = None
    hooks: Hooks = field(default_factory=Hooks)

    def __post_init__(self) -> None:
        self.__doc__ = self.doc or _page(self.about)

    @property
    def NAME(self) -> str:  # noqa: N802
        return self.about.kind

    @property
    def TABLES(self) -> tuple[str, ...]:  # noqa: N802
        return self.about.tables

    @property
    def AFTER(self) -> tuple[str, ...]:  # noqa: N802
        """What the description says, and whatever its columns refer to."""
        return tuple(dict.fromkeys((*self.about.after, *self.about.refers_to)))

    @property
    def DOCUMENT(self) -> str:  # noqa: N802
        return self.about.kind

    @property
    def FOLDER(self) -> str:  # noqa: N802
        return self.about.folder

    @cached_property
    def FIELDS(self) -> Mapping[str, Field]:  # noqa: N802
        """Every column that is ours, the children, and what no description names."""
        fields = fields_of(self.about)
        return with_null(self.about, fields) if self.doc is None else fields

    def identify(self, ctx: Context) -> None:
        """A row is called by its key columns."""
        about = self.about
        for row in self._rows(ctx, {name: None for name in (*about.key, about.id, *about.content) if name}):
            key = self._key(ctx, row)
            if key is not None:
                ctx.keys.assign(self.NAME, self._local_id(row, key), key)

    def read(self, ctx: Context) -> Iterator[Item]:
        """Yields every row by key; one query a table."""
        found = self._rows(ctx)
        below = [(child, rows.read_children(ctx, child)) for child in (self.about.children if found else ())]
        items: list[Item] = []
        for row in found:
            key = self._key(ctx, row)
            if key is None:
                continue
            fields = rows.fields_of(ctx, self.about, row)
            ids: dict[str, dict[str, str]] = {}
            try:
                for child, all_members in below:
                    mine = all_members.get(tuple(str(row[other]) for other in child.parent.values()), [])
                    fields[child.field] = rows.shaped(child, mine)
                    ids[child.field] = {member.id: member.key for member in mine if member.key is not None}
            except rows.NotAMapping as wrong:
                self._note(ctx, f"{self.NAME}:{key} has {wrong}: it is left to the site")
                continue
            members.read(self.about, row, ids, fields)
            item = Item(kind=self.NAME, key=key, fields=fields, local_id=self._local_id(row, key))
            if self.hooks.keep(item):
                items.append(item)
        self._note_renamed(ctx)
        yield from sorted(items, key=lambda item: item.key)

    def worth_exporting(self, item: Item) -> bool:
        """A row that somebody made, unless the kind says otherwise."""
        return self.hooks.worth(item)

    def as_read(self, ctx: Context, item: Item) -> Item:
        """An item of the tree without what its file writes out though the columns hold it anyway."""
        fields = quiet(ctx, self.about, item.fields)
        return item if same(fields, item.fields) else replace(item, fields=fields)

    def fill(self, item: Item, live: Item | None) -> Item:
        """A row leaves nothing to the site."""
        del live
        return item

    def needs(self, item: Item) -> Iterable[str]:
        """No row needs another of its table."""
        del item
        return ()

    def check(self, ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
        """Yields what the table, or what it refers to, forbids; of one that has another name on the site that alone."""
        now = fixed_names.name_now(ctx, self.NAME, item.key, desired) if self._is_told_by_name else None
        if now is not None:
            yield fixed_names.problem(self.NAME, item.key, now, item.source or item.address)
            return
        found = list(problems(ctx, self.about, item, desired))
        yield from found
        if not found:
            declared.note(ctx, self.about, item)
            yield from self.hooks.check(ctx, item, desired)

    def lock(self, ctx: Context, items: Iterable[Item]) -> None:
        """Locks the rows of these items."""
        column = self.about.id or self.about.key[-1]
        values = [item.local_id if self.about.id else self._key_cells(ctx, item)[column] for item in items]
        ctx.site.lock_rows(self.about.table, column, values)

    def create(self, ctx: Context, item: Item) -> LocalId:
        """Writes the row and its children; returns the serial id, or the key."""
        about, site, where = self.about, ctx.site, item.source or item.address
        row = {
            **rows.new_row(about, site.columns(about.table)),
            **self._key_cells(ctx, item),
            **rows.row_of(ctx, about, item.fields, item.fields, where),
        }
        if self.hooks.new_id is not None:
            row[about.id] = self.hooks.new_id(ctx)
        number = site.insert(about.table, row)
        if about.id:
            row.setdefault(about.id, number)
        local_id = self._local_id(row, item.key)
        ctx.keys.assign(self.NAME, local_id, item.key)
        for child in about.children:
            rows.write_children(ctx, child, row, None, item.fields[child.field], where)
        members.write(ctx, about, self._handle(ctx, replace(item, local_id=local_id)), item.fields, item.fields, where)
        self._written(ctx, None, item)
        return local_id

    def update(self, ctx: Context, live: Item, item: Item) -> None:
        """Writes the columns that differ, and the children that do; raises CannotBeRow where it would get another name."""
        about, site, where = self.about, ctx.site, item.source or item.address
        live = self._followed(ctx, live, item)
        if about.fixed and live.key != item.key:
            raise CannotBeRow(
                f"{live.address} cannot become {item.key}: it is known by its name elsewhere",
                where=where,
                hint="make a new one, and delete the old one",
            )
        changed = [name for name in self.FIELDS if not same(live.fields[name], item.fields[name])]
        before = self._handle(ctx, live)
        row = rows.with_id(ctx, about, rows.row_of(ctx, about, item.fields, changed, where), live.local_id)
        if live.key != item.key:
            row |= self._key_cells(ctx, item)
        if row:
            site.update(about.table, row, before)
        if live.key != item.key:
            ctx.keys.assign(self.NAME, live.local_id if about.id and live.local_id else item.key, item.key)
        for child in about.children:
            if child.field in changed or live.key != item.key:
                rows.write_children(ctx, child, self._handle(ctx, item), before, item.fields[child.field], where)
        members.write(ctx, about, self._handle(ctx, replace(item, local_id=live.local_id)), item.fields, changed, where)
        self._written(ctx, live, item)

    def key_after(self, key: str, moved: Mapping[str, str]) -> str:
        """The key with the names that what it refers to gets."""
        parts = rows.split_key(self.about.key, key)
        if len(parts) != len(self.about.key):
            return key
        for at, column in enumerate(self.about.key):
            kind = self.about.columns.get(column, rows.PLAIN).refers
            new = moved.get(f"{kind}:{parts[at]}") if kind else None
            if new is not None:
                parts[at] = new.partition(":")[2]
        return rows.join_key(parts)

    def losses(self, ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
        if self.about.used_by:
            check_unused(ctx, self.about, item, self._handle(ctx, item))
        yield from declared.losses(self.about, item)
        yield from self.hooks.losses(ctx, item, going)

    def remains(self, ctx: Context, item: Item) -> Iterator[str]:
        """Nothing stays behind."""
        del ctx, item
        return iter(())

    def delete(self, ctx: Context, item: Item) -> None:
        """Deletes the row with its children."""
        about, handle = self.about, self._handle(ctx, item)
        for child in about.children:
            if child.table in ctx.site.tables:
                ctx.site.delete(child.table, {column: handle[other] for column, other in child.parent.items()})
        ctx.site.delete(about.table, handle)
        self.hooks.deleted(ctx, item)
        self._stale(ctx)
        if item.local_id is not None:
            ctx.keys.drop(self.NAME, item.local_id)

    def finish(self, ctx: Context) -> None:
        self.hooks.finish(ctx)

    def can_move(self, item: Item) -> bool:
        """Whether the row may get another name."""
        del item
        return not self.about.fixed

    def likeness(self, item: Item) -> str | None:
        """What the description says that no two rows share."""
        values = [item.fields.get(field_name(name, self.about.columns[name])) for name in self.about.likeness]
        return repr(values) if any(value not in (None, "", [], {}) for value in values) else None

    def place(self, item: Item) -> str:
        """A file of its own."""
        return f"{self.FOLDER}/{encode_name(item.key)}.yml"

    def load(self, path: str, document: TreeValue) -> Iterator[Item]:
        """The item of a file; raises FieldProblem."""
        from drupalsync.kinds.tables.document import load

        yield load(self.about, self.FIELDS, path, document)

    def schema(self) -> Mapping[str, object]:
        """The JSON Schema of a file."""
        return mapping_schema(self.FIELDS, self.NAME)

    def dump(self, items: Sequence[Item], old: TreeValue) -> TreeValue:
        """The file of a row."""
        (item,) = items
        written = {self.NAME: item.key, **dump_fields(self.FIELDS, item.fields)}
        meant: Fields = {}
        if isinstance(old, dict):
            meant = load_fields(self.FIELDS, old, besides=(self.NAME,))
        return keep_written(old, written, meant, item.fields)

    def _rows(self, ctx: Context, only: Iterable[str] = ()) -> list[rows.Named]:
        about = self.about
        if about.table not in ctx.site.tables:
            return []
        if about.module and ctx.keys.local_id("module", about.module) is None:
            return []
        if lacks := rows.lacking(ctx.site, about):
            self._note(
                ctx, f"{self.NAME}: {lacks[0]} has no column {lacks[1]} on this site: its rows are left to the site"
            )
            return []
        there = [name for name in only if name in ctx.site.columns(about.table)]  # `content` may be of a later version
        found = rows.rows_of(ctx.site, about.table, about.where, condition=about.condition, only=there)
        count = Counter(self._key(ctx, row) for row in found)
        twice = [key for key, times in count.items() if times > 1 and key is not None]
        for key in twice:
            self._note(
                ctx, f"{self.NAME}:{key} is {count[key]} rows of {about.table}: none of them is exported or written"
            )
        return [row for row in found if self._key(ctx, row) not in twice and not self._is_content(row)]

    def _is_content(self, row: rows.Named) -> bool:
        return any(row.get(column) in values for column, values in self.about.content.items())

    @property
    def _is_told_by_name(self) -> bool:
        """Whether a row that got another name would be taken for another row, though its id tells that it is the same."""
        return self.about.fixed and bool(self.about.id)

    def _note_renamed(self, ctx: Context) -> None:
        wanted = ctx.memory.tree(self.NAME) if self._is_told_by_name else ()
        tree = {item.address for item in wanted}
        for item in wanted:
            now = fixed_names.name_now(ctx, self.NAME, item.key, tree)
            if now is not None:
                self._note(ctx, fixed_names.sentence(self.NAME, item.key, now))

    def _note(self, ctx: Context, note: str) -> None:
        if note not in ctx.notes:
            ctx.notes.append(note)

    def _key(self, ctx: Context, row: rows.Named) -> str | None:
        """The key of a row; None where it names something that is gone, or has no name at all."""
        parts: list[str] = []
        for column in self.about.key:
            col, cell = self.about.columns.get(column, rows.PLAIN), row[column]
            part = ctx.keys.key(col.refers, cell) if col.refers else None if cell is None else str(cell)
            if part is None:
                return None
            parts.append(part)
        return rows.join_key(parts) or None

    def _key_cells(self, ctx: Context, item: Item) -> rows.Named:
        cells: rows.Named = {}
        for column, part in zip(self.about.key, rows.split_key(self.about.key, item.key), strict=True):
            col = self.about.columns.get(column, rows.PLAIN)
            cells[column] = rows.part_in(ctx, col, part, item.source or item.address)
        return cells

    def _handle(self, ctx: Context, item: Item) -> rows.Named:
        """What finds the row: its serial id, and its key for child tables that are tied to that."""
        own = self._key_cells(ctx, item)
        return {self.about.id: item.local_id, **own} if self.about.id and item.local_id is not None else own

    def _followed(self, ctx: Context, live: Item, item: Item) -> Item:
        """The live item as it is called now, if only what the row refers to got another name: its columns stay as they are."""
        before, after = (rows.split_key(self.about.key, key) for key in (live.key, item.key))
        for column, old, new in zip(self.about.key, before, after, strict=True):
            kind = self.about.columns.get(column, rows.PLAIN).refers
            if old != new and (not kind or ctx.keys.local_id(kind, old) is not None):
                return live
        if live.key != item.key and live.local_id is not None:
            local_id = live.local_id if self.about.id else item.key
            ctx.keys.drop(self.NAME, live.local_id)
            ctx.keys.assign(self.NAME, local_id, item.key)
        return replace(live, key=item.key)

    def _local_id(self, row: rows.Named, key: str) -> LocalId:
        found = row[self.about.id] if self.about.id else key
        return found if isinstance(found, int) else str(found)

    def _written(self, ctx: Context, live: Item | None, item: Item) -> None:
        self.hooks.wrote(ctx, live, item)
        self._stale(ctx)
        if live is not None and live.key != item.key and not self.about.id:
            ctx.keys.drop(self.NAME, live.key)  # its local id was its name

    def _stale(self, ctx: Context) -> None:
        if self.about.router:
            set_variable(ctx.site, "menu_rebuild_needed", True)
        for bin_, cid in self.about.caches:
            if cid == "*":
                ctx.site.caches.everything(bin_)
            elif cid.endswith("*"):
                ctx.site.caches.prefix(bin_, cid[:-1])
            else:
                ctx.site.caches.entry(bin_, cid)


def _page(about: Description) -> str:
    """The page of a kind that nobody wrote one for."""
    caches = ", ".join(f"{bin_}:{cid}" for bin_, cid in about.caches) or "none"
    return (
        f"Rows of {about.table}, as a description says.\n\n"
        f"Tables    {', '.join(about.tables)}\nKey       {', '.join(about.key)}\nFile      config/{about.folder}/<key>.yml\n"
        f"Defaults  what the table's schema says\nKeeps     the ids of rows that stay\nCaches    {caches}\n"
        f"Source    the module {about.module or 'that made the table'}"
    )
