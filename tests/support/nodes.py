"""The demo's museum as the kind `node` sees it, and what a test does with its nodes."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from drupalsync.demo.site import make_site, writing
from drupalsync.kinds import Context, Item, NodeSelector, Scope, node
from drupalsync.site import LOADERS, Address, Keys, LocalId, Site
from drupalsync.site.sqlite import Sqlite
from drupalsync.tree import TreeValue

NOW: Final = 1_800_000_000
AUTHOR: Final = "anna"


class Remembered:
    """What earlier runs know: `rows` by nid, `items` of the tree."""

    def __init__(self, items: Iterable[Item] = (), rows: Iterable[Item] = ()) -> None:
        self._tree = [replace(item, local_id=None) for item in items]
        self._rows = {item.local_id: item for item in rows}

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        assert kind == node.NAME
        return iter([self._rows[local_id]] if local_id in self._rows else [])

    def tree(self, kind: str) -> Sequence[Item]:
        assert kind == node.NAME
        return self._tree


def museum(folder: Path, *statements: str) -> Path:
    """A new museum, with these changes."""
    path = folder / "museum.sqlite"
    path.write_bytes(_made())
    change(path, *statements)
    return path


@functools.cache
def _made() -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "museum.sqlite"
        make_site(path)
        return path.read_bytes()


def change(path: Path, *statements: str) -> None:
    """What a test clicks by hand."""
    with writing(path) as db:
        for statement in statements:
            db.executescript(statement)


def open_site(path: Path) -> Site:
    return Site(Sqlite(Address(engine="sqlite", database=str(path))), shown="test")


def run(site: Site | Path, *selected: str, memory: Remembered | None = None) -> Context:
    """A run on a site of which these belong to us: `page`, or `page visit*` for those with such an alias."""
    opened = open_site(site) if isinstance(site, Path) else site
    selectors = [NodeSelector(type=one.split()[0], alias=[*one.split(), "*"][1]) for one in selected or ("page",)]
    ctx = Context(
        site=opened,
        keys=Keys(opened, LOADERS),
        scope=Scope(nodes=tuple(selectors)),
        memory=memory or Remembered(),
        now=NOW,
    )
    node.identify(ctx)
    return ctx


def nodes(ctx: Context) -> dict[str, Item]:
    """The items by key."""
    return {item.key: item for item in node.read(ctx)}


def with_fields(item: Item, **fields: TreeValue) -> Item:
    return replace(item, fields={**item.fields, **fields})


def new(key: str, title: str, **fields: TreeValue) -> Item:
    """An item of the tree that only says what it must."""
    document: dict[int | str | bytes, TreeValue] = {"node": key, "title": title, "author": AUTHOR}
    document.update(fields)
    return next(node.load(f"nodes/{key}.yml", document))
