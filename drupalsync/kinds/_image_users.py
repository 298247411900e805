"""Who shows images in a style: instances of fields, and the pictures of users.

Source: modules/image/image.field.inc (image_field_formatter_info, image_field_widget_info), modules/image/image.module
(image_image_style_delete, which puts a replacement in all of them), modules/user/user.module (user_picture_style).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from drupalsync.kinds.base import Context, Item
from drupalsync.php import PhpSyntaxError, decode
from drupalsync.site import Site, as_bytes, get_variable
from drupalsync.tree import TreeValue, walk

SETTINGS: Final = ("image_style", "preview_image_style")
INSTANCE: Final = "field_instance"
VARIABLE: Final = "user_picture_style"
TABLE: Final = "field_config_instance"


def users(ctx: Context, style: str) -> Iterator[Item]:
    """What will show images in the style: as the tree has it, or as the site does where the tree says nothing."""
    known: dict[str, Item] = {item.address: item for item in ctx.memory.tree(INSTANCE)}
    known |= {item.address: item for item in ctx.memory.tree("variable") if item.key == VARIABLE}
    for item in known.values():
        if _names(item.fields, style):
            yield item
    for item in users_now(ctx.site, style):
        if item.address not in known:
            yield item


def users_now(site: Site, style: str) -> Iterator[Item]:
    """What shows images in the style on the site at this moment."""
    if TABLE in site.tables:
        sql = f"SELECT entity_type, bundle, field_name, data FROM {{{TABLE}}} WHERE deleted = 0 ORDER BY id"
        for entity, bundle, field, data in site.rows(sql):
            if _names(_decoded(as_bytes(data)), style):
                yield Item(kind=INSTANCE, key=f"{entity!s}/{bundle!s}/{field!s}", fields={})
    if get_variable(site, VARIABLE, "") == style:
        yield Item(kind="variable", key=VARIABLE, fields={})


def _decoded(data: bytes) -> Mapping[Any, Any]:
    try:
        value = decode(data)
    except PhpSyntaxError:
        return {}
    return value if isinstance(value, dict) else {}


def _names(fields: Mapping[Any, TreeValue], style: str) -> bool:
    if fields.get("value") == style:  # a variable
        return True
    return any(path and path[-1] in SETTINGS and leaf == style for path, leaf in walk(dict(fields)))
