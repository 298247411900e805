"""PHP's values while a settings.php is read: arrays as dicts, and a Hole where a value cannot be known here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Union

from drupalsync.php.syntax import is_int_key
from drupalsync.php.values import Value, type_of_key

ASK_PHP: Final = "write it plainly, or let PHP itself say what it is: init --php"


WATCHED: Final = ("databases", "conf", "db_url", "db_prefix")


class SettingsSyntaxError(ValueError):
    """The file is broken PHP; `path` and `line` say where. PHP could not run it either."""

    def __init__(self, path: str, line: int, what: str) -> None:
        super().__init__(f"{path}:{line}: {what}")
        self.path = path
        self.line = line
        self.what = what


@dataclass(frozen=True, slots=True)
class Unread:
    """What could not be read, in a sentence, and how to mend it.

    `variable` is databases, conf, db_url or db_prefix; empty where any of them may be meant (a file that is not there).
    """

    line: int
    what: str
    hint: str
    path: str
    variable: str


@dataclass(frozen=True, slots=True)
class Where:
    """A place in a settings file."""

    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Hole:
    """A value that cannot be known without running PHP: where, why (as in "… comes from x()"), and how to mend that.

    `absent` is a variable that is not set here: PHP has `unset` for it (null, or getenv()'s false), so that a
    condition on it can still be decided.
    """

    where: Where
    why: str
    hint: str
    absent: bool = False
    unset: bool | None = None


Data = Union[None, bool, int, float, str, "dict[int | str, Data]", Hole]
Array = dict[int | str, Data]


def settled(value: Data) -> Data:
    """Gives what PHP would have here: for a variable that is not set, null or false."""
    return value.unset if isinstance(value, Hole) and value.absent else value


def array_key(value: Data) -> int | str | None:
    """Converts to an array's key, as PHP does ('5' is 5, true is 1, null is ''); None where it cannot be one."""
    if isinstance(value, str):
        return int(value) if is_int_key(value) else value
    if value is None:
        return ""
    if isinstance(value, float) and not abs(value) < 2**63:
        return None
    return int(value) if isinstance(value, bool | int | float) else None


def next_index(array: Array) -> int:
    """Gives the key that `[]` takes."""
    return max((key for key in array if isinstance(key, int)), default=-1) + 1


def holes(value: Data, place: str) -> list[tuple[str, Hole]]:
    """Lists the holes in a value, each with its place as PHP would write it."""
    if isinstance(value, Hole):
        return [(place, value)]
    if not isinstance(value, dict):
        return []
    return [found for key, item in value.items() for found in holes(item, f"{place}[{key!r}]")]


def php_value(value: Data) -> Value:
    """Converts to the project's value model; an item that is a hole is left out, a bare hole is None."""
    if isinstance(value, str):
        raw = value.encode("utf-8", "surrogateescape")
        return _text_or_bytes(raw)
    if isinstance(value, dict):
        items: dict[type_of_key, Value] = {}
        for key, item in value.items():
            if not isinstance(item, Hole):
                items[_text_or_bytes(key.encode("utf-8", "surrogateescape")) if isinstance(key, str) else key] = (
                    php_value(item)
                )
        return list(items.values()) if list(items) == list(range(len(items))) else items
    return None if isinstance(value, Hole) else value


def _text_or_bytes(raw: bytes) -> str | bytes:
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def docroot(settings: Path) -> Path | None:
    """Finds DRUPAL_ROOT above a settings.php: where includes/bootstrap.inc lies, else where `sites` lies."""
    above = settings.absolute().parents
    for folder in above:
        if (folder / "includes" / "bootstrap.inc").is_file():
            return folder
    return next((folder.parent for folder in above if folder.name == "sites"), None)
