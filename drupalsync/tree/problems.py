"""What is wrong with a YAML file, in words for somebody who writes templates and not parsers."""

from __future__ import annotations

import re
from typing import Final

import yaml

from drupalsync.errors import DrupalsyncError

QUOTE_IT: Final = "put the text in quotes: '…'"
SPACES: Final = "indent with spaces, two for each level, never with tabs"

# libyaml's words, or Python's where the C library is absent → ours. A sentence may name the character: {found}.
_WORDS: Final = (
    (r"found a tab character", "a tab is used where spaces belong", SPACES),
    (r"mapping values are not allowed", "there is a second ': ' in this line, or this line is indented too far",
     "a text with ': ' in it goes in quotes: '…'; keys that belong together begin in the same column"),
    (r"found character.* that cannot start any token", "a text cannot begin with {found}", QUOTE_IT),
    (r"expected alphabetic or numeric", "a text cannot begin with * or &", QUOTE_IT),
    (r"could not find expected ':'", "this line is no 'key: value' line", "write key: value; a text over several lines "
     "begins with | after the key, and all its lines are indented"),
    (r"did not find expected key|expected '?<block end>|did not find expected '-' indicator",
     "this line does not line up with the lines that it belongs to",
     "entries of one mapping or list begin in the same column; a text with quotes inside may have ended too early"),
    (r"did not find expected ',' or|expected ',' or", "a { or [ is not closed before this",
     "close it with } or ], and put commas between the entries"),
    (r"did not find expected node content|expected the node content", "a value is missing or not closed here",
     "close every { and [; a text that begins with such a sign goes in quotes: '…'"),
    (r"block sequence entries are not allowed|sequence entries are not allowed", "a list cannot begin here",
     "put '- ' on a line of its own, below its key"),
    (r"block collections are not allowed|mapping keys are not allowed", "a mapping cannot begin here",
     "put the first key on a line of its own, indented below"),
    (r"expected '?<document start>", "text follows after the end of the data",
     "the first line may be indented more than the others; all outermost keys begin in the first column"),
    (r"unknown escape character|did not find expected hexdecimal|invalid Unicode|expected escape sequence",
     'inside "…" a backslash means something else here', "use '…', where a backslash is a backslash, or write \\\\"),
    (r"while scanning a block scalar|chomping or indentation|expected a comment or a line break|indentation indicator",
     "something follows the | that begins a text over several lines", "begin the text on the next line, indented"),
    (r"tag", "this ! begins a tag that cannot be read", "a text that begins with ! goes in quotes: '…'"),
    (r"maximum|too deep", "this is nested too deeply", "nest less"),
)  # fmt: skip


class YamlProblem(DrupalsyncError):
    """A file of the tree that cannot be read as the dialect of design section 4; `where` is file:line:column."""


def position(text: str, index: int) -> tuple[int, int]:
    """The line and column, both from 1, of a character."""
    before = text[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1


def at(where: str, line: int, column: int) -> str:
    return f"{where}:{line}:{column}"


def translate(error: yaml.YAMLError, text: str, where: str) -> YamlProblem:
    """Words a parser's error: what, file:line:column, and what to do."""
    if isinstance(error, yaml.reader.ReaderError):
        return _unprintable(error, text, where)
    mark = getattr(error, "problem_mark", None)
    opened = getattr(error, "context_mark", None)
    problem = f"{getattr(error, 'context', '') or ''}: {getattr(error, 'problem', '') or error}"
    if "quoted scalar" in problem and "end of stream" in problem and opened is not None:
        return YamlProblem("a text in quotes that begins here is not closed",
                           where=at(where, opened.line + 1, opened.column + 1),
                           hint="add the closing quote; an apostrophe inside '…' is written twice: ''")  # fmt: skip
    if "alphabetic or numeric" in problem:
        mark = opened or mark  # *about*: the first star is the one to see
    line, column = (mark.line, mark.column) if mark is not None else (0, 0)
    lines = text.splitlines()
    on_line = lines[line] if line < len(lines) else ""
    what, hint = _sentence(problem, on_line, on_line[column : column + 1])
    return YamlProblem(what, where=at(where, line + 1, column + 1), hint=hint)


def _sentence(problem: str, line: str, found: str) -> tuple[str, str]:
    if found == "\t" or "\t" in line[: len(line) - len(line.lstrip())]:
        return "a tab is used for indentation", SPACES
    for pattern, what, hint in _WORDS:
        if re.search(pattern, problem):
            return what.replace("{found}", found or "this sign"), hint
    return f"this cannot be read as YAML ({problem.strip(' :')})", "compare the line with those of a file that works"


def _unprintable(error: yaml.reader.ReaderError, text: str, where: str) -> YamlProblem:
    # libyaml counts bytes, Python characters: looking for the character serves both.
    found = error.character if isinstance(error.character, str) else chr(error.character)
    index = text.find(found)
    hint = 'remove it, or write it in double quotes: "\\x{:02x}"'.format(ord(found[:1] or "\0"))
    return YamlProblem("there is an invisible control character in this file",
                       where=at(where, *position(text, max(index, 0))), hint=hint)  # fmt: skip


def decoded(data: bytes, where: str) -> str:
    """The text of a file without its byte order mark. Raises YamlProblem where it is not UTF-8."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise YamlProblem("this file is saved as UTF-16", where=at(where, 1, 1), hint="save it as UTF-8")
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        hint = "save it as UTF-8; bytes that are no text are written as !!binary"
        place = at(where, before.count(b"\n") + 1, column)
        raise YamlProblem("this file is not UTF-8", where=place, hint=hint) from error
