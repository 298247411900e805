"""What forbids a term from becoming what the tree says, or from going."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._node_check_fields import check_fields
from drupalsync.kinds._node_rows import as_values
from drupalsync.kinds._term_file import TERM
from drupalsync.kinds._term_rows import DATA, ENTITY, KNOWN
from drupalsync.kinds._text_format import format_problem
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem
from drupalsync.tree import TreeValue, walk

LONGEST = 255


class TermProblem(DrupalsyncError):
    """A term that the site cannot have as the tree says, or that cannot go."""


def problems(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: no such vocabulary, parent, format or column; a circle of parents; names and values that do not fit."""
    where = f"{item.source} {item.address}" if item.source else item.address
    if DATA not in ctx.site.tables:
        yield TermProblem(
            f"{item.address} needs the module taxonomy, which is off", where=where, hint="drush en taxonomy"
        )
        return
    missing = problem(ctx, "vocabulary", item.key.partition("/")[0], desired, where=where)
    if missing is not None:
        yield missing
    name = str(item.fields["name"])
    if len(name) > LONGEST:
        yield TermProblem(f"the name has {len(name)} characters, and Drupal keeps {LONGEST}", where=where)
    yield from _parents(ctx, item, desired, where)
    format_ = item.fields["format"]
    if isinstance(format_, str):
        wrong = format_problem(ctx, format_, desired, where=where, has=lambda: _has_format(ctx, item, format_))
        if wrong is not None:
            yield wrong
    yield from check_fields(ctx, item, desired, where, ENTITY)
    texts = {column: item.fields[column] for column in ("name", "description")}
    yield from character_problems(ctx.site, item, DATA, texts, where=where, extra=item.fields["extra"])
    extra = item.fields["extra"]
    for column in extra if isinstance(extra, dict) else ():
        if column not in ctx.site.extra_columns(DATA, KNOWN):
            yield TermProblem(
                f"{{{DATA}}} has no column {column!s} on this site",
                where=where,
                hint="switch on the module that adds it, or take it out of `extra`",
            )


def _has_format(ctx: Context, item: Item, format_: str) -> bool:
    sql = f"SELECT tid FROM {{{DATA}}} WHERE tid = ? AND format = ?"
    return ctx.site.one(sql, [item.local_id, format_]) is not None


def _parents(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    vocabulary = item.key.partition("/")[0]
    for name in above(item):
        place = f"{where} parents"
        missing = problem(ctx, TERM, name, desired, where=place)
        if missing is not None:
            yield missing
        elif name.partition("/")[0] != vocabulary:
            yield TermProblem(f"{name} is a term of another vocabulary", where=place, hint=f"name one of {vocabulary}")
        elif name == item.key or _stands_under(desired, name, item.key):
            yield TermProblem(
                f"{item.address} would stand under itself",
                where=place,
                hint=f"take {name} out of its parents",
            )


def above(item: Item) -> list[str]:
    """The keys of all terms that a term stands under."""
    home = item.key.rpartition("/")[0]
    listed = item.fields["parents"]
    others = [str(name) for name in listed] if isinstance(listed, list) else []
    return [*([home] if "/" in home else []), *others]


def _stands_under(desired: Mapping[str, Item], key: str, wanted: str) -> bool:
    """Whether the tree's term `key` stands somewhere under `wanted`."""
    seen: set[str] = set()
    left = [key]
    while left:
        item = desired.get(f"{TERM}:{left.pop()}")
        for name in above(item) if item is not None else ():
            if name == wanted:
                return True
            if name not in seen:
                seen.add(name)
                left.append(name)
    return False


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the term; raises TermProblem where terms below it, or nodes, are the site's own."""
    below = [key for _, key in ctx.keys.all(TERM) if key.startswith(f"{item.key}/") and f"{TERM}:{key}" not in going]
    if below:
        raise TermProblem(
            f"{item.address} cannot be deleted: {counted(len(below), 'term')} of this site stand below it "
            f"({below[0]} …)",
            where=item.address,
            hint="export them, and say where they go; or delete them on the site",
        )
    used = _users(ctx, item, going)
    if used:
        raise TermProblem(
            f"{item.address} cannot be deleted: {counted(used, 'node')} of this site have it",
            where=item.address,
            hint="take it from them on the site first, or keep it in the tree",
        )
    return iter(())


def _users(ctx: Context, item: Item, going: Container[str]) -> int:
    """How many nodes will have the term after the import."""
    if "taxonomy_index" not in ctx.site.tables:
        return 0
    wanted = {node.key: node for node in ctx.memory.tree("node")}
    count = 0
    for (nid,) in ctx.site.rows("SELECT nid FROM {taxonomy_index} WHERE tid = ?", [item.local_id]):
        key = ctx.keys.key("node", nid)
        if key in wanted:
            count += _refers(dict(as_values(wanted[key].fields)), item.address)
        elif f"node:{key}" not in going:
            count += 1
    return count


def _refers(value: TreeValue, address: str) -> bool:
    return any(leaf == address for _, leaf in walk(value))
