"""Nodes that belong to the site rather than to its editors: a front page, "About", the page not found.

Tables    node, node_revision (modules/node/node.install), field_data_* and field_revision_*, url_alias, book and its
          links; derived: taxonomy_index, node_comment_statistics, tracker_*, forum*, file_usage, node_access,
          search_dataset
Key       content type + slug of the alias, else of the title; stays when they change
File      config/nodes/<type>/<key>.yml
Defaults  published, not promoted, not sticky, no comments, no language, made when it is first written
Keeps     what node_save() with a new revision leaves, row for row; a new revision only where what it holds differs: an
          alias, a place in a book, a translation set change as their own forms change them; values of fields that hold
          ids of nameless entities are carried along; the site's own UUID, where the tree has another one
Caches    cache_field of the node, cache_block, cache_page, the menu of its book
Source    modules/node/node.module (node_save, node_delete_multiple), modules/field/field.attach.inc
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from drupalsync.errors import counted
from drupalsync.kinds._menu_tree import refuse_too_deep
from drupalsync.kinds._node_alias import as_aliases
from drupalsync.kinds._node_book import settle_places
from drupalsync.kinds._node_check import check
from drupalsync.kinds._node_delete import files_of_its_own, files_of_nobody
from drupalsync.kinds._node_fields import node_fields
from drupalsync.kinds._node_file import dump_aliases, dump_values, load_aliases, load_values
from drupalsync.kinds._node_identity import NAME, identify, main_alias, type_of, with_uuid
from drupalsync.kinds._node_read import read
from drupalsync.kinds._node_rows import as_values, create, delete, update
from drupalsync.kinds._node_values import settle_links
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.fields import (
    BOOL,
    INT,
    MAP,
    TEXT,
    Field,
    FieldProblem,
    Schema,
    dump_fields,
    is_protected,
    keep_written,
    load_fields,
    mapping_schema,
)
from drupalsync.tree import TreeValue
from drupalsync.tree.names import encode_name

__all__ = [
    "AFTER",
    "DOCUMENT",
    "FIELDS",
    "FOLDER",
    "NAME",
    "TABLES",
    "can_move",
    "check",
    "create",
    "delete",
    "dump",
    "fill",
    "finish",
    "identify",
    "likeness",
    "load",
    "lock",
    "losses",
    "needs",
    "place",
    "read",
    "remains",
    "schema",
    "update",
    "worth_exporting",
]  # fmt: skip

TABLES: Final = ("node", "node_revision", "node_comment_statistics", "book")
AFTER: Final = (
    "role",
    "term",
    "vocabulary",
    "content_type",
    "field_instance",
    "text_format",
    "user",
    "file",
    "language",
)
DOCUMENT: Final = NAME
FOLDER: Final = "nodes"

_ALIAS: Final[Schema] = {
    "type": "object",
    "properties": {"alias": TEXT, "language": TEXT},
    "required": ["alias"],
    "additionalProperties": False,
}
_BOOK: Final[Schema] = {
    "type": "object",
    "properties": {"in": TEXT, "parent": TEXT, "weight": INT},
    "required": ["in"],
    "additionalProperties": False,
}
_NULL: Final[Schema] = {"type": "null"}

FIELDS: Final[Mapping[str, Field]] = {
    "title": Field("The title.", TEXT, required=True),
    "language": Field("Its language; und: none.", TEXT, "und"),
    "author": Field("The name of the user whom it belongs to; '' is the anonymous user.", TEXT, required=True),
    "status": Field("Whether it is published.", BOOL, True),
    "promote": Field("Whether it is promoted to the front page.", BOOL, False),
    "sticky": Field("Whether it stays at the top of lists.", BOOL, False),
    "comment": Field("Comments: 0 none, 1 closed, 2 open (the column's default is 0).", {"type": "integer", "enum": [0, 1, 2]}, 0),
    "created": Field("When it was made, in UTC: '2011-12-06T09:00:00Z'; left out: when an import first writes it.", TEXT, ""),
    "aliases": Field(
        "Its URL aliases; the last one of a language is the one that Drupal shows. A text is an alias in the node's own language.",
        {"type": "array", "items": {"anyOf": [TEXT, _ALIAS]}},
        [],
    ),
    "pathauto": Field("Whether pathauto may replace the alias; left out: pathauto has no word on it.", {"anyOf": [BOOL, _NULL]}),
    "translation_of": Field("The key of the node that this one translates.", {"anyOf": [TEXT, _NULL]}),
    "outdated": Field("Whether it is behind the node that it translates.", BOOL, False),
    "book": Field(
        "Its place in a book: `in` the key of the book's first page, `parent` of the page above (left out: the first page), `weight`.",
        {"anyOf": [_BOOK, _NULL]},
    ),
    "fields": Field(
        "Its fields: a text, a number, a reference (term:tags/dns), a mapping of columns, a list of these; "
        "`languages:` with one of these for each.",
        MAP,
        [],
    ),
    "extra": Field("Columns that contributed modules added to {node}, where they are not at their default.", MAP, []),
}  # fmt: skip


def place(item: Item) -> str:
    """The file that a node belongs to: `nodes/<type>/<key>.yml`."""
    type_, _, rest = item.key.partition("/")
    return f"{FOLDER}/{encode_name(type_)}/{encode_name(rest)}.yml"


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The node of a file; raises FieldProblem."""
    fields = load_fields(FIELDS, document, besides=(NAME,))
    key = document.get(NAME) if isinstance(document, dict) else None
    if not isinstance(key, str) or not all(key.partition("/")):
        raise FieldProblem(
            "the file must say which node it is", (NAME,) if key else (), hint="first line: `node: <type>/<key>`"
        )
    fields["aliases"] = load_aliases(fields["aliases"], str(fields["language"]))
    fields["fields"] = load_values(fields["fields"], ("fields",)) or []
    fields["extra"] = fields["extra"] or []
    if isinstance(fields["book"], dict):
        fields["book"] = _load_book(fields["book"])
    yield Item(kind=NAME, key=key, fields=fields, source=path, protect=is_protected(document))


