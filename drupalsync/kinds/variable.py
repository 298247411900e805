"""Variables: the settings of a site, typed exactly as PHP has them.

Tables    variable (modules/system/system.install)
Key       the variable's name, unique in {variable} as the database's collation compares
File      config/variables/<group>.yml, `name: value` lines; the group is the module that owns the prefix, else the
          first word
Defaults  none: a variable is there or it is not
Keeps     menu_rebuild_needed where the router depends on the variable; the search index's marks
Caches    cache_bootstrap:variables
Source    includes/bootstrap.inc (variable_initialize, variable_set, variable_del)

Not configuration, and why: `_volatile.py`. Values that name rows by id: `_variable_places.py`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final, cast

from drupalsync.errors import DrupalsyncError, Problems
from drupalsync.kinds import _variable_places as places
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._volatile import environments_own, taken_off, volatile
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.fields import Field, FieldProblem
from drupalsync.kinds.secrets import is_secret_name
from drupalsync.php import PhpSyntaxError, Value, decode
from drupalsync.php.syntax import is_int_key
from drupalsync.site import Cell, LocalId, as_bytes, delete_variable, set_variable
from drupalsync.tree import TreeValue, same
from drupalsync.tree.names import encode_name

NAME: Final = "variable"
TABLES: Final = ("variable",)
AFTER: Final = (
    "node",
    "menu_link",
    "role",
    "term",
    "vocabulary",
    "text_format",
    "content_type",
    "theme",
    "language",
)
DOCUMENT: Final = "variable"
FOLDER: Final = "variables"
FIELDS: Final[Mapping[str, Field]] = {"value": Field("What variable_get() answers, with its type.", required=True)}

LONGEST: Final = 128  # characters of {variable}.name
ROUTER: Final[Mapping[str, str]] = {
    "theme_default": "modules/system/system.admin.inc:system_theme_default",
    "search_active_modules": "modules/search/search.admin.inc:search_admin_settings_submit",
    "file_public_path": "modules/image/image.module:image_system_file_system_settings_submit",
}
REINDEX: Final = frozenset({"minimum_word_size", "overlap_cjk"})  # search.admin.inc:search_admin_settings_submit


class BadValue(DrupalsyncError):
    """A stored value that is not one PHP value."""


class NotConfiguration(DrupalsyncError):
    """The tree names a variable that an import must not write."""


class NameTaken(DrupalsyncError):
    """A name that the database takes for another one."""


def identify(ctx: Context) -> None:
    """Knows every name that the site has: a variable is its own id."""
    for (name,) in ctx.site.rows("SELECT name FROM {variable}"):
        ctx.keys.assign(NAME, str(name), str(name))


def read(ctx: Context) -> Iterator[Item]:
    """Yields the variables that are configuration, by name; each with the file that it belongs in as its `source`.

    Raises BadValue, or Problems with all of them, where a value is cut or corrupt.
    """
    asked_for = {item.key for item in ctx.memory.tree(NAME)}
    modules = {str(name) for _, name in ctx.keys.all("module")}
    items: list[Item] = []
    broken: list[DrupalsyncError] = []
    for cell, stored in ctx.site.rows("SELECT name, value FROM {variable}"):
        name = str(cell)
        if not _wanted(ctx, name, asked_for):
            continue
        try:
            value = _decoded(name, stored)
        except BadValue as error:
            broken.append(error)
            continue
        fields = {"value": places.value_out(ctx, name, cast(TreeValue, value))}
        items.append(Item(kind=NAME, key=name, fields=fields, local_id=name, source=_file(group(name, modules))))
    if broken:
        raise broken[0] if len(broken) == 1 else Problems(broken)
    yield from sorted(items, key=lambda item: item.key)


def worth_exporting(item: Item) -> bool:
    del item
    return True  # what is not, `read` leaves out: only there is it known what the manifest asks for


def fill(item: Item, live: Item | None) -> Item:
    del live
    return item


def schema() -> Mapping[str, object]:
    """The JSON Schema of a file: any name, any value."""
    return {"type": "object", "propertyNames": {"minLength": 1, "maxLength": LONGEST}}


def needs(item: Item) -> Iterable[str]:
    """None: the order of the kinds is enough."""
    del item
    return ()


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields: no configuration, a name that the database takes for another, references to nothing, local ids."""
    where = f"{item.source}: {item.key}" if item.source else item.address
    reason = volatile(item.key)
    if reason and not taken_off(item.key, ctx.scope.include):
        yield NotConfiguration(
            f"{item.key} is no configuration: {reason}",
            where=where,
            hint=f"take it out of the tree, or say that it is meant: include: ['{item.address}'] in drupalsync.yml",
        )
    if len(item.key) > LONGEST:
        yield NameTaken(f"a variable's name has at most {LONGEST} characters", where=where, hint="shorten it")
    unfit = list(character_problems(ctx.site, item, NAME, {"name": item.key}, where=where))
    yield from unfit or _same_row(ctx, item, desired, where)  # such a name cannot even be compared
    yield from places.value_problems(ctx, item.key, item.fields["value"], desired, where)
    owner = owner_of(ctx, item.key)
    note = f"{item.address} is set by {owner}: what the table says has no effect on this site"
    if owner and note not in ctx.notes:
        ctx.notes.append(note)


