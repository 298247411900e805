"""A block's fields, and the file that holds them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from drupalsync.kinds import _block_pages as pages_of
from drupalsync.kinds._block_shared import SHARED, against, placements_of, seen_in, without_echo
from drupalsync.kinds.base import Fields, Item
from drupalsync.kinds.fields import (
    INT,
    MAP,
    TEXT,
    TEXTS,
    Field,
    FieldProblem,
    Path,
    Schema,
    check_value,
    dump_fields,
    is_protected,
    keep_written,
    load_fields,
)
from drupalsync.kinds.slug import file_name
from drupalsync.tree import TreeValue
from drupalsync.tree import same as same_tree

NAME: Final = "block"
FOLDER: Final = "blocks"
CUSTOM: Final = "custom/"
NOWHERE: Final[dict[str, TreeValue]] = {"region": "none", "weight": 0}
OWN: Final = ("info", "body", "format", "extra_custom")  # of custom blocks only
TEXT_OR_NULL: Final[Schema] = {"anyOf": [TEXT, {"type": "null"}]}

PLACEMENT: Final[Schema] = {
    "type": "object",
    "properties": {
        "region": TEXT,
        "weight": INT,
        "status": INT,
        "title": TEXT,
        "pages": pages_of.SCHEMA,
        "user_control": INT,
        "extra": MAP,
    },
    "required": ["region"],
    "additionalProperties": False,
}
FIELDS: Final[Mapping[str, Field]] = {
    "info": Field("A custom block's name on the admin page; no two may have the same.", TEXT_OR_NULL),
    "title": Field("The heading; '' is the module's own, <none> is none.", TEXT, ""),
    "body": Field("A custom block's text.", TEXT_OR_NULL),
    "format": Field("The text format of the body.", TEXT_OR_NULL),
    "pages": Field(
        "Where it is seen: `show_on` or `hide_on` with paths, or `php` with code.",
        pages_of.SCHEMA,
        pages_of.EVERYWHERE,
        by_member=True,
    ),
    "roles": Field("The roles that see it; none: everybody.", TEXTS, [], by_member=True),
    "content_types": Field("The types whose pages it is seen on; none: on every page.", TEXTS, [], by_member=True),
    "user_control": Field("0: users cannot hide it; 1: they may; 2: it is hidden until they show it.", INT, 0),
    "placements": Field(
        "By theme: the region (`none`: off) and the weight there; a theme left out stays as it is.",
        {"type": "object", "additionalProperties": PLACEMENT},
        {},
    ),
    "extra": Field("Columns that contributed modules added to {block}.", MAP, {}),
    "extra_custom": Field("Columns that contributed modules added to {block_custom}.", MAP, {}),
}


def is_custom(key: str) -> bool:
    return key.startswith(CUSTOM)


def place(item: Item) -> str:
    """The file that a block belongs to: `blocks/<module>/<delta>.yml`."""
    module, _, delta = item.key.partition("/")
    return f"{FOLDER}/{file_name(module)}/{file_name(delta)}.yml"


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The block of a file; raises FieldProblem."""
    fields = load_fields(FIELDS, document, besides=(NAME,))
    assert isinstance(document, dict)
    key = document.get(NAME)
    check_value(TEXT, key, (NAME,))
    if not isinstance(key, str) or not all(key.partition("/")):
        raise FieldProblem("which block is this?", (NAME,), hint="block: custom/NAME, or block: MODULE/DELTA")
    for name in OWN:
        if not is_custom(key) and not same_tree(fields[name], FIELDS[name].default):
            raise FieldProblem(f"only custom blocks have the field {name!r}", (name,), hint="leave it out")
    if is_custom(key) and not fields["info"]:
        raise FieldProblem("the field 'info' is missing", (), hint=f"info: {FIELDS['info'].help}")
    yield Item(kind=NAME, key=key, fields=_settled(fields), source=path, protect=is_protected(document))


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The file of a block; themes that an old file does not name stay out of it while the block is off there."""
    (item,) = items
    wanted = dict(item.fields)
    meant: Fields = {}
    if isinstance(old, dict):
        meant = _settled(load_fields(FIELDS, old, besides=(NAME,)))
        wanted = _as_told(wanted, meant)
        wanted["placements"] = _as_named(meant["placements"], wanted["placements"])
    placements = _written(wanted["placements"])
    if isinstance(old, dict):
        placements = keep_written(
            old.get("placements"), placements, _map(meant["placements"]), _map(wanted["placements"])
        )
    written = dump_fields(FIELDS, {**wanted, "placements": placements})
    return keep_written(old, {NAME: item.key, **written}, meant, wanted)


def is_off(at: TreeValue) -> bool:
    """Whether a placement says that the block is off in that theme."""
    return isinstance(at, dict) and at.get("region") == "none" and "status" not in at


def _settled(fields: Fields) -> Fields:
    """The fields of a file in the one form that the rows of a site give."""
    out = dict(fields)
    if not isinstance(fields["placements"], dict | list):
        raise FieldProblem(
            "the placements must stand here", ("placements",), hint="`!env` may stand for a region, not for all of them"
        )
    out["pages"] = pages_of.settled(fields["pages"], ("pages",))
    out["roles"], out["content_types"] = _as_set(fields["roles"]), _as_set(fields["content_types"])
    out["extra"], out["extra_custom"] = fields["extra"] or {}, fields["extra_custom"] or {}
    out["placements"] = {
        str(theme): _settled_placement(at, ("placements", theme)) for theme, at in _map(fields["placements"]).items()
    }
    return without_echo(out)


def _settled_placement(at: TreeValue, path: Path) -> TreeValue:
    if not isinstance(at, dict):
        raise FieldProblem("the region must stand here", path, hint="region: NAME, or region: none")
    out = {**NOWHERE, **at}
    if "pages" in out:
        out["pages"] = pages_of.settled(out["pages"], (*path, "pages"))
    if "extra" in out:
        out["extra"] = out["extra"] or {}
    return out


def _written(placements: TreeValue) -> dict[Any, TreeValue]:
    """Placements as a file shows them: a weight of 0 goes without saying."""
    return {
        theme: {name: value for name, value in at.items() if not (name == "weight" and same_tree(value, 0))}
        if isinstance(at, dict)
        else at
        for theme, at in sorted(_map(placements).items())
    }


def _as_named(meant: TreeValue, live: TreeValue) -> dict[Any, TreeValue]:
    """The site's placements, told of the themes that the file names, and of those where the block is seen besides."""
    named, there = _map(meant), _map(live)
    off = {theme: at for theme, at in named.items() if theme not in there and is_off(at)}
    return {**off, **{theme: at for theme, at in there.items() if theme in named or not _is_nowhere(at)}}


