"""What other modules keep about a node: index rows, statistics, grants, usage counts.

Each function is one hook of one module, and does nothing where that module is off.
Source: modules/{taxonomy,comment,tracker,search,file,forum,statistics,node}: hook_node_insert/update/delete().
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drupalsync.kinds._file_usage import file_fields, use_files
from drupalsync.kinds._node_fields import NodeField
from drupalsync.kinds._node_values import current_ids
from drupalsync.kinds.base import Context
from drupalsync.php import PhpSyntaxError
from drupalsync.site import Site, get_variable, set_variable


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A node whose rows and field values were just written."""

    nid: int
    vid: int
    uid: int
    title: str
    created: int
    published: bool
    sticky: bool
    is_new: bool
    fields: Sequence[NodeField]
    modules: frozenset[str]


def modules_on(site: Site) -> frozenset[str]:
    """The modules whose hooks Drupal would call."""
    return frozenset(
        str(name) for (name,) in site.rows("SELECT name FROM {system} WHERE type = 'module' AND status = 1")
    )


def after_save(ctx: Context, node: Saved) -> None:
    """hook_node_insert() and hook_node_update() of core's modules, then node_access_acquire_grants()."""
    _index_terms(ctx, node)
    _start_statistics(ctx, node)
    _track(ctx, node)
    if "search" in node.modules and not node.is_new:
        ctx.site.update("search_dataset", {"reindex": ctx.now}, {"type": "node", "sid": node.nid})
    _use_files(ctx, node)
    _file_in_forum(ctx, node)
    _grant(ctx, node)


def _is_on(site: Site, variable: str) -> bool:
    try:
        return bool(get_variable(site, variable, True))
    except PhpSyntaxError:
        return True


def _index_terms(ctx: Context, node: Saved) -> None:
    """taxonomy_build_node_index(): the terms of published nodes, each once.

    Entity reference adds those of all its fields where one of them says so (EntityReferenceBehavior_TaxonomyIndex). What
    another contributed module has put there stays, as it would put it there again.
    """
    if "taxonomy" not in node.modules or not _is_on(ctx.site, "taxonomy_maintain_index_table"):
        return
    there = {int(str(tid)) for (tid,) in ctx.site.rows("SELECT tid FROM {taxonomy_index} WHERE nid = ?", [node.nid])}
    ctx.site.delete("taxonomy_index", {"nid": node.nid})
    if not node.published:
        return
    taxonomy = [field for field in node.fields if field.module == "taxonomy" and "tid" in field.columns]
    tids = dict.fromkeys(tid for field in taxonomy for tid in current_ids(ctx, field, "tid", node.nid))
    all_of_them = any(field.indexes_terms for field in node.fields)
    tids |= dict.fromkeys(tid for tid in _terms_of_others(ctx, node) if all_of_them or tid in there)
    rows = [{"nid": node.nid, "tid": tid, "sticky": int(node.sticky), "created": node.created} for tid in tids]
    ctx.site.insert_many("taxonomy_index", rows)


def _terms_of_others(ctx: Context, node: Saved) -> Iterator[int]:
    """The terms that fields of contributed modules refer to."""
    for field in node.fields:
        for column, kind in field.references.items() if field.module != "taxonomy" else ():
            if kind == "term":
                yield from current_ids(ctx, field, column, node.nid)


def _start_statistics(ctx: Context, node: Saved) -> None:
    """comment_node_insert()."""
    if node.is_new and "comment" in node.modules and _is_on(ctx.site, "comment_maintain_node_statistics"):
        ctx.site.insert(
            "node_comment_statistics",
            {
                "nid": node.nid,
                "cid": 0,
                "last_comment_timestamp": ctx.now,
                "last_comment_name": None,
                "last_comment_uid": node.uid,
                "comment_count": 0,
            },
        )


def _track(ctx: Context, node: Saved) -> None:
    """_tracker_add(): for its author, and for all who follow it already."""
    if "tracker" not in node.modules:
        return
    row = {"changed": ctx.now, "published": int(node.published)}
    if not ctx.site.update("tracker_node", row, {"nid": node.nid}):
        ctx.site.insert("tracker_node", {"nid": node.nid, **row})
    if not ctx.site.one("SELECT uid FROM {tracker_user} WHERE nid = ? AND uid = ?", [node.nid, node.uid]):
        ctx.site.insert("tracker_user", {"nid": node.nid, "uid": node.uid, **row})
    ctx.site.update("tracker_user", row, {"nid": node.nid})


def _use_files(ctx: Context, node: Saved) -> None:
    """file_field_presave(), file_field_insert(), file_field_update(): a new revision is a new use of every file in it."""
    used = [fid for field in file_fields(node.fields) for fid in current_ids(ctx, field, "fid", node.nid)]
    use_files(ctx, "node", node.nid, used)


def _file_in_forum(ctx: Context, node: Saved) -> None:
    """forum_node_insert(), forum_node_update(), forum_field_storage_pre_insert() and _pre_update()."""
    forums = next((field for field in node.fields if field.name == "taxonomy_forums" and "tid" in field.columns), None)
    if "forum" not in node.modules or forums is None:
        return
    tids = current_ids(ctx, forums, "tid", node.nid)
    if tids:
        ctx.site.insert("forum", {"tid": tids[0], "vid": node.vid, "nid": node.nid})
    ctx.site.delete("forum_index", {"nid": node.nid})
    if not node.published:
        return
    count, last = _replies(ctx, node)
    ctx.site.insert_many(
        "forum_index",
        [
            {
                "nid": node.nid,
                "title": node.title,
                "tid": tid,
                "sticky": int(node.sticky),
                "created": node.created,
                "comment_count": count,
                "last_comment_timestamp": last,
            }
            for tid in tids
        ],
    )


def _replies(ctx: Context, node: Saved) -> tuple[int, int]:
    """_forum_update_forum_index(): how many published comments, and when the last one was made."""
    if node.is_new or "comment" not in ctx.site.tables:
        return 0, node.created
    rows = ctx.site.rows("SELECT created FROM {comment} WHERE nid = ? AND status = 1 ORDER BY cid DESC", [node.nid])
    return len(rows), int(str(rows[0][0])) if rows else node.created


def _grant(ctx: Context, node: Saved) -> None:
    """node_access_acquire_grants(), as far as it can be done without the modules that grant.

    Core keeps rows only where such a module is on. Their grants cannot be worked out here: what a node has stays,
    a hidden one loses all, a new one has none and is seen by nobody until somebody rebuilds the permissions.
    """
    if not _others_grant(ctx.site):
        ctx.site.delete("node_access", {"nid": node.nid})
        return
    if not node.published:
        ctx.site.delete("node_access", {"nid": node.nid})
    set_variable(ctx.site, "node_access_needs_rebuild", True)
    note = "a module grants access to nodes: rebuild permissions (admin/reports/status/rebuild, or drush php-eval 'node_access_rebuild();')"
    if note not in ctx.notes:
        ctx.notes.append(note)


def _others_grant(site: Site) -> bool:
    """Whether {node_access} holds more than the one row that core puts there, which lets everybody see everything."""
    row = site.one("SELECT COUNT(*) FROM {node_access} WHERE nid = 0 AND realm = 'all' AND grant_view = 1")
    return not row or not int(str(row[0]))