def owner_of(ctx: Context, name: str) -> str:
    """Who sets this variable over the table (`$conf` in settings.php); empty: nobody."""
    return ctx.scope.owned_elsewhere.get(f"{NAME}:{name}", "")


def lock(ctx: Context, items: Iterable[Item]) -> None:
    ctx.site.lock_rows("variable", "name", [item.key for item in items])


def create(ctx: Context, item: Item) -> LocalId:
    """variable_set(); returns the name."""
    _write(ctx, item)
    ctx.keys.assign(NAME, item.key, item.key)
    return item.key


def update(ctx: Context, live: Item, item: Item) -> None:
    """variable_set(); under a new name also variable_del() of the old one."""
    if live.key != item.key:
        # First the old one: where only case differs, both names are one row to MySQL.
        delete(ctx, live)
        ctx.keys.assign(NAME, item.key, item.key)
    _write(ctx, item)


def delete(ctx: Context, item: Item) -> None:
    """variable_del()."""
    delete_variable(ctx.site, item.key)
    ctx.keys.drop(NAME, item.key)
    _derived(ctx, item.key)


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the item itself goes."""
    del ctx, item, going
    return iter(())


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Nothing stays behind."""
    del ctx, item
    return iter(())


def finish(ctx: Context) -> None:
    del ctx


def can_move(item: Item) -> bool:
    """Every variable: its old name is deleted, and the new one set."""
    del item
    return True


def likeness(item: Item) -> str | None:
    del item
    return None


def place(item: Item) -> str:
    """The file that `read` found for the variable; for one that no site has, that of its first word."""
    return item.source if item.source.startswith(f"{FOLDER}/") else _file(group(item.key, ()))


def group(name: str, modules: Iterable[str]) -> str:
    """The module that owns the prefix of a name, the longest if several do; else the first word; never empty.

    >>> group("node_options_page", ["node", "field"]), group("site_name", []), group("panelizer_node:page", [])
    ('node', 'site', 'panelizer')
    """
    owners = [module for module in modules if name == module or name.startswith(f"{module}_")]
    if owners:
        return max(owners, key=len)
    word = re.search(r"[^\W_]+", name)
    return word[0].lower() if word else "other"


def load(path: str, document: TreeValue) -> Iterator[Item]:
    """The variables of a file; raises FieldProblem."""
    if document is None or document == []:
        return
    if isinstance(document, list) and path == place(Item(kind=NAME, key="0", fields={})):
        document = dict(
            enumerate(document)
        )  # a form whose keys are numbers leaves a variable "0": to PHP that is a list
    if not isinstance(document, dict):
        raise FieldProblem("this must be a mapping of variables", (), hint="write `name: value` lines")
    for name, value in document.items():
        if isinstance(name, bytes) or name == "":
            raise FieldProblem("this is no variable's name", (name,) if name == "" else (), hint="names are text")
        yield Item(kind=NAME, key=str(name), fields={"value": value}, source=path, at=(name,))


