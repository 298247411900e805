"""The JSON Schema of a plan document (report/document.py): what other programs may build on.

A minor step of `format_version` adds entries, a major one takes away or changes: so a reader ignores what it does not know,
and nothing here forbids it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drupalsync.plan import Action, Reason, Side

Schema = Mapping[str, Any]
_TEXT: Final[Schema] = {"type": "string"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_ADDRESSES: Final[Schema] = {"type": "array", "items": {"$ref": "#/$defs/address"}}
_REASON: Final[dict[str, list[str]]] = {"enum": [reason.value for reason in Reason]}
_OTHERS: Final = ("blocked", "drift", "ignored", "left", "unmanaged", "unchanged")


def plan_schema() -> dict[str, Any]:
    """The schema, without its `$schema` and title."""
    return {
        **_map(
            format_version={"type": "string", "pattern": r"^1\.\d+$"},
            drupalsync_version=_TEXT,
            command=_says(
                "The command that carries it out, with what it is about: import, or rollback and a release.",
                {"type": "array", "items": _TEXT, "minItems": 1},
            ),
            undoes=_says("The release that it takes back.", _or_null({"type": "integer", "minimum": 1})),
            environment=_says("The environment's name in drupalsync.yml.", _TEXT),
            site=_map(database=_says("Its URL, without a password.", _TEXT), last_release=_or_null(_release())),
            tree=_map(folder=_TEXT, revision=_says('The git commit; "" where there is none.', _TEXT)),
            applyable=_says("Whether nothing stops it.", {"type": "boolean"}),
            blocked_by={"type": "array", "items": {"enum": [*_REASON["enum"], "limit"]}, "uniqueItems": True},
            summary=_map(**dict.fromkeys((*(action.value for action in Action), *_OTHERS), _COUNT)),
            limits=_says(
                "The safety limits that the plan comes near, exceeded or not.",
                {"type": "array", "items": {"$ref": "#/$defs/limit"}},
            ),
            changes=_says("In the order in which they are carried out.", _changes()),
            drift=_says("Changed on the site by hand, and kept.", _changes()),
            ignored=_says("Differs, and a rule or a mode of drupalsync.yml leaves it alone.", _changes()),
            left=_says("Gone from the tree, and kept on the site: without --prune, or by its mode.", _ADDRESSES),
            forgotten=_says("Gone from the tree and from the site.", _ADDRESSES),
            unmanaged=_says("On the site only, and none of drupalsync's.", _ADDRESSES),
            unset_variables=_says("Variables of the environment that are not set.", {"type": "array", "items": _TEXT}),
            unfinished_steps=_says("What an earlier release left to do after its commit.", _COUNT),
            in_sync=_says("How many items are equal, by kind.", {"type": "object", "additionalProperties": _COUNT}),
            notes={"type": "array", "items": _TEXT},
            undo=_says(
                "What a rollback of this plan, once it is carried out, would bring back.",
                _map(
                    complete={"type": "boolean"},
                    why=_says("A sentence for each thing that does not come back.", {"type": "array", "items": _TEXT}),
                ),
            ),
        ),
        "$defs": {
            "address": _says("kind:key", {"type": "string", "pattern": r"^[a-z][a-z0-9_]*:[\s\S]"}),
            "change": _change(),
            "field": _field(),
            "limit": _limit(),
            "value": _value(),
        },
    }


def _change() -> dict[str, Any]:
    return _map(
        address={"$ref": "#/$defs/address"},
        previous_address=_says("Where it moves from.", _or_null({"$ref": "#/$defs/address"})),
        kind=_TEXT,
        actions={"type": "array", "items": {"enum": [action.value for action in Action]}, "minItems": 1},
        blocked=_says("What stops it.", _or_null(_REASON)),
        because=_says('Why it is left alone, or protected; "" where neither is so.', _TEXT),
        alike=_says("The item that it looks like, where a rename is suspected.", _or_null({"$ref": "#/$defs/address"})),
        source=_says('Its file below the tree\'s folder; "" for what the tree does not have.', _TEXT),
        left_by=_says("The release that last left it on the site.", _or_null({"type": "integer", "minimum": 1})),
        undo=_says("Whether a rollback brings all of it back.", {"enum": ["full", "partial"]}),
        fields=_says(
            "The paths that differ; of a new or a deleted item its fields, but for those at their default.",
            {"type": "array", "items": {"$ref": "#/$defs/field"}},
        ),
    )


def _field() -> dict[str, Any]:
    value = {"$ref": "#/$defs/value"}
    described = _map(
        path={"type": "array", "items": {"type": ["string", "integer"]}, "minItems": 1},
        side=_says("Who changed it; null: nobody knows.", _or_null({"enum": [side.value for side in Side]})),
        reason=_says("Why it is not simply applied.", _or_null(_REASON)),
        write=_says("Whether an import writes it.", {"type": "boolean"}),
        because=_says('The rule that leaves it alone; "": none.', _TEXT),
    )
    sides = {
        "base": _says("What drupalsync last left there; missing: nothing.", value),
        "live": _says("What the site has; missing: nothing.", value),
        "desired": _says("What the tree wants; missing: nothing.", value),
        "merged": _says("A list with the edits of both sides, where it is that which is written.", value),
    }
    return {**described, "properties": {**described["properties"], **sides}}


def _limit() -> dict[str, Any]:
    return _map(
        rule={"enum": ["percent", "changes", "deletes"]},
        kind=_says('The kind of which a share is counted; "": all.', _TEXT),
        value=_says("How many items the plan updates, moves or deletes.", _COUNT),
        most=_says("How many it may.", _COUNT),
        of=_says("How many items of the kind there are, where a share is counted; else 0.", _COUNT),
        exceeded={"type": "boolean"},
        allow_changes=_says("What --allow-changes must at least be to go beyond it; 0: not needed.", _COUNT),
        allow_deletes=_says("What --allow-deletes must at least be to go beyond it; 0: not needed.", _COUNT),
    )


def _value() -> dict[str, Any]:
    return {
        "description": (
            "A value. What JSON has no form for is a map with a key that begins with one $: {$secret: true}, never more; "
            "{$binary: base64}; {$float: nan}; {$object: class, properties: {}}; {$serialized: text}; {$int: reference}; "
            "{$env: variable}. A site's own key that begins with $ has one $ more."
        ),
        "if": {"type": "object", "required": ["$secret"]},
        "then": {"properties": {"$secret": {"const": True}}, "maxProperties": 1},
    }


def _release() -> dict[str, Any]:
    return _map(
        number={"type": "integer", "minimum": 1}, revision=_TEXT, time=_says("Seconds since 1970.", {"type": "integer"})
    )


def _changes() -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": "#/$defs/change"}}


def _map(**properties: Schema) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _or_null(schema: Schema) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _says(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, **schema}
