"""The ledger: drupalsync's own tables in the site's database.

drupalsync_meta      format, the key of the keyed hashes
drupalsync_item      what drupalsync last left of each item, sealed, and the row that has it
drupalsync_release   every import: revision, author, when, how many changes, state
drupalsync_step      what is still to do after a commit: caches, hooks
drupalsync_lock      who holds the lock; believed only while the lock is held

Ids are 40 hexadecimal digits, so that primary keys fit every engine's limit. Tables are made by the first import that
writes (DDL commits by itself on MySQL, so it is done before the transaction); a dry run makes nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from drupalsync.apply.seal import pack, unpack
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Item
from drupalsync.site import BATCH, Cell, LocalId, Site, as_bytes

FORMAT = 1
TABLES = {
    "drupalsync_meta": "name VARCHAR(64) NOT NULL PRIMARY KEY, value LONGBLOB NOT NULL",
    "drupalsync_item": (
        "id CHAR(40) NOT NULL PRIMARY KEY, kind VARCHAR(64) NOT NULL, item_key TEXT NOT NULL, "
        "local_id VARCHAR(255) NOT NULL, local_type CHAR(1) NOT NULL, base LONGBLOB NOT NULL, release_id INT NOT NULL"
    ),
    "drupalsync_release": (
        "id INT NOT NULL PRIMARY KEY, revision VARCHAR(64) NOT NULL, author VARCHAR(255) NOT NULL, started BIGINT NOT NULL, "
        "changes INT NOT NULL, selectors TEXT NOT NULL, state VARCHAR(16) NOT NULL"
    ),
    "drupalsync_step": (
        "release_id INT NOT NULL, number INT NOT NULL, action VARCHAR(16) NOT NULL, argument TEXT NOT NULL, done INT NOT NULL, "
        "PRIMARY KEY (release_id, number)"
    ),
    "drupalsync_lock": "id INT NOT NULL PRIMARY KEY, who TEXT NOT NULL, since BIGINT NOT NULL",
}


class LedgerTooNew(DrupalsyncError):
    """A newer drupalsync wrote this ledger."""


class Ledger:
    """The ledger of one site; reads as empty where there is none yet."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made = "drupalsync_item" in site.tables
        self._key = secrets.token_bytes(32)
        if self._made:
            self._key = self._stored_key()

    @property
    def key(self) -> bytes:
        """The key of this ledger's keyed hashes; before the first write one that nobody keeps."""
        return self._key

    @property
    def exists(self) -> bool:
        return self._made

    def make(self) -> None:
        """Makes the tables where they are missing. Commits by itself on MySQL."""
        for table, columns in TABLES.items():
            name = self._site.db.quote(self._site.full_name(table))
            self._site.db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}){self._site.db.table_options()}")
        self._site.tables_changed()
        self._made = True
        if self._meta("format") is None:
            self._site.insert("drupalsync_meta", {"name": "key", "value": self._key.hex()})
            self._site.insert("drupalsync_meta", {"name": "format", "value": str(FORMAT)})
        self._key = self._stored_key()

    def items(self) -> Iterator[Item]:
        """Every item as drupalsync last left it, sealed."""
        if not self._made:
            return
        for kind, key, local_id, local_type, base in self._site.rows(
            "SELECT kind, item_key, local_id, local_type, base FROM {drupalsync_item} ORDER BY kind, id"
        ):
            yield Item(
                kind=str(kind),
                key=str(key),
                fields=unpack(as_bytes(base)),
                local_id=int(str(local_id)) if local_type == "i" else str(local_id),
            )

    def record(self, items: Sequence[tuple[Item, LocalId]], release: int) -> None:
        """Remembers items (sealed) and the rows that have them, in the place of what was known of them."""
        self.forget(item.address for item, _ in items)
        for start in range(0, len(items), BATCH):
            self._site.insert_many(
                "drupalsync_item", [_row(item, at, release) for item, at in items[start : start + BATCH]]
            )

    def forget(self, addresses: Iterable[str]) -> None:
        """Forgets items."""
        self._site.change_in("DELETE FROM {drupalsync_item} WHERE id IN (…)", map(_id, addresses))

    def begin_release(self, *, revision: str, author: str, started: int, changes: int, selectors: Iterable[str]) -> int:
        """Writes the release that is being made; returns its number."""
        row = self._site.one("SELECT MAX(id) FROM {drupalsync_release}")
        number = int(str(row[0])) + 1 if row and row[0] is not None else 1
        self._site.insert(
            "drupalsync_release",
            {
                "id": number,
                "revision": revision,
                "author": author,
                "started": started,
                "changes": changes,
                "selectors": " ".join(selectors),
                "state": "committed",
            },
        )
        return number

    def finish_release(self, number: int) -> None:
        """Says that everything after the commit is done, too."""
        self._site.update("drupalsync_release", {"state": "done"}, {"id": number})

    def last_release(self) -> tuple[int, str, int] | None:
        """(number, revision, unix time) of the newest release."""
        if not self._made:
            return None
        row = self._site.one("SELECT id, revision, started FROM {drupalsync_release} ORDER BY id DESC LIMIT 1")
        return (int(str(row[0])), str(row[1]), int(str(row[2]))) if row else None

    def _meta(self, name: str) -> str | None:
        row = self._site.one("SELECT value FROM {drupalsync_meta} WHERE name = ?", [name])
        return as_bytes(row[0]).decode() if row else None

    def _stored_key(self) -> bytes:
        written = self._meta("format")
        if written is not None and int(written) > FORMAT:
            raise LedgerTooNew(
                "a newer drupalsync has been at work on this site",
                where="drupalsync_meta.format",
                hint="update drupalsync",
            )
        stored = self._meta("key")
        return bytes.fromhex(stored) if stored else self._key


def _row(item: Item, local_id: LocalId, release: int) -> dict[str, Cell]:
    return {
        "id": _id(item.address),
        "kind": item.kind,
        "item_key": item.key,
        "local_id": str(local_id),
        "local_type": "i" if isinstance(local_id, int) else "s",
        "base": pack(item.fields),
        "release_id": release,
    }


def _id(address: str) -> str:
    return blake2b(address.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()
