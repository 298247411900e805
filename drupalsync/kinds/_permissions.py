"""Permissions: which module each belongs to, and those that carry an id.

{role_permission} keeps the module beside every permission, since Drupal deletes by it when a module goes; the tree says it
only where these tables do not.
Source: hook_permission() of core's modules.
"""

from __future__ import annotations

import re
from typing import Final

from drupalsync.kinds.base import Context

# fmt: off
OF_MODULES: Final[dict[str, tuple[str, ...]]] = {
    "aggregator": ("access news feeds", "administer news feeds"),
    "announcements_feed": ("access announcements",),
    "block": ("administer blocks",),
    "book": (
        "access printer-friendly version", "add content to books", "administer book outlines", "create new books",
    ),
    "comment": (
        "access comments", "administer comments", "edit own comments", "post comments", "skip comment approval",
    ),
    "contact": ("access site-wide contact form", "access user contact forms", "administer contact forms"),
    "contextual": ("access contextual links",),
    "dashboard": ("access dashboard",),
    "field": ("administer fields",),
    "filter": ("administer filters",),
    "forum": ("administer forums",),
    "image": ("administer image styles",),
    "locale": ("administer languages", "translate interface"),
    "menu": ("administer menu",),
    "node": (
        "access content", "access content overview", "administer content types", "administer nodes",
        "bypass node access", "delete revisions", "revert revisions", "view own unpublished content", "view revisions",
    ),
    "overlay": ("access overlay",),
    "path": ("administer url aliases", "create url aliases"),
    "php": ("use PHP for settings",),
    "poll": ("cancel own vote", "inspect all votes", "vote on polls"),
    "search": ("administer search", "search content", "use advanced search"),
    "shortcut": ("administer shortcuts", "customize shortcut links", "switch shortcut sets"),
    "simpletest": ("administer unit tests",),
    "statistics": ("access statistics", "administer statistics", "view post access counter"),
    "system": (
        "access administration pages", "access site in maintenance mode", "access site reports", "administer actions",
        "administer modules", "administer site configuration", "administer software updates", "administer themes",
        "block IP addresses", "view the administration theme",
    ),
    "taxonomy": ("administer taxonomy",),
    "toolbar": ("access toolbar",),
    "translation": ("translate content",),
    "user": (
        "access user profiles", "administer permissions", "administer users", "cancel account", "change own username",
        "select account cancellation method",
    ),
}
# fmt: on
MODULE: Final = {permission: module for module, listed in OF_MODULES.items() for permission in listed}
PATTERNS: Final = (
    (re.compile(r"(?:create|(?:edit|delete) (?:own|any)) \w+ content"), "node"),  # node_list_permissions()
    (re.compile(r"use text format \w+"), "filter"),  # filter_permission_name()
    (re.compile(r"(?:edit|delete) terms in .+", re.DOTALL), "taxonomy"),  # taxonomy_permission()
)
FORMAT: Final = "use text format "
# What precedes an id, and the kind of which it is one.
IDS: Final = {
    "edit terms in ": "vocabulary",
    "delete terms in ": "vocabulary",
    "add terms in ": "vocabulary",  # taxonomy_access_fix
}


def module_of(permission: str) -> str | None:
    """The module that a permission belongs to, where core says so."""
    known = MODULE.get(permission)
    return known or next((module for pattern, module in PATTERNS if pattern.fullmatch(permission)), None)


def named(ctx: Context, permission: str) -> str | None:
    """A permission as the tree has it: `edit terms in vocabulary:tags`; None for one of what is gone."""
    for start, kind in IDS.items():
        if permission.startswith(start) and permission[len(start) :].isdecimal():
            key = ctx.keys.key(kind, int(permission[len(start) :]))
            return None if key is None else f"{start}{kind}:{key}"
    return permission


def reference(permission: str) -> tuple[str, str] | None:
    """(kind, key) of what a permission of the tree is about, where that must be there."""
    if permission.startswith(FORMAT):
        return "text_format", permission[len(FORMAT) :]
    for start, kind in IDS.items():
        if permission.startswith(f"{start}{kind}:"):
            return kind, permission[len(start) + len(kind) + 1 :]
    return None


def with_id(ctx: Context, permission: str) -> str | None:
    """How a permission that says an id would name what it is about on this site; None where it says none."""
    start = next((start for start in IDS if permission.startswith(start)), "")
    if not start or not permission[len(start) :].isdecimal():
        return None
    return named(ctx, permission) or f"{start}{IDS[start]}:NAME"


def local(ctx: Context, permission: str, where: str) -> str:
    """A permission of the tree as this site has it; raises NoSuchReference."""
    for start, kind in IDS.items():
        if permission.startswith(f"{start}{kind}:"):
            key = permission[len(start) + len(kind) + 1 :]
            return f"{start}{ctx.keys.need(kind, key, where=where)}"
    return permission
