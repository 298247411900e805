"""The words that every part of the manifest is read with, and the error that it raises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from drupalsync.errors import DrupalsyncError


class BadManifest(DrupalsyncError):
    """drupalsync.yml is missing, broken, or says something that makes no sense."""


def texts(value: Any, where: str) -> list[str]:
    """A list of texts; raises BadManifest."""
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise BadManifest("this must be a list of texts", where=where)
    return value


def only(entry: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Raises BadManifest for an entry that nobody knows ("did you mean")."""
    for name in entry:
        if name not in known:
            meant = near(str(name), known)
            raise BadManifest(
                f"unknown entry {name!r}",
                where=where,
                hint=f"did you mean {meant[0]!r}?" if meant else f"known: {', '.join(known)}",
            )


def near(name: str, known: Iterable[str]) -> list[str]:
    """What was probably meant: one name, or none."""
    from difflib import get_close_matches

    return get_close_matches(name, known, n=1)
