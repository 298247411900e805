"""What nothing may delete: what the tree or the ledger says so of, and what Drupal needs (design §9.5)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from drupalsync.kinds import Context, Item
from drupalsync.kinds.references import path_out
from drupalsync.manifest import Rules
from drupalsync.php import PhpSyntaxError
from drupalsync.site import get_variable
from drupalsync.tree import IntRef, TreeValue

# Variables that make the item they refer to a page that every site must have (system_site_information_settings()).
PAGES: Final = {
    "site_frontpage": "it is the front page",
    "site_403": "it is the page for what is forbidden",
    "site_404": "it is the page for what is not found",
}
ADMINISTRATOR: Final = "user_admin_role"  # user_modules_installed() grants it every new permission
FALLBACK: Final = "filter_fallback_format"
CORE: Final = {1: "it is what visitors are", 2: "it is what everybody with an account is"}  # DRUPAL_ANONYMOUS_RID …


def declared(items: Iterable[Item], rules: Rules) -> frozenset[str]:
    """The addresses of the tree that say `protect: true`, or that the manifest's `protect` names."""
    return frozenset(
        item.address for item in items if item.protect or any(fnmatchcase(item.address, glob) for glob in rules.protect)
    )


def born_protected(ctx: Context, live: Mapping[str, Item], desired: Mapping[str, Item]) -> dict[str, str]:
    """The address of each item that the site will need after the import, and why.

    What the run is not about stays as the site has it: `live` and `desired` need not hold the variables that say so.
    """

    def named(variable: str) -> str | None:
        item = desired.get(f"variable:{variable}") or live.get(f"variable:{variable}")
        value = _stored(ctx, variable) if item is None else item.fields.get("value")
        value = value.target if isinstance(value, IntRef) else value
        return value if isinstance(value, str) else None

    found = {value: why for variable, why in PAGES.items() if (value := named(variable))}
    for rid, why in CORE.items():
        found[f"role:{ctx.keys.key('role', rid)}"] = why
    if role := named(ADMINISTRATOR):
        found[role] = "it is the administrator role"
    if text_format := named(FALLBACK):
        found[f"text_format:{text_format}"] = "it is the fallback format, which everybody may use"
    return found


def _stored(ctx: Context, variable: str) -> TreeValue:
    """A variable of the site as the tree would have it; None where it says nothing."""
    try:
        value = get_variable(ctx.site, variable)
    except PhpSyntaxError:
        return None
    if variable == ADMINISTRATOR and isinstance(value, int | str) and str(value).isdecimal():
        return f"role:{ctx.keys.key('role', int(value))}"
    return path_out(ctx, value) if variable in PAGES and isinstance(value, str) else str(value or "")
