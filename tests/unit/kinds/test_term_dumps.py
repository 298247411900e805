"""Vocabularies, languages and aliases of a real site, taken away and made again from their files, on every engine."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

import pytest

from drupalsync.kinds import Context, Scope, all_kinds
from drupalsync.kinds.base import Item
from drupalsync.kinds.fields import same_tree
from drupalsync.site import LOADERS, Keys
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.dumps import same_site, sqlite_url
from support.nodes import NOW
from support.sql import execute
from support.taxonomy import TreeOf
from unit.kinds.test_node_dumps import opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from support.dumps import Load

KINDS: Final = ("vocabulary", "language", "term", "url_alias")
TAKEN: Final = (
    "DELETE FROM taxonomy_term_data",
    "DELETE FROM taxonomy_term_hierarchy",
    "DELETE FROM taxonomy_vocabulary",
    "DELETE FROM field_data_field_rank WHERE entity_type = 'taxonomy_term'",
    "DELETE FROM field_revision_field_rank WHERE entity_type = 'taxonomy_term'",
    "DELETE FROM languages WHERE language <> 'en'",
    "DELETE FROM url_alias WHERE source NOT LIKE 'node/%' AND source NOT LIKE 'user/%'",
)
TABLES: Final = ("taxonomy_vocabulary", "taxonomy_term_*", "languages", "url_alias", "field_*_field_rank")


def run(url: str, *tree: Item) -> Context:
    site = opened(url)
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=TreeOf(*tree), now=NOW)
    for kind in all_kinds().values():
        kind.identify(ctx)
    return ctx


def live(ctx: Context) -> dict[str, Item]:
    return {item.address: item for name in KINDS for item in all_kinds()[name].read(ctx)}


def through_files(items: Sequence[Item]) -> dict[str, Item]:
    """The items as their files say them."""
    kinds: Any = all_kinds()
    files: dict[str, list[Item]] = {}
    for item in items:
        files.setdefault(kinds[kinds[item.kind].DOCUMENT].place(item), []).append(item)
    found: dict[str, Item] = {}
    for path, of_file in files.items():
        owner = kinds[kinds[of_file[0].kind].DOCUMENT]
        document = parse(emit(owner.dump(of_file, None)), where=path)
        found |= {item.address: item for item in owner.load(path, document)}
    return found


@pytest.mark.parametrize("state", ["base", "after"])
def test_what_is_there_is_read_back_from_its_files(dump: Load, state: str) -> None:
    found = live(run(dump(state)))
    assert len([address for address in found if address.startswith("term:")]) > 14
    read = through_files(list(found.values()))
    assert read.keys() == found.keys()
    assert all(same_tree(read[address].fields, item.fields) for address, item in found.items())


def test_what_drupal_made_is_made_again(dump: Load, tmp_path: Path) -> None:
    made = dump("after")
    if made.startswith("sqlite"):  # a second copy would overwrite the first
        other = tmp_path / "made.sqlite"
        shutil.copyfile(made.removeprefix("sqlite:///"), other)
        made = sqlite_url(other)
    site = dump("after")
    tree = through_files(list(live(run(made)).values()))
    for statement in TAKEN:
        execute(site, statement)
    assert same_site(site, made, *TABLES)[0] == 1
    ctx = run(site, *tree.values())
    there = live(ctx)
    missing = [item for address, item in tree.items() if address not in there]
    assert len(missing) > 20

    ctx.site.db.begin()
    for name in KINDS:
        kind = all_kinds()[name]
        left = {item.address: item for item in missing if item.kind == name}
        assert [problem for item in left.values() for problem in kind.check(ctx, item, tree)] == []
        while left:
            ready = [item for item in left.values() if not any(address in left for address in kind.needs(item))]
            assert ready
            for item in ready:
                kind.create(ctx, left.pop(item.address))
    for name in KINDS:
        all_kinds()[name].finish(ctx)
    ctx.site.db.commit()

    code, said = same_site(site, made, *TABLES)
    assert code == 0, said


def test_an_alias_that_this_database_takes_for_another_page_s_is_refused(dump: Load) -> None:
    url = dump("base")
    ctx = run(url)
    taken = bool(execute(url, "SELECT pid FROM url_alias WHERE alias = 'About'"))  # MariaDB does not tell the case
    wanted = Item(kind="url_alias", key="und/About", fields={"source": "user/login", "extra": {}})
    problems = [problem.what for problem in all_kinds()["url_alias"].check(ctx, wanted, {})]
    assert problems == (["the alias About (und) leads to node/1 already"] if taken else [])
    both = {
        f"url_alias:und/{name}": Item(kind="url_alias", key=f"und/{name}", fields={"source": "contact", "extra": {}})
        for name in ("Visit", "visit")
    }
    found = [problem.what for problem in all_kinds()["url_alias"].check(run(url), both["url_alias:und/Visit"], both)]
    assert found == (["the alias Visit (und) is that of url_alias:und/visit, too"] if taken else [])
