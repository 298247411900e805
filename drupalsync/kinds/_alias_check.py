"""What forbids a URL alias, of whatever page it is.

Source: modules/path/path.module (path_form_element_validate), modules/path/path.admin.inc (path_admin_form_validate),
modules/path/path.install (the columns' lengths).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final, cast

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._collation import folded, is_one_name
from drupalsync.kinds._node_alias import as_aliases
from drupalsync.kinds._node_file import Alias
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import path_out, problem
from drupalsync.site import LocalId
from drupalsync.tree import TreeValue

NO_LANGUAGE: Final = frozenset({"und", "zxx"})
LONGEST: Final = 255
CLAIMED: Final = "aliases of the tree"  # of ctx.left
_HOLDERS: Final = {"node/": "node", "taxonomy/term/": "term"}  # whose items have `aliases`


class BadAlias(DrupalsyncError):
    """An alias that the site cannot have."""


def alias_problems(
    ctx: Context, item: Item, aliases: list[Alias], desired: Mapping[str, Item], where: str, own: Collection[str]
) -> Iterator[DrupalsyncError]:
    """Yields: no module path; what is no alias, too long, or leads elsewhere already, or is another item's; no such
    language.

    `own` are the paths on this site that the item's aliases lead to now.
    """
    for code in dict.fromkeys(alias["language"] for alias in aliases):
        missing = problem(ctx, "language", code, desired, where=where) if code not in NO_LANGUAGE else None
        if missing is not None:
            yield missing
    if aliases and "url_alias" not in ctx.site.tables:
        yield BadAlias(
            "this site has no table of aliases", where=where, hint="switch on the module path, or remove the aliases"
        )
        return
    for alias in aliases:
        yield from _one(ctx, item, alias, desired, where)
    texts: dict[str, TreeValue] = {"alias": [alias["alias"] for alias in aliases]}
    unfit = list(character_problems(ctx.site, item, "url_alias", texts, where=where))
    yield from unfit
    if not unfit:  # the database does not compare such a text with its own
        yield from _elsewhere(ctx, aliases, desired, where, own)


def _one(ctx: Context, item: Item, alias: Alias, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    """What is wrong with an alias by itself, and who else in the tree has it."""
    text = alias["alias"]
    if not text or text != text.strip().strip("/"):
        yield BadAlias(f"{text!r} cannot be an alias", where=where, hint="no spaces and no / at its ends")
    elif len(text) > LONGEST:
        yield BadAlias(
            f"the alias {text[:40]}… has {len(text)} characters, and Drupal keeps {LONGEST}",
            where=where,
            hint="shorten it",
        )
    for other, its in _claimed(ctx, desired).get(_folded(alias), ()):
        if other != item.address and _is_one(ctx, its, text):
            yield BadAlias(
                f"the alias {text} ({alias['language']}) is that of {other}, too",
                where=where,
                hint="only one of them can have it",
            )


def _elsewhere(
    ctx: Context, aliases: list[Alias], desired: Mapping[str, Item], where: str, own: Collection[str]
) -> Iterator[DrupalsyncError]:
    """The aliases that lead somewhere else on this site."""
    for alias, source in _taken(ctx, [alias["alias"] for alias in aliases], own):
        wanted = next((one for one in aliases if _is_same(ctx, one, alias)), None)
        if wanted is not None and not _is_moving(ctx, source, alias, desired):
            yield BadAlias(
                f"the alias {wanted['alias']} ({alias['language']}) leads to {source} already",
                where=where,
                hint="delete it there, or choose another",
            )


def _claimed(ctx: Context, desired: Mapping[str, Item]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """Who in the tree says that an alias is its own, and how it writes it, by what any database might take it for.

    Looked up once a run.
    """
    if CLAIMED not in ctx.left:
        found: dict[str, list[tuple[str, str]]] = {}
        for item in desired.values():
            if item.kind in _HOLDERS.values():
                for alias in as_aliases(item.fields["aliases"]):
                    found.setdefault(_folded(alias), []).append((item.address, alias["alias"]))
            elif item.kind == "url_alias":
                language, _, name = item.key.partition("/")
                alias = {"language": language, "alias": name}
                found.setdefault(_folded(alias), []).append((item.address, name))
        ctx.left[CLAIMED] = cast("dict[LocalId, TreeValue]", found)
    return cast("Mapping[str, Sequence[tuple[str, str]]]", ctx.left[CLAIMED])


def _folded(alias: Alias) -> str:
    return f"{alias['language']}/{folded(alias['alias'])}"


def _is_same(ctx: Context, wanted: Alias, there: Alias) -> bool:
    return wanted["language"] == there["language"] and _is_one(ctx, wanted["alias"], there["alias"])


def _is_one(ctx: Context, alias: str, other: str) -> bool:
    """Whether the database looks one up and finds the other (drupal_lookup_path())."""
    return is_one_name(ctx, "url_alias", "alias", alias, other)


def _taken(ctx: Context, aliases: list[str], own: Collection[str]) -> Iterator[tuple[Alias, str]]:
    """Aliases of these names that lead somewhere else on this site, and where."""
    rows = ctx.site.rows_in("SELECT source, alias, language FROM {url_alias} WHERE alias IN (…)", aliases)
    for source, alias, language in dict.fromkeys(tuple(map(str, row)) for row in rows):
        if source not in own:
            yield {"alias": alias, "language": language}, source


def _is_moving(ctx: Context, source: str, alias: Alias, desired: Mapping[str, Item]) -> bool:
    """Whether this run takes the alias away from whoever has it: a node, a term, or a file of its own."""
    key = f"{alias['language']}/{alias['alias']}"
    if ctx.keys.local_id("url_alias", key) is not None:
        own = desired.get(f"url_alias:{key}")
        elsewhere = own is not None and own.fields["source"] != path_out(ctx, source)
        return elsewhere or f"url_alias:{key}" in ctx.going
    for start, kind in _HOLDERS.items():
        number = source.removeprefix(start)
        if number != source and number.isascii() and number.isdigit():
            holder = desired.get(f"{kind}:{ctx.keys.key(kind, int(number))}")
            return holder is not None and alias not in as_aliases(holder.fields["aliases"])
    return False
