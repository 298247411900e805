"""The descriptions that come with drupalsync: one file a contributed module, in described/."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import yaml

from drupalsync.kinds.tables.description import Description
from drupalsync.kinds.tables.words import read_descriptions

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built


@cache
def shipped() -> tuple[Description, ...]:
    """All of them, by file."""
    folder = files(__package__).joinpath("described")
    found: list[Description] = []
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".yml"):
            found += read_descriptions(yaml.load(file.read_text("utf-8"), Loader=_LOADER), file.name)  # noqa: S506 safe ones
    return tuple(found)
