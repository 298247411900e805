"""A plan document for people: symbols first, colour never the only carrier."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from typing import Any

from drupalsync.report.document import Document
from drupalsync.report.style import Style

SYMBOLS = {"create": "+", "update": "~", "move": ">", "adopt": "<", "delete": "-"}
COLOURS = {"create": "green", "update": "yellow", "move": "cyan", "adopt": "blue", "delete": "red"}
LONGEST = 88
CONTEXT = 2
MANY_ADOPTED = 12


def render(plan: Document, style: Style) -> str:
    """The whole plan as text, its last lines the summary and the verdict."""
    return (
        "\n".join(
            [
                *_head(plan, style),
                *_blocked(plan, style),
                *_drift(plan, style),
                *_changes(plan, style),
                *_tail(plan, style),
            ]
        )
        + "\n"
    )


def _head(plan: Document, style: Style) -> Iterator[str]:
    last = plan["site"]["last_release"]
    release = f"last release {last['number']}, tree {last['revision'][:7] or 'unknown'}" if last else "no release yet"
    revision = f" at {plan['tree']['revision'][:7]}" if plan["tree"]["revision"] else ""
    yield f"{plan['environment']}: {plan['site']['database']}, {release}   tree: {plan['tree']['folder']}{revision}"
    used = {change["actions"][0] for change in plan["changes"] if not change["blocked"]}
    legend = [
        style.paint(f"{symbol} {action}", COLOURS[action]) for action, symbol in SYMBOLS.items() if action in used
    ]
    if plan["blocked_by"]:
        legend.append(style.paint("! stopped", "red"))
    if legend:
        yield "  " + "   ".join(legend)


def _blocked(plan: Document, style: Style) -> Iterator[str]:
    stopped = [change for change in plan["changes"] if change["blocked"]]
    if not stopped:
        return
    yield ""
    counts = {reason: sum(change["blocked"] == reason for change in stopped) for reason in plan["blocked_by"]}
    yield style.paint("STOPPED by " + ", ".join(f"{count} {reason}" for reason, count in counts.items()), "red")
    for change in stopped:
        yield f"  {style.paint('!', 'red')} {_title(change)}   {style.dim(change['source'])}".rstrip()
        yield from (f"      {line}" for line in _sides(change, style))
        yield from (f"      {line}" for line in _ways_out(change))


def _sides(change: Document, style: Style) -> Iterator[str]:
    for field in change["fields"]:
        if field["write"] and field["reason"] is None and change["actions"] != ["delete"]:
            continue
        name = ".".join(map(str, field["path"]))
        if field["reason"] in {"conflict", "drift"}:
            yield f"{name}  {style.dim('what drupalsync left')} {_short(field, 'base')}"
            yield f"{' ' * len(name)}  {style.dim('the site has        ')} {_short(field, 'live')}"
            yield f"{' ' * len(name)}  {style.dim('the tree wants      ')} {_short(field, 'desired')}"
        elif field["reason"]:
            yield f"{name}  {_short(field, 'live')} → {_short(field, 'desired')}"


def _ways_out(change: Document) -> Iterator[str]:
    address = change["address"]
    if change["blocked"] == "first contact":
        yield "the site has this item already, and differs; drupalsync never wrote it"
        yield f"take the site's:  drupalsync export {address}"
        yield f"take the tree's:  drupalsync import {address} --adopt"
        return
    yield f"take the site's:  drupalsync export {address}"
    yield f"take the tree's:  drupalsync import {address} --on-drift overwrite"
    yield f"leave both:       drupalsync import {address} --on-drift keep"


def _drift(plan: Document, style: Style) -> Iterator[str]:
    if not plan["drift"]:
        return
    yield ""
    yield style.paint(f"Changed on the site by hand, and kept ({len(plan['drift'])})", "magenta")
    for change in plan["drift"]:
        yield f"  {_title(change)}{'   deleted on the site' if change['actions'] == ['create'] else ''}"
        for field in change["fields"] if change["actions"] != ["create"] else ():
            yield f"      {'.'.join(map(str, field['path']))}  {_short(field, 'base')} → {_short(field, 'live')}"


def _changes(plan: Document, style: Style) -> Iterator[str]:
    adopted = [change for change in plan["changes"] if change["actions"] == ["adopt"]]
    kind = ""
    for change in plan["changes"]:
        action = change["actions"][0]
        if change["blocked"] or action == "adopt":
            continue
        if change["kind"] != kind:
            kind = change["kind"]
            yield ""
            yield style.bold(kind)
        yield f"  {style.paint(SYMBOLS[action], COLOURS[action])} {_title(change)}   {style.dim(change['source'])}".rstrip()
        yield from (f"      {line}" for line in _fields(change, style))
    if adopted:
        yield ""
        yield style.bold("already as the tree wants: recorded, not written")
        for change in adopted[:MANY_ADOPTED]:
            yield f"  {style.paint('<', 'blue')} {_title(change)}"
        if len(adopted) > MANY_ADOPTED:
            yield f"    and {len(adopted) - MANY_ADOPTED} more"


def _title(change: Document) -> str:
    if change["previous_address"]:
        return f"{change['previous_address']} → {change['address'].partition(':')[2]}"
    return str(change["address"])


def _fields(change: Document, style: Style) -> Iterator[str]:
    action = change["actions"][0]
    for field in change["fields"]:
        name = ".".join(map(str, field["path"]))
        if not field["write"]:
            yield f"{name}  {_short(field, 'live')}  {style.dim('changed on the site, kept')}"
        elif action in {"create", "delete"}:
            yield f"{name}  {_short(field, 'desired' if action == 'create' else 'live')}"
        else:
            yield from _field(name, field, style)


def _field(name: str, field: Document, style: Style) -> Iterator[str]:
    old, new = field.get("live"), field.get("desired")
    if {"$secret": True} in (old, new):
        yield f"{name}  (secret, changed)"
        return
    if isinstance(old, str) and isinstance(new, str) and ("\n" in old or "\n" in new):
        if old.replace("\r\n", "\n") == new.replace("\r\n", "\n"):
            yield f"{name}  only the line endings change"
            return
        yield f"{name}"
        yield from _text_diff(old, new, style)
        return
    yield f"{name}  {_short(field, 'live')} → {_short(field, 'desired')}"


def _text_diff(old: str, new: str, style: Style) -> Iterator[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=CONTEXT)
    for line in list(lines)[2:]:
        if line.startswith("@@"):
            continue
        colour = {"+": "green", "-": "red"}.get(line[0])
        text = f"  {line[0]} {line[1:]}"
        yield style.paint(text, colour) if colour else text


def _short(field: Document, side: str) -> str:
    if side not in field:
        return "(nothing)"
    return shorten(field[side])


def shorten(value: Any) -> str:
    """A value on one line; a secret is not even measured."""
    if value == {"$secret": True}:
        return "(secret)"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _tail(plan: Document, style: Style) -> Iterator[str]:
    summary = plan["summary"]
    yield ""
    for note in plan["notes"]:
        yield f"note: {note}"
    if plan["unset_variables"]:
        yield f"note: not set here, so the site keeps its value: {', '.join(plan['unset_variables'])}"
    if plan["left"]:
        yield f"note: {len(plan['left'])} items left the tree and stay on the site without --prune: {_some(plan['left'])}"
    if plan["unfinished_steps"]:
        yield f"note: an earlier release left {plan['unfinished_steps']} steps unfinished (caches, hooks); the next import does them first"
    counts = [f"{summary[action]} to {action}" for action in SYMBOLS]
    rest = [f"{summary[name]} {name}" for name in ("blocked", "drift") if summary[name]]
    rest += [f"{summary['unchanged']} unchanged", f"{summary['unmanaged']} unmanaged"]
    yield style.bold(f"Plan: {', '.join(counts)}; {', '.join(rest)}.")


def _some(addresses: list[str]) -> str:
    return ", ".join(addresses[:3]) + (" …" if len(addresses) > 3 else "")
