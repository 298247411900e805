"""Image styles: named chains of effects.

Tables    image_styles, image_effects (modules/image/image.install)
Key       the style's machine name
File      config/image_styles/<key>.yml
Defaults  styles that a module's code brings and nobody changed have no row, and no file
Keeps     effects in the order of their weights, each row its id; a style never gets another name, since fields and
          views know it by that, and does not go while an instance or the pictures of users have it; derivatives on the
          disk stay until Drupal makes them anew
Caches    cache:image_styles, cache:image_effects:*, cache:entity_info:*, cache:theme_registry*, cache_field:field_info:*,
          cache_block, cache_page
Source    modules/image/image.module (image_style_save, image_style_delete, image_style_flush)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._going import refuse
from drupalsync.kinds._image_users import users, users_now
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Child, Col, Description, Hooks, TableKind

DEFAULTS: Final = ("thumbnail", "medium", "large")  # image_image_default_styles(): these are there without a row, too
_NAME: Final = re.compile(r"[\w.-]+", re.ASCII)


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: a name that no address of an image can have, effects without a name, and out of the order of their weights."""
    del ctx, desired
    where = item.source or item.address
    if not _NAME.fullmatch(item.key):
        yield CannotBeRow(
            f"{item.key!r} cannot be the name of an image style: it stands in the addresses of images",
            where=where,
            hint="lower case letters, digits, - and _",
        )
    effects: Any = item.fields["effects"]
    for at, effect in enumerate(effects):
        place = f"{where} effects/{at}"
        if not effect.get("name"):
            yield CannotBeRow("this effect has no name", where=place, hint="name: image_scale, or another effect's")
        if not isinstance(effect.get("data", {}), dict) and effect["data"] != []:
            yield CannotBeRow("the data of an effect are a mapping", where=f"{place}/data", hint="data: {width: 100}")
    weights = [effect.get("weight", 0) for effect in effects]
    for at, (before, after) in enumerate(pairwise(weights), 1):
        if after < before:
            yield CannotBeRow(
                f"this effect comes after one of weight {before}, and has weight {after}",
                where=f"{where} effects/{at}",
                hint="Drupal goes by the weights: put the effects in their order, or give them others",
            )


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """What Drupal would delete on the disk, which only the web server can; raises Problems where the style is in use."""
    del going
    if item.key not in DEFAULTS:
        refuse(item, users(ctx, item.key), hint="give it another style first, or keep this one")
    yield f"the files in styles/{item.key} stay on the disk: delete them by hand"


def deleted(ctx: Context, item: Item) -> None:
    """Raises Problems where the site still shows images in the style: what was to change that is not in this import."""
    if item.key not in DEFAULTS:
        refuse(item, users_now(ctx.site, item.key), hint="import this, too, or keep the style")


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
    hooks=Hooks(check=check, losses=losses, deleted=deleted),
)
