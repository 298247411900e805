"""Vocabularies, and the files that hold them with their terms.

Tables    taxonomy_vocabulary (modules/taxonomy/taxonomy.install)
Key       its machine name
File      config/vocabularies/<key>.yml, with its terms (kind term) as a nested tree
Defaults  no description, of the module taxonomy, weight 0
Keeps     `hierarchy` is computed from the terms; a file says it only where the site's is another one (Drupal computes it
          in forms alone), and only where terms are written, or the vocabulary is new, that is what a site gets; it
          never gets another machine name, fields know it by that; with it go its terms, none of which may be the
          site's own; one that a field takes its terms from does not go
Caches    cache_field, cache:entity_info:*, cache_block, cache_page
Source    modules/taxonomy/taxonomy.module (taxonomy_vocabulary_save, taxonomy_vocabulary_delete,
          taxonomy_check_vocabulary_hierarchy)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import _term_file
from drupalsync.kinds._term_check import PHP_SPACE
from drupalsync.kinds._term_fields import vocabularies_of
from drupalsync.kinds._term_hierarchy import hierarchies, write_hierarchy
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import Field
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind
from drupalsync.site import delete_variable
from drupalsync.tree import TreeValue, walk
from drupalsync.tree.names import encode_name

NAME: Final = "vocabulary"


class VocabularyInUse(DrupalsyncError):
    """A vocabulary with something in it that only the site has."""


class Vocabularies(TableKind):
    """Rows whose files hold the rows of another kind, too."""

    @property
    def FIELDS(self) -> Mapping[str, Field]:  # noqa: N802
        return _term_file.VOCABULARY_FIELDS

    def read(self, ctx: Context) -> Iterator[Item]:
        """Yields every vocabulary by its name; two queries more than a table for what is computed."""
        items = list(super().read(ctx))
        if not items:
            return
        computed = hierarchies(ctx.site)
        stored = {int(str(vid)): int(str(value)) for vid, value in ctx.site.rows(_STORED)}
        for item in items:
            vid = int(str(item.local_id))
            out_of_step = stored[vid] if stored[vid] != computed.get(vid, 0) else None
            yield replace(item, fields={**item.fields, "hierarchy": out_of_step})

    def fill(self, item: Item, live: Item | None) -> Item:
        """The vocabulary with the computed column of the site: editors change it with every form of a term."""
        return item if live is None else replace(item, fields={**item.fields, "hierarchy": live.fields["hierarchy"]})

    def place(self, item: Item) -> str:
        """A vocabulary's file, of its terms, too."""
        return f"{self.FOLDER}/{encode_name(item.key.partition('/')[0])}.yml"

    def load(self, path: str, document: TreeValue) -> Iterator[Item]:
        """The vocabulary of a file, and its terms; raises FieldProblem."""
        yield from _term_file.load(path, document)

    def dump(self, items: Sequence[Item], old: TreeValue) -> TreeValue:
        """The file of a vocabulary with its terms."""
        return _term_file.dump(items, old)

    def schema(self) -> Mapping[str, object]:
        """The JSON Schema of a file."""
        return _term_file.schema()


_NAME: Final = re.compile(r"[a-z0-9_]+")
_RESERVED: Final = frozenset({"add", "list"})
_NAMED: Final = "SELECT vid FROM {taxonomy_vocabulary} WHERE machine_name = ? AND name = ?"
_STORED: Final = "SELECT vid, hierarchy FROM {taxonomy_vocabulary}"


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields what taxonomy_form_vocabulary() refuses: no name, a machine name that is none, one that its pages have.

    What the site has already may stay.
    """
    del desired
    where = item.source or item.address
    name = str(item.fields["name"])
    if not name.strip():
        yield CannotBeRow(f"{item.address} needs a name", where=where, hint="name: what people read")
    elif name != name.strip(PHP_SPACE) and not ctx.site.rows(_NAMED, [item.key, name]):
        yield CannotBeRow(
            f"the name {name!r} begins or ends with a space, which Drupal cuts off",
            where=where,
            hint="write it without",
        )
    if ctx.keys.local_id(NAME, item.key) is not None:
        return
    if not _NAME.fullmatch(item.key):
        yield CannotBeRow(
            f"{item.key!r} cannot be the machine name of a vocabulary",
            where=where,
            hint="lower case letters, digits and _ make one",
        )
    elif item.key in _RESERVED:
        yield CannotBeRow(
            f"a vocabulary cannot be called {item.key}: admin/structure/taxonomy/{item.key} is another page",
            where=where,
            hint="give it another machine name",
        )


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the vocabulary and its terms; raises VocabularyInUse where some are the site's own."""
    own = [key for _, key in ctx.keys.all("term") if key.startswith(f"{item.key}/") and f"term:{key}" not in going]
    if own:
        raise VocabularyInUse(
            f"{item.address} cannot be deleted: {counted(len(own), 'term')} of this site are in it ({own[0]} …)",
            where=item.address,
            hint="export them and take their files out with it, or delete them on the site",
        )
    fields = ctx.site.rows(
        "SELECT field_name FROM {field_config_instance} WHERE entity_type = 'taxonomy_term' AND bundle = ? AND deleted = 0",
        [item.key],
    )
    left = [str(name) for (name,) in fields if f"field_instance:taxonomy_term/{item.key}/{name!s}" not in going]
    if left:
        raise VocabularyInUse(
            f"{item.address} cannot be deleted: its terms have the field {left[0]}",
            where=item.address,
            hint=f"take config/bundles/taxonomy_term/{item.key}.yml out with it",
        )
    for field, named in vocabularies_of(ctx.site).items():
        if item.key in named and not _lets_go(ctx, field, item.key, going):
            raise VocabularyInUse(
                f"{item.address} cannot be deleted: the field {field} takes its terms from it",
                where=item.address,
                hint=f"take it out of the allowed values of config/fields/{field}.yml, or take that file out with it",
            )
    return iter(())


def _lets_go(ctx: Context, field: str, vocabulary: str, going: Container[str]) -> bool:
    """Whether the field goes too, or the tree gives it other vocabularies."""
    wanted: Any = next((other.fields for other in ctx.memory.tree("field") if other.key == field), None)
    if wanted is None:
        return f"field:{field}" in going
    return all(leaf != vocabulary for _, leaf in walk(wanted["settings"]))


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """The computed column of a new vocabulary: when its terms are there."""
    if live is None:
        ctx.left.setdefault(NAME, {})[item.key] = item.fields["hierarchy"]


def finish(ctx: Context) -> None:
    """The computed column of the new vocabularies."""
    for key, hierarchy in ctx.left.pop(NAME, {}).items():
        write_hierarchy(ctx, str(key), hierarchy)


def deleted(ctx: Context, item: Item) -> None:
    """field_attach_delete_bundle()."""
    delete_variable(ctx.site, f"field_bundle_settings_taxonomy_term__{item.key}")


KIND: Final = Vocabularies(
    about=Description(
        kind=NAME,
        table="taxonomy_vocabulary",
        key=("machine_name",),
        id="vid",
        folder="vocabularies",
        module="taxonomy",
        columns={
            "name": Col(required=True, default=""),
            "description": Col(),
            "module": Col(default="taxonomy"),
            "weight": Col(default=0),
            "hierarchy": Col(derived=True, value=0),
        },
        caches=(("cache_field", "*"), ("cache", "entity_info:*"), ("cache_block", "*"), ("cache_page", "*")),
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, wrote=wrote, deleted=deleted, finish=finish),
)
