"""Reads drupalsync.yml; `init` writes it (apply/initialise.py)."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drupalsync.manifest.rules import RULES, Rules, read_rules
from drupalsync.manifest.words import BadManifest, near, only, texts

if TYPE_CHECKING:
    from ruamel.yaml.error import YAMLError

FILE = "drupalsync.yml"
VERSION = 1
KNOWN = ("version", "config", "environments", "nodes", "include", *RULES, "tables", "release")
KNOWN_ENVIRONMENT = ("root", "site", "database", "password", "password_file", "overlay", "after_import")


class NoSuchEnvironment(BadManifest):
    """Somebody asks for an environment that drupalsync.yml does not have."""

    exit_code = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A site with a name. Exactly one of `root` and `database` says where it is."""

    name: str
    root: Path | None = None
    site: str = "default"  # the folder under sites/ that holds settings.php
    database: str = ""
    password: str | None = field(default=None, repr=False)
    overlay: str = ""  # the folder below environments/ whose files are laid over the tree's
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
    include: tuple[str, ...] = ()
    rules: Rules = field(default_factory=Rules)
    notes: tuple[str, ...] = ()  # what its reader must know
    tables: object = None  # what it says of contributed modules' tables, as it stands there (kinds/tables/words.py)

    @property
    def where(self) -> str:
        return str(self.folder / FILE)

    @property
    def tree_shown(self) -> str:
        """The tree's folder as messages name it."""
        return str(self.config.relative_to(self.folder) if self.config.is_relative_to(self.folder) else self.config)

    def chosen(self, name: str | None) -> str:
        """The environment that is meant: the named one, else the first; "" where there is none. Raises NoSuchEnvironment."""
        chosen = name or next(iter(self.environments), "")
        if chosen and chosen not in self.environments:
            known = ", ".join(self.environments)
            meant = near(chosen, self.environments)
            hint = f"did you mean {meant[0]}? " if meant else ""
            raise NoSuchEnvironment(
                f"there is no environment {chosen!r}", where=self.where, hint=f"{hint}known: {known}"
            )
        return chosen

    def overlay(self, name: str) -> str:
        """The overlay of an environment, "" where it has none; raises BadManifest."""
        given = self.environments.get(name, {}).get("overlay", "")
        if not isinstance(given, str) or given.startswith(".") or "/" in given:
            raise BadManifest(
                "an overlay is the name of a folder",
                where=f"{self.where} environments/{name}/overlay",
                hint="overlay: prod, for the files in environments/prod/",
            )
        return given

    def environment(self, name: str | None, environ: Mapping[str, str]) -> Environment:
        """The named environment; without a name the only one, or the first.

        Raises NoSuchEnvironment, and BadManifest: a password whose variable is unset, or a file of it that others can read.
        """
        if not self.environments:
            raise BadManifest(
                "no environment is named", where=self.where, hint="drupalsync init --env NAME --root DOCROOT"
            )
        chosen = self.chosen(name)
        entry = self.environments[chosen]
        where = f"{self.where} environments/{chosen}"
        only(entry, KNOWN_ENVIRONMENT, where)
        if bool(entry.get("root")) == bool(entry.get("database")):
            raise BadManifest("an environment needs `root` or `database`, and not both", where=where)
        root = entry.get("root")
        return Environment(
            name=chosen,
            root=(self.folder / str(root)).resolve() if root else None,
            site=str(entry.get("site", "default")),
            database=str(entry.get("database", "")),
            password=_password(entry, environ, self.folder, where),
            overlay=self.overlay(chosen),
            after_import=tuple(texts(entry.get("after_import"), f"{where}/after_import")),
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
    only(document, KNOWN, str(path))
    if document.get("version") != VERSION:
        raise BadManifest(
            f"`version` must be {VERSION}", where=str(path), hint=f"write `version: {VERSION}` as the first line"
        )
    rules = read_rules(document, str(path))
    environments = document.get("environments") or {}
    if not isinstance(environments, dict) or not all(isinstance(entry, dict) for entry in environments.values()):
        raise BadManifest(
            "`environments` must map a name to its settings", where=str(path), hint="dev: {root: ../docroot}"
        )
    nodes = document.get("nodes") or []
    if not isinstance(nodes, list):
        raise BadManifest("`nodes` is a list of rules", where=f"{path} nodes", hint="- {type: page}")
    if not isinstance(document.get("config", "config"), str):
        raise BadManifest("`config` is the name of a folder", where=f"{path} config", hint="config: config")
    return Manifest(
        folder=path.parent,
        config=path.parent / document.get("config", "config"),
        environments={str(name): entry for name, entry in environments.items()},
        nodes=tuple(_node_rule(entry, str(path)) for entry in nodes),
        include=tuple(texts(document.get("include"), f"{path} include")),
        rules=rules,
        notes=tuple(f"ignore: {rule} in {FILE} gives no reason; say why" for rule in rules.ignore if not rule.reason),
        tables=document.get("tables"),
    )


def _parse(text: str, where: str) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="safe", pure=True)
    yaml.constructor.add_constructor("!env", lambda _loader, node: EnvName(str(node.value)))
    try:
        document = yaml.load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{where}:{mark.line + 1}" if mark else where
        raise BadManifest(_in_words(error), where=place, hint=_mend(error)) from error
    if not isinstance(document, dict):
        raise BadManifest("the manifest is empty", where=where, hint=f"begin it with `version: {VERSION}`")
    return document


def _in_words(error: YAMLError) -> str:
    """What the parser found, without a value: it may be a password."""
    problem = str(getattr(error, "problem", None) or "it cannot be read")
    if twice := re.search(r'duplicate key "([^"]*)"', problem):
        return f"the key {twice[1]!r} is here twice"
    return "a tab is used for indentation" if "\\t" in problem else f"the manifest is not YAML: {problem}"


def _mend(error: YAMLError) -> str:
    problem = str(getattr(error, "problem", None))
    if "duplicate key" in problem:
        return "keep one of them"
    return "indent with spaces, never with tabs" if "\\t" in problem else "look at this line and the one above it"


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
            "an entry of `nodes` must name a type",
            where=f"{where} nodes",
            hint="write it as - {type: page}, or - {type: page, alias: 'about/*'}",
        )
    only(entry, ("type", "alias"), f"{where} nodes")
    return NodeRule(type=str(entry["type"]), alias=str(entry.get("alias", "*")))
