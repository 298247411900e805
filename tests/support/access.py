"""One run on a small Drupal site, for kinds whose rows it has: roles, text formats."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from drupalsync.kinds import Context, Item, Scope, all_kinds
from drupalsync.site import LOADERS, Address, Keys, LocalId, Site
from drupalsync.site.sqlite import Sqlite
from drupalsync.tree.read import parse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path


class TreeOf:
    """What a run knows of the tree: these items; of earlier runs nothing."""

    def __init__(self, *items: Item) -> None:
        self.items = items

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        del kind, local_id
        return iter(())

    def tree(self, kind: str) -> Sequence[Item]:
        return [item for item in self.items if item.kind == kind]


@contextmanager
def run(path: Path, *tree: Item) -> Iterator[Context]:
    """A run on the SQLite site at `path`, whose every row has its key."""
    site = Site(Sqlite(Address(engine="sqlite", database=str(path))), shown="test")
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=TreeOf(*tree), now=1)
    for kind in all_kinds().values():
        kind.identify(ctx)
    yield ctx


def read_file(kind: str, text: str) -> Item:
    """The item of a file that says `text`."""
    module: Any = all_kinds()[kind]
    (item,) = module.load(f"{module.FOLDER}/x.yml", parse(text.encode(), where="x"))
    assert isinstance(item, Item)
    return item


def live(ctx: Context, kind: str) -> dict[str, Item]:
    """The site's items of a kind by key."""
    return {item.key: item for item in all_kinds()[kind].read(ctx)}


def told(ctx: Context, item: Item, *others: Item) -> list[str]:
    """What forbids an item of a tree that has these others: `what | where | hint` of each problem."""
    kind = all_kinds()[item.kind]
    there = live(ctx, item.kind).get(item.key)
    filled = replace(kind.fill(item, there), local_id=there.local_id if there is not None else None)
    wanted: Mapping[str, Item] = {each.address: each for each in (filled, *others)}
    return [f"{problem.what} | {problem.where} | {problem.hint}" for problem in kind.check(ctx, filled, wanted)]
