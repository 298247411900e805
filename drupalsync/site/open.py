"""Opens a site: connects, and makes sure that it is a Drupal 7.

Source: modules/system/system.install ({system}.schema_version); Drupal 8 and later keep configuration in {config}.
"""

from __future__ import annotations

from drupalsync.site.database import Database
from drupalsync.site.site import NotDrupal, Site
from drupalsync.site.url import Address


def open_site(address: Address) -> Site:
    """Connects. Raises CannotConnect, or NotDrupal where there is something else, or another Drupal, there."""
    database = _connect(address)
    try:
        prefixes = {table: database.named(prefix) for table, prefix in address.prefixes}
        site = Site(database, shown=address.shown, prefix=database.named(address.prefix), prefixes=prefixes)
        _check(site, database)
    except BaseException:
        database.close()
        raise
    return site


def _connect(address: Address) -> Database:
    if address.engine == "sqlite":
        from drupalsync.site.sqlite import Sqlite

        return Sqlite(address)
    from drupalsync.site.mysql import Mysql

    return Mysql(address)


def _check(site: Site, database: Database) -> None:
    tables = site.tables
    if {"config", "key_value"} <= tables:
        raise NotDrupal(
            "this is a Drupal 8 or later",
            where=site.shown,
            hint="drupalsync knows Drupal 7; its own config:export serves there",
        )
    if not {"system", "variable", "menu_links"} <= tables:
        raise NotDrupal(
            "there is no Drupal in this database", where=site.shown, hint=_prefix_hint(site, database.tables())
        )
    row = site.one("SELECT schema_version FROM {system} WHERE name = ? AND type = ?", ["system", "module"])
    version = int(str(row[0])) if row else 0
    if not 7000 <= version < 8000:
        named = f"Drupal {version // 1000}" if version >= 6000 else "an unknown Drupal"
        raise NotDrupal(
            f"this is {named}, not Drupal 7",
            where=f"{site.shown} system.schema_version",
            hint="drupalsync knows Drupal 7",
        )


def _prefix_hint(site: Site, tables: set[str]) -> str:
    prefixes = sorted(name.removesuffix("menu_links") for name in tables if name.endswith("menu_links"))
    others = [prefix for prefix in prefixes if prefix != site.prefix]
    if others:
        return (
            f"tables with the prefix {others[0]!r} are there: add ?prefix={others[0]} to the database URL"
            if others[0]
            else ("tables without a prefix are there: take the prefix out")
        )
    return (
        "check the database's name" if tables else "the database is empty: install Drupal, or check the database's name"
    )
