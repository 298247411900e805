"""What a kind of configuration is: the words that every kind, the planner and the import share.

A kind is a module of plain functions that satisfies `Kind`; `kinds/__init__.py` finds it. Nothing here knows any kind.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Protocol

from drupalsync.errors import DrupalsyncError

if TYPE_CHECKING:
    from drupalsync.kinds.fields import Field
    from drupalsync.site import Keys, LocalId, Site
    from drupalsync.site.ddl import Table
    from drupalsync.tree import TreeValue

Fields = dict[str, "TreeValue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing of a kind in portable form: every field of the kind, its default filled in, no local id in any.

    `local_id` is where the site has it (None for an item of the tree), `source` is the file that says so ("" for an
    item of the site) and `at` the path in that file, where it holds several; `protect` is what the file says of that.
    None of them takes part in a comparison.
    """

    kind: str
    key: str
    fields: Fields
    local_id: LocalId | None = field(default=None, compare=False)
    source: str = field(default="", compare=False)
    at: tuple[int | str | bytes, ...] = field(default=(), compare=False)
    protect: bool = field(default=False, compare=False)

    @property
    def address(self) -> str:
        return f"{self.kind}:{self.key}"


class ForbidsNew(DrupalsyncError):
    """What forbids an item, unless it comes back exactly as drupalsync last left it: the site was no better off then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeSelector:
    """Which nodes belong to the site: those of the types that a glob matches, narrowed by a glob over their alias."""

    type: str
    alias: str = "*"

    def takes(self, type_: str) -> bool:
        """Whether nodes of this type can be meant."""
        return fnmatchcase(type_, self.type)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the manifest says of what is ours."""

    nodes: tuple[NodeSelector, ...] = ()
    exclude: tuple[str, ...] = ()  # globs over addresses
    include: tuple[str, ...] = ()  # globs over addresses that bring in what is left out by default
    places: Mapping[str, str] = field(
        default_factory=dict
    )  # glob over addresses → the kind that a value there refers to
    owned_elsewhere: Mapping[str, str] = field(default_factory=dict)  # address → who owns it ("settings.php")


class Memory(Protocol):
    """What earlier runs know of this site's rows, and what the tree calls things."""

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        """The items that this row was, the most trustworthy first: of the ledger, then of the local cache."""

    def tree(self, kind: str) -> Sequence[Item]:
        """The tree's items of a kind."""


@dataclass(slots=True, kw_only=True)
class Context:
    """One run on one site, as the kinds see it."""

    site: Site
    keys: Keys
    scope: Scope
    memory: Memory
    now: int  # unix time of the run: one moment for all that is written
    notes: list[str] = field(default_factory=list)  # what the reader of a report should know
    matched: set[str] = field(default_factory=set)  # kinds whose rows were held against what earlier runs remember
    desired: Mapping[str, Item] = field(
        default_factory=dict
    )  # by address what the site is to have, once a plan is made
    written: Mapping[str, Fields] = field(
        default_factory=dict
    )  # by the address on the site of what stays: the fields that the plan writes, as they will be
    going: frozenset[str] = frozenset()  # the addresses that this import deletes, once it writes
    gone: frozenset[str] = frozenset()  # the addresses that are looked at as if they were deleted already
    left: dict[str, dict[LocalId, TreeValue]] = field(
        default_factory=dict
    )  # by kind and row: what finish() has to do yet


