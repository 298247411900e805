"""A site's address from its settings.php."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from drupalsync.errors import DrupalsyncError
from drupalsync.php.settings import DatabaseInfo, Settings, read_settings
from drupalsync.php.settings_data import SettingsSyntaxError
from drupalsync.site import Address


class BadSettings(DrupalsyncError):
    """settings.php is missing or broken, or does not say which database is the site's."""


def settings_of(path: Path, environ: Mapping[str, str]) -> Settings:
    """Reads settings.php; raises BadSettings with the line where it is broken."""
    try:
        return read_settings(path, environ)
    except SettingsSyntaxError as error:
        raise BadSettings(
            f"settings.php is broken: {error.what}",
            where=f"{error.path}:{error.line}",
            hint="php -l says the same; mend it there",
        ) from error
    except OSError as error:
        raise BadSettings(
            f"settings.php cannot be read: {error.strerror}",
            where=str(path),
            hint="check `root` (and `site`) in drupalsync.yml",
        ) from error


def address_in(settings: Settings, path: Path, root: Path) -> Address:
    """The address of the default connection. Raises BadSettings, with what could not be read and how to mend that."""
    info = settings.databases.get("default", {}).get("default")
    if info is None or not info.driver or not info.database:
        raise _unsaid(settings, path)
    prefixes = tuple(sorted(info.prefixes.items()))
    if info.driver == "sqlite":
        file = Path(info.database)
        return Address(
            engine="sqlite",
            database=str(file if file.is_absolute() else root / file),
            prefix=info.prefix,
            prefixes=prefixes,
        )
    if info.driver != "mysql":
        raise BadSettings(
            f"the database driver {info.driver} is not supported",
            where=str(path),
            hint="drupalsync knows mysql and sqlite",
        )
    return _mysql(info, prefixes)


def notes_on(settings: Settings) -> list[str]:
    """What of settings.php could not be read, a line each with its mend."""
    return [f"{unread.path}:{unread.line}: {unread.what}; {unread.hint}" for unread in settings.unread]


def _mysql(info: DatabaseInfo, prefixes: tuple[tuple[str, str], ...]) -> Address:
    return Address(
        engine="mysql",
        database=info.database,
        host=info.host or "localhost",
        port=info.port or 3306,
        user=info.username,
        password=info.password,
        unix_socket=info.unix_socket,
        prefix=info.prefix,
        prefixes=prefixes,
    )


def _unsaid(settings: Settings, path: Path) -> BadSettings:
    if settings.db_url:
        return BadSettings(
            "this settings.php is a Drupal 6's ($db_url)", where=str(path), hint="drupalsync knows Drupal 7"
        )
    about = next((unread for unread in settings.unread if "databases" in unread.what), None) or next(
        iter(settings.unread), None
    )
    if about is None:
        return BadSettings("settings.php names no database", where=str(path), hint="has Drupal been installed here?")
    return BadSettings(about.what, where=f"{about.path}:{about.line}", hint=about.hint)
