"""What forbids a term from becoming what the tree says, or from going."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._alias_check import alias_problems
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._node_alias import as_aliases
from drupalsync.kinds._node_check_fields import check_fields
from drupalsync.kinds._term_file import TERM
from drupalsync.kinds._term_hierarchy import DATA, HIERARCHY
from drupalsync.kinds._term_rows import KNOWN
from drupalsync.kinds._term_values import ENTITY, PAGE
from drupalsync.kinds._text_format import format_problem
from drupalsync.kinds._text_links import link_problems
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem

LONGEST = 255
PHP_SPACE = " \t\n\r\0\x0b"  # what trim() cuts off
SMALLEST, LARGEST = -(2**31), 2**31 - 1


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
    yield from _name(ctx, item, where)
    weight = item.fields["weight"]
    if isinstance(weight, int) and not SMALLEST <= weight <= LARGEST:
        yield TermProblem(
            f"the weight {weight} is beyond what the site can hold", where=where, hint="weight: a small number"
        )
    yield from _parents(ctx, item, desired, where)
    yield from _description(ctx, item, desired, where)
    yield from check_fields(ctx, item, desired, where, ENTITY)
    if item.fields["pathauto"] is not None and "pathauto_state" not in ctx.site.tables:
        yield TermProblem(
            "pathauto keeps no states on this site",
            where=where,
            hint="install pathauto 1.3 or later, or remove `pathauto:`",
        )
    own = {f"{PAGE}{tid}" for tid in (ctx.keys.local_id(TERM, item.key), item.local_id) if tid is not None}
    yield from alias_problems(ctx, item, as_aliases(item.fields["aliases"]), desired, where, own)
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


def _name(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    """What taxonomy_form_term() and taxonomy_term_save() make of a name; one that the site has already may stay."""
    name = str(item.fields["name"])
    if len(name) > LONGEST:
        yield TermProblem(
            f"the name has {len(name)} characters, and Drupal keeps {LONGEST}", where=where, hint="shorten it"
        )
    if name != name.strip(PHP_SPACE) and ctx.keys.local_id(TERM, item.key) is None:
        yield TermProblem(
            f"the name {name!r} begins or ends with a space, which Drupal cuts off",
            where=where,
            hint="write it without",
        )


def _description(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    description, format_ = item.fields["description"], item.fields["format"]
    if isinstance(description, str):
        yield from link_problems(ctx, description, desired, where=f"{where} description")
    if isinstance(format_, str) and format_:
        wrong = format_problem(ctx, format_, desired, where=where, has=lambda: _has_format(ctx, item, format_))
        if wrong is not None:
            yield wrong


def _has_format(ctx: Context, item: Item, format_: str) -> bool:
    sql = f"SELECT tid FROM {{{DATA}}} WHERE tid = ? AND format = ?"
    return ctx.site.one(sql, [item.local_id, format_]) is not None


def _parents(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    vocabulary, home = item.key.partition("/")[0], item.key.rpartition("/")[0]
    listed = item.fields["parents"]
    if isinstance(listed, list) and home in listed:
        yield TermProblem(
            f"{item.address} stands under {home} already", where=f"{where} parents", hint="name only the others"
        )
    for name in dict.fromkeys(above(item)):
        place = f"{where} parents"
        missing = problem(ctx, TERM, name, desired, where=place)
        if missing is not None:
            yield missing
        elif name.partition("/")[0] != vocabulary:
            yield TermProblem(f"{name} is a term of another vocabulary", where=place, hint=f"name one of {vocabulary}")
        elif name == item.key or _stands_under(ctx, desired, name, item.key):
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


def _stands_under(ctx: Context, desired: Mapping[str, Item], key: str, wanted: str) -> bool:
    """Whether the term `key` stands somewhere under `wanted`, as the tree has it, else as the site does."""
    seen: set[str] = set()
    left = [key]
    while left:
        current = left.pop()
        item = desired.get(f"{TERM}:{current}")
        for name in above(item) if item is not None else _above_here(ctx, current):
            if name == wanted:
                return True
            if name not in seen:
                seen.add(name)
                left.append(name)
    return False


def _above_here(ctx: Context, key: str) -> list[str]:
    """The keys of the terms that a term which only the site has stands under there."""
    rows = ctx.site.rows(f"SELECT parent FROM {{{HIERARCHY}}} WHERE tid = ?", [ctx.keys.local_id(TERM, key)])
    return [name for (parent,) in rows if (name := ctx.keys.key(TERM, parent)) is not None]
