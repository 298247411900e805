"""A Drupal database: connections, tables, local id ↔ key, caches, modules, version."""

from drupalsync.site.caches import Caches, Stale, clear, is_bin
from drupalsync.site.database import CannotConnect, Cell, Column, ConnectionLost, Database, DatabaseError, LockBusy, Row
from drupalsync.site.keys import Keys, LocalId, NoSuchReference
from drupalsync.site.names import LOADERS
from drupalsync.site.site import BATCH, NotDrupal, Site
from drupalsync.site.system import Extension, drupal_version, modules, themes
from drupalsync.site.url import Address, BadDatabaseUrl, parse_url, with_password
from drupalsync.site.variables import as_bytes, delete_variable, get_variable, set_variable

__all__ = [
    "BATCH",
    "LOADERS",
    "Address",
    "BadDatabaseUrl",
    "Caches",
    "CannotConnect",
    "Cell",
    "Column",
    "ConnectionLost",
    "Database",
    "DatabaseError",
    "Extension",
    "Keys",
    "LocalId",
    "LockBusy",
    "NoSuchReference",
    "NotDrupal",
    "Row",
    "Site",
    "Stale",
    "as_bytes",
    "clear",
    "delete_variable",
    "drupal_version",
    "get_variable",
    "is_bin",
    "modules",
    "parse_url",
    "set_variable",
    "themes",
    "with_password",
]
