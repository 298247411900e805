"""Changes to the schema that stand outside of transactions: what is noted of them in {drupalsync_step}.

MySQL commits by itself at every CREATE, RENAME and DROP. So new tables are made, empty, before the transaction, each
noted first: a run that dies leaves a note, and the next one drops what is empty. Tables that get another name get it after
the commit, as a step like the clearing of caches.
"""

from __future__ import annotations

import json
import re
from typing import Final

from drupalsync.site.site import Site

DROP: Final = "drop table"  # the argument is the table's bare name
RENAME: Final = "rename table"  # the arguments are the old and the new bare name, as a JSON list
NO_RELEASE: Final = 0  # notes that belong to no release yet
_OF_FIELD: Final = re.compile(r"field_(?:data|revision)_(\w+)")


def going(site: Site) -> set[str]:
    """The tables whose names the next run sets free first: made for nothing, or about to get another name."""
    if "drupalsync_step" not in site.tables:
        return set()
    steps = "SELECT argument FROM {drupalsync_step} WHERE action = ? AND done = 0"
    dropped = {str(name) for (name,) in site.rows(steps, [DROP])}
    return dropped | {str(json.loads(str(names))[0]) for (names,) in site.rows(steps, [RENAME])}


def in_use(site: Site, table: str) -> bool:
    """Whether a field of the site keeps its values in a table: Drupal may have made it since the note was written."""
    found = _OF_FIELD.fullmatch(table)
    if found is None or "field_config" not in site.tables:
        return False
    return site.one("SELECT id FROM {field_config} WHERE field_name = ? AND deleted = 0", [found[1]]) is not None
