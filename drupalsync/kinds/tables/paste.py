"""A description as YAML to paste below `tables:` of drupalsync.yml: what kinds/tables/words.py reads."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from drupalsync.kinds.tables.description import Child, Col, Description
from drupalsync.tree.write import flow

Notes = Mapping[tuple[str, str], str]  # (table, column) → what to say beside it


def entry(about: Description, notes: Notes = MappingProxyType({}), remarks: Sequence[str] = ()) -> str:
    """One item of the list, its lines indented by two; `remarks` stand above it as comments."""
    above = [f"  # {_on_one_line(text)}" for text in remarks]
    first, *others = _lines(about, notes)
    return "".join(f"{line}\n" for line in [*above, f"  - {first}", *(f"    {line}" for line in others)])


def words(about: Description) -> dict[str, Any]:
    """The same as a value."""
    found = _said(about)
    found["columns"] = {name: _said(col) for name, col in about.columns.items()}
    found["children"] = [_child(child) for child in about.children]
    found["caches"] = {bin_: [cid for other, cid in about.caches if other == bin_] for bin_, _ in about.caches}
    return {word: _short(value) for word, value in found.items() if value}


def _child(child: Child) -> dict[str, Any]:
    columns = {name: _said(col) for name, col in child.columns.items()}
    return {word: _short(value) for word, value in {**_said(child), "columns": columns}.items() if value}


def _said(part: Description | Child | Col) -> dict[str, Any]:
    """What differs from what goes without saying."""
    found: dict[str, Any] = {}
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if field.name in {"columns", "children", "caches"} or value is None or value in ("", False, (), {}):
            continue
        found[field.name] = (
            list(value) if isinstance(value, tuple) else dict(value) if isinstance(value, Mapping) else value
        )
    if isinstance(part, Col):  # here nothing and false are values
        found |= {word: value for word in ("default", "value") if (value := getattr(part, word)) is not None}
    return found


def _short(value: Any) -> Any:
    """A list of one name is that name."""
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return value[0]
    if isinstance(value, dict):
        return {word: _short(member) if isinstance(member, list) else member for word, member in value.items()}
    return value


def _lines(about: Description, notes: Notes) -> Iterator[str]:
    """The lines of an entry, from its first word on, not indented."""
    for word, value in words(about).items():
        if word == "columns":
            yield "columns:"
            yield from _columns(about.table, value, notes, "  ")
        elif word == "children":
            yield "children:"
            for child in value:
                yield from _below(child, notes)
        else:
            yield f"{word}: {flow(value)}"


def _below(child: Mapping[str, Any], notes: Notes) -> Iterator[str]:
    mark = "  - "
    for word, value in child.items():
        if word == "columns":
            yield f"{mark}columns:"
            yield from _columns(child["table"], value, notes, "      ")
        else:
            yield f"{mark}{word}: {flow(value)}"
        mark = "    "


def _columns(table: str, columns: Mapping[str, Any], notes: Notes, indent: str) -> Iterator[str]:
    for name, value in columns.items():
        note = notes.get((table, name))
        yield f"{indent}{flow(name)}: {flow(value) if value else '{}'}" + (f"  # {_on_one_line(note)}" if note else "")


def _on_one_line(text: str) -> str:
    """A comment ends with its line, whatever the name of a column has in it."""
    return " ".join(text.split())
