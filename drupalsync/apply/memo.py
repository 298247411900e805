"""What the last run of a command found, kept for as long as nothing that it was made from has changed.

The outcome of a look or an export is a function of the files, the manifest, the environment, the program and the rows
that were read. So the file holds digests of all of these beside the outcome, under a key that only this user has (a
checkout cannot bring a forged one along). It is git-ignored and safe to delete; where anything differs, the whole work
is done.
"""

from __future__ import annotations

import hmac
import json
import marshal
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any

from drupalsync import __version__
from drupalsync.apply.own_files import own_folder
from drupalsync.apply.program import is_program, program
from drupalsync.site import Site
from drupalsync.site.recording import recording, replays
from drupalsync.tree.files import WriteFailed, write_file

Outcome = Any  # what JSON can hold
FORMAT = f"2 {__version__} {sys.version}"


def remembered(
    file: Path,
    inputs: str,
    site: Site,
    environ: Mapping[str, str],
    variables: Callable[[], Iterable[str]],
    work: Callable[[], Outcome],
) -> Outcome:
    """The outcome of `work`: of an earlier run of it, where all that it depends on is as it was then.

    That is the program, `inputs` (a digest), what it reads of the site, and these variables of the environment (asked
    for when it has run). An outcome of None is not remembered.
    """
    key = _key()
    if key is None:
        return work()
    memo = _read(file, key)
    if memo is not None and memo["inputs"] == inputs and _holds(memo, site, environ, key):
        return memo["outcome"]
    from drupalsync.apply.ledger import ITEMS, ITEMS_IN_SHORT  # with all that it needs: only where there is work to do

    with recording(site, key, {ITEMS: ITEMS_IN_SHORT}) as log:
        outcome = work()
    if outcome is None:
        file.unlink(missing_ok=True)
    else:
        settings = {name: _of(environ.get(name), key) for name in variables()}
        known = {"inputs": inputs, "environ": settings, "program": program(), "log": log, "outcome": outcome}
        _write(file, key, {"format": FORMAT, **known})
    return outcome


def digest(parts: Iterable[bytes | str]) -> str:
    """A digest of a sequence, which tells ("ab", "c") from ("a", "bc"), and text from bytes."""
    # Version 2: later ones write object identity into the bytes, which equal parts need not share.
    return blake2b(marshal.dumps([*parts], 2), digest_size=32).hexdigest()


def _holds(memo: Mapping[str, Any], site: Site, environ: Mapping[str, str], key: bytes) -> bool:
    """Whether the world is as it was; what is looked at last takes the longest."""
    same_environment = all(_of(environ.get(name), key) == seal for name, seal in memo["environ"].items())
    return same_environment and is_program(memo["program"]) and replays(site.db, memo["log"], key)


def _of(value: str | None, key: bytes) -> str | None:
    """A keyed digest of a variable's value: it may be a secret."""
    return None if value is None else _seal(value.encode("utf-8", "surrogateescape"), key).decode()


def _read(file: Path, key: bytes) -> dict[str, Any] | None:
    """A memo of ours, in this format; None for all else."""
    try:
        seal, _, body = file.read_bytes().partition(b"\n")
        memo = json.loads(body) if hmac.compare_digest(seal, _seal(body, key)) else None
    except (OSError, ValueError):
        return None
    return memo if isinstance(memo, dict) and memo.get("format") == FORMAT else None


def _write(file: Path, key: bytes, memo: dict[str, Any]) -> None:
    try:
        body = json.dumps(memo).encode()
        own_folder(file.parent.parent)
        write_file(file, _seal(body, key) + b"\n" + body)
    except (OSError, TypeError, WriteFailed):
        file.unlink(missing_ok=True)  # a parameter that JSON cannot hold, a full disk: then the next run does the work


def _seal(body: bytes, key: bytes) -> bytes:
    return hmac.new(key, body, sha256).hexdigest().encode()


def _key() -> bytes | None:
    """This user's key, made at the first use; None where there is no place for one."""
    home = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")  # noqa: PTH111, PTH118 may have no home
    file = Path(home) / "drupalsync" / "key"
    try:
        if file.exists():
            key = file.read_bytes()
            return key if len(key) == 32 else None
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            key = os.urandom(32)
            out.write(key)
            return key
    except OSError:
        return None
