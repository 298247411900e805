"""Fields of user profiles, of the module profile.

Tables    profile_field (modules/profile/profile.install)
Key       the field's name, unique in {profile_field}
File      config/profile_fields/<key>.yml
Defaults  weight 0, not required, not on the registration form, hidden
Keeps     what users wrote: a field in which they did neither goes, nor gets another type
Caches    cache_block, cache_page; the router is rebuilt
Source    modules/profile/profile.admin.inc (profile_field_form_submit, profile_field_delete_submit)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds._characters import nearest
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind
from drupalsync.site import set_variable

NAME: Final = "profile_field"
TYPES: Final = ("textfield", "textarea", "checkbox", "selection", "list", "url", "date")  # _profile_field_types()
HIDDEN: Final = 4  # PROFILE_HIDDEN
_NAME: Final = re.compile(r"[\w-]+", re.ASCII)


class ValuesInTheWay(DrupalsyncError):
    """A field of profiles in which users wrote something."""


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields what profile_field_form_validate() refuses, an unknown type, and another type where users wrote something."""
    where = item.source or item.address
    fields = item.fields
    if not _NAME.fullmatch(item.key):
        yield CannotBeRow(
            f"{item.key!r} cannot be the name of a profile field", where=where, hint="letters, digits, - and _"
        )
    elif item.key in ctx.site.columns("users"):
        yield CannotBeRow(
            f"the name {item.key} is Drupal's own: users have a column of that name",
            where=where,
            hint=f"call it profile_{item.key}",
        )
    if fields["type"] not in TYPES:
        yield CannotBeRow(
            f"{fields['type']!r} is no type of profile fields",
            where=f"{where} type",
            hint=nearest(str(fields["type"]), TYPES),
        )
    yield from _unlike_its_form(item, desired, where)
    yield from _other_type(ctx, item, where)


def _unlike_its_form(item: Item, desired: Mapping[str, Item], where: str) -> Iterator[DrupalsyncError]:
    fields, category = item.fields, str(item.fields["category"])
    for name in ("title", "category"):
        if not fields[name]:
            yield CannotBeRow(f"{item.address} has no {name}", where=f"{where} {name}", hint=f"{name}: …")
    if category.lower() == "account":
        yield CannotBeRow(f"the category {category} is Drupal's own", where=f"{where} category", hint="choose another")
    for name in ("required", "register"):
        if fields["visibility"] == HIDDEN and fields[name]:
            yield CannotBeRow(
                "a hidden field cannot be required, nor on the registration form",
                where=f"{where} {name}",
                hint=f"{name}: false, or another visibility",
            )
    for other in desired.values():
        same = other.kind == NAME and all(other.fields[name] == fields[name] for name in ("title", "category"))
        if same and other.key < item.key:
            yield CannotBeRow(
                f"{other.address} and {item.address} have the same title in one category",
                where=f"{where} title",
                hint="give one of them another title",
            )


def _other_type(ctx: Context, item: Item, where: str) -> Iterator[DrupalsyncError]:
    """Drupal has no way from one type to another: what users wrote would be read as something else."""
    local_id = item.local_id if item.local_id is not None else ctx.keys.local_id(NAME, item.key)
    row = ctx.site.one("SELECT type FROM {profile_field} WHERE fid = ?", [local_id]) if local_id is not None else None
    new = str(item.fields["type"])
    if row and row[0] != new and (count := _written(ctx, local_id)):
        yield ValuesInTheWay(
            f"{item.address} cannot become a {new}: {counted(count, 'user')} wrote something in it as a {row[0]!s}",
            where=f"{where} type",
            hint="make a new field",
        )


def _written(ctx: Context, local_id: object) -> int:
    row = ctx.site.one("SELECT COUNT(*) FROM {profile_value} WHERE fid = ? AND value <> ''", [str(local_id)])
    return int(str(row[0])) if row else 0


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing more than the plan says; raises ValuesInTheWay where users wrote something."""
    del going
    if count := _written(ctx, item.local_id):
        raise ValuesInTheWay(
            f"{item.address} cannot go: {counted(count, 'user')} wrote something in it",
            where=item.address,
            hint="delete it on the site, where Drupal warns of that, and export; or hide it: visibility: 4",
        )
    return iter(())


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """The pages of a category are in the router."""
    del live, item
    set_variable(ctx.site, "menu_rebuild_needed", True)


def deleted(ctx: Context, item: Item) -> None:
    """What users left empty."""
    ctx.site.delete("profile_value", {"fid": item.local_id})


KIND: Final = TableKind(
    about=Description(
        kind=NAME,
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
    hooks=Hooks(check=check, losses=losses, wrote=wrote, deleted=deleted),
)
