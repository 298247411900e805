"""Which content uses a file: counted in {file_usage}, and a file that nobody uses any more is forgotten.

Source: includes/file.inc (file_usage_add, file_usage_delete, file_delete), modules/file/file.field.inc
(file_field_presave, file_field_insert, file_field_delete_file).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from drupalsync.kinds._node_fields import FILE_TYPES, NodeField
from drupalsync.kinds.base import Context
from drupalsync.site import Cell


def file_fields(fields: Iterable[NodeField]) -> list[NodeField]:
    """Those of some fields that hold files."""
    return [field for field in fields if field.type in FILE_TYPES and "fid" in field.columns]


def use_files(ctx: Context, entity: str, local_id: int, fids: Iterable[int]) -> None:
    """Each of these is one use more by that entity; a file that was temporary stays for good."""
    used = list(fids)
    there = {
        int(str(fid)): int(str(status))
        for fid, status in ctx.site.rows_in("SELECT fid, status FROM {file_managed} WHERE fid IN (…)", used)
    }
    for fid in used:
        if fid not in there:
            continue
        if not there[fid]:
            ctx.site.update("file_managed", {"status": 1, "timestamp": ctx.now}, {"fid": fid})
            there[fid] = 1
        row = _row(entity, local_id, fid)
        touched = ctx.site.execute(
            "UPDATE {file_usage} SET count = count + 1 WHERE fid = ? AND module = ? AND type = ? AND id = ?",
            [*row.values()],
        )
        if not touched:
            ctx.site.insert("file_usage", {**row, "count": 1})


def forget_use(ctx: Context, entity: str, local_id: int, fid: int) -> None:
    """One use less by that entity."""
    if not _may_go(ctx, fid):
        return
    row = _row(entity, local_id, fid)
    found = ctx.site.one(
        "SELECT count FROM {file_usage} WHERE fid = ? AND module = ? AND type = ? AND id = ?", [*row.values()]
    )
    if found is not None and int(str(found[0])) > 1:
        ctx.site.update("file_usage", {"count": int(str(found[0])) - 1}, row)
        return
    forget_uses(ctx, entity, local_id, fid)


def forget_uses(ctx: Context, entity: str, local_id: int, fid: int) -> None:
    """The entity no longer uses the file; one that nobody uses any more goes.

    The file itself lies on a disk that is out of reach from here: its row goes as Drupal's would, and the report says so.
    """
    if not _may_go(ctx, fid):
        return
    found = ctx.site.one("SELECT uri FROM {file_managed} WHERE fid = ?", [fid])
    ctx.site.delete("file_usage", _row(entity, local_id, fid))
    if not ctx.site.one("SELECT fid FROM {file_usage} WHERE fid = ?", [fid]):
        ctx.site.delete("file_managed", {"fid": fid})
        ctx.keys.drop("file", fid)
        ctx.notes.append(
            f"nothing uses {found[0] if found else fid!s} any more: Drupal no longer knows it, delete the file itself by hand"
        )


def _may_go(ctx: Context, fid: int) -> bool:
    """Whether the file field knows of the file: what other modules alone use is not its to delete."""
    owned = ctx.site.one("SELECT fid FROM {file_usage} WHERE fid = ? AND module = 'file'", [fid])
    found = ctx.site.one("SELECT status FROM {file_managed} WHERE fid = ?", [fid])
    return found is not None and (owned is not None or not found[0])


def _row(entity: str, local_id: int, fid: int) -> Mapping[str, Cell]:
    return {"fid": fid, "module": "file", "type": entity, "id": local_id}
