"""The plan: what is to change, why, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drupalsync.kinds.base import Item
from drupalsync.plan.paths import Found, Path


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


class OnDrift(StrEnum):
    """What to do where somebody changed the site by hand."""

    FAIL = "fail"
    KEEP = "keep"
    OVERWRITE = "overwrite"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One path of an item. `write` says whether an import puts the tree's value there."""

    path: Path
    base: Found
    live: Found
    desired: Found
    reason: Reason | None = None  # None: only the tree moved
    write: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One item of the plan. `blocked` is what stops the import, or None."""

    action: Action
    kind: str
    key: str
    previous_key: str | None = None
    live: Item | None = None
    desired: Item | None = None
    base: Item | None = None
    fields: tuple[FieldChange, ...] = ()
    blocked: Reason | None = None

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
class Plan:
    """Changes in the order in which they are carried out, and what was seen besides."""

    changes: tuple[Change, ...] = ()
    drift: tuple[Change, ...] = ()  # changed on the site, not by the tree: kept
    left: tuple[str, ...] = ()  # ours by the ledger, gone from the tree, kept without --prune
    forgotten: tuple[str, ...] = ()  # in the ledger only: gone from the tree and from the site
    unmanaged: tuple[str, ...] = ()
    in_sync: Mapping[str, int] = field(default_factory=dict)  # by kind
    kinds: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @property
    def blocked(self) -> tuple[Change, ...]:
        """The changes that stop the import."""
        return tuple(change for change in self.changes if change.blocked)

    @property
    def writes(self) -> tuple[Change, ...]:
        """The changes that write to the site's own tables."""
        return tuple(change for change in self.changes if change.action is not Action.ADOPT)
