"""The ledger: drupalsync's own tables in the site's database.

drupalsync_meta      format, the key of the keyed hashes, the generation: random, new whenever drupalsync_item changes
drupalsync_item      what drupalsync last left of each item, sealed, and the row that has it
drupalsync_release   every import: revision, author, when, how many changes, state
drupalsync_step      what is still to do after a commit: caches, hooks
drupalsync_lock      who holds the lock; believed only while the lock is held

Ids are 40 hexadecimal digits, so that primary keys fit every engine's limit. Tables are made by the first import that
writes (DDL commits by itself on MySQL, so it is done before the transaction); a dry run makes nothing. The ledger is there
once drupalsync_meta says its format: what a run that died has made before that is completed, and believed in nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from drupalsync.apply.desired import Tree
from drupalsync.apply.seal import pack
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Item
from drupalsync.site import BATCH, Cell, LocalId, Site, as_bytes

FORMAT = 1
ITEMS = "SELECT kind, item_key, local_id, local_type, base FROM {drupalsync_item}"
# Equal answers to this mean equal items: all that changes them draws a new generation. What is counted besides tells
# where somebody repaired the ledger by hand.
ITEMS_IN_SHORT = (
    "SELECT (SELECT value FROM {drupalsync_meta} WHERE name = 'generation'), "
    "COUNT(*), SUM(LENGTH(base)), SUM(LENGTH(local_id)), SUM(release_id) FROM {drupalsync_item}"
)
TABLES = {
    "drupalsync_meta": "name VARCHAR(64) NOT NULL PRIMARY KEY, value LONGBLOB NOT NULL",
    "drupalsync_item": (
        "id CHAR(40) NOT NULL PRIMARY KEY, kind VARCHAR(64) NOT NULL, item_key TEXT NOT NULL, "
        "local_id VARCHAR(255) NOT NULL, local_type CHAR(1) NOT NULL, base LONGBLOB NOT NULL, release_id INT NOT NULL"
    ),
    "drupalsync_release": (
        "id INT NOT NULL PRIMARY KEY, revision VARCHAR(80) NOT NULL, author VARCHAR(255) NOT NULL, started BIGINT NOT NULL, "
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
        stored = self._stored_key() if site.tables.issuperset(TABLES) else None
        self._made = stored is not None
        self._key = stored or secrets.token_bytes(32)

    @property
    def key(self) -> bytes:
        """The key of this ledger's keyed hashes; before the first write one that nobody keeps."""
        return self._key

    @property
    def exists(self) -> bool:
        return self._made

    def make(self) -> None:
        """Makes the tables where they are missing, and empties those of a ledger that is not whole. Commits by itself."""
        if self._made:
            return
        # The mark goes first and comes last: a run that dies in between leaves no rows that the next would believe.
        if "drupalsync_meta" in self._site.tables:
            self._site.execute("DELETE FROM {drupalsync_meta}")
        missing = TABLES.keys() - self._site.tables  # an account without the right to CREATE can use what is there
        for table, columns in TABLES.items():
            if table in missing:
                name = self._site.db.quote(self._site.full_name(table))
                self._site.db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}){self._site.db.table_options()}")
        self._site.tables_changed()
        for table in (
            "drupalsync_item",
            "drupalsync_step",
        ):  # what a release had left to do is done before the next one
            self._site.execute(f"DELETE FROM {{{table}}}")
        for name, value in {"key": self._key.hex(), "format": str(FORMAT)}.items():
            self._site.insert("drupalsync_meta", {"name": name, "value": value})
        self._made = True

    def items(self, tree: Tree) -> Iterator[Item]:
        """Every item as drupalsync last left it, sealed; one that says what the tree's says shares its fields."""
        if not self._made:
            return
        for kind, key, local_id, local_type, base in self._site.rows(ITEMS):
            yield Item(
                kind=str(kind),
                key=str(key),
                fields=tree.fields_like(f"{kind!s}:{key!s}", as_bytes(base)),
                local_id=int(str(local_id)) if local_type == "i" else str(local_id),
            )

    def left_by(self, addresses: Iterable[str]) -> dict[str, int]:
        """The release that last left each of these items, of those that the ledger knows."""
        if not self._made:
            return {}
        rows = self._site.rows_in(
            "SELECT kind, item_key, release_id FROM {drupalsync_item} WHERE id IN (…)", list(map(_id, addresses))
        )
        return {f"{kind!s}:{key!s}": int(str(release)) for kind, key, release in rows}

    def record(self, items: Sequence[tuple[Item, LocalId]], release: int) -> None:
        """Remembers items (sealed) and the rows that have them, in the place of what was known of them."""
        self.forget(item.address for item, _ in items)
        for start in range(0, len(items), BATCH):
            self._site.insert_many(
                "drupalsync_item", [_row(item, at, release) for item, at in items[start : start + BATCH]]
            )

    def forget(self, addresses: Iterable[str]) -> None:
        """Forgets items."""
        self._site.delete("drupalsync_meta", {"name": "generation"})
        self._site.insert("drupalsync_meta", {"name": "generation", "value": secrets.token_hex(16)})
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

    def last_release(self) -> tuple[int, str, int] | None:
        """(number, revision, unix time) of the newest release."""
        if not self._made:
            return None
        row = self._site.one("SELECT id, revision, started FROM {drupalsync_release} ORDER BY id DESC LIMIT 1")
        return (int(str(row[0])), str(row[1]), int(str(row[2]))) if row else None

    def _meta(self, name: str) -> str | None:
        row = self._site.one("SELECT value FROM {drupalsync_meta} WHERE name = ?", [name])
        return as_bytes(row[0]).decode() if row else None

    def _stored_key(self) -> bytes | None:
        """The key of a ledger that is whole, else None; raises LedgerTooNew."""
        written, key = self._meta("format"), self._meta("key")
        if written is not None and int(written) > FORMAT:
            raise LedgerTooNew(
                "a newer drupalsync has been at work on this site",
                where="drupalsync_meta.format",
                hint="update drupalsync",
            )
        return bytes.fromhex(key) if written is not None and key else None


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
