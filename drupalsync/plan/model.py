"""The plan: what is to change, why, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drupalsync.kinds.base import Item
from drupalsync.plan.paths import ABSENT, Found, Path, same_found


class Action(StrEnum):
    """What an import does to an item."""

    CREATE = "create"
    UPDATE = "update"
    MOVE = "move"
    ADOPT = "adopt"
    DELETE = "delete"


class Reason(StrEnum):
    """Why a difference is not simply applied."""

    FIRST_CONTACT = "first contact"
    DRIFT = "drift"
    CONFLICT = "conflict"
    RENAME = "rename"  # what is new in the tree looks like what has left it
    PROTECTED = "protected"
    NEEDED = "needed"  # the tree still refers to what is to go


class Side(StrEnum):
    """Who changed what drupalsync had left."""

    TREE = "tree"
    SITE = "site"
    BOTH = "both"


class OnDrift(StrEnum):
    """What to do where somebody changed the site by hand."""

    FAIL = "fail"
    KEEP = "keep"
    OVERWRITE = "overwrite"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One path of an item. `write` says whether an import puts a value there: `merged`, or else the tree's.

    `because` says why a path is left alone whatever differs there: a rule of the manifest.
    """

    path: Path
    base: Found
    live: Found
    desired: Found
    reason: Reason | None = None  # None: only the tree moved
    write: bool = True
    merged: Found = ABSENT
    because: str = ""

    @property
    def side(self) -> Side | None:
        """Who changed it; None where nobody knows, at first contact."""
        if self.reason is Reason.FIRST_CONTACT:
            return None
        if same_found(self.live, self.base):
            return Side.TREE
        return Side.SITE if same_found(self.desired, self.base) else Side.BOTH


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One item of the plan. `blocked` is what stops the import, or None.

    `because` says why an item that differs is left alone, protected or needed; `alike` is the address that a rename is suspected from.
    """

    action: Action
    kind: str
    key: str
    previous_key: str | None = None
    live: Item | None = None
    desired: Item | None = None
    base: Item | None = None
    fields: tuple[FieldChange, ...] = ()
    blocked: Reason | None = None
    because: str = ""
    alike: str = ""

    @property
    def address(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def previous_address(self) -> str | None:
        return f"{self.kind}:{self.previous_key}" if self.previous_key is not None else None

    @property
    def source(self) -> str:
        """The file of the tree that asks for it."""
        return self.desired.source if self.desired else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One safety limit and how far the plan goes. `kind` is "" where it is about all kinds; `of` are the items of a kind.

    `allow_changes` and `allow_deletes` are the numbers that have to be given to go beyond it, 0 where none is needed.
    """

    rule: str  # percent, changes, deletes
    kind: str
    value: int
    most: int
    of: int = 0
    exceeded: bool = False
    allow_changes: int = 0
    allow_deletes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Changes in the order in which they are carried out, and what was seen besides."""

    changes: tuple[Change, ...] = ()
    drift: tuple[Change, ...] = ()  # changed on the site, not by the tree: kept
    ignored: tuple[Change, ...] = ()  # differs, and a rule or a mode of the manifest leaves it alone
    limits: tuple[Limit, ...] = ()
    left: tuple[str, ...] = ()  # ours by the ledger, gone from the tree, kept: without --prune, or by its mode
    forgotten: tuple[str, ...] = ()  # in the ledger only: gone from the tree and from the site
    unmanaged: tuple[str, ...] = ()
    in_sync: Mapping[str, int] = field(default_factory=dict)  # by kind
    kinds: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())
    losses: tuple[tuple[str, str], ...] = ()  # what else goes with a deletion: the address of that, a sentence
    remains: tuple[tuple[str, str], ...] = ()  # what would stay of a creation that is taken back, told in the same way

    @property
    def blocked(self) -> tuple[Change, ...]:
        """The changes that stop the import."""
        return tuple(change for change in self.changes if change.blocked)

    @property
    def exceeded(self) -> tuple[Limit, ...]:
        """The safety limits that stop the import."""
        return tuple(limit for limit in self.limits if limit.exceeded)

    @property
    def applyable(self) -> bool:
        """Whether nothing stops the import."""
        return not self.blocked and not self.exceeded

    @property
    def writes(self) -> tuple[Change, ...]:
        """The changes that write to the site's own tables."""
        return tuple(change for change in self.changes if change.action is not Action.ADOPT)
