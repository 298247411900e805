"""The rows of a node itself: read for all, written for one.

Source: modules/node/node.module (node_save, _node_save_revision, node_delete_multiple), node.install.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from drupalsync.kinds._node_alias import as_aliases, delete_aliases, save_aliases, save_pathauto
from drupalsync.kinds._node_book import delete_menu_links, leave_book, rename_place, save_place
from drupalsync.kinds._node_delete import delete_kept_elsewhere
from drupalsync.kinds._node_fields import NodeField, node_fields, plain
from drupalsync.kinds._node_file import unix_time
from drupalsync.kinds._node_identity import NAME, supports_translation, type_of
from drupalsync.kinds._node_satellites import Saved, after_save, modules_on
from drupalsync.kinds._node_translation import leave_set, mark, move_to_set
from drupalsync.kinds._node_values import Values, delete_values, read_values, write_values
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.fields import same_tree
from drupalsync.site import BATCH, Cell, Row, Site
from drupalsync.tree import TreeValue

COLUMNS: Final = (
    "nid",
    "vid",
    "type",
    "language",
    "title",
    "uid",
    "status",
    "created",
    "changed",
    "comment",
    "promote",
    "sticky",
    "tnid",
    "translate",
)
REVISION_COLUMNS: Final = ("nid", "vid", "uid", "title", "log", "timestamp", "status", "comment", "promote", "sticky")
FLAGS: Final = ("status", "promote", "sticky")
LOG: Final = "drupalsync import"
# What a new revision is made for; the rest (aliases, place in a book, translation set) is no part of a revision.
REVISED: Final = ("title", "language", "author", "status", "promote", "sticky", "comment", "created", "fields", "extra")
UNIQUE: Final = "vuuid"  # the UUID module's name of a revision: a copy of it would name two


def read_rows(site: Site, nids: Collection[int]) -> list[dict[str, Cell]]:
    """The rows of these nodes with the author's name as `author` (None: no such user), in one query."""
    columns = [*COLUMNS, *site.extra_columns("node", COLUMNS)]
    names = ", ".join(f"n.{site.db.quote(column)}" for column in columns)
    sql = f"SELECT {names}, u.name FROM {{node}} n LEFT JOIN {{users}} u ON u.uid = n.uid"
    if len(nids) <= BATCH:
        rows: list[Row] = site.rows_in(f"{sql} WHERE n.nid IN (…)", nids)
    else:
        rows = site.rows(sql)
    wanted = set(nids)
    return [dict(zip([*columns, "author"], row, strict=True)) for row in rows if int(str(row[0])) in wanted]


def extra_out(site: Site, row: Mapping[str, Cell]) -> TreeValue:
    """The values of columns that core does not know, where they are not the column's default."""
    spec = site.columns("node")
    names = site.extra_columns("node", COLUMNS)
    found = {name: plain(spec[name], row[name]) for name in names}
    own = {name: value for name, value in found.items() if not same_tree(value, plain(spec[name], spec[name].default))}
    return dict(own) if own else []


def create(ctx: Context, item: Item) -> int:
    """node_save() of a new node; returns its nid."""
    fields, type_ = item.fields, type_of(item.key)
    row = _columns(ctx, item)
    nid = ctx.site.insert(
        "node",
        {**row, "type": type_, "language": str(fields["language"]), "changed": ctx.now, "tnid": 0, "translate": 0},
    )
    ctx.keys.assign(NAME, nid, item.key)
    ctx.keys.trust(NAME, item.key)
    _save_revision(ctx, item, nid, row, None)
    save_aliases(ctx, nid, [], as_aliases(fields["aliases"]))
    save_pathauto(ctx, nid, fields["pathauto"])
    if fields["book"] is not None:
        save_place(ctx, nid, item.key, str(fields["title"]), fields["book"], where=item.address)
    _translate(ctx, nid, None, item)
    _stale(ctx, nid)
    return nid


def update(ctx: Context, live: Item, item: Item) -> None:
    """node_save() with a new revision where what a revision holds differs; the rest as its own form saves it."""
    nid = _nid(live)
    live = _without_going(ctx, live)
    before, after = live.fields, item.fields
    if live.key != item.key:
        ctx.keys.assign(NAME, nid, item.key)
    changed = [name for name in REVISED if not same_tree(before[name], after[name])]
    if changed and not (changed == ["fields"] and same_tree(_values_now(ctx, nid, live), as_values(after))):
        row = _columns(ctx, item)
        ctx.site.update("node", {**row, "language": str(after["language"]), "changed": ctx.now}, {"nid": nid})
        _save_revision(ctx, item, nid, row, live)
    if not same_tree(before["aliases"], after["aliases"]):
        save_aliases(ctx, nid, as_aliases(before["aliases"]), as_aliases(after["aliases"]))
    if not same_tree(before["pathauto"], after["pathauto"]):
        save_pathauto(ctx, nid, after["pathauto"])
    if not same_tree(before["book"], after["book"]):
        save_place(ctx, nid, item.key, str(after["title"]), after["book"], where=item.address)
    elif after["book"] is not None:
        rename_place(ctx, nid, str(after["title"]))
    _translate(ctx, nid, live, item)
    _stale(ctx, nid)


def _values_now(ctx: Context, nid: int, live: Item) -> Values:
    """The node's values by the keys that this run has given: a term or node that was renamed is no change of who refers to it."""
    bundle, noted = type_of(live.key), len(ctx.notes)
    values = read_values(ctx, node_fields(ctx.site, [bundle]), [bundle], [nid])[nid]
    del ctx.notes[noted:]  # said when the site was read
    return values


