"""The plan document: the one JSON-able form of a plan that every report is rendered from.

Secrets are sealed before a plan is made, so none can be in here; a sealed value is `{"$secret": true}`, not even its length.
`format_version`: a minor step adds, a major one breaks; readers ignore what they do not know.
"""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from hashlib import blake2b
from typing import Any, Final

from drupalsync import __version__
from drupalsync.apply.seal import is_seal
from drupalsync.kinds import all_kinds
from drupalsync.kinds.fields import same_tree
from drupalsync.manifest import Rules
from drupalsync.php import PhpObject, PhpSerialized
from drupalsync.plan import ABSENT, Action, Change, FieldChange, Forecast, Plan, Policy, differing, forecast, get_path
from drupalsync.plan.paths import Absent, Found
from drupalsync.tree import Env, IntRef, TreeValue

FORMAT_VERSION = "1.1"
SCHEMA: Final = "urn:drupalsync:schema:plan:1"
POLICY: Final = ("adopt", "prune", "on_drift", "allow_changes", "allow_deletes")
Document = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a reader must know of where a plan was made."""

    environment: str
    site: str  # without a password; "": two revisions are compared
    tree: str  # the folder
    revision: str = ""
    before: str = ""  # the revision that it is compared with, without any site
    identity: str = ""  # a digest of what tells the site from others
    drupal: str = ""
    overlay: str = ""
    digest: str = ""  # of the tree's files
    policy: Policy = field(default_factory=Policy)
    selectors: tuple[str, ...] = ()
    fingerprint_key: str = ""
    fingerprints: Mapping[str, tuple[str | None, str | None]] = field(default_factory=dict)  # by address: live, desired
    last_release: tuple[int, str, int] | None = None  # number, revision, unix time
    unset: tuple[str, ...] = ()  # variables of the environment whose secrets stay as the site has them
    unfinished: int = 0
    left_by: Mapping[str, int] = field(default_factory=dict)  # address → the release that last left it on the site
    command: tuple[str, ...] = ("import",)  # that made the plan, and carries it out
    undoes: int | None = None  # the release that the plan takes back
    rules: Rules = field(default_factory=Rules)


def document(plan: Plan, setting: Setting) -> Document:
    """The document of a plan; the same plan gives the same document."""
    undo = forecast(plan, setting.rules)
    made: Document = {
        "format_version": FORMAT_VERSION,
        "schema": SCHEMA,
        "plan_id": "",
        "drupalsync_version": __version__,
        "command": list(setting.command),
        "undoes": setting.undoes,
        "environment": setting.environment,
        "site": {
            "database": setting.site,
            "identity": setting.identity,
            "drupal": setting.drupal,
            "fingerprint_key": setting.fingerprint_key,
            "last_release": _release(setting.last_release),
        },
        "tree": {
            "folder": setting.tree,
            "revision": setting.revision,
            "before": setting.before,
            "dirty": None,
            "digest": setting.digest,
            "overlay": setting.overlay,
        },
        "policy": {name: _plain(getattr(setting.policy, name)) for name in POLICY},
        "selectors": list(setting.selectors),
        "applyable": plan.applyable,
        "blocked_by": sorted(
            {change.blocked.value for change in plan.blocked if change.blocked}
            | ({"limit"} if plan.exceeded else set())
        ),
        "summary": _summary(plan),
        "limits": [asdict(limit) for limit in plan.limits],
        "changes": [_change(change, setting, undo) for change in plan.changes],
        "drift": [_change(change, setting, undo) for change in plan.drift],
        "ignored": [_change(change, setting, undo) for change in plan.ignored],
        "left": list(plan.left),
        "forgotten": list(plan.forgotten),
        "unmanaged": list(plan.unmanaged),
        "unset_variables": list(setting.unset),
        "unfinished_steps": setting.unfinished,
        "in_sync": {kind: plan.in_sync.get(kind, 0) for kind in plan.kinds},
        "notes": [*plan.notes, *(sentence for _, sentence in plan.losses)],
        "undo": {"complete": undo.complete, "why": list(undo.why)},
    }
    return {**made, "plan_id": plan_id(made)}


def plan_id(plan: Document) -> str:
    """What tells a plan from others: a digest of the site as it is, of the tree and of what is to be done.

    What the reader is told besides (the revision's name, notes, when it was kept) has no part in it.
    """
    last = plan["site"]["last_release"]
    told = (
        "address", "previous_address", "actions", "blocked", "live_fingerprint", "desired_fingerprint",
    )  # fmt: skip
    parts = [
        [plan["undoes"], plan["environment"], plan["site"]["identity"], last and last["number"]],
        [plan["tree"]["digest"], plan["policy"], plan["selectors"]],
        [[change[name] for name in told] for change in plan["changes"]],
        plan["forgotten"],
    ]
    return f"p-{blake2b(json.dumps(parts, sort_keys=True).encode(), digest_size=5).hexdigest()}"


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, StrEnum) else value


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
        "ignored": len(plan.ignored),
        "left": len(plan.left),
        "unmanaged": len(plan.unmanaged),
        "unchanged": sum(plan.in_sync.values()),
    }


def _change(change: Change, setting: Setting, undo: Forecast) -> Document:
    live, desired = setting.fingerprints.get(change.address, (None, None))
    return {
        "address": change.address,
        "previous_address": change.previous_address,
        "kind": change.kind,
        "actions": [change.action.value],
        "blocked": change.blocked.value if change.blocked else None,
        "because": change.because,
        "alike": change.alike or None,
        "source": change.source,
        "left_by": setting.left_by.get(change.previous_address or change.address),
        "live_fingerprint": live,
        "desired_fingerprint": desired,
        "undo": "partial" if change.address in undo.partial else "full",
        "fields": [_field(field_change) for field_change in change.fields] or ([] if change.alike else _whole(change)),
    }


def _whole(change: Change) -> list[Document]:
    """What a new or a deleted item has, but for fields at their default; of a delete that stops, what changed since."""
    if change.action is Action.DELETE and change.blocked and change.live and change.base:
        live, base = dict(change.live.fields), dict(change.base.fields)
        return [
            _field(
                FieldChange(
                    path=path,
                    base=get_path(base, path),
                    live=get_path(live, path),
                    desired=ABSENT,
                    reason=change.blocked,
                    write=False,
                )
            )
            for path in differing(base, live)
        ]
    item = change.desired if change.action is Action.CREATE else change.live if change.action is Action.DELETE else None
    if item is None:
        return []
    side = "desired" if change.action is Action.CREATE else "live"
    return [
        {"path": [name], side: jsonable(value), "side": "tree", "reason": None, "write": True, "because": ""}
        for name, value in item.fields.items()
        if not _at_default(change.kind, name, value)
    ]


def _at_default(kind: str, name: str, value: TreeValue) -> bool:
    spec = all_kinds()[kind].FIELDS.get(name) if kind in all_kinds() else None
    return spec is not None and not spec.required and same_tree(value, spec.default)


def _field(change: FieldChange) -> Document:
    sides = {"base": change.base, "live": change.live, "desired": change.desired}
    return {
        "path": [step.decode("utf-8", "replace") if isinstance(step, bytes) else step for step in change.path],
        **{name: jsonable(value) for name, value in sides.items() if not isinstance(value, Absent)},
        "side": change.side.value if change.side else None,
        "reason": change.reason.value if change.reason else None,
        "write": change.write,
        "because": change.because,
        **({} if isinstance(change.merged, Absent) else {"merged": jsonable(change.merged)}),
    }


def jsonable(value: Found) -> Any:
    """A value as JSON can hold it; what JSON has no form for is a map with a `$` key (a site's own such key has two).

    As PHP has one array type, a map with the keys 0…n-1 in order is a list.
    """
    if is_seal(value):
        return {"$secret": True}
    if isinstance(value, float) and (not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0)):
        return {"$float": str(value)}
    if isinstance(value, list):
        return [jsonable(member) for member in value]
    if isinstance(value, dict) and list(value) == list(range(len(value))):
        return [jsonable(member) for member in value.values()]
    if isinstance(value, dict):
        return _map(value)
    return _special(value)


def _special(value: Found) -> Any:
    """What is neither a list nor a map."""
    if isinstance(value, bytes):
        return {"$binary": base64.b64encode(value).decode()}
    if isinstance(value, PhpObject):
        return {"$object": value.cls, "properties": _map(value.properties)}
    if isinstance(value, PhpSerialized):
        return {"$serialized": value.data.decode("utf-8", "replace")}
    if isinstance(value, IntRef):
        return {"$int": value.target}
    if isinstance(value, Env):
        return {"$env": value.name}
    return None if isinstance(value, Absent) else value


def _map(entries: Mapping[Any, Any]) -> Document:
    return {_name(name): jsonable(member) for name, member in entries.items()}


def _name(name: int | str | bytes) -> str:
    text = name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)
    return f"${text}" if text.startswith("$") else text
