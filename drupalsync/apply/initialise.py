"""`init`: find a site, try its database, write it into the manifest."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from pathlib import Path

from drupalsync.apply.settings import address_in, notes_on, settings_of
from drupalsync.errors import DrupalsyncError
from drupalsync.manifest import FILE, BadManifest
from drupalsync.php.settings import Settings
from drupalsync.site import Address, modules, parse_url
from drupalsync.site.open import open_site
from drupalsync.tree import Env, TreeValue
from drupalsync.tree.files import write_file

NEW = """\
version: 1
config: config    # where the tree lies

environments: {}

# Content that belongs to the site: nothing unless named, such as
#   - {type: page}
#   - {type: landing, alias: 'campaign/*'}
nodes: []

# Never exported, never touched, such as 'variable:devel_*'
exclude: []
"""


class CannotInitialise(DrupalsyncError):
    """`init` was not told enough, or found no Drupal."""

    exit_code = 64


@dataclass(slots=True, kw_only=True)
class Initialised:
    """What `init` did."""

    new: bool
    shown: str
    drupal: str
    notes: list[str] = field(default_factory=list)


def initialise(
    folder: Path,
    *,
    name: str,
    root: Path | None,
    database: str | None,
    site: str,
    password_env: str | None,
    use_php: bool,
) -> Initialised:
    """Writes drupalsync.yml in `folder`, or adds an environment to the one that is there.

    Raises CannotInitialise, and whatever a wrong database raises: then nothing is written.
    """
    if (root is None) == (database is None):
        raise CannotInitialise(
            "say where the site is",
            hint="drupalsync init --root DOCROOT, or --database mysql://user@host/name, or sqlite:///file",
        )
    notes: list[str] = []
    entry: dict[str, TreeValue] = {}
    if root is not None:
        settings = _settings(root / "sites" / site / "settings.php", use_php=use_php)
        address = address_in(settings, root / "sites" / site / "settings.php", root)
        notes += notes_on(settings)
        entry = {"root": os.path.relpath(root.resolve(), folder), **({"site": site} if site != "default" else {})}
    else:
        assert database is not None
        address = _given(database, folder, password_env)
        entry = {"database": database, **({"password": Env(password_env)} if password_env else {})}
    drupal = _try(address)
    path = folder / FILE
    old = path.read_text() if path.exists() else None
    write_file(path, with_environment(old, name, entry, where=str(path)).encode())
    return Initialised(new=old is None, shown=address.shown, drupal=drupal, notes=notes)


def with_environment(text: str | None, name: str, settings: dict[str, TreeValue], *, where: str) -> str:
    """The manifest's text with this environment added or replaced, every other line as it was; None makes a new one."""
    from drupalsync.tree.edit import edit
    from drupalsync.tree.read import parse

    old = NEW if text is None else text
    document = parse(old, where=where)
    if not isinstance(document, dict):
        raise BadManifest("the manifest is not a mapping", where=where, hint="begin it with `version: 1`")
    environments = document.get("environments") or {}
    return edit(old, document, {**document, "environments": {**environments, name: settings}})


def _settings(path: Path, *, use_php: bool) -> Settings:
    if use_php:
        from drupalsync.php.settings_from_php import ask_php

        return ask_php(path)
    return settings_of(path, os.environ)


def _given(database: str, folder: Path, password_env: str | None) -> Address:
    address = parse_url(database, folder=folder)
    if address.password:
        raise CannotInitialise(
            "a password on the command line can be read by everybody on this machine (ps), and would end in the manifest",
            hint="take it out of the URL, export it as a variable, and give --password-env NAME",
        )
    if password_env is None:
        return address
    if password_env not in os.environ:
        raise CannotInitialise(f"the environment variable {password_env} is not set", hint=f"export {password_env}=…")
    return replace(address, password=os.environ[password_env])


def _try(address: Address) -> str:
    """Connects once; returns Drupal's version."""
    site = open_site(address)
    try:
        system = modules(site).get("system")
        return system.version if system and system.version else "7"
    finally:
        site.db.close()
