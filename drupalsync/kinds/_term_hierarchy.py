"""Which terms stand under which, and the `hierarchy` that Drupal computes of it for each vocabulary.

Source: modules/taxonomy/taxonomy.module (taxonomy_check_vocabulary_hierarchy), modules/taxonomy/taxonomy.admin.inc
(taxonomy_form_term_submit).
"""

from __future__ import annotations

from typing import Final

from drupalsync.kinds.base import Context
from drupalsync.site import Site
from drupalsync.tree import TreeValue

DATA: Final = "taxonomy_term_data"
HIERARCHY: Final = "taxonomy_term_hierarchy"
SEVERAL: Final = 2  # TAXONOMY_HIERARCHY_MULTIPLE


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
