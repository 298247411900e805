"""The rows of terms: read for all, written for one.

Source: modules/taxonomy/taxonomy.module (taxonomy_term_save, taxonomy_term_delete), modules/forum/forum.module
(forum_taxonomy_term_delete).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, cast

from drupalsync.kinds._menu_rows import extras_in, extras_out
from drupalsync.kinds._node_alias import pathauto_states
from drupalsync.kinds._node_fields import node_fields
from drupalsync.kinds._node_file import Alias, ordered
from drupalsync.kinds._node_values import read_values
from drupalsync.kinds._term_file import TERM
from drupalsync.kinds._term_hierarchy import DATA, HIERARCHY, parents
from drupalsync.kinds._term_values import ENTITY, PAGE, forget_values
from drupalsync.kinds._text_links import links_in, links_out
from drupalsync.kinds.base import Context, Fields, Item
from drupalsync.site import Cell, Site, get_variable, set_variable
from drupalsync.tree import TreeValue

KNOWN: Final = ("tid", "vid", "name", "description", "format", "weight")
CONTAINERS: Final = "forum_containers"


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
    aliases, pathauto = _aliases(site), pathauto_states(site, numbers, ENTITY)
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
            "pathauto": pathauto.get(tid),
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


def delete_term(ctx: Context, tid: int, key: str) -> None:
    """taxonomy_term_delete() of one term, with what core's modules do then."""
    site = ctx.site
    forget_values(ctx, tid, key)
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
