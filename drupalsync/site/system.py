"""Modules and themes, as {system} tells: what is on, of which version, and which regions a theme has.

Source: modules/system/system.install ({system}), modules/system/system.module (system_region_list: what `info` lists,
hidden regions too).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drupalsync.php import PhpSyntaxError, decode
from drupalsync.site.site import Site
from drupalsync.site.variables import as_bytes


@dataclass(frozen=True, slots=True)
class Extension:
    """A module or theme that is on."""

    name: str
    title: str
    version: str
    regions: Mapping[str, str]  # machine name → title; empty for a module
    features: frozenset[str]  # `kind:name` of what a Features module says that it owns


def modules(site: Site) -> dict[str, Extension]:
    """The modules that are on, by name."""
    return _read(site, "module")


def core_modules(site: Site) -> dict[str, bool]:
    """The modules that are on, by name: whether each lies where core has its own."""
    rows = site.rows("SELECT name, filename FROM {system} WHERE type = 'module' AND status = 1 ORDER BY name")
    return {str(name): str(filename).startswith("modules/") for name, filename in rows}


def themes(site: Site) -> dict[str, Extension]:
    """The themes that are on, by name."""
    return _read(site, "theme")


def all_themes(site: Site) -> dict[str, Extension]:
    """Every theme that Drupal has seen, on or off, by name."""
    rows = site.rows("SELECT name, info FROM {system} WHERE type = 'theme' ORDER BY name")
    return {str(name): _extension(str(name), as_bytes(info)) for name, info in rows}


def regions_of(site: Site, theme: str) -> dict[str, str]:
    """The visible regions of a theme, on or off, in its own order (system_region_list with REGIONS_VISIBLE)."""
    row = site.one("SELECT info FROM {system} WHERE type = 'theme' AND name = ?", [theme])
    try:
        info = decode(as_bytes(row[0])) if row and row[0] else {}
    except PhpSyntaxError:
        return {}
    regions = info.get("regions") if isinstance(info, dict) else None
    hidden = info.get("regions_hidden") if isinstance(info, dict) else None
    unseen = list(hidden.values()) if isinstance(hidden, dict) else hidden if isinstance(hidden, list) else []
    named = regions if isinstance(regions, dict) else {}
    return {str(name): str(title) for name, title in named.items() if name not in unseen}


def drupal_version(site: Site) -> str:
    """Drupal's own version, as its system module says it: 7.105; "" where that says none."""
    row = site.one("SELECT info FROM {system} WHERE type = 'module' AND name = 'system'")
    return _extension("system", as_bytes(row[0])).version if row else ""


def _read(site: Site, kind: str) -> dict[str, Extension]:
    rows = site.rows("SELECT name, info FROM {system} WHERE type = ? AND status = 1 ORDER BY name", [kind])
    return {str(name): _extension(str(name), as_bytes(info)) for name, info in rows}


def _extension(name: str, data: bytes) -> Extension:
    try:
        info = decode(data) if data else {}
    except PhpSyntaxError:
        info = {}
    fields = info if isinstance(info, dict) else {}
    regions = fields.get("regions")
    return Extension(
        name=name,
        title=str(fields.get("name") or name),
        version=str(fields.get("version") or ""),
        regions={str(key): str(title) for key, title in regions.items()} if isinstance(regions, dict) else {},
        features=frozenset(_features(fields.get("features"))),
    )


def _features(listed: object) -> list[str]:
    if not isinstance(listed, dict):
        return []
    found: list[str] = []
    for component, names in listed.items():
        values = names.values() if isinstance(names, dict) else names if isinstance(names, list) else ()
        found += [f"{component}:{name}" for name in values if isinstance(name, str)]
    return found
