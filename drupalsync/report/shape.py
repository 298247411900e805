"""Whether a value has the shape that a schema describes: as much of JSON Schema as report/plan_schema.py makes use of.

A file may come from anywhere, so this follows its values with a stack of its own: however deep they are nested, it ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

Schema = Mapping[str, Any]
Step = str | int
DEEPEST: Final = 300  # PHP itself reads no more than 4096 levels, and a value of a site has a handful
_TYPES: Final[Mapping[str, Callable[[Any], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def misshapen(document: Any, schema: Schema) -> tuple[tuple[Step, ...], str] | None:
    """The first place where a document is not as the schema says, and what is wrong there; None where all is well."""
    definitions = schema.get("$defs", {})
    todo: list[tuple[tuple[Step, ...], Any, Schema]] = [((), document, schema)]
    while todo:
        path, value, wanted = todo.pop()
        wanted = _resolved(wanted, definitions)
        if len(path) > DEEPEST:
            return path[:3], "it is nested too deep"
        if wrong := _wrong(value, wanted, definitions):
            return path, wrong
        below = [((*path, step), member, part) for step, member, part in _below(value, wanted)]
        also = [(path, value, part) for part in _also(value, wanted, definitions)]
        todo += reversed([*also, *below])
    return None


def _wrong(value: Any, schema: Schema, definitions: Schema) -> str:
    """What is wrong with a value itself, not with what it holds; "" where nothing is."""
    if not _has_type(value, schema):
        return f"it must be {' or '.join(_types(schema))}"
    if "const" in schema and not _equal(value, schema["const"]):
        return f"it must be {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        return f"it must be one of {', '.join(map(str, schema['enum']))}"
    if "anyOf" in schema and all(misshapen(value, {**one, "$defs": definitions}) for one in schema["anyOf"]):
        return "it is none of what may be there"
    for check in (_wrong_text, _wrong_number, _wrong_size):
        if wrong := check(value, schema):
            return wrong
    return ""


def _wrong_text(value: Any, schema: Schema) -> str:
    if not isinstance(value, str) or "pattern" not in schema:
        return ""
    pattern = re.sub(r"\$$", r"\\Z", schema["pattern"])  # Python's $ lets a line break pass
    return "" if re.search(pattern, value) else f"it must match {schema['pattern']}"


def _wrong_number(value: Any, schema: Schema) -> str:
    if not isinstance(value, int):
        return ""
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    return "" if least <= value <= most else f"it must be {f'at most {most}' if value > most else f'at least {least}'}"


def _wrong_size(value: Any, schema: Schema) -> str:
    if isinstance(value, list):
        if len(value) < schema.get("minItems", 0):
            return "something must be in it"
        if schema.get("uniqueItems") and len(set(map(repr, value))) < len(value):
            return "something is in it twice"
    if isinstance(value, dict):
        if missing := [name for name in schema.get("required", ()) if name not in value]:
            return f"{missing[0]!r} is missing"
        if len(value) > schema.get("maxProperties", len(value)):
            return "more is in it than may be"
    return ""


def _below(value: Any, schema: Schema) -> Iterator[tuple[Step, Any, Schema]]:
    """What a value holds, each with the schema that it has to follow."""
    if isinstance(value, list) and "items" in schema:
        yield from ((at, member, schema["items"]) for at, member in enumerate(value))
    if isinstance(value, dict):
        known = schema.get("properties", {})
        for name, member in value.items():
            if name in known:
                yield name, member, known[name]
            elif "additionalProperties" in schema:
                yield name, member, schema["additionalProperties"]


def _also(value: Any, schema: Schema, definitions: Schema) -> Iterator[Schema]:
    """Other schemas that the same value has to follow: in those of ours only maps have any."""
    if not isinstance(value, dict):
        return
    yield from schema.get("allOf", ())
    if "if" in schema and misshapen(value, {**schema["if"], "$defs": definitions}) is None:
        yield schema["then"]


def _resolved(schema: Schema, definitions: Schema) -> Schema:
    return definitions[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema


def _types(schema: Schema) -> list[str]:
    types = schema.get("type", [])
    return [types] if isinstance(types, str) else types


def _has_type(value: Any, schema: Schema) -> bool:
    types = _types(schema)
    return not types or any(_TYPES[name](value) for name in types)


def _equal(value: Any, other: Any) -> bool:
    return type(value) is type(other) and value == other
