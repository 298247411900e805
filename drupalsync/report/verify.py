"""What a site has that the last release did not leave there, as a plan document and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from drupalsync.apply.tree_word import Says, TreeWord
from drupalsync.apply.verify import Verified
from drupalsync.errors import counted
from drupalsync.kinds import all_kinds
from drupalsync.report.document import Document, Setting, document
from drupalsync.report.items import SYMBOLS, Told, line, title, together
from drupalsync.report.releases import last_release
from drupalsync.report.stopped import FEW, NAMES, quoted, selector, selectors
from drupalsync.report.style import Style
from drupalsync.report.values import NOTHING
from drupalsync.report.visible import visible
from drupalsync.report.words import difference

HAPPENED: Final = {"update": "update", "move": "move", "create": "delete"}  # what an import would do → what was done


def document_of(verified: Verified) -> Document:
    """The plan document: `drift` is what differs, and its `tree` what the tree says of that."""
    setting = Setting(
        environment=verified.project.environment.name,
        site=verified.project.address.shown,
        tree=verified.project.tree_shown,
        last_release=verified.last_release,
        unfinished=verified.unfinished,
        left_by=verified.left_by,
    )
    plan = document(verified.plan, setting)
    for change in plan["drift"]:
        word = verified.words.get(change["address"], TreeWord())
        change["tree"] = {"says": word.says.value, "stopped": word.stopped.value if word.stopped else None}
    return plan


def render(plan: Document, style: Style) -> str:
    """All that differs, each with the ways to settle it; the last line says how many do."""
    release = last_release(plan["site"]["last_release"])
    head = f"{style.bold(visible(plan['environment']))}: {visible(plan['site']['database'])}, {release}"
    lines = [head, *_differences(plan, style), *_ignored(plan, style), *_tail(plan, style)]
    return "".join(f"{text.rstrip()}\n" for text in lines)


def _differences(plan: Document, style: Style) -> Iterator[str]:
    if not plan["drift"]:
        return
    yield ""
    yield style.paint(f"Changed on the site since drupalsync left it so ({len(plan['drift'])})", "magenta")
    found = together(map(_from_the_past, plan["drift"]))
    for at, told in enumerate(found):
        yield line(HAPPENED[told.change["actions"][0]], told, plan["tree"]["folder"], style)
        yield from (f"      {text}" for text in _what(told.change, style))
        yield from (f"      {text}" for text in _word(told, plan["environment"]))
        if len(found) <= FEW:
            yield from (f"      {text}" for text in _ways(told, plan["environment"]))
        elif at == len(found) - 1:
            yield "  each by itself, such as the first:"
            yield from (f"      {text}" for text in _ways(found[0], plan["environment"]))
            yield f"  or all of them; look first:  drupalsync import --env {plan['environment']} --dry-run"


def _from_the_past(change: Document) -> Document:
    """The change as it went: what moved did so from where it was left to where the site has it."""
    if not change["previous_address"]:
        return change
    return {**change, "address": change["previous_address"], "previous_address": change["address"]}


def _what(change: Document, style: Style) -> Iterator[str]:
    if change["actions"] == ["create"]:
        yield f"deleted on the site since release {change['left_by']} left it there"
        return
    for field in change["fields"]:
        yield from difference(tuple(field["path"]), field.get("base", NOTHING), field.get("live", NOTHING), style)


def _word(told: Told, environment: str) -> Iterator[str]:
    """What the tree says of it, where that is not what was left: no import would put that back."""
    tree, item = told.change["tree"], " ".join(selectors(told))
    stops = f"stops by a {NAMES[tree['stopped']]}" if tree["stopped"] else "does what the tree says"
    if tree["says"] == Says.SITE:
        yield f"the tree agrees, so an import only records it:  drupalsync import {item} --env {environment}"
    elif tree["says"] == Says.MOVED_ON:
        yield f"the tree has moved on, and the next import {stops}:  drupalsync import {item} --env {environment} --dry-run"
    elif tree["says"] == Says.GONE and told.change["actions"] == ["create"]:
        yield f"the tree no longer has it, either; an import forgets it:  drupalsync import --env {environment}"
    elif tree["says"] == Says.GONE:
        yield f"the tree no longer has it; the next import leaves it, and with --prune {stops}"


def _ways(told: Told, environment: str) -> Iterator[str]:
    tree, item = told.change["tree"], " ".join(selectors(told))
    if tree["says"] == Says.SITE or (tree["says"] == Says.GONE and told.change["actions"] == ["create"]):
        return  # settled already
    yield f"take the site's:  drupalsync export {item} --env {environment}"
    if tree["says"] in {Says.LEFT, Says.UNKNOWN}:
        settle = "--adopt" if tree["stopped"] == "first contact" else "--on-drift overwrite"
        yield f"put it back:      drupalsync import {item} --env {environment} {settle}"
    yield f"leave it alone:   in drupalsync.yml, below ignore:  - {_rule(told.change)}"


def _rule(change: Document) -> str:
    """The line for `ignore` that is about this and nothing else: one field, where only that differs."""
    address = change["previous_address"] or change["address"]  # the ledger's, not the site's
    parts = [f"item: {quoted(selector(address))}"]
    if change["actions"] == ["update"] and len(change["fields"]) == 1 and len(all_kinds()[change["kind"]].FIELDS) > 1:
        parts.append(f"field: {quoted(selector('.'.join(map(str, change['fields'][0]['path']))))}")
    return f"{{{', '.join(parts)}, reason: …}}"


def _ignored(plan: Document, style: Style) -> Iterator[str]:
    if not plan["ignored"]:
        return
    yield ""
    yield style.paint(f"Changed on the site, and left alone by drupalsync.yml ({len(plan['ignored'])})", "magenta")
    for change in plan["ignored"]:
        yield f"  {style.paint(SYMBOLS['kept'], 'magenta')} {title(change)}   {style.dim(visible(change['because']))}"


def _tail(plan: Document, style: Style) -> Iterator[str]:
    yield ""
    for note in plan["notes"]:
        yield f"note: {visible(note)}"
    if plan["unfinished_steps"]:
        steps = counted(plan["unfinished_steps"], "step")
        yield f"note: a release left {steps} unfinished (caches, hooks); the next import does them first"
    release, equal, differing = plan["site"]["last_release"]["number"], plan["summary"]["unchanged"], len(plan["drift"])
    it = "it" if (differing or equal) == 1 else "them"
    told = f"{_are(differing)} not as release {release} left {it}, {equal} {_verb(equal)}"
    if not differing:
        told = f"{_are(equal)} as release {release} left {it}"
    rest = [f"{len(plan[name])} {name}" for name in ("ignored", "unmanaged") if plan[name]]
    yield style.bold(f"{visible(plan['environment'])}: {', '.join([told, *rest])}.")


def _are(number: int) -> str:
    return f"{counted(number, 'item')} {_verb(number)}"


def _verb(number: int) -> str:
    return "is" if number == 1 else "are"
