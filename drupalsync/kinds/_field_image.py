"""The picture that an image field shows where there is none: a file that is in use, and must not go.

Source: modules/image/image.module (image_field_update_field, image_field_delete_field, image_field_update_instance,
image_field_delete_instance), includes/file.inc (file_usage_add, file_usage_delete).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from drupalsync.kinds.base import Context
from drupalsync.site import LocalId

IMAGE: Final = "image"


def use_default_image(
    ctx: Context, type_: str, number: LocalId, before: Mapping[Any, Any], after: Mapping[Any, Any]
) -> None:
    """Counts the use of a field's, or an instance's, picture; `before` and `after` are its data, empty for none.

    A picture of a new field counts, too: Drupal's forms make the field first, and then say its picture.
    """
    old, new = _picture(before), _picture(after)
    if type_ != IMAGE or old == new:
        return
    site = ctx.site
    use = {"module": IMAGE, "type": "default_image", "id": number}
    if new:
        site.update("file_managed", {"status": 1, "timestamp": ctx.now}, {"fid": new})
        row = site.one(
            "SELECT count FROM {file_usage} WHERE fid = ? AND module = ? AND type = ? AND id = ?",
            [new, *use.values()],
        )
        if row is None:
            site.insert("file_usage", {"fid": new, **use, "count": 1})
        else:
            site.update("file_usage", {"count": int(str(row[0])) + 1}, {"fid": new, **use})
    if old:
        _use_less(ctx, {"fid": old, **use})


def _use_less(ctx: Context, use: Mapping[str, Any]) -> None:
    site = ctx.site
    row = site.one(
        "SELECT count FROM {file_usage} WHERE fid = ? AND module = ? AND type = ? AND id = ?", list(use.values())
    )
    if row is not None and int(str(row[0])) > 1:
        site.update("file_usage", {"count": int(str(row[0])) - 1}, use)
    else:
        site.delete("file_usage", use)


def _picture(data: Mapping[Any, Any]) -> int:
    """The fid that data names; 0 for none."""
    settings = data.get("settings")
    value = settings.get("default_image") if isinstance(settings, dict) else None
    if isinstance(value, dict):
        value = value.get("fid")
    text = str(int(value)) if isinstance(value, bool | int) else str(value or "")
    return int(text) if text.isdecimal() else 0
