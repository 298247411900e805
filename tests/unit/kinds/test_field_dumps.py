"""The fields of a real distribution: what their files say is enough to make their tables again, to the letter."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from drupalsync.apply.memory import RowMemory
from drupalsync.kinds import Context, Scope, field
from drupalsync.site import LOADERS, Keys
from drupalsync.site.ddl import create_table
from drupalsync.site.open import open_site
from drupalsync.site.url import parse_url
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.dumps import mysql_dump, needs_dumps
from support.nodes import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    from drupalsync.site import Site
    from support.mariadb import Server


@pytest.fixture
def ctx(mariadb: Server) -> Iterator[Context]:
    """A run on Open Atrium."""
    url = mysql_dump("openatrium", mariadb)
    site = open_site(parse_url(url, folder=Path()))
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=RowMemory((), (), ()), now=NOW)
    field.identify(ctx)
    yield ctx
    site.db.close()
    mariadb.drop_database(url.partition("?")[0].rpartition("/")[2])


def made(site: Site, table: str) -> str:
    """How the server says that a table is made, without the field's id."""
    ((_, said),) = site.rows(f"SHOW CREATE TABLE {{{table}}}")
    return re.sub(r"for field \d+ ", "for field N ", str(said))


@needs_dumps
def test_every_table_of_a_distributions_fields_is_made_again_from_its_file(ctx: Context) -> None:
    items = list(field.read(ctx))
    assert len({item.fields["type"] for item in items}) > 20
    read = [next(field.load("x.yml", parse(emit(field.dump([item], None)), where="x"))) for item in items]
    tables = list(field.new_tables(ctx, read))
    assert len(tables) == 2 * len(items)

    for table in tables:
        before = made(ctx.site, table.name)
        ctx.site.execute(f"DROP TABLE {{{table.name}}}")
        create_table(ctx.site, table)
        after = made(ctx.site, table.name)
        if before.endswith("...'") or after.endswith("...'"):  # cut, and where depends on the length of the id
            before, after = (text.rpartition(" COMMENT=")[0] for text in (before, after))
        assert after == before
