"""What forbids a role from becoming what the tree says, or from going."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Final

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds._block_keys import key_of
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._collation import is_one_name
from drupalsync.kinds._permissions import FORMAT, module_of, reference, with_id
from drupalsync.kinds._role_file import NAME, granted, told_of
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import LocalIdInTree, problem
from drupalsync.site import LocalId
from drupalsync.tree import IntRef, TreeValue

LONGEST = 64  # characters of {role}.name
LONGEST_PERMISSION = 128
LONGEST_MODULE = 255
ADMIN: Final = "user_admin_role"
KNOWN: Final = ("rid", "name", "weight")
CORE: Final = {1: "anonymous user", 2: "authenticated user"}  # DRUPAL_ANONYMOUS_RID, DRUPAL_AUTHENTICATED_RID
TRIMMED: Final = " \t\n\r\0\x0b"  # what PHP's trim() takes off


class RoleProblem(DrupalsyncError):
    """A role that the site cannot have as the tree says, or that cannot go."""


def problems(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields names that do not fit, and permissions of nothing, or of nobody knows which module."""
    where = item.source or item.address
    if ctx.keys.local_id(NAME, item.key) is None:
        yield from _of_new_name(ctx, item, desired, where)
    yield from character_problems(ctx.site, item, "role", {"name": item.key}, where=where, extra=item.fields["extra"])
    yield from _of_columns(ctx, item, where)
    modules = told_of(item)
    if item.local_id is None and not granted(item) and _will_administer(ctx, item, desired):
        ctx.notes.append(
            f"{item.address} is new here, the administrator role, and no file says what it may do: give it all at "
            "admin/people/permissions"
        )
    for name in granted(item):
        yield from _of_permission(ctx, item, name, modules.get(name), desired, f"{where} permissions")


def _will_administer(ctx: Context, item: Item, desired: Mapping[str, Item]) -> bool:
    """Whether this is the administrator role after the import: what that may do no file says."""
    told = desired.get(f"variable:{ADMIN}")
    value = told.fields["value"] if told is not None else None
    target = value.target if isinstance(value, IntRef) else value
    return target == item.address and ctx.keys.local_id(NAME, item.key) is None


