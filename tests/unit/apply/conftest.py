"""The demo's museum: its tree is committed, its production adopted; `museum` is dev, `production` the same project's other site."""

from __future__ import annotations

from end_to_end.conftest import museum, museum_template, production

__all__ = ["museum", "museum_template", "production"]
