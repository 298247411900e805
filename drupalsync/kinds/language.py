"""Languages: which there are, what they are called, and the prefix of their paths.

Tables    languages (modules/locale/locale.install)
Key       the language's code
File      config/languages/<key>.yml
Defaults  off, written from left to right, no prefix, weight 0
Keeps     the domain is the environment's own; language_count; language_default, which is a copy of its row; a new
          language's scripts are made anew; English, the site's own language and one that nodes have do not go
Caches    cache:locale:<key>, cache:entity_info:*, cache_field:field_info*, cache_page
Source    modules/locale/locale.admin.inc (locale_languages_*_form, …_validate, …_submit), includes/locale.inc
          (locale_add_language), includes/bootstrap.inc (language_default)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import CannotBeRow, Col, Description, Hooks, TableKind
from drupalsync.php import PhpObject
from drupalsync.site import Cell, get_variable, set_variable

NAME: Final = "language"
DEFAULT: Final = "language_default"
COPIED: Final = ("name", "native", "direction", "enabled", "plurals", "formula", "prefix", "weight")
EDITED: Final = ("name", "native", "direction", "prefix")  # on locale_languages_edit_form()
_CODE: Final = re.compile(r"[a-zA-Z_-]+")
_MARKUP: Final = re.compile("[<>&\"']")  # what check_plain() changes


class LanguageInUse(DrupalsyncError):
    """A language that cannot go."""


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields what the forms refuse: a code or a name that is none, a prefix that another language has, or none at all.

    What the site has already may stay.
    """
    where = item.source or item.address
    rows = {str(row[0]): row for row in ctx.site.rows(_ROWS)}
    there = rows.get(item.key, ("", "", "", "", ""))
    if not there[0] and not _CODE.fullmatch(item.key):
        yield CannotBeRow(f"{item.key!r} cannot be a language", where=where, hint="letters, - and _ make a code: pt-br")
    for name, old in (("name", there[1]), ("native", there[2])):
        text = str(item.fields[name])
        if text != old and (not text.strip() or _MARKUP.search(text)):
            yield CannotBeRow(
                f"{name} cannot be {text!r}", where=f"{where} {name}", hint="a text without & < > and quotes"
            )
    if item.fields["direction"] not in (0, 1):
        yield CannotBeRow(
            f"{item.fields['direction']!s} is no direction",
            where=f"{where} direction",
            hint="0: from left to right, 1: from right to left",
        )
    if item.key == _default(ctx).properties.get("language") and not item.fields["enabled"]:
        yield CannotBeRow(
            f"{item.address} cannot be off: it is the language of the site",
            where=f"{where} enabled",
            hint="enabled: true, or make another one the default on the site first",
        )
    if item.fields["prefix"] != there[3] or not there[0]:
        prefixes = {key: str(row[3]) for key, row in rows.items()}
        prefixes |= {one.key: str(one.fields["prefix"]) for one in desired.values() if one.kind == NAME}
        yield from _prefix(ctx, item, prefixes, where=f"{where} prefix", domain=bool(there[4]))


def _prefix(
    ctx: Context,
    item: Item,
    prefixes: Mapping[str, str],
    *,
    where: str,
    domain: bool,
) -> Iterator[DrupalsyncError]:
    """What forbids the prefix; `prefixes` are those that all languages will have, `domain`: it has one on this site."""
    prefix = str(item.fields["prefix"])
    if not prefix and not domain and item.key != _default(ctx).properties.get("language"):
        yield CannotBeRow(
            f"{item.address} has no prefix: only the language of the site, or one with a domain, can do without",
            where=where,
            hint=f"prefix: {item.key}",
        )
    for key, other in sorted(prefixes.items()):
        if key != item.key and prefix and prefix == other:
            yield CannotBeRow(f"the prefix {prefix} is that of {NAME}:{key}", where=where, hint="choose another")


