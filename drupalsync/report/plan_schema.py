"""The JSON Schema of a plan document (report/document.py): what other programs may build on.

A minor step of `format_version` adds entries, a major one takes away or changes: so a reader ignores what it does not know,
and nothing here forbids it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drupalsync.apply.tree_word import Says
from drupalsync.plan import Action, OnDrift, Reason, Side
from drupalsync.report.document import SCHEMA

Schema = Mapping[str, Any]
_TEXT: Final[Schema] = {"type": "string"}
_COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
_KIND: Final = "[a-z][a-z0-9_]*"
_PLAIN: Final = "[ -~]*"  # what any terminal can show
_LAST_MOMENT: Final = 253402300799  # the last second of the year 9999
_ADDRESSES: Final[Schema] = {"type": "array", "items": {"$ref": "#/$defs/address"}}
_REASON: Final[dict[str, list[str]]] = {"enum": [reason.value for reason in Reason]}
_FINGERPRINT: Final[Schema] = {"anyOf": [{"type": "string", "pattern": "^hmac:[0-9a-f]{32}$"}, {"type": "null"}]}
_OTHERS: Final = ("blocked", "drift", "ignored", "left", "unmanaged", "unchanged")


def plan_schema() -> dict[str, Any]:
    """The schema, without its `$schema` and title."""
    described = _document()
    kept = {
        "created": _says("When it was kept, in UTC; only in a file.", _matching(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"))
    }
    return {
        "$id": SCHEMA,
        **described,
        "properties": {**described["properties"], **kept},
        "$defs": {
            "address": _says("kind:key", {"type": "string", "pattern": r"^[a-z][a-z0-9_]*:[\s\S]"}),
            "change": _change(),
            "field": _field(),
            "limit": _limit(),
            "value": _value(),
        },
    }


def _document() -> dict[str, Any]:
    return _map(
        format_version=_matching(r"1\.\d+"),
        schema=_says("The `$id` of this schema.", {"const": SCHEMA}),
        plan_id=_says("The same for the same plan; a release remembers it.", _matching("p-[0-9a-f]{10}")),
        drupalsync_version=_TEXT,
        command=_says(
            "The command that carries it out, with what it is about: import, or rollback and a release.",
            {"type": "array", "items": _TEXT, "minItems": 1},
        ),
        undoes=_says("The release that it takes back.", _or_null({"type": "integer", "minimum": 1})),
        environment=_says("The environment's name in drupalsync.yml.", _TEXT),
        site=_site(),
        tree=_tree(),
        policy=_policy(),
        selectors=_says("What the plan is narrowed to; none: everything.", {"type": "array", "items": _TEXT}),
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
    )


def _site() -> dict[str, Any]:
    return _map(
        database=_says('Its URL, without a password; "": two revisions are compared.', _TEXT),
        identity=_says("A digest of what tells it from other sites.", _TEXT),
        drupal=_says('The version of its Drupal; "": it does not say.', _TEXT),
        fingerprint_key=_says(
            "Where the key of the fingerprints is from, and a mark that tells it from others.", _TEXT
        ),
        last_release=_or_null(_release()),
    )


def _tree() -> dict[str, Any]:
    return _map(
        folder=_TEXT,
        revision=_says('The git commit; "" where there is none.', _matching(_PLAIN)),
        before=_says('The commit that it is compared with; "": a site is.', _matching(_PLAIN)),
        dirty=_says(
            "Whether the files are not what that commit has; null: nobody looked.",
            {"type": ["boolean", "null"]},
        ),
        digest=_says("Of the files that count for this environment.", _TEXT),
        overlay=_says('The overlay of the environment; "": none.', _TEXT),
    )


def _policy() -> dict[str, Any]:
    number = _or_null(_COUNT)
    return _says(
        "What the operator allowed.",
        _map(
            adopt={"type": "boolean"},
            prune={"type": "boolean"},
            on_drift={"enum": [way.value for way in OnDrift]},
            allow_changes=number,
            allow_deletes=number,
        ),
    )


def _change() -> dict[str, Any]:
    described = _map(
        address={"$ref": "#/$defs/address"},
        previous_address=_says("Where it moves from.", _or_null({"$ref": "#/$defs/address"})),
        kind=_matching(_KIND),
        actions={"type": "array", "items": {"enum": [action.value for action in Action]}, "minItems": 1},
        blocked=_says("What stops it.", _or_null(_REASON)),
        because=_says('Why it is left alone, or protected; "" where neither is so.', _TEXT),
        alike=_says("The item that it looks like, where a rename is suspected.", _or_null({"$ref": "#/$defs/address"})),
        source=_says('Its file below the tree\'s folder; "" for what the tree does not have.', _TEXT),
        left_by=_says("The release that last left it on the site.", _or_null({"type": "integer", "minimum": 1})),
        live_fingerprint=_says("A keyed hash of what the site has; null: nothing.", _FINGERPRINT),
        desired_fingerprint=_says("A keyed hash of what the tree wants; null: nothing.", _FINGERPRINT),
        undo=_says("Whether a rollback brings all of it back.", {"enum": ["full", "partial"]}),
        fields=_says(
            "The paths that differ; of a new or a deleted item its fields, but for those at their default.",
            {"type": "array", "items": {"$ref": "#/$defs/field"}},
        ),
    )
    tree = _map(
        says={"enum": [says.value for says in Says]},
        stopped=_says("What stops the next import of it.", _or_null(_REASON)),
    )
    only = {"tree": _says("Of verify: what the tree says of what differs on the site.", tree)}
    renamed = {"properties": {"blocked": {"const": Reason.RENAME.value}}}
    return {
        **described,
        "properties": {**described["properties"], **only},
        "if": renamed,
        "then": {"properties": {"alike": {"$ref": "#/$defs/address"}}},
    }


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
        kind=_says('The kind of which a share is counted; "": all.', _matching(f"({_KIND})?")),
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
        "allOf": [
            {
                "if": {"type": "object", "required": ["$secret"]},
                "then": {"properties": {"$secret": {"const": True}}, "maxProperties": 1},
            },
            {
                "if": {"type": "object", "required": ["$object"]},
                "then": {"required": ["properties"], "properties": {"properties": {"type": "object"}}},
            },
        ],
        "items": {"$ref": "#/$defs/value"},
        "additionalProperties": {"$ref": "#/$defs/value"},
    }


def _release() -> dict[str, Any]:
    return _map(
        number={"type": "integer", "minimum": 1},
        revision=_matching(_PLAIN),
        time=_says("Seconds since 1970.", {"type": "integer", "minimum": 0, "maximum": _LAST_MOMENT}),
    )


def _changes() -> dict[str, Any]:
    return {"type": "array", "items": {"$ref": "#/$defs/change"}}


def _map(**properties: Schema) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


def _matching(pattern: str) -> Schema:
    return {"type": "string", "pattern": f"^{pattern}$"}


def _or_null(schema: Schema) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _says(description: str, schema: Schema) -> dict[str, Any]:
    return {"description": description, **schema}
