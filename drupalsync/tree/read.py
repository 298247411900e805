"""A file of the tree to a typed value: the YAML 1.2 core schema and the dialect of design section 4.

What a reader in a hurry could misunderstand is refused: keys twice, anchors, aliases, merge keys, tags that
nobody knows, a second document. As in PHP, an empty mapping is an empty list, and a mapping with the keys
0…n-1 in order is the list of its values.
"""

from __future__ import annotations

from typing import Any, Final, NoReturn

import yaml
from yaml.events import (
    DocumentEndEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from drupalsync.php.values import PhpObject, type_of_key
from drupalsync.tree import nodes, scalars
from drupalsync.tree.events import parser
from drupalsync.tree.problems import QUOTE_IT, YamlProblem, at, decoded, translate
from drupalsync.tree.scalars import Refused
from drupalsync.tree.values import UNSET, Env, TreeValue

_LONG_OBJECT: Final = "write !php/object {class: …, properties: {…}}"
MAX_DEPTH: Final = 256  # as deep as drupalsync.php.decode goes; libyaml itself would stop at about 1,000


def parse(text: bytes | str, *, where: str) -> TreeValue:
    """Reads one YAML document; a file that is empty or has only comments is null.

    Raises YamlProblem with `where` as file:line:column for whatever is not the dialect.
    """
    text = decoded(text if isinstance(text, bytes) else text.encode(errors="surrogatepass"), where)
    try:
        return _Reader(text, where).document()
    except yaml.YAMLError as error:
        raise translate(error, text, where) from error


class _Reader:
    """Builds the value straight from the events; one object a file."""

    __slots__ = ("_next", "_text", "_where")

    def __init__(self, text: str, where: str) -> None:
        self._text = text
        self._where = where
        self._next = parser(text).get_event

    def document(self) -> TreeValue:
        get = self._next
        get()  # the start of the stream
        event = get()
        if event.__class__ is StreamEndEvent:
            return None
        if event.__class__ is DocumentStartEvent and event.tags:
            self._fail(event, "%TAG lines are not used here", "remove the line, and write the tags out")
        value = self._value(get(), 0)
        event = get()
        if event.__class__ is DocumentEndEvent:
            # Up to the very end: libyaml looks at what follows only when it is asked for it.
            event = get()
        if event.__class__ is not StreamEndEvent:
            self._fail(event, "a second document begins here", "remove the line ---: one file holds one document")
        return value

    def _value(self, event: Any, depth: int) -> TreeValue:
        kind = event.__class__
        if kind is ScalarEvent:
            if event.anchor is not None:
                self._anchor(event)
            is_plain = event.implicit[0]
            text: str = event.value
            try:
                if event.tag is None:
                    return scalars.plain(text) if is_plain else text
                return scalars.tagged(event.tag, text, is_plain=event.style in ("", None))
            except Refused as refused:
                self._refuse(event, refused)
        if kind is MappingStartEvent or kind is SequenceStartEvent:
            return self._collection(event, depth + 1)
        return self._anchor(event)

    def _collection(self, event: Any, depth: int) -> TreeValue:
        if event.anchor is not None:
            self._anchor(event)
        if depth > MAX_DEPTH:
            self._fail(event, f"this is nested more than {MAX_DEPTH} levels deep", "nest less")
        tag = event.tag
        if event.__class__ is SequenceStartEvent:
            if tag not in (None, "!", scalars.CORE + "seq"):
                self._fail_tag(event)
            return self._list(depth)
        if tag in (None, "!", scalars.CORE + "map"):
            return _as_php(self._mapping(depth, array=True))
        if tag == scalars.ENV:
            return self._env(event, self._mapping(depth, array=True))
        if tag == scalars.OBJECT or tag.startswith(scalars.OBJECT + ":"):
            return self._object(event, depth)
        return self._fail_tag(event)

    def _list(self, depth: int) -> list[Any]:
        get, value = self._next, self._value
        items: list[Any] = []
        while (event := get()).__class__ is not SequenceEndEvent:
            items.append(value(event, depth))
        return items

    def _mapping(self, depth: int, *, array: bool) -> dict[Any, Any]:
        """Reads the entries; `array`: keys become what PHP's arrays make of them, else they stay as they are."""
        get, value, key_of = self._next, self._value, self._key
        entries: dict[Any, Any] = {}
        while (event := get()).__class__ is not MappingEndEvent:
            key = key_of(event, array)
            if key in entries:
                self._twice(event, key)
            entries[key] = value(get(), depth)
        return entries

    def _key(self, event: Any, array: bool) -> type_of_key:
        if event.__class__ is not ScalarEvent:
            if event.__class__ in (MappingStartEvent, SequenceStartEvent):
                self._fail(event, "a key must be text or a whole number", QUOTE_IT)
            self._anchor(event)
        if event.anchor is not None:
            self._anchor(event)
        try:
            return scalars.key_of(event.tag, event.value, is_plain=event.implicit[0], array=array)
        except Refused as refused:
            self._refuse(event, refused)

    def _object(self, event: Any, depth: int) -> PhpObject:
        """`!php/object:Class {property: …}`, or `!php/object {class: …, properties: …}` for a name no tag can have."""
        cls = event.tag[len(scalars.OBJECT) + 1 :]
        if cls:
            return PhpObject(cls, self._mapping(depth, array=False))
        found: dict[str, Any] = {}
        while (key := self._next()).__class__ is not MappingEndEvent:
            if key.__class__ is not ScalarEvent or key.value not in ("class", "properties") or key.value in found:
                self._fail(key, "an object has a class and properties", _LONG_OBJECT)
            value = self._next()
            if key.value == "properties" and value.__class__ is MappingStartEvent:
                found["properties"] = self._mapping(depth + 1, array=False)
            else:
                found[key.value] = self._value(value, depth)
        properties = found.get("properties", [])
        if not isinstance(found.get("class"), str) or not (isinstance(properties, dict) or properties == []):
            self._fail(event, "an object needs the name of its class", "write !php/object:Class {property: value}")
        return PhpObject(found["class"], properties or {})

    def _env(self, event: Any, entries: dict[Any, Any]) -> Env:
        try:
            name = scalars.env_name(entries.get("name"))
        except Refused as refused:
            self._refuse(event, refused)
        rest = entries.keys() - {"name"}
        if not rest <= {"default"} and not (rest == {"unset"} and entries["unset"] == "keep"):
            hint = f"for example: !env {{name: {name}, default: ''}} or !env {{name: {name}, unset: keep}}"
            self._fail(event, "!env takes a name, and either a default or unset: keep", hint)
        return Env(name, default=entries.get("default", UNSET), keep="unset" in entries)

    def _twice(self, event: Any, key: type_of_key) -> NoReturn:
        line = nodes.first_line_of_key(self._text, event.start_mark.index)
        first = f"the first one is in line {line}" if line else "the first one is above"
        self._fail(event, f"the key {key!r} is here twice", f"{first}; keep one of them")

    def _anchor(self, event: Any) -> NoReturn:
        self._fail(event, "anchors and aliases (&name, *name) are not used here",
                   "write the value out; a text that begins with & or * goes in quotes: '…'")  # fmt: skip

    def _fail_tag(self, event: Any) -> NoReturn:
        self._refuse(event, scalars.unknown_tag(event.tag))

    def _refuse(self, event: Any, refused: Refused) -> NoReturn:
        self._fail(event, refused.what, refused.hint)

    def _fail(self, event: Any, what: str, hint: str) -> NoReturn:
        mark = event.start_mark
        raise YamlProblem(what, where=at(self._where, mark.line + 1, mark.column + 1), hint=hint)


def _as_php(entries: dict[Any, Any]) -> TreeValue:
    """PHP has one array type, and the value model one form for each array (php/values.py)."""
    if not entries or (0 in entries and list(entries) == list(range(len(entries)))):
        return list(entries.values())
    return entries


def locate(text: bytes | str, path: tuple[type_of_key, ...]) -> tuple[int, int] | None:
    """The line and column, both from 1, of the value at a path; None where the text has no such value.

    It reads the whole text again, and is meant for messages only.
    """
    node = nodes.at_path(nodes.compose(text if isinstance(text, str) else text.decode(errors="replace")), path)
    return None if node is None else (node.line + 1, node.column + 1)
