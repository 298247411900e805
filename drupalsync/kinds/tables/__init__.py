"""Kinds that are made of a description instead of code."""

from drupalsync.kinds.tables.check import CannotBeRow
from drupalsync.kinds.tables.description import EXTRA, Child, Col, Description
from drupalsync.kinds.tables.kind import Hooks, TableKind

__all__ = ["EXTRA", "CannotBeRow", "Child", "Col", "Description", "Hooks", "TableKind"]
