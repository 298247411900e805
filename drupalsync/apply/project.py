"""A project folder and one of its environments: what every command opens first."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from drupalsync.errors import DrupalsyncError
from drupalsync.manifest import BadManifest, Environment, Manifest, find_manifest, read_manifest
from drupalsync.php import Value
from drupalsync.site import Address, BadDatabaseUrl, Site, parse_url

if TYPE_CHECKING:
    from drupalsync.kinds import Scope
    from drupalsync.kinds.tables import Description


class NoDatabase(DrupalsyncError):
    """settings.php does not say, in a way that can be read, which database is the site's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A manifest, and the environment of this run."""

    manifest: Manifest
    environment: Environment
    address: Address
    conf: Mapping[str, Value] = field(default_factory=dict)  # what settings.php sets over the variable table
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)

    @property
    def folder(self) -> Path:
        return self.manifest.folder

    @property
    def tree_shown(self) -> str:
        """The tree's folder as messages name it."""
        return self.manifest.tree_shown

    def scope(self) -> Scope:
        """What is ours on the site, by the manifest and by settings.php."""
        from drupalsync.kinds import NodeSelector, Scope

        return Scope(
            nodes=tuple(NodeSelector(type=rule.type, alias=rule.alias) for rule in self.manifest.nodes),
            exclude=tuple(rule.item for rule in self.manifest.rules.exclude),
            include=self.manifest.include,
            owned_elsewhere={f"variable:{name}": "settings.php" for name in self.conf},
        )

    @contextmanager
    def site(self) -> Iterator[Site]:
        """The site, connected for as long as the block runs."""
        from drupalsync.site.open import open_site

        site = open_site(self.address)
        try:
            yield site
        finally:
            site.db.close()


def open_project(
    environment: str | None, *, start: Path | None = None, environ: Mapping[str, str] | None = None
) -> Project:
    """Reads the manifest and finds the environment's database; connects to nothing.

    Raises BadManifest, NoDatabase, and what settings.php's reader raises.
    """
    known = dict(os.environ) if environ is None else environ
    manifest = read_manifest(find_manifest((start or Path.cwd()).resolve()))
    know_tables(manifest)
    return project_of(manifest, environment, known)


def project_of(manifest: Manifest, environment: str | None, known: Mapping[str, str]) -> Project:
    """One of a manifest's environments, with the address of its database. `known` are the environment's variables.

    Raises BadManifest, NoDatabase, and what settings.php's reader raises.
    """
    chosen = manifest.environment(environment or known.get("DRUPALSYNC_ENV"), known)
    if chosen.root is None:
        try:
            address = parse_url(chosen.database, folder=manifest.folder, password=chosen.password)
        except BadDatabaseUrl as error:
            error.where = f"{manifest.where} environments/{chosen.name}/database"
            raise
        if address.password and chosen.password is None:
            raise BadManifest(
                "a password does not belong in this file",
                where=f"{manifest.where} environments/{chosen.name}/database",
                hint="take it out of the URL; password: !env NAME, or password_file: PATH",
            )
        conf: dict[str, Value] = {}
    else:
        address, conf = from_settings(chosen.root, chosen.site, known)
        if chosen.password is not None:
            address = replace(address, password=chosen.password)
    return Project(manifest=manifest, environment=chosen, address=address, conf=conf, environ=known)


def know_tables(manifest: Manifest) -> None:
    """Makes kinds of the tables that the manifest describes; raises BadDescription."""
    from drupalsync.kinds import describe

    describe(described(manifest), manifest.where)


def described(manifest: Manifest) -> Sequence[Description]:
    """The tables that the manifest describes; raises BadDescription."""
    if manifest.tables is None:
        return ()
    from drupalsync.kinds.tables.words import read_descriptions

    return read_descriptions(manifest.tables, f"{manifest.where} tables")


def from_settings(root: Path, site: str, environ: Mapping[str, str]) -> tuple[Address, dict[str, Value]]:
    """The database that a docroot's settings.php names, and the variables that it sets in $conf."""
    from drupalsync.apply.settings import address_in, settings_of

    path = root / "sites" / site / "settings.php"
    settings = settings_of(path, environ)
    return address_in(settings, path, root), dict(settings.conf)


def now() -> int:
    """The moment of the run, in unix time."""
    return int(time.time())


def in_utc(seconds: int) -> str:
    """A moment in unix time, as messages tell it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
