"""A plan document for people: symbols first, colour never the only carrier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from drupalsync.errors import counted
from drupalsync.report.document import Document
from drupalsync.report.items import SYMBOLS, Told, legend, line, title, together
from drupalsync.report.parts import label
from drupalsync.report.releases import last_release, short
from drupalsync.report.stopped import NAMES, stopped
from drupalsync.report.stopped_rollback import stopped_rollback
from drupalsync.report.style import Style
from drupalsync.report.values import NOTHING, worded
from drupalsync.report.visible import cut, visible
from drupalsync.report.words import WIDEST, content, difference

MANY_ADOPTED: Final = 12
MANY_LOSSES: Final = 3
EDITED: Final = "overwrites what somebody changed on the site"
FIRST: Final = "overwrites what the site has, which drupalsync never wrote"
ACTIONS: Final = ("create", "update", "move", "adopt", "delete")
BETWEEN: Final = {"create": "new", "update": "changed", "move": "moved", "delete": "gone"}  # two revisions of the tree


def render(plan: Document, style: Style) -> str:
    """The whole plan as text, its last line the summary. No character of the site or the tree can move the cursor."""
    parts = (_head, stopped_rollback if plan["undoes"] else stopped, _kept, _ignored, _changes, _tail)
    sections = (part(plan, style) for part in parts)
    return "".join(f"{text.rstrip()}\n" for section in sections for text in section)


def in_one_line(plan: Document) -> str:
    """A plan without changes."""
    rest = [f"{plan['summary']['unchanged']} unchanged", f"{plan['summary']['unmanaged']} unmanaged"]
    if plan["drift"]:
        rest.append(f"{counted(len(plan['drift']), 'hand edit')} kept")
    if plan["ignored"]:
        rest.append(f"{counted(len(plan['ignored']), 'difference')} ignored")
    if plan["left"]:
        rest.append(f"{len(plan['left'])} gone from the tree and kept")
    return f"{plan['environment']}: {', '.join(rest)}, {last_release(plan['site']['last_release'])}. Nothing to do."


def site_line(plan: Document, style: Style) -> str:
    """Which site, and which tree, all that follows is about."""
    site, tree = visible(plan["site"]["database"]), visible(plan["tree"]["folder"])
    if plan["tree"]["before"]:
        return f"tree: {style.bold(tree)} at {_span(plan)}"
    revision = f" at {short(plan['tree']['revision'])}" if plan["tree"]["revision"] else ""
    about = f"takes back release {plan['undoes']}" if plan["undoes"] else f"tree: {tree}{revision}"
    release = last_release(plan["site"]["last_release"])
    return f"{style.bold(visible(plan['environment']))}: {site}, {release}   {about}"


def _head(plan: Document, style: Style) -> Iterator[str]:
    yield site_line(plan, style)
    used = {"stopped" if change["blocked"] else change["actions"][0] for change in plan["changes"]}
    if plan["drift"]:
        used.add("kept")
    if used:
        yield f"  {legend(used, style)}"


def _span(plan: Document) -> str:
    """The two revisions that a plan compares."""
    return f"{short(plan['tree']['before'])} → {short(plan['tree']['revision'])}"


def _kept(plan: Document, style: Style) -> Iterator[str]:
    """What somebody changed on the site and this plan leaves alone."""
    if not plan["drift"]:
        return
    yield ""
    yield style.paint(f"Changed on the site by hand, and kept ({len(plan['drift'])})", "magenta")
    for change in plan["drift"]:
        if change["actions"] == ["create"]:
            yield f"  {style.paint(SYMBOLS['kept'], 'magenta')} {title(change)}   deleted on the site"
            continue
        yield line("kept", Told(change), plan["tree"]["folder"], style)
        for field in change["fields"]:
            old, new = (field.get(side, NOTHING) for side in ("base", "live"))
            yield from (f"      {text}" for text in difference(tuple(field["path"]), old, new, style))


def _ignored(plan: Document, style: Style) -> Iterator[str]:
    """What differs and is none of an import's business, each with the reason that drupalsync.yml gives."""
    if not plan["ignored"]:
        return
    yield ""
    yield style.paint(f"Differs, and is left alone by drupalsync.yml ({len(plan['ignored'])})", "magenta")
    for change in plan["ignored"]:
        yield f"  {style.paint(SYMBOLS['kept'], 'magenta')} {title(change)}   {style.dim(visible(change['because']))}"
        if change["actions"] == ["create"]:
            yield "      not on the site"
            continue
        for field in change["fields"]:
            old, new = (field.get(side, NOTHING) for side in ("live", "desired"))
            yield from (f"      {text}" for text in difference(tuple(field["path"]), old, new, style))


