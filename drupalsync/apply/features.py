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
_OTHERWISE: Final[Mapping[str, str]] = {
    "menu_custom": "menu",
    "node": "content_type",
    "user_role": "role",
    "taxonomy": "vocabulary",
    "filter": "text_format",
    "image": "image_style",
    "field_base": "field",
    "field": "field_instance",
    "contact_categories": "contact_category",
    "page_manager_pages": "page_manager_page",
    "page_manager_existing_pages": "page_manager_existing_page",
    "page_manager_handlers": "page_manager_handler",
    "panelizer_defaults": "panelizer_default",
    "ckeditor_profile": "ckeditor",
    "linkit_profiles": "linkit_profile",
    "paragraphs": "paragraphs_bundle",
    "breakpoints": "breakpoint",
    "ds_fields": "ds_field",
    "ds_view_modes": "ds_view_mode",
    "metatag": "metatag_config",
}
_BY_ITS_KIND: Final = (
    "variable", "language", "field_instance", "views_view", "context", "panels_mini", "panels_layout",
    "panels_renderer_pipeline", "rules_config", "quicktabs", "wysiwyg", "flag", "file_display", "file_type", "facetapi",
    "field_group", "fieldable_panels_pane_type", "bean_type", "breakpoint_group", "picture_mapping",
    "ctools_access_ruleset", "ctools_custom_content", "ds_field_settings", "ds_layout_settings", "feeds_importer",
    "oa_wizard", "og_membership_type", "profile2_type", "search_api_index", "search_api_server",
    "services_endpoint", "stylizer", "ultimate_cron_job",
)  # fmt: skip
COMPONENTS: Final[Mapping[str, str]] = {**{kind: kind for kind in _BY_ITS_KIND}, **_OTHERWISE}
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
