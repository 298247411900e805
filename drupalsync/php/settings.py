"""What a Drupal site's settings.php says, read without running PHP; or asked of PHP itself.

What needs PHP to be known is never guessed: it is listed in `Settings.unread`, with its line and a mend.
Source: Drupal 7 includes/bootstrap.inc:drupal_settings_initialize, includes/database/database.inc:parseConnectionInfo,
includes/update.inc:update_parse_db_url (Drupal 6's $db_url).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from drupalsync.php.settings_data import WATCHED, Unread, holes, php_value
from drupalsync.php.settings_operators import text
from drupalsync.php.values import Value, type_of_key

_TEXTS: Final = ("driver", "database", "username", "password", "host", "unix_socket", "charset", "collation")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseInfo:
    """One connection, as Drupal names its parts; what is not set is empty. The password is not in its repr.

    `prefix` stands before every table but those in `prefixes`, which have their own (settings.php's map).
    `other` holds the rest: `pdo` (by PDO's numbers), `init_commands` …
    """

    driver: str = ""
    database: str = ""
    username: str = ""
    password: str = field(default="", repr=False)
    host: str = ""
    port: int | None = None
    unix_socket: str = ""
    charset: str = ""
    collation: str = ""
    prefix: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    other: dict[str, Value] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What settings.php sets.

    `databases` is connection key → target → connection. Where a target is a list of connections, of which Drupal takes
    one at random, the first has the target's name and the others `slave/2`, `slave/3` …
    `conf` holds the variables that settings.php fixes; the ones that could not be read are in `unread` instead.
    `db_url` and `db_prefix` are Drupal 6's: a site that has them and no `databases` is not Drupal 7.
    """

    databases: dict[str, dict[str, DatabaseInfo]] = field(default_factory=dict)
    conf: dict[str, Value] = field(default_factory=dict)
    db_url: str | None = field(default=None, repr=False)
    db_prefix: str = ""
    db_prefixes: dict[str, str] = field(default_factory=dict)
    unread: list[Unread] = field(default_factory=list)


def read_settings(path: Path, environ: Mapping[str, str]) -> Settings:
    """Reads a settings.php and the files that it includes, without running PHP.

    `environ` answers getenv(), $_ENV and $_SERVER. A condition is decided as PHP would decide it with that
    environment; where it cannot be, the block is passed over and noted in `unread`.
    Raises SettingsSyntaxError (broken PHP, with `.path` and `.line`), OSError (no such file).
    """
    from drupalsync.php.settings_statements import run  # its many patterns are compiled only where they are needed

    scope = run(path, environ)
    for name in WATCHED:
        for place, hole in holes(scope.variables.get(name), f"${name}"):
            scope.report(name, hole.where, f"{place} {hole.why}", hole.hint)
    unread = sorted(scope.unread, key=lambda unread: (unread.path != str(scope.settings), unread.path, unread.line))
    return settings_from({name: php_value(scope.variables.get(name)) for name in WATCHED}, unread)


def settings_from(variables: Mapping[str, Value], unread: list[Unread]) -> Settings:
    """Makes the settings of the variables that settings.php leaves behind: databases, conf, db_url, db_prefix."""
    databases: dict[str, dict[str, DatabaseInfo]] = {}
    for key, targets in _items(variables.get("databases")).items():
        named: dict[str, DatabaseInfo] = {}
        for target, value in _items(targets).items():
            for number, connection in enumerate(_connections(value), 1):
                named[_text(target) + (f"/{number}" if number > 1 else "")] = _database(connection)
        databases[_text(key)] = named
    url = variables.get("db_url")
    if isinstance(url, dict):  # Drupal 6 with several databases
        url = url.get("default")
    prefix, prefixes = _prefixes(variables.get("db_prefix"))
    return Settings(
        databases=databases,
        conf={_text(key): value for key, value in _items(variables.get("conf")).items()},
        db_url=url if isinstance(url, str) else None,
        db_prefix=prefix,
        db_prefixes=prefixes,
        unread=unread,
    )


def _connections(target: Value) -> list[dict[type_of_key, Value]]:
    """Lists a target's connections: itself, or the list of them that it is (database.inc:parseConnectionInfo)."""
    several = target if isinstance(target, list) else [target]
    return [parts for parts in map(_items, several) if parts]


def _database(parts: dict[type_of_key, Value]) -> DatabaseInfo:
    texts = {name: _text(parts.get(name)) for name in _TEXTS}
    port = _text(parts.get("port"))
    prefix, prefixes = _prefixes(parts.get("prefix"))
    return DatabaseInfo(
        **texts,
        port=int(port) if port.isascii() and port.isdigit() else None,
        prefix=prefix,
        prefixes=prefixes,
        other={_text(key): value for key, value in parts.items() if key not in (*_TEXTS, "port", "prefix")},
    )


def _prefixes(value: Value) -> tuple[str, dict[str, str]]:
    """Splits a prefix into the general one, and those of single tables."""
    if not isinstance(value, dict):
        return _text(value), {}
    tables = {_text(table): _text(prefix) for table, prefix in value.items()}
    return tables.pop("default", ""), tables


def _items(value: Value) -> dict[type_of_key, Value]:
    """Gives an array as a dict; what is no array has no items."""
    if isinstance(value, list):
        return dict(enumerate(value))
    return value if isinstance(value, dict) else {}


def _text(value: Value) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return (text(value) or "") if value is None or isinstance(value, bool | int | float | str) else ""
