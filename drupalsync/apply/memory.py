"""What earlier runs know of a site's rows: the ledger in its database, and a cache beside the tree.

The cache gives two exports from one checkout the same keys where nothing else remembers them. It is git-ignored, safe to
delete, and never trusted for what the row does not confirm (`kinds.identity.match`).
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from drupalsync.apply.desired import Tree
from drupalsync.apply.own_files import cache_bytes, cache_file, own_folder
from drupalsync.apply.seal import pack
from drupalsync.kinds import Item
from drupalsync.site import LocalId
from drupalsync.tree.files import write_file


class RowMemory:
    """The Memory that the kinds ask."""

    def __init__(self, ledger: Iterable[Item], cached: Iterable[Item], tree: Iterable[Item]) -> None:
        self._rows: dict[tuple[str, LocalId], list[Item]] = {}
        self._tree: dict[str, list[Item]] = {}
        known = {item.address: item for item in ledger}
        # The ledger is the site's own word: what the cache says of a key that the ledger gives to another row is stale.
        fresh = [item for item in cached if known.get(item.address, item).local_id == item.local_id]
        for item in (*known.values(), *fresh):
            if item.local_id is not None:
                self._rows.setdefault((item.kind, item.local_id), []).append(item)
        for item in tree:
            self._tree.setdefault(item.kind, []).append(item)

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        return iter(self._rows.get((kind, local_id), ()))

    def tree(self, kind: str) -> Sequence[Item]:
        return self._tree.get(kind, ())


def read_cache(project: Path, environment: str, site: str, tree: Tree) -> list[Item]:
    """The items that this checkout last saw in that site; none where the cache is missing, broken or of another site.

    One that says what the tree's item says shares its fields.
    """
    try:
        stored = json.loads(cache_bytes(project, environment))
        if stored["site"] != site:
            return []
        return [
            Item(
                kind=kind,
                key=key,
                local_id=local_id,
                fields=tree.fields_like(f"{kind}:{key}", base64.b64decode(fields)),
            )
            for kind, key, local_id, fields in stored["items"]
        ]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def write_cache(project: Path, environment: str, site: str, items: Iterable[Item]) -> None:
    """Remembers sealed items for the next run from this checkout; where there are none, no file is made."""
    rows = [
        [item.kind, item.key, item.local_id, base64.b64encode(pack(item.fields)).decode()]
        for item in items
        if isinstance(item.local_id, int)  # other rows are their own name
    ]
    known = cache_bytes(project, environment)
    data = json.dumps({"site": site, "items": rows}).encode()
    if data != known and (rows or known):
        own_folder(project)
        write_file(cache_file(project, environment), data)
