"""The plan document: the one JSON-able form of a plan that every report is rendered from.

Secrets are sealed before a plan is made, so none can be in here; a sealed value is `{"$secret": true}`, not even its length.
`format_version`: a minor step adds, a major one breaks; readers ignore what they do not know.
"""

from __future__ import annotations

import base64
import math
from dataclasses import dataclass
from typing import Any

from drupalsync import __version__
from drupalsync.apply.seal import is_seal
from drupalsync.php import PhpObject, PhpSerialized
from drupalsync.plan import Action, Change, FieldChange, Plan
from drupalsync.plan.paths import Absent, Found
from drupalsync.tree import Env, IntRef

FORMAT_VERSION = "1.0"
Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a reader must know of where a plan was made."""

    environment: str
    site: str  # without a password
    tree: str  # the folder
    revision: str = ""
    last_release: tuple[int, str, int] | None = None  # number, revision, unix time
    unset: tuple[str, ...] = ()  # variables of the environment whose secrets stay as the site has them
    unfinished: int = 0


def document(plan: Plan, setting: Setting) -> Document:
    """The document of a plan; the same plan gives the same document."""
    return {
        "format_version": FORMAT_VERSION,
        "drupalsync_version": __version__,
        "environment": setting.environment,
        "site": {"database": setting.site, "last_release": _release(setting.last_release)},
        "tree": {"folder": setting.tree, "revision": setting.revision},
        "applyable": not plan.blocked,
        "blocked_by": sorted({change.blocked.value for change in plan.blocked if change.blocked}),
        "summary": _summary(plan),
        "changes": [_change(change) for change in plan.changes],
        "drift": [_change(change) for change in plan.drift],
        "left": list(plan.left),
        "unmanaged": list(plan.unmanaged),
        "unset_variables": list(setting.unset),
        "unfinished_steps": setting.unfinished,
        "kinds": list(plan.kinds),
        "notes": list(plan.notes),
    }


def _release(last: tuple[int, str, int] | None) -> Document | None:
    return {"number": last[0], "revision": last[1], "time": last[2]} if last else None


def _summary(plan: Plan) -> dict[str, int]:
    counts = {action.value: 0 for action in Action}
    for change in plan.changes:
        if not change.blocked:
            counts[change.action.value] += 1
    return {
        **counts,
        "blocked": len(plan.blocked),
        "drift": len(plan.drift),
        "left": len(plan.left),
        "unmanaged": len(plan.unmanaged),
        "unchanged": plan.in_sync,
    }


def _change(change: Change) -> Document:
    return {
        "address": change.address,
        "previous_address": change.previous_address,
        "kind": change.kind,
        "actions": [change.action.value],
        "blocked": change.blocked.value if change.blocked else None,
        "source": change.source,
        "fields": [_field(field) for field in change.fields] or _whole(change),
    }


def _whole(change: Change) -> list[Document]:
    """What a new or a deleted item has: each field that says something."""
    item = change.desired if change.action is Action.CREATE else change.live if change.action is Action.DELETE else None
    if item is None:
        return []
    side = "desired" if change.action is Action.CREATE else "live"
    return [
        {"path": [name], side: jsonable(value), "reason": None, "write": True}
        for name, value in item.fields.items()
        if value not in (None, "", [], {}, False, 0)
    ]


def _field(field: FieldChange) -> Document:
    sides = {"base": field.base, "live": field.live, "desired": field.desired}
    return {
        "path": [step.decode("utf-8", "replace") if isinstance(step, bytes) else step for step in field.path],
        **{name: jsonable(value) for name, value in sides.items() if not isinstance(value, Absent)},
        "reason": field.reason.value if field.reason else None,
        "write": field.write,
    }


def jsonable(value: Found) -> Any:
    """A value as JSON can hold it; what JSON has no form for is a map with one `$` key."""
    if is_seal(value):
        return {"$secret": True}
    if isinstance(value, float) and (not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)):
        return {"$float": str(value)}
    if isinstance(value, bytes):
        return {"$binary": base64.b64encode(value).decode()}
    if isinstance(value, list):
        return [jsonable(member) for member in value]
    if isinstance(value, dict):
        return {_name(name): jsonable(member) for name, member in value.items()}
    if isinstance(value, PhpObject):
        return {
            "$object": value.cls,
            "properties": {_name(name): jsonable(member) for name, member in value.properties.items()},
        }
    if isinstance(value, PhpSerialized):
        return {"$serialized": value.data.decode("utf-8", "replace")}
    if isinstance(value, IntRef):
        return {"$int": value.target}
    if isinstance(value, Env):
        return {"$env": value.name}
    return None if isinstance(value, Absent) else value


def _name(name: int | str | bytes) -> str:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
