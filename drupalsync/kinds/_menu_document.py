"""A menu's file: the menu, and its links as a tree.

A link's place in the file is its place in the menu. Under a link that some module declares (`system: …`) links may stand
as its `children` too, or name it (`parent: system:…`) where the file does not have it; their keys start at the menu.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from drupalsync.kinds._menu_rows import FLAGS, LEVELS, flag
from drupalsync.kinds.base import Fields, Item
from drupalsync.kinds.fields import (
    ANYTHING,
    BOOL,
    INT,
    MAP,
    TEXT,
    Field,
    FieldProblem,
    Path,
    Schema,
    dump_fields,
    is_protected,
    keep_written,
    load_fields,
    same_tree,
)
from drupalsync.kinds.slug import slug
from drupalsync.tree import TreeValue
from drupalsync.tree.names import encode_name

MENU: Final = "menu"
LINK: Final = "menu_link"
FOLDER: Final = "menus"
OR_NULL: Final[Schema] = {"anyOf": [TEXT, {"type": "null"}]}
FLAG: Final[Schema] = {"anyOf": [BOOL, INT]}

MENU_FIELDS: Final[Mapping[str, Field]] = {
    "title": Field("The heading of the menu and of its block.", TEXT, required=True),
    "description": Field("What the menu is for, shown to administrators.", OR_NULL, ""),
    "admin_link": Field(
        "Whether the administration menu links to the menu's page, as Drupal's form sees to.", BOOL, True
    ),
    "extra": Field("Columns that contributed modules added to {menu_custom}.", MAP, {}),
}
LINK_FIELDS: Final[Mapping[str, Field]] = {
    "title": Field(
        "The text of the link; a link that a module declares may leave it to the site.", OR_NULL, required=True
    ),
    "path": Field(
        "Where it leads: a path, a URL, <front>, or a reference such as node:page/about-us.", TEXT, required=True
    ),
    "module": Field(
        "The module that owns the link; `system: PATH` in a file means that of a declared page.", TEXT, "menu"
    ),
    "weight": Field("Lighter links come first.", INT, 0),
    "hidden": Field("true: not shown; -1: not even to those who edit menus.", FLAG, False),
    "expanded": Field("Whether the links below it are always shown.", FLAG, False),
    "customized": Field("Whether Drupal keeps the link as it is even where nothing serves its path.", FLAG, False),
    "options": Field("What l() takes: query, fragment, attributes (title is the description) …", ANYTHING, []),
    "parent": Field("What it hangs from where that has no place in the file: system:admin/structure.", OR_NULL, None),
    "extra": Field("Columns that contributed modules added to {menu_links}.", MAP, {}),
}
# What menu_install() writes, in English: a file need not repeat it.
SYSTEM_MENUS: Final[Mapping[str, tuple[str, str]]] = {
    "navigation": (
        "Navigation",
        "The <em>Navigation</em> menu contains links intended for site visitors. "
        "Links are added to the <em>Navigation</em> menu automatically by some modules.",
    ),
    "management": ("Management", "The <em>Management</em> menu contains links for administrative tasks."),
    "user-menu": (
        "User menu",
        "The <em>User</em> menu contains links related to the user's account, as well as the 'Log out' link.",
    ),
    "main-menu": (
        "Main menu",
        "The <em>Main</em> menu is used on many sites to show the major sections of the site, "
        "often in a top navigation bar.",
    ),
}
_DECLARED: Final = {
    **LINK_FIELDS,
    "title": replace(LINK_FIELDS["title"], required=False),
    "customized": replace(LINK_FIELDS["customized"], default=True),
}
_SYSTEM: Final = {name: spec for name, spec in _DECLARED.items() if name not in {"path", "module"}}
_BY_HAND: Final = {**LINK_FIELDS, "title": replace(LINK_FIELDS["title"], schema=TEXT)}
_BESIDES: Final = ("key", "system", "children")
_SEGMENT: Final = re.compile(r"[^/:\s](?:[^/:]*[^/:\s])?")
_ADDRESS: Final = re.compile(r"[a-z0-9_]+:.+", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A link as a file has it; `inside` is the key of the entry that it stands under, "" at the top."""

    item: Item
    written: dict[Any, Any]
    inside: str


