"""What forbids a role from becoming what the tree says, or from going."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping

from drupalsync.errors import DrupalsyncError, counted
from drupalsync.kinds._block_keys import key_of
from drupalsync.kinds._characters import character_problems
from drupalsync.kinds._permissions import module_of, reference
from drupalsync.kinds._role_file import granted
from drupalsync.kinds.base import Context, Item
from drupalsync.kinds.references import problem

LONGEST = 64  # characters of {role}.name
LONGEST_PERMISSION = 128


class RoleProblem(DrupalsyncError):
    """A role that the site cannot have as the tree says, or that cannot go."""


def problems(ctx: Context, item: Item, desired: Mapping[str, Item]) -> Iterator[DrupalsyncError]:
    """Yields names that do not fit, and permissions of nothing, or of nobody knows which module."""
    where = item.source or item.address
    if item.key != item.key.strip() or len(item.key) > LONGEST:
        yield RoleProblem(
            f"{item.key!r} cannot be a role's name",
            where=where,
            hint=f"at most {LONGEST} characters, no space at its ends",
        )
    yield from character_problems(ctx.site, item, "role", {"name": item.key}, where=where, extra=item.fields["extra"])
    told = item.fields["modules"]
    modules = told if isinstance(told, dict) else {}
    for name in granted(item):
        place = f"{where} permissions"
        about = reference(name)
        missing = problem(ctx, *about, desired, where=f"{place}: {name}") if about else None
        if missing is not None:
            yield missing
        elif len(name) > LONGEST_PERMISSION:
            yield RoleProblem(f"{name!r} is too long to be a permission", where=place)
        elif not (modules.get(name) or module_here(ctx, name)):
            yield RoleProblem(
                f"nobody knows which module the permission {name!r} belongs to",
                where=place,
                hint=f"if it is spelt right, say so: modules: {{'{name}': MODULE}}",
            )


def module_here(ctx: Context, permission: str) -> str | None:
    """The module of a permission: what core's own say, else what another role's row on this site does."""
    known = module_of(permission)
    if known:
        return known
    row = ctx.site.one("SELECT MIN(module) FROM {role_permission} WHERE permission = ?", [permission])
    return str(row[0]) if row and row[0] else None


def losses(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """Nothing but the role goes; raises RoleProblem where users have it, a block is for it alone, or Drupal needs it."""
    if item.local_id in {1, 2}:
        raise RoleProblem(
            f"{item.address} cannot be deleted: Drupal itself needs it",
            where=item.address,
            hint="put its file back: git checkout brings it",
        )
    row = ctx.site.one("SELECT COUNT(*) FROM {users_roles} WHERE rid = ?", [item.local_id])
    if row and row[0]:
        raise RoleProblem(
            f"{item.address} cannot be deleted: {counted(int(str(row[0])), 'user')} of this site have it",
            where=item.address,
            hint="take it from them on the site first (admin/people), or keep its file",
        )
    block = next(_blocks_for(ctx, item, going), None)
    if block is not None:
        raise RoleProblem(
            f"{item.address} cannot be deleted: the block {block} is for it, and could be seen by everybody then",
            where=item.address,
            hint=f"take the role out of the file of block:{block}, or delete that block",
        )
    return iter(())


def _blocks_for(ctx: Context, item: Item, going: Container[str]) -> Iterator[str]:
    """The blocks of the site that are for this role, and of which the tree does not say otherwise."""
    if "block_role" not in ctx.site.tables:
        return
    wanted = {other.key: other for other in ctx.memory.tree("block")}
    for module, delta in ctx.site.rows("SELECT module, delta FROM {block_role} WHERE rid = ?", [item.local_id]):
        key = key_of(ctx, (str(module), str(delta)))
        roles = wanted[key].fields["roles"] if key in wanted else None
        if key is None or f"block:{key}" in going or (isinstance(roles, list) and item.key not in roles):
            continue
        yield key
