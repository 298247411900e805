"""The names of what is referred to by local id but not exported: roles, users, files, terms, vocabularies …

Users and files can be many: kinds that refer to them assign the few they need; the loaders here answer for the rest.
Source of the tables: modules/user/user.install, modules/system/system.install, modules/taxonomy/taxonomy.install,
modules/filter/filter.install, modules/node/node.install.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from drupalsync.site.keys import Loader, LocalId
from drupalsync.site.site import Site
from drupalsync.site.system import all_themes


def _pairs(table: str, id_column: str, name_column: str) -> Loader:
    def load(site: Site) -> Iterator[tuple[LocalId, str]]:
        if table not in site.tables:
            return
        for local_id, name in site.rows(f"SELECT {id_column}, {name_column} FROM {{{table}}} ORDER BY {id_column}"):
            if isinstance(local_id, int | str):
                yield local_id, str(name)

    return load


def terms(site: Site) -> Iterator[tuple[LocalId, str]]:
    """Terms by vocabulary and names from the root: `tags/europe/france` is (`tags`, `Europe`, `France`)."""
    if "taxonomy_term_data" not in site.tables:
        return
    parents: dict[int, list[int]] = {}
    for tid, parent in site.rows("SELECT tid, parent FROM {taxonomy_term_hierarchy} ORDER BY tid, parent"):
        parents.setdefault(int(str(tid)), []).append(int(str(parent)))
    rows = site.rows(
        "SELECT t.tid, v.machine_name, t.name FROM {taxonomy_term_data} t "
        "INNER JOIN {taxonomy_vocabulary} v ON v.vid = t.vid ORDER BY t.tid"
    )
    own = {int(str(tid)): (str(vocabulary), str(name)) for tid, vocabulary, name in rows}
    yield from term_keys(own, parents).items()


def term_keys(own: Mapping[int, tuple[str, str]], parents: Mapping[int, Sequence[int]]) -> dict[int, str]:
    """The keys of terms, from (vocabulary, name) and the parents of each.

    A `/` in a name is written `%2F`. A term with several parents stands under the one with the shortest path, then the
    first by name; siblings of one name get `#2`, `#3` in the order of their ids. One that stands under itself, which
    Drupal shows nowhere, counts as if it stood at the top.
    """
    above = {
        tid: [other for other in parents.get(tid, ()) if other in own and own[other][0] == vocabulary]
        for tid, (vocabulary, _) in own.items()
    }
    keys: dict[int, str] = {}
    taken: set[str] = set()
    for level in _levels(own, parents, above):
        homes = {
            tid: min((keys[other] for other in above[tid] if other in keys), key=_steps, default="") for tid in level
        }
        for tid in sorted(level):
            wanted = f"{homes[tid] or own[tid][0]}/{term_step(own[tid][1])}"
            key, number = wanted, 2
            while key in taken:
                key, number = f"{wanted}#{number}", number + 1
            keys[tid] = key
            taken.add(key)
    return keys


def _steps(key: str) -> list[str]:
    return key.split("/")


def _levels(
    own: Mapping[int, tuple[str, str]], parents: Mapping[int, Sequence[int]], above: Mapping[int, Sequence[int]]
) -> Iterator[list[int]]:
    """The terms by how many steps they are from the top, the first ones first; those in a circle, with it, at the end."""
    below: dict[int, list[int]] = {}
    for tid, others in above.items():
        for other in others:
            below.setdefault(other, []).append(tid)
    seen: set[int] = set()
    level = [tid for tid in own if not above[tid] or 0 in parents.get(tid, ())]
    while True:
        while level:
            seen.update(level)
            yield level
            level = sorted({tid for other in level for tid in below.get(other, ()) if tid not in seen})
        round_ = [tid for tid in own if tid not in seen]
        if not round_:
            return
        level = [min(round_, key=lambda tid: (*own[tid], tid))]


def term_step(name: str) -> str:
    """A term's name as a step of a key."""
    plain = name.replace("%", "%25").replace("/", "%2F")
    return re.sub(r"#(?=\d+\Z)", "%23", plain)


def _on(kind: str) -> Loader:
    def load(site: Site) -> Iterator[tuple[LocalId, str]]:
        for (name,) in site.rows("SELECT name FROM {system} WHERE type = ? AND status = 1 ORDER BY name", [kind]):
            yield str(name), str(name)

    return load


def regions(site: Site) -> Iterator[tuple[LocalId, str]]:
    """The regions of every theme, on or off, as `theme/region`."""
    for theme in all_themes(site).values():
        for region in theme.regions:
            yield f"{theme.name}/{region}", f"{theme.name}/{region}"


def formats_off(site: Site) -> Iterator[tuple[LocalId, str]]:
    """Text formats that are switched off: a text that has one shows nothing (filter.module:filter_formats)."""
    if "filter_format" in site.tables:
        for (name,) in site.rows("SELECT format FROM {filter_format} WHERE status <> 1 ORDER BY format"):
            yield str(name), str(name)


LOADERS: dict[str, Loader] = {
    "role": _pairs("role", "rid", "name"),
    "user": _pairs("users", "uid", "name"),
    "file": _pairs("file_managed", "fid", "uri"),
    "term": terms,
    "vocabulary": _pairs("taxonomy_vocabulary", "vid", "machine_name"),
    "text_format": _pairs("filter_format", "format", "format"),
    "text_format_off": formats_off,
    "content_type": _pairs("node_type", "type", "type"),
    "language": _pairs("languages", "language", "language"),
    "aggregator_feed": _pairs("aggregator_feed", "fid", "title"),
    "aggregator_category": _pairs("aggregator_category", "cid", "title"),
    "menu": _pairs("menu_custom", "menu_name", "menu_name"),
    "module": _on("module"),
    "theme": _on("theme"),
    "region": regions,
}
