"""Edits of block mappings and lists: whole lines come and go, all others stay as they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from drupalsync.php.values import PhpObject
from drupalsync.tree import nodes, scalars
from drupalsync.tree.align import align
from drupalsync.tree.inline import edit_inline, is_inline, restyled
from drupalsync.tree.nodes import Mapping, Node, Scalar, Sequence
from drupalsync.tree.source import Cannot, Source
from drupalsync.tree.values import TreeValue, same
from drupalsync.tree.write import Style, literal, object_tag

_COLON: Final = re.compile(r"[ \t]*:")
_COMMENT_BEHIND: Final = re.compile(r"( {2,})#")


@dataclass(slots=True)
class Entry:
    """One `key: value` or `- value`. `lead` is the index behind its colon or dash, None in the form `? key`."""

    start: int
    column: int
    lead: int | None
    value: Node
    end: int
    is_item: bool


Change = Callable[[Entry, TreeValue, TreeValue], None]


class BlockEditor:
    """Collects in `source` what turns the old value into the new one; new lines look like `style`."""

    def __init__(self, source: Source, style: Style) -> None:
        self.source = source
        self.style = style

    def root(self, root: Node, old: TreeValue, new: TreeValue) -> None:
        """Edits as little as possible. Raises Cannot."""
        if is_inline(root):
            edit_inline(self.source, root, old, new)
        elif not self._inside(root, None, old, new, self.value):
            raise Cannot

    def root_coarsely(self, root: Node, old: TreeValue, new: TreeValue) -> None:
        """Writes every outermost value that differs anew. Raises Cannot."""
        if is_inline(root) or not self._inside(root, None, old, new, self._whole):
            raise Cannot

    def value(self, entry: Entry, old: TreeValue, new: TreeValue) -> None:
        """Changes the value of one entry, inside it where that is possible, else as a whole."""
        if same(old, new):
            return
        mark = self.source.mark()
        try:
            if not is_inline(entry.value):
                if self._inside(entry.value, entry, old, new, self.value):
                    return
            elif not isinstance(entry.value, Scalar) and old != [] and new != []:
                edit_inline(self.source, entry.value, old, new)
                return
        except Cannot:
            self.source.back_to(mark)
        self._whole(entry, old, new)

    def _inside(self, node: Node, entry: Entry | None, old: TreeValue, new: TreeValue, change: Change) -> bool:
        if isinstance(node, Mapping) and isinstance(old, dict) and isinstance(new, dict):
            self._mapping(node, entry, old, new, change)
        elif isinstance(node, Sequence) and isinstance(old, list) and isinstance(new, list):
            self._sequence(node, entry, old, new, change)
        elif isinstance(node, Mapping) and isinstance(old, PhpObject) and isinstance(new, PhpObject):
            if old.cls != new.cls or object_tag(old.cls) == scalars.OBJECT:
                return False
            self._mapping(node, entry, old.properties, new.properties, change)
        else:
            return False
        return True

    def _mapping(
        self, node: Mapping, parent: Entry | None, old: dict[Any, Any], new: dict[Any, Any], change: Change
    ) -> None:
        array = not nodes.is_object(node)
        entries = self._entries(node)
        by_key = {nodes.key_of(key, array=array): entry for (key, _), entry in zip(node.entries, entries, strict=True)}
        for key, entry in by_key.items():
            if key in new and not same(old[key], new[key]):
                change(entry, old[key], new[key])
        column = entries[0].column
        wanted = [
            (by_key.get(key), [] if key in by_key else self.style.entry(key, value, column))
            for key, value in new.items()
        ]
        self._rearrange(entries, wanted, parent)

    def _sequence(self, node: Sequence, parent: Entry | None, old: list[Any], new: list[Any], change: Change) -> None:
        entries = self._items(node)
        wanted: list[tuple[Entry | None, list[str]]] = []
        moved: list[Entry] = []
        for step, value in zip(align(old, new), new, strict=True):
            entry = None if step.old is None else entries[step.old]
            if entry is None or step.old is None:
                wanted.append((None, self.style.item(value, entries[0].column)))
            elif step.moved:
                moved.append(entry)
                wanted.append((None, self._moved(entry, old[step.old], value)))
            else:
                if not same(old[step.old], value):
                    change(entry, old[step.old], value)
                wanted.append((entry, []))
        for entry in moved:
            # Its comments travel with it.
            entry.start = self.source.comments_above(entry.start, entry.column)
        self._rearrange(entries, wanted, parent)

    def _moved(self, entry: Entry, old: TreeValue, new: TreeValue) -> list[str]:
        """The lines of an item that goes elsewhere in its list, with its comments, as they were typed."""
        source = self.source
        if not same(old, new) or not source.begins_line(entry.start):
            return self.style.item(new, entry.column)
        top = source.comments_above(entry.start, entry.column)
        return source.text[top : source.line_end(entry.end)].replace("\r\n", "\n").split("\n")

    def _rearrange(
        self, entries: list[Entry], wanted: list[tuple[Entry | None, list[str]]], parent: Entry | None
    ) -> None:
        """Takes out the entries that `wanted` does not name, and puts in the lines of those that name no entry."""
        kept = {id(entry) for entry, _ in wanted}
        gone = [id(entry) not in kept for entry in entries]
        if all(gone):
            raise Cannot
        self._take_out(entries, gone)
        before: Entry | None = None
        first_lines: list[str] = []
        for entry, lines in wanted:
            if entry is not None:
                before = entry
            elif before is None:
                first_lines += lines
            else:
                end = self.source.past_deeper_comments(self.source.line_end(before.end), before.column)
                self._insert(end, lines)
        if first_lines:
            self._put_first(entries[0], first_lines, parent)

    def _take_out(self, entries: list[Entry], gone: list[bool]) -> None:
        source = self.source
        first = entries[0]
        if gone[0] and not source.begins_line(first.start):
            self._take_out_behind_dash(entries, gone)
        top = 0  # as far as the file is gone from its beginning
        for entry, is_gone in zip(entries, gone, strict=True):
            if not is_gone or not source.begins_line(entry.start):
                continue
            if entry.lead is None:
                raise Cannot
            begin = source.line_start(entry.start)
            if begin == top:
                top = source.next_line(entry.end)
                source.replace(begin, top, "")
            else:
                # The line break before it, not the one behind: what is put in below has its place there.
                source.replace(source.line_end_before(begin), source.line_end(entry.end), "")

    def _take_out_behind_dash(self, entries: list[Entry], gone: list[bool]) -> None:
        """Takes out the first entry of a mapping that begins on the line of its dash: the next one moves up."""
        source = self.source
        first, following = entries[0], entries[1]
        begin = source.next_line(first.end)
        if not gone[1] and begin == source.line_start(following.start):
            source.replace(first.start, following.start, "")
        else:
            dash_end = len(source.text[: first.start].rstrip(" "))
            source.replace(dash_end, source.line_end(first.end), "")

    def _put_first(self, first: Entry, lines: list[str], parent: Entry | None) -> None:
        source = self.source
        pad = " " * first.column
        if not source.begins_line(first.start):
            source.replace(first.start, first.start, "\n".join(lines)[first.column :] + "\n" + pad)
        elif parent is not None and parent.lead is not None:
            self._insert(source.line_end(parent.lead), lines)
        else:
            top = source.comments_above(first.start, first.column)
            # What stands at the very top of a file speaks of the file, not of its first key.
            place = top or source.line_start(first.start)
            if place:
                self._insert(source.line_end_before(place), lines)
            else:
                source.replace(0, 0, "\n".join([*lines, ""]))

    def _insert(self, line_end: int, lines: list[str]) -> None:
        """Puts lines below the line that ends there."""
        end = line_end
        if lines and lines[-1] == "":
            # Else they would become part of a text that keeps all its last line breaks.
            end = self.source.past_blank_lines(line_end)
        self.source.replace(line_end, end, "".join("\n" + line for line in lines))

    def _whole(self, entry: Entry, old: TreeValue, new: TreeValue) -> None:
        """Writes the value of an entry anew; a comment on the line of its key stays."""
        source, node = self.source, entry.value
        if is_inline(node) and node.end > node.start:
            token = restyled(node, old, new, flow=False)
            if token is not None:
                self._token(node, token)
                return
        if entry.lead is None:
            raise Cannot
        after = self.style.after_dash if entry.is_item else self.style.after_key
        rest, *lines = after(new, entry.column)
        on_lead_line = node.start <= source.line_end(entry.lead)
        if isinstance(node, Scalar) and node.style in ("|", ">") and on_lead_line:
            self._block_scalar(entry, node, new, rest, lines)
        elif is_inline(node) and on_lead_line:
            source.replace(entry.lead, max(node.end, entry.lead), rest)
            self._insert(source.line_end(entry.end), lines)
        elif on_lead_line:
            self._body(entry.lead, entry.end, lines, rest)
        else:
            source.replace(entry.lead, entry.lead, rest)
            self._body(source.line_end(entry.lead), entry.end, lines)

    def _body(self, start: int, end: int, lines: list[str], rest: str = "") -> None:
        end = self.source.line_end(end)
        if lines and lines[-1] == "":
            end = self.source.past_blank_lines(end)
        self.source.replace(start, end, rest + "".join("\n" + line for line in lines))

    def _block_scalar(self, entry: Entry, node: Scalar, new: TreeValue, rest: str, lines: list[str]) -> None:
        source = self.source
        depth = source.block_indent(node)
        step = self.style.step if depth is None else depth - entry.column
        block = literal(new, entry.column, step) if isinstance(new, str) and 0 < step < 10 else None
        if block is not None:
            rest, lines = f" {block[0]}", block[1:]
        header_end = source.header_end(node)
        assert entry.lead is not None
        source.replace(entry.lead, header_end, rest)
        self._body(source.line_end(header_end), entry.end, lines)

    def _token(self, node: Node, token: str) -> None:
        """Replaces what stands on a line, and leaves a comment behind it in its column where there is room."""
        source = self.source
        end = node.end
        comment = _COMMENT_BEHIND.match(source.text, end)
        if comment is not None:
            end = comment.end(1)
            token += " " * max(1, len(comment[1]) - (len(token) - (node.end - node.start)))
        source.replace(node.start, end, token)

    def _entries(self, node: Mapping) -> list[Entry]:
        entries = []
        for key, value in node.entries:
            colon = _COLON.match(self.source.text, key.end)
            start, column = key.start, key.column
            line = self.source.line_start(start)
            if self.source.text[line:start].strip(" ") == "?":
                start = self.source.text.index("?", line)
                column = start - line
            end = max(key.end, self.source.content_end(value))
            entries.append(Entry(start, column, colon.end() if colon else None, value, end, is_item=False))
        return entries

    def _items(self, node: Sequence) -> list[Entry]:
        entries: list[Entry] = []
        source = self.source
        dash = node.start if node.tag is None else self._dash_from(source.next_line(node.start))
        for value in node.items:
            if entries:
                dash = self._dash_from(source.next_line(entries[-1].end))
            if source.text[dash] != "-":
                raise Cannot
            column = dash - source.line_start(dash)
            end = max(dash + 1, source.content_end(value))
            entries.append(Entry(dash, column, dash + 1, value, end, is_item=True))
        return entries

    def _dash_from(self, line_start: int) -> int:
        """The first dash that begins a line from here on."""
        source = self.source
        while line_start < len(source.text):
            if not source.is_comment(line_start) and source.text[line_start : source.line_end(line_start)].strip():
                return line_start + source.indent(line_start)
            line_start = source.next_line(line_start)
        raise Cannot


def style_of(root: Node) -> Style:
    """The indentation of a text, as its first nested mapping and its first nested list have it."""
    step: int | None = None
    dash: int | None = None
    pending = [root]
    while pending and (step is None or dash is None):
        node = pending.pop()
        if isinstance(node, Mapping) and not node.flow:
            for key, value in node.entries:
                if isinstance(value, Mapping) and not value.flow and step is None:
                    step = value.entries[0][0].column - key.column
                if isinstance(value, Sequence) and not value.flow and value.tag is None and dash is None:
                    dash = value.column - key.column
            pending += [value for _, value in reversed(node.entries)]
        elif isinstance(node, Sequence):
            pending += reversed(node.items)
    return Style(step=step if step and 0 < step < 10 else 2, dash=2 if dash is None else max(dash, 0))