def with_news(old: TreeValue, items: Sequence[Item], news: Collection[str]) -> TreeValue:
    """A file that also says where its block is off in a theme that is new to the tree, and seen in another one.

    A theme that is turned on shows what the site's own one shows (block_theme_initialize): that the block is off there
    has to be said.
    """
    (item,) = items
    there = placements_of(item.fields)
    off = [theme for theme, at in sorted(there.items()) if f"theme:{theme}" in news and _is_nowhere(at)]
    named = _map(old.get("placements")) if isinstance(old, dict) else {}
    if not isinstance(old, dict) or not off or all(_is_nowhere(at) for at in there.values()):
        return old
    return {**old, "placements": {**named, **{theme: {"region": "none"} for theme in off if theme not in named}}}


def _is_nowhere(at: dict[str, TreeValue]) -> bool:
    """Whether a placement says nothing but, perhaps, what a block that is off would show."""
    return same_tree({name: value for name, value in at.items() if name not in SHARED}, NOWHERE)


def _as_told(live: Fields, meant: Fields) -> Fields:
    """The site's block with what the file has for all themes, as far as it still holds for any of those that it names."""
    named = [seen_in(live, at) for theme, at in placements_of(live).items() if theme in _map(meant["placements"])]
    told = {name: meant[name] for name in SHARED if any(same_tree(meant[name], seen[name]) for seen in named)}
    return against(live, told)


def _as_set(names: TreeValue) -> TreeValue:
    """A list whose order says nothing, in the order that a site's rows are read in."""
    if isinstance(names, list) and all(isinstance(name, str) for name in names):
        return sorted(set(names))
    return names


def _map(value: TreeValue) -> dict[Any, Any]:
    return dict(value) if isinstance(value, dict) else {}