def _of_new_name(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[RoleProblem]:
    """What forbids a name that no role of the site has yet."""
    old = CORE.get(item.local_id) if isinstance(item.local_id, int) else None
    core = next((rid for rid, name in CORE.items() if name == item.key), None)
    if item.key != item.key.strip(TRIMMED) or len(item.key) > LONGEST:
        yield RoleProblem(
            f"{item.key!r} cannot be a role's name",
            where=where,
            hint=f"at most {LONGEST} characters, no space at its ends",
        )
    elif old is not None and old != item.key:
        yield RoleProblem(
            f"the role {old} cannot become {item.key}: Drupal itself needs it",
            where=where,
            hint=f"leave it its name; make {item.key} a role of its own",
        )
    elif core is not None and core != item.local_id and (called := ctx.keys.key(NAME, core)) is not None:
        yield RoleProblem(
            f"{item.key} is the role that every site has, and this site calls it {called}",
            where=where,
            hint=f"UPDATE role SET name = '{item.key}' WHERE rid = {core}",
        )
    yield from _same_row(ctx, item, desired, where)


def _same_row(ctx: Context, item: Item, desired: Mapping[str, Item], where: str) -> Iterator[RoleProblem]:
    """A new name that the database's collation takes for another role's; {role}.name is unique."""
    there = [str(key) for rid, key in ctx.keys.all(NAME) if rid != item.local_id]
    wanted = [other.key for other in desired.values() if other.kind == NAME]
    for other in dict.fromkeys((*there, *wanted)):
        if other != item.key and is_one_name(ctx, "role", "name", item.key, other):
            yield RoleProblem(
                f"{item.key} and {other} are one name to this database",
                where=where,
                hint=f"write {other} in the tree, or delete one of the two roles",
            )


def _of_columns(ctx: Context, item: Item, where: str) -> Iterator[RoleProblem]:
    given = item.fields["extra"]
    there = ctx.site.extra_columns("role", KNOWN)
    for name in given if isinstance(given, dict) else ():
        if name not in there:
            yield RoleProblem(
                f"the site's table role has no column {name!r}",
                where=where,
                hint="switch the module on that adds it, or take it out of `extra`",
            )


def _of_permission(
    ctx: Context, item: Item, name: str, told: object, desired: Mapping[str, Item], place: str
) -> Iterator[DrupalsyncError]:
    """What forbids one permission."""
    about = reference(name)
    here = with_id(ctx, name)
    missing = problem(ctx, *about, desired, where=f"{place}: {name}") if about else None
    module = str(told) if told else module_here(ctx, name)
    if here is not None:
        yield LocalIdInTree(
            f"the permission {name!r} names a vocabulary by its id, which is another one on every site",
            where=f"{place}: {name}",
            hint=f"write the reference: {here}",
        )
    elif missing is not None:
        yield missing
    elif about and _is_off(ctx, item, name, desired):
        yield RoleProblem(
            f"the text format {about[1]} is switched off on this site: nobody may use it",
            where=f"{place}: {name}",
            hint=f"take the line out; or have the tree switch it on: config/text_formats/{about[1]}.yml",
        )
    elif len(name) > LONGEST_PERMISSION:
        yield RoleProblem(
            f"{name!r} is too long to be a permission: it has {len(name)} characters, there is room for "
            f"{LONGEST_PERMISSION}",
            where=place,
            hint="correct it",
        )
    elif module is None:
        yield RoleProblem(
            f"nobody knows which module the permission {name!r} belongs to",
            where=place,
            hint=f"if it is spelt right, say so: modules: {{{_quoted(name)}: MODULE}}",
        )
    elif len(module) > LONGEST_MODULE:
        yield RoleProblem(f"{module!r} is too long to be a module", where=place, hint="correct it under `modules`")
    yield from character_problems(
        ctx.site, item, "role_permission", {"permission": name, "module": module}, where=f"{place}: {name}"
    )


def _is_off(ctx: Context, item: Item, name: str, desired: Mapping[str, Item]) -> bool:
    """Whether a permission is of a text format that is off, stays so, and that the role was not granted before."""
    format_ = name.removeprefix(FORMAT)
    if format_ == name or f"text_format:{format_}" in desired or ctx.keys.local_id("text_format_off", format_) is None:
        return False
    sql = "SELECT rid FROM {role_permission} WHERE rid = ? AND permission = ?"
    return ctx.site.one(sql, [item.local_id, name]) is None


def _quoted(text: str) -> str:
    return "'{}'".format(text.replace("'", "''"))


def module_here(ctx: Context, permission: str) -> str | None:
    """The module of a permission: what core's own say, else what another role's row on this site does."""
    known = module_of(permission)
    if known:
        return known
    rows = ctx.site.rows("SELECT DISTINCT module FROM {role_permission} WHERE permission = ?", [permission])
    modules = sorted(str(module) for (module,) in rows if module)
    return next((one for one in modules if ctx.keys.local_id("module", one) is not None), next(iter(modules), None))


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the role goes; raises RoleProblem where users have it, or a block is for it alone."""
    row = ctx.site.one("SELECT COUNT(*) FROM {users_roles} WHERE rid = ?", [item.local_id])
    users = int(str(row[0])) if row else 0
    if users:
        raise RoleProblem(
            f"{item.address} cannot be deleted: {counted(users, 'user')} of this site {'has' if users == 1 else 'have'} it",
            where=item.address,
            hint="take it from them on the site first (admin/people), or keep its file",
        )
    for block, told in _blocks_for(ctx, item, going):
        mend = f"take the role out of the file of block:{block}, or delete that block"
        raise RoleProblem(
            f"{item.address} cannot be deleted: the block {block} is for it, and could be seen by everybody then",
            where=item.address,
            hint=mend
            if told
            else f"give block:{block} other roles on the site, or import that block, too; or delete it",
        )
    return iter(())


def _blocks_for(ctx: Context, item: Item, going: Container[str]) -> Iterator[tuple[str, bool]]:
    """The blocks that lose their last role, though nothing that this run writes says so, or that the tree wants for it.

    Each with whether its file names the role, or nothing is known of a file.
    """
    if "block_role" not in ctx.site.tables:
        return
    wanted = {other.key: other.fields["roles"] for other in ctx.memory.tree("block")}
    for place, live in _roles_of_blocks(ctx, item.local_id).items():
        key = key_of(ctx, place)
        address = f"block:{key}"
        if key is None or (address in going and address not in ctx.written):
            continue  # what moves counts as going, too, and is written
        told = _names(wanted.get(key))
        then = _names(ctx.written.get(address, {}).get("roles", live))
        nobodys = bool(then) and not any(_role_stays(ctx, item, name, going) for name in then)
        if item.key in told or nobodys:
            yield key, item.key in told or key not in wanted


def _names(roles: TreeValue) -> list[str]:
    return [str(name) for name in roles] if isinstance(roles, list) else []


def _roles_of_blocks(ctx: Context, rid: LocalId | None) -> dict[tuple[str, str], list[TreeValue]]:
    """The names of all roles of each block of the site that is for this one; of a role that is gone, its number."""
    found: dict[tuple[str, str], list[TreeValue]] = {}
    for module, delta, other in ctx.site.rows(
        "SELECT r.module, r.delta, o.rid FROM {block_role} r INNER JOIN {block_role} o "
        "ON o.module = r.module AND o.delta = r.delta WHERE r.rid = ? ORDER BY r.module, r.delta",
        [rid],
    ):
        found.setdefault((str(module), str(delta)), []).append(ctx.keys.key(NAME, other) or str(other))
    return found


def _role_stays(ctx: Context, item: Item, name: str, going: Container[str]) -> bool:
    address = f"{NAME}:{name}"
    return name != item.key and (address not in going or address in ctx.written)
