"""URL aliases of a node.

Source: includes/path.inc (path_save, path_delete, drupal_path_alias_whitelist_rebuild), modules/path/path.module,
pathauto.module (pathauto_entity_state_save: {pathauto_state} says whether pathauto may replace the alias).
"""

from __future__ import annotations

from collections.abc import Iterable

from drupalsync.kinds._node_file import Alias
from drupalsync.kinds.base import Context
from drupalsync.php import PhpSyntaxError, Value
from drupalsync.site import Site, get_variable, set_variable
from drupalsync.tree import TreeValue

WHITELIST = "path_alias_whitelist"


def as_aliases(value: TreeValue) -> list[Alias]:
    """An item's `aliases` with their types."""
    return (
        [{"alias": str(alias["alias"]), "language": str(alias["language"])} for alias in value or []]
        if isinstance(value, list)
        else []
    )


def save_aliases(ctx: Context, nid: int, old: list[Alias], new: list[Alias]) -> None:
    """Makes the node's aliases `new`."""
    save_aliases_of(ctx, f"node/{nid}", old, new)


def save_aliases_of(ctx: Context, source: str, old: list[Alias], new: list[Alias]) -> None:
    """Makes a page's aliases `new`: a changed one keeps its row, as the form's does; languages that agree stay untouched."""
    if "url_alias" not in ctx.site.tables:
        return
    for language in sorted({alias["language"] for alias in [*old, *new]}):
        before = [alias["alias"] for alias in old if alias["language"] == language]
        after = [alias["alias"] for alias in new if alias["language"] == language]
        if before != after:
            _save_language(ctx, source, language, after)


def _save_language(ctx: Context, source: str, language: str, wanted: list[str]) -> None:
    found = ctx.site.rows(
        "SELECT pid, alias FROM {url_alias} WHERE source = ? AND language = ? ORDER BY pid", [source, language]
    )
    rows = [(int(str(pid)), str(alias)) for pid, alias in found]
    becomes = _rewritten([alias for _, alias in rows], wanted)
    for (pid, alias), new in zip(rows, becomes, strict=False):
        if new is None:
            ctx.site.delete("url_alias", {"pid": pid})
        elif new != alias:
            ctx.site.update("url_alias", {"alias": new}, {"pid": pid})
    for new in becomes[len(rows) :]:
        ctx.site.insert("url_alias", {"source": source, "alias": new, "language": language})
    if wanted:
        whitelist(ctx.site, source.partition("/")[0])


def _rewritten(rows: list[str], wanted: list[str]) -> list[str | None]:
    """What each row becomes (None: it goes), then what is added, so that the aliases are `wanted`, the last one last.

    A site may have the same alias twice: where it stays, both rows do, as nothing in Drupal would touch them.
    """
    missing = iter([alias for alias in wanted if alias not in rows])
    kept: list[str | None] = [alias if alias in wanted else next(missing, None) for alias in rows]
    kept += missing
    last = {alias: at for at, alias in enumerate(kept) if alias is not None}
    if sorted(last, key=last.__getitem__) == wanted:
        return kept
    return [*wanted, *[None] * (len(rows) - len(wanted))]


def delete_aliases(ctx: Context, nid: int) -> None:
    """path_node_delete(); the whitelist keeps `node`, as core does."""
    if "url_alias" in ctx.site.tables:
        ctx.site.delete("url_alias", {"source": f"node/{nid}"})


def whitelist(site: Site, top: str) -> None:
    """drupal_path_alias_whitelist_rebuild(): says that paths below `top` have aliases, where that is not known yet."""
    try:
        known = get_variable(site, WHITELIST)
    except PhpSyntaxError:
        known = None
    if isinstance(known, dict) and known.get(top) is not None:
        return
    tops: dict[int | str | bytes, Value] = {
        str(source).partition("/")[0]: True for (source,) in site.rows("SELECT DISTINCT source FROM {url_alias}")
    }
    set_variable(site, WHITELIST, tops)


def pathauto_states(site: Site, ids: Iterable[int], entity: str = "node") -> dict[int, bool]:
    """Which nodes, or terms, pathauto has a word on, and whether it may replace their alias."""
    if "pathauto_state" not in site.tables:
        return {}
    rows = site.rows("SELECT entity_id, pathauto FROM {pathauto_state} WHERE entity_type = ?", [entity])
    wanted = set(ids)
    return {int(str(nid)): bool(int(str(state))) for nid, state in rows if int(str(nid)) in wanted}


def save_pathauto(ctx: Context, local_id: int, state: TreeValue, entity: str = "node") -> None:
    """pathauto_entity_state_save(); None: pathauto has no word on the node, or term."""
    if "pathauto_state" not in ctx.site.tables:
        return
    where: dict[str, int | str] = {"entity_type": entity, "entity_id": local_id}
    ctx.site.delete("pathauto_state", {**where})
    if isinstance(state, bool):
        ctx.site.insert("pathauto_state", {**where, "pathauto": int(state)})
