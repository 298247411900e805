"""SELECTOR on the command line: `kind` or `kind:glob`, several add up."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase

from drupalsync.errors import DrupalsyncError


class BadSelector(DrupalsyncError):
    """A selector that names no kind."""

    exit_code = 64


@dataclass(frozen=True, slots=True)
class Selection:
    """What a run is about; no selector means everything."""

    selectors: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def __contains__(self, address: str) -> bool:
        if any(fnmatchcase(address, glob) for glob in self.exclude):
            return False
        return not self.selectors or any(_matches(selector, address) for selector in self.selectors)


def select(selectors: Sequence[str], exclude: Sequence[str], kinds: Collection[str]) -> Selection:
    """Checks the selectors; raises BadSelector ("did you mean")."""
    for selector in selectors:
        kind = selector.partition(":")[0]
        if kind not in kinds:
            near = get_close_matches(kind, kinds, n=1)
            hint = f"did you mean {near[0]}?" if near else f"kinds: {', '.join(kinds)}"
            raise BadSelector(f"there is no kind {kind!r}", where=selector, hint=hint)
    return Selection(tuple(selectors), tuple(exclude))


def _matches(selector: str, address: str) -> bool:
    return fnmatchcase(address, selector if ":" in selector else f"{selector}:*")
