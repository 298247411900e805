"""Local id ↔ portable key, both ways, for one run on one site.

Kinds fill in what they identify (nodes, menu links, custom blocks); what drupalsync refers to but does not manage
(roles, terms, users, files …) is looked up by name in `names.py` the first time that somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from drupalsync.errors import DrupalsyncError
from drupalsync.site.database import Cell
from drupalsync.site.site import Site

LocalId = int | str
Loader = Callable[[Site], Iterable[tuple[LocalId, str]]]


class NoSuchReference(DrupalsyncError):
    """Something names what the target does not have; `address` where that is an item."""

    def __init__(self, what: str, *, address: str = "", where: str, hint: str) -> None:
        super().__init__(what, where=where, hint=hint)
        self.address = address


class Keys:
    """The keys of one site. `loaders` say, for a kind that nobody identified, its (local id, key) pairs."""

    def __init__(self, site: Site, loaders: dict[str, Loader]) -> None:
        self._site = site
        self._loaders = loaders
        self._key: dict[str, dict[LocalId, str]] = {}
        self._local: dict[str, dict[str, LocalId]] = {}
        self._doubtful: dict[str, dict[str, list[LocalId]]] = {}
        self._loaded: set[str] = set()

    def assign(self, kind: str, local_id: LocalId, key: str) -> None:
        """Says that this row has this key; takes the place of what was said before."""
        keys, locals_ = self._key.setdefault(kind, {}), self._local.setdefault(kind, {})
        old = keys.get(local_id)
        if old is not None and locals_.get(old) == local_id:
            del locals_[old]
        keys[local_id] = key
        locals_[key] = local_id

    def doubt(self, kind: str, key: str, candidates: list[LocalId]) -> None:
        """Says that `key` could mean any of several rows: it may be shown, never resolved."""
        self._doubtful.setdefault(kind, {})[key] = candidates

    def trust(self, kind: str, key: str) -> None:
        """Says that `key` is certain after all."""
        self._doubtful.get(kind, {}).pop(key, None)

    def drop(self, kind: str, local_id: LocalId) -> None:
        """Forgets a row that is gone."""
        key = self._key.get(kind, {}).pop(local_id, None)
        if key is not None:
            self._local[kind].pop(key, None)

    def key(self, kind: str, local_id: Cell) -> str | None:
        """The key of a row, or None where the site has no such row."""
        if not isinstance(local_id, int | str):
            return None
        found = self._key.get(kind, {}).get(local_id)
        return found if found is not None else self._load(kind)[0].get(local_id)

    def local_id(self, kind: str, key: str) -> LocalId | None:
        """The row that has this key, or None; None too where several rows could be meant."""
        if key in self._doubtful.get(kind, {}):
            return None
        found = self._local.get(kind, {}).get(key)
        return found if found is not None else self._load(kind)[1].get(key)

    def need(self, kind: str, key: str, *, where: str) -> int:
        """The numeric id of what must be there; raises NoSuchReference."""
        found = self.local_id(kind, key)
        if found is None:
            raise self.missing(kind, key, where=where)
        return int(found)

    def missing(self, kind: str, key: str, *, where: str) -> NoSuchReference:
        """The error that says that `kind:key` is not there, or could be several rows."""
        doubtful = self._doubtful.get(kind, {}).get(key)
        if doubtful:
            ids = ", ".join(str(local_id) for local_id in doubtful)
            return NoSuchReference(
                address=f"{kind}:{key}",
                what=f"{kind}:{key} could mean any of {len(doubtful)} rows on this site (ids {ids})",
                where=where,
                hint="give them different titles or aliases, or take them into the tree (nodes: in drupalsync.yml)",
            )
        return NoSuchReference(
            address=f"{kind}:{key}",
            what=f"{kind}:{key} is neither in the tree nor on this site",
            where=where,
            hint=f"create it on the site, correct the name{_nearest(key, self._local.get(kind, {}))}, or remove the reference",
        )

    def all(self, kind: str) -> Iterator[tuple[LocalId, str]]:
        """Every (local id, key) of a kind."""
        return iter(list(self._load(kind)[0].items()))

    def _load(self, kind: str) -> tuple[dict[LocalId, str], dict[str, LocalId]]:
        """Both maps of a kind, completed by its loader the first time that something is not in them."""
        keys, locals_ = self._key.setdefault(kind, {}), self._local.setdefault(kind, {})
        if kind not in self._loaded:
            self._loaded.add(kind)
            for local_id, key in self._loaders.get(kind, _nothing)(self._site):
                keys.setdefault(local_id, key)
                locals_.setdefault(key, local_id)
        return keys, locals_


def _nothing(site: Site) -> Iterable[tuple[LocalId, str]]:
    del site
    return ()


def _nearest(key: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(key, list(known)[:5000], n=1)
    return f" (did you mean {near[0]}?)" if near else ""