def dump(items: Sequence[Item], old: TreeValue) -> TreeValue:
    """`name: value` by name; an old file keeps its order, a new name goes before the first that sorts after it.

    A value that says the same stays as it is written. No items: an empty mapping.
    """
    new = {_yaml_key(item.key): item.fields["value"] for item in items}
    there = old if isinstance(old, dict) else {}
    names = [name for name in there if name in new]
    for name in sorted(new.keys() - there.keys(), key=str):
        names.insert(next((at for at, other in enumerate(names) if str(other) > str(name)), len(names)), name)
    return {name: there[name] if name in there and same(there[name], new[name]) else new[name] for name in names}


def _wanted(ctx: Context, name: str, asked_for: set[str]) -> bool:
    """Whether a variable of the site is ours to speak of. What the tree names is asked for, but for the volatile."""
    address = f"{NAME}:{name}"
    if any(fnmatchcase(address, glob) for glob in ctx.scope.exclude):
        return False
    if volatile(name):
        return taken_off(name, ctx.scope.include)
    if environments_own(name):
        return name in asked_for or any(fnmatchcase(address, glob) for glob in ctx.scope.include)
    return True


def _decoded(name: str, stored: Cell) -> Value:
    try:
        return decode(as_bytes(stored))
    except PhpSyntaxError as error:
        # Neither bytes nor, of a secret, how many there are: this text may end in a log.
        at = "" if is_secret_name(name) else f" at byte {error.offset}"
        raise BadValue(
            f"the stored value is cut or corrupt{at}",
            where=f"variable.value of {name}",
            hint=f"save the setting again on the site, or exclude it: exclude: ['{NAME}:{name}'] in drupalsync.yml",
        ) from None


def _same_row(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[NameTaken]:
    """A new name that the database's collation takes for one which is there, or for another new one."""
    if ctx.keys.local_id(NAME, item.key) is not None:
        return
    others = [str(key) for _, key in ctx.keys.all(NAME)]
    others += [other.key for other in desired.values() if other.kind == NAME]
    folded = _folded(item.key)
    for other in dict.fromkeys(others):
        if other != item.key and _folded(other) == folded and _one_row(ctx, item.key, other):
            yield NameTaken(
                f"{item.key} and {other} are one row to this database, which does not tell such names apart",
                where=where,
                hint=f"write {other} in the tree, or delete one of the two",
            )


def _one_row(ctx: Context, name: str, other: str) -> bool:
    """Asks the database, for only the column's collation knows."""
    # The empty first half of the union lends the column's collation to the name in the second.
    sql = "SELECT 1 FROM (SELECT name FROM {variable} WHERE 1 = 0 UNION ALL SELECT ?) t WHERE t.name = ?"
    return ctx.site.one(sql, [other, name]) is not None


def _folded(name: str) -> str:
    """What two names have in common that some collation may take for one: no case, no accents, no spaces at the end."""
    import unicodedata

    plain = unicodedata.normalize("NFKD", name)
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold().rstrip(" ")


def _write(ctx: Context, item: Item) -> None:
    value = places.value_back(ctx, item.key, item.fields["value"], where=item.source or item.address)
    set_variable(ctx.site, item.key, cast(Value, value))
    _derived(ctx, item.key)


def _derived(ctx: Context, name: str) -> None:
    """What Drupal's own forms recompute after they have saved this variable."""
    if name in ROUTER:
        set_variable(ctx.site, "menu_rebuild_needed", True)
    if name in REINDEX and "search_dataset" in ctx.site.tables:
        # search_reindex() asks every module; of core's only node_search_reset() has something to do.
        ctx.site.update("search_dataset", {"reindex": ctx.now}, {"type": "node"})


def _file(of_group: str) -> str:
    return f"{FOLDER}/{encode_name(of_group)}.yml"


def _yaml_key(name: str) -> int | str:
    return int(name) if is_int_key(name) else name
