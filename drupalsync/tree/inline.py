"""Edits inside `{…}` and `[…]`, and of the scalars that stand on one line."""

from __future__ import annotations

from typing import Any

from drupalsync.php.values import PhpObject
from drupalsync.tree import nodes, write
from drupalsync.tree.align import align
from drupalsync.tree.nodes import Mapping, Node, Scalar, Sequence
from drupalsync.tree.quoting import can_be_single_quoted, double_quoted, single_quoted
from drupalsync.tree.source import Cannot, Source
from drupalsync.tree.values import TreeValue, same

Place = tuple[int, int]  # where an entry or item begins and ends


def is_inline(node: Node) -> bool:
    """Whether a node is one token of its line: no block scalar, no block mapping or list."""
    if isinstance(node, Scalar):
        return node.style not in ("|", ">")
    return isinstance(node, Mapping | Sequence) and node.flow


def restyled(node: Node, old: TreeValue, new: TreeValue, *, flow: bool) -> str | None:
    """The new token, in the quotes of the old one where it can have them; None where it needs several lines."""
    quotes = node.style if isinstance(node, Scalar) and node.tag is None else ""
    if isinstance(new, str):
        if quotes == '"' and ("\n" not in new or flow or "\n" in str(old)):
            return double_quoted(new)
        if quotes == "'" and can_be_single_quoted(new):
            return single_quoted(new)
    if flow:
        return write.flow(new)
    rest, *lines = write.CANONICAL.after_key(new, 0)
    return rest.lstrip(" ") if rest and not lines else None


def edit_inline(source: Source, node: Node, old: TreeValue, new: TreeValue) -> None:
    """Changes a value inside a flow collection, or the collection itself. Raises Cannot."""
    if same(old, new):
        return
    mark = source.mark()
    try:
        if _edit_inside(source, node, old, new):
            return
    except Cannot:
        source.back_to(mark)
    if node.start == node.end:
        raise Cannot
    source.replace(node.start, node.end, restyled(node, old, new, flow=True) or "")


def _edit_inside(source: Source, node: Node, old: TreeValue, new: TreeValue) -> bool:
    if not node.end or source.text[node.end - 1] not in "}]":
        return False
    if isinstance(node, Mapping) and isinstance(old, dict) and isinstance(new, dict) and node.tag is None:
        _edit_mapping(source, node, old, new)
    elif isinstance(node, Mapping) and isinstance(old, PhpObject) and isinstance(new, PhpObject):
        if old.cls != new.cls or write.object_tag(old.cls) == "!php/object":
            return False
        _edit_mapping(source, node, old.properties, new.properties)
    elif isinstance(node, Sequence) and isinstance(old, list) and isinstance(new, list):
        _edit_sequence(source, node, old, new)
    else:
        return False
    return True


def _edit_mapping(source: Source, node: Mapping, old: dict[Any, Any], new: dict[Any, Any]) -> None:
    array = not nodes.is_object(node)
    keys = [nodes.key_of(key, array=array) for key, _ in node.entries]
    places = [(key.start, max(key.end, value.end)) for key, value in node.entries]
    for key, (_, value) in zip(keys, node.entries, strict=True):
        if key in new:
            edit_inline(source, value, old[key], new[key])
    wanted = [(keys.index(key) if key in old else None, write.flow_entry(key, value)) for key, value in new.items()]
    _splice(source, places, wanted)


def _edit_sequence(source: Source, node: Sequence, old: list[Any], new: list[Any]) -> None:
    steps = align(old, new)
    wanted: list[tuple[int | None, str]] = []
    for step, value in zip(steps, new, strict=True):
        stays = step.old if not step.moved else None
        if stays is not None:
            edit_inline(source, node.items[stays], old[stays], value)
        wanted.append((stays, write.flow(value)))
    _splice(source, [(item.start, item.end) for item in node.items], wanted)


def _splice(source: Source, places: list[Place], wanted: list[tuple[int | None, str]]) -> None:
    """Takes out the places that `wanted` does not name, and puts in the texts of those that name no place."""
    kept = {place for place, _ in wanted if place is not None}
    if not kept:
        raise Cannot
    before: int | None = None
    added: dict[int | None, list[str]] = {}
    for place, text in wanted:
        if place is None:
            added.setdefault(before, []).append(text)
        else:
            before = place
    for after, texts in added.items():
        following = 0 if after is None else after + 1
        start = places[min(following, len(places) - 1)][0]
        if following < len(places) and following not in kept:
            # What goes makes room for what comes, and the comma and the comment behind it stay.
            source.replace(*places[following], _separator(source, start).join(texts))
            kept.add(following)
        elif after is None:
            source.replace(start, start, "".join(text + _separator(source, start) for text in texts))
        else:
            _put_after(source, places[after], texts)
    _take_out(source, places, kept)


def _take_out(source: Source, places: list[Place], kept: set[int]) -> None:
    """Takes the comma before an entry along, and for those in front of all that stay the comma behind."""
    first_kept = min(kept)
    if first_kept:
        source.replace(places[0][0], places[first_kept][0], "")
    for index in range(first_kept + 1, len(places)):
        if index not in kept:
            source.replace(places[index - 1][1], places[index][1], "")


def _separator(source: Source, start: int) -> str:
    """What stands between entries: a comma, and a new line where the entry at `start` has one of its own."""
    return ",\n" + " " * source.indent(source.line_start(start)) if source.begins_line(start) else ", "


def _put_after(source: Source, place: Place, texts: list[str]) -> None:
    start, end = place
    line_end = source.line_end(end)
    rest = source.text[end:line_end].strip()
    separator = _separator(source, start)
    if separator == ", " or (rest and rest[0] not in ",#"):
        source.replace(end, end, "".join(separator + text for text in texts))
    elif rest.startswith(","):
        # After the comma and the comment, which belong to the entry before.
        if rest[1:].strip()[:1] not in ("", "#"):
            raise Cannot
        source.replace(line_end, line_end, "".join(separator[1:] + text + "," for text in texts))
    else:
        source.replace(end, end, ",")
        source.replace(line_end, line_end, separator[1:] + separator.join(texts))
