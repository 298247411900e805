"""The rows of terms: read for all, written for one.

Source: modules/taxonomy/taxonomy.module (taxonomy_term_save, taxonomy_term_delete, taxonomy_check_vocabulary_hierarchy),
modules/path/path.module (path_taxonomy_term_*), modules/forum/forum.module (forum_taxonomy_term_delete),
modules/file/file.field.inc (file_field_insert, file_field_update, file_field_delete).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, cast

from drupalsync.kinds._file_usage import file_fields, forget_use, forget_uses, use_files
from drupalsync.kinds._menu_rows import extras_in, extras_out
from drupalsync.kinds._node_alias import as_aliases, save_aliases_of
from drupalsync.kinds._node_fields import NodeField, has_links, node_fields
from drupalsync.kinds._node_file import Alias, ordered
from drupalsync.kinds._node_rows import as_values
from drupalsync.kinds._node_values import FieldValues, current_ids, delete_values, insert_values, read_values
from drupalsync.kinds._term_file import TERM
from drupalsync.kinds._text_links import links_in, links_out, references_in
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.kinds.fields import same_tree
from drupalsync.site import Cell, Site, get_variable, set_variable
from drupalsync.tree import TreeValue

ENTITY: Final = "taxonomy_term"
DATA: Final = "taxonomy_term_data"
HIERARCHY: Final = "taxonomy_term_hierarchy"
KNOWN: Final = ("tid", "vid", "name", "description", "format", "weight")
SEVERAL: Final = 2  # TAXONOMY_HIERARCHY_MULTIPLE
PAGE: Final = "taxonomy/term/"
LATER: Final = "term values"  # of ctx.left: what names something that is written after the term
CONTAINERS: Final = "forum_containers"


def parents(site: Site) -> dict[int, list[int]]:
    """The parents of every term; 0: it stands at the top."""
    found: dict[int, list[int]] = {}
    for tid, parent in site.rows(f"SELECT tid, parent FROM {{{HIERARCHY}}} ORDER BY tid, parent"):
        found.setdefault(int(str(tid)), []).append(int(str(parent)))
    return found


def hierarchies(site: Site) -> dict[int, int]:
    """What taxonomy_check_vocabulary_hierarchy() would make of each vocabulary that has terms: 0, 1 or 2."""
    above = parents(site)
    found: dict[int, int] = {}
    for tid, vid in site.rows(f"SELECT tid, vid FROM {{{DATA}}}"):
        mine = above.get(int(str(tid)), [0])
        level = SEVERAL if len(mine) > 1 else int(mine != [0])
        found[int(str(vid))] = max(level, found.get(int(str(vid)), 0))
    return found


def read_terms(ctx: Context) -> Iterator[Item]:
    """Yields every term by key; the queries do not grow with their number."""
    site, above = ctx.site, parents(ctx.site)
    bundles = {str(key) for _, key in ctx.keys.all("vocabulary")}
    fields = node_fields(site, bundles, ENTITY)
    extra = site.extra_columns(DATA, KNOWN)
    columns = ", ".join(map(site.db.quote, (*KNOWN, *extra)))
    rows = site.rows(f"SELECT {columns} FROM {{{DATA}}} ORDER BY tid")
    numbers = [int(str(row[0])) for row in rows]
    values = read_values(ctx, fields, bundles, numbers) if fields else {}
    aliases = _aliases(site)
    items: list[Item] = []
    for tid, (_, _, name, description, format_, weight, *more) in zip(numbers, rows, strict=True):
        key = ctx.keys.key(TERM, tid)
        if key is None:
            continue
        if not all(step.strip() for step in key.split("/")):
            _note(
                ctx,
                f"the term {tid} of {key.partition('/')[0]} has no name, or stands under one that has none: left out",
            )
            continue
        own: Fields = {
            "name": str(name),
            "description": None if description is None else links_out(ctx, str(description)),
            "format": None if format_ is None else str(format_),
            "weight": int(str(weight)),
            "parents": _others(ctx, key, above.get(tid, [0])),
            "aliases": aliases.get(tid, []),
            "fields": values.get(tid) or [],
            "extra": dict(extras_out(site.columns(DATA), extra, more)),
        }
        items.append(Item(kind=TERM, key=key, fields=own, local_id=tid))
    yield from sorted(items, key=lambda item: item.key)


def _note(ctx: Context, text: str) -> None:
    if text not in ctx.notes:
        ctx.notes.append(text)


def _others(ctx: Context, key: str, above: Sequence[int]) -> TreeValue:
    """The parents besides the one whose key a term's own begins with."""
    home = key.rpartition("/")[0]
    named = [ctx.keys.key(TERM, tid) for tid in above if tid]
    return sorted(name for name in named if name is not None and name != home)


