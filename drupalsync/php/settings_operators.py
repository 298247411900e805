"""PHP's conversions and operators, on the values of a settings.php.

Source: php-src Zend/zend_operators.c, as of PHP 8.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from drupalsync.php.encode import float_text
from drupalsync.php.settings_data import ASK_PHP, Data, Hole, Where, holes, settled
from drupalsync.php.syntax import INT_MAX, INT_MIN

COMPARISONS: Final = frozenset({"==", "!=", "<>", "===", "!==", "<", "<=", ">", ">="})


def binary(operator: str, left: Data, right: Data, where: Where) -> Data:
    """Carries out an operator between two values; gives a hole where one of them is, or where PHP is needed."""
    if operator in COMPARISONS:
        return _comparison(operator, settled(left), settled(right), where)
    for side in (left, right):
        if isinstance(side, Hole):
            return replace(side, absent=False)
    if operator == ".":
        texts = text(left), text(right)
        return _not_plain(operator, where) if texts[0] is None or texts[1] is None else texts[0] + texts[1]
    if operator == "+" and isinstance(left, dict) and isinstance(right, dict):
        return left | {key: item for key, item in right.items() if key not in left}
    if operator in ("|", "&", "^") and (isinstance(left, str) or isinstance(right, str)):
        return _not_plain(operator, where)  # between two strings PHP works on their bytes
    a, b = number(left), number(right)
    result = None if a is None or b is None else arithmetic(operator, a, b)
    return _not_plain(operator, where) if result is None else result


def _comparison(operator: str, left: Data, right: Data, where: Where) -> Data:
    hidden = [hole for side in (left, right) for _, hole in holes(side, "")]
    if hidden:
        return replace(hidden[0], absent=False)
    if operator in ("===", "!=="):
        return identical(left, right) == (operator == "===")
    if operator in ("==", "!=", "<>"):
        equal = loosely_equal(left, right)
        return _not_plain(operator, where) if equal is None else equal == (operator == "==")
    a, b = number(left), number(right)
    if isinstance(left, bool | None) or isinstance(right, bool | None):  # PHP compares as conditions
        a, b = (
            (None, None)
            if isinstance(left, str | None) and isinstance(right, str | None)
            else (_bit(left), _bit(right))
        )
    if a is None or b is None:
        return _not_plain(operator, where)
    return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[operator]


def _bit(value: Data) -> int:
    return int(truth(value) is True)


def _not_plain(operator: str, where: Where) -> Hole:
    return Hole(where, f"is computed with {operator}", ASK_PHP)


def truth(value: Data) -> bool | Hole:
    """Says what the value is as a condition."""
    value = settled(value)
    if isinstance(value, Hole):
        return value
    return value not in ("", "0") if isinstance(value, str) else bool(value)


def text(value: Data) -> str | None:
    """Converts to a string as `.` does; None where there is none to have."""
    if isinstance(value, str):
        return value
    if value is None or value is False:
        return ""
    if value is True:
        return "1"
    if isinstance(value, float):
        return float_text(value)
    return str(value) if isinstance(value, int) else None


def number(value: Data) -> int | float | None:
    """Reads a number, or a string that is one from end to end; else None."""
    value = settled(value)
    if isinstance(value, bool) or value is None:
        return int(bool(value))
    if isinstance(value, str):
        return _numeric(value)
    return value if isinstance(value, int | float) else None


def _numeric(digits: str) -> int | float | None:
    """Reads a numeric string, which to PHP may have blanks around it."""
    trimmed = digits.strip(" \t\n\r\v\f")
    if not trimmed.isascii() or "_" in trimmed or trimmed.lower().lstrip("+-")[:1] not in tuple("0123456789."):
        return None
    for convert in (int, float):
        try:
            return within_64_bits(convert(trimmed))
        except ValueError:
            continue
    return None


def within_64_bits(result: int | float) -> int | float:
    """Turns an int beyond 64 bits into a float, as PHP does."""
    return result if isinstance(result, float) or INT_MIN <= result <= INT_MAX else float(result)


def identical(a: Data, b: Data) -> bool:
    """Carries out `===` on values without holes."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict) and isinstance(b, dict):
        return list(a) == list(b) and all(identical(item, b[key]) for key, item in a.items())
    return a == b


def loosely_equal(a: Data, b: Data) -> bool | None:
    """Carries out `==` as PHP 8 does; None where one side is an array and the other is not plain."""
    if (a is None and isinstance(b, str)) or (b is None and isinstance(a, str)):
        return not a and not b  # null is '' here, so '0' differs from it
    if isinstance(a, bool | None) or isinstance(b, bool | None):
        return truth(a) == truth(b)
    if isinstance(a, dict) or isinstance(b, dict):
        return None
    left, right = number(a), number(b)
    if left is not None and right is not None:
        return left == right
    return text(a) == text(b)


def arithmetic(operator: str, left: int | float, right: int | float) -> int | float | None:
    """Carries out a calculation on numbers; None where PHP would stop, or where we do not follow it."""
    if operator in ("+", "-", "*"):
        return within_64_bits({"+": left + right, "-": left - right, "*": left * right}[operator])
    if operator == "/" and right:
        exact = isinstance(left, int) and isinstance(right, int) and left % right == 0
        return left // right if exact else left / right
    if isinstance(left, int) and isinstance(right, int) and operator in ("|", "&", "^"):
        return {"|": left | right, "&": left & right, "^": left ^ right}[operator]
    return None
