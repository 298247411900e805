"""How a node's fields and aliases stand in a file: short where that is unambiguous.

A field: the text or number of its only column `value`; a reference (`term:regions/Europe/France`); a mapping of
columns, in which `file`, `term`, `node` and `user` stand for the columns `fid`, `tid`, `nid` and `uid`; a list of
these; or `languages:` with one of all that for each language (else: `und`). A column with one of those names in its own
right makes the item say `columns:` first. An alias: its text; a mapping where its language is not the node's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from drupalsync.kinds._node_values import FieldValues, ItemValue, Values
from drupalsync.kinds.fields import FieldProblem, Path
from drupalsync.php import PhpObject, PhpSerialized
from drupalsync.tree import TreeValue

UND = "und"
COLUMNS = {"file": "fid", "term": "tid", "node": "nid", "user": "uid"}
KINDS = {column: kind for kind, column in COLUMNS.items()}
_RESERVED = frozenset({*COLUMNS, "columns", "languages"})
_REFERENCE = re.compile(r"(file|term|node|user):.*", re.DOTALL)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_EXAMPLE = "write a text, a number, a mapping of columns, or a list of these"
Alias = dict[str, str]


def dump_values(values: Values) -> dict[str, TreeValue]:
    """The file's `fields:` mapping."""
    return {name: _dump_field(values[name]) for name in sorted(values)}


def _dump_field(values: FieldValues) -> TreeValue:
    if list(values) == [UND]:
        return _dump_items(values[UND])
    return {"languages": {language: _dump_items(values[language]) for language in sorted(values)}}


def _dump_items(items: list[ItemValue]) -> TreeValue:
    shown = [_dump_item(item) for item in items]
    return shown[0] if len(shown) == 1 else shown


def _dump_item(item: ItemValue) -> TreeValue:
    if len(item) == 1:
        ((column, value),) = item.items()
        if column == "value" and _kind_in(value) is None:
            return value
        if column in KINDS and _kind_in(value) == KINDS[column]:
            return value
    if _RESERVED.intersection(item):
        return {"columns": dict(item)}
    out: dict[str, TreeValue] = {}
    for column, value in item.items():
        kind = KINDS.get(column)
        if kind is not None and isinstance(value, str) and _kind_in(value) == kind:
            out[kind] = value[len(kind) + 1 :]
        else:
            out[column] = value
    return out


def _kind_in(value: TreeValue) -> str | None:
    found = _REFERENCE.fullmatch(value) if isinstance(value, str) else None
    return found[1] if found else None


def load_values(document: TreeValue, path: Path) -> Values:
    """The values that a `fields:` mapping stands for; raises FieldProblem."""
    values: Values = {}
    for name, value in document.items() if isinstance(document, dict) else ():
        field = _load_field(value, (*path, str(name)))
        if field:
            values[str(name)] = field
    return values


def _load_field(value: TreeValue, path: Path) -> FieldValues:
    if isinstance(value, dict) and list(value) == ["languages"]:
        languages = value["languages"]
        if not isinstance(languages, dict):
            raise FieldProblem(
                "this must be a mapping of languages", (*path, "languages"), hint="write `languages: {en: …, de: …}`"
            )
        found = {str(code): _load_items(items, (*path, "languages", str(code))) for code, items in languages.items()}
        return {code: items for code, items in found.items() if items}
    items = _load_items(value, path)
    return {UND: items} if items else {}


def _load_items(value: TreeValue, path: Path) -> list[ItemValue]:
    if isinstance(value, list):
        return [_load_item(item, (*path, at)) for at, item in enumerate(value)]
    return [_load_item(value, path)]


def _load_item(value: TreeValue, path: Path) -> ItemValue:
    if value is None or isinstance(value, list | PhpObject | PhpSerialized):
        raise FieldProblem("a field cannot hold this", path, hint=_EXAMPLE)
    if not isinstance(value, dict):
        kind = _kind_in(value)
        return {COLUMNS[kind] if kind else "value": _number(value)}
    if list(value) == ["columns"] and isinstance(value["columns"], dict):
        return {str(column): _cell(cell, (*path, "columns", str(column))) for column, cell in value["columns"].items()}
    item: ItemValue = {}
    for name, cell in value.items():
        column = COLUMNS.get(str(name), str(name))
        if column in item:
            raise FieldProblem(f"the column {column} is given twice", (*path, str(name)))
        checked = _cell(cell, (*path, str(name)))
        if checked is not None:
            item[column] = f"{name}:{checked!s}" if name in COLUMNS else checked
    return item


def _cell(value: TreeValue, path: Path) -> TreeValue:
    if isinstance(value, list | dict | PhpObject | PhpSerialized):
        raise FieldProblem("a column cannot hold this", path, hint="write a text or a number")
    return _number(value)


def _number(value: TreeValue) -> TreeValue:
    """Databases have no booleans: `true` in a file is what a checkbox stores."""
    return int(value) if isinstance(value, bool) else value


def ordered(aliases: list[Alias]) -> list[Alias]:
    """The aliases by language, each once: Drupal uses the last one of a language, their order across languages says nothing."""
    last = {(alias["language"], alias["alias"]): at for at, alias in enumerate(aliases)}
    kept = [alias for at, alias in enumerate(aliases) if last[alias["language"], alias["alias"]] == at]
    return sorted(kept, key=lambda alias: alias["language"])


def dump_aliases(aliases: TreeValue, language: TreeValue) -> list[TreeValue]:
    return [
        alias["alias"] if alias["language"] == language else dict(alias)
        for alias in (aliases if isinstance(aliases, list) else [])
    ]


def load_aliases(document: TreeValue, language: str) -> list[Alias]:
    """The item's aliases; `document` has passed the field's schema."""
    found: list[Alias] = []
    for alias in document if isinstance(document, list) else []:
        if isinstance(alias, Mapping):
            found.append({"alias": str(alias["alias"]), "language": str(alias.get("language", language))})
        else:
            found.append({"alias": str(alias), "language": language})
    return ordered(found)


def time_text(seconds: int) -> str:
    """A unix time as a file says it: ``time_text(0) == "1970-01-01T00:00:00Z"``."""
    return (_EPOCH + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")


def is_time(text: str) -> bool:
    """Whether `text` is a moment as `time_text` writes it."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return bool(_TIME.fullmatch(text))


def unix_time(text: str) -> int:
    """The way back from `time_text`; raises ValueError."""
    return int((datetime.fromisoformat(text) - _EPOCH).total_seconds())
