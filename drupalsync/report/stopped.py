"""The part of a plan that stops it: who wants what, and the command for each way out."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import Final

from drupalsync.errors import counted
from drupalsync.report.document import Document
from drupalsync.report.items import Told, line, together
from drupalsync.report.style import Style
from drupalsync.report.values import NOTHING
from drupalsync.report.visible import has_hidden, visible
from drupalsync.report.words import difference, three

FEW: Final = 3  # items up to which each has its own commands
NAMES: Final = {
    "conflict": "conflict",
    "drift": "hand edit",
    "first contact": "first contact",
    "rename": "suspected rename",
    "protected": "protected item",
    "needed": "needed item",
}
_MEANING: Final = {
    "conflict": "the site and the tree both changed what drupalsync had left",
    "drift": "somebody changed the site, and the tree does not say so",
    "first contact": "already on the site, other than the tree wants, and never written by drupalsync",
    "rename": "new in the tree, and much like what has left it: is it the same, under another key?",
    "protected": "gone from the tree, and nothing may delete it",
    "needed": "gone from the tree, which still refers to it",
}
_SETTLED_AT_ONCE: Final = {"conflict", "drift", "first contact"}
_GLOB: Final = re.compile(r"[*?[]")


def stopped(plan: Document, style: Style) -> Iterator[str]:
    """What stops the import, one reason after the other; nothing where nothing does."""
    for reason in NAMES:
        blocked = [change for change in plan["changes"] if change["blocked"] == reason]
        if not blocked:
            continue
        yield ""
        yield style.paint(f"STOPPED by {counted(len(blocked), NAMES[reason])}", "red") + f": {_MEANING[reason]}"
        found = together(blocked)
        for told in found:
            yield line("stopped", told, plan["tree"]["folder"], style)
            yield from (f"      {text}" for text in _sides(told.change, style))
            if len(found) <= FEW:
                yield from (f"      {text}" for text in _ways_out(told, plan))
        if len(found) > FEW:
            yield "  each by itself, such as the first:"
            yield from (f"      {text}" for text in _ways_out(found[0], plan))
            if reason in _SETTLED_AT_ONCE:
                yield f"  or all of them, the tree's:  {_import('', reason, blocked, _environment(plan))}"
    yield from exceeded(plan, style)


def _sides(change: Document, style: Style) -> Iterator[str]:
    by = f"release {change['left_by']}" if change["left_by"] else "drupalsync"
    if change["blocked"] == "rename":
        differs = "differs in" if change["fields"] else "says the same"
        yield f"like {visible(change['alike'])}, which the tree no longer has; it {differs}"
        for field in change["fields"]:
            old, new = (field.get(side, NOTHING) for side in ("live", "desired"))
            yield from difference(tuple(field["path"]), old, new, style)
        return
    if change["blocked"] in {"protected", "needed"}:
        yield visible(change["because"])
        return
    if change["actions"] == ["create"]:
        yield f"deleted on the site since {by} left it there"
        return
    if change["actions"] == ["delete"]:
        yield f"gone from the tree, but changed on the site since {by} left it there"
    for field in change["fields"]:
        if field["reason"] is not None and not field["because"]:
            yield from _stopping(change, field, (f"{by} left", "the site has", "the tree wants"), style)
    alone = [field for field in change["fields"] if field["reason"] is None]
    if alone:
        yield style.dim("and what only the tree changed:")
        for field in alone:
            yield from difference(
                tuple(field["path"]), field.get("live", NOTHING), field.get("desired", NOTHING), style
            )


def _stopping(change: Document, field: Document, heads: tuple[str, str, str], style: Style) -> Iterator[str]:
    """A field that stops the import, with who wants what there."""
    path = tuple(field["path"])
    base, live, desired = (field.get(side, NOTHING) for side in ("base", "live", "desired"))
    if change["actions"] == ["delete"]:
        yield from difference(path, base, live, style)
    elif field["reason"] == "first contact":
        yield from difference(path, live, desired, style)
    else:
        yield from three(path, (base, live, desired), heads, style)


def _ways_out(told: Told, plan: Document) -> Iterator[str]:
    change, environment, folder = told.change, _environment(plan), visible(plan["tree"]["folder"])
    item = " ".join(selectors(told))
    if change["blocked"] == "rename":
        old, new = quoted(change["alike"]), quoted(change["address"])
        yield f"it is the same:     in {folder}/moved.yml, under `moved:`    - {{from: {old}, to: {new}}}"
        yield f"it is another one:  in {folder}/moved.yml, under `removed:`  - {old}"
        return
    if change["blocked"] == "protected":
        yield "keep it:    put it back into the tree, or give no --prune"
        yield "let it go:  first a release after which that is so no longer, then take the item out of the tree"
        return
    if change["blocked"] == "needed":
        yield "keep it:    put it back into the tree, or give no --prune"
        yield "let it go:  take out what refers to it as well"
        return
    if change["blocked"] == "first contact":
        yield f"take the site's:  drupalsync export {item} --env {environment}"
        yield f"take the tree's:  {_import(item, 'first contact', [change], environment)}"
        return
    yield f"take the site's:  drupalsync export {item} --env {environment}"
    yield f"take the tree's:  {_import(item, change['blocked'], [change], environment)}"
    if change["actions"] == ["delete"]:
        yield "leave both:       give no --prune"
    else:
        yield f"leave both:       drupalsync import {item} --env {environment} --on-drift keep"


def _import(item: str, reason: str, changes: list[Document], environment: str) -> str:
    prune = " --prune" if any(change["actions"] == ["delete"] for change in changes) else ""
    settle = "--adopt" if reason == "first contact" else "--on-drift overwrite"
    return f"drupalsync import{' ' if item else ''}{item} --env {environment}{prune} {settle}"


def exceeded(plan: Document, style: Style) -> Iterator[str]:
    """The safety limits that the plan goes beyond, and the numbers that would allow it."""
    found = [limit for limit in plan["limits"] if limit["exceeded"]]
    if not found:
        return
    yield ""
    yield style.paint(f"STOPPED by {counted(len(found), 'safety limit')}", "red") + ": is so much really meant?"
    for limit in found:
        yield f"  {style.paint('!', 'red')} {_limit(limit)}"
    numbers = {
        f"--{name.replace('_', '-')}": max(limit[name] for limit in found)
        for name in ("allow_changes", "allow_deletes")
    }
    flags = " ".join(f"{name} {number}" for name, number in numbers.items() if number)
    yield f"      if it is:  drupalsync import --env {_environment(plan)} … {flags}"


def _limit(limit: Document) -> str:
    verbs = {"changed": limit["allow_changes"], "deleted": limit["allow_deletes"]}
    what = " or ".join(verb for verb, number in verbs.items() if number)
    if limit["rule"] == "percent":
        share = limit["value"] * 100 // max(limit["of"], 1)
        items = f"{limit['value']} of {counted(limit['of'], limit['kind'])}"
        return f"{items} would be {what}: {share} %, and {limit['most']} items are the limit"
    return f"{counted(limit['value'], 'item')} would be {what}, and the limit is {limit['most']}"


def _environment(plan: Document) -> str:
    """The environment's name as a shell takes it: a plan from a file may bring any."""
    return shlex.quote(visible(plan["environment"]))


def quoted(address: str) -> str:
    """An address as YAML takes it inside of brackets."""
    return "'" + visible(address).replace("'", "''") + "'"


def selectors(told: Told) -> list[str]:
    """What selects the item on the command line: where it is and where it goes, and what moves along."""
    addresses = [address for address in (told.change["previous_address"], told.change["address"]) if address]
    found = [selector(address) for address in addresses]
    if told.below:
        found += [f"{address}/*" for address in found]
    return [shlex.quote(address) for address in found]


def selector(address: str) -> str:
    """An address is taken for a glob: what means more there, or cannot be typed, is `?`, any one letter."""
    return "".join("?" if _GLOB.match(letter) or has_hidden(letter) else letter for letter in address)
