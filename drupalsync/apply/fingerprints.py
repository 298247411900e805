"""What a plan is bound to: fingerprints of its items, of the site and of the tree's files.

An item's fingerprint is a keyed hash of it in the clear (HMAC, RFC 2104), so that a secret that changed is seen to have
changed, and whoever has the plan alone can guess neither a short password nor tell two sites' items alike. The key is
derived from the ledger's. A site without a ledger has none that anybody keeps: there `drupal_private_key` stands in
(system_get_private_key() in includes/common.inc); where that is missing, too, secrets do not take part.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b, sha256

from drupalsync.apply.gather import Gathered
from drupalsync.apply.ledger import Ledger
from drupalsync.apply.seal import MARK, is_seal, pack
from drupalsync.kinds import Item
from drupalsync.php import PhpSerialized, canonical
from drupalsync.plan import Change
from drupalsync.site import Site, as_bytes
from drupalsync.tree import TreeValue
from drupalsync.tree import replace as tree_replace

HEX = 32  # digits of a fingerprint: half of the hash, which is the least that RFC 2104 allows
OVERLAYS = "environments/"
_PRIVATE_KEY = "SELECT value FROM {variable} WHERE name = 'drupal_private_key'"


@dataclass(frozen=True, slots=True)
class Key:
    """A key of fingerprints. `name` says where it is from, and tells one key from another of the same origin."""

    name: str
    secret: bytes | None = field(repr=False)  # None: secrets do not take part


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """The fingerprints of what one look has gathered, under one key."""

    key: Key
    gathered: Gathered = field(repr=False)

    def of(self, change: Change) -> tuple[str | None, str | None]:
        """Of the live and of the desired item of a change; None for a side that it does not have."""
        before = change.live.address if change.live else None
        live = self.live(before) if before else None
        return live, self._desired(change.address, before) if change.desired else None

    def live(self, address: str) -> str | None:
        """Of what the site has under an address, or None."""
        if self.key.secret is None:
            return self._of(self.gathered.inputs.live.get(address))
        return self._of(self.gathered.live.get(address))

    def _desired(self, address: str, before: str | None) -> str | None:
        """Of what the tree wants, with what it leaves to the site."""
        sealed, clear = self.gathered.inputs, self.gathered
        desired, live = (sealed.desired, sealed.live) if self.key.secret is None else (clear.desired, clear.live)
        if address not in desired:
            return None
        item = desired[address]
        return self._of(sealed.kinds[item.kind].fill(item, live.get(before) if before else None))

    def _of(self, item: Item | None) -> str | None:
        if item is None:
            return None
        if self.key.secret is None:
            item = _without_secrets(item)
        data = canonical([item.kind, item.key, pack(item.fields)])
        return f"hmac:{hmac.new(self.key.secret or b'', data, sha256).hexdigest()[:HEX]}"


def choose_key(site: Site, ledger: Ledger, name: str = "") -> Key:
    """The key of that name, where the site still has it; else the best of those that it has."""
    keys = list(_keys(site, ledger))
    return next((key for key in keys if key.name == name), keys[0])


def site_identity(site: Site) -> str:
    """A digest of what tells this site from others; of its host it says nothing."""
    return blake2b(site.identity().encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def tree_digest(files: Mapping[str, bytes], overlay: str = "") -> str:
    """A digest of the files that count for a run: all of the tree, and of its overlays the one that the run has."""
    ours = f"{OVERLAYS}{overlay}/" if overlay else ""
    found = blake2b(digest_size=16)
    _add(found, overlay.encode())
    for path, data in sorted(files.items()):
        if not path.startswith(OVERLAYS) or (ours and path.startswith(ours)):
            _add(found, path.encode("utf-8", "surrogateescape"))
            _add(found, data)
    return found.hexdigest()


def _add(found: blake2b, part: bytes) -> None:
    found.update(len(part).to_bytes(8, "big"))
    found.update(part)


def _keys(site: Site, ledger: Ledger) -> Iterator[Key]:
    """Every key that the site has, the best first."""
    if ledger.exists:
        yield _derived("ledger", ledger.key)
    row = site.one(_PRIVATE_KEY)
    if row and (stored := as_bytes(row[0])):
        yield _derived("drupal_private_key", stored)
    yield Key("none", None)


def _derived(origin: str, secret: bytes) -> Key:
    """A key of its own for each use: a fingerprint must not double as the seal of a secret."""
    key = hmac.new(secret, b"drupalsync: fingerprints", sha256).digest()
    return Key(f"{origin}:{hmac.new(key, b'drupalsync: which key', sha256).hexdigest()[:8]}", key)


def _without_secrets(item: Item) -> Item:
    fields = tree_replace(dict(item.fields), _blank)
    assert isinstance(fields, dict)
    return replace(item, fields={str(name): value for name, value in fields.items()})


def _blank(value: TreeValue) -> TreeValue:
    return PhpSerialized(MARK) if is_seal(value) else value
