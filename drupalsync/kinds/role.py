"""Roles, and what they may do.

Tables    role, role_permission (modules/user/user.install)
Key       the role's name, unique in {role}
File      config/roles/<key>.yml
Defaults  weight 0; a file that says nothing of permissions leaves them to the site
Keeps     the module beside every permission; permissions of modules that are off, and of text formats that are, stay where
          they are, and the tree's are skipped; the administrator role has them all, and is never compared by them; with a
          role go its permissions and user_admin_role; a role that users have, or that alone sees a block, does not go
Caches    cache_block, cache_page where permissions changed; core keeps permissions themselves for one request only
Source    modules/user/user.module (user_role_save, user_role_delete, user_role_change_permissions),
          modules/user/user.admin.inc (user_admin_permissions_submit), modules/filter/filter.module (filter_permission)
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from typing import Any, Final, cast

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import _role_check, _role_file
from drupalsync.kinds._permissions import FORMAT, local, module_of, named
from drupalsync.kinds._role_check import ADMIN, KNOWN, module_here
from drupalsync.kinds._role_file import FIELDS, FOLDER, NAME, RoleHere, dump, load, place, schema
from drupalsync.kinds.base import Context, Item
from drupalsync.site import Cell, LocalId, delete_variable, get_variable
from drupalsync.tree import TreeValue

__all__ = ["FIELDS", "FOLDER", "NAME", "dump", "load", "place", "schema"]

TABLES: Final = ("role", "role_permission")
AFTER: Final = ()
DOCUMENT: Final = NAME


def identify(ctx: Context) -> None:
    """A role's name is its key."""
    if "role" in ctx.site.tables:
        for rid, name in ctx.site.rows("SELECT rid, name FROM {role} ORDER BY rid"):
            ctx.keys.assign(NAME, int(str(rid)), str(name))


def read(ctx: Context) -> Iterator[Item]:
    """Yields every role by name, in three queries however many there are."""
    if "role" not in ctx.site.tables:
        return
    site, extra = ctx.site, ctx.site.extra_columns("role", KNOWN)
    granted, modules = _granted(ctx)
    wanted = {item.key: item for item in ctx.memory.tree(NAME)}
    administrator = _administrator(ctx)
    columns = ", ".join(map(site.db.quote, (*KNOWN, *extra)))
    for cell, name, weight, *more in site.rows(f"SELECT {columns} FROM {{role}} ORDER BY name"):
        rid = int(str(cell))
        everything = rid == administrator
        off = {} if everything else _of_modules_off(ctx, wanted.get(str(name)), modules)
        mine = {} if everything else _seen(ctx, granted.get(rid, {}), wanted.get(str(name)), off)
        yield RoleHere(
            kind=NAME,
            key=str(name),
            local_id=rid,
            fields={
                "weight": int(str(weight)),
                "permissions": None if everything else sorted(mine),
                "modules": _untold(mine),
                "extra": _role_file.extras_out(site, extra, more),
            },
            off=frozenset(off.keys() - mine.keys()),
        )


def worth_exporting(item: Item) -> bool:
    """Every role is."""
    del item
    return True


def fill(item: Item, live: Item | None) -> Item:
    """The role with the permissions that the tree does not speak of as the site has them."""
    return _role_file.fill(item, live)


def needs(item: Item) -> tuple[str, ...]:
    """No role needs another."""
    del item
    return ()