_ROWS: Final = "SELECT language, name, native, prefix, domain FROM {languages} ORDER BY language"


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Raises LanguageInUse; the translations of the interface go with a language."""
    own = _default(ctx).properties.get("language")
    if item.key in {"en", own}:
        raise LanguageInUse(
            f"{item.address} cannot be deleted: it is {'the language of the site' if item.key == own else 'English'}",
            where=item.source or item.address,
            hint="make another one the default first" if item.key == own else "switch it off instead: enabled: false",
        )
    nodes = ctx.site.rows("SELECT nid FROM {node} WHERE language = ?", [item.key])
    left = [nid for (nid,) in nodes if not _gets_another(ctx, nid, item.key, going)]
    if left:
        raise LanguageInUse(
            f"{item.address} cannot be deleted: {counted(len(left), 'node')} of this site are in that language",
            where=item.source or item.address,
            hint="give them another language, or switch it off: enabled: false",
        )
    sql = "SELECT COUNT(*) FROM {locales_target} WHERE language = ?"
    row = ctx.site.one(sql, [item.key]) if "locales_target" in ctx.site.tables else None
    if row and row[0]:
        yield f"{counted(int(str(row[0])), 'translation')} of the interface into {item.key}"


def _gets_another(ctx: Context, nid: Cell, language: str, going: Container[str]) -> bool:
    """Whether the tree gives the node another language, or lets it go."""
    address = f"node:{ctx.keys.key('node', nid)}"
    wanted = next((node for node in ctx.memory.tree("node") if node.address == address), None)
    return address in going if wanted is None else wanted.fields["language"] != language


def _default(ctx: Context) -> PhpObject:
    """language_default(): the copy of the site's own language that Drupal reads instead of the row."""
    own = get_variable(ctx.site, DEFAULT)
    return own if isinstance(own, PhpObject) else PhpObject("stdClass", dict(_ENGLISH))


_ENGLISH: Final[Mapping[Any, Any]] = {
    "language": "en",
    "name": "English",
    "native": "English",
    "direction": 0,
    "enabled": 1,
    "plurals": 0,
    "formula": "",
    "domain": "",
    "prefix": "",
    "weight": 0,
    "javascript": "",
}


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """The copy that Drupal reads instead of the row, and the scripts of a new language."""
    site, own = ctx.site, _default(ctx)
    if own.properties.get("language") == item.key:
        properties = _as_saved(own, live, item)
        if properties != own.properties:
            set_variable(site, DEFAULT, PhpObject(own.cls, properties))
    if live is None:
        parsed = get_variable(site, "javascript_parsed", [])
        marks: dict[Any, Any] = dict(enumerate(parsed)) if isinstance(parsed, list) else {}
        marks |= parsed if isinstance(parsed, dict) else {}
        set_variable(site, "javascript_parsed", {**marks, f"refresh:{item.key}": "waiting"})


def _as_saved(own: PhpObject, live: Item | None, item: Item) -> dict[Any, Any]:
    """The copy with the item's values, in the types that they have there; the form makes `direction` a text."""
    properties: dict[Any, Any] = dict(own.properties)
    edited = live is None or any(live.fields[name] != item.fields[name] for name in EDITED)
    for name in COPIED:
        value = item.fields[name]
        plain = int(value) if isinstance(value, bool) else value
        if name in properties:
            as_text = isinstance(properties[name], str) or (name == "direction" and edited)
            properties[name] = str(plain) if as_text else plain
    return properties


def deleted(ctx: Context, item: Item) -> None:
    """What goes with a language."""
    if "locales_target" in ctx.site.tables:
        ctx.site.delete("locales_target", {"language": item.key})
    ctx.site.caches.entry("cache", f"locale:{item.key}")


def finish(ctx: Context) -> None:
    """language_count: how many are on."""
    row = ctx.site.one("SELECT COUNT(*) FROM {languages} WHERE enabled = 1")
    count = int(str(row[0])) if row else 0
    if get_variable(ctx.site, "language_count", 1) != count:
        set_variable(ctx.site, "language_count", count)


KIND: Final = TableKind(
    about=Description(
        kind=NAME,
        table="languages",
        key=("language",),
        folder="languages",
        module="locale",
        columns={
            "name": Col(help="Its English name.", required=True, default=""),
            "native": Col(help="What it calls itself.", required=True, default=""),
            "direction": Col(help="0 from left to right, 1 from right to left.", default=0),
            "enabled": Col(help="Whether it is on.", default=False, flag=True),
            "plurals": Col(help="How many plural forms it has.", default=0),
            "formula": Col(help="Which of them a number takes.", default=""),
            "domain": Col(own=True),
            "prefix": Col(help="What its paths begin with.", default=""),
            "weight": Col(help="Its place in the list.", default=0),
            "javascript": Col(derived=True),
        },
        caches=(("cache", "entity_info:*"), ("cache_field", "field_info*"), ("cache_page", "*")),
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(check=check, losses=losses, wrote=wrote, deleted=deleted, finish=finish),
)