def delete(ctx: Context, item: Item) -> None:
    """node_delete()."""
    nid, type_ = _nid(item), type_of(item.key)
    modules = modules_on(ctx.site)
    fields = list(node_fields(ctx.site, [type_]).values())
    leave_book(ctx, nid)
    delete_kept_elsewhere(ctx, nid, type_, fields, modules)
    delete_menu_links(ctx, nid)
    delete_aliases(ctx, nid)
    save_pathauto(ctx, nid, None)
    if "translation" in modules and supports_translation(ctx.site, type_):
        leave_set(ctx, nid)
    delete_values(ctx, fields, nid)
    for table in ("node", "node_revision", "history", "node_access"):
        if table in ctx.site.tables:
            ctx.site.delete(table, {"nid": nid})
    ctx.keys.drop(NAME, nid)
    ctx.site.caches.entry("cache_field", f"field:node:{nid}")
    _stale(ctx, nid)


def _without_going(ctx: Context, live: Item) -> Item:
    """The node without the values of fields that this very import deletes: those are marked with the field, and no edit."""
    of_type = f"field_instance:node/{type_of(live.key)}/"
    values = as_values(live.fields)
    staying = {name: value for name, value in values.items() if not {f"field:{name}", of_type + name} & ctx.going}
    return live if len(staying) == len(values) else replace(live, fields={**live.fields, "fields": staying})


def _nid(item: Item) -> int:
    assert item.local_id is not None
    return int(item.local_id)


def _columns(ctx: Context, item: Item) -> dict[str, Cell]:
    """The columns of {node} that an item decides, the extra ones included."""
    fields = item.fields
    row: dict[str, Cell] = {
        "title": str(fields["title"]),
        "uid": ctx.keys.need("user", str(fields["author"]), where=f"{item.address} author"),
        "created": unix_time(str(fields["created"])) if fields["created"] else ctx.now,
        "comment": int(str(fields["comment"])),
        **{flag: int(bool(fields[flag])) for flag in FLAGS},
    }
    extra: Mapping[Any, Any] = fields["extra"] if isinstance(fields["extra"], dict) else {}
    spec = ctx.site.columns("node")
    for name in ctx.site.extra_columns("node", COLUMNS):
        if name in extra or spec[name].default is not None or spec[name].nullable:
            row[name] = extra.get(name, spec[name].default)
    return row


def _save_revision(ctx: Context, item: Item, nid: int, row: Mapping[str, Cell], live: Item | None) -> None:
    """_node_save_revision(), field_attach_insert() or _update(), and the hooks that follow."""
    type_ = type_of(item.key)
    revision = {
        **({} if live is None else _extra_of_revision(ctx, nid)),
        "nid": nid,
        "uid": 1,  # Drupal writes who is logged in; nobody is
        "title": row["title"],
        "log": LOG,
        "timestamp": ctx.now,
        "comment": row["comment"],
        **{flag: row[flag] for flag in FLAGS},
    }
    vid = ctx.site.insert("node_revision", revision)
    ctx.site.update("node", {"vid": vid}, {"nid": nid})
    fields = list(node_fields(ctx.site, [type_]).values())
    node: dict[str, Cell] = {"nid": nid, "vid": vid, "type": type_}
    old = None if live is None else as_values(live.fields)
    write_values(ctx, fields, node, old, as_values(item.fields), where=item.address)
    after_save(ctx, _saved(ctx.site, nid, vid, row, fields, is_new=live is None))
    if live is not None:
        ctx.site.caches.entry("cache_field", f"field:node:{nid}")


def _saved(site: Site, nid: int, vid: int, row: Mapping[str, Cell], fields: list[NodeField], *, is_new: bool) -> Saved:
    return Saved(
        nid=nid,
        vid=vid,
        uid=int(str(row["uid"])),
        title=str(row["title"]),
        created=int(str(row["created"])),
        published=bool(row["status"]),
        sticky=bool(row["sticky"]),
        is_new=is_new,
        fields=fields,
        modules=modules_on(site),
    )


def _extra_of_revision(ctx: Context, nid: int) -> dict[str, Cell]:
    """What contributed modules keep with the current revision: node_save() writes what it loaded."""
    names = [name for name in ctx.site.extra_columns("node_revision", REVISION_COLUMNS) if name != UNIQUE]
    if not names:
        return {}
    quoted = ", ".join(f"r.{ctx.site.db.quote(name)}" for name in names)
    row = ctx.site.one(
        f"SELECT {quoted} FROM {{node}} n INNER JOIN {{node_revision}} r ON r.vid = n.vid WHERE n.nid = ?", [nid]
    )
    return dict(zip(names, row, strict=True)) if row else {}


def as_values(fields: Fields) -> Values:
    """An item's `fields`."""
    values = fields["fields"]
    return (
        {name: field for name, field in values.items() if isinstance(field, dict)} if isinstance(values, dict) else {}
    )


def _translate(ctx: Context, nid: int, live: Item | None, item: Item) -> None:
    """The translation set, and whether the node is behind its source."""
    source, was = item.fields["translation_of"], None if live is None else live.fields["translation_of"]
    if source != was:
        found = None if source is None else ctx.keys.need(NAME, str(source), where=f"{item.address} translation_of")
        move_to_set(ctx, nid, found)
    outdated = bool(item.fields["outdated"])
    if outdated or (live is not None and live.fields["outdated"] != outdated):
        mark(ctx, nid, outdated=outdated)


def _stale(ctx: Context, nid: int) -> None:
    """What saving a node's form clears (node_form_submit), and the entity cache of contributed modules."""
    ctx.site.caches.everything("cache_block")
    ctx.site.caches.everything("cache_page")
    if "cache_entity_node" in ctx.site.tables:
        ctx.site.caches.entry("cache_entity_node", str(nid))
