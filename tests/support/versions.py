"""A transcript without the versions of what runs it."""

from __future__ import annotations

import re

_VERSION = re.compile(r"(?m)(Python |SQLite |MariaDB |^\w+ +git +|^ok +drupalsync +)\d[\w.+~-]*")


def without_versions(text: str) -> str:
    """The text with `«version»` in their place.

    >>> without_versions("ok     drupalsync    0.1.0, Python 3.12.1")
    'ok     drupalsync    «version», Python «version»'
    """
    return _VERSION.sub(r"\1«version»", text)
