"""PHP statements: carried out where that needs no PHP, passed over where it does, with a note if settings are in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from drupalsync.php.settings_data import ASK_PHP, WATCHED, Data, Hole, SettingsSyntaxError, Where
from drupalsync.php.settings_expressions import ASSIGNMENTS, INCLUDES, Expressions, NotUnderstoodError
from drupalsync.php.settings_lexer import tokens
from drupalsync.php.settings_operators import text, truth
from drupalsync.php.settings_scope import Scope

_DECLARATIONS: Final = frozenset({"function", "class", "abstract", "final", "interface", "trait"})
_HEADED: Final = frozenset({"if", "elseif", "for", "foreach", "while", "switch", "declare"})
_BLOCKS: Final = frozenset({*_HEADED, "do", "try"})
_TO_SEMICOLON: Final = frozenset({"namespace", "use", "global", "static", "goto", "break", "continue", "echo", "throw"})
# Functions that are given settings and change none: a call of another one might.
_HARMLESS: Final = frozenset(
    {"define", "error_log", "error_reporting", "header", "ini_set", "putenv", "setlocale", "umask"}
)


class _Returned(Exception):
    """The file ends here: `return`."""


class _Stopped(_Returned):
    """The whole program ends here: `exit`, `die`."""


def run(settings: Path, environ: Mapping[str, str]) -> Scope:
    """Carries out a settings.php and the files that it includes; gives the variables, and what could not be read.

    Raises SettingsSyntaxError, OSError.
    """
    scope = Scope(settings.absolute(), environ)
    with suppress(_Stopped):
        _Files(scope).run(scope.settings)
    return scope


class _Files:
    """The files that are being read, the innermost last, and those that were read before."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.running: list[Path] = []
        self.seen: set[Path] = set()

    def run(self, file: Path) -> None:
        """Carries out one file, up to its end or its `return`."""
        self.running.append(file.resolve())
        self.seen.add(file.resolve())
        path = str(file)
        try:
            _Statements(path, file.read_bytes(), self).all()
        except _Stopped:
            raise
        except _Returned:
            pass
        finally:
            self.running.pop()

    def include(self, path: Data, keyword: str, where: Where, silenced: bool) -> Data:
        """Carries out `include`: PHP looks in Drupal's docroot, then beside the file that includes."""
        name = text(path)
        if isinstance(path, Hole) or not name:
            why = path.why if isinstance(path, Hole) else "is not plain"
            self.scope.report("", where, f"a file is included whose path {why}: what it sets is not known", ASK_PHP)
            return Hole(where, "comes from a file", ASK_PHP)
        candidates = [self.scope.located(name)]
        if not name.startswith((".", "/")):
            candidates.append(Path(where.path).parent / name)
        file = next((candidate for candidate in candidates if candidate.is_file()), None)
        if file is None:
            if not silenced:
                hint = "put the file there, or take the line out"
                self.scope.report("", where, f"includes {name}, which is not there", hint)
            return False
        again = file.resolve()
        if again in self.running or (keyword.endswith("_once") and again in self.seen):
            return True
        self.run(file)
        return Hole(where, "comes from a file", ASK_PHP)


