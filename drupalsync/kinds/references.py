"""References inside paths: `node/12` on a site is `node:page/about-us` in the tree.

The places are data: which internal paths carry an id, and of what (`forum/5` is the page of a term, too). What follows the
id is kept behind `//`:
`node/12/edit` is `node:page/about-us//edit`. A reference that leads nowhere on the site is written
`node:missing/12`: it can never be mistaken for a row of another site.
Source of the paths: hook_menu() of node, taxonomy, user and forum.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.site import NoSuchReference

# internal path → the word that a reference begins with
PATHS: dict[str, str] = {"node": "node", "taxonomy/term": "term", "user": "user", "forum": "forum"}
_KINDS = {"forum": "term"}  # the kind that a word names, where it is not called so
_LOCAL = re.compile(r"(node|taxonomy/term|user|forum)/(\d+)((?:/.*)?)", re.DOTALL)
_REFERENCE = re.compile(r"(node|term|user|forum):(.+?)(?://(.*))?", re.DOTALL)
_INTERNAL = {word: path for path, word in PATHS.items()}


class LocalIdInTree(DrupalsyncError):
    """A file names a row by an id that only one database knows."""


def path_out(ctx: Context, path: str) -> str:
    """An internal path as the tree writes it; any other text unchanged."""
    found = _local(ctx, path)
    if not found:
        return path
    word = PATHS[found[1]]
    key = ctx.keys.key(kind_of(word), int(found[2]))
    rest = f"/{found[3]}" if found[3] else ""
    return f"{word}:{key or f'missing/{found[2]}'}{rest}"


def path_in(ctx: Context, text: str, *, where: str) -> str:
    """The internal path that `text` stands for on this site; raises NoSuchReference."""
    parts = split(text)
    if parts is None:
        return text
    word, key, rest = parts
    return f"{_INTERNAL[word]}/{ctx.keys.need(kind_of(word), key, where=where)}{rest}"


def kind_of(word: str) -> str:
    """The kind that a reference beginning with this word names."""
    return _KINDS.get(word, word)


def _local(ctx: Context, path: str) -> re.Match[str] | None:
    """A path with the id of a row; `forum/2011` is one only where core's forum serves it."""
    found = _LOCAL.fullmatch(path)
    return None if found and found[1] == "forum" and ctx.keys.local_id("module", "forum") is None else found


def split(text: str) -> tuple[str, str, str] | None:
    """(word, key, what follows) of a reference; None where `text` is none."""
    found = _REFERENCE.fullmatch(text)
    return (found[1], found[2], f"/{found[3]}" if found[3] is not None else "") if found else None


def path_problem(ctx: Context, text: str, desired: Mapping[str, Item], *, where: str) -> DrupalsyncError | None:
    """What forbids `text` as a path in the tree: a bare local id, or a reference to nothing."""
    if _local(ctx, text):
        return LocalIdInTree(
            f"the path {text} names a row by its id, which is another one on every site",
            where=where,
            hint=f"write the reference: {path_out(ctx, text)}",
        )
    parts = split(text)
    if parts is None:
        return None
    return problem(ctx, kind_of(parts[0]), parts[1], desired, where=where)


def problem(ctx: Context, kind: str, key: str, desired: Mapping[str, Item], *, where: str) -> NoSuchReference | None:
    """The error that a reference to `kind:key` is, or None where the tree or the site has it."""
    if f"{kind}:{key}" in desired or ctx.keys.local_id(kind, key) is not None:
        return None
    return ctx.keys.missing(kind, key, where=where)
