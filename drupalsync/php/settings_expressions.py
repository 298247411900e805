"""PHP expressions, computed where that needs no PHP: literals, settings' own variables, the environment, paths."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

from drupalsync.php.settings_data import ASK_PHP, WATCHED, Array, Data, Hole, Where, array_key, settled
from drupalsync.php.settings_lexer import Token, bracket_pairs
from drupalsync.php.settings_operators import binary, text, truth, within_64_bits
from drupalsync.php.settings_scope import Append, Scope, Step, cast

ASSIGNMENTS: Final = frozenset({"=", ".=", "+=", "-=", "*=", "/=", "%=", "**=", "??=", "|=", "&=", "^=", "<<=", ">>="})
INCLUDES: Final = ("include", "include_once", "require", "require_once")

_LEVELS: Final = (
    ("or",), ("xor",), ("and",), ("?",), ("??",), ("||",), ("&&",), ("|",), ("^",), ("&",),
    ("==", "!=", "===", "!==", "<>", "<=>"), ("<", "<=", ">", ">="), (".",), ("<<", ">>"), ("+", "-"), ("*", "/", "%"),
    ("instanceof",), ("**",),
)  # fmt: skip
_LEVEL: Final = {operator: level for level, operators in enumerate(_LEVELS, 1) for operator in operators}
_BELOW_ASSIGNMENT: Final = _LEVEL["?"]
_TIGHT: Final = _LEVEL["instanceof"]
_CASTS: Final = frozenset({"int", "integer", "bool", "boolean", "string", "float", "double", "array"})


class NotUnderstoodError(Exception):
    """PHP that this small reader does not know; the statement is passed over."""


class Expressions:
    """Reads expressions from `tokens` at `index`, and carries out what they do.

    `include` is called for include and require, with the path, the keyword and whether errors are silenced.
    `pairs` are the brackets that belong together.
    """

    def __init__(
        self, tokens: list[Token], path: str, scope: Scope, include: Callable[[Data, str, Where, bool], Data]
    ) -> None:
        self.tokens = [*tokens, *tokens[-1:] * 2]  # so that looking two ahead is always possible
        self.path = path
        self.scope = scope
        self.include = include
        self.pairs = bracket_pairs(tokens, path)
        self.index = 0
        self.asleep = False  # in the half of an expression that PHP does not carry out

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    @property
    def where(self) -> Where:
        return Where(self.path, self.token.line)

    def at(self, *texts: str) -> bool:
        """Says whether one of these operators or keywords stands here."""
        return self.token.kind in ("op", "name") and self.token.text.lower() in texts

    def take(self, *texts: str) -> bool:
        """Moves on if one of these stands here."""
        found = self.at(*texts)
        self.index += found
        return found

    def need(self, text: str) -> None:
        if not self.take(text):
            raise NotUnderstoodError

    def hole(self, why: str) -> Hole:
        return Hole(self.where, why, ASK_PHP)

    @contextmanager
    def sleeping(self, asleep: bool) -> Iterator[None]:
        before, self.asleep = self.asleep, self.asleep or asleep
        try:
            yield
        finally:
            self.asleep = before

    def expression(self, lowest: int = 1) -> Data:
        """Reads an expression whose operators bind at least as tight as `lowest`."""
        left = self.operand()
        while True:
            operator = self.token.text.lower() if self.token.kind in ("op", "name") else ""
            level = _LEVEL.get(operator, 0)
            if level < lowest:
                return left
            self.index += 1
            if operator == "?":
                left = self.conditional(left)
            elif operator == "??":
                with self.sleeping(settled(left) is not None):
                    right = self.expression(level)
                left = right if settled(left) is None else left
            elif operator in ("&&", "and", "||", "or"):
                left = self.logical(left, level, decided_by=operator in ("||", "or"))
            else:
                where = self.where
                left = binary(operator, left, self.expression(level + (operator != "**")), where)

    def conditional(self, condition: Data) -> Data:
        verdict = truth(condition)
        if self.take(":"):
            with self.sleeping(verdict is not False):
                other = self.expression(_BELOW_ASSIGNMENT + 1)
            return verdict if isinstance(verdict, Hole) else condition if verdict else other
        with self.sleeping(verdict is not True):
            first = self.expression(_BELOW_ASSIGNMENT)
        self.need(":")
        with self.sleeping(verdict is not False):
            other = self.expression(_BELOW_ASSIGNMENT + 1)
        return verdict if isinstance(verdict, Hole) else first if verdict else other

    def logical(self, left: Data, level: int, *, decided_by: bool) -> Data:
        """Carries out `&&` (decided by a false) and `||` (decided by a true)."""
        first = truth(left)
        with self.sleeping(first is not (not decided_by)):
            second = truth(self.expression(level + 1))
        if decided_by in (first, second):
            return decided_by
        return next((side for side in (first, second) if isinstance(side, Hole)), not decided_by)

    def operand(self) -> Data:
        token = self.token
        if token.kind == "variable":
            return self.variable()
        if token.kind == "name":
            return self.postfix(self.named())
        if token.kind == "op":
            return self.prefixed()
        if token.kind == "end":
            raise NotUnderstoodError
        value: Data = token.text
        if token.kind == "number":
            value = php_number(token.text)
        elif token.kind == "template":
            value = self.template(token)
        elif token.kind == "shell":
            value = self.hole("comes from a command")
        self.index += 1
        return self.postfix(value)

    def template(self, token: Token) -> Data:
        """Puts a text with variables in it together."""
        whole = ""
        for part in token.parts:
            value: Data = part if isinstance(part, str) else self.inner(part)
            if isinstance(value, Hole):
                return replace(value, absent=False)
            whole += text(value) or ""
        return whole

    def inner(self, part: tuple[Token, ...]) -> Data:
        reader = Expressions([*part, Token("end", "", self.token.line)], self.path, self.scope, self.include)
        try:
            value = reader.expression()
        except NotUnderstoodError:
            return self.hole("is put together from parts")
        return value if reader.token.kind == "end" else self.hole("is put together from parts")

    def prefixed(self) -> Data:
        """Reads what begins with an operator or a bracket."""
        if self.at("[", "(") and not self.at_cast():
            return self.postfix(self.array("]") if self.at("[") else self.parenthesised())
        if self.at_cast():
            kind, line = self.tokens[self.index + 1].text.lower(), self.where
            self.index += 3
            converted = cast(kind, self.expression(_TIGHT))
            return Hole(line, f"is a ({kind}) that is not plain", ASK_PHP) if converted is None else converted
        operator = self.token.text
        self.index += 1
        if operator == "!":
            verdict = truth(self.expression(_TIGHT))
            return verdict if isinstance(verdict, Hole) else not verdict
        if operator == "@" and self.at(*INCLUDES):
            return self.included(silenced=True)
        if operator in ("@", "&"):
            return self.expression(_TIGHT)
        if operator in ("-", "+"):
            where = self.where
            return binary("*", -1 if operator == "-" else 1, self.expression(_LEVEL["**"]), where)
        raise NotUnderstoodError

    def at_cast(self) -> bool:
        closing = self.pairs.get(self.index)
        inside = self.tokens[self.index + 1]
        return self.at("(") and closing == self.index + 2 and inside.kind == "name" and inside.text.lower() in _CASTS

    def parenthesised(self) -> Data:
        self.need("(")
        value = self.expression()
        self.need(")")
        return value

    def array(self, closing: str) -> Data:
        """Reads the items of `array(…)` or `[…]` from its bracket on; an item may be a hole."""
        self.index += 1
        array: Array = {}
        following = 0
        while not self.take(closing):
            where = self.where
            value = self.expression(_BELOW_ASSIGNMENT)
            key: Data = following
            if self.take("=>"):
                key, value = value, self.expression(_BELOW_ASSIGNMENT)
            known = None if isinstance(key, Hole) else array_key(key)
            if known is None:
                why = key.why if isinstance(key, Hole) else "is no key"
                array[f"key on line {where.line}"] = Hole(where, f"has a key that {why}", ASK_PHP)
            else:
                array[known] = value
                following = max(following, known + 1) if isinstance(known, int) else following
            if not self.at(closing):
                self.need(",")
        return array

    def postfix(self, value: Data) -> Data:
        """Reads what may follow a value that is no variable: an index, a member, a call."""
        while self.at("[", "->", "?->", "::", "("):
            if not self.at("["):
                value = self.member("an object")
                continue
            self.index += 1
            key = array_key(self.expression())
            self.need("]")
            known = isinstance(value, dict) and key is not None and key in value
            value = value[key] if known and isinstance(value, dict) and key is not None else self.hole("takes a part")
        return value

    def member(self, what: str) -> Hole:
        """Passes over `->name`, `::name`, or the arguments of a call."""
        found = self.hole(f"comes from {what}")
        if self.at("("):
            self.index = self.pairs[self.index] + 1
        else:
            self.index += 2
        return found

    def variable(self) -> Data:
        """Reads a variable with its indexes, and what is assigned to it."""
        name, where = self.token.text, self.where
        self.index += 1
        steps: list[Step] = []
        opaque: Hole | None = None
        while self.at("[", "->", "?->", "::", "("):
            if not self.at("["):
                opaque = self.member(f"${name}")
                continue
            self.index += 1
            steps.append(Append.HERE if self.at("]") else self.expression())
            self.need("]")
        if self.at(*ASSIGNMENTS):
            return self.assignment(name, steps, where, to_member=opaque is not None)
        if self.take("++", "--"):
            opaque = Hole(where, "is counted up or down", ASK_PHP)
            self.store(name, steps, opaque, where)
        return opaque or self.scope.read(name, steps, where)

    def assignment(self, name: str, steps: list[Step], where: Where, *, to_member: bool) -> Data:
        operator = self.token.text
        self.index += 1
        if operator == "=" and self.at("&"):
            return self.reference(name, steps, where)
        old = self.scope.read(name, steps, where) if operator != "=" else None
        with self.sleeping(operator == "??=" and settled(old) is not None):
            value = self.expression(_BELOW_ASSIGNMENT)
        if operator == "??=":
            value = value if settled(old) is None else old
        elif operator != "=":
            start: Data = "" if operator == ".=" else 0
            value = binary(operator[:-1], start if settled(old) is None else old, value, where)
        if not to_member:
            self.store(name, steps, value, where)
        return value

    def reference(self, name: str, steps: list[Step], where: Where) -> Data:
        """Reads `= &$other`: what is later written by the one name would be missed under the other."""
        self.index += 1
        source = self.token.text if self.token.kind == "variable" else ""
        self.expression(_TIGHT)
        value = Hole(where, f"is a reference to ${source}", ASK_PHP)
        if source in WATCHED and not self.asleep:
            self.scope.report(source, where, f"${name} is a reference to ${source}: what it changes is not seen")
        self.store(name, steps, value, where)
        return value

    def store(self, name: str, steps: list[Step], value: Data, where: Where) -> None:
        if not self.asleep:
            self.scope.write(name, steps, value, where)

    def named(self) -> Data:
        """Reads what begins with a name: a keyword, a function, a constant."""
        name, where = self.token.text.lstrip("\\"), self.where
        keyword = name.lower()
        if keyword in INCLUDES:
            return self.included(silenced=False)
        self.index += 1
        if keyword == "array" and self.at("("):
            return self.array(")")
        if keyword in ("isset", "empty"):
            return self.test(keyword)
        if keyword == "function":
            return self.closure()
        if keyword == "new" and self.token.kind in ("name", "variable"):
            self.index += 1
            self.index = self.pairs[self.index] + 1 if self.at("(") else self.index
            return Hole(where, "is an object", ASK_PHP)
        if keyword in ("fn", "match", "new", "clone", "static", "list", "print", "throw", "yield"):
            raise NotUnderstoodError
        if self.at("("):
            return self.call(keyword, where)
        if self.at("::") and self.tokens[self.index + 1].kind == "name" and self.tokens[self.index + 2].text != "(":
            self.index += 2
            return self.scope.constant(f"{name}::{self.tokens[self.index - 1].text}", where)
        return self.scope.constant(name, where)

    def included(self, *, silenced: bool) -> Data:
        keyword, where = self.token.text.lower(), self.where
        self.index += 1
        path = self.expression(_BELOW_ASSIGNMENT)
        return None if self.asleep else self.include(path, keyword, where, silenced)

    def call(self, name: str, where: Where) -> Data:
        self.index += 1
        args: list[Data] = []
        while not self.take(")"):
            args.append(self.expression(_BELOW_ASSIGNMENT))
            if not self.at(")"):
                self.need(",")
        if self.asleep and name == "define":
            return None
        return self.scope.call(name, args, where)

    def test(self, keyword: str) -> Data:
        """Reads `isset(…)` and `empty(…)`."""
        self.need("(")
        verdicts: list[bool | Hole] = []
        while not self.take(")"):
            value = settled(self.expression())
            there = value if isinstance(value, Hole) else value is not None
            verdicts.append(truth(value) if keyword == "empty" else there)
            if not self.at(")"):
                self.need(",")
        if False in verdicts:
            return keyword == "empty"
        return next((verdict for verdict in verdicts if isinstance(verdict, Hole)), keyword == "isset")

    def closure(self) -> Data:
        where = self.where
        while not self.at("{"):
            if self.token.kind == "end":
                raise NotUnderstoodError
            self.index += 1
        self.index = self.pairs[self.index] + 1
        return Hole(where, "is a function", ASK_PHP)


def php_number(digits: str) -> int | float:
    """Reads a number of PHP source: `0x1F`, `0b1`, `017`, `0o17`, `1_000`, `1e3`."""
    plain = digits.replace("_", "").lower()
    if plain.startswith("0") and plain[1:].isdigit():
        plain = "0o" + plain[1:]
    try:
        return within_64_bits(int(plain, 0))
    except ValueError:
        pass
    try:
        return float(plain)
    except ValueError as e:
        raise NotUnderstoodError from e
