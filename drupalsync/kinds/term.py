"""Terms of vocabularies.

Tables    taxonomy_term_data, taxonomy_term_hierarchy (modules/taxonomy/taxonomy.install), field_data_*, field_revision_*,
          url_alias, pathauto_state, file_usage
Key       vocabulary and names from the root: `regions/Europe/France`; of several parents the one with the shortest path
File      config/vocabularies/<vocabulary>.yml
Defaults  no description, weight 0, nothing above it but where it stands
Keeps     the vocabulary's computed `hierarchy`; a term that moves takes what stands below it along; with a term go its
          values, its aliases and its place in forum_containers; one that content has, or that has others below it
          which only the site has, does not go
Caches    cache_field of the term, cache_block, cache_page
Source    modules/taxonomy/taxonomy.module (taxonomy_term_save, taxonomy_term_delete)
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import _term_check, _term_hierarchy, _term_losses, _term_rows, _term_values
from drupalsync.kinds._term_file import TERM, TERM_FIELDS
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import Field, same_tree
from drupalsync.kinds.tables import fixed_names
from drupalsync.site import LocalId

NAME: Final = TERM
TABLES: Final = (_term_hierarchy.DATA, _term_hierarchy.HIERARCHY)
AFTER: Final = ("vocabulary", "text_format", "field_instance", "language", "user", "file")
DOCUMENT: Final = "vocabulary"
FIELDS: Final[Mapping[str, Field]] = TERM_FIELDS


def identify(ctx: Context) -> None:
    """Names every term by its path, as all who refer to one do."""
    for tid, key in list(ctx.keys.all(NAME)):
        ctx.keys.assign(NAME, tid, key)


def read(ctx: Context) -> Iterator[Item]:
    """Yields every term by key."""
    if _term_hierarchy.DATA in ctx.site.tables:
        yield from _term_rows.read_terms(ctx)


def worth_exporting(item: Item) -> bool:
    """Every term is; `exclude: ['term:tags/*']` leaves out those that editors make."""
    del item
    return True


def fill(item: Item, live: Item | None) -> Item:
    """A term leaves nothing to the site."""
    del live
    return item


def needs(item: Item) -> list[str]:
    """The terms that it stands under."""
    return [f"{NAME}:{key}" for key in _term_check.above(item)]


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields what the site forbids; of a vocabulary that has another name on the site that alone."""
    found = list(_term_check.problems(ctx, item, desired))
    vocabulary = item.key.partition("/")[0]
    now = fixed_names.name_now(ctx, DOCUMENT, vocabulary, desired) if found else None
    if now is not None:
        found = [fixed_names.problem(DOCUMENT, vocabulary, now, item.source or item.address)]
    yield from found


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the rows of these terms and their places."""
    numbers = [item.local_id for item in items]
    ctx.site.lock_rows(_term_hierarchy.DATA, "tid", numbers)
    ctx.site.lock_rows(_term_hierarchy.HIERARCHY, "tid", numbers)


def create(ctx: Context, item: Item) -> LocalId:
    """taxonomy_term_save() of a new term."""
    _touch(ctx, item)
    tid = ctx.site.insert(_term_hierarchy.DATA, _term_rows.columns(ctx, item))
    ctx.keys.assign(NAME, tid, item.key)
    _term_rows.write_parents(ctx, tid, item)
    _term_values.write_values(ctx, tid, None, item)
    _term_rows.stale(ctx, tid)
    return tid


def update(ctx: Context, live: Item, item: Item) -> None:
    """taxonomy_term_save() of a term that is there, wherever it goes."""
    tid = _tid(live)
    _touch(ctx, item)
    ctx.keys.assign(NAME, tid, item.key)
    ctx.site.update(_term_hierarchy.DATA, _term_rows.columns(ctx, item), {"tid": tid})
    if live.key != item.key or not same_tree(live.fields["parents"], item.fields["parents"]):
        _term_rows.write_parents(ctx, tid, item)
    _term_values.write_values(ctx, tid, live, item)
    _term_rows.stale(ctx, tid)


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the term goes; raises TermProblem where it cannot."""
    yield from _term_losses.losses(ctx, item, going)


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Nothing stays behind."""
    del ctx, item
    return iter(())


def delete(ctx: Context, item: Item) -> None:
    """taxonomy_term_delete()."""
    tid = _tid(item)
    _touch(ctx, item)
    _term_rows.delete_term(ctx, tid, item.key)
    ctx.keys.drop(NAME, tid)


def finish(ctx: Context) -> None:
    """Links to nodes that are new, then the computed `hierarchy` of the vocabularies that had a part in this."""
    _term_values.settle(ctx)
    said = {item.key: item.fields["hierarchy"] for item in ctx.memory.tree("vocabulary")}
    for vocabulary, before in ctx.left.pop(NAME, {}).items():
        _term_hierarchy.write_hierarchy(ctx, str(vocabulary), said.get(str(vocabulary), before))


def can_move(item: Item) -> bool:
    """Every term, within its vocabulary."""
    del item
    return True


def likeness(item: Item) -> str | None:
    """Its vocabulary and its name."""
    return f"{item.key.partition('/')[0]} {item.fields['name']!r}"


def _touch(ctx: Context, item: Item) -> None:
    """Remembers, before anything of it is written, what a vocabulary has for its hierarchy where that is not the computed one.

    So it was left by Drupal's API, and stays where no tree speaks of it: in a rollback.
    """
    vocabulary = item.key.partition("/")[0]
    left = ctx.left.setdefault(NAME, {})
    if vocabulary not in left:
        left[vocabulary] = _term_hierarchy.out_of_step(ctx, vocabulary)


def _tid(item: Item) -> int:
    assert item.local_id is not None
    return int(item.local_id)
