"""A text under edit: where its lines and values end, and the replacements collected so far."""

from __future__ import annotations

import re
from typing import Final

from drupalsync.tree.nodes import Mapping, Node, Scalar, Sequence

_BLOCK_HEADER: Final = re.compile(r"(?:![^\s]*[ \t]+)?[|>][-+0-9]*")
_COMMENT: Final = re.compile(r"[ \t]*#")


class Cannot(Exception):
    """This edit cannot be made in place; the caller rewrites the next larger value instead."""


class Source:
    """Indices are characters of the text as it was; changes are applied together, in `result`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._newline = "\r\n" if 2 * text.count("\r\n") > text.count("\n") else "\n"
        self._changes: list[tuple[int, int, str]] = []

    def replace(self, start: int, end: int, new: str) -> None:
        self._changes.append((start, end, new))

    def mark(self) -> int:
        """A point that `back_to` returns to."""
        return len(self._changes)

    def back_to(self, mark: int) -> None:
        del self._changes[mark:]

    def result(self) -> str:
        """The text with all changes made. Raises Cannot where two of them touch the same characters."""
        parts: list[str] = []
        done = 0
        # Insertions at one place stay in the order in which they were asked for: the sort is stable.
        for start, end, new in sorted(self._changes, key=lambda change: change[:2]):
            if start < done:
                raise Cannot
            parts += [self.text[done:start], new.replace("\n", self._newline)]
            done = end
        whole = "".join([*parts, self.text[done:]])
        # Where whole lines came or went at the end of a file without a last line break, it gets one.
        lines_at_end = any(
            "\n" in new + self.text[start:end] for start, end, new in self._changes if end == len(self.text)
        )
        return whole + self._newline if lines_at_end and not self.text.endswith("\n") else whole

    def line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Where the line ends, before its line break."""
        end = self.text.find("\n", index)
        if end < 0:
            return len(self.text)
        return end - 1 if end > index and self.text[end - 1] == "\r" else end

    def line_end_before(self, line_start: int) -> int:
        """Where the line above one that begins at `line_start` ends, before its line break."""
        return line_start - (2 if self.text[line_start - 2 : line_start] == "\r\n" else 1)

    def next_line(self, index: int) -> int:
        end = self.text.find("\n", index)
        return len(self.text) if end < 0 else end + 1

    def begins_line(self, index: int) -> bool:
        """Whether only white space stands before `index` on its line."""
        return not self.text[self.line_start(index) : index].strip(" ")

    def is_comment(self, line_start: int) -> bool:
        return _COMMENT.match(self.text, line_start) is not None

    def indent(self, line_start: int) -> int:
        line = self.text[line_start : self.line_end(line_start)]
        return len(line) - len(line.lstrip(" "))

    def past_blank_lines(self, line_end: int) -> int:
        """The end of the last of the blank lines that follow."""
        while (following := self.next_line(line_end)) < len(self.text):
            end = self.line_end(following)
            if self.text[following:end].strip():
                break
            line_end = end
        return line_end

    def past_deeper_comments(self, line_end: int, column: int) -> int:
        """The end of the last comment line that follows at once and is indented beyond `column`."""
        while (following := self.next_line(line_end)) < len(self.text):
            if not self.is_comment(following) or self.indent(following) <= column:
                break
            line_end = self.line_end(following)
        return line_end

    def comments_above(self, index: int, column: int) -> int:
        """The start of the comment lines that stand right above a line, in its own column; else of the line itself."""
        top = self.line_start(index)
        while top > 0:
            above = self.line_start(top - 1)
            if not self.is_comment(above) or self.indent(above) != column:
                break
            top = above
        return top

    def header_end(self, node: Scalar) -> int:
        """Where the `|` of a block scalar, with what belongs to it, ends. Raises Cannot for headers in odd forms."""
        header = _BLOCK_HEADER.match(self.text, node.start)
        if header is None:
            raise Cannot
        return header.end()

    def block_indent(self, node: Scalar) -> int | None:
        """How far the text of a block scalar is indented; None where it has none.

        What the first line has in the file and not in the text is indentation, whatever the header says.
        """
        body = self.text[self.next_line(self.header_end(node)) : node.end].splitlines()
        depths = [
            next((len(line) - len(line.lstrip(" ")) for line in lines if line.strip()), None)
            for lines in (body, node.text.split("\n"))
        ]
        return None if depths[0] is None or depths[1] is None else depths[0] - depths[1]

    def content_end(self, node: Node) -> int:
        """Where the last character of a value ends; what follows on that line is white space or a comment."""
        if isinstance(node, Scalar):
            return self._block_end(node) if node.style in ("|", ">") else node.end
        if isinstance(node, Mapping) and not node.flow:
            key, value = node.entries[-1]
            return max(key.end, self.content_end(value))
        if isinstance(node, Sequence) and not node.flow:
            return self.content_end(node.items[-1])
        return node.end

    def _block_end(self, node: Scalar) -> int:
        header = self.header_end(node)
        if "+" in self.text[node.start : header]:
            end = node.end
            return max(self.line_end_before(end) if self.text[end - 1 : end] == "\n" else end, header)
        end = max(node.start + len(self.text[node.start : node.end].rstrip()), header)
        # A line of spaces longer than the indentation is text, and the last lines can be such.
        depth = self.block_indent(node)
        last = end
        while depth is not None and (following := self.next_line(last)) < node.end:
            last = self.line_end(following)
            if self.indent(following) > depth:
                end = last
        return end
