"""Secrets in items: found, masked for the tree, refused where they stand in clear.

A leaf is a value that holds no others; a value that cannot be opened is one leaf. A leaf is secret by its name (or the
name of what it stands in), by its shape, or because the tree takes it from the environment. No message of this module
ever holds a value, or says how long it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from anyascii import anyascii

from drupalsync.errors import DrupalsyncError
from drupalsync.kinds._secret_names import is_secret_name, looks_random, looks_secret, says_nothing
from drupalsync.kinds.base import Item
from drupalsync.php import PhpObject, PhpSerialized
from drupalsync.tree import UNSET, Env, IntRef, Path, TreeValue, walk

__all__ = ["ClearSecret", "is_secret_name", "looks_secret", "mask", "refuse_clear", "secret_paths"]

_SERIALIZED = re.compile(rb"[aOC]:[0-9]+:")
_STRINGS = re.compile(rb's:[0-9]+:"([^"]{1,256})";(?=(?:s:[1-9][0-9]*:"|i:|d:))')
_VALUE_ONLY = {"value"}
# (kind, field) of what everybody sees, and so no secret whatever its shape, or what it is called
PUBLIC = frozenset({("node", "aliases"), ("role", "permissions"), ("role", "modules")})
# (kind, field) of maps whose keys are machine names: the filter `token_insert` holds no token
BY_MACHINE_NAME = frozenset({("text_format", "filters")})
Leaf = tuple[Path, bool, TreeValue]  # path, whether it is secret, the leaf


class ClearSecret(DrupalsyncError):
    """A secret stands in clear in the tree; `path` is where in the item's fields."""

    def __init__(self, item: Item, path: Path) -> None:
        inside = ".".join(_text(step) for step in path if path[0] != "value" or len(path) > 1)
        super().__init__(
            f"{item.address} holds a secret in clear{f', in {inside}' if inside else ''}",
            where=f"{item.source}: {item.address}" if item.source else item.address,
            hint=f"write `!env {{name: {_env_name(item, path)}, unset: keep}}` in its place; "
            "if it was ever committed, change the secret",
        )
        self.path = path


def mask(item: Item, old: Item | None) -> tuple[Item, list[str]]:
    """The item as it may be written to a file, and the environment's variables that now stand for a secret.

    Every secret becomes `!env {name: …, unset: keep}`; what `old`, the tree's item, takes from the environment, it
    goes on taking from there.
    """
    given: dict[Path, Env] = {path: leaf for path, _, leaf in _telling(old) if isinstance(leaf, Env)} if old else {}
    changes: dict[Path, Env] = {path: env for path, env in given.items() if _has(item.fields, path)}
    taken = {env.name for env in given.values()}
    for path, secret, leaf in _telling(item):
        if secret and not isinstance(leaf, Env) and not any(path[:end] in changes for end in range(1, len(path) + 1)):
            name = _unique(_env_name(item, path), taken)
            taken.add(name)
            changes[path] = Env(name, keep=True)
    if not changes:
        return item, []
    fields = {name: _changed(value, (name,), changes) for name, value in item.fields.items()}
    return replace(item, fields=fields), [env.name for env in changes.values() if env.keep]


def secret_paths(item: Item) -> set[Path]:
    """The paths of the leaves that are secret, or that the item takes from the environment."""
    return {path for path, _, _ in _telling(item)}


def refuse_clear(items: Iterable[Item]) -> Iterator[ClearSecret]:
    """Yields an error for each secret that stands in clear in the tree's items, also as the default of an `!env`."""
    for item in items:
        for path, secret, leaf in _telling(item):
            if secret and not (isinstance(leaf, Env) and leaf.default is UNSET):
                yield ClearSecret(item, path)


def _telling(item: Item) -> list[Leaf]:
    """The leaves that are secret, or an `!env`; of an `!env` the default decides, so one without is never secret."""
    found: list[Leaf] = []
    # An item that is nothing but a value is named by its key, others by their fields.
    for name, value in item.fields.items():
        if value is None or isinstance(value, bool):
            continue
        if (item.kind, name) in PUBLIC:
            found += [((name, *path), False, leaf) for path, leaf in walk(value) if isinstance(leaf, Env)]
            continue
        if (item.kind, name) in BY_MACHINE_NAME and isinstance(value, dict):
            for key, member in value.items():
                _search(member, (name, key), name, False, found)
            continue
        _search(value, (name,), item.key if item.fields.keys() == _VALUE_ONLY else name, False, found)
    return found


