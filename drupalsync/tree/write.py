"""A typed value to YAML in the one canonical form of design section 4, so that an export changes what changed.

Block style, two spaces, text over several lines as literal blocks, no folding, no anchors; what could be taken
for something else is quoted. `parse` gives back the same value, and so do loaders of YAML 1.1 and 1.2 for data
without our tags.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from drupalsync.php.values import PhpObject, PhpSerialized, type_of_key
from drupalsync.tree import scalars
from drupalsync.tree.quoting import UNPRINTABLE, NotWritable, double_quoted, number, text
from drupalsync.tree.values import Env, IntRef, TreeValue, Unset

# libyaml looks no further than 1,024 characters for the ':' of a key; a longer one needs the form `? key`.
_LONGEST_KEY: Final = 1000
_CLASS_IN_TAG: Final = re.compile(r"[A-Za-z0-9_\\.\-]+\Z")


def emit(value: TreeValue, *, header: str = "") -> str:
    """Writes a value as a file of the tree, under `header` as comment lines.

    Raises NotWritable for half a surrogate pair and for nesting beyond Python's own.
    """
    comments = [line if line.startswith("#") or not line else f"# {line}" for line in header.splitlines()]
    try:
        lines = CANONICAL.document(value)
    except RecursionError as error:
        raise NotWritable("this value is nested too deeply for a file") from error
    return "\n".join([*comments, *lines, ""])


@dataclass(frozen=True, slots=True)
class Style:
    """How far nested mappings (`step`) and the dashes of nested lists (`dash`) are indented."""

    step: int = 2
    dash: int = 2

    def document(self, value: TreeValue) -> list[str]:
        """The lines of a whole file."""
        out: list[str] = []
        if isinstance(value, dict) and value:
            self._mapping(out, value, 0)
        elif isinstance(value, list) and value:
            self._sequence(out, value, 0)
        elif isinstance(value, PhpObject) and value.properties:
            self._object(out, "", value, -self.step)
        else:
            # No literal block: loaders do not agree on where the indentation of an outermost one begins.
            out.append(flow(value))
        return out

    def entry(self, key: type_of_key, value: TreeValue, column: int) -> list[str]:
        """The lines of one `key: value` whose key begins in `column` (from 0)."""
        out: list[str] = []
        self._entry(out, key, value, column)
        return out

    def item(self, value: TreeValue, column: int) -> list[str]:
        """The lines of one `- value` whose dash is in `column`."""
        out: list[str] = []
        self._item(out, value, column)
        return out

    def after_key(self, value: TreeValue, column: int) -> list[str]:
        """What follows the colon of a key in `column`: the rest of its line, leading space included, and the next lines."""
        out: list[str] = []
        self._after(out, "", value, column)
        return out

    def after_dash(self, value: TreeValue, column: int) -> list[str]:
        """What follows a dash in `column`: the rest of its line, with its leading space, and the next lines."""
        lines = self.item(value, column)
        return [lines[0][column + 1 :], *lines[1:]]

    def _mapping(self, out: list[str], entries: dict[Any, Any], column: int) -> None:
        for key, value in entries.items():
            self._entry(out, key, value, column)

    def _sequence(self, out: list[str], items: list[Any], column: int) -> None:
        for item in items:
            self._item(out, item, column)

    def _entry(self, out: list[str], key: type_of_key, value: TreeValue, column: int) -> None:
        name = key_text(key)
        pad = " " * column
        if len(name) > _LONGEST_KEY:
            out.append(f"{pad}? {name}")
            name = ""
        self._after(out, f"{pad}{name}:", value, column)

    def _after(self, out: list[str], lead: str, value: TreeValue, column: int) -> None:
        if isinstance(value, dict) and value:
            out.append(lead)
            self._mapping(out, value, column + self.step)
        elif isinstance(value, list) and value:
            out.append(lead)
            self._sequence(out, value, column + self.dash)
        else:
            self._leaf(out, lead, value, column)

    def _item(self, out: list[str], value: TreeValue, column: int) -> None:
        pad = " " * column
        first = len(out)
        if isinstance(value, dict) and value:
            self._mapping(out, value, column + 2)
        elif isinstance(value, list) and value:
            self._sequence(out, value, column + 2)
        else:
            self._leaf(out, f"{pad}-", value, column)
            return
        out[first] = f"{pad}- {out[first][column + 2 :]}"

    def _leaf(self, out: list[str], lead: str, value: TreeValue, column: int) -> None:
        """Writes whatever begins on the line of its key or dash."""
        if isinstance(value, str) and "\n" in value and (block := literal(value, column, self.step)):
            out.append(f"{lead} {block[0]}")
            out.extend(block[1:])
        elif isinstance(value, PhpObject) and value.properties:
            self._object(out, f"{lead} ", value, column)
        elif isinstance(value, Env) and not isinstance(value.default, Unset) and _needs_lines(value.default):
            out.append(f"{lead} {scalars.ENV}")
            self._mapping(out, {"name": value.name, "default": value.default}, column + self.step)
        elif isinstance(value, str):
            out.append(f"{lead} {text(value)}")
        elif isinstance(value, IntRef):
            out.append(f"{lead} {scalars.INT} {text(value.target)}")
        else:
            out.append(f"{lead} {flow(value)}")

    def _object(self, out: list[str], lead: str, value: PhpObject, column: int) -> None:
        tag = object_tag(value.cls)
        out.append(lead + tag)
        inside = column + self.step
        if tag == scalars.OBJECT:
            out.append(f"{' ' * inside}class: {text(value.cls)}")
            out.append(f"{' ' * inside}properties:")
            inside += self.step
        self._mapping(out, value.properties, inside)


CANONICAL: Final = Style()


def literal(value: str, column: int, step: int = 2) -> list[str] | None:
    """The header and the lines of a literal block that hangs `step` spaces below `column`.

    None where a block cannot hold the text to the letter: control characters, mixed line breaks, white space only.
    """
    tag = ""
    if "\r" in value:
        # A textarea sends CRLF; one tag keeps that, and the text readable.
        unix = value.replace("\r\n", "\n")
        if "\r" in unix or value.count("\n") != value.count("\r\n"):
            return None
        value, tag = unix, f"{scalars.CRLF} "
    if UNPRINTABLE.search(value) or not value.strip(" \t\n"):
        return None
    body = value.removesuffix("\n")
    chomp = "-" if body == value else "+" if body.endswith("\n") else ""
    lines = body.split("\n")
    # A first line that is indented or empty would set the indentation of all: say how deep it is.
    indicator = str(step) if lines[0][:1] in ("", " ", "\t") else ""
    pad = " " * (column + step)
    return [f"{tag}|{indicator}{chomp}", *(pad + line if line else "" for line in lines)]


def flow(value: TreeValue) -> str:
    """A value on one line, as it stands inside { } and [ ]."""
    if isinstance(value, str):
        return text(value, flow=True)
    if isinstance(value, bytes):
        return f"!!binary {_base64(value)}"
    if isinstance(value, list):
        return f"[{', '.join(map(flow, value))}]"
    if isinstance(value, dict):
        return _flow_mapping(value.items()) if value else "[]"
    if isinstance(value, PhpObject):
        return _flow_object(value)
    if isinstance(value, PhpSerialized):
        return _serialized(value.data)
    if isinstance(value, Env):
        return _env(value)
    if isinstance(value, IntRef):
        return f"{scalars.INT} {text(value.target, flow=True)}"
    return number(value)


def flow_entry(key: type_of_key, value: TreeValue) -> str:
    name = key_text(key, flow=True)
    return f"? {name} : {flow(value)}" if len(name) > _LONGEST_KEY else f"{name}: {flow(value)}"


def key_text(key: type_of_key, *, flow: bool = False) -> str:
    """A key: integers plain, text quoted where needed (an object can have both 5 and '5'), bytes with their tag."""
    if isinstance(key, int):
        return str(key)
    if isinstance(key, bytes):
        return f"!!binary {_base64(key)}"
    return text(key, flow=flow)


def object_tag(cls: str) -> str:
    """`!php/object:Class`, its backslashes percent-encoded as YAML's tags want them; `!php/object` if it cannot be."""
    return f"{scalars.OBJECT}:{cls.replace(chr(92), '%5C')}" if _CLASS_IN_TAG.match(cls) else scalars.OBJECT


