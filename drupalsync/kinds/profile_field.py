"""Fields of user profiles, of the module profile.

Tables    profile_field (modules/profile/profile.install)
Key       the field's name, unique in {profile_field}
File      config/profile_fields/<key>.yml
Defaults  weight 0, not required, not on the registration form, hidden
Keeps     what users wrote goes with a field
Caches    cache_block, cache_page; the router is rebuilt
Source    modules/profile/profile.admin.inc (profile_field_form_submit, profile_field_delete_submit)
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from drupalsync.errors import counted
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import Col, Description, Hooks, TableKind
from drupalsync.site import set_variable


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """What users wrote."""
    del going
    row = ctx.site.one("SELECT COUNT(*) FROM {profile_value} WHERE fid = ?", [item.local_id])
    if row and row[0]:
        yield f"what {counted(int(str(row[0])), 'user')} wrote in {item.key}"


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """The pages of a category are in the router."""
    del live, item
    set_variable(ctx.site, "menu_rebuild_needed", True)


def deleted(ctx: Context, item: Item) -> None:
    """What users wrote."""
    ctx.site.delete("profile_value", {"fid": item.local_id})


KIND: Final = TableKind(
    about=Description(
        kind="profile_field",
        table="profile_field",
        key=("name",),
        id="fid",
        folder="profile_fields",
        module="profile",
        columns={
            "title": Col(help="What users read."),
            "explanation": Col(help="What they read below it."),
            "category": Col(help="The part of the profile that it stands in."),
            "page": Col(help="The title of the page that lists who said the same."),
            "type": Col(help="textfield, textarea, checkbox, selection, list, url or date.", required=True),
            "weight": Col(help="Its place.", default=0),
            "required": Col(help="Whether it must be filled in.", default=False, flag=True),
            "register": Col(help="Whether the registration form has it.", default=False, flag=True),
            "visibility": Col(help="1 private, 2 public, 3 on lists too, 4 hidden.", default=0),
            "autocomplete": Col(help="Whether it completes what is typed.", default=False, flag=True),
            "options": Col(help="The choices, a line each."),
        },
        caches=(("cache_block", "*"), ("cache_page", "*")),
        likeness=("title", "category", "type", "explanation"),
    ),
    doc=__doc__,
    hooks=Hooks(losses=losses, wrote=wrote, deleted=deleted),
)
