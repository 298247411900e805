"""config/modules.yml: the modules that the tree needs. drupalsync turns none on: a site that lacks one is told which.

    modules:
      - block
      - views

An export writes those that are on, but for the profile, what only developers use, and `exclude: ['module:…']`, which an
import does not ask for either. A site may have more modules than the tree needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds.fields import FieldProblem
from drupalsync.php import PhpSyntaxError
from drupalsync.site import Site, get_variable, modules
from drupalsync.tree import TreeValue

FILE: Final = "modules.yml"
KIND: Final = "module"
_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")  # a PHP function's: hooks begin with it
# Modules that make a site, and that no site needs.
DEVELOPERS: Final = (
    "devel", "devel_*", "field_ui", "views_ui", "rules_admin", "context_ui", "ds_ui", "diff", "simpletest", "coder",
    "coder_*", "masquerade", "stage_file_proxy", "search_krumo", "hacked", "schema", "features_*_test", "*_test",
)  # fmt: skip
SCHEMA: Final = {
    "type": "object",
    "properties": {
        "modules": {"type": "array", "items": {"type": "string"}, "description": "The modules that the tree needs."}
    },
    "required": ["modules"],
    "additionalProperties": False,
}


class ModulesOff(DrupalsyncError):
    """The site lacks modules that the tree needs."""


def read_needed(document: TreeValue) -> tuple[str, ...]:
    """The modules that the file names; raises FieldProblem."""
    listed = document.get("modules") if isinstance(document, dict) and document.keys() == {"modules"} else None
    if not isinstance(listed, list):
        raise FieldProblem("this file is a list of modules, and nothing else", (), hint="modules: [block, views]")
    for at, name in enumerate(listed):
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise FieldProblem(f"{name!r} is no module's name", ("modules", at), hint="its machine name: views_ui")
        if name in listed[:at]:
            raise FieldProblem(f"{name} stands here twice", ("modules", at), hint="take one of them out")
    return tuple(listed)


def check(site: Site, needed: Iterable[str], where: str, exclude: Iterable[str] = ()) -> None:
    """Raises ModulesOff where the tree needs what is off, and the manifest does not leave it alone."""
    on, globs = modules(site), _globs(exclude)
    off = [name for name in needed if name not in on and not _fits(name, globs)]
    if off:
        strange = _never_seen(site, off)
        fetch = f"drush dl {' '.join(strange)} && " if strange else ""
        raise ModulesOff(
            f"{counted(len(off), 'module')} that the tree needs {'is' if len(off) == 1 else 'are'} off on this site: "
            f"{', '.join(off[:8])}{' …' if len(off) > 8 else ''}; drupalsync turns none on",
            where=where,
            hint=f"{fetch}drush en {' '.join(off)} -y, or take out of the file what the site does not need",
        )


def listed(site: Site, exclude: Iterable[str], old: Iterable[str]) -> list[str]:
    """The modules that an export names: in the order of the file, new ones before the first that sorts after them."""
    globs = _globs(exclude)
    try:
        profile = get_variable(site, "install_profile", "standard")
    except PhpSyntaxError:
        profile = ""
    kept = {*old}
    on = {
        name
        for name in modules(site)
        if name != profile and not _fits(name, globs) and (name in kept or not _fits(name, DEVELOPERS))
    }
    names = [name for name in old if name in on]
    for name in sorted(on - kept):
        names.insert(next((at for at, other in enumerate(names) if other > name), len(names)), name)
    return names


def _globs(exclude: Iterable[str]) -> list[str]:
    """The manifest's globs over modules, without the kind."""
    return [glob.removeprefix(f"{KIND}:") for glob in exclude if glob.startswith(f"{KIND}:")]


def _fits(name: str, globs: Iterable[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)


def _never_seen(site: Site, names: Iterable[str]) -> list[str]:
    """Those that Drupal has never found in its folders: they are to be fetched first, or misspelt."""
    rows = site.rows_in("SELECT name FROM {system} WHERE type = 'module' AND name IN (…)", names)
    seen = {str(name) for (name,) in rows}
    return [name for name in names if name not in seen]
