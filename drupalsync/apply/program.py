"""What stands for the program itself: the files of which it is made, and where other kinds could come from."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import Any

Stamp = list[Any]  # path, time of the last change in nanoseconds, size


def program() -> list[Stamp]:
    """A stamp of every module that is loaded, ours and others', and of every installed package's description.

    The latter tell of a kind that was installed since (its entry point), wherever Python would find it.
    """
    loaded = {file for module in [*sys.modules.values()] if (file := getattr(module, "__file__", None))}
    return [found for file in sorted({*loaded, *_installed()}) if (found := _stamp(file))]


def is_program(stamps: list[Stamp]) -> bool:
    """Whether what these stamps are of is all still so, and nothing has been installed besides."""
    return _installed() <= {stamp[0] for stamp in stamps} and all(_stamp(stamp[0]) == stamp for stamp in stamps)


def _stamp(file: str) -> Stamp | None:
    try:
        about = os.stat(file)  # noqa: PTH116 four hundred of them
    except OSError:
        return None
    return [file, about.st_mtime_ns, about.st_size]


def _installed() -> set[str]:
    return {path for folder in sys.path for path in _descriptions(folder or ".")}


def _descriptions(folder: str) -> Iterator[str]:
    """What importlib.metadata would find there."""
    try:
        with os.scandir(os.path.realpath(folder)) as entries:
            yield from [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info", ".egg"))]
    except OSError:  # a zip file, or nothing
        return