def _changes(plan: Document, style: Style) -> Iterator[str]:
    free = [change for change in plan["changes"] if not change["blocked"]]
    kind = ""
    for told in together(change for change in free if change["actions"] != ["adopt"]):
        if told.change["kind"] != kind:
            kind = told.change["kind"]
            yield ""
            yield style.bold(kind)
        yield line(told.change["actions"][0], told, plan["tree"]["folder"], style)
        yield from (f"      {text}" for text in _fields(told.change, plan["undoes"], style))
    adopted = [change for change in free if change["actions"] == ["adopt"]]
    if adopted:
        yield ""
        yield style.bold("already as the tree wants: recorded, not written")
        yield from (f"  {style.paint('<', 'blue')} {title(change)}" for change in adopted[:MANY_ADOPTED])
        if len(adopted) > MANY_ADOPTED:
            yield f"    and {len(adopted) - MANY_ADOPTED} more"


def _fields(change: Document, undoes: int | None, style: Style) -> Iterator[str]:
    action = change["actions"][0]
    if action == "delete":
        release = f", and release {change['left_by']} left it there" if change["left_by"] else ""
        yield f"because release {undoes} made it" if undoes else f"because it is gone from the tree{release}"
        yield from content([(tuple(field["path"]), field.get("live", NOTHING)) for field in change["fields"]])
    elif action == "create":
        yield from content([(tuple(field["path"]), field.get("desired", NOTHING)) for field in change["fields"]])
    else:
        yield from _overwritten(change, style)
        for field in change["fields"]:
            yield from _field(field, style)


def _overwritten(change: Document, style: Style) -> Iterator[str]:
    """Whose values go: which of the fields somebody else than the tree has changed, unless it is all of them."""
    written = [field for field in change["fields"] if field["write"]]
    theirs = [field for field in written if field["reason"] and "merged" not in field]
    if theirs:
        what = FIRST if {field["reason"] for field in theirs} == {"first contact"} else EDITED
        which = ", ".join(label(tuple(field["path"])) for field in theirs)
        yield style.paint(what if len(theirs) == len(written) else f"{what}: {which}", "magenta")


def _field(field: Document, style: Style) -> Iterator[str]:
    path, live = tuple(field["path"]), field.get("live", NOTHING)
    if field["write"]:
        if "merged" in field:
            yield style.dim(f"{label(path)}: what both sides changed, merged")
        yield from difference(path, live, field.get("merged", field.get("desired", NOTHING)), style)
    else:
        why = visible(field["because"]) or "changed on the site"
        yield f"{label(path)}  {cut(worded(live), WIDEST)}  {style.dim(f'kept: {why}')}"


def _tail(plan: Document, style: Style) -> Iterator[str]:
    summary = plan["summary"]
    yield ""
    for note in plan["notes"]:
        yield f"note: {visible(note)}"
    if plan["unset_variables"]:
        yield f"note: not set here, so the site keeps its value: {visible(', '.join(plan['unset_variables']))}"
    if plan["left"]:
        count = counted(len(plan["left"]), "item")
        why = f"release {plan['undoes']} made, by their mode" if plan["undoes"] else "the tree no longer has"
        yield f"note: the site keeps {count} that {why}: {_some(plan['left'])}"
    if plan["unfinished_steps"]:
        steps = counted(plan["unfinished_steps"], "step")
        yield f"note: an earlier release left {steps} unfinished (caches, hooks); the next import does them first"
    if plan["tree"]["before"]:
        done = [f"{summary[action]} {verb}" for action, verb in BETWEEN.items()]
        yield style.bold(f"{_span(plan)}: {', '.join(done)}; {summary['unchanged']} unchanged.")
        return
    if plan["changes"]:
        yield f"Undo: {_undo(plan['undo'])}."
    counts = [f"{summary[action]} to {action}" for action in ACTIONS]
    stops = [sum(change["blocked"] == reason for change in plan["changes"]) for reason in NAMES]
    rest = [counted(count, name) for count, name in zip(stops, NAMES.values(), strict=True) if count]
    rest += [f"{counted(summary['drift'], 'hand edit')} kept"] if summary["drift"] else []
    rest += [f"{counted(summary['ignored'], 'difference')} ignored"] if summary["ignored"] else []
    rest += [f"{summary['unchanged']} unchanged", f"{summary['unmanaged']} unmanaged"]
    yield style.bold(f"Plan: {', '.join(counts)}; {', '.join(rest)}.")


def _some(addresses: list[str]) -> str:
    return visible(", ".join(addresses[:3])) + (" …" if len(addresses) > 3 else "")


def _undo(undo: Document) -> str:
    """What a rollback of the plan would bring back."""
    if undo["complete"]:
        return "complete"
    more = len(undo["why"]) - MANY_LOSSES
    return f"partial: {visible('; '.join(undo['why'][:MANY_LOSSES]))}" + (f"; and {more} more" if more > 0 else "")
