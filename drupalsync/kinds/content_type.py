"""Content types, and the files that hold them with the fields of their nodes and comments.

Tables    node_type (modules/node/node.install); menu_router and menu_links of node/add/<type>
Key       its machine name
File      config/content_types/<key>.yml, with instances of fields (kind field_instance); config/bundles/*/*.yml
Defaults  of the module node, with a title called Title, made by hand, not locked
Keeps     a type of a module that is off is left alone; a type never gets another machine name; its page to add content and the link to that take its name and
          description, as the rebuild of the router would give them; its settings are variables; one that nodes have does
          not go
Caches    cache:node_types:*, cache_field, cache:entity_info:*, cache_menu, cache_block, cache_page; the router is rebuilt
Source    modules/node/node.module (node_type_save, node_type_delete, node_menu), modules/node/content_types.inc,
          modules/comment/comment.module (comment_node_type_delete)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds import _content_type_page
from drupalsync.kinds._content_type_file import DESCRIPTION, dump, load, schema
from drupalsync.kinds._instance_file import BUNDLES, TYPES, place
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import Hooks, TableKind
from drupalsync.site import delete_variable, set_variable
from drupalsync.tree import TreeValue
from drupalsync.tree.names import encode_name

NAME: Final = "content_type"
_NAME: Final = re.compile(r"[a-z0-9_]+")
_RESERVED: Final = frozenset({"0", "theme"})  # node_type_form_validate()
_OF_COMMENTS: Final = (
    "comment",
    "comment_default_mode",
    "comment_default_per_page",
    "comment_anonymous",
    "comment_subject_field",
    "comment_preview",
    "comment_form_location",
)


class TypeInUse(DrupalsyncError):
    """A content type with content."""


class CannotBeType(DrupalsyncError):
    """A content type that the site cannot have as the tree says."""


class ContentTypes(TableKind):
    """Rows whose files hold the rows of another kind, too."""

    FOLDERS: Final = (TYPES, BUNDLES)

    def place(self, item: Item) -> str:
        """The file of a type, or of an instance."""
        return f"{TYPES}/{encode_name(item.key)}.yml" if item.kind == NAME else place(item.key)

    def load(self, path: str, document: TreeValue) -> Iterator[Item]:
        """The type of a file, and the instances in it; raises FieldProblem."""
        yield from load(self.FIELDS, path, document)

    def dump(self, items: Sequence[Item], old: TreeValue) -> TreeValue:
        """The file of a type with its fields, or of another bundle's."""
        return dump(self.FIELDS, items, old)

    def schema(self) -> Mapping[str, object]:
        """The JSON Schema of a file."""
        return schema(self.FIELDS)


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: no name for a machine, a name that another type has or none, a type of a module which is off."""
    where = item.source or item.address
    if not _NAME.fullmatch(item.key) or item.key in _RESERVED:
        yield CannotBeType(
            f"{item.key!r} cannot be the name of a content type", where=where, hint="lower case letters, digits and _"
        )
    name = str(item.fields["name"])
    if not name.strip():
        yield CannotBeType(f"{item.address} has no name", where=f"{where} name", hint="name: what editors read")
    others = {key: other for key, other in _names(ctx, desired).items() if key != item.key}
    same = next((key for key, other in others.items() if other == name), None)
    if same is not None and ctx.keys.local_id(NAME, item.key) is None:
        yield CannotBeType(
            f"{item.address} is called {name!r}, as {NAME}:{same} is", where=f"{where} name", hint="call it otherwise"
        )
    if ctx.keys.local_id(NAME, item.key) is None:
        _tell_of_comments(ctx, item, desired)
    module = str(item.fields["module"])
    if ctx.keys.local_id("module", module) is None:
        yield CannotBeType(
            f"{item.address} needs the module {module}, which is off", where=where, hint=f"drush en {module}"
        )
    elif ctx.site.one("SELECT type FROM {node_type} WHERE type = ? AND disabled <> 0", [item.key]):
        yield CannotBeType(
            f"{item.address} is there, but Drupal has switched it off",
            where=where,
            hint=f"does {module} still declare it? clear the site's caches (drush cc all), then again",
        )


def _tell_of_comments(ctx: Context, item: Item, desired: Mapping[str, Item]) -> None:
    """Drupal gives every new type a text for comments (comment_node_type_insert): the tree does, or it has none."""
    instance = f"field_instance:comment/comment_node_{item.key}/comment_body"
    if ctx.keys.local_id("module", "comment") is None or instance in desired:
        return
    note = f"{item.address} has no comment_body among its comment_fields: comments on it will have no text"
    if note not in ctx.notes:
        ctx.notes.append(note)


def _names(ctx: Context, desired: Mapping[str, Item]) -> dict[str, str]:
    """What the types are called: of the site, and of the tree."""
    live = {str(key): str(name) for key, name in ctx.site.rows("SELECT type, name FROM {node_type}")}
    return live | {item.key: str(item.fields["name"]) for item in desired.values() if item.kind == NAME}


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the type; raises TypeInUse where nodes of it, or fields on it, are the site's own."""
    nodes = ctx.site.rows("SELECT nid FROM {node} WHERE type = ?", [item.key])
    own = [nid for (nid,) in nodes if f"node:{ctx.keys.key('node', nid)}" not in going]
    if own:
        raise TypeInUse(
            f"{item.address} cannot be deleted: {counted(len(own), 'node')} of this site are of it",
            where=item.address,
            hint="delete them on the site first, or keep its file",
        )
    if item.fields["base"] != "node_content":
        raise TypeInUse(
            f"{item.address} cannot be deleted: the module {item.fields['base']!s} makes it anew",
            where=item.address,
            hint="put its file back, or turn the module off",
        )
    rows = ctx.site.rows(
        "SELECT entity_type, bundle, field_name FROM {field_config_instance} WHERE deleted = 0 AND "
        "((entity_type = 'node' AND bundle = ?) OR (entity_type = 'comment' AND bundle = ?))",
        [item.key, f"comment_node_{item.key}"],
    )
    left = [f"{entity!s}/{bundle!s}/{name!s}" for entity, bundle, name in rows]
    left = [key for key in left if f"field_instance:{key}" not in going]
    if left:
        raise TypeInUse(
            f"{item.address} cannot be deleted: this site has {left[0]}, of which the tree never knew",
            where=item.address,
            hint="export it, then take the whole file out",
        )
    return iter(())


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """node_type_save(), and what the rebuild of the router makes of it."""
    if live is None:
        ctx.site.update("node_type", {"orig_type": item.key}, {"type": item.key})
    fields: Mapping[str, Any] = item.fields
    _content_type_page.write(ctx, item.key, str(fields["name"]), str(fields["description"] or ""))
    set_variable(ctx.site, "menu_rebuild_needed", True)


def deleted(ctx: Context, item: Item) -> None:
    """node_type_delete(), and what its form and the comments' module do."""
    _content_type_page.remove(ctx, item.key)
    for name in _OF_COMMENTS:
        delete_variable(ctx.site, f"{name}_{item.key}")
    delete_variable(ctx.site, f"node_preview_{item.key}")
    for bundle in (f"node__{item.key}", f"comment__comment_node_{item.key}"):
        delete_variable(ctx.site, f"field_bundle_settings_{bundle}")
    set_variable(ctx.site, "menu_rebuild_needed", True)


KIND: Final = ContentTypes(
    about=DESCRIPTION,
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, wrote=wrote, deleted=deleted),
)
