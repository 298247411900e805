"""drupalsync.yml: where the tree lies, which sites there are, what is ours.

It is read here; `init` writes it (apply/initialise.py).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from drupalsync.errors import DrupalsyncError

FILE = "drupalsync.yml"
VERSION = 1
KNOWN = ("version", "config", "environments", "nodes", "exclude", "include", "ignore", "limits", "tables", "release")
KNOWN_ENVIRONMENT = ("root", "site", "database", "password", "password_file", "overlay", "after_import")


class BadManifest(DrupalsyncError):
    """drupalsync.yml is missing, broken, or says something that makes no sense."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A site with a name. Exactly one of `root` and `database` says where it is."""

    name: str
    root: Path | None = None
    site: str = "default"  # the folder under sites/ that holds settings.php
    database: str = ""
    password: str | None = field(default=None, repr=False)
    after_import: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeRule:
    """Nodes of a type, narrowed by a glob over the alias."""

    type: str
    alias: str = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What drupalsync.yml says; `folder` is where it lies."""

    folder: Path
    config: Path
    environments: Mapping[str, Mapping[str, Any]]
    nodes: tuple[NodeRule, ...] = ()
    exclude: tuple[str, ...] = ()
    include: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        return str(self.folder / FILE)

    def environment(self, name: str | None, environ: Mapping[str, str]) -> Environment:
        """The named environment; without a name the only one, or the first.

        Raises BadManifest: no such environment, a password whose variable is unset, a password file that others can read.
        """
        if not self.environments:
            raise BadManifest(
                "no environment is named", where=self.where, hint="drupalsync init --env NAME --root DOCROOT"
            )
        chosen = name or next(iter(self.environments))
        if chosen not in self.environments:
            known = ", ".join(self.environments)
            near = get_close_matches(chosen, self.environments, n=1)
            hint = f"did you mean {near[0]}? " if near else ""
            raise BadManifest(f"there is no environment {chosen!r}", where=self.where, hint=f"{hint}known: {known}")
        entry = self.environments[chosen]
        where = f"{self.where} environments/{chosen}"
        _only(entry, KNOWN_ENVIRONMENT, where)
        if bool(entry.get("root")) == bool(entry.get("database")):
            raise BadManifest("an environment needs `root` or `database`, and not both", where=where)
        root = entry.get("root")
        return Environment(
            name=chosen,
            root=(self.folder / str(root)).resolve() if root else None,
            site=str(entry.get("site", "default")),
            database=str(entry.get("database", "")),
            password=_password(entry, environ, self.folder, where),
            after_import=tuple(_texts(entry.get("after_import"), f"{where}/after_import")),
        )


def find_manifest(start: Path) -> Path:
    """The nearest drupalsync.yml in `start` or above it; raises BadManifest."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder / FILE
    raise BadManifest(
        f"there is no {FILE} here or above", where=str(start), hint="drupalsync init --root DOCROOT, or --database URL"
    )


def read_manifest(path: Path) -> Manifest:
    """Reads a manifest; raises BadManifest with what is wrong and where."""
    try:
        text = path.read_bytes().decode()
    except OSError as error:
        raise BadManifest(f"the manifest cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise BadManifest("the manifest is not UTF-8", where=str(path), hint="save it as UTF-8") from error
    document = _parse(text, str(path))
    _only(document, KNOWN, str(path))
    if document.get("version") != VERSION:
        raise BadManifest(
            f"`version` must be {VERSION}", where=str(path), hint=f"write `version: {VERSION}` as the first line"
        )
    environments = document.get("environments") or {}
    if not isinstance(environments, dict) or not all(isinstance(entry, dict) for entry in environments.values()):
        raise BadManifest(
            "`environments` must map a name to its settings", where=str(path), hint="dev: {root: ../docroot}"
        )
    return Manifest(
        folder=path.parent,
        config=path.parent / str(document.get("config", "config")),
        environments={str(name): entry for name, entry in environments.items()},
        nodes=tuple(_node_rule(entry, str(path)) for entry in document.get("nodes") or ()),
        exclude=tuple(_texts(document.get("exclude"), f"{path} exclude")),
        include=tuple(_texts(document.get("include"), f"{path} include")),
    )


def _parse(text: str, where: str) -> dict[str, Any]:
    from ruamel.yaml import YAML, YAMLError

    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.add_constructor("!env", lambda _loader, node: EnvName(str(node.value)))
    try:
        document = yaml.load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark else where
        raise BadManifest(
            f"the manifest is not YAML: {getattr(error, 'problem', None) or error}", where=place
        ) from error
    if not isinstance(document, dict):
        raise BadManifest("the manifest is empty", where=where, hint=f"begin it with `version: {VERSION}`")
    return document


@dataclass(frozen=True, slots=True)
class EnvName:
    """`!env NAME` in the manifest."""

    name: str


def _password(entry: Mapping[str, Any], environ: Mapping[str, str], folder: Path, where: str) -> str | None:
    given = entry.get("password")
    if isinstance(given, EnvName):
        if given.name not in environ:
            raise BadManifest(
                f"the environment variable {given.name} is not set",
                where=f"{where}/password",
                hint=f"export {given.name}=…",
            )
        return environ[given.name]
    if given is not None:
        raise BadManifest(
            "a password does not belong in this file",
            where=f"{where}/password",
            hint="password: !env NAME, or password_file: PATH",
        )
    if not (named := entry.get("password_file")):
        return None
    file = folder / str(named)
    try:
        mode = file.stat().st_mode
        text = file.read_text()
    except OSError as error:
        raise BadManifest(f"the password file cannot be read: {error.strerror}", where=str(file)) from error
    if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise BadManifest("others than its owner can read the password file", where=str(file), hint=f"chmod 600 {file}")
    return text.rstrip("\r\n")


def _node_rule(entry: Any, where: str) -> NodeRule:
    if not isinstance(entry, dict) or "type" not in entry:
        raise BadManifest(
            "an entry of `nodes` must name a type", where=f"{where} nodes", hint="- {type: page, alias: 'about/*'}"
        )
    _only(entry, ("type", "alias"), f"{where} nodes")
    return NodeRule(type=str(entry["type"]), alias=str(entry.get("alias", "*")))


def _texts(value: Any, where: str) -> list[str]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise BadManifest("this must be a list of texts", where=where)
    return value


def _only(entry: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    for name in entry:
        if name not in known:
            near = get_close_matches(str(name), known, n=1)
            raise BadManifest(
                f"unknown entry {name!r}",
                where=where,
                hint=f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}",
            )
