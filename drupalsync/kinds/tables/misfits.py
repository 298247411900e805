"""Where a description names what a site has not: a table, a column, names that several rows share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from drupalsync.kinds.tables.description import Description
from drupalsync.site import Site


def misfits(site: Site, about: Description) -> Iterator[str]:
    """Sentences, each with what was meant where that can be told."""
    if about.table not in site.tables:
        yield f"the site has no table {about.table}{_meant(about.table, site.tables)}"
        return
    yield from _columns(site, about.table, [*about.key, about.id, *about.where, *about.columns])
    for child in about.children:
        if child.table not in site.tables:
            yield f"the site has no table {child.table}{_meant(child.table, site.tables)}"
            continue
        yield from _columns(site, child.table, [*child.parent, *child.key, *child.order, child.id, *child.columns])
        yield from _columns(site, about.table, child.parent.values())


def _columns(site: Site, table: str, names: Iterable[str]) -> Iterator[str]:
    there = site.columns(table)
    for name in dict.fromkeys(filter(None, names)):
        if name not in there:
            yield f"{table} has no column {name}{_meant(name, there)}"


def _meant(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f" (did you mean {near[0]}?)" if near else ""
