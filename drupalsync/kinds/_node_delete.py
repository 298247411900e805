"""What other modules forget when a node is deleted.

Source: modules/{taxonomy,comment,tracker,search,file,forum,statistics,poll}: hook_node_delete(), hook_delete();
includes/file.inc (file_usage_delete, file_delete).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from drupalsync.kinds._file_usage import file_fields, forget_uses
from drupalsync.kinds._node_fields import NodeField
from drupalsync.kinds._node_values import current_ids
from drupalsync.kinds.base import Context
from drupalsync.site import Site

BY_NID = {
    "taxonomy": ("taxonomy_index",),
    "tracker": ("tracker_node", "tracker_user"),
    "forum": ("forum", "forum_index"),
    "statistics": ("node_counter",),
    "comment": ("node_comment_statistics",),
}
SEARCH_TABLES = ("search_dataset", "search_index", "search_node_links")


def delete_kept_elsewhere(
    ctx: Context, nid: int, type_: str, fields: Sequence[NodeField], modules: frozenset[str]
) -> None:
    """The hooks of core's modules; before the field values go."""
    if "comment" in modules:
        _delete_comments(ctx.site, nid, type_)
    for module, tables in BY_NID.items():
        for table in tables if module in modules else ():
            ctx.site.delete(table, {"nid": nid})
    for fid in _used(ctx, nid, fields):
        forget_uses(ctx, "node", nid, fid)
    if "search" in modules:
        for table in SEARCH_TABLES:
            ctx.site.delete(table, {"sid": nid, "type": "node"})


def _delete_comments(site: Site, nid: int, type_: str) -> None:
    """comment_delete_multiple(): the comments with their field values."""
    cids = [cid for (cid,) in site.rows("SELECT cid FROM {comment} WHERE nid = ?", [nid])]
    if not cids:
        return
    fields = site.rows(
        "SELECT f.field_name FROM {field_config} f INNER JOIN {field_config_instance} i ON i.field_id = f.id "
        "WHERE i.entity_type = 'comment' AND i.bundle = ? AND i.deleted = 0 AND f.deleted = 0 AND f.storage_type = 'field_sql_storage'",
        [f"comment_node_{type_}"],
    )
    for (name,) in fields:
        for table in (f"field_data_{name!s}", f"field_revision_{name!s}"):
            for cid in cids if site.columns(table) else ():
                site.delete(table, {"entity_type": "comment", "entity_id": cid})
    site.delete("comment", {"nid": nid})


def files_of_its_own(ctx: Context, nid: int, fields: Iterable[NodeField]) -> Iterator[str]:
    """The URIs of the files that only this node uses: they go with it."""
    for fid in _used(ctx, nid, fields):
        uses = ctx.site.rows("SELECT module, type, id FROM {file_usage} WHERE fid = ?", [fid])
        found = ctx.site.one("SELECT uri FROM {file_managed} WHERE fid = ?", [fid])
        if found is not None and [tuple(map(str, use)) for use in uses] == [("file", "node", str(nid))]:
            yield str(found[0])


def files_of_nobody(ctx: Context, uris: Iterable[str]) -> Iterator[str]:
    """Those of some files that nothing uses yet: a node that does, and is deleted again, takes them along."""
    for uri in dict.fromkeys(uris):
        fid = ctx.keys.local_id("file", uri)
        if fid is not None and not ctx.site.one("SELECT fid FROM {file_usage} WHERE fid = ?", [fid]):
            yield uri


def _used(ctx: Context, nid: int, fields: Iterable[NodeField]) -> list[int]:
    return list(dict.fromkeys(fid for field in file_fields(fields) for fid in current_ids(ctx, field, "fid", nid)))
