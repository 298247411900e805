"""Roles, and what they may do.

Tables    role, role_permission (modules/user/user.install)
Key       the role's name, unique in {role}
File      config/roles/<key>.yml
Defaults  weight 0; a file that says nothing of permissions leaves them to the site
Keeps     the module beside every permission; permissions of modules that are off stay where they are, and the tree's are
          skipped; the administrator role has them all, and is never compared by them; with a role go its permissions and
          user_admin_role; a role that users have, or that alone sees a block, does not go
Caches    none: core keeps permissions for one request only
Source    modules/user/user.module (user_role_save, user_role_delete, user_role_change_permissions)
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, cast

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import _role_check, _role_file
from drupalsync.kinds._permissions import local, module_of, named
from drupalsync.kinds._role_check import RoleProblem, module_here
from drupalsync.kinds._role_file import FIELDS, FOLDER, NAME, dump, load, place, schema
from drupalsync.kinds.base import Context, Item
from drupalsync.site import Cell, LocalId, delete_variable, get_variable
from drupalsync.tree import TreeValue

__all__ = ["FIELDS", "FOLDER", "NAME", "dump", "load", "place", "schema"]

TABLES: Final = ("role", "role_permission")
AFTER: Final = ()
DOCUMENT: Final = NAME
KNOWN: Final = ("rid", "name", "weight")
CORE: Final = (1, 2)  # DRUPAL_ANONYMOUS_RID, DRUPAL_AUTHENTICATED_RID
ADMIN: Final = "user_admin_role"


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
    granted = _granted(ctx)
    wanted = {item.key: item for item in ctx.memory.tree(NAME)}
    administrator = _administrator(ctx)
    columns = ", ".join(map(site.db.quote, (*KNOWN, *extra)))
    for cell, name, weight, *more in site.rows(f"SELECT {columns} FROM {{role}} ORDER BY name"):
        rid = int(str(cell))
        mine = granted.get(rid, {}) | _skipped(ctx, wanted.get(str(name)))
        everything = rid == administrator
        yield Item(
            kind=NAME,
            key=str(name),
            local_id=rid,
            fields={
                "weight": int(str(weight)),
                "permissions": None if everything else sorted(mine),
                "modules": {} if everything else _untold(mine),
                "extra": _role_file.extras_out(site, extra, more),
            },
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
    _put_off(ctx, rid, item, [])
    return rid


def update(ctx: Context, live: Item, item: Item) -> None:
    """user_role_save() of a role that is there; raises RoleProblem where one of core's two would get another name."""
    rid = cast("int", live.local_id)
    if live.key != item.key and rid in CORE:
        raise RoleProblem(
            f"the role {live.key} cannot become {item.key}: Drupal itself needs it", where=item.source or item.address
        )
    ctx.site.update("role", {"name": item.key, **_columns(ctx, item)}, {"rid": rid})
    ctx.keys.assign(NAME, rid, item.key)
    _put_off(ctx, rid, item, _list(live.fields["permissions"]))


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
    for rid, left in ctx.left.pop(NAME, {}).items():
        about: dict[str, Any] = cast("dict[str, Any]", left)
        for permission in about["revoke"]:
            ctx.site.delete("role_permission", {"rid": rid, "permission": local(ctx, permission, about["where"])})
        rows: list[dict[str, Cell]] = []
        for permission, module in about["grant"].items():
            if ctx.keys.local_id("module", module) is not None:
                rows.append({"rid": rid, "permission": local(ctx, permission, about["where"]), "module": module})
        for row in rows:
            ctx.site.delete("role_permission", {"rid": rid, "permission": row["permission"]})  # of a module's old name
        ctx.site.insert_many("role_permission", rows)


def can_move(item: Item) -> bool:
    """Every role but core's two, which `update` refuses."""
    del item
    return True


def likeness(item: Item) -> str | None:
    """None: two roles may well be allowed the same."""
    del item
    return None


def _granted(ctx: Context) -> dict[int, dict[str, str]]:
    """By role: permission as the tree has it → its module; those of modules that are off are left out."""
    found: dict[int, dict[str, str]] = {}
    for rid, permission, module in ctx.site.rows("SELECT rid, permission, module FROM {role_permission}"):
        name = named(ctx, str(permission))
        if name is not None and ctx.keys.local_id("module", str(module)) is not None:
            found.setdefault(int(str(rid)), {})[name] = str(module)
    return found


def _skipped(ctx: Context, wanted: Item | None) -> dict[str, str]:
    """What the tree grants of modules that are off here, as if the site had it: there is nothing to do about it."""
    if wanted is None:
        return {}
    listed = _role_file.granted(wanted)
    told = _role_file.map_of(wanted.fields["modules"])
    modules = {name: told.get(name) or module_of(name) for name in listed}
    off = {name: module for name, module in modules.items() if module and ctx.keys.local_id("module", module) is None}
    for module in dict.fromkeys(off.values()):
        note = f"{wanted.address}: permissions of the module {module} are skipped, it is off on this site"
        if note not in ctx.notes:
            ctx.notes.append(note)
    return off


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


def _put_off(ctx: Context, rid: int, item: Item, had: Sequence[str]) -> None:
    """Leaves for `finish` what the role is to be allowed, and no longer."""
    if item.fields["permissions"] is None:
        return
    wanted = _list(item.fields["permissions"])
    told = _role_file.map_of(item.fields["modules"])
    grant = {name: told.get(name) or module_here(ctx, name) for name in wanted if name not in had or name in told}
    ctx.left.setdefault(NAME, {})[rid] = {
        "grant": grant,
        "revoke": [name for name in had if name not in wanted],
        "where": item.source or item.address,
    }


def _list(value: TreeValue) -> list[str]:
    return [str(name) for name in value] if isinstance(value, list) else []