def place(item: Item) -> str:
    """The file of a menu and its links."""
    return f"{FOLDER}/{encode_name(item.key.partition('/')[0])}.yml"


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The menu, where the file says something of it, and its links, parents first; raises FieldProblem."""
    menu = _menu_of(document)
    assert isinstance(document, dict)
    own = {name: value for name, value in document.items() if name != "links"}
    if len(own) > 1 or menu in SYSTEM_MENUS:
        fields = load_fields(_menu_fields(menu), own, besides=(MENU,))
        fields["extra"] = fields["extra"] or {}
        yield Item(kind=MENU, key=menu, fields=fields, source=path, protect=is_protected(document))
    for entry in _entries(menu, document.get("links"), path):
        yield entry.item


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """The file of a menu and these links: what `old` has keeps its order and its wording, what is new comes after it."""
    links = {item.key: item for item in items if item.kind == LINK}
    menu_item = next((item for item in items if item.kind == MENU), None)
    menu = items[0].key.partition("/")[0]
    before = {item.key: item for item in load("", old) if item.kind == MENU} if old is not None else {}
    written = (
        []
        if old is None
        else list(_entries(menu, old["links"], ""))
        if isinstance(old, dict) and "links" in old
        else []
    )
    new: dict[int | str | bytes, TreeValue] = {MENU: menu}
    if menu_item is not None:
        new.update(dump_fields(_menu_fields(menu), menu_item.fields))
    if links or (isinstance(old, dict) and "links" in old):
        new["links"] = _Dump(links, written).below("")
    was = before[menu].fields if menu in before else {}
    return keep_written(old, new, was, menu_item.fields if menu_item is not None else {})


def system_defaults(menu: str) -> Fields | None:
    """The fields of a menu that Drupal itself made, and nobody changed; None for another menu."""
    if menu not in SYSTEM_MENUS:
        return None
    title, description = SYSTEM_MENUS[menu]
    return {"title": title, "description": description, "admin_link": True, "extra": {}}


def _menu_of(document: TreeValue) -> str:
    menu = document.get(MENU) if isinstance(document, dict) else None
    if not isinstance(menu, str) or not menu.strip() or "/" in menu:
        raise FieldProblem("the file must begin with the machine name of its menu", (MENU,), hint="menu: main-menu")
    return menu


def _menu_fields(menu: str) -> Mapping[str, Field]:
    defaults = system_defaults(menu)
    if defaults is None:
        return MENU_FIELDS
    return {name: replace(spec, default=defaults[name], required=False) for name, spec in MENU_FIELDS.items()}


def _entries(menu: str, links: TreeValue, source: str) -> Iterator[_Entry]:
    """Every link of a file, parents first; raises FieldProblem, also where two have one key."""
    seen: set[str] = set()
    for entry, path in _below(menu, links, source, ("links",), menu, None, "", 1):
        if entry.item.key in seen:
            raise FieldProblem(
                f"the key {entry.item.key!r} is taken by another link of this menu",
                (*path, "key") if "key" in entry.written else path,
                hint="give this one another `key:`",
            )
        seen.add(entry.item.key)
        yield entry


def _below(
    menu: str, links: TreeValue, source: str, path: Path, prefix: str, parent: str | None, inside: str, level: int
) -> Iterator[tuple[_Entry, Path]]:
    """The links of one list and all below them; `prefix` begins their keys, `parent` is what they hang from."""
    if links is None:
        return
    if not isinstance(links, list):
        raise FieldProblem("this must be a list of links", path, hint="begin each link with `- key: …`")
    for at, written in enumerate(links):
        here = (*path, at)
        fields = _fields(written, here, parent)
        key = f"{prefix}/{_segments(written, fields, here)}"
        if max(level, key.count("/")) > LEVELS:
            raise FieldProblem(
                f"this link is on level {max(level, key.count('/'))}, and Drupal keeps {LEVELS}",
                here,
                hint="move it up",
            )
        item = Item(kind=LINK, key=key, fields=fields, source=source, at=here, protect=is_protected(written))
        yield _Entry(item, written, inside), here
        declared = fields["module"] != "menu"
        yield from _below(
            menu,
            written.get("children"),
            source,
            (*here, "children"),
            menu if declared else key,
            _address(fields) if declared else None,
            key,
            level + 1,
        )


def _fields(written: TreeValue, path: Path, parent: str | None) -> Fields:
    """The fields of one entry; `parent` is what an entry under a declared link hangs from."""
    system = isinstance(written, dict) and "system" in written
    module = written.get("module", "menu") if isinstance(written, dict) else "menu"
    specs = _SYSTEM if system else _BY_HAND if module == "menu" else _DECLARED
    fields = load_fields(specs, written, path, besides=_BESIDES)
    assert isinstance(written, dict)
    if system:
        declared = written["system"]
        if not isinstance(declared, str) or not declared:
            raise FieldProblem(
                "this must be the path that a module declares", (*path, "system"), hint="system: user/logout"
            )
        fields = {**fields, "path": declared, "module": "system"}
    elif module in {"system", "book"}:
        raise FieldProblem(
            f"a link of the module {module} cannot be written so",
            (*path, "module"),
            hint="write `system: PATH` in place of path and module"
            if module == "system"
            else "a book's pages belong to their nodes",
        )
    fields.update({name: flag(fields[name]) for name in FLAGS})
    fields["extra"] = fields["extra"] or {}
    if fields["module"] != "menu" and fields["customized"] is False:
        raise FieldProblem(
            "a link that a module declares is here only because it is customised",
            (*path, "customized"),
            hint="take the line, or the link, out",
        )
    _check_parent(fields["parent"], path)
    return {**{name: fields[name] for name in LINK_FIELDS}, **({"parent": parent} if parent is not None else {})}


def _check_parent(parent: TreeValue, path: Path) -> None:
    if parent is None:
        return
    if "children" in path:
        raise FieldProblem(
            "a link under another one hangs from that",
            (*path, "parent"),
            hint="take the line out, or the link to the top",
        )
    if not isinstance(parent, str) or not _ADDRESS.fullmatch(parent):
        raise FieldProblem("this must be a module and a path", (*path, "parent"), hint="parent: system:admin/structure")


def _segments(written: Mapping[Any, TreeValue], fields: Fields, path: Path) -> str:
    """The link's part of its key: `key`, else the slug of its title. One outside its parent names that too: `about/team`."""
    if "key" not in written:
        title = fields["title"]
        if isinstance(title, str):
            return slug(title)
        raise FieldProblem("this link needs a key: its title is not known here", path, hint="key: a-short-name")
    key = written["key"]
    if not isinstance(key, str) or not all(_SEGMENT.fullmatch(segment) for segment in key.split("/")):
        raise FieldProblem("a key is a short text without colons", (*path, "key"), hint="key: about-us")
    if "/" in key and (fields["parent"] is not None or "children" in path):
        raise FieldProblem(
            "only a link at the top can name its parent in its key", (*path, "key"), hint="key: about-us"
        )
    return key


