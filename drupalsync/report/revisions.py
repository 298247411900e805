"""Two revisions of the tree as a plan document: the one form that every report is rendered from."""

from __future__ import annotations

from drupalsync.apply.revisions import Compared
from drupalsync.report.document import Document, Setting, document


def document_of(compared: Compared) -> Document:
    """The document, which knows of no site."""
    setting = Setting(
        environment=compared.environment,
        site="",
        tree=compared.folder,
        overlay=compared.overlay,
        revision=compared.after,
        before=compared.before,
    )
    return document(compared.plan, setting)
