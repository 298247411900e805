"""Translation sets: nodes whose `tnid` is the nid of the set's source.

Source: modules/translation/translation.module (translation_node_insert, translation_node_update,
translation_remove_from_set).
"""

from __future__ import annotations

from drupalsync.kinds.base import Context


def join_set(ctx: Context, nid: int, source: int) -> None:
    """translation_node_insert(): makes the node a translation of `source`, whose set it founds where there is none."""
    row = ctx.site.one("SELECT tnid FROM {node} WHERE nid = ?", [source])
    tnid = int(str(row[0])) if row else 0
    if not tnid:
        tnid = source
        ctx.site.update("node", {"tnid": tnid, "translate": 0}, {"nid": source})
        ctx.site.caches.entry("cache_entity_node", str(source))
    ctx.site.update("node", {"tnid": tnid, "translate": 0}, {"nid": nid})


def leave_set(ctx: Context, nid: int) -> None:
    """translation_remove_from_set(): the set goes with its last node, and gets a new source where it loses its own."""
    row = ctx.site.one("SELECT tnid FROM {node} WHERE nid = ?", [nid])
    tnid = int(str(row[0])) if row else 0
    if not tnid:
        return
    ctx.site.update("node", {"tnid": 0, "translate": 0}, {"nid": nid})
    if tnid == nid:
        heir = ctx.site.one("SELECT nid FROM {node} WHERE tnid = ? ORDER BY translate, nid", [tnid])
        if heir:
            ctx.site.update("node", {"tnid": heir[0]}, {"tnid": tnid})


def move_to_set(ctx: Context, nid: int, source: int | None) -> None:
    """Puts the node into another set, or into none."""
    leave_set(ctx, nid)
    if source is not None:
        join_set(ctx, nid, source)


def mark(ctx: Context, nid: int, *, outdated: bool) -> None:
    """translation_node_update(): the node is, or no longer is, behind its source."""
    ctx.site.update("node", {"translate": int(outdated)}, {"nid": nid})
