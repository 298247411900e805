"""PHP source cut into tokens: enough of the language to read a settings.php without running it.

Text is str in which a byte that is not UTF-8 stands as a surrogate escape, as Python does for file names.
Source: php-src Zend/zend_language_scanner.l
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from drupalsync.php.settings_data import SettingsSyntaxError

Kind = Literal["variable", "string", "template", "shell", "number", "name", "op", "end"]

_NAME: Final = r"[A-Za-z_\x80-\U0010ffff][A-Za-z0-9_\x80-\U0010ffff]*"
_OPEN_TAG: Final = re.compile(r"<\?(?:php(?=\s|\Z)|=|(?=\s))", re.IGNORECASE)
_TOKEN: Final = re.compile(
    rf"""
      (?P<space> \s+ | (?:\#|//)[^\r\n]*?(?=\?>|[\r\n]|\Z) | /\*.*?\*/ )
    | (?P<close> \?>\n? )
    | (?P<variable> \${_NAME} )
    | (?P<number> 0[xX][0-9a-fA-F_]+ | 0[bB][01_]+ | 0[oO][0-7_]+
        | (?:[0-9][0-9_]*)?\.[0-9][0-9_]*(?:[eE][+-]?[0-9]+)? | [0-9][0-9_]*\.?(?:[eE][+-]?[0-9]+)? )
    | (?P<single> [bB]?'[^'\\]*(?:\\.[^'\\]*)*' )
    | (?P<double> [bB]?" )
    | (?P<shell> `[^`\\]*(?:\\.[^`\\]*)*` )
    | (?P<heredoc> [bB]?<<<[ \t]*(?P<quote>["']?)(?P<label>{_NAME})(?P=quote)\r?\n )
    | (?P<name> \\?{_NAME}(?:\\{_NAME})* )
    | (?P<open_comment> /\* )
    | (?P<op> <=> | \*\*= | \?\?= | \.\.\. | <<= | >>= | === | !== | \?-> | \?\? | -> | => | :: | == | != | <> | <= | >=
        | && | \|\| | [-+*/.%&|^]= | \+\+ | -- | << | >> | \*\* | [-+*/%=<>!.,;:?()\[\]{{}}&|^~@$\#] )
    """,
    re.VERBOSE | re.DOTALL,
)
_PIECE: Final = re.compile(
    rf"""
      (?P<escape> \\(?: [0-7]{{1,3}} | x[0-9A-Fa-f]{{1,2}} | u\{{[0-9A-Fa-f]+\}} | [nrtvef\\$"] ) )
    | (?P<simple> \${_NAME} (?: \[(?:-?[0-9]+|\$?{_NAME})\] | ->{_NAME} )? )
    | (?P<complex> \{{(?=\$) )
    | (?P<indirect> \$\{{ )
    | (?P<plain> [^\\$"{{]+ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES: Final = {"n": "\n", "r": "\r", "t": "\t", "v": "\v", "e": "\x1b", "f": "\f", "\\": "\\", "$": "$", '"': '"'}
_PAIRS: Final = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True, slots=True)
class Token:
    """`text` is a string's value, a variable's name without `$`, else the source; `parts` are a template's."""

    kind: Kind
    text: str
    line: int
    parts: tuple[str | tuple[Token, ...], ...] = ()


def tokens(source: bytes, path: str) -> list[Token]:
    """Cuts a PHP file into tokens, without comments and what stands outside of `<?php … ?>`; the last one is "end".

    Raises SettingsSyntaxError (a string, comment or heredoc without an end).
    """
    text = source.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    scanner = _Scanner(text, path)
    found: list[Token] = []
    scanner.skip_html()
    while (token := scanner.next()).kind != "end":
        if token.kind == "name" and token.text.lower() == "__halt_compiler":
            break
        found.append(token)
    return [*found, Token("end", "", scanner.line)]


def bracket_pairs(found: list[Token], path: str) -> dict[int, int]:
    """Maps the index of each opening bracket to that of its closing one.

    Raises SettingsSyntaxError at a bracket that is not closed, or was not opened.
    """
    pairs: dict[int, int] = {}
    still_open: list[int] = []
    for index, token in enumerate(found):
        if token.kind != "op":
            continue
        if token.text in "([{":
            still_open.append(index)
        elif token.text in _PAIRS:
            if not still_open or found[still_open[-1]].text != _PAIRS[token.text]:
                raise SettingsSyntaxError(path, token.line, f"{token.text} closes nothing that is open")
            pairs[still_open.pop()] = index
    if still_open:
        token = found[still_open[-1]]
        raise SettingsSyntaxError(path, token.line, f"{token.text} is never closed")
    return pairs


class _Scanner:
    """Where we are in the source, and on which line."""

    def __init__(self, text: str, path: str, line: int = 1) -> None:
        self.text = text
        self.path = path
        self.pos = 0
        self.line = line

    def advance(self, end: int) -> None:
        self.line += self.text.count("\n", self.pos, end)
        self.pos = end

    def skip_html(self) -> None:
        """Moves behind the next opening tag, or to the end."""
        tag = _OPEN_TAG.search(self.text, self.pos)
        self.advance(tag.end() if tag else len(self.text))

    def next(self) -> Token:
        """Reads one token; a closing tag is the `;` that PHP takes it for."""
        while self.pos < len(self.text):
            match = _TOKEN.match(self.text, self.pos)
            line = self.line
            kind = match.lastgroup if match else None
            if match is None or kind == "open_comment":
                raise self.broken()
            self.advance(match.end())
            if kind == "space":
                continue
            if kind == "close":
                self.skip_html()
                return Token("op", ";", line)
            return self.token(match, line)
        return Token("end", "", self.line)

    def token(self, match: re.Match[str], line: int) -> Token:
        text = match[0]
        if match["variable"]:
            return Token("variable", text[1:], line)
        if match["number"]:
            return Token("number", text, line)
        if match["single"]:
            body = text[text.index("'") + 1 : -1]
            return Token("string", re.sub(r"\\([\\'])", r"\1", body), line)
        if match["double"]:
            return _template(self.template_parts(line, '"'), line)
        if match["shell"]:
            return Token("shell", text, line)
        if match["heredoc"]:
            return self.heredoc(match["label"], line, plain=match["quote"] == "'")
        return Token("name" if match["name"] else "op", text, line)

    def broken(self) -> SettingsSyntaxError:
        rest = self.text[self.pos : self.pos + 2]
        if rest == "/*":
            return SettingsSyntaxError(self.path, self.line, "a comment is never closed")
        if rest[0] in "'`":
            return SettingsSyntaxError(self.path, self.line, "a string is never closed")
        return SettingsSyntaxError(self.path, self.line, f"no PHP starts with {rest[0]!r}")

    def heredoc(self, label: str, line: int, *, plain: bool) -> Token:
        """Reads up to the closing label, and takes away the indentation that stands before that (PHP 7.3)."""
        end = re.compile(rf"^([ \t]*){label}(?![A-Za-z0-9_\x80-\U0010ffff])", re.MULTILINE).search(self.text, self.pos)
        if end is None:
            raise SettingsSyntaxError(self.path, line, f"the text up to {label} is never closed")
        body = self.text[self.pos : end.start()].removesuffix("\n").removesuffix("\r")
        if end[1]:
            body = re.sub(rf"^{end[1]}", "", body, flags=re.MULTILINE)
        first = self.line
        self.advance(end.end())
        if plain:
            return Token("string", body, line)
        return _template(_Scanner(body, self.path, first).template_parts(line, None), line)

    def template_parts(self, line: int, closing: str | None) -> list[str | tuple[Token, ...]]:
        """Reads text with escapes and variables, up to the quote `closing` (None: to the end of the text)."""
        parts: list[str | tuple[Token, ...]] = []
        while (match := _PIECE.match(self.text, self.pos)) is not None:
            piece, at = match[0], self.line
            self.advance(match.end())
            if piece == closing:
                return parts
            if match["escape"] and (closing or piece != '\\"'):  # a heredoc leaves \" as it is
                parts.append(self.unescaped(piece[1:]))
            elif match["simple"]:
                parts.append(_simple_variable(piece, at))
            elif match["complex"]:
                parts.append(self.tokens_in_braces(at))
            elif match["indirect"]:
                parts.append((*self.tokens_in_braces(at), Token("shell", piece, at)))
            else:
                parts.append(piece)
        if closing:
            raise SettingsSyntaxError(self.path, line, "a string is never closed")
        return parts

    def tokens_in_braces(self, line: int) -> tuple[Token, ...]:
        """Reads the tokens up to the brace that closes the one before them."""
        found: list[Token] = []
        depth = 1
        while True:
            token = self.next()
            if token.kind == "end":
                raise SettingsSyntaxError(self.path, line, "{ in a string is never closed")
            depth += {"{": 1, "}": -1}.get(token.text, 0) if token.kind == "op" else 0
            if depth == 0:
                return tuple(found)
            found.append(token)

    def unescaped(self, code: str) -> str:
        if code[0] in _ESCAPES:
            return _ESCAPES[code[0]]
        if code[0] == "u":
            point = int(code[2:-1], 16)
            if point > 0x10FFFF:
                raise SettingsSyntaxError(self.path, self.line, f"\\{code} is beyond Unicode")
            return chr(point).encode("utf-8", "surrogatepass").decode("utf-8", "surrogateescape")
        byte = int(code[1:], 16) if code[0] == "x" else int(code, 8) & 0xFF
        return bytes([byte]).decode("utf-8", "surrogateescape")


def _template(parts: list[str | tuple[Token, ...]], line: int) -> Token:
    """Joins what is plain text; what is nothing else is a string."""
    joined: list[str | tuple[Token, ...]] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    # "\xc3\xa9" was read as two bytes, and is one letter.
    whole = tuple(_mended(part) if isinstance(part, str) else part for part in joined)
    if all(isinstance(part, str) for part in whole):
        return Token("string", "".join(part for part in whole if isinstance(part, str)), line)
    return Token("template", "", line, whole)


def _mended(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")


def _simple_variable(piece: str, line: int) -> tuple[Token, ...]:
    """Gives the tokens of `$name`, `$name[key]` and `$name->property`, where a bare key is text."""
    name, arrow, prop = piece[1:].partition("->")
    if arrow:
        return Token("variable", name, line), Token("op", "->", line), Token("name", prop, line)
    name, bracket, key = name.partition("[")
    variable = Token("variable", name, line)
    if not bracket:
        return (variable,)
    key = key.removesuffix("]")
    inner = Token("variable", key[1:], line) if key.startswith("$") else Token("string", key, line)
    return variable, Token("op", "[", line), inner, Token("op", "]", line)
