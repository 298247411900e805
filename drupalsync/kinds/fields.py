"""Fields of an item: their default, what may stand in them, and a sentence for the reader.

One declaration serves the check of a file, the JSON Schema and the documentation. `schema` is the part of JSON Schema
2020-12 that `_misfit` knows: type, enum, items, properties, required, additionalProperties, minimum, maximum, anyOf.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from drupalsync.errors import DrupalsyncError
from drupalsync.tree import Env, IntRef, TreeValue, same

Schema = Mapping[str, object]
same_tree = same  # strict equality, types included, that also knows `!env` and `!int`
Path = tuple[str | int, ...]

TEXT: Schema = {"type": "string"}
INT: Schema = {"type": "integer"}
BOOL: Schema = {"type": "boolean"}
TEXTS: Schema = {"type": "array", "items": {"type": "string"}}
MAP: Schema = {"type": "object"}
ANYTHING: Schema = {}
PROTECT = "protect"  # what every item that is a mapping in a file may say besides its fields


class FieldProblem(DrupalsyncError):
    """A file says something that its kind does not understand; `path` is where in the document."""

    def __init__(self, what: str, path: Path, *, hint: str = "") -> None:
        super().__init__(what, where="/".join(map(str, path)), hint=hint)
        self.path = path


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an item. A field without a default must be in the file.

    `by_member`: the lists in it are sets, so that edits of their members by the tree and by the site merge.
    """

    help: str
    schema: Schema = field(default_factory=dict)
    default: TreeValue = None
    required: bool = False
    by_member: bool = False


def load_fields(
    fields: Mapping[str, Field], document: TreeValue, path: Path = (), *, besides: Sequence[str] = ()
) -> dict[str, TreeValue]:
    """The fields that a mapping of a file gives, defaults filled in; `besides` are other entries it may have.

    Raises FieldProblem: not a mapping, an unknown field ("did you mean"), a missing one, one of the wrong type.
    """
    if not isinstance(document, dict):
        raise FieldProblem(
            f"this must be a mapping of fields, not {_named(document)}", path, hint="write `field: value` lines"
        )
    for name in document:
        if name == PROTECT and name not in fields:
            check_value(BOOL, document[name], (*path, PROTECT))
        elif name not in fields and name not in besides:
            raise FieldProblem(
                f"unknown field {name!r}", (*path, _step(name)), hint=_did_you_mean(str(name), [*fields, *besides])
            )
    out: dict[str, TreeValue] = {}
    for name, spec in fields.items():
        if name in document:
            value = document[name]
            check_value(spec.schema, value, (*path, name))
            out[name] = value
        elif spec.required:
            raise FieldProblem(f"the field {name!r} is missing", path, hint=f"{name}: {spec.help}")
        else:
            out[name] = spec.default
    return out


def is_protected(document: TreeValue) -> bool:
    """Whether the mapping of an item says `protect: true`: nothing of drupalsync's deletes it then."""
    return isinstance(document, dict) and document.get(PROTECT) is True


def dump_fields(fields: Mapping[str, Field], values: Mapping[str, TreeValue]) -> dict[int | str | bytes, TreeValue]:
    """The mapping for a file: the fields in their order, those at their default left out."""
    return {
        name: values[name]
        for name, spec in fields.items()
        if name in values and (spec.required or not same_tree(values[name], spec.default))
    }


def keep_written(
    old: TreeValue,
    new: Mapping[int | str | bytes, TreeValue],
    meant: Mapping[str, TreeValue],
    wanted: Mapping[str, TreeValue],
) -> dict[int | str | bytes, TreeValue]:
    """`new` as `old` already writes it: an entry that means the same stays as it stands, also one at its default.

    `old` is the mapping in the file and `meant` the fields it stands for; `wanted` are the fields that `new` stands for.
    """
    if not isinstance(old, dict):
        return dict(new)
    out: dict[int | str | bytes, TreeValue] = {}
    for name, value in old.items():
        if isinstance(name, str) and name in meant and name in wanted:
            if same_tree(meant[name], wanted[name]):
                out[name] = value
            elif name in new:
                out[name] = new[name]
        elif name in new:
            out[name] = new[name]
        elif name == PROTECT:
            out[name] = value  # of the item, and of nothing that a site says of it
    return _ordered_union(out, new)


def check_value(schema: Schema, value: TreeValue, path: Path) -> None:
    """Raises FieldProblem where `value` does not fit; a value of the environment (`!env`) fits anywhere."""
    if len(schema) == 1 and type(value) is _PLAIN.get(schema.get("type")):
        return  # as nearly always
    for problem in _misfits(schema, value, path):
        raise problem