def _flow_mapping(entries: Iterable[tuple[type_of_key, TreeValue]]) -> str:
    return f"{{{', '.join(flow_entry(key, value) for key, value in entries)}}}"


def _flow_object(value: PhpObject) -> str:
    properties = _flow_mapping(value.properties.items())
    tag = object_tag(value.cls)
    if tag != scalars.OBJECT:
        return f"{tag} {properties}"
    return f"{tag} {{class: {text(value.cls, flow=True)}, properties: {properties}}}"


def _env(value: Env) -> str:
    if value.keep:
        return f"{scalars.ENV} {{name: {value.name}, unset: keep}}"
    if isinstance(value.default, Unset):
        return f"{scalars.ENV} {value.name}"
    return f"{scalars.ENV} {{name: {value.name}, default: {flow(value.default)}}}"


def _serialized(data: bytes) -> str:
    """What cannot be opened: readable where it is text, base64 where it is not."""
    as_text = scalars.text_or_bytes(data)
    if isinstance(as_text, str):
        return f"{scalars.SERIALIZED} {double_quoted(as_text)}"
    return f"{scalars.SERIALIZED_BASE64} {_base64(data)}"


def _base64(data: bytes) -> str:
    # Quoted, because without quotes the empty string would vanish and '12345678' would look like a number.
    return f'"{base64.b64encode(data).decode()}"'


def _needs_lines(value: TreeValue) -> bool:
    return isinstance(value, str) and "\n" in value
