"""A YAML text as nodes that know where they stand in it: for edits in place, and for the line in a message.

Indices count characters of the text as given; lines and columns count from 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.events import (
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from drupalsync.php.values import type_of_key
from drupalsync.tree import scalars
from drupalsync.tree.events import parser


@dataclass(slots=True, kw_only=True)
class Node:
    """What every node has. `start` is where its tag begins, or its value where it has no tag."""

    start: int
    end: int
    line: int
    column: int
    tag: str | None


@dataclass(slots=True, kw_only=True)
class Scalar(Node):
    """`style` is one of "" (plain), `'`, `"`, `|`, `>`."""

    text: str
    style: str


@dataclass(slots=True, kw_only=True)
class Mapping(Node):
    flow: bool
    entries: list[tuple[Node, Node]] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class Sequence(Node):
    flow: bool
    items: list[Node] = field(default_factory=list)


def compose(text: str) -> Node | None:
    """The root node of a text without a byte order mark; None where it is empty or cannot be read."""
    try:
        get = parser(text).get_event
        get()
        return _node(get, get()) if get().__class__ is DocumentStartEvent else None
    except (yaml.YAMLError, UnicodeEncodeError):
        return None


def _node(get: Callable[[], Any], event: Any) -> Node:
    mark: Any = event.start_mark
    place: dict[str, Any] = {"start": mark.index, "end": _end(event), "line": mark.line, "column": mark.column}
    tag = getattr(event, "tag", None)
    if event.__class__ is MappingStartEvent:
        mapping = Mapping(**place, tag=tag, flow=bool(event.flow_style))
        while (event := get()).__class__ is not MappingEndEvent:
            key = _node(get, event)
            mapping.entries.append((key, _node(get, get())))
        mapping.end = _end(event)
        return mapping
    if event.__class__ is SequenceStartEvent:
        sequence = Sequence(**place, tag=tag, flow=bool(event.flow_style))
        while (event := get()).__class__ is not SequenceEndEvent:
            sequence.items.append(_node(get, event))
        sequence.end = _end(event)
        return sequence
    text, style = (event.value, event.style or "") if event.__class__ is ScalarEvent else ("", "")
    return Scalar(**place, tag=tag, text=text, style=style)


def _end(event: Any) -> int:
    index: int = event.end_mark.index
    return index


def key_of(node: Node, *, array: bool = True) -> type_of_key | None:
    """The typed key that a key node stands for; None for what is no key. `array`: as in scalars.key_of()."""
    if not isinstance(node, Scalar):
        return None
    try:
        return scalars.key_of(node.tag, node.text, is_plain=node.style == "" and node.tag is None, array=array)
    except scalars.Refused:
        return None


def is_object(node: Node) -> bool:
    return node.tag is not None and node.tag.startswith(scalars.OBJECT)


def at_path(node: Node | None, path: tuple[type_of_key, ...]) -> Node | None:
    """The node at a path of keys and indices; an index also finds its way in a mapping with the keys 0…n-1."""
    for step in path:
        if isinstance(node, Sequence):
            node = node.items[step] if isinstance(step, int) and 0 <= step < len(node.items) else None
        elif isinstance(node, Mapping):
            array = not is_object(node)
            # The last of a key that is there twice: what stands above was already read when the second was found.
            found = [value for key, value in node.entries if key_of(key, array=array) == step]
            node = found[-1] if found else None
        else:
            return None
    return node


def first_line_of_key(text: str, index: int) -> int | None:
    """The line, from 1, where the key that begins at `index` stood first in the same mapping."""
    for mapping in _mappings(compose(text)):
        keys = [key for key, _ in mapping.entries]
        here = next((key for key in keys if key.start == index), None)
        if here is not None:
            array = not is_object(mapping)
            wanted = key_of(here, array=array)
            return next(key.line for key in keys if key_of(key, array=array) == wanted) + 1
    return None


def _mappings(node: Node | None) -> Iterator[Mapping]:
    if isinstance(node, Mapping):
        yield node
        for _, value in node.entries:
            yield from _mappings(value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _mappings(item)
