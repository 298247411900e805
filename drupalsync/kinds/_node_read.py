"""Nodes as items, all of them at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from drupalsync.kinds._node_alias import pathauto_states
from drupalsync.kinds._node_book import read_books
from drupalsync.kinds._node_fields import NodeField, node_fields
from drupalsync.kinds._node_file import time_text
from drupalsync.kinds._node_identity import NAME, OWN_TABLES, aliases_of, named_types, ours, selected_types
from drupalsync.kinds._node_rows import FLAGS, extra_out, read_rows
from drupalsync.kinds._node_values import read_values
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.site import Cell


def read(ctx: Context) -> Iterator[Item]:
    """Yields the nodes that are ours by key; the queries are as many for one as for a thousand."""
    chosen = ours(ctx)
    types = selected_types(ctx)
    fields = node_fields(ctx.site, types) if chosen else {}
    _note(ctx, fields)
    rows = {int(str(row["nid"])): row for row in read_rows(ctx.site, chosen)} if chosen else {}
    for row in rows.values():
        if row["author"] is not None:
            ctx.keys.assign("user", int(str(row["uid"])), str(row["author"]))
    values = read_values(ctx, fields, types, chosen)
    aliases = aliases_of(ctx.site, chosen)
    books, pathauto = read_books(ctx, chosen), pathauto_states(ctx.site, chosen)
    for nid, key in sorted(chosen.items(), key=lambda pair: pair[1]):
        if nid in rows:
            own: Fields = {
                **_own_fields(ctx, nid, rows[nid]),
                "aliases": aliases.get(nid, []),
                "pathauto": pathauto.get(nid),
                "book": books.get(nid),
                "fields": values[nid] or [],
                "extra": extra_out(ctx.site, rows[nid]),
            }
            yield Item(kind=NAME, key=key, fields=own, local_id=nid)


def _own_fields(ctx: Context, nid: int, row: Mapping[str, Cell]) -> Fields:
    """What the node's own row says."""
    source = int(str(row["tnid"]))
    if row["author"] is None:
        ctx.notes.append(f"{NAME}:{ctx.keys.key(NAME, nid)} belongs to a user who is gone: it counts as anonymous")
    return {
        "title": str(row["title"]),
        "language": str(row["language"]),
        "author": str(row["author"] or ""),
        "comment": int(str(row["comment"])),
        "created": time_text(int(str(row["created"]))),
        "translation_of": None if source in {0, nid} else ctx.keys.key(NAME, source),
        "outdated": bool(int(str(row["translate"]))),
        **{flag: bool(int(str(row[flag]))) for flag in FLAGS},
    }


def _note(ctx: Context, fields: Mapping[str, NodeField]) -> None:
    """Says what stays behind."""
    ctx.notes += [
        f"the field {field.name} is not exported: {field.unmanaged}" for field in fields.values() if field.unmanaged
    ]
    ctx.notes += [
        f"nodes of the type {type_} are not exported: {OWN_TABLES[type_]}"
        for type_ in named_types(ctx)
        if type_ in OWN_TABLES
    ]
