"""What has happened to the items of a plan since it was made: nothing, or a line for each that moved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from drupalsync.apply.fingerprints import Fingerprints
from drupalsync.apply.session import Session
from drupalsync.report.banner import STAMP
from drupalsync.report.document import Document
from drupalsync.report.parts import label
from drupalsync.report.planfile import created
from drupalsync.report.values import NOTHING, same
from drupalsync.report.visible import visible
from drupalsync.tree import Env, walk

_BY_HAND: Final = {"drift", "conflict"}
_TOLD: Final = ("previous_address", "actions", "blocked", "fields")


@dataclass(frozen=True, slots=True)
class _Since:
    """What a line may need to know besides the item's two changes, then and now."""

    session: Session = field(repr=False)
    prints: Fingerprints
    when: str

    def here(self, address: str) -> str | None:
        return self.prints.live(address)

    def variables(self, address: str) -> list[str]:
        """The variables of the environment that the tree takes an item's values from."""
        item = self.session.tree.items.get(address)
        return sorted({leaf.name for _, leaf in walk(dict(item.fields)) if isinstance(leaf, Env)}) if item else []


def moved(plan: Document, now: Document, session: Session, prints: Fingerprints) -> dict[str, str]:
    """What happened to each item that is no longer as the plan has it, by address, in the order of the plan.

    `now` is the plan of now, its fingerprints made with the key of the plan's.
    """
    made = created(plan)
    since = _Since(session, prints, f"since {made.strftime(STAMP)}" if made else "since the plan was made")
    before, after = ({change["address"]: change for change in one["changes"]} for one in (plan, now))
    found: dict[str, str] = {}
    for address, change in before.items():
        told = _changed(change, after[address], since) if address in after else _gone(change, now, since)
        if told:
            found[address] = told
    found |= {address: _come(change, since) for address, change in after.items() if address not in before}
    found |= dict(_forgotten(set(plan["forgotten"]), set(now["forgotten"]), since))
    if not found and plan["applyable"] and not now["applyable"]:
        found["the safety limits"] = "are other ones in drupalsync.yml now, and stop it"
    return found


def _changed(before: Document, now: Document, since: _Since) -> str:
    """What happened to an item that both plans have; "" where nothing did."""
    there, here = before["live_fingerprint"], now["live_fingerprint"]
    if there != here:
        if there is None:
            return f"somebody made it on the site {since.when}"
        if here is None:
            return f"is gone from the site {since.when}"
        return _edited([path for path, (old, new) in _values(before, now, "live").items() if not same(old, new)], since)
    if before["desired_fingerprint"] != now["desired_fingerprint"]:
        return _wanted(now["address"], since) or "what the tree's value refers to is another thing on the site now"
    if all(same(before[name], now[name]) for name in _TOLD):
        return ""
    sides = [pair for side in ("live", "desired") for pair in _values(before, now, side, both=True).values()]
    if not all(same(old, new) for old, new in sides):
        return "the file does not show what it is about: somebody has edited it"
    return f"what drupalsync had left there is something else {since.when}"


def _gone(before: Document, now: Document, since: _Since) -> str:
    """What happened to an item that needs nothing any more."""
    address = before["previous_address"] or before["address"]
    if before["address"] not in since.session.selection:
        return "drupalsync.yml excludes it now"
    if any(before["address"] == change["address"] for change in now["ignored"]):
        return "drupalsync.yml leaves it alone now"
    there, here = before["live_fingerprint"], since.here(address)
    if there == here:
        return "nothing is left to do with it: another run has seen to that"
    if here is None:
        return f"is gone from the site {since.when}"
    if there is None:
        return f"somebody made it on the site {since.when}"
    return f"changed on the site {since.when}, and nothing is left to do with it"


def _come(now: Document, since: _Since) -> str:
    """What happened to an item that the plan had nothing to do with."""
    by_hand = [tuple(one["path"]) for one in now["fields"] if one["reason"] in _BY_HAND]
    if now["actions"] == ["create"] and now["blocked"] in _BY_HAND:
        return f"was deleted on the site {since.when}"
    if by_hand and now["live_fingerprint"]:
        return _edited(by_hand, since)
    if told := _wanted(now["address"], since):
        return told
    if now["live_fingerprint"]:
        return f"new: somebody made or changed it on the site {since.when}"
    return "new: the plan had nothing to do with it"


def _forgotten(before: set[str], now: set[str], since: _Since) -> Iterator[tuple[str, str]]:
    for address in sorted(before - now):
        there = since.here(address) is not None
        yield address, f"is on the site again {since.when}" if there else "was forgotten by another run"
    yield from ((address, f"is gone from the site {since.when}") for address in sorted(now - before))


def _edited(paths: list[tuple[Any, ...]], since: _Since) -> str:
    names = ", ".join(dict.fromkeys(label(path) for path in paths))
    return f"{visible(names)} changed on the site {since.when}".strip()


def _wanted(address: str, since: _Since) -> str:
    """What is to be said of an item whose value the tree takes from the environment; "" of others."""
    names = since.variables(address)
    return f"the tree's value comes from !env {', '.join(map(visible, names))}, which has changed" if names else ""


def _values(
    before: Document, now: Document, side: str, *, both: bool = False
) -> dict[tuple[Any, ...], tuple[Any, Any]]:
    """What both plans have on one side, by path; with `both` only the paths that both tell of."""
    old, new = ({tuple(one["path"]): one.get(side, NOTHING) for one in plan["fields"]} for plan in (before, now))
    paths = [path for path in (old | new) if not both or (path in old and path in new)]
    return {path: (old.get(path, NOTHING), new.get(path, NOTHING)) for path in paths}
