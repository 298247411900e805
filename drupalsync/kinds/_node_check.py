"""What forbids an item of the tree from becoming a node of this site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._alias_check import NO_LANGUAGE, alias_problems
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._node_alias import as_aliases
from drupalsync.kinds._node_check_fields import check_fields
from drupalsync.kinds._node_file import is_time
from drupalsync.kinds._node_identity import NAME, OWN_TABLES, UUID, supports_translation, type_of, unselected_type
from drupalsync.kinds._node_rows import COLUMNS
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem
from drupalsync.tree import TreeValue

UND = "und"


class CannotBeSaved(DrupalsyncError):
    """A node of the tree that this site cannot have as it is."""


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields every problem; nothing is written."""
    where = f"{item.source} {item.address}".strip()
    type_ = type_of(item.key)
    if type_ in OWN_TABLES:
        yield CannotBeSaved(
            f"a {type_} is more than its fields: {OWN_TABLES[type_]}", where=where, hint="take it out of the tree"
        )
        return
    if unselected_type(ctx, type_):
        yield CannotBeSaved(
            f"drupalsync.yml does not select nodes of the type {type_}",
            where=where,
            hint=f"add it there: nodes: [{{type: {type_}}}]",
        )
    missing = problem(ctx, "content_type", type_, desired, where=where)
    if missing is not None:
        yield missing
        return
    yield from _own_fields(ctx, item, desired, where)
    yield from _aliases(ctx, item, desired, where)
    yield from _translation(ctx, item, desired, where)
    yield from _book(ctx, item, desired, where)
    yield from _extra(ctx, item, where)
    yield from check_fields(ctx, item, desired, where)


def _own_fields(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    fields = item.fields
    title = str(fields["title"])
    if not title.strip():
        yield CannotBeSaved("a node needs a title", where=where, hint="write one: title: …")
    if len(title) > 255:
        yield CannotBeSaved(f"the title has {len(title)} characters, Drupal keeps 255", where=where, hint="shorten it")
    missing = problem(ctx, "user", str(fields["author"]), desired, where=f"{where} author")
    if missing is not None:
        yield missing
    created = str(fields["created"])
    if created and not is_time(created):
        yield CannotBeSaved(
            f"{created!r} is no time", where=f"{where} created", hint="write it as '2011-12-06T09:00:00Z' (UTC)"
        )
    yield from character_problems(ctx.site, item, "node", {"title": title}, where=where, extra=fields["extra"])
    code = str(fields["language"])
    missing = problem(ctx, "language", code, desired, where=where) if code not in NO_LANGUAGE else None
    if missing is not None:
        yield missing


def _aliases(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    if item.fields["pathauto"] is not None and "pathauto_state" not in ctx.site.tables:
        yield CannotBeSaved(
            "pathauto keeps no states on this site",
            where=where,
            hint="install pathauto 1.3 or later, or remove `pathauto:`",
        )
    own = {f"node/{ctx.keys.local_id(NAME, item.key) or item.local_id or 0}", f"node/{item.local_id}"}
    yield from alias_problems(ctx, item, as_aliases(item.fields["aliases"]), desired, where, own)


def _translation(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    if item.fields["translation_of"] is None:
        return
    source = str(item.fields["translation_of"])
    place = f"{where} translation_of"
    missing = problem(ctx, NAME, source, desired, where=place)
    if missing is not None:
        yield missing
    if not supports_translation(ctx.site, type_of(item.key)) and not _will_translate(desired, type_of(item.key)):
        yield CannotBeSaved(
            f"{type_of(item.key)} cannot be translated on this site",
            where=place,
            hint=f"switch on the module translation, and set the variable language_content_type_{type_of(item.key)} to 2",
        )
    if item.fields["language"] == UND:
        yield CannotBeSaved("a translation needs a language", where=where, hint="language: …")
    above = desired.get(f"{NAME}:{source}")
    if source == item.key or (above is not None and above.fields["translation_of"] is not None):
        yield CannotBeSaved(f"{source} is a translation itself", where=place, hint="name the source of the set")


def _will_translate(desired: Mapping[str, Item], type_: str) -> bool:
    variable = desired.get(f"variable:language_content_type_{type_}")
    return variable is not None and any(value in (2, "2") for value in variable.fields.values())


def _book(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    book = item.fields["book"]
    if not isinstance(book, dict):
        return
    place = f"{where} book"
    if "book" not in ctx.site.tables:
        yield CannotBeSaved("this site has no books", where=place, hint="switch on the module book, or remove `book:`")
        return
    for name in ("in", "parent"):
        key = str(book.get(name, item.key))
        missing = None if key == item.key else problem(ctx, NAME, key, desired, where=place)
        if missing is not None:
            yield missing
        elif name == "in" and not _is_first_page(ctx, key, item, desired):
            yield CannotBeSaved(
                f"{key} is no book", where=place, hint="name the book's first page, whose own book is itself"
            )


def _is_first_page(ctx: Context, key: str, item: Item, desired: Mapping[str, Item]) -> bool:
    above = item if key == item.key else desired.get(f"{NAME}:{key}")
    if above is not None:
        own = above.fields["book"]
        return isinstance(own, dict) and own["in"] == key
    nid = ctx.keys.local_id(NAME, key)
    return ctx.site.one("SELECT nid FROM {book} WHERE nid = ? AND bid = ?", [nid, nid]) is not None


def _extra(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    extra: TreeValue = item.fields["extra"]
    known = {UUID, *ctx.site.extra_columns("node", COLUMNS)}
    for name in extra if isinstance(extra, dict) else ():
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            hint = f"did you mean {near[0]}?" if near else "switch on the module that adds it, or remove it"
            yield CannotBeSaved(f"{{node}} has no column {name!s} on this site", where=f"{where} extra", hint=hint)
