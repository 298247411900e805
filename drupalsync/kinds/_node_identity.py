"""Which nodes are ours, and what every node of the site is called.

Every node gets a key, so that a path can name any; ours are those that the manifest selects, and those that the tree
or the ledger already knows (an alias that somebody changed must not make a node look new).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

from drupalsync.kinds._node_file import UND, Alias, is_time, ordered, unix_time
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.identity import Hints, match
from drupalsync.kinds.slug import slug
from drupalsync.php import PhpSyntaxError
from drupalsync.site import BATCH, LocalId, Site, get_variable
from drupalsync.tree import TreeValue

NAME: Final = "node"
OWN_TABLES: Final = {
    "poll": "its questions and votes lie in tables of the poll module"
}  # types that are not only fields


UUID: Final = "uuid"  # the UUID module's column: it says which row this is, and nothing of what it should be


@dataclass(frozen=True, slots=True)
class Known:
    """What tells a node from others."""

    nid: int
    type: str
    language: str
    title: str
    created: int
    uuid: str
    aliases: tuple[Alias, ...]

    @property
    def slug(self) -> str:
        return slug(main_alias(self.aliases, self.language) or self.title)


def with_uuid(extra: TreeValue, other: TreeValue) -> TreeValue:
    """An item's `extra` with the UUID of another's, or with none where that has none."""
    own = {name: value for name, value in extra.items() if name != UUID} if isinstance(extra, dict) else {}
    if isinstance(other, dict) and UUID in other:
        own[UUID] = other[UUID]
    return own or []


def type_of(key: str) -> str:
    """The content type in a node's key."""
    return key.partition("/")[0]


def main_alias(aliases: Sequence[Mapping[str, str]], language: str) -> str:
    """The alias that Drupal shows in the node's own language: the last one of it, else the last neutral one; else ""."""
    for wanted in (language, UND):
        found = [alias["alias"] for alias in aliases if alias["language"] == wanted]
        if found:
            return found[-1]
    return ""


def aliases_of(site: Site, nids: Collection[int] | None = None) -> dict[int, list[Alias]]:
    """The aliases of these nodes (where they are many, of all); by language, the one that Drupal uses last."""
    if "url_alias" not in site.tables:
        return {}
    sql = "SELECT source, alias, language FROM {url_alias} WHERE source"
    if nids is None or len(nids) > BATCH:
        rows = site.rows(f"{sql} LIKE 'node/%' ORDER BY pid")
    else:
        rows = site.rows_in(f"{sql} IN (…) ORDER BY pid", [f"node/{nid}" for nid in nids])
    found: dict[int, list[Alias]] = {}
    for source, alias, language in rows:
        number = str(source)[5:]
        if number.isascii() and number.isdigit():
            found.setdefault(int(number), []).append({"alias": str(alias), "language": str(language)})
    return {nid: ordered(aliases) for nid, aliases in found.items()}


def known_nodes(site: Site, types: Sequence[str] | None = None) -> list[Known]:
    """The nodes of these types, or all, by nid; in two queries."""
    uuid = UUID if UUID in site.columns("node") else "''"
    where = "" if types is None else f"WHERE type IN ({', '.join('?' * len(types))}) "
    rows = site.rows(
        f"SELECT nid, type, language, title, created, {uuid} FROM {{node}} {where}ORDER BY nid", types or []
    )
    aliases = aliases_of(site)
    return [
        Known(
            int(str(nid)),
            str(type_),
            str(language),
            str(title),
            int(str(created)),
            str(own or ""),
            tuple(aliases.get(int(str(nid)), ())),
        )
        for nid, type_, language, title, created, own in rows
    ]


def selected_types(ctx: Context) -> list[str]:
    """The content types that nodes of ours can have."""
    named = {type_of(item.key) for item in ctx.memory.tree(NAME)}
    return sorted((named | set(named_types(ctx))) - OWN_TABLES.keys())


def named_types(ctx: Context) -> list[str]:
    """The types of the site's nodes that the manifest names."""
    if not ctx.scope.nodes:
        return []
    there = ctx.site.rows("SELECT DISTINCT type FROM {node} ORDER BY type")
    return [str(type_) for (type_,) in there if not unselected_type(ctx, str(type_))]


def is_selected(ctx: Context, node: Known) -> bool:
    """Whether the manifest names it."""
    return any(
        selector.takes(node.type)
        and (selector.alias == "*" or any(fnmatchcase(alias["alias"], selector.alias) for alias in node.aliases))
        for selector in ctx.scope.nodes
    )


