"""Settings asked of PHP itself: for a settings.php that computes what cannot be read without running it."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Final

from drupalsync.php.decode import decode
from drupalsync.php.settings import Settings, settings_from
from drupalsync.php.settings_data import Unread, docroot
from drupalsync.php.syntax import PhpSyntaxError
from drupalsync.php.values import PhpSerialized, Value, type_of_key

_SECONDS: Final = 30
_PLAIN: Final = "write it without closures and references"
_MARK: Final = b"drupalsync:"
# Answers at shutdown, so that a settings.php that ends with exit is read as well; one line a value, because one that
# cannot be serialized (a closure) must not hide the others. What settings.php itself prints comes before the mark.
_PROGRAM: Final = """
if ($argv[2] !== '') {
  define('DRUPAL_ROOT', $argv[2]);
  chdir($argv[2]);
}
function conf_path() { return $GLOBALS['argv'][3]; }
function drupalsync_tell($name, $key, $value) {
  try { $data = base64_encode(serialize($value)); } catch (Throwable $e) { $data = '-'; }
  echo "drupalsync:", base64_encode(serialize(array($name, $key))), ' ', $data, "\\n";
}
register_shutdown_function(function () {
  $error = error_get_last();
  if ($error && in_array($error['type'], array(E_ERROR, E_PARSE, E_COMPILE_ERROR))) { return; }
  while (ob_get_level()) { ob_end_clean(); }
  echo "\\n";
  foreach (array('databases', 'db_url', 'db_prefix') as $name) {
    if (isset($GLOBALS[$name])) { drupalsync_tell($name, null, $GLOBALS[$name]); }
  }
  foreach (isset($GLOBALS['conf']) ? (array) $GLOBALS['conf'] : array() as $key => $value) {
    drupalsync_tell('conf', $key, $value);
  }
  echo "drupalsync:done\\n";
});
require $argv[1];
"""


class AskPhpError(RuntimeError):
    """PHP could not be asked: it is not there, took too long, or settings.php failed."""


def ask_php(path: Path, php: str = "php") -> Settings:
    """Runs settings.php in a PHP process and takes the variables that it leaves behind.

    `php` is the program to run. The file is run as the command line runs it: with this environment and no request.
    Raises AskPhpError, with what PHP said of it.
    """
    import subprocess

    file = path.absolute()
    root = docroot(file)
    site = str(file.parent.relative_to(root)) if root else str(file.parent)
    command = [php, "-d", "display_errors=stderr", "-d", "log_errors=0", "-d", "serialize_precision=-1", "-r", _PROGRAM]
    arguments = ["--", str(file), str(root or ""), site]
    try:
        run = subprocess.run(
            [*command, *arguments], capture_output=True, stdin=subprocess.DEVNULL, timeout=_SECONDS, check=False
        )
    except FileNotFoundError as e:
        raise AskPhpError(f"there is no program {php} here: install PHP's command line, or name it") from e
    except subprocess.TimeoutExpired as e:
        raise AskPhpError(f"{php} ran {file} for {_SECONDS} seconds without an answer") from e
    except OSError as e:
        raise AskPhpError(f"{php} cannot be run: {e.strerror}") from e
    answers = [line.removeprefix(_MARK) for line in run.stdout.splitlines() if line.startswith(_MARK)]
    if answers[-1:] != [b"done"]:
        said = run.stderr.decode("utf-8", "replace").strip().splitlines()
        raise AskPhpError(f"{php} failed on {file}" + (f": {said[0]}" if said else ""))
    return _settings(answers[:-1], str(file))


def _settings(answers: list[bytes], path: str) -> Settings:
    """Reads the lines that the program wrote: the name with its key, and the value or `-`."""
    variables: dict[str, Value] = {}
    conf: dict[type_of_key, Value] = {}
    unread: list[Unread] = []
    for answer in answers:
        try:
            name, key = _named(decode(base64.b64decode(answer.partition(b" ")[0])))
            data = answer.partition(b" ")[2]
            value = None if data == b"-" else decode(base64.b64decode(data))
        except (PhpSyntaxError, binascii.Error) as e:
            raise AskPhpError(f"PHP's answer on {path} cannot be read") from e
        if data == b"-" or (name != "conf" and isinstance(value, PhpSerialized)):
            place = f"${name}" if key is None else f"${name}[{key!r}]"
            unread.append(Unread(1, f"{place} holds what PHP cannot write down", _PLAIN, path, name))
        elif name == "conf" and key is not None:
            conf[key] = value
        else:
            variables[name] = value
    return settings_from({**variables, "conf": conf}, unread)


def _named(value: Value) -> tuple[str, type_of_key | None]:
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], str):
        key = value[1]
        if key is None or type(key) is int or type(key) is str or type(key) is bytes:
            return value[0], key
    raise AskPhpError("PHP's answer cannot be read")
