"""Languages: which there are, what they are called, and the prefix of their paths.

Tables    languages (modules/locale/locale.install)
Key       the language's code
File      config/languages/<key>.yml
Defaults  off, written from left to right, no prefix, weight 0
Keeps     the domain is the environment's own; language_count; language_default, which is a copy of its row; a new
          language's scripts are made anew; English, the site's own language and one that nodes have do not go
Caches    cache:locale:<key>, cache:entity_info:*, cache_field:field_info:*, cache_page
Source    modules/locale/locale.admin.inc (locale_languages_*_form_submit), includes/locale.inc (locale_add_language)
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any, Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.tables import Col, Description, Hooks, TableKind
from drupalsync.php import PhpObject
from drupalsync.site import get_variable, set_variable

NAME: Final = "language"
DEFAULT: Final = "language_default"
COPIED: Final = ("name", "native", "direction", "enabled", "plurals", "formula", "prefix", "weight")


class LanguageInUse(DrupalsyncError):
    """A language that cannot go."""


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Raises LanguageInUse; the translations of the interface go with a language."""
    del going
    own = get_variable(ctx.site, DEFAULT)
    if item.key == "en" or (isinstance(own, PhpObject) and own.properties.get("language") == item.key):
        raise LanguageInUse(
            f"{item.address} cannot be deleted: it is {'English' if item.key == 'en' else 'the language of the site'}",
            where=item.source or item.address,
            hint="switch it off instead: enabled: false" if item.key == "en" else "make another one the default first",
        )
    row = ctx.site.one("SELECT COUNT(*) FROM {node} WHERE language = ?", [item.key])
    if row and row[0]:
        raise LanguageInUse(
            f"{item.address} cannot be deleted: {counted(int(str(row[0])), 'node')} of this site are in that language",
            where=item.source or item.address,
            hint="give them another language, or switch it off: enabled: false",
        )
    row = ctx.site.one("SELECT COUNT(*) FROM {locales_target} WHERE language = ?", [item.key])
    if row and row[0]:
        yield f"{counted(int(str(row[0])), 'translation')} of the interface into {item.key}"


def wrote(ctx: Context, live: Item | None, item: Item) -> None:
    """The copy that Drupal reads instead of the row, and the scripts of a new language."""
    site = ctx.site
    own = get_variable(site, DEFAULT)
    if isinstance(own, PhpObject) and own.properties.get("language") == item.key:
        properties: dict[Any, Any] = dict(own.properties)
        for name in COPIED:
            value = item.fields[name]
            plain = int(value) if isinstance(value, bool) else value
            if name in properties:  # with the type that the form, or the row, gave it
                properties[name] = str(plain) if isinstance(properties[name], str) else plain
        if properties != own.properties:
            set_variable(site, DEFAULT, PhpObject(own.cls, properties))
    if live is None:
        parsed = get_variable(site, "javascript_parsed", [])
        marks: dict[Any, Any] = dict(enumerate(parsed)) if isinstance(parsed, list) else dict(parsed)  # type: ignore[arg-type]
        set_variable(site, "javascript_parsed", {**marks, f"refresh:{item.key}": "waiting"})


def deleted(ctx: Context, item: Item) -> None:
    """What goes with a language."""
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
        caches=(("cache", "entity_info:*"), ("cache_field", "field_info:*"), ("cache_page", "*")),
        fixed=True,
    ),
    doc=__doc__,
    hooks=Hooks(losses=losses, wrote=wrote, deleted=deleted, finish=finish),
)