def check(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields names that do not fit, and permissions of nothing, or of nobody knows which module."""
    yield from _role_check.problems(ctx, item, desired)


def lock(ctx: Context, items: Iterable[Item]) -> None:
    """Locks the roles' rows and their permissions."""
    numbers = [item.local_id for item in items]
    ctx.site.lock_rows("role", "rid", numbers)
    ctx.site.lock_rows("role_permission", "rid", numbers)


def create(ctx: Context, item: Item) -> LocalId:
    """user_role_save() of a new role; what it may do follows in `finish`."""
    rid = ctx.site.insert("role", {"name": item.key, **_columns(ctx, item)})
    ctx.keys.assign(NAME, rid, item.key)
    _put_off(ctx, rid, item, {"permissions": [], "modules": {}})
    return rid


def update(ctx: Context, live: Item, item: Item) -> None:
    """user_role_save() of a role that is there."""
    rid = cast("int", live.local_id)
    ctx.site.update("role", {"name": item.key, **_columns(ctx, item)}, {"rid": rid})
    ctx.keys.assign(NAME, rid, item.key)
    _put_off(ctx, rid, item, live.fields)


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the role; raises RoleProblem where it cannot go."""
    yield from _role_check.losses(ctx, item, going)


def remains(ctx: Context, item: Item) -> Iterator[str]:
    """Nothing stays behind."""
    del ctx, item
    return iter(())


def delete(ctx: Context, item: Item) -> None:
    """user_role_delete()."""
    rid = item.local_id
    if rid == _administrator(ctx):
        delete_variable(ctx.site, ADMIN)
    for table in ("role", "role_permission", "users_roles", "block_role"):
        if table in ctx.site.tables:
            ctx.site.delete(table, {"rid": rid})
    if rid is not None:
        ctx.keys.drop(NAME, rid)


def finish(ctx: Context) -> None:
    """Writes what the roles may do: only now is there everything that a permission may name."""
    site, changed = ctx.site, False
    for rid, left in ctx.left.pop(NAME, {}).items():
        about: dict[str, Any] = cast("dict[str, Any]", left)
        rows: list[dict[str, Cell]] = [
            {"rid": rid, "permission": local(ctx, permission, about["where"]), "module": module}
            for permission, module in about["grant"].items()
            if ctx.keys.local_id("module", module) is not None
        ]
        # What is granted may have a row already, of the module that had the permission before.
        gone = [*about["revoke"], *(row["permission"] for row in rows)]
        site.change_in("DELETE FROM {role_permission} WHERE rid = ? AND permission IN (…)", gone, [rid])
        site.insert_many("role_permission", rows)
        changed = changed or bool(rows or about["revoke"])
    if changed:
        site.caches.everything("cache_block")
        site.caches.everything("cache_page")


def can_move(item: Item) -> bool:
    """Every role but core's two, which `check` refuses."""
    del item
    return True


def likeness(item: Item) -> str | None:
    """None: two roles may well be allowed the same."""
    del item
    return None


def _granted(ctx: Context) -> tuple[dict[int, dict[str, str]], dict[str, str]]:
    """By role: permission as the tree has it → its module; and what module this site says a permission belongs to."""
    found: dict[int, dict[str, str]] = {}
    modules: dict[str, str] = {}
    for rid, permission, module in ctx.site.rows("SELECT rid, permission, module FROM {role_permission}"):
        name = named(ctx, str(permission))
        if name is not None:
            found.setdefault(int(str(rid)), {})[name] = str(module)
            if name not in modules or _is_on(ctx, str(module)):
                modules[name] = str(module)
    return found, modules


def _seen(ctx: Context, rows: Mapping[str, str], wanted: Item | None, off: Mapping[str, str]) -> dict[str, str]:
    """Of a role's rows those that Drupal knows as permissions, and of the others those that the tree speaks of.

    Rows of modules and text formats that are off stay for the day on which somebody turns them on.
    """
    spoken = {*_role_file.granted(wanted)} if wanted is not None else set()
    found: dict[str, str] = {}
    for name, module in rows.items():
        if name in spoken or (_is_on(ctx, module) and not _of_format_off(ctx, name)):
            found[name] = off.get(name, module)
    return found


def _of_format_off(ctx: Context, permission: str) -> bool:
    """Whether a permission is of a text format that is off, or gone, and that the tree says nothing of either."""
    if not permission.startswith(FORMAT):
        return False
    name = permission[len(FORMAT) :]
    if any(item.key == name for item in ctx.memory.tree("text_format")):
        return False
    off = ctx.keys.local_id("text_format_off", name) is not None
    return off or ctx.keys.local_id("text_format", name) is None


def _of_modules_off(ctx: Context, wanted: Item | None, modules: Mapping[str, str]) -> dict[str, str]:
    """What the tree grants of modules that are off here, with the module: there is nothing to do about it."""
    if wanted is None:
        return {}
    told = _role_file.map_of(wanted.fields["modules"])
    of = {name: told.get(name) or module_of(name) or modules.get(name) for name in _role_file.granted(wanted)}
    off = {name: module for name, module in of.items() if module and not _is_on(ctx, module)}
    for module in dict.fromkeys(off.values()):
        note = f"{wanted.address}: permissions of the module {module} are skipped, it is off on this site"
        if note not in ctx.notes:
            ctx.notes.append(note)
    return off


def _is_on(ctx: Context, module: str) -> bool:
    return ctx.keys.local_id("module", module) is not None


def _untold(granted: Mapping[str, str]) -> dict[str, TreeValue]:
    """The modules that nobody could tell from the permission."""
    return {name: module for name, module in sorted(granted.items()) if module_of(name) != module}


def _administrator(ctx: Context) -> int:
    """The administrator role's id; 0: there is none."""
    value = get_variable(ctx.site, ADMIN)
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else 0


def _columns(ctx: Context, item: Item) -> dict[str, Cell]:
    weight = item.fields["weight"]
    return {
        "weight": weight if isinstance(weight, int) else 0,
        **_role_file.extras_in(ctx.site, KNOWN, item.fields["extra"]),
    }


def _put_off(ctx: Context, rid: int, item: Item, before: Mapping[str, TreeValue]) -> None:
    """Leaves for `finish` what the role is to be allowed, and no longer.

    What it loses is named as this site has it now: the vocabulary of a permission may be gone, or have another name, then.
    """
    if item.fields["permissions"] is None:
        return
    where = item.source or item.address
    had, wanted = _list(before["permissions"]), _list(item.fields["permissions"])
    old, new = _role_file.map_of(before["modules"]), _role_file.map_of(item.fields["modules"])
    told = _role_file.told_of(item) | new
    grant = [name for name in wanted if name not in had or old.get(name) != new.get(name)]
    ctx.left.setdefault(NAME, {})[rid] = {
        "grant": {name: told.get(name) or module_here(ctx, name) for name in grant},
        "revoke": [local(ctx, name, where) for name in had if name not in wanted],
        "where": where,
    }


def _list(value: TreeValue) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []
