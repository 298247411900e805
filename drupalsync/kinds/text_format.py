"""Text formats, and the filters that a text goes through.

Tables    filter_format, filter (modules/filter/filter.install)
Key       its machine name
File      config/text_formats/<key>.yml
Defaults  on, weight 0; a filter that a file does not name is off, with the weight and the settings that the site has of it;
          the module and the default settings of core's filters
Keeps     {filter_format}.cache follows from the filters that are on; a row for every filter of core's; Drupal never deletes
          a format, it switches it off: so does this; the fallback format stays
Caches    cache:filter_formats*, cache:filter_list_format*, cache_filter:<key>:*, cache_field, cache:entity_info:*
Source    modules/filter/filter.module (filter_format_save, filter_format_disable, _filter_format_is_cacheable),
          modules/filter/filter.admin.inc (filter_admin_format_form_validate),
          modules/field/modules/text/text.module (text_filter_format_update)
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from typing import Final

from drupalsync.kinds._filters import CORE, NEVER_CACHED, as_written, completed, filters_of, filters_on
from drupalsync.kinds._text_format_check import NAME, check
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import FieldProblem
from drupalsync.kinds.tables import CannotBeRow, Child, Col, Description, Hooks, TableKind
from drupalsync.php import Value, encode
from drupalsync.site import Cell, LocalId
from drupalsync.tree import Env, IntRef, TreeValue, same

PARKED: Final = "drupalsync renames text format "


class TextFormats(TableKind):
    """Rows that are switched off where others are deleted."""

    def read(self, ctx: Context) -> Iterator[Item]:
        """Yields every format that is on, and those off that the tree speaks of."""
        spoken = {item.key for item in ctx.memory.tree(NAME)}
        yield from (item for item in super().read(ctx) if item.fields["status"] or item.key in spoken)

    def load(self, path: str, document: TreeValue) -> Iterator[Item]:
        """The format of a file; raises FieldProblem."""
        for item in super().load(path, document):
            filters = item.fields["filters"]
            members = filters.items() if isinstance(filters, dict) else [("", filters)]
            for name, about in members:
                if isinstance(about, Env | IntRef):
                    where = ("filters", str(name)) if name else ("filters",)
                    raise FieldProblem(
                        "a filter cannot come from the environment of a run, its settings can",
                        where,
                        hint="write out its module, weight and status",
                    )
            yield item

    def fill(self, item: Item, live: Item | None) -> Item:
        """The format with what its file leaves to Drupal, and to the site."""
        there = filters_of(live.fields) if live is not None else {}
        filters: TreeValue = dict(completed(filters_of(item.fields), there))
        same_ones = same(filters, item.fields["filters"])
        return item if same_ones else replace(item, fields={**item.fields, "filters": filters})

    def create(self, ctx: Context, item: Item) -> LocalId:
        """filter_format_save() of a new format."""
        self._free_name(ctx, item)
        return super().create(ctx, item)

    def update(self, ctx: Context, live: Item, item: Item) -> None:
        """filter_format_save() of one that is there."""
        self._free_name(ctx, item)
        super().update(ctx, live, item)

    def delete(self, ctx: Context, item: Item) -> None:
        """filter_format_disable()."""
        ctx.site.update("filter_format", {"status": 0}, {"format": item.key})
        stale(ctx, item)

    def switched_off(self, item: Item) -> Item:
        """The same format, off."""
        return replace(item, fields={**item.fields, "status": False})

    def remains(self, ctx: Context, item: Item) -> Iterator[str]:
        """The format itself, off."""
        del ctx
        yield f"the text format {item.key} stays, switched off, and so does its name: Drupal deletes none"

    def dump(self, items: Sequence[Item], old: TreeValue) -> TreeValue:
        """The file of a format; what an old one leaves out at Drupal's defaults it goes on leaving out."""
        (item,) = items
        if not isinstance(old, dict):
            return super().dump(items, old)
        (meant,) = self.load(self.place(item), old)
        filters: TreeValue = dict(as_written(filters_of(meant.fields), filters_of(item.fields)))
        return super().dump([replace(item, fields={**item.fields, "filters": filters})], old)

    def _free_name(self, ctx: Context, item: Item) -> None:
        """Takes the name from the format that has it: the same import gives it another (else `finish` stops)."""
        for (other,) in ctx.site.rows("SELECT format FROM {filter_format} WHERE name = ?", [str(item.fields["name"])]):
            if other != item.key:
                ctx.site.update("filter_format", {"name": f"{PARKED}{other!s}"[:255]}, {"format": other})


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """What a format that is switched off means."""
    del ctx, going
    yield f"texts in the format {item.key} are shown no more: Drupal switches a format off, it deletes none"


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """The rest of filter_format_save(): rows for filters that nobody named, {filter_format}.cache, caches."""
    if live is None or not same({**live.fields, "status": None}, {**item.fields, "status": None}):
        _add_missing(ctx, item)  # filter_format_disable() touches no filter, and so nor does its undoing
    if live is None or filters_on(live.fields) != filters_on(item.fields):
        cache = int(not filters_on(item.fields) & _never_cached(ctx, live, item))
        ctx.site.update("filter_format", {"cache": cache}, {"format": item.key})
    stale(ctx, item)


def _add_missing(ctx: Context, item: Item) -> None:
    """A row, off and at its defaults, for each of core's filters that has none."""
    there = {str(name) for (name,) in ctx.site.rows("SELECT name FROM {filter} WHERE format = ?", [item.key])}
    for name, about in CORE.items():
        if name not in there and ctx.keys.local_id("module", about.module) is not None:
            settings: Value = dict(about.settings) or []
            row: dict[str, Cell] = {"module": about.module, "weight": about.weight, "settings": encode(settings)}
            ctx.site.insert("filter", {"format": item.key, "name": name, "status": 0, **row})


def _never_cached(ctx: Context, live: Item | None, item: Item) -> frozenset[str]:
    """The filters whose output must not be cached: the known ones, and those that alone can be why a format is not.

    Only their module's code says so. Of a filter that nobody knows, a format that is not cached says as much.
    """
    found: dict[str, set[str]] = {}
    cached: dict[str, bool] = {}
    for format_, cache, name in ctx.site.rows(
        "SELECT f.format, f.cache, r.name FROM {filter_format} f INNER JOIN {filter} r ON r.format = f.format "
        "WHERE r.status = 1"
    ):
        found.setdefault(str(format_), set()).add(str(name))
        cached[str(format_)] = bool(cache)
    found.pop(item.key, None)
    if live is not None:
        found[item.key] = filters_on(live.fields)
        row = ctx.site.one("SELECT cache FROM {filter_format} WHERE format = ?", [item.key])
        cached[item.key] = bool(row and row[0])
    harmless = CORE.keys() - NEVER_CACHED
    harmless |= {name for format_, names in found.items() if cached.get(format_) for name in names}
    unexplained = [names for format_, names in found.items() if not cached.get(format_) and not names & NEVER_CACHED]
    return NEVER_CACHED | {name for names in unexplained for name in names - harmless}


def finish(ctx: Context) -> None:
    """Raises CannotBeRow where a format gave its name to another, and got none itself."""
    row = ctx.site.one("SELECT format FROM {filter_format} WHERE SUBSTR(name, 1, ?) = ?", [len(PARKED), PARKED])
    if row:
        raise CannotBeRow(
            "another format of the site has the name that a format of the tree is to have",
            where=f"{NAME}:{row[0]!s}",
            hint="give one of them another name, or import both",
        )


def stale(ctx: Context, item: Item) -> None:
    """What a format that changed leaves behind in caches."""
    caches = ctx.site.caches
    caches.prefix("cache", "filter_formats")
    caches.prefix("cache", "filter_list_format")
    caches.prefix("cache_filter", f"{item.key}:")
    caches.everything("cache_field")
    caches.prefix("cache", "entity_info:")


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
                    "module": Col(),
                    "weight": Col(default=0),
                    "status": Col(default=False, flag=True),
                    "settings": Col(serialized=True, default=[]),
                },
                help="Filters by name: module, weight, status and settings of each. One that is not named is off.",
            ),
        ),
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, wrote=wrote, finish=finish),
)
