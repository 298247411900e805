"""What is cached of fields, by core and by contributed modules that hear of a change through Drupal's hooks.

Source: modules/field/field.module (field_cache_clear), field_sql_storage.module (drupal_get_schema anew);
hook_field_create_instance() and its siblings of views, ctools, token, entity.
"""

from __future__ import annotations

from typing import Final

from drupalsync.kinds.base import Context

CORE: Final = (
    ("cache_field", "*"),
    ("cache", "entity_info:"),
    ("cache", "schema"),
    ("cache_block", "*"),
    ("cache_page", "*"),
)
# By module; its bin, and what entries there begin with.
CONTRIBUTED: Final = (
    ("views", "cache_views", "*"),
    ("views", "cache_views_data", "*"),
    ("token", "cache_token", "*"),
    ("ctools", "cache", "ctools_entity_field_content_type_content_types"),
    ("entity", "cache", "entity_property_info"),
)


def clear(ctx: Context) -> None:
    """Says that all of it is stale."""
    here = [(bin_, cid) for module, bin_, cid in CONTRIBUTED if ctx.keys.local_id("module", module) is not None]
    for bin_, cid in (*CORE, *(entry for entry in here if entry[0] in ctx.site.tables)):
        if cid == "*":
            ctx.site.caches.everything(bin_)
        else:
            ctx.site.caches.prefix(bin_, cid)
