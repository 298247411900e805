"""The ledger: drupalsync's own tables in the site's database (their columns: apply/ledger_tables.py).

Ids are 40 hexadecimal digits, so that primary keys fit every engine's limit. Tables are made by the first import that
writes (DDL commits by itself on MySQL, so it is done before the transaction); a dry run makes nothing. The ledger is there
once drupalsync_meta says its format: what a run that died has made before that is completed, and believed in nothing.
An older format is read as it stands, and brought up to date by the next import that writes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from drupalsync.apply.desired import Tree
from drupalsync.apply.ledger_tables import FIRST, FORMAT, TABLES, complete
from drupalsync.apply.seal import pack
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import Item
from drupalsync.site import BATCH, Cell, LocalId, Site, as_bytes

ITEMS = "SELECT kind, item_key, local_id, local_type, base FROM {drupalsync_item}"
# Equal answers to this mean equal items: all that changes them draws a new generation. What is counted besides tells
# where somebody repaired the ledger by hand.
ITEMS_IN_SHORT = (
    "SELECT (SELECT value FROM {drupalsync_meta} WHERE name = 'generation'), "
    "COUNT(*), SUM(LENGTH(base)), SUM(LENGTH(local_id)), SUM(release_id) FROM {drupalsync_item}"
)

# The names in drupalsync_meta that say whose ledger it is (apply/binding.py).
INSTALLATION = "installation"
REPOSITORY = "repository"


class LedgerTooNew(DrupalsyncError):
    """A newer drupalsync wrote this ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the ledger has of one item: its fields packed and sealed, the row, the release that left it so."""

    local_id: LocalId
    base: bytes
    release: int
    protected: bool = False


class Ledger:
    """The ledger of one site; reads as empty where there is none yet."""

    def __init__(self, site: Site) -> None:
        self._site = site
        stored = self._stored_key() if site.tables.issuperset(FIRST) else None
        self._made = stored is not None
        self._format = int(self._meta("format") or 0) if self._made else FORMAT
        if self._format == FORMAT and not site.tables.issuperset(TABLES):
            stored, self._made = None, False
        self._key = stored or secrets.token_bytes(32)
        self._disowned = False

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
            if self._format < FORMAT:
                complete(self._site)
                self._site.update("drupalsync_meta", {"value": str(FORMAT)}, {"name": "format"})
                self._format = FORMAT
            return
        # The mark goes first and comes last: a run that dies in between leaves no rows that the next would believe.
        if "drupalsync_meta" in self._site.tables:
            self._site.execute("DELETE FROM {drupalsync_meta}")
        complete(self._site)
        # What a release had left to do is done before the next one, and no image is of a release that this ledger knows.
        for table in ("drupalsync_item", "drupalsync_step", "drupalsync_image"):
            self._site.execute(f"DELETE FROM {{{table}}}")
        for name, value in {"key": self._key.hex(), "format": str(FORMAT)}.items():
            self._site.insert("drupalsync_meta", {"name": name, "value": value})
        self._made = True

    def disown(self) -> None:
        """Believes no item from here on; `start_anew` is what writes it down."""
        self._disowned = True

    def start_anew(self, release: int) -> None:
        """Forgets the items of a ledger that was disowned, whose it was and what led back; the releases stay told."""
        if not self._disowned:
            return
        for table in ("drupalsync_item", "drupalsync_image"):
            self._site.execute(f"DELETE FROM {{{table}}}")
        for name in (INSTALLATION, REPOSITORY):
            self._site.delete("drupalsync_meta", {"name": name})
        self.note("taken_over", " ".join([*map(str, self.taken_over()), str(release)]))
        self._disowned = False

    def count(self) -> int:
        """How many items the ledger has, believed or not."""
        row = self._site.one("SELECT COUNT(*) FROM {drupalsync_item}") if self._made else None
        return int(str(row[0])) if row else 0

    def taken_over(self) -> tuple[int, ...]:
        """The releases that took the site over from another ledger's owner: nothing leads back across them."""
        return tuple(map(int, (self.noted("taken_over") or "").split()))

    def noted(self, name: str) -> str | None:
        """What drupalsync_meta says under a name; None where it says nothing."""
        return self._meta(name) if self._made else None

    def note(self, name: str, value: str) -> None:
        """Writes something into drupalsync_meta, in the place of what was there."""
        self._site.delete("drupalsync_meta", {"name": name})
        self._site.insert("drupalsync_meta", {"name": name, "value": value})

    def items(self, tree: Tree) -> Iterator[Item]:
        """Every item as drupalsync last left it, sealed; one that says what the tree's says shares its fields."""
        if not self._made or self._disowned:
            return
        for kind, key, local_id, local_type, base in self._site.rows(ITEMS):
            yield Item(
                kind=str(kind),
                key=str(key),
                fields=tree.fields_like(f"{kind!s}:{key!s}", as_bytes(base)),
                local_id=as_local_id(local_id, local_type),
            )

    def protected(self) -> frozenset[str]:
        """The addresses of the items that the last release of each left protected."""
        if not self._made or self._disowned or self._format < FORMAT:
            return frozenset()
        rows = self._site.rows("SELECT kind, item_key FROM {drupalsync_item} WHERE protect = 1")
        return frozenset(f"{kind!s}:{key!s}" for kind, key in rows)

    def left_by(self, addresses: Iterable[str]) -> dict[str, int]:
        """The release that last left each of these items, of those that the ledger knows."""
        if not self._made or self._disowned:
            return {}
        rows = self._site.rows_in(
            "SELECT kind, item_key, release_id FROM {drupalsync_item} WHERE id IN (…)", list(map(_id, addresses))
        )
        return {f"{kind!s}:{key!s}": int(str(release)) for kind, key, release in rows}

    def entries(self, addresses: Iterable[str]) -> dict[str, Entry]:
        """What it has of each of these items, of those that it knows."""
        rows = self._site.rows_in(
            "SELECT kind, item_key, local_id, local_type, base, release_id, protect FROM {drupalsync_item} WHERE id IN (…)",
            list(map(_id, addresses)),
        )
        return {
            f"{kind!s}:{key!s}": Entry(
                local_id=as_local_id(local_id, local_type),
                base=as_bytes(base),
                release=int(str(release)),
                protected=bool(protect),
            )
            for kind, key, local_id, local_type, base, release, protect in rows
        }

    def put_back(self, entries: Mapping[str, Entry | None]) -> None:
        """Gives each address the entry that it had, in the place of what there is now; None: it had none."""
        self.forget(entries)
        rows = [_entry_row(address, entry) for address, entry in entries.items() if entry is not None]
        for start in range(0, len(rows), BATCH):
            self._site.insert_many("drupalsync_item", rows[start : start + BATCH])

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

    def begin_release(
        self,
        *,
        revision: str,
        author: str,
        started: int,
        changes: int,
        selectors: Iterable[str],
        plan_id: str = "",
        undoes: int | None = None,
    ) -> int:
        """Writes the release that is being made; returns its number. `undoes` is the one that it takes back."""
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
                "plan_id": plan_id,
                "undoes": undoes,
            },
        )
        return number

    def last_release(self) -> tuple[int, str, int] | None:
        """(number, revision, unix time) of the newest release."""
        if not self._made:
            return None
        row = self._site.one("SELECT id, revision, started FROM {drupalsync_release} ORDER BY id DESC LIMIT 1")
        return (int(str(row[0])), str(row[1]), int(str(row[2]))) if row else None

    def spent_by(self, plan_id: str) -> tuple[int, int] | None:
        """(number, unix time) of the release that carried out a plan; None: none has."""
        if not self._made or self._format < FORMAT:
            return None
        row = self._site.one("SELECT id, started FROM {drupalsync_release} WHERE plan_id = ? ORDER BY id", [plan_id])
        return (int(str(row[0])), int(str(row[1]))) if row else None

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


def as_local_id(cell: Cell, type_: Cell) -> LocalId:
    """A local id as the tables have it: its text, and i for a number."""
    return int(str(cell)) if type_ == "i" else str(cell)


def _row(item: Item, local_id: LocalId, release: int) -> dict[str, Cell]:
    entry = Entry(local_id=local_id, base=pack(item.fields), release=release, protected=item.protect)
    return _entry_row(item.address, entry)


def _entry_row(address: str, entry: Entry) -> dict[str, Cell]:
    kind, _, key = address.partition(":")
    return {
        "id": _id(address),
        "kind": kind,
        "item_key": key,
        "local_id": str(entry.local_id),
        "local_type": "i" if isinstance(entry.local_id, int) else "s",
        "base": entry.base,
        "release_id": entry.release,
        "protect": int(entry.protected),
    }


def _id(address: str) -> str:
    return blake2b(address.encode("utf-8", "surrogateescape"), digest_size=20).hexdigest()