def _aliases(site: Site) -> dict[int, list[Alias]]:
    found: dict[int, list[Alias]] = {}
    if "url_alias" in site.tables:
        rows = site.rows(
            "SELECT source, alias, language FROM {url_alias} WHERE SUBSTR(source, 1, ?) = ? ORDER BY pid",
            [len(PAGE), PAGE],
        )
        for source, alias, language in rows:
            number = str(source)[len(PAGE) :]
            if number.isdecimal():
                found.setdefault(int(number), []).append({"alias": str(alias), "language": str(language)})
    return {tid: ordered(mine) for tid, mine in found.items()}


def bundle_fields(site: Site, key: str) -> list[NodeField]:
    """The fields of a term's vocabulary."""
    return list(node_fields(site, [key.partition("/")[0]], ENTITY).values())


def columns(ctx: Context, item: Item) -> dict[str, Cell]:
    """The columns of a term's own row."""
    vid = ctx.keys.need("vocabulary", item.key.partition("/")[0], where=item.source or item.address)
    own = {name: cast("Cell", item.fields[name]) for name in ("name", "description", "format", "weight")}
    description = own["description"]
    if isinstance(description, str):
        own["description"] = links_in(ctx, description)
    return {"vid": vid, **own, **extras_in(ctx.site, DATA, KNOWN, item.fields["extra"])}


def write_parents(ctx: Context, tid: int, item: Item) -> None:
    """The term's places; raises NoSuchReference."""
    where = item.source or item.address
    home = item.key.rpartition("/")[0]
    named = [home] if "/" in home else []
    listed = item.fields["parents"]
    named += [str(name) for name in listed] if isinstance(listed, list) else []
    wanted = [ctx.keys.need(TERM, name, where=where) for name in named]
    if "/" not in home:
        wanted.insert(0, 0)
    ctx.site.delete(HIERARCHY, {"tid": tid})
    ctx.site.insert_many(HIERARCHY, [{"tid": tid, "parent": parent} for parent in dict.fromkeys(wanted)])


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


def out_of_step(ctx: Context, vocabulary: str) -> int | None:
    """What the computed column of a vocabulary says where its terms say something else."""
    row = ctx.site.one("SELECT vid, hierarchy FROM {taxonomy_vocabulary} WHERE machine_name = ?", [vocabulary])
    if row is None:
        return None
    vid, stored = (int(str(cell)) for cell in row)
    return stored if stored != hierarchies(ctx.site).get(vid, 0) else None


def write_hierarchy(ctx: Context, vocabulary: str, said: TreeValue) -> None:
    """The computed column of a vocabulary, or what the tree says it is; several parents are never made less.

    A vocabulary of which Drupal thinks that it has single parents gets a form that takes the others away.
    """
    row = ctx.site.one("SELECT vid, hierarchy FROM {taxonomy_vocabulary} WHERE machine_name = ?", [vocabulary])
    if row is None:
        return
    vid, stored = (int(str(cell)) for cell in row)
    computed = hierarchies(ctx.site).get(vid, 0)
    wanted = said if isinstance(said, int) and not stored == computed == SEVERAL else computed
    if wanted != stored:
        ctx.site.update("taxonomy_vocabulary", {"hierarchy": wanted}, {"vid": vid})


def delete_term(ctx: Context, tid: int, key: str) -> None:
    """taxonomy_term_delete() of one term, with what core's modules do then."""
    site = ctx.site
    fields = bundle_fields(site, key)
    used = dict.fromkeys(fid for field in fields for fid in _files(ctx, field, tid))
    delete_values(ctx, fields, tid)
    for fid in used:
        forget_uses(ctx, ENTITY, tid, fid)
    for table in (DATA, HIERARCHY, "taxonomy_index"):
        if table in site.tables:
            site.delete(table, {"tid": tid})
    if "url_alias" in site.tables:
        site.delete("url_alias", {"source": f"{PAGE}{tid}"})
    containers = get_variable(site, CONTAINERS)
    entries = dict(enumerate(containers)) if isinstance(containers, list) else containers
    if isinstance(entries, dict) and str(tid) in map(str, entries.values()):
        left = {place: other for place, other in entries.items() if str(other) != str(tid)}
        set_variable(site, CONTAINERS, list(left.values()) if list(left) == list(range(len(left))) else left)
    stale(ctx, tid)


def stale(ctx: Context, tid: int) -> None:
    """What the form of a term clears."""
    ctx.site.caches.entry("cache_field", f"field:{ENTITY}:{tid}")
    ctx.site.caches.everything("cache_block")
    ctx.site.caches.everything("cache_page")
