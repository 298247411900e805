"""JSON Schemas of the tree's files, made from the kinds, and of the plan document; checked in under schemas/."""

from __future__ import annotations

import json
from pathlib import Path

from drupalsync.apply import modules
from drupalsync.errors import DrupalsyncError
from drupalsync.kinds import documents, own_kinds
from drupalsync.report.plan_schema import plan_schema

DIALECT = "https://json-schema.org/draft/2020-12/schema"


PLAN = "plan"


class NoSuchSchema(DrupalsyncError):
    """No kind of that name keeps files, and it is not the plan's."""

    exit_code = 64


def schema_names() -> list[str]:
    """The kinds that keep files, and `plan`."""
    return sorted(_by_name())


def schema_for(name: str) -> dict[str, object]:
    """The schema of a kind's files, or of the plan document; raises NoSuchSchema."""
    found = _by_name()
    if name not in found:
        raise NoSuchSchema(f"there is no schema {name!r}", hint=f"known: {', '.join(sorted(found))}")
    return found[name]


def write_schemas(folder: Path) -> None:
    """Writes every schema as `<kind>.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in _by_name().items():
        (folder / f"{name}.json").write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n")


def _by_name() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {
        PLAN: {"$schema": DIALECT, "title": "drupalsync: a plan (import --dry-run --format json)", **plan_schema()}
    }
    found["modules"] = {"$schema": DIALECT, "title": f"drupalsync: {modules.FILE}", **modules.SCHEMA}
    code = own_kinds()
    for owner in documents().values():
        if getattr(owner, "NAME", "") not in code:
            continue  # a described table has one, too: `drupalsync schema KIND`
        name = str(getattr(owner, "NAME", owner.FOLDER))
        title = f"drupalsync: a file under {owner.FOLDER}/"
        found[name] = {"$schema": DIALECT, "title": title, **owner.schema()}
    return found
