"""The JSON Schema of a menu's file: links nest in links."""

from __future__ import annotations

from collections.abc import Mapping

from drupalsync.kinds._menu_document import LINK_FIELDS, MENU, MENU_FIELDS
from drupalsync.kinds.fields import TEXT, mapping_schema

_LINKS = {"type": "array", "items": {"$ref": "#/$defs/link"}}


def document_schema() -> Mapping[str, object]:
    """The menu, and its links as a tree; what a link must have depends on whether a module declares it."""
    menu = mapping_schema(
        MENU_FIELDS, MENU, links={**_LINKS, "description": "Its links, in any order: weights decide."}
    )
    link = mapping_schema(
        LINK_FIELDS,
        "key",
        system={**TEXT, "description": "In place of `path`: the declared page whose link this customises."},
        children={**_LINKS, "description": "The links below it."},
    )
    return {
        **menu,
        "required": [MENU],
        "$defs": {"link": {**link, "required": [], "anyOf": [{"required": ["path"]}, {"required": ["system"]}]}},
    }
