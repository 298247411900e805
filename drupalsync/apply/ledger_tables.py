"""The tables of the ledger, and how a ledger of an older format becomes one of today's.

drupalsync_meta      format, the key of the keyed hashes, the generation: random, new whenever drupalsync_item changes;
                     whose ledger it is: the installation and the repository
drupalsync_item      what drupalsync last left of each item, sealed, the row that has it, whether it is protected
drupalsync_release   every import and rollback: revision, author, when, how many changes, state, the plan that it spent,
                     the release that it took back
drupalsync_image     what each item of a release was before it, in the clear: it never leaves the database
drupalsync_step      what is still to do after a commit: caches, hooks
drupalsync_lock      who holds the lock; believed only while the lock is held
"""

from __future__ import annotations

from typing import Final

from drupalsync.site import Site

FORMAT: Final = 2
TABLES: Final = {
    "drupalsync_meta": "name VARCHAR(64) NOT NULL PRIMARY KEY, value LONGBLOB NOT NULL",
    "drupalsync_item": (
        "id CHAR(40) NOT NULL PRIMARY KEY, kind VARCHAR(64) NOT NULL, item_key TEXT NOT NULL, "
        "local_id VARCHAR(255) NOT NULL, local_type CHAR(1) NOT NULL, base LONGBLOB NOT NULL, release_id INT NOT NULL, "
        "protect INT NOT NULL DEFAULT 0"
    ),
    "drupalsync_release": (
        "id INT NOT NULL PRIMARY KEY, revision VARCHAR(80) NOT NULL, author VARCHAR(255) NOT NULL, started BIGINT NOT NULL, "
        "changes INT NOT NULL, selectors TEXT NOT NULL, state VARCHAR(16) NOT NULL, plan_id VARCHAR(80) NOT NULL DEFAULT '', "
        "undoes INT NULL"
    ),
    "drupalsync_image": (
        "release_id INT NOT NULL, number INT NOT NULL, action VARCHAR(16) NOT NULL, kind VARCHAR(64) NOT NULL, "
        "item_key TEXT NOT NULL, previous_key TEXT NULL, local_id VARCHAR(255) NULL, local_type CHAR(1) NULL, "
        "live LONGBLOB NULL, base LONGBLOB NULL, base_release INT NULL, protect INT NOT NULL DEFAULT 0, "
        "PRIMARY KEY (release_id, number)"
    ),
    "drupalsync_step": (
        "release_id INT NOT NULL, number INT NOT NULL, action VARCHAR(16) NOT NULL, argument TEXT NOT NULL, done INT NOT NULL, "
        "PRIMARY KEY (release_id, number)"
    ),
    "drupalsync_lock": "id INT NOT NULL PRIMARY KEY, who TEXT NOT NULL, since BIGINT NOT NULL",
}
FIRST: Final = TABLES.keys() - {"drupalsync_image"}  # the tables of every format
_ADDED: Final = {  # columns that younger formats have added
    "drupalsync_item": {"protect": "INT NOT NULL DEFAULT 0"},
    "drupalsync_release": {"plan_id": "VARCHAR(80) NOT NULL DEFAULT ''", "undoes": "INT NULL"},
}


def complete(site: Site) -> None:
    """Makes the tables and columns that are not there. Commits by itself on MySQL; may be found half done."""
    missing = TABLES.keys() - site.tables  # an account without the right to CREATE can use what is there
    for table, columns in TABLES.items():
        name = site.db.quote(site.full_name(table))
        if table in missing:
            site.db.execute(f"CREATE TABLE IF NOT EXISTS {name} ({columns}){site.db.table_options()}")
            continue
        known = site.columns(table)
        for column, definition in _ADDED.get(table, {}).items():
            if column not in known:
                site.db.execute(f"ALTER TABLE {name} ADD COLUMN {column} {definition}")
    site.tables_changed()
