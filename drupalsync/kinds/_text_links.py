"""Links inside HTML: `<a href="/node/12">` on a site is `<a href="/node:page/about-us">` in the tree.

Only whole attribute values that are paths of this site count: `/node/12`, `node/12/edit`, `/de/node/12`, `/?q=node/12`,
the same for `taxonomy/term/3`; a URL with a host is somebody else's. What follows the key begins with `//`, `?` or `#`.
A text that has `="/node:` in its own right gets a second colon there, so that every text comes back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import LocalIdInTree, path_out, problem

PATHS = {"node": "node", "taxonomy/term": "term"}
_INTERNAL = {kind: path for path, kind in PATHS.items()}
_START = r"(=\s*[\"'](?:/?(?:[a-z]{2,3}(?:-[a-z]{2,8})?/)?(?:index\.php)?(?:\?q=)?))"
_LOCAL = re.compile(_START + r"(node|taxonomy/term)/(\d+)(?=[/?#\"'])(/?)")
_OWN = re.compile(_START + r"(node|term):")
_REFERENCE = re.compile(_START + r"(node|term):(?!:)((?:(?!//)[^\"'?#<>])+)(?=//|[?#\"'])(//)?")
_ESCAPED = re.compile(_START + r"(node|term)::")


def links_out(ctx: Context, text: str) -> str:
    """`text` with the ids in its links named; links to what is not there stay as they are."""
    if not any(sign in text for sign in ("node/", "term/", "node:", "term:")):
        return text

    def named(found: re.Match[str]) -> str:
        start, path, number, slash = found.groups()
        key = ctx.keys.key(PATHS[path], int(number))
        if key is None or str(int(number)) != number or re.search(r"[\"'?#<>]|//|\A:|/\Z", key):
            return found[0]
        return f"{start}{PATHS[path]}:{key}{slash * 2}"

    return _LOCAL.sub(named, _OWN.sub(r"\1\2::", text))


def links_in(ctx: Context, text: str) -> str:
    """The way back; a reference to what is not there yet stays as it is (see `unresolved`)."""

    def local(found: re.Match[str]) -> str:
        start, kind, key, slashes = found.groups()
        local_id = ctx.keys.local_id(kind, key)
        return found[0] if local_id is None else f"{start}{_INTERNAL[kind]}/{local_id}{'/' if slashes else ''}"

    if "node:" not in text and "term:" not in text:
        return text
    return _ESCAPED.sub(r"\1\2:", _REFERENCE.sub(local, text))


def references_in(text: str) -> Iterator[tuple[str, str]]:
    """(kind, key) of every link that a text of the tree names."""
    for found in _REFERENCE.finditer(text):
        yield found[2], found[3]


def link_problems(ctx: Context, text: str, desired: Mapping[str, Item], *, where: str) -> Iterator[DrupalsyncError]:
    """What forbids a text of the tree: a link by the id of something that this site has, a reference to nothing."""
    for found in _LOCAL.finditer(text):
        if ctx.keys.key(PATHS[found[2]], int(found[3])) is not None:
            raw = f"{found[2]}/{found[3]}"
            yield LocalIdInTree(
                f"a link to {raw} names a row by its id, which is another one on every site",
                where=where,
                hint=f"write the reference: {path_out(ctx, raw)}",
            )
            break
    for kind, key in references_in(text):
        missing = problem(ctx, kind, key, desired, where=where)
        if missing is not None:
            yield missing