class Kind(Protocol):
    """A module under `kinds/`. Properties are module constants."""

    @property
    def NAME(self) -> str: ...  # noqa: N802
    @property
    def TABLES(self) -> tuple[str, ...]:  # noqa: N802
        """The tables whose rows are this kind's, all or some of them, whether or not a site has them."""

    @property
    def AFTER(self) -> tuple[str, ...]:  # noqa: N802
        """Kinds that are written before this one, as far as that goes round in no circle."""

    @property
    def DOCUMENT(self) -> str:  # noqa: N802
        """The kind whose module reads and writes the files that hold this kind's items: itself, or another."""

    @property
    def FIELDS(self) -> Mapping[str, Field]:  # noqa: N802
        """The item's fields: default, JSON Schema and a sentence each."""

    def identify(self, ctx: Context) -> None:
        """Gives every row of the site its key (`ctx.keys`), where rows have local ids."""

    def read(self, ctx: Context) -> Iterator[Item]:
        """Yields the site's items, by key, in a number of queries that does not grow with their number."""

    def worth_exporting(self, item: Item) -> bool:
        """Whether an item that the tree does not have yet says more than Drupal's own defaults."""

    def fill(self, item: Item, live: Item | None) -> Item:
        """The item with what the tree leaves to the site taken from `live`.

        Called before the two are compared, also where what was written is read back.
        """

    def needs(self, item: Item) -> Iterable[str]:
        """The addresses of this kind's items that must be written before this one; what is not in the plan does not count."""

    def check(self, ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
        """Yields what forbids writing `item`, before anything is written; `desired` is the whole tree by address."""

    def lock(self, ctx: Context, items: Iterable[Item]) -> None:
        """Locks the rows that writing these (live) items touches."""

    def create(self, ctx: Context, item: Item) -> LocalId:
        """Writes a new item and returns its local id."""

    def update(self, ctx: Context, live: Item, item: Item) -> None:
        """Makes `live` (a row that is there) into `item`, whose key may differ: then it moves."""

    def losses(self, ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
        """Sentences on what else of the site goes when `item` is deleted; `going` are the addresses that go anyway.

        Called before anything is written; raises a DrupalsyncError where the item cannot be deleted.
        """

    def remains(self, ctx: Context, item: Item) -> Iterator[str]:
        """Sentences on what stays behind of `item`, which is new to the site, when it is deleted again."""

    def delete(self, ctx: Context, item: Item) -> None:
        """Deletes a live item as Drupal's own API would."""

    def finish(self, ctx: Context) -> None:
        """Recomputes what is derived from this kind, once, after its last write."""

    def can_move(self, item: Item) -> bool:
        """Whether such an item can get another key and stay the same row."""

    def likeness(self, item: Item) -> str | None:
        """A text that is equal where a vanished and a new item are surely one that moved; None: never."""


class MakesTables(Protocol):
    """A kind whose items have tables of their own, which cannot be made, or renamed, inside a transaction."""

    def new_tables(self, ctx: Context, items: Iterable[Item]) -> Iterator[Table]:
        """The tables of new items; they are made, empty, before anything is written, and dropped if that fails."""

    def old_tables(self, item: Item) -> tuple[str, ...]:
        """The tables of an item that goes, which get another name after the commit."""


class ReadsQuietly(Protocol):
    """A kind whose rows do not tell whether a file wrote out what they hold anyway."""

    def as_read(self, ctx: Context, item: Item) -> Item:
        """An item of the tree as it reads back from the site."""


class SwitchesOff(Protocol):
    """A kind whose deleted items stay on the site."""

    def switched_off(self, item: Item) -> Item:
        """What `delete` leaves of a live item."""


class NamedAfter(Protocol):
    """A kind whose items are called after others', and move along when those get other names."""

    def key_after(self, key: str, moved: Mapping[str, str]) -> str:
        """The key that an item gets when others do (old address → new one); the same where none of them is in it."""


class Document(Protocol):
    """A module under `kinds/` that reads and writes files of the tree."""

    @property
    def FOLDER(self) -> str:  # noqa: N802
        """The folder, below the tree's, that holds its files."""

    def place(self, item: Item) -> str:
        """The file that an item belongs to where the tree does not have it yet, relative to the tree."""

    def load(self, path: str, document: TreeValue) -> Iterator[Item]:
        """The items of a file; raises `FieldProblem` with the path inside the document."""

    def schema(self) -> Mapping[str, object]:
        """The JSON Schema (2020-12) of its files."""

    def dump(self, items: Sequence[Item], old: TreeValue) -> TreeValue:
        """The document that holds these items: as `old` (None: a new file) where that says the same already."""


class TellsOfOthers(Protocol):
    """A document that leaves out what goes without saying, until something else is new to the tree."""

    def with_news(self, old: TreeValue, items: Sequence[Item], news: Collection[str]) -> TreeValue:
        """`old` with what has to be said now that the items of these addresses are new to the tree."""
