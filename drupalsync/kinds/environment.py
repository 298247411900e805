"""Values that come from the environment of the run: `!env` settled to what it stands for, before items are compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds.base import Fields, Item
from drupalsync.php import PhpObject
from drupalsync.tree import UNSET, Env, TreeValue, Unset, walk

Entries = dict[Any, Any]  # invariant: what a PHP value holds must pass as what a tree's holds, uncast


class MissingEnv(DrupalsyncError):
    """The tree takes a value from a variable of the environment that is not set."""

    def __init__(self, name: str, where: str) -> None:
        super().__init__(
            f"the environment variable {name} is not set",
            where=where,
            hint=f"export {name}=…, or give it a default in the tree: !env {{name: {name}, default: …}}",
        )


def settle_item(item: Item, live: Item | None, environ: Mapping[str, str], missing: list[str]) -> Item | None:
    """The tree's item with every `!env` settled; None where it cannot be: a value is to be kept, and the site has none.

    `missing` gets the names of the variables that are not set and whose live value stays. Raises MissingEnv.
    """
    if not any(isinstance(leaf, Env) for _, leaf in walk(item.fields)):
        return item
    fields: Fields = {}
    where = f"{item.source}: {item.address}" if item.source else item.address
    for name, value in item.fields.items():
        there = live.fields.get(name, UNSET) if live is not None else UNSET
        settled = settle(value, there, environ, missing, where=where)
        if isinstance(settled, Unset):
            return None
        fields[name] = settled
    return replace(item, fields=fields)


def settle(
    value: TreeValue, live: TreeValue | Unset, environ: Mapping[str, str], missing: list[str], *, where: str = ""
) -> TreeValue | Unset:
    """A value with every `!env` in it settled: what the environment says, else the default, else what the site has.

    An `unset: keep` takes an empty variable for an unset one: CI systems set a secret that they do not have to '', and
    that must not blank a password. Where there is nothing to keep, the entry of a map is left out if the site has the
    map; otherwise the answer is UNSET: this value cannot be made here. Raises MissingEnv.
    """
    if isinstance(value, Env):
        return _settled(value, live, environ, missing, where)
    if isinstance(value, list):
        there = live if isinstance(live, list) else []
        members = [
            settle(member, there[at] if at < len(there) else UNSET, environ, missing, where=where)
            for at, member in enumerate(value)
        ]
        return UNSET if any(member is UNSET for member in members) else members
    if isinstance(value, dict):
        entries = _entries(value, live if isinstance(live, dict) else UNSET, environ, missing, where)
        return entries if isinstance(entries, Unset) else entries or []
    if isinstance(value, PhpObject):
        properties = _entries(
            value.properties, live.properties if isinstance(live, PhpObject) else UNSET, environ, missing, where
        )
        return properties if isinstance(properties, Unset) else PhpObject(value.cls, properties)
    return value


def _settled(
    env: Env, live: TreeValue | Unset, environ: Mapping[str, str], missing: list[str], where: str
) -> TreeValue | Unset:
    given = environ.get(env.name)
    if given is not None and (given or not env.keep):
        return _as_php_has_it(given)
    if not isinstance(env.default, Unset):
        return settle(env.default, live, environ, missing, where=where)
    if not env.keep:
        raise MissingEnv(env.name, where)
    missing.append(env.name)
    return live


def _entries(
    entries: Entries, live: Entries | Unset, environ: Mapping[str, str], missing: list[str], where: str
) -> Entries | Unset:
    out: Entries = {}
    for key, member in entries.items():
        there = live.get(key, UNSET) if not isinstance(live, Unset) else UNSET
        settled = settle(member, there, environ, missing, where=where)
        if not isinstance(settled, Unset):
            out[key] = settled
        elif isinstance(live, Unset):
            return UNSET
    return out


def _as_php_has_it(given: str) -> str | bytes:
    """Text, or bytes where it is not UTF-8 (os.environ smuggles those through as surrogates)."""
    data = given.encode("utf-8", "surrogateescape")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data
