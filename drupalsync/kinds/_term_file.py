"""The file of a vocabulary: what it is called, and its terms as a nested tree.

A term's key is the vocabulary and the names from the root, siblings of one name numbered: `regions/Europe/France`. One with
several parents stands under one of them, and names the others in `parents`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._node_file import dump_aliases, dump_values, load_aliases, load_values
from drupalsync.kinds._node_rows import as_values
from drupalsync.kinds.base import Fields, Item
from drupalsync.kinds.fields import (
    BOOL,
    INT,
    MAP,
    TEXT,
    TEXTS,
    Field,
    FieldProblem,
    Path,
    Schema,
    dump_fields,
    is_protected,
    keep_written,
    load_fields,
    mapping_schema,
)
from drupalsync.site.names import term_step
from drupalsync.tree import TreeValue

TERM: Final = "term"
VOCABULARY: Final = "vocabulary"
UND: Final = "und"
_OPTIONAL: Final[Schema] = {"anyOf": [TEXT, {"type": "null"}]}
_ALIAS: Final[Schema] = {
    "type": "object",
    "properties": {"alias": TEXT, "language": TEXT},
    "required": ["alias"],
    "additionalProperties": False,
}
EXTRA: Final = Field("Columns that contributed modules add, where they say something.", MAP, {})
VOCABULARY_FIELDS: Final[Mapping[str, Field]] = {
    "name": Field("What people read.", TEXT, required=True),
    "description": Field("What editors read.", _OPTIONAL, None),
    "module": Field("The module that it is of.", TEXT, "taxonomy"),
    "weight": Field("Its place in the list.", INT, 0),
    "hierarchy": Field(
        "0 flat, 1 nested, 2 with several parents, where the site says something else than its terms do.",
        {"anyOf": [{"type": "integer", "enum": [0, 1, 2]}, {"type": "null"}]},
        None,
    ),
    "extra": EXTRA,
}
TERM_FIELDS: Final[Mapping[str, Field]] = {
    "name": Field("What it is called.", TEXT, required=True),
    "description": Field("What its page says.", _OPTIONAL, None),
    "format": Field("The text format of the description.", _OPTIONAL, None),
    "weight": Field("Its place among its siblings.", INT, 0),
    "parents": Field("Other terms that it stands under, by their keys.", TEXTS, [], by_member=True),
    "aliases": Field(
        "The URL aliases of its page, as those of a node.", {"type": "array", "items": {"anyOf": [TEXT, _ALIAS]}}, []
    ),
    "pathauto": Field(
        "Whether pathauto may replace the alias; left out: pathauto has no word on it.",
        {"anyOf": [BOOL, {"type": "null"}]},
    ),
    "fields": Field("Its fields, as those of a node.", MAP, []),
    "extra": EXTRA,
}
CHILDREN: Final = "children"
TERMS: Final = "terms"


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The vocabulary of a file, and its terms, parents first; raises FieldProblem."""
    fields = load_fields(VOCABULARY_FIELDS, document, besides=(VOCABULARY, TERMS))
    assert isinstance(document, dict)
    key = document.get(VOCABULARY)
    if not isinstance(key, str) or not key:
        raise FieldProblem("the file does not say which vocabulary it is", (), hint="begin with `vocabulary: NAME`")
    fields["extra"] = fields["extra"] or {}
    yield Item(kind=VOCABULARY, key=key, fields=fields, source=path, protect=is_protected(document))
    yield from _terms(path, document.get(TERMS), key, (TERMS,))


def _terms(path: str, entries: TreeValue, above: str, at: Path) -> Iterator[Item]:
    if entries is None:
        return
    if not isinstance(entries, list):
        raise FieldProblem("this must be a list of terms", at, hint="write `- name: …` lines")
    taken: set[str] = set()
    for index, written in enumerate(entries):
        place = (*at, index)
        entry: TreeValue = {"name": written} if isinstance(written, str) else written  # a term may be its name alone
        fields = load_fields(TERM_FIELDS, entry, place, besides=(CHILDREN,))
        name = fields["name"]
        if not isinstance(name, str):
            raise FieldProblem(
                "the name of a term is its key, too: it cannot come from elsewhere",
                (*place, "name"),
                hint="name: a plain text",
            )
        if not name.strip():
            raise FieldProblem("a term needs a name", (*place, "name"), hint="name: what people read")
        parents = fields["parents"]
        fields["parents"] = sorted(set(map(str, parents))) if isinstance(parents, list) else []
        fields["aliases"] = load_aliases(fields["aliases"], UND)
        fields["fields"] = load_values(fields["fields"], (*place, "fields")) or []
        fields["extra"] = fields["extra"] or {}
        key = numbered(f"{above}/{term_step(name)}", taken)
        yield Item(kind=TERM, key=key, fields=fields, source=path, at=place, protect=is_protected(entry))
        yield from _terms(path, entry.get(CHILDREN) if isinstance(entry, dict) else None, key, (*place, CHILDREN))


def numbered(wanted: str, taken: set[str]) -> str:
    """The key of a term among siblings, of which none other has that name so far."""
    key, number = wanted, 2
    while key in taken:
        key, number = f"{wanted}#{number}", number + 1
    taken.add(key)
    return key


