"""Text formats, and the filters that a text goes through.

Tables    filter_format, filter (modules/filter/filter.install)
Key       its machine name
File      config/text_formats/<key>.yml
Defaults  on, weight 0; a filter that is off and that a file does not name is as the site has it
Keeps     {filter_format}.cache follows from the filters that are on; a row for every filter; Drupal never deletes a
          format, it switches it off: so does this; the fallback format stays
Caches    cache:filter_formats*, cache:filter_list_format*, cache_filter:<key>:*, cache_field, cache:entity_info:*
Source    modules/filter/filter.module (filter_format_save, filter_format_disable, _filter_format_is_cacheable),
          modules/field/modules/text/text.module (text_filter_format_update)
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Child, Col, Description, Hooks, TableKind
from drupalsync.site import get_variable
from drupalsync.tree import same

NAME: Final = "text_format"
FALLBACK: Final = "filter_fallback_format"
# Filters whose output may be another one every time (hook_filter_info(): 'cache' => FALSE).
NEVER_CACHED: Final = frozenset({"php_code", "insert_view", "insert_block", "insert_node", "media_filter_dynamic"})


class TextFormats(TableKind):
    """Rows that are switched off where others are deleted."""

    def read(self, ctx: Context) -> Iterator[Item]:
        """Yields every format that is on, and those off that the tree speaks of."""
        spoken = {item.key for item in ctx.memory.tree(NAME)}
        yield from (item for item in super().read(ctx) if item.fields["status"] or item.key in spoken)

    def fill(self, item: Item, live: Item | None) -> Item:
        """The format with the filters that are off, and that the tree does not name, as the site has them."""
        if live is None:
            return item
        wanted, there = _filters(item), _filters(live)
        off = {name: about for name, about in there.items() if name not in wanted and not about.get("status")}
        return replace(item, fields={**item.fields, "filters": {**wanted, **off}}) if off else item

    def delete(self, ctx: Context, item: Item) -> None:
        """filter_format_disable()."""
        ctx.site.update("filter_format", {"status": 0}, {"format": item.key})
        stale(ctx, item)


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: two of one name, a filter of a module that is off."""
    where = item.source or item.address
    name = item.fields["name"]
    for address, other in desired.items():
        if other.kind == NAME and address != item.address and other.fields["name"] == name:
            yield CannotBeRow(
                f"{item.address} and {address} have the same name, {name!r}", where=where, hint="give one another name"
            )
    for filter_, about in _filters(item).items():
        module = about.get("module")
        if about.get("status") and module and ctx.keys.local_id("module", str(module)) is None:
            yield CannotBeRow(
                f"the filter {filter_} needs the module {module}, which is off",
                where=f"{where} filters/{filter_}",
                hint=f"drush en {module}",
            )


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """What a format that is switched off means; raises CannotBeRow for the fallback format."""
    del going
    if get_variable(ctx.site, FALLBACK) == item.key:
        raise CannotBeRow(
            f"{item.address} cannot go: it is the format that everybody may use",
            where=item.source or item.address,
            hint="name another one in the variable filter_fallback_format first",
        )
    yield f"texts in the format {item.key} are shown no more: Drupal switches a format off, it deletes none"


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """{filter_format}.cache, and what filter_format_save() clears."""
    on = _on(item)
    if live is None or not same(sorted(_on(live)), sorted(on)):
        ctx.site.update("filter_format", {"cache": int(not on & NEVER_CACHED)}, {"format": item.key})
    stale(ctx, item)


def stale(ctx: Context, item: Item) -> None:
    """What a format that changed leaves behind in caches."""
    caches = ctx.site.caches
    caches.prefix("cache", "filter_formats")
    caches.prefix("cache", "filter_list_format")
    caches.prefix("cache_filter", f"{item.key}:")
    caches.everything("cache_field")
    caches.prefix("cache", "entity_info:")


def _on(item: Item) -> set[str]:
    return {name for name, about in _filters(item).items() if about.get("status")}


def _filters(item: Item) -> dict[str, Any]:
    value = item.fields["filters"]
    return {str(name): about for name, about in value.items()} if isinstance(value, dict) else {}


KIND: Final = TextFormats(
    about=Description(
        kind=NAME,
        table="filter_format",
        key=("format",),
        folder="text_formats",
        module="filter",
        columns={
            "name": Col(help="What editors read.", required=True, default=""),
            "status": Col(help="Whether it is on.", default=True, flag=True),
            "weight": Col(help="Its place in the list.", default=0),
            "cache": Col(derived=True),
        },
        children=(
            Child(
                table="filter",
                field="filters",
                parent={"format": "format"},
                key=("name",),
                columns={
                    "module": Col(required=True),
                    "weight": Col(default=0),
                    "status": Col(default=False, flag=True),
                    "settings": Col(serialized=True, default=[]),
                },
                help="Every filter by name: its module, weight, status and settings.",
            ),
        ),
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, wrote=wrote),
)