class _Statements(Expressions):
    """Reads one file, statement by statement."""

    def __init__(self, path: str, source: bytes, files: _Files) -> None:
        super().__init__(tokens(source, path), path, files.scope, files.include)

    def all(self) -> None:
        while self.token.kind != "end":
            self.statement()

    def statement(self) -> None:
        """Carries out the statement at `index`, or passes over it."""
        start = self.index
        keyword = self.token.text.lower() if self.token.kind == "name" else ""
        if self.at("{"):
            self.block()
        elif self.take(";"):
            pass
        elif keyword == "if":
            self.condition()
        elif keyword in _DECLARATIONS and self.declares():
            self.index = self.statement_end(start)
        elif keyword in _BLOCKS:
            self.pass_over(start, self.statement_end(start), "are set in a block that only PHP can run")
        elif keyword in ("return", "exit", "die"):
            raise _Returned if keyword == "return" else _Stopped
        elif keyword in _TO_SEMICOLON:
            self.index = self.statement_end(start)
        else:
            self.simple(keyword)

    def declares(self) -> bool:
        """Says whether a function or class with a name is declared here (a closure is an expression)."""
        following = self.tokens[self.index + 1]
        return following.kind == "name" or (following.text == "&" and self.tokens[self.index + 2].kind == "name")

    def block(self) -> None:
        end = self.pairs[self.index]
        self.index += 1
        while self.index < end:
            self.statement()
        self.index = end + 1

    def simple(self, keyword: str) -> None:
        """Carries out a statement up to its semicolon."""
        start = self.index
        try:
            if keyword == "unset":
                value = self.unset()
            elif keyword == "const":
                value = self.const()
            else:
                value = self.expression()
        except (NotUnderstoodError, RecursionError):
            self.pass_over(start, self.statement_end(start), "are set by a statement that only PHP can run")
            return
        if self.token.kind == "end":
            raise SettingsSyntaxError(self.path, self.tokens[start].line, "the file ends within this statement")
        if self.token.kind != "op":
            raise SettingsSyntaxError(self.path, self.token.line, f"a ; is missing before {self.token.text!r}")
        if not self.at(";"):
            self.pass_over(start, self.statement_end(start), "are set by a statement that only PHP can run")
            return
        self.index += 1
        if isinstance(value, Hole) and keyword and keyword not in (*INCLUDES, *_HARMLESS):
            named = self.mentioned(start, self.index)
            self.report(named, start, f"are given to {keyword}(), which may change them")

    def unset(self) -> Data:
        """Carries out `unset($name[…]…);`."""
        self.index += 1
        self.need("(")
        while not self.take(")"):
            name, steps = self.token.text, list[Data]()
            if self.token.kind != "variable":
                raise NotUnderstoodError
            self.index += 1
            while self.take("["):
                steps.append(self.expression())
                self.need("]")
            self.scope.remove(name, steps)
            self.take(",")
        return None

    def const(self) -> Data:
        """Carries out `const NAME = value;`."""
        name = self.tokens[self.index + 1].text
        self.index += 2
        self.need("=")
        self.scope.constants[name] = self.expression()
        return None

    def condition(self) -> None:
        """Carries out the branch of an `if` that PHP would; passes over all of it where that cannot be known."""
        start = self.index
        end = self.statement_end(start)
        self.index += 1
        while True:
            verdict = self.verdict()
            if isinstance(verdict, Hole):
                self.pass_over(start, end, f"are set on a condition that {verdict.why}", verdict.hint)
                return
            if verdict:
                self.branch()
                break
            self.index = self.branch_end(self.index)
            if self.take("elseif"):
                continue
            if self.take("else"):
                self.branch()
            break
        self.index = end

    def verdict(self) -> bool | Hole:
        """Reads the condition in its parentheses."""
        where, closing = self.where, self.pairs.get(self.index, 0)
        try:
            verdict = truth(self.parenthesised())
        except (NotUnderstoodError, RecursionError):
            verdict = Hole(where, "only PHP can compute", ASK_PHP)
        if self.index != closing + 1:
            verdict = Hole(where, "only PHP can compute", ASK_PHP)
        return verdict

    def branch(self) -> None:
        """Carries out one branch: a statement, or those between `:` and `endif`."""
        if not self.take(":"):
            self.statement()
            return
        while not self.at("elseif", "else", "endif"):
            self.statement()

    def branch_end(self, index: int) -> int:
        """Gives the index after the branch that begins at `index`."""
        if self.tokens[index].text != ":":
            return self.statement_end(index)
        index += 1
        while self.tokens[index].text.lower() not in ("elseif", "else", "endif"):
            index = self.statement_end(index)
        return index

    def statement_end(self, index: int) -> int:
        """Gives the index after the statement that begins at `index`, without carrying it out.

        Raises SettingsSyntaxError where the file ends within it.
        """
        start, token = index, self.tokens[index]
        keyword = token.text.lower() if token.kind == "name" else ""
        if token.kind == "op" and token.text == "{":
            return self.pairs[index] + 1
        if keyword == "if":
            return self.if_end(index)
        if keyword in _HEADED:
            return self.body_end(self.after_head(index), f"end{keyword}")
        if keyword == "do":
            return self.statement_end(self.statement_end(index + 1))
        if keyword == "try":
            return self.try_end(index + 1)
        declares = keyword in _DECLARATIONS and self.tokens[index + 1].text != "("
        while self.tokens[index].kind != "end":
            here = self.tokens[index]
            if here.kind == "op" and here.text == ";":
                return index + 1
            if declares and here.kind == "op" and here.text == "{":
                return self.pairs[index] + 1
            index = self.pairs.get(index, index) + 1
        raise SettingsSyntaxError(self.path, self.tokens[start].line, "the file ends within this statement")

    def after_head(self, index: int) -> int:
        """Gives the index after `keyword (…)`."""
        if index + 1 not in self.pairs:
            raise SettingsSyntaxError(
                self.path, self.tokens[index].line, f"( is missing after {self.tokens[index].text}"
            )
        return self.pairs[index + 1] + 1

    def body_end(self, index: int, closing: str) -> int:
        """Gives the index after a loop's body: one statement, or those between `:` and `endfor` and the like."""
        if self.tokens[index].text != ":":
            return self.statement_end(index)
        index += 1
        while self.tokens[index].text.lower() != closing:
            index = self.statement_end(index)
        return index + 1

    def if_end(self, index: int) -> int:
        """Gives the index after an `if` with all its branches."""
        index = self.after_head(index)
        while True:
            alternative = self.tokens[index].text == ":"
            index = self.branch_end(index)
            following = self.tokens[index].text.lower() if self.tokens[index].kind == "name" else ""
            if following == "elseif":
                index = self.after_head(index)
            elif following == "else":
                index += 1
            else:
                return index + 1 if alternative and following == "endif" else index

    def try_end(self, index: int) -> int:
        index = self.statement_end(index)
        while self.tokens[index].text.lower() in ("catch", "finally"):
            index = self.statement_end(self.pairs.get(index + 1, index) + 1 if index + 1 in self.pairs else index + 1)
        return index

    def pass_over(self, start: int, end: int, why: str, hint: str = ASK_PHP) -> None:
        """Moves behind a statement that cannot be carried out: what it writes is unknown from here on."""
        self.index = end
        written = self.written(start, end)
        where = Where(self.path, self.tokens[start].line)
        for name in written.difference(WATCHED):
            self.scope.write(name, [], Hole(where, "comes from a statement that only PHP can run", ASK_PHP), where)
        named = [name for name in WATCHED if name in written or name in self.given_away(start, end)]
        self.report(named, start, why, hint)
        if any(token.kind == "name" and token.text.lower() in INCLUDES for token in self.tokens[start:end]):
            self.scope.report("", where, f"a file is included in what settings {why.removeprefix('are ')}", hint)

    def report(self, names: Iterable[str], start: int, why: str, hint: str = ASK_PHP) -> None:
        where = Where(self.path, self.tokens[start].line)
        for name in names:
            self.scope.report(name, where, f"parts of ${name} {why}", hint)

    def written(self, start: int, end: int) -> set[str]:
        """Names the variables that are assigned to between two indexes."""
        names: set[str] = set()
        for index in range(start, end):
            if self.tokens[index].kind != "variable":
                continue
            after = index + 1
            while self.tokens[after].text in ("[", "->"):
                after = self.pairs.get(after, after + 1) + 1
            operator = self.tokens[after].text if self.tokens[after].kind == "op" else ""
            before = self.tokens[index - 1].text.lower()
            if (
                operator in ASSIGNMENTS
                or operator in ("++", "--")
                or before in ("&", "as", "=>")
                or self.is_unset(index)
            ):
                names.add(self.tokens[index].text)
        return names

    def is_unset(self, index: int) -> bool:
        return self.tokens[index - 1].text == "(" and self.tokens[index - 2].text.lower() == "unset"

    def given_away(self, start: int, end: int) -> set[str]:
        """Names the variables that are given whole to a function between two indexes: it may take a reference."""
        return {
            token.text
            for index, token in enumerate(self.tokens[start:end], start)
            if token.kind == "variable"
            and self.tokens[index - 1].text in ("(", ",")
            and self.tokens[index + 1].text in (")", ",")
            and self.tokens[index - 2].text.lower()
            not in ("isset", "empty", "if", "elseif", "while", "switch", *_HARMLESS)
        }

    def mentioned(self, start: int, end: int) -> list[str]:
        here = {token.text for token in self.tokens[start:end] if token.kind == "variable"}
        return [name for name in WATCHED if name in here]