def _address(fields: Fields) -> str:
    """What `parent` calls a declared link."""
    return ":".join(map(str, (fields["module"], fields["path"])))


class _Dump:
    """The links of a file, written anew where they are not as `written`."""

    def __init__(self, links: Mapping[str, Item], written: Sequence[_Entry]) -> None:
        self.links = links
        self.written = {entry.item.key: entry for entry in written}
        self.order = {entry.item.key: at for at, entry in enumerate(written)}
        addresses = {_address(item.fields): key for key, item in links.items() if item.fields["module"] != "menu"}
        self.inside = {key: self._inside(item, addresses) for key, item in links.items()}
        for key in links:
            if self._is_inside_itself(key):
                self.inside[key] = ""  # a circle on the site: it has to begin somewhere
        self.under: dict[str, list[str]] = {}
        for key, inside in self.inside.items():
            self.under.setdefault(inside, []).append(key)

    def below(self, holder: str) -> list[TreeValue]:
        """The links under one (at the top: ""), in the order of the file; those new there by weight and title."""
        kept = [key for key in self.under.get(holder, ()) if self._stays(key)]
        new = [key for key in self.under.get(holder, ()) if not self._stays(key)]
        return [self._entry(key) for key in (*sorted(kept, key=self.order.__getitem__), *sorted(new, key=self._rank))]

    def _inside(self, item: Item, addresses: Mapping[str, str]) -> str:
        """The key of the entry that a link stands under."""
        parent = item.fields["parent"]
        if isinstance(parent, str):
            found = addresses.get(parent, "")
            return "" if found == item.key else found
        above = item.key.rpartition("/")[0]
        return above if above in self.links else ""

    def _is_inside_itself(self, key: str) -> bool:
        seen: set[str] = set()
        at = self.inside[key]
        while at and at not in seen:
            seen.add(at)
            at = self.inside[at]
        return key in seen and isinstance(self.links[key].fields["parent"], str)

    def _stays(self, key: str) -> bool:
        return key in self.written and self.written[key].inside == self.inside[key]

    def _rank(self, key: str) -> tuple[int, str, str]:
        weight, title = self.links[key].fields["weight"], self.links[key].fields["title"]
        return (weight if isinstance(weight, int) else 0, str(title), key)

    def _entry(self, key: str) -> TreeValue:
        item, inside = self.links[key], self.inside[key]
        new = _new_entry(item, inside)
        entry = self.written.get(key)
        children = self.below(key)
        if children or (entry is not None and "children" in entry.written):
            new["children"] = children
        if entry is None:
            return new
        if (
            "key" not in entry.written
            and entry.inside == inside
            and same_tree(entry.item.fields["title"], item.fields["title"])
        ):
            del new["key"]
        if entry.item.fields["title"] is None:
            new.pop("title", None)  # left to the site
        return keep_written(entry.written, new, _meant(entry.item, entry.inside), _meant(item, inside))


def _new_entry(item: Item, inside: str) -> dict[int | str | bytes, TreeValue]:
    fields = dict(item.fields)
    if inside:
        fields["parent"] = None
    new: dict[int | str | bytes, TreeValue] = {"key": _own_key(item, inside)}
    if fields["module"] == "system":
        return {**new, "system": fields["path"], **dump_fields(_SYSTEM, fields)}
    return {**new, **dump_fields(_BY_HAND if fields["module"] == "menu" else _DECLARED, fields)}


def _own_key(item: Item, inside: str) -> str:
    """What a link writes as its key: the last part, or all but the menu where what it hangs from is not in the file."""
    return item.key.rpartition("/")[2] if inside else item.key.partition("/")[2]


def _meant(item: Item, inside: str) -> Fields:
    """An entry's fields as its lines name them."""
    fields = {**item.fields, "key": _own_key(item, inside)}
    if inside:
        fields["parent"] = None
    if fields["module"] == "system":
        fields["system"] = fields["path"]
    return fields
