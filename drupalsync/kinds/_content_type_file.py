"""The file of a content type with its fields, and those of other bundles, which hold nothing but fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from drupalsync.kinds import _instance_file as instances
from drupalsync.kinds.base import Fields, Item
from drupalsync.kinds.fields import (
    Field,
    FieldProblem,
    dump_fields,
    is_protected,
    keep_written,
    load_fields,
    mapping_schema,
)
from drupalsync.kinds.tables import EXTRA, Col, Description
from drupalsync.tree import TreeValue

TYPE: Final = "content_type"
BUNDLE: Final = "bundle"
NODES: Final = "fields"
COMMENTS: Final = "comment_fields"
DESCRIPTION: Final = Description(
    kind=TYPE,
    table="node_type",
    key=("type",),
    folder=instances.TYPES,
    module="node",
    columns={
        "name": Col(help="What editors read.", required=True, default=""),
        "description": Col(help="What they read on the page to add content.", default=""),
        "help": Col(help="What they read above the form.", default=""),
        "has_title": Col(help="Whether its nodes have a title.", default=True, flag=True),
        "title_label": Col(help="What the title is called.", default="Title"),
        "base": Col(help="Whose functions make its form.", default="node_content"),
        "module": Col(help="The module that it is of.", default="node"),
        "custom": Col(help="Whether it was made by hand.", default=True, flag=True),
        "modified": Col(help="Whether somebody changed it.", default=True, flag=True),
        "locked": Col(help="Whether administrators may not change its name.", default=False, flag=True),
        "disabled": Col(derived=True, value=0),
        "orig_type": Col(derived=True),
    },
    where={"disabled": 0},  # a type of a module that is off is no type, until that is on again
    caches=(
        ("cache", "node_types:*"),
        ("cache", "entity_info:*"),
        ("cache_field", "*"),
        ("cache_menu", "*"),
        ("cache_block", "*"),
        ("cache_page", "*"),
    ),
    fixed=True,
)


def load(fields: Mapping[str, Field], path: str, document: TreeValue) -> Iterator[Item]:
    """The type of a file, and the instances in it; raises FieldProblem."""
    if path.startswith(f"{instances.BUNDLES}/"):
        yield from _load_bundle(path, document)
        return
    found = load_fields(fields, document, besides=(TYPE, NODES, COMMENTS))
    assert isinstance(document, dict)
    key = document.get(TYPE)
    if not isinstance(key, str) or not key:
        raise FieldProblem("the file does not say which content type it is", (), hint="begin with `content_type: NAME`")
    found[EXTRA] = found[EXTRA] or {}
    yield Item(kind=TYPE, key=key, fields=found, source=path, protect=is_protected(document))
    yield from instances.load_instances(path, document.get(NODES), instances.NODE, key, (NODES,))
    bundle = f"{instances.COMMENTS}{key}"
    yield from instances.load_instances(path, document.get(COMMENTS), instances.COMMENT, bundle, (COMMENTS,))


def _load_bundle(path: str, document: TreeValue) -> Iterator[Item]:
    if not isinstance(document, dict) or set(document) - {BUNDLE, NODES}:
        raise FieldProblem("this must be `bundle:` and `fields:`", (), hint="bundle: user/user, and its fields by name")
    entity, slash, bundle = str(document.get(BUNDLE) or "").partition("/")
    if not slash or not entity or not bundle:
        raise FieldProblem("the file does not say whose fields these are", (), hint="begin with `bundle: user/user`")
    yield from instances.load_instances(path, document.get(NODES), entity, bundle, (NODES,))


def dump(fields: Mapping[str, Field], items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The file of a type with its fields, or of another bundle's."""
    there: Mapping[Any, Any] = old if isinstance(old, dict) else {}
    own = next((item for item in items if item.kind == TYPE), None)
    rest = [item for item in items if item.kind != TYPE]
    nodes = [item for item in rest if not item.key.startswith(f"{instances.COMMENT}/{instances.COMMENTS}")]
    comments = [item for item in rest if item not in nodes]
    document: dict[int | str | bytes, TreeValue] = {}
    meant: Fields = {}
    wanted: Fields = {}
    if own is None and nodes and not instances.place(nodes[0].key).startswith(f"{instances.TYPES}/"):
        document[BUNDLE] = nodes[0].key.rpartition("/")[0]
    else:
        meant = load_fields(fields, old, besides=(TYPE, NODES, COMMENTS)) if there else {}
        wanted = own.fields if own is not None else meant
        document = {TYPE: own.key if own is not None else there.get(TYPE), **dump_fields(fields, wanted)}
    if nodes:
        document[NODES] = instances.dump_instances(nodes, there.get(NODES))
    if comments:
        document[COMMENTS] = instances.dump_instances(comments, there.get(COMMENTS))
    return keep_written(old, document, meant, wanted)


def schema(fields: Mapping[str, Field]) -> Mapping[str, object]:
    """The JSON Schema of a file."""
    instance: dict[str, Any] = dict(mapping_schema(instances.FIELDS, "label"))
    instance["required"] = ["label"]
    by_name = {"type": "object", "additionalProperties": instance, "description": "Its fields by name."}
    of_type: dict[str, Any] = dict(mapping_schema(fields, TYPE))
    of_type["properties"] = {**of_type["properties"], NODES: by_name, COMMENTS: by_name}
    of_bundle = {
        "type": "object",
        "properties": {
            BUNDLE: {"type": "string", "description": "Type of entity and bundle: user/user."},
            NODES: by_name,
        },
        "required": [BUNDLE],
        "additionalProperties": False,
    }
    return {"anyOf": [of_type, of_bundle]}
