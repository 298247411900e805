"""What a settings.php has at hand while it is read: its variables, constants, the environment, a few functions."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Final

from drupalsync.php.settings_data import (
    ASK_PHP,
    WATCHED,
    Array,
    Data,
    Hole,
    Unread,
    Where,
    array_key,
    docroot,
    next_index,
)
from drupalsync.php.settings_operators import number, text, truth

# Known to the web server alone, from the request that it answers.
_OF_A_REQUEST: Final = (
    "HTTP_", "HTTPS", "REQUEST_", "REMOTE_", "SERVER_", "SCRIPT_", "QUERY_STRING", "PHP_SELF", "PHP_AUTH", "DOCUMENT_ROOT",
    "PATH_INFO", "ORIG_PATH_INFO", "GATEWAY_INTERFACE", "argv", "argc",
)  # fmt: skip
_PDO: Final = {  # php-src ext/pdo/php_pdo_driver.h, ext/pdo_mysql/php_pdo_mysql_int.h (with mysqlnd)
    "PDO::ATTR_TIMEOUT": 2,
    "PDO::ATTR_ERRMODE": 3,
    "PDO::ATTR_PERSISTENT": 12,
    "PDO::ATTR_STRINGIFY_FETCHES": 17,
    "PDO::ATTR_EMULATE_PREPARES": 20,
    "PDO::MYSQL_ATTR_USE_BUFFERED_QUERY": 1000,
    "PDO::MYSQL_ATTR_LOCAL_INFILE": 1001,
    "PDO::MYSQL_ATTR_INIT_COMMAND": 1002,
    "PDO::MYSQL_ATTR_COMPRESS": 1003,
    "PDO::MYSQL_ATTR_SSL_KEY": 1007,
    "PDO::MYSQL_ATTR_SSL_CERT": 1008,
    "PDO::MYSQL_ATTR_SSL_CA": 1009,
    "PDO::MYSQL_ATTR_SSL_CAPATH": 1010,
    "PDO::MYSQL_ATTR_SSL_CIPHER": 1011,
    "PDO::MYSQL_ATTR_MULTI_STATEMENTS": 1013,
    "PDO::MYSQL_ATTR_SSL_VERIFY_SERVER_CERT": 1014,
}


class Append(Enum):
    """The empty brackets of `$name[] = …`."""

    HERE = "[]"


Step = Data | Append


class Scope:
    """The global scope that settings.php and the files it includes share."""

    def __init__(self, settings: Path, environ: Mapping[str, str]) -> None:
        self.settings = settings
        self.environ = environ
        self.root = docroot(settings)
        self.variables: dict[str, Data] = {}
        self.constants: dict[str, Data] = {"PHP_EOL": "\n", "DIRECTORY_SEPARATOR": os.sep, **_PDO}
        self.unread: list[Unread] = []

    def report(self, name: str, where: Where, what: str, hint: str = ASK_PHP) -> None:
        """Notes that something about a variable could not be read."""
        self.unread.append(Unread(where.line, what, hint, where.path, name))

    def read(self, name: str, steps: Sequence[Step], where: Where) -> Data:
        """Gives `$name[step]…`, or the hole that is there."""
        if name in ("_ENV", "_SERVER") and steps and isinstance(steps[0], str):
            return self.environment(f"${name}['{steps[0]}']", steps[0], where, of_request=name == "_SERVER")
        if name == "GLOBALS" and steps and isinstance(steps[0], str):
            return self.read(steps[0], steps[1:], where)
        absent = Hole(where, f"takes ${name}, which nothing here sets", ASK_PHP, absent=True)
        value = self.variables.get(name, absent)
        for step in steps:
            if isinstance(step, Hole | Append):
                return step if isinstance(step, Hole) else Hole(where, "takes what [] adds", ASK_PHP)
            key = array_key(step)
            if isinstance(value, dict) and key is not None:
                value = value.get(key, replace(absent, why=f"takes ${name}[{key!r}], which nothing here sets"))
            elif not isinstance(value, Hole):
                return replace(absent, why=f"takes a part of ${name}, which is no array")
        return value

    def environment(self, source: str, name: str, where: Where, *, of_request: bool = False) -> Data:
        """Gives a variable of the environment, or the hole where it is not set."""
        if name in self.environ:
            return self.environ[name]
        if of_request and name.startswith(_OF_A_REQUEST):
            return Hole(where, f"comes from {source}, which is known in a web request only", ASK_PHP)
        hint = f"set {name} in the environment of this run, or let PHP itself say what it is: init --php"
        unset = False if source.startswith("getenv") else None
        return Hole(where, f"comes from {source}, which is not set here", hint, absent=True, unset=unset)

    def write(self, name: str, steps: Sequence[Step], value: Data, where: Where) -> None:
        """Carries out `$name[step]… = value`."""
        if name == "GLOBALS" and steps and isinstance(steps[0], str):
            name, steps = steps[0], steps[1:]
        hidden = next((step for step in steps if isinstance(step, Hole)), None)
        if hidden is None:
            self.variables[name] = self._put(name, self.variables.get(name), steps, _copied(value))
        elif name in WATCHED:
            self.report(name, where, f"a key of ${name} {hidden.why}", hidden.hint)

    def _put(self, name: str, old: Data, steps: Sequence[Step], value: Data) -> Data:
        if not steps:
            return value
        if isinstance(old, Hole) and not old.absent and name in WATCHED:
            self.report(name, old.where, f"${name} {old.why}", old.hint)  # what is set now hides it, but not all of it
        array: Array = old if isinstance(old, dict) else {}
        key = next_index(array) if isinstance(steps[0], Append) else array_key(steps[0])
        if key is not None:
            array[key] = self._put(name, array.get(key), steps[1:], value)
        return array

    def remove(self, name: str, steps: Sequence[Data]) -> None:
        """Carries out `unset($name[step]…)`."""
        if not steps:
            self.variables.pop(name, None)
            return
        array = self.variables.get(name)
        for step in steps[:-1]:
            key = array_key(step)
            array = array.get(key) if isinstance(array, dict) and key is not None else None
        key = array_key(steps[-1])
        if isinstance(array, dict) and key is not None:
            array.pop(key, None)

    def constant(self, name: str, where: Where) -> Data:
        """Gives a constant's value, PHP's own and Drupal's included."""
        known: dict[str, Data] = {"true": True, "false": False, "null": None, "__line__": where.line}
        known |= {"__file__": where.path, "__dir__": posixpath.dirname(where.path)}
        if name.lower() in known:
            return known[name.lower()]
        if name == "DRUPAL_ROOT" and name not in self.constants and self.root is not None:
            return str(self.root)
        missing = Hole(where, f"takes the constant {name}, which is not known here", ASK_PHP)
        return self.constants.get(name, missing)

    def call(self, name: str, args: Sequence[Data], where: Where) -> Data:
        """Carries out one of the few functions that need no PHP; every other one is a hole."""
        hidden = next((arg for arg in args if isinstance(arg, Hole)), None)
        if hidden is not None:
            return replace(hidden, absent=False)
        first = text(args[0]) if args else None
        if name == "conf_path" and self.root is not None:
            return os.path.relpath(self.settings.parent, self.root)
        if first is None:
            return Hole(where, f"comes from {name}()", ASK_PHP)
        if name == "getenv":
            return self.environment(f"getenv('{first}')", first, where)
        if name in ("file_exists", "is_file", "is_readable", "is_dir"):
            return self._file_test(name, first)
        if name == "defined":
            return first in self.constants or (first == "DRUPAL_ROOT" and self.root is not None)
        if name == "define" and len(args) > 1:
            self.constants.setdefault(first, args[1])
            return True
        return self._path_function(name, first, args, where)

    def _path_function(self, name: str, first: str, args: Sequence[Data], where: Where) -> Data:
        if name == "dirname":
            levels = number(args[1]) if len(args) > 1 else 1
            for _ in range(int(levels or 1)):
                first = posixpath.dirname(first.rstrip("/") or "/") or "."
            return first
        if name == "basename":
            return posixpath.basename(first.rstrip("/"))
        if name == "realpath":
            there = self.located(first)
            return str(there.resolve()) if there.exists() else False
        if name == "constant":
            return self.constant(first, where)
        converted = (
            cast(name.removesuffix("val"), args[0]) if name in ("intval", "boolval", "floatval", "strval") else None
        )
        return converted if converted is not None else Hole(where, f"comes from {name}()", ASK_PHP)

    def _file_test(self, name: str, path: str) -> bool:
        there = self.located(path)
        tests = {"is_file": there.is_file, "is_dir": there.is_dir, "file_exists": there.exists}
        return tests[name]() if name in tests else os.access(there, os.R_OK)

    def located(self, path: str) -> Path:
        """Finds a path as PHP does while Drupal runs: its current folder is the docroot."""
        return (self.root or self.settings.parent) / path


def cast(kind: str, value: Data) -> Data | None:
    """Carries out `(int)`, `(bool)` …; None where that is not plain."""
    if kind in ("bool", "boolean"):
        return truth(value)
    if kind in ("str", "string"):
        return text(value)
    if kind == "array":
        return value if isinstance(value, dict | Hole) else None
    if isinstance(value, Hole):
        return value
    converted = number(value)
    if converted is None or converted != converted or abs(converted) > 2**63:
        return None
    return int(converted) if kind in ("int", "integer") else float(converted)


def _copied(value: Data) -> Data:
    """Copies arrays, which PHP assigns by value."""
    return {key: _copied(item) for key, item in value.items()} if isinstance(value, dict) else value
