"""References inside paths: `node/12` on a site is `node:page/about-us` in the tree.

The places are data: which internal paths carry an id, and of what. What follows the id is kept behind `//`:
`node/12/edit` is `node:page/about-us//edit`. A reference that leads nowhere on the site is written
`node:missing/12`: it can never be mistaken for a row of another site.
Source of the paths: hook_menu() of node, taxonomy and user.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.site import NoSuchReference

PATHS: dict[str, str] = {"node": "node", "taxonomy/term": "term", "user": "user"}
_LOCAL = re.compile(r"(node|taxonomy/term|user)/(\d+)((?:/.*)?)", re.DOTALL)
_REFERENCE = re.compile(r"(node|term|user):(.+?)(?://(.*))?", re.DOTALL)
_INTERNAL = {kind: path for path, kind in PATHS.items()}


class LocalIdInTree(DrupalsyncError):
    """A file names a row by an id that only one database knows."""


def path_out(ctx: Context, path: str) -> str:
    """An internal path as the tree writes it; any other text unchanged."""
    found = _LOCAL.fullmatch(path)
    if not found:
        return path
    kind = PATHS[found[1]]
    key = ctx.keys.key(kind, int(found[2]))
    rest = f"/{found[3]}" if found[3] else ""
    return f"{kind}:{key or f'missing/{found[2]}'}{rest}"


def path_in(ctx: Context, text: str, *, where: str) -> str:
    """The internal path that `text` stands for on this site; raises NoSuchReference."""
    parts = split(text)
    if parts is None:
        return text
    kind, key, rest = parts
    return f"{_INTERNAL[kind]}/{ctx.keys.need(kind, key, where=where)}{rest}"


def split(text: str) -> tuple[str, str, str] | None:
    """(kind, key, what follows) of a reference; None where `text` is none."""
    found = _REFERENCE.fullmatch(text)
    return (found[1], found[2], f"/{found[3]}" if found[3] is not None else "") if found else None


def path_problem(ctx: Context, text: str, desired: Mapping[str, Item], *, where: str) -> DrupalsyncError | None:
    """What forbids `text` as a path in the tree: a bare local id, or a reference to nothing."""
    if _LOCAL.fullmatch(text):
        return LocalIdInTree(
            f"the path {text} names a row by its id, which is another one on every site",
            where=where,
            hint=f"write the reference: {path_out(ctx, text)}",
        )
    parts = split(text)
    if parts is None:
        return None
    return problem(ctx, parts[0], parts[1], desired, where=where)


def problem(ctx: Context, kind: str, key: str, desired: Mapping[str, Item], *, where: str) -> NoSuchReference | None:
    """The error that a reference to `kind:key` is, or None where the tree or the site has it."""
    if f"{kind}:{key}" in desired or ctx.keys.local_id(kind, key) is not None:
        return None
    return ctx.keys.missing(kind, key, where=where)