def _load_book(book: dict[str, TreeValue]) -> TreeValue:
    parent = {} if book.get("parent", book["in"]) == book["in"] else {"parent": book["parent"]}
    return {"in": book["in"], **parent, "weight": book.get("weight", 0)}


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The document of a node; one node a file. A UUID in it stays: the site's own may be another one."""
    (item,) = items
    meant: Fields = {} if old is None else dict(next(iter(load(item.source, old))).fields)
    if isinstance(meant.get("extra"), dict):
        item = replace(item, fields={**item.fields, "extra": with_uuid(item.fields["extra"], meant["extra"])})
    new: dict[int | str | bytes, TreeValue] = {NAME: item.key}
    new.update(_shown(item.fields))
    if old is None:
        return new
    if meant["language"] != item.fields["language"]:
        meant["aliases"] = None  # a bare text means another alias now
    out = keep_written(old, new, meant, item.fields)
    before = old.get("fields") if isinstance(old, dict) else None
    if "fields" in out and isinstance(before, dict):
        new_fields: dict[int | str | bytes, TreeValue] = {}
        new_fields.update(dump_values(as_values(item.fields)))
        out["fields"] = keep_written(before, new_fields, as_values(meant), as_values(item.fields))
    return out


def _shown(fields: Fields) -> dict[int | str | bytes, TreeValue]:
    """The fields as a file has them, those at their default left out."""
    out = dump_fields(FIELDS, fields)
    if "aliases" in out:
        out["aliases"] = dump_aliases(fields["aliases"], fields["language"])
    if "fields" in out:
        out["fields"] = dump_values(as_values(fields))
    book = fields["book"]
    if isinstance(book, dict):
        out["book"] = {name: value for name, value in book.items() if name != "weight" or value != 0}
    return out


def worth_exporting(item: Item) -> bool:
    """Always: the manifest asked for it."""
    del item
    return True


def fill(item: Item, live: Item | None) -> Item:
    """The node with the UUID that it has on the site, and the time, where the tree leaves that to the site."""
    if live is None or (item.fields["created"] and item.fields["extra"] == live.fields["extra"] == []):
        return item
    extra = with_uuid(item.fields["extra"], live.fields["extra"])
    return replace(
        item, fields={**item.fields, "created": item.fields["created"] or live.fields["created"], "extra": extra}
    )


def schema() -> Mapping[str, object]:
    """The JSON Schema of a file."""
    return mapping_schema(FIELDS, NAME)


def needs(item: Item) -> list[str]:
    """The nodes that must be there before this one: its translation source, its book and the page above, nodes it refers to."""
    book = item.fields["book"]
    keys = [item.fields["translation_of"]]
    keys += [book.get("in"), book.get("parent")] if isinstance(book, dict) else []
    found = [f"{NAME}:{key}" for key in keys if isinstance(key, str)]
    found += _references(item, f"{NAME}:")
    return [address for address in dict.fromkeys(found) if address != item.address]


def _references(item: Item, prefix: str) -> Iterator[str]:
    """The references in its fields that begin so."""
    items = chain.from_iterable(chain.from_iterable(field.values()) for field in as_values(item.fields).values())
    for name, value in chain.from_iterable(columns.items() for columns in items):
        if name != "value" and isinstance(value, str) and value.startswith(prefix):  # `value` is text, no reference
            yield value


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the nodes' rows, and those of their aliases."""
    nids = [item.local_id for item in items if item.local_id is not None]
    ctx.site.lock_rows("node", "nid", nids)
    if "url_alias" in ctx.site.tables:
        ctx.site.lock_rows("url_alias", "source", [f"node/{nid}" for nid in nids])


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The visitors' comments on the node, and the files that only it uses."""
    del going
    row = (
        ctx.site.one("SELECT COUNT(*) FROM {comment} WHERE nid = ?", [item.local_id])
        if "comment" in ctx.site.tables
        else None
    )
    if row and row[0]:
        yield f"with {item.address} goes what its readers wrote: {counted(int(str(row[0])), 'comment')}"
    fields = node_fields(ctx.site, [type_of(item.key)]).values()
    if own := list(files_of_its_own(ctx, int(item.local_id or 0), fields)):
        yield f"with {item.address} Drupal forgets what only it uses, {counted(len(own), 'file')}: {', '.join(own)}"


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Not what it uses of files that nothing uses now: deleted again, it takes them along."""
    uris = [reference.removeprefix("file:") for reference in _references(item, "file:")]
    for uri in files_of_nobody(ctx, uris):
        yield f"when {item.address} goes again, Drupal forgets {uri}, which nothing else uses"


def finish(ctx: Context) -> None:
    """Settles books, and links between nodes that are new; refuses books deeper than Drupal can keep them."""
    settle_places(ctx)
    settle_links(ctx)
    if "book" in ctx.site.tables:
        refuse_too_deep(ctx.site)


def can_move(item: Item) -> bool:
    """Every node, within its type."""
    del item
    return True


def likeness(item: Item) -> str | None:
    """Its type and the alias that Drupal shows."""
    alias = main_alias(as_aliases(item.fields["aliases"]), str(item.fields["language"]))
    return f"{type_of(item.key)} {alias}" if alias else None
