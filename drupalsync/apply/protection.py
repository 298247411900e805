"""What nothing may delete: what the tree or the ledger says so of, and what Drupal needs (design §9.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from drupalsync.kinds import Item
from drupalsync.manifest import Rules

# Variables that make the item they refer to a page that every site must have (system_site_information_settings()).
PAGES: Final = {
    "variable:site_frontpage": "it is the front page",
    "variable:site_403": "it is the page for what is forbidden",
    "variable:site_404": "it is the page for what is not found",
}


def declared(items: Iterable[Item], rules: Rules) -> frozenset[str]:
    """The addresses of the tree that say `protect: true`, or that the manifest's `protect` names."""
    return frozenset(
        item.address for item in items if item.protect or any(fnmatchcase(item.address, glob) for glob in rules.protect)
    )


def born_protected(live: Mapping[str, Item], desired: Mapping[str, Item]) -> dict[str, str]:
    """The address of each page that the site will need after the import, and why."""
    found = {}
    for variable, why in PAGES.items():
        item = desired.get(variable) or live.get(variable)
        value = item.fields.get("value") if item is not None else None
        if isinstance(value, str):
            found[value] = why
    return found