def mapping_schema(fields: Mapping[str, Field], key: str, **besides: Schema) -> dict[str, object]:
    """The JSON Schema of a mapping in a file: `key`, these fields, and other entries."""
    described = {
        name: {
            **spec.schema,
            "description": spec.help,
            **({} if spec.required or spec.default in (None, {}) else {"default": spec.default}),
        }
        for name, spec in fields.items()
    }
    described[PROTECT] = {**BOOL, "description": "Nothing deletes it; taking this away takes a release of its own."}
    required = [key, *(name for name, spec in fields.items() if spec.required)]
    properties = {key: {"type": "string", "description": "Its key."}, **described, **besides}
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _misfits(schema: Schema, value: TreeValue, path: Path) -> Iterator[FieldProblem]:
    if isinstance(value, Env | IntRef) or not schema:
        return
    options = schema.get("anyOf")
    if isinstance(options, list):
        if not any(not list(_misfits(option, value, path)) for option in options):
            meant = next((one for one in options if _is_like(one, value)), options[0])
            yield next(_misfits(meant, value, path))
        return
    expected = schema.get("type")
    if isinstance(expected, str) and not _is(expected, value):
        yield FieldProblem(f"this must be {_NAMES[expected]}, not {_named(value)}", path, hint=_mend(expected, value))
        return
    allowed = schema.get("enum")
    if isinstance(allowed, list) and value not in allowed:
        yield FieldProblem(f"{value!r} is not allowed here", path, hint=f"one of: {', '.join(map(str, allowed))}")
    for bound, wrong in (("minimum", "less than"), ("maximum", "more than")):
        limit = schema.get(bound)
        if (
            isinstance(limit, int)
            and isinstance(value, int)
            and (value < limit if bound == "minimum" else value > limit)
        ):
            yield FieldProblem(f"{value} is {wrong} {limit}", path)
    yield from _misfits_inside(schema, value, path)


def _is_like(option: Schema, value: TreeValue) -> bool:
    """Whether a value has the type of an option, so that what is wrong with it lies deeper."""
    expected = option.get("type")
    return isinstance(expected, str) and _is(expected, value)


def _misfits_inside(schema: Schema, value: TreeValue, path: Path) -> Iterator[FieldProblem]:
    items = schema.get("items")
    if isinstance(items, Mapping) and isinstance(value, list):
        for at, member in enumerate(value):
            yield from _misfits(items, member, (*path, at))
    if not isinstance(value, dict):
        return
    properties = schema.get("properties")
    known: Mapping[str, Schema] = properties if isinstance(properties, Mapping) else {}
    others = schema.get("additionalProperties", True)
    for name, member in value.items():
        below = (*path, _step(name))
        if str(name) in known:
            yield from _misfits(known[str(name)], member, below)
        elif isinstance(others, Mapping):
            yield from _misfits(others, member, below)
        elif others is False:
            yield FieldProblem(f"unknown field {name!r}", below, hint=_did_you_mean(str(name), list(known)))
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        if name not in value:
            yield FieldProblem(f"the field {name!r} is missing", path)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": (str, bytes),
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "null": type(None),
}
_PLAIN: dict[object, type] = {"string": str, "integer": int, "boolean": bool}
_NAMES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "a mapping",
    "null": "null",
}


def _is(expected: str, value: TreeValue) -> bool:
    if expected == "object":
        return isinstance(value, dict) or value == []  # PHP has one empty array
    return isinstance(value, _TYPES[expected]) and (expected == "boolean" or not isinstance(value, bool))


def _named(value: TreeValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {value}"
    if value is None:
        return "empty"
    return {"str": "a text", "bytes": "binary data", "list": "a list", "dict": "a mapping"}.get(
        type(value).__name__, "a PHP object"
    )


def _mend(expected: str, value: TreeValue) -> str:
    if expected == "string" and isinstance(value, int | float):
        return f"put it in quotes: '{value}'"
    if expected in {"integer", "number"} and isinstance(value, str):
        return "write the number without quotes"
    if expected == "boolean":
        return "write true or false, without quotes"
    return ""


def _did_you_mean(name: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known fields: {', '.join(known)}"


def _step(name: int | str | bytes) -> str | int:
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else name


def _ordered_union(
    first: dict[int | str | bytes, TreeValue], canonical: Mapping[int | str | bytes, TreeValue]
) -> dict[int | str | bytes, TreeValue]:
    """`first`, with what only `canonical` has put after the neighbour that precedes it there."""
    names = list(first)
    previous: int | str | bytes | None = None
    for name in canonical:
        if name not in first:
            names.insert(names.index(previous) + 1 if previous is not None else 0, name)
        previous = name
    return {name: first[name] if name in first else canonical[name] for name in names}
