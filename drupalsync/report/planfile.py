"""Plans as files: kept beside a dry run, read again by whoever reviews or carries them out.

What is read may come from anywhere: it is measured, and its whole shape checked, before anybody looks into it.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from drupalsync import __version__
from drupalsync.errors import DrupalsyncError
from drupalsync.report.document import FORMAT_VERSION, POLICY, SCHEMA, Document, plan_id
from drupalsync.report.plan_schema import plan_schema
from drupalsync.report.shape import misshapen
from drupalsync.report.visible import json_text
from drupalsync.tree.files import write_file

MOST: Final = 256 * 2**20  # bytes of a file that is read
MODE: Final = 0o600  # a plan shows what a site has, and not everybody may see that
MOMENT: Final = "%Y-%m-%dT%H:%M:%SZ"
MAJOR, MINOR = map(int, FORMAT_VERSION.split("."))
_NUMBERED = re.compile(r"(.*)\.(\d{1,9})")
_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})")
# What format 1.1 added, and what stands for it in a document of 1.0.
_SINCE_1_0: Final[Document] = {
    "schema": SCHEMA, "selectors": [], "limits": [], "ignored": [], "command": ["import"], "undoes": None,
    "undo": {"complete": False, "why": ["a plan of this format does not say"]},
    "policy": {name: {"on_drift": "fail", "adopt": False, "prune": False}.get(name) for name in POLICY},
}  # fmt: skip
_SITE: Final[Document] = {"identity": "", "drupal": "", "fingerprint_key": ""}
_TREE: Final[Document] = {"dirty": None, "digest": "", "overlay": ""}
_CHANGE: Final[Document] = {
    "because": "",
    "alike": None,
    "live_fingerprint": None,
    "desired_fingerprint": None,
    "undo": "partial",
}
_FIELD: Final[Document] = {"side": None, "because": ""}


class BrokenPlan(DrupalsyncError):
    """A file that is no plan, or none of a format that this drupalsync knows."""


class PlanInTree(DrupalsyncError):
    """A plan was to be kept among the files of the tree."""

    exit_code = 64


def check_place(file: Path, config: Path) -> None:
    """Raises PlanInTree where a plan would lie in the folder of the tree."""
    if file.resolve().is_relative_to(config.resolve()):
        raise PlanInTree(
            "a plan must not lie among the files that it is made from",
            where=str(file),
            hint=f"give --out a file outside of {config.name}/",
        )


def keep(plan: Document, file: Path, now: int) -> Document:
    """Writes a plan into a file that only its owner can read; returns it as it was written. Raises WriteFailed."""
    kept = {**plan, "created": datetime.fromtimestamp(now, UTC).strftime(MOMENT)}
    write_file(file, (json_text(kept) + "\n").encode(), mode=MODE)
    return kept


def next_to(file: Path) -> Path:
    """The next free name beside a plan's file: release.2.plan beside release.plan, then release.3.plan."""
    found = _NUMBERED.fullmatch(file.stem)
    stem, number = (found[1], int(found[2])) if found else (file.stem, 1)
    while True:
        number += 1
        name = file.with_name(f"{stem}.{number}{file.suffix}")
        if not name.exists():
            return name


def read_plan(file: Path) -> Document:
    """A plan that was kept, or one that a command printed as JSON; raises BrokenPlan."""
    document = _parse(_bytes(file), str(file))
    minor = _minor(document, str(file))
    if minor < MINOR:
        _complete(document)
    if wrong := misshapen(document, plan_schema()):
        path, what = wrong
        newer = "a newer drupalsync made it: update this one" if minor > MINOR else ""
        raise BrokenPlan(
            "this file is not the plan of a drupalsync",
            where=f"{file} {'.'.join(map(str, path))}".rstrip(),
            hint=f"{what}; {newer or 'plan again'}",
        )
    if "created" in document and created(document) is None:
        raise BrokenPlan("there is no such moment as this plan was made in", where=f"{file} created", hint="plan again")
    return document


def check_unedited(plan: Document, file: Path) -> None:
    """Raises BrokenPlan where what is to be done is no longer what the plan's id was made from."""
    if plan["plan_id"] != plan_id(plan):
        raise BrokenPlan("somebody has edited this plan", where=str(file), hint="edit the tree instead, and plan again")


def created(plan: Document) -> datetime | None:
    """When the plan was kept; None for one that was only printed."""
    try:
        return datetime.strptime(plan["created"], MOMENT).replace(tzinfo=UTC)
    except (KeyError, ValueError):
        return None


def _bytes(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(MOST + 1)
    except OSError as error:
        raise BrokenPlan(f"this plan cannot be read: {error.strerror}", where=str(file)) from error
    if len(data) > MOST:
        raise BrokenPlan(f"this file is larger than any plan: over {MOST // 2**20} MiB", where=str(file))
    return data


def _parse(data: bytes, where: str) -> Document:
    try:
        document = json.loads(data.decode(), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        place = f":{error.lineno}:{error.colno}" if isinstance(error, json.JSONDecodeError) else ""
        raise BrokenPlan(
            "this file is not JSON, and so no plan",
            where=where + place,
            hint="drupalsync import --dry-run --out FILE makes one",
        ) from error
    if not isinstance(document, dict):
        document = {}
    return document


def _no_number(name: str) -> Any:
    raise ValueError(f"JSON has no {name}")


def _minor(document: Document, where: str) -> int:
    """The minor version of the format; raises BrokenPlan for another major one."""
    found = _VERSION.fullmatch(str(document.get("format_version")))
    if found is None or int(found[1]) < MAJOR:
        raise BrokenPlan(
            "this file is JSON, but no plan", where=where, hint="drupalsync import --dry-run --out FILE makes one"
        )
    if int(found[1]) > MAJOR:
        maker = document.get("drupalsync_version")
        raise BrokenPlan(
            f"this plan was made by a newer drupalsync{f', {maker}' if isinstance(maker, str) else ''}",
            where=where,
            hint=f"use that, or a newer one than {__version__}",
        )
    return int(found[2])


def _complete(document: Document) -> None:
    """Adds to a document of an earlier format what later ones have; where it has another shape, that is found later."""
    _add(document, _SINCE_1_0)
    _add(document.get("site"), _SITE)
    _add(document.get("tree"), _TREE)
    _add(document.get("summary"), {"ignored": 0})
    for change in [change for name in ("changes", "drift") for change in _list(document.get(name))]:
        _add(change, _CHANGE)
        for field in _list(change.get("fields")) if isinstance(change, dict) else ():
            _add(field, _FIELD)
    if "plan_id" not in document and not misshapen({**document, "plan_id": "p-0000000000"}, plan_schema()):
        document["plan_id"] = plan_id(document)


def _add(document: object, entries: Document) -> None:
    if isinstance(document, dict):
        document |= {name: value for name, value in entries.items() if name not in document}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
