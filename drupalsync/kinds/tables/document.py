"""The file of a row, read."""

from __future__ import annotations

from collections.abc import Mapping

from drupalsync.kinds.base import Item
from drupalsync.kinds.fields import Field, FieldProblem, is_protected, load_fields
from drupalsync.kinds.tables.description import EXTRA, Description
from drupalsync.tree import TreeValue


def load(about: Description, fields: Mapping[str, Field], path: str, document: TreeValue) -> Item:
    """The item that a file is; raises FieldProblem."""
    if not isinstance(document, dict):
        raise FieldProblem("this must be a mapping of fields", (), hint=f"begin with `{about.kind}: KEY`")
    key = document.get(about.kind)
    if not isinstance(key, str) or not key:
        raise FieldProblem(
            f"the file does not say which {about.kind} it is", (), hint=f"begin with `{about.kind}: KEY`"
        )
    found = load_fields(fields, document, besides=(about.kind,))
    found[EXTRA] = found[EXTRA] or {}
    for child in about.children:
        found[child.field] = found[child.field] or ({} if child.key else [])
    return Item(kind=about.kind, key=key, fields=found, source=path, protect=is_protected(document))
