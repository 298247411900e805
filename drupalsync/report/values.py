"""A value of a plan document in words, on one line."""

from __future__ import annotations

import json
from typing import Any, Final

from drupalsync.report.visible import visible

NOTHING: Final = {
    "$nothing": True
}  # like the other maps with one `$` key (report/document.py), it is no value of a site
SECRET: Final = {"$secret": True}
_TYPES: Final = {bool: "bool", int: "int", float: "float", str: "text", list: "list", dict: "map"}


def worded(value: Any) -> str:
    """The value as JSON has it, texts in quotes, so that 5 and "5" differ; what JSON has no form for in a word of its own."""
    return visible(_worded(value))


def same(a: Any, b: Any) -> bool:
    """Whether two values of a document are one: 1, 1.0, true and "1" are four, the order of a map's keys is noise."""
    return _exact(a) == _exact(b)


def _exact(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def beside(*values: Any) -> list[str]:
    """Values that differ, in words that differ: with their types where these differ, letter by letter where they look alike."""
    texts = [worded(value) for value in values]
    alike = any(
        texts[one] == texts[other] and not same(values[one], values[other])
        for one in range(len(values))
        for other in range(one)
    )
    if alike:  # é as one letter and as two
        texts = [
            json.dumps(value) if isinstance(value, str) else text for value, text in zip(values, texts, strict=True)
        ]
    kinds = [type_of(value) for value in values]
    if len(set(kinds) - {""}) < 2 or {"list", "map"} & set(kinds):
        return texts
    return [f"{text} ({kind})" if kind else text for text, kind in zip(texts, kinds, strict=True)]


def type_of(value: Any) -> str:
    """The word for the type of a plain value; none for null and for what says its type itself."""
    return "" if special(value) else _TYPES.get(type(value), "")


def special(value: Any) -> bool:
    """Whether it stands for what JSON has no form for: a map with a key of ours."""
    return isinstance(value, dict) and any(name.startswith("$") and not name.startswith("$$") for name in value)


def has_secret(value: Any) -> bool:
    """Whether a secret is in the value, at any depth."""
    if isinstance(value, dict):
        return value == SECRET or any(map(has_secret, value.values()))
    return isinstance(value, list) and any(map(has_secret, value))


def _worded(value: Any) -> str:
    if value == NOTHING:
        return "(nothing)"
    if value == SECRET:
        return "(secret)"  # not even measured
    if isinstance(value, list):
        return f"[{', '.join(map(_worded, value))}]"
    if not isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if special(value):
        return _special(*next(iter(value.items())), value)
    return (
        "{"
        + ", ".join(f"{json.dumps(_name(name), ensure_ascii=False)}: {_worded(below)}" for name, below in value.items())
        + "}"
    )


def _special(word: str, value: Any, whole: dict[str, Any]) -> str:
    if word == "$object":
        return f"{value} {_worded(whole['properties'])}"
    if word == "$float":
        return str(value)
    if word == "$serialized":
        return f"{value} (serialized)"
    return {"$env": "!env", "$int": "!int", "$binary": "!binary"}.get(word, word) + f" {value}"


def _name(name: str) -> str:
    """A key of a site that begins with `$` has one more in a document."""
    return name[1:] if name.startswith("$$") else name
