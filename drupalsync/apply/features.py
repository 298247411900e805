"""Items that a module made by Features says are its own: told, and left out where the manifest says so.

`exclude: ['features:*']`, or the name of one such module, leaves them to Features. Else they are items like any other: what
an import writes, Features shows as overridden.
Source: system.info of the module, as features.module reads it (features_get_features).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Final

from drupalsync.errors import counted
from drupalsync.site import Site, modules

KIND: Final = "features"
# What Features calls a thing → the kind that it is; where it names it by parts, `-` stands between them.
COMPONENTS: Final[Mapping[str, str]] = {
    "variable": "variable",
    "menu_custom": "menu",
    "node": "content_type",
    "user_role": "role",
    "taxonomy": "vocabulary",
    "filter": "text_format",
    "image": "image_style",
    "language": "language",
    "field_base": "field",
    "field_instance": "field_instance",
    "field": "field_instance",
    "contact_categories": "contact_category",
    "views_view": "views_view",
    "context": "context",
    "page_manager_pages": "page_manager_page",
    "page_manager_handlers": "page_manager_handler",
    "panels_mini": "panels_mini",
    "rules_config": "rules_config",
    "quicktabs": "quicktabs",
    "wysiwyg": "wysiwyg",
    "ckeditor_profile": "ckeditor",
    "flag": "flag",
}
PARTS: Final = frozenset({"field_instance", "field"})


def owners(site: Site, addresses: Iterable[str]) -> dict[str, str]:
    """The module of each of these items that one has for its own."""
    known = set(addresses)
    found: dict[str, str] = {}
    for module in modules(site).values():
        for named in module.features:
            component, _, name = named.partition(":")
            kind = COMPONENTS.get(component)
            if kind is not None:
                address = f"{kind}:{'/'.join(name.split('-', 2)) if kind in PARTS else name}"
                if address in known:
                    found[address] = module.name
    return dict(sorted(found.items()))


def left_out(owned: Mapping[str, str], exclude: Iterable[str]) -> set[str]:
    """The addresses that the manifest leaves to Features."""
    globs = [glob for glob in exclude if glob.startswith(f"{KIND}:")]
    return {
        address for address, module in owned.items() if any(fnmatchcase(f"{KIND}:{module}", glob) for glob in globs)
    }


def note(owned: Mapping[str, str], left: Iterable[str]) -> list[str]:
    """A sentence on those that are not left to Features."""
    gone = set(left)
    count = Counter(module for address, module in owned.items() if address not in gone)
    if not count:
        return []
    named = ", ".join(f"{module} ({number})" for module, number in count.most_common(4)) + (
        " …" if len(count) > 4 else ""
    )
    return [
        f"{counted(sum(count.values()), 'item')} of Features modules: {named}; what an import writes of them, Features "
        "shows as overridden; leave them to it with exclude: ['features:*']"
    ]
