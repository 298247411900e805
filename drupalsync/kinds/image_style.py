"""Image styles: named chains of effects.

Tables    image_styles, image_effects (modules/image/image.install)
Key       the style's machine name
File      config/image_styles/<key>.yml
Defaults  styles that a module's code brings and nobody changed have no row, and no file
Keeps     effects in the order of their weights, each row its id; a style never gets another name, since fields and
          views know it by that; derivatives on the disk stay until Drupal makes them anew
Caches    cache:image_styles, cache:image_effects:*, cache:entity_info:*, cache:theme_registry*, cache_field:field_info:*,
          cache_block, cache_page
Source    modules/image/image.module (image_style_save, image_style_delete, image_style_flush)
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import Child, Col, Description, Hooks, TableKind


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """What Drupal would delete on the disk, which only the web server can."""
    del ctx, going
    yield f"the files in styles/{item.key} stay on the disk: delete them by hand"


KIND: Final = TableKind(
    about=Description(
        kind="image_style",
        table="image_styles",
        key=("name",),
        id="isid",
        folder="image_styles",
        module="image",
        columns={"label": Col(help="What administrators read.", required=True, default="")},
        children=(
            Child(
                table="image_effects",
                field="effects",
                parent={"isid": "isid"},
                order=("weight", "ieid"),
                id="ieid",
                columns={
                    "name": Col(required=True),
                    "weight": Col(default=0),
                    "data": Col(serialized=True, default=[]),
                },
                help="The effects in their order: name, weight, and data as the effect keeps it.",
            ),
        ),
        caches=(
            ("cache", "image_styles"),
            ("cache", "image_effects:*"),
            ("cache", "entity_info:*"),
            ("cache", "theme_registry*"),
            ("cache_field", "field_info:*"),
            ("cache_block", "*"),
            ("cache_page", "*"),
        ),
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(losses=losses),
)