def identify(ctx: Context) -> None:
    """Gives every node its key; one that could be another node's on another site is shown, but never resolved."""
    nodes = known_nodes(ctx.site)
    types = set(selected_types(ctx))
    tree = ctx.memory.tree(NAME)
    first = 0 if UUID in ctx.site.columns("node") else 1  # a level without any hint would hide an ambiguous alias
    rows: dict[LocalId, Hints] = {node.nid: _hints(node)[first:] for node in nodes if node.type in types}
    found = match(ctx, NAME, rows, tree, lambda item: _hints_of(item)[first:])
    for nid, item in found.items():
        ctx.keys.assign(NAME, nid, item.key)
    ours = {node.nid for node in nodes if node.nid in found or (node.type in types and is_selected(ctx, node))}
    name = _Namer({item.key for item in [*tree, *found.values()]})
    bases = {node.nid: f"{node.type}/{node.slug}" for node in nodes}
    alike: dict[str, list[LocalId]] = {}
    for nid, base in bases.items():
        alike.setdefault(base, []).append(nid)
    for node in sorted(nodes, key=lambda node: (node.nid not in ours, node.nid)):
        if node.nid in found:
            continue
        key = name(bases[node.nid])
        ctx.keys.assign(NAME, node.nid, key)
        if node.nid not in ours and len(alike[bases[node.nid]]) > 1:
            ctx.keys.doubt(NAME, key, list(alike[bases[node.nid]]))


def ours(ctx: Context) -> dict[int, str]:
    """nid → key of the nodes that are items, after `identify`."""
    types = selected_types(ctx)
    if not types:
        return {}
    in_tree = {item.key for item in ctx.memory.tree(NAME)}
    chosen: dict[int, str] = {}
    for node in known_nodes(ctx.site, types):
        key = ctx.keys.key(NAME, node.nid)
        if key is not None and (key in in_tree or is_selected(ctx, node) or _remembered(ctx, node.nid, key)):
            chosen[node.nid] = key
    return chosen


def _remembered(ctx: Context, nid: int, key: str) -> bool:
    return any(item.key == key for item in ctx.memory.recall(NAME, nid))


def _hints(node: Known) -> Hints:
    return _natural(
        node.type, node.language, main_alias(node.aliases, node.language), node.title, str(node.created), node.uuid
    )


def _hints_of(item: Item) -> Hints:
    fields = item.fields
    aliases = fields["aliases"] if isinstance(fields["aliases"], list) else []
    extra = fields["extra"] if isinstance(fields["extra"], dict) else {}
    language = str(fields["language"])
    created = fields["created"]
    return _natural(
        type_of(item.key),
        language,
        main_alias(aliases, language),
        str(fields["title"]),
        str(unix_time(created)) if isinstance(created, str) and is_time(created) else "",
        str(extra.get(UUID) or ""),
    )


def _natural(type_: str, language: str, alias: str, title: str, created: str, uuid: str) -> Hints:
    """The most telling first: alias, title, the second in which it was made; a UUID where the site has them."""
    return [
        f"{type_}|uuid|{uuid}" if uuid else None,
        f"{type_}|{language}|alias|{alias}" if alias else None,
        f"{type_}|{language}|title|{title}",
        f"{type_}|created|{created}" if created else None,
    ]


class _Namer:
    """Keys for nodes that have none: the slug, or the slug with the next number that is free."""

    def __init__(self, taken: set[str]) -> None:
        self._taken = taken
        self._next: dict[str, int] = {}

    def __call__(self, base: str) -> str:
        if base not in self._taken:
            self._taken.add(base)
            return base
        number = self._next.get(base, 2)
        while f"{base}-{number}" in self._taken:
            number += 1
        self._next[base] = number + 1
        self._taken.add(f"{base}-{number}")
        return f"{base}-{number}"


def unselected_type(ctx: Context, type_: str) -> bool:
    """Whether the manifest says nothing of this type, so that its nodes are not read."""
    return not any(selector.takes(type_) for selector in ctx.scope.nodes)


def supports_translation(site: Site, type_: str) -> bool:
    """translation_supported_type(): TRANSLATION_ENABLED is 2."""
    try:
        return str(get_variable(site, f"language_content_type_{type_}", 0)) == "2"
    except PhpSyntaxError:
        return False