def _search(value: TreeValue, path: Path, name: str, named: bool, found: list[Leaf]) -> None:
    """`name` is the nearest name above; `named`: some name further up said secret already."""
    named = named or is_secret_name(name)
    if isinstance(value, list) and value:
        for at, member in enumerate(value):
            _search(member, (*path, at), name, named, found)
    elif isinstance(value, dict | PhpObject) and (entries := _entries(value)):
        for key, member in entries.items():
            below = _text(key).rpartition("\0")[2] if isinstance(key, str | bytes) else name
            _search(member, (*path, key), below, named, found)
    else:
        secret = _is_secret(value, name, named)
        if secret or isinstance(value, Env):
            found.append((path, secret, value))


def _is_secret(leaf: TreeValue, name: str, named: bool) -> bool:
    if isinstance(leaf, str | bytes):  # first, for most are
        return _is_secret_text(_text(leaf), name, named)
    if isinstance(leaf, bool | IntRef) or leaf is None:
        return False
    if isinstance(leaf, int | float):
        return named and leaf not in (0, 1)
    if isinstance(leaf, PhpSerialized):
        return named or _hides_secret(leaf.data) or looks_secret(leaf.data.decode("utf-8", "replace"))
    if isinstance(leaf, Env) and leaf.default is not UNSET:
        inside: list[Leaf] = []
        _search(leaf.default, (), name, named, inside)
        return any(secret for _, secret, _ in inside)
    return False  # an empty container, or an `!env` without a default


def _is_secret_text(text: str, name: str, named: bool) -> bool:
    shaped = (
        named
        or looks_secret(text)
        or looks_random(name, text)
        or (text[1:2] == ":" and _hides_secret(text.encode("utf-8", "surrogateescape")))
    )
    # A ticked box of a form is its own name: `token: token`.
    return shaped and text != name and not says_nothing(text)


def _hides_secret(data: bytes) -> bool:
    """Whether serialized data, in a text or in what cannot be opened, has an entry named like a secret."""
    return bool(_SERIALIZED.match(data)) and any(is_secret_name(_text(found[1])) for found in _STRINGS.finditer(data))


def _changed(value: TreeValue, path: Path, changes: dict[Path, Env]) -> TreeValue:
    if path in changes:
        return changes[path]
    if isinstance(value, list):
        return [_changed(member, (*path, at), changes) for at, member in enumerate(value)]
    if isinstance(value, dict):
        return {key: _changed(member, (*path, key), changes) for key, member in value.items()}
    if isinstance(value, PhpObject):
        properties: dict[Any, Any] = {
            key: _changed(member, (*path, key), changes) for key, member in value.properties.items()
        }
        return PhpObject(value.cls, properties)
    return value


def _has(value: TreeValue, path: Path) -> bool:
    for step in path:
        entries: Mapping[Any, TreeValue] = dict(enumerate(value)) if isinstance(value, list) else _entries(value)
        if step not in entries:
            return False
        value = entries[step]
    return True


def _entries(value: TreeValue) -> Mapping[Any, TreeValue]:
    """What a map or an object holds."""
    if isinstance(value, PhpObject):
        return value.properties
    return value if isinstance(value, dict) else {}


def _env_name(item: Item, path: Path) -> str:
    """SMTP_PASSWORD for the variable smtp_password, BLOCK_CUSTOM_FOOTER_BODY for the field of a block."""
    steps = [item.key, *path[1:]] if item.fields.keys() == _VALUE_ONLY else [item.kind, item.key, *path]
    name = re.sub(r"[^A-Z0-9]+", "_", anyascii("_".join(map(_text, steps))).upper()).strip("_")
    return name if name[:1].isalpha() else f"X_{name}"


def _unique(name: str, taken: set[str]) -> str:
    number = 2
    wanted = name
    while name in taken:
        name = f"{wanted}_{number}"
        number += 1
    return name


def _text(step: int | str | bytes) -> str:
    return step.decode("utf-8", "surrogateescape") if isinstance(step, bytes) else str(step)