class TermWithoutHome(DrupalsyncError):
    """A term that a file should hold, though not the one that it stands under."""


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The file of a vocabulary with its terms: as `old` writes them, new ones where weight and name put them.

    Raises TermWithoutHome.
    """
    own = next((item for item in items if item.kind == VOCABULARY), None)
    terms = {item.key: item for item in items if item.kind == TERM}
    there = old if isinstance(old, dict) else {}
    key = own.key if own is not None else str(there.get(VOCABULARY) or next(iter(terms)).partition("/")[0])
    meant: Fields = load_fields(VOCABULARY_FIELDS, old, besides=(VOCABULARY, TERMS)) if there else {}
    wanted = own.fields if own is not None else meant
    document: dict[int | str | bytes, TreeValue] = {VOCABULARY: key, **dump_fields(VOCABULARY_FIELDS, wanted)}
    entries = _entries(key, terms, _old_entries(there.get(TERMS), key))
    if entries:
        document[TERMS] = entries
    return keep_written(old, document, meant, wanted)


_Old = dict[str, tuple[Any, int]]  # key → (entry, place among its siblings)


def _old_entries(entries: TreeValue, above: str) -> _Old:
    found: _Old = {}
    taken: set[str] = set()
    for at, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = entry if isinstance(entry, str) else entry["name"]
        key = numbered(f"{above}/{term_step(str(name))}", taken)
        found[key] = (entry, at)
        if isinstance(entry, dict):
            found |= _old_entries(entry.get(CHILDREN), key)
    return found


def _entries(above: str, terms: Mapping[str, Item], old: _Old) -> list[TreeValue]:
    below: dict[str, list[Item]] = {}
    for item in terms.values():
        home = item.key.rpartition("/")[0]
        if home != above and home not in terms:
            raise TermWithoutHome(
                f"{item.address} would be in the tree, but not {TERM}:{home}, which it stands under",
                where=item.source or item.address,
                hint=f"take in both, or leave out both (exclude: ['{TERM}:{home}*'])",
            )
        below.setdefault(home, []).append(item)
    return _of(above, below, old)


def _of(above: str, below: Mapping[str, list[Item]], old: _Old) -> list[TreeValue]:
    """The entries below a term, each with its own."""
    out: list[TreeValue] = []
    for item in _in_order(below.get(above, []), old):
        entry = _entry(item, old.get(item.key, (None, 0))[0])
        children = _of(item.key, below, old)
        if isinstance(entry, str) and children:
            entry = {"name": entry}
        if isinstance(entry, dict) and children:
            entry[CHILDREN] = children
        elif isinstance(entry, dict):
            entry.pop(CHILDREN, None)
        out.append(entry)
    return out


def _in_order(items: Sequence[Item], old: _Old) -> list[Item]:
    """Siblings in the order of the file, new ones by weight and name; those of one name in the order of their numbers."""

    def rank(item: Item) -> tuple[Any, ...]:
        weight = item.fields["weight"]
        return (weight if isinstance(weight, int) else 0, str(item.fields["name"]), len(item.key), item.key)

    known = sorted((item for item in items if item.key in old), key=lambda item: old[item.key][1])
    ahead = list(accumulate(map(rank, known), max))  # the highest rank so far: only grows
    placed = [(float(at), rank(item), item) for at, item in enumerate(known)]
    # A new one stands before the first one of the file that ranks higher.
    placed += [(bisect_right(ahead, rank(item)) - 0.5, rank(item), item) for item in items if item.key not in old]
    ordered = [item for _, _, item in sorted(placed, key=lambda one: one[:2])]
    alike: dict[str, list[Item]] = {}
    for item in ordered:
        alike.setdefault(str(item.fields["name"]), []).append(item)
    numbers = {name: iter(sorted(same, key=lambda item: (len(item.key), item.key))) for name, same in alike.items()}
    return [next(numbers[str(item.fields["name"])]) for item in ordered]


def _entry(item: Item, old: Any) -> TreeValue:
    new: dict[int | str | bytes, TreeValue] = dict(dump_fields(TERM_FIELDS, item.fields))
    if "aliases" in new:
        new["aliases"] = dump_aliases(item.fields["aliases"], UND)
    if "fields" in new:
        new["fields"] = dump_values(as_values(item.fields))
    if isinstance(old, str) and len(new) == 1:
        return old
    if not isinstance(old, dict):
        return new
    meant = load_fields(TERM_FIELDS, old, besides=(CHILDREN,))
    meant["aliases"] = load_aliases(meant["aliases"], UND)
    meant["fields"] = load_values(meant["fields"], ()) or []
    return keep_written(old, {**new, CHILDREN: old.get(CHILDREN)}, meant, item.fields)


def schema() -> Mapping[str, object]:
    """The JSON Schema of a file."""
    whole = mapping_schema(VOCABULARY_FIELDS, VOCABULARY, terms={"$ref": "#/$defs/terms"})
    term: dict[str, Any] = dict(mapping_schema(TERM_FIELDS, "name", children={"$ref": "#/$defs/terms"}))
    term["properties"] = {**term["properties"], "name": {**TEXT, "description": TERM_FIELDS["name"].help}}
    term["required"] = ["name"]
    entries = {"type": "array", "items": {"anyOf": [TEXT, term]}, "description": "Its terms, or those below a term."}
    return {**whole, "$defs": {"terms": entries}}
