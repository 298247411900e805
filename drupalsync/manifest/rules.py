"""What drupalsync leaves alone on a site, how far it may go, and why: the rules of drupalsync.yml.

exclude: ['variable:dsx_*']                    # never exported, never touched, not even looked at
ignore:                                        # seen and reported, never written; an export leaves it as the tree has it
  - {item: 'variable:site_slogan', reason: the editors' own}
  - {item: 'block:*', field: 'placements.*.weight', reason: they sort them by hand}
modes: {node: no-delete, 'menu_link:footer/*': create-only}      # the last one that fits counts
limits: {percent: 30, changes: 50, deletes: 10}
protect: ['menu:main-menu']                    # never deleted, until a release took the protection away
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Any, Final

from drupalsync.manifest.words import BadManifest, near, only, texts

RULES: Final = ("exclude", "ignore", "modes", "limits", "protect")


class Mode(StrEnum):
    """How much an import may do to an item."""

    FULL = "full"
    NO_DELETE = "no-delete"  # makes and changes it
    CREATE_ONLY = "create-only"  # makes it once; from then on it is the site's
    OBSERVE = "observe"  # says how it differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one import may change or delete before somebody has to say the number."""

    percent: int = 30  # of a kind that has ten items or more
    changes: int = 50  # items updated, moved or deleted
    deletes: int | None = None  # items deleted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An item (a glob over addresses) that is left alone, or one field of it (a glob over its dotted path)."""

    item: str
    field: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.item} {self.field}".rstrip()

    def matches(self, address: str) -> bool:
        return fnmatchcase(address, self.item)

    def covers(self, path: tuple[int | str | bytes, ...]) -> bool:
        """Whether it is about this path of an item that it matches, or about what the path lies in."""
        steps = [step.decode("utf-8", "replace") if isinstance(step, bytes) else str(step) for step in path]
        return any(fnmatchcase(".".join(steps[:length]), self.field) for length in range(1, len(steps) + 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All of them; one set for every command."""

    exclude: tuple[Rule, ...] = ()
    ignore: tuple[Rule, ...] = ()
    modes: tuple[tuple[str, Mode], ...] = ()
    limits: Limits = field(default_factory=Limits)
    protect: tuple[str, ...] = ()

    def mode(self, address: str) -> Mode:
        fits = (mode for glob, mode in reversed(self.modes) if fnmatchcase(address, glob))
        return next(fits, Mode.FULL)

    def ignored(self, address: str) -> Rule | None:
        """The rule by which the whole item is left alone."""
        return next((rule for rule in self.ignore if not rule.field and rule.matches(address)), None)

    def for_fields(self, address: str) -> tuple[Rule, ...]:
        """The rules about fields of an item."""
        return tuple(rule for rule in self.ignore if rule.field and rule.matches(address))

    def idle(self, addresses: Iterable[str]) -> list[str]:
        """What matches none of these addresses, in words: surely a misspelling, or a rule that has outlived its item."""
        known = list(addresses)
        return [
            f"{section}: {glob}"
            for section, glob in self._sections()
            if not any(fnmatchcase(address, glob) for address in known)
        ]

    def globs(self) -> list[str]:
        """The glob of every rule."""
        return [glob for _, glob in self._sections()]

    def _sections(self) -> Iterator[tuple[str, str]]:
        yield from (("exclude", rule.item) for rule in self.exclude)
        yield from (("ignore", rule.item) for rule in self.ignore)
        yield from (("modes", glob) for glob, _ in self.modes)
        yield from (("protect", glob) for glob in self.protect)


def read_rules(document: Mapping[str, Any], where: str) -> Rules:
    """The rules of a manifest; raises BadManifest."""
    return Rules(
        exclude=tuple(_rules(document, "exclude", where)),
        ignore=tuple(_rules(document, "ignore", where)),
        modes=tuple(_modes(document.get("modes") or {}, f"{where} modes")),
        limits=_limits(document.get("limits") or {}, f"{where} limits"),
        protect=tuple(texts(document.get("protect"), f"{where} protect")),
    )


def _rules(document: Mapping[str, Any], section: str, where: str) -> list[Rule]:
    entries = document.get(section) or []
    if not isinstance(entries, list):
        raise _no_rules(section, where)
    return [_rule(entry, section, where) for entry in entries]


def _rule(entry: Any, section: str, where: str) -> Rule:
    if section == "exclude" and isinstance(entry, str):
        return Rule(item=entry)
    known = ("item", "reason") if section == "exclude" else ("item", "field", "reason")
    if not isinstance(entry, dict) or not isinstance(entry.get("item"), str):
        raise _no_rules(section, where)
    only(entry, known, f"{where} {section}")
    return Rule(item=entry["item"], field=str(entry.get("field") or ""), reason=str(entry.get("reason") or ""))


def _no_rules(section: str, where: str) -> BadManifest:
    return BadManifest(
        f"`{section}` is a list of rules",
        where=f"{where} {section}",
        hint="- {item: 'variable:site_slogan', reason: …}",
    )


def _modes(entries: Any, where: str) -> list[tuple[str, Mode]]:
    if not isinstance(entries, dict):
        raise BadManifest("`modes` maps a kind, or a glob, to a mode", where=where, hint="modes: {node: no-delete}")
    return [(glob if ":" in glob else f"{glob}:*", _mode(name, f"{where}/{glob}")) for glob, name in entries.items()]


def _mode(name: Any, where: str) -> Mode:
    try:
        return Mode(name)
    except ValueError:
        meant = near(str(name), list(Mode))
        hint = f"did you mean {meant[0]}?" if meant else f"one of: {', '.join(Mode)}"
        raise BadManifest(f"there is no mode {name!r}", where=where, hint=hint) from None


def _limits(entries: Any, where: str) -> Limits:
    if not isinstance(entries, dict):
        raise BadManifest(
            "`limits` maps a limit to a number", where=where, hint="limits: {percent: 30, changes: 50, deletes: 10}"
        )
    only(entries, ("percent", "changes", "deletes"), where)
    for name, number in entries.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 0:
            raise BadManifest(f"{name} is not a whole number", where=f"{where}/{name}", hint=f"{name}: 10")
    return Limits(**entries)
