"""What the fields of a term hold, and its aliases: written at once, or, where they name what comes later, at the end.

Source: modules/taxonomy/taxonomy.module (taxonomy_term_save), modules/path/path.module (path_taxonomy_term_*),
modules/file/file.field.inc (file_field_insert, file_field_update, file_field_delete).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, cast

from drupalsync.kinds._file_usage import file_fields, forget_use, forget_uses, use_files
from drupalsync.kinds._node_alias import as_aliases, save_aliases_of, save_pathauto
from drupalsync.kinds._node_fields import NodeField, has_links, node_fields
from drupalsync.kinds._node_rows import as_values
from drupalsync.kinds._node_values import FieldValues, current_ids, delete_values, insert_values
from drupalsync.kinds._term_file import TERM
from drupalsync.kinds._term_hierarchy import DATA
from drupalsync.kinds._text_links import links_in, references_in
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import same_tree
from drupalsync.site import Cell, Site
from drupalsync.tree import TreeValue

ENTITY: Final = "taxonomy_term"
PAGE: Final = "taxonomy/term/"
LATER: Final = "term values"  # of ctx.left: what names something that is written after the term


def bundle_fields(site: Site, key: str) -> list[NodeField]:
    """The fields of a term's vocabulary."""
    return list(node_fields(site, [key.partition("/")[0]], ENTITY).values())


def write_values(ctx: Context, tid: int, live: Item | None, item: Item) -> None:
    """What the term's fields hold, and its aliases; values that name what is not there yet are left for settle()."""
    old = as_values(live.fields) if live is not None else {}
    new = as_values(item.fields)
    changed = [name for name in {**old, **new} if not same_tree(old.get(name, {}), new.get(name, {}))]
    where = item.source or item.address
    later: dict[int | str | bytes, TreeValue] = {}
    for field in bundle_fields(ctx.site, item.key) if changed else ():
        if field.name not in changed or not field.stored_here or field.unmanaged:
            continue
        values = new.get(field.name, {})
        if _waits(ctx, field, values):
            later[field.name] = cast("TreeValue", values)
        else:
            _write_field(ctx, tid, item.key, field, values, where=where)
    if later or _names_later(ctx, item.fields["description"]):
        ctx.left.setdefault(LATER, {})[tid] = {"key": item.key, "where": where, "fields": later}
    before = as_aliases(live.fields["aliases"]) if live is not None else []
    save_aliases_of(ctx, f"{PAGE}{tid}", before, as_aliases(item.fields["aliases"]))
    if item.fields["pathauto"] != (live.fields["pathauto"] if live is not None else None):
        save_pathauto(ctx, tid, item.fields["pathauto"], ENTITY)


def forget_values(ctx: Context, tid: int, key: str) -> None:
    """field_attach_delete(), and the files that the term had; pathauto_entity_state_delete()."""
    fields = bundle_fields(ctx.site, key)
    used = dict.fromkeys(fid for field in fields for fid in _files(ctx, field, tid))
    delete_values(ctx, fields, tid)
    for fid in used:
        forget_uses(ctx, ENTITY, tid, fid)
    save_pathauto(ctx, tid, None, ENTITY)


def settle(ctx: Context) -> None:
    """Writes what named nodes and terms that were written later; raises NoSuchReference."""
    for tid, left in ctx.left.pop(LATER, {}).items():
        about: Any = left
        number, where = int(tid), str(about["where"])
        (description,) = ctx.site.one(f"SELECT description FROM {{{DATA}}} WHERE tid = ?", [tid]) or (None,)
        if description is not None:
            settled = links_in(ctx, str(description))
            for kind, key in references_in(settled):
                raise ctx.keys.missing(kind, key, where=f"{where} description")
            ctx.site.update(DATA, {"description": settled}, {"tid": tid})
        for field in bundle_fields(ctx.site, about["key"]) if about["fields"] else ():
            if field.name in about["fields"]:
                _write_field(ctx, number, about["key"], field, about["fields"][field.name], where=where)


def _waits(ctx: Context, field: NodeField, values: FieldValues) -> bool:
    """Whether a value names a term or a node that is not there yet."""
    for column, leaf in (pair for items in values.values() for item in items for pair in item.items()):
        if not isinstance(leaf, str):
            continue
        kind, _, key = leaf.partition(":")
        if column in field.references and kind in {"node", TERM} and ctx.keys.local_id(kind, key) is None:
            return True
        if has_links(field, column) and _names_later(ctx, leaf):
            return True
    return False


def _names_later(ctx: Context, text: TreeValue) -> bool:
    """Whether a text links to what is not there yet."""
    return isinstance(text, str) and any(ctx.keys.local_id(kind, key) is None for kind, key in references_in(text))


def _write_field(ctx: Context, tid: int, key: str, field: NodeField, values: FieldValues, *, where: str) -> None:
    """One field anew, and what file_field_update() counts of the files in it."""
    row: Mapping[str, Cell] = {"nid": tid, "vid": tid, "type": key.partition("/")[0]}
    before = _files(ctx, field, tid)
    delete_values(ctx, [field], tid)
    insert_values(ctx, field, row, values, where=f"{where} fields")
    after = _files(ctx, field, tid)
    for fid in before:
        if fid not in after:
            forget_use(ctx, ENTITY, tid, fid)
    use_files(ctx, ENTITY, tid, [fid for fid in after if fid not in before])


def _files(ctx: Context, field: NodeField, tid: int) -> list[int]:
    return [fid for one in file_fields([field]) for fid in current_ids(ctx, one, "fid", tid)]
