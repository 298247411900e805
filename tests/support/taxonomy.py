"""The demo's museum as the kinds of its vocabularies, languages and aliases see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from drupalsync.kinds import Context, Item, NodeSelector, Scope, all_kinds
from drupalsync.site import LOADERS, Keys
from support.nodes import NOW, museum, open_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from drupalsync.site import LocalId

# By tid: History/Harbour/Crane, and Boats below both Families and Harbour.
NESTED = (
    "INSERT INTO taxonomy_term_data (tid, vid, name) VALUES (10, 1, 'Harbour'), (11, 1, 'Crane'), (12, 1, 'Boats')",
    "INSERT INTO taxonomy_term_hierarchy VALUES (10, 2), (11, 10), (12, 3), (12, 10)",
)


class TreeOf:
    """What the tree says, and no memory of earlier runs."""

    def __init__(self, *items: Item) -> None:
        self._items = items

    def recall(self, kind: str, local_id: LocalId) -> Iterator[Item]:
        del kind, local_id
        return iter(())

    def tree(self, kind: str) -> Sequence[Item]:
        return [item for item in self._items if item.kind == kind]


def run(site: Path, *tree: Item) -> Context:
    """A run on a site with its pages selected, every row identified."""
    opened = open_site(site)
    ctx = Context(
        site=opened,
        keys=Keys(opened, LOADERS),
        scope=Scope(nodes=(NodeSelector(type="page"),)),
        memory=TreeOf(*tree),
        now=NOW,
    )
    for kind in all_kinds().values():
        kind.identify(ctx)
    return ctx


def museum_run(folder: Path, *statements: str, tree: Sequence[Item] = ()) -> Context:
    """A run on a new museum with these changes."""
    return run(museum(folder, *statements), *tree)


def items(ctx: Context, kind: str) -> dict[str, Item]:
    """The site's items of a kind by key."""
    return {item.key: item for item in all_kinds()[kind].read(ctx)}


def item(kind: str, key: str, **fields: Any) -> Item:
    """An item of the tree with these fields, the others at their default."""
    defaults = {name: spec.default for name, spec in all_kinds()[kind].FIELDS.items()}
    assert fields.keys() <= defaults.keys()
    return Item(kind=kind, key=key, fields={**defaults, **fields}, source=f"{kind}.yml")


def term(key: str, **fields: Any) -> Item:
    """A term of the tree; its name is the last step of its key."""
    name = key.rpartition("/")[2].replace("%2F", "/").replace("%25", "%")
    return item("term", key, **{"name": name, "extra": {}, **fields})


def vocabulary(key: str, **fields: Any) -> Item:
    return item("vocabulary", key, **{"name": key.title(), **fields})


def language(key: str, **fields: Any) -> Item:
    return item("language", key, **{"name": key.title(), "native": key.title(), "prefix": key, **fields})


def problems(ctx: Context, wanted: Item, *others: Item) -> list[str]:
    """What forbids an item, as the reader gets it."""
    desired = {one.address: one for one in (wanted, *others)}
    return [str(problem) for problem in all_kinds()[wanted.kind].check(ctx, wanted, desired)]


def refusal(ctx: Context, gone: Item, *going: str) -> str:
    """What forbids a deletion; "": nothing does."""
    from drupalsync.errors import DrupalsyncError

    try:
        list(all_kinds()[gone.kind].losses(ctx, gone, {gone.address, *going}))
    except DrupalsyncError as problem:
        return str(problem)
    return ""
