"""The variable table, for all that other configuration keeps there.

Source: includes/bootstrap.inc (variable_initialize, variable_set, variable_del).
"""

from __future__ import annotations

from drupalsync.php import Value, decode, encode
from drupalsync.site.database import Cell
from drupalsync.site.site import Site


def as_bytes(cell: Cell) -> bytes:
    """A serialized column's content, whether the engine calls it text or a blob."""
    if isinstance(cell, str):
        return cell.encode("utf-8", "surrogateescape")
    return cell if isinstance(cell, bytes) else str(cell or "").encode()


def get_variable(site: Site, name: str, default: Value = None) -> Value:
    """What variable_get() would say without $conf; raises PhpSyntaxError where the stored value is broken."""
    row = site.one("SELECT value FROM {variable} WHERE name = ?", [name])
    return decode(as_bytes(row[0])) if row else default


def set_variable(site: Site, name: str, value: Value) -> None:
    """variable_set(): one row, and the cached copy of all variables is stale."""
    data = encode(value)
    if not site.update("variable", {"value": data}, {"name": name}):
        site.insert("variable", {"name": name, "value": data})
    site.caches.entry("cache_bootstrap", "variables")


def delete_variable(site: Site, name: str) -> None:
    """variable_del()."""
    site.delete("variable", {"name": name})
    site.caches.entry("cache_bootstrap", "variables")
