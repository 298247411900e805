"""What forbids a term from going: others below it, or content that has it, that are the site's own.

Drupal itself would delete the others with it, and leave the content with ids of nothing.
Source: modules/taxonomy/taxonomy.module (taxonomy_term_delete, taxonomy_build_node_index: {taxonomy_index} knows published
nodes alone, so the fields are asked).
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from drupalsync.errors import counted
from drupalsync.kinds._node_rows import as_values
from drupalsync.kinds._term_check import TermProblem
from drupalsync.kinds._term_fields import columns_of_terms
from drupalsync.kinds._term_file import TERM
from drupalsync.kinds._term_hierarchy import HIERARCHY
from drupalsync.kinds.base import Context, Item
from drupalsync.tree import TreeValue, walk

_KINDS = {"node": "node", "taxonomy_term": TERM}  # type of entity → the kind whose items a tree may have
_WORDS = {"taxonomy_term": "term"}

HOLD: Final = "columns of terms"  # of ctx.left
_Thing = tuple[str, int]  # (type of entity, id)


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the term; raises TermProblem where terms below it, or content that has it, are the site's own."""
    below = _below(ctx, item, going)
    if below:
        raise TermProblem(
            f"{item.address} cannot be deleted: {counted(len(below), 'term')} of this site stand below it "
            f"({below[0]} …)",
            where=item.address,
            hint="export them, and say where they go; or delete them on the site",
        )
    left = [thing for thing in _users(ctx, item) if _stays(ctx, thing, item, going)]
    if left:
        kinds = dict.fromkeys(entity for entity, _ in left)
        told = [
            counted(sum(entity == kind for entity, _ in left), _WORDS.get(kind, kind.replace("_", " ")))
            for kind in kinds
        ]
        raise TermProblem(
            f"{item.address} cannot be deleted: {' and '.join(told)} of this site have it",
            where=item.address,
            hint="take it from them on the site first, or keep it in the tree",
        )
    return iter(())


def _below(ctx: Context, item: Item, going: Container[str]) -> list[str]:
    """The terms below this one that stay; where none stands right below it, none does: what goes is asked itself."""
    sql = f"SELECT tid FROM {{{HIERARCHY}}} WHERE parent = ?"
    children = [ctx.keys.key(TERM, tid) for (tid,) in ctx.site.rows(sql, [item.local_id])]
    if all(f"{TERM}:{key}" in going for key in children if key is not None and key.startswith(f"{item.key}/")):
        return []
    every = sorted(key for _, key in ctx.keys.all(TERM) if key.startswith(f"{item.key}/"))
    return [key for key in every if f"{TERM}:{key}" not in going]


def _users(ctx: Context, item: Item) -> list[_Thing]:
    """Everything that has the term now, nodes first."""
    site = ctx.site
    found: set[_Thing] = set()
    for table, column in _columns(ctx):
        sql = (
            f"SELECT DISTINCT entity_type, entity_id FROM {{{table}}} WHERE deleted = 0 AND {site.db.quote(column)} = ?"
        )
        rows = site.rows(sql, [item.local_id])
        found |= {(str(entity), int(str(number))) for entity, number in rows}
    if "taxonomy_index" in site.tables:  # contributed modules put there what no field of core says
        rows = site.rows("SELECT nid FROM {taxonomy_index} WHERE tid = ?", [item.local_id])
        found |= {("node", int(str(nid))) for (nid,) in rows}
    return sorted(found, key=lambda thing: (thing[0] != "node", thing))


def _columns(ctx: Context) -> list[tuple[str, str]]:
    """Where ids of terms lie; looked up once a run."""
    if HOLD not in ctx.left:
        ctx.left[HOLD] = dict(columns_of_terms(ctx.site))
    return [(str(table), str(column)) for table, column in ctx.left[HOLD].items()]


def _stays(ctx: Context, thing: _Thing, item: Item, going: Container[str]) -> bool:
    """Whether it will have the term after the import."""
    entity, number = thing
    kind = _KINDS.get(entity)
    if kind is None:
        return True
    key = ctx.keys.key(kind, number)
    wanted = next((other for other in ctx.memory.tree(kind) if other.key == key), None)
    if wanted is not None:
        return _refers(dict(as_values(wanted.fields)), item.address)
    return f"{kind}:{key}" not in going


def _refers(value: TreeValue, address: str) -> bool:
    return any(leaf == address for _, leaf in walk(value))
