"""Tables of fields as Drupal makes them: the texts below are what Drupal 7.105 itself left in each engine."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

import pytest

from drupalsync.kinds._field_columns import columns_of, tables
from drupalsync.site import Address, Site
from drupalsync.site.ddl import (
    Table,
    TableInTheWay,
    column_specs,
    create_statements,
    create_table,
    drop_empty,
    next_id,
    rename_table,
)
from drupalsync.site.mysql import Mysql
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import parse_url
from support.dumps import Load
from support.nodes import museum, open_site

if TYPE_CHECKING:
    from pathlib import Path

IMAGE: Final = """\
CREATE TABLE `field_data_f_image` (
  `entity_type` varchar(128) NOT NULL DEFAULT '' COMMENT 'The entity type this data is attached to',
  `bundle` varchar(128) NOT NULL DEFAULT '' COMMENT 'The field instance bundle to which this row belongs, used when deleting a field instance',
  `deleted` tinyint(4) NOT NULL DEFAULT 0 COMMENT 'A boolean indicating whether this data item has been deleted',
  `entity_id` int(10) unsigned NOT NULL COMMENT 'The entity id this data is attached to',
  `revision_id` int(10) unsigned DEFAULT NULL COMMENT 'The entity revision id this data is attached to, or NULL if the entity type is not versioned',
  `language` varchar(32) NOT NULL DEFAULT '' COMMENT 'The language for this data item.',
  `delta` int(10) unsigned NOT NULL COMMENT 'The sequence number for this data item, used for multi-value fields',
  `f_image_fid` int(10) unsigned DEFAULT NULL COMMENT 'The `file_managed`.fid being referenced in this field.',
  `f_image_alt` varchar(512) DEFAULT NULL COMMENT 'Alternative image text, for the image’s ’alt’ attribute.',
  `f_image_title` varchar(1024) DEFAULT NULL COMMENT 'Image title text, for the image’s ’title’ attribute.',
  `f_image_width` int(10) unsigned DEFAULT NULL COMMENT 'The width of the image in pixels.',
  `f_image_height` int(10) unsigned DEFAULT NULL COMMENT 'The height of the image in pixels.',
  PRIMARY KEY (`entity_type`,`entity_id`,`deleted`,`delta`,`language`),
  KEY `entity_type` (`entity_type`),
  KEY `bundle` (`bundle`),
  KEY `deleted` (`deleted`),
  KEY `entity_id` (`entity_id`),
  KEY `revision_id` (`revision_id`),
  KEY `language` (`language`),
  KEY `f_image_fid` (`f_image_fid`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_general_ci COMMENT='Data storage for field 6 (f_image)'"""

DECIMAL: Final = (
    "CREATE TABLE field_revision_f_dec (entity_type VARCHAR(128) NOT NULL DEFAULT '', bundle VARCHAR(128) NOT NULL DEFAULT '', "
    "deleted INTEGER NOT NULL DEFAULT 0, entity_id INTEGER NOT NULL CHECK (entity_id>= 0), "
    "revision_id INTEGER NOT NULL CHECK (revision_id>= 0), language VARCHAR(32) NOT NULL DEFAULT '', "
    "delta INTEGER NOT NULL CHECK (delta>= 0), f_dec_value NUMERIC NULL DEFAULT NULL, "
    "PRIMARY KEY (entity_type, entity_id, revision_id, deleted, delta, language))"
)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return open_site(museum(tmp_path))


def on(url: str, folder: Path) -> Site:
    address = parse_url(url, folder=folder)
    return Site(Sqlite(address) if address.engine == "sqlite" else Mysql(address), shown="test", prefix=address.prefix)


def small(name: str = "field_data_x") -> Table:
    columns = {
        "id": {"type": "int", "not null": True},
        "word": {"type": "varchar", "length": 9, "default": r"it's \ ?"},
    }
    return Table(name=name, columns=columns, primary=("id",), indexes={"word": ["word"]}, comment="x")


def indexes(site: Site) -> dict[str, str]:
    return {
        str(name): str(table)
        for name, table in site.db.query(
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        )
        if "field_d" in str(table)
    }


def test_sqlite_gets_what_drupal_gives_it(site: Site) -> None:
    columns = columns_of("number_decimal", {"precision": 12, "scale": 4})
    assert columns is not None
    made = tables(7, "f_dec", columns, {})[1]

    statements = [re.sub('"', "", sql) for sql, _ in create_statements(site, made)]

    assert statements[0] == DECIMAL
    assert statements[1:] == [
        f"CREATE INDEX field_revision_f_dec_{name} ON field_revision_f_dec ({name})"
        for name in ("entity_type", "bundle", "deleted", "entity_id", "revision_id", "language")
    ]


def test_mariadb_gets_what_drupal_gives_it(engine: str, dump: Load, tmp_path: Path) -> None:
    if engine == "sqlite":
        pytest.skip("of MariaDB")
    site = on(dump("base"), tmp_path)
    columns = columns_of("image", {})
    assert columns is not None

    for table in tables(6, "f_image", columns, {"fid": ["fid"]}):
        create_table(site, table)

    site.db.execute("SET SESSION sql_mode = ''")  # quotes as Drupal reads them
    ((_, said),) = site.rows("SHOW CREATE TABLE field_data_f_image")
    ((_, charset),) = site.rows("SHOW CREATE TABLE field_config")
    same = re.search(r"DEFAULT CHARSET=\S+ COLLATE=\S+", str(charset))
    assert same is not None
    assert said == re.sub(r"DEFAULT CHARSET=\S+ COLLATE=\S+", same[0], IMAGE)


def test_a_comment_is_cut_between_words_as_drupal_cuts_it(engine: str, dump: Load, tmp_path: Path) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite keeps no comments")
    site = on(dump("base"), tmp_path)
    for table in tables(7, "field_oa_wiki_page_no_redirect", columns_of("list_boolean", {}) or {}, {}):
        create_table(site, table)

    comments = site.rows(
        "SELECT table_comment FROM information_schema.tables WHERE table_schema = DATABASE() "
        "AND table_name LIKE '%no_redirect' ORDER BY table_name"
    )

    assert comments == [
        ("Data storage for field 7 (field_oa_wiki_page_no_redirect)",),
        ("Revision archive storage for field 7 (field_oa_wiki_page...",),
    ]


def test_columns_come_back_as_they_were_made(dump: Load, tmp_path: Path, engine: str) -> None:
    site = on(dump("base"), tmp_path)
    columns = {
        "a": {"type": "varchar", "length": 20, "not null": True, "default": r"it's \ ?"},
        "b": {"type": "int", "unsigned": True, "not null": True, "default": 3},
        "c": {"type": "numeric", "precision": 12, "scale": 4, "not null": False},
        "d": {"type": "text", "size": "big", "not null": False},
        "e": {"type": "float", "size": "big", "not null": False},
        "f": {"type": "int", "size": "tiny", "not null": False, "description": "What {node} thinks?"},
        "g": {"type": "blob", "not null": False},
    }
    create_table(site, Table(name="drupal_x", columns=columns, primary=("a",)))

    found = column_specs(site, ["drupal_x", "node"])

    said = ("size", "description") if engine == "sqlite" else ()  # what SQLite does not keep
    numbers = ("precision", "scale") if engine == "sqlite" else ()
    assert found["drupal_x"] == {
        name: {word: value for word, value in spec.items() if word not in (*said, *numbers)}
        for name, spec in columns.items()
    }
    assert "nid" in found["node"]


def test_a_table_that_is_there_is_not_made(site: Site) -> None:
    create_table(site, small())

    with pytest.raises(TableInTheWay, match="the table field_data_x is there already"):
        create_table(site, small())


def test_a_renamed_table_takes_its_indexes_along_and_leaves_their_names_free(site: Site) -> None:
    create_table(site, small())
    site.insert("field_data_x", {"id": 1, "word": "old"})

    rename_table(site, "field_data_x", "field_deleted_data_4")

    assert site.rows("SELECT * FROM {field_deleted_data_4}") == [(1, "old")]
    assert indexes(site)["field_deleted_data_4_word"] == "field_deleted_data_4"
    create_table(site, small())
    assert indexes(site)["field_data_x_word"] == "field_data_x"


def test_a_rename_that_was_done_is_no_error_and_one_over_another_table_is(site: Site) -> None:
    create_table(site, small())
    create_table(site, small("field_data_y"))

    rename_table(site, "field_data_gone", "field_data_z")
    with pytest.raises(TableInTheWay, match="the table field_data_x cannot become field_data_y: that is there already"):
        rename_table(site, "field_data_x", "field_data_y")


def test_only_an_empty_table_is_dropped(site: Site) -> None:
    create_table(site, small())
    create_table(site, small("field_data_y"))
    site.insert("field_data_y", {"id": 1})

    for name in ("field_data_x", "field_data_y", "field_data_gone"):
        drop_empty(site, name)

    assert "field_data_x" not in site.tables
    assert "field_data_y" in site.tables


def test_tables_of_a_prefix_are_made_and_renamed_in_its_own_file(tmp_path: Path) -> None:
    museum(tmp_path).rename(tmp_path / "site.sqlite-pp_")
    with closing(sqlite3.connect(tmp_path / "site.sqlite")) as db:
        db.execute("CREATE TABLE nobodys (id INTEGER)")
    address = Address(engine="sqlite", database=str(tmp_path / "site.sqlite"), prefix="pp_")
    db_ = Sqlite(address)
    site = Site(db_, shown="test", prefix=db_.named("pp_"))

    create_table(site, small())
    rename_table(site, "field_data_x", "field_deleted_data_4")

    with closing(sqlite3.connect(tmp_path / "site.sqlite-pp_")) as db:
        found = db.execute("SELECT name FROM sqlite_master WHERE tbl_name = 'field_deleted_data_4' AND sql IS NOT NULL")
        assert sorted(found) == [("field_deleted_data_4",), ("field_deleted_data_4_word",)]


def test_a_table_of_a_prefix_says_so_in_its_comments(engine: str, dump: Load, tmp_path: Path) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite keeps no comments")
    site = on(dump("base"), tmp_path)
    site.prefix = "pp_"
    for name in ("field_config", "file_managed"):
        site.db.execute(f"CREATE TABLE pp_{name} LIKE {name}")
    site.tables_changed()
    create_table(
        site, Table(name="x", columns={"a": {"type": "int", "description": "{file_managed}.fid"}}, primary=("a",))
    )

    ((said,),) = site.rows("SELECT column_comment FROM information_schema.columns WHERE table_name = 'pp_x'")
    assert said == "`pp_file_managed`.fid"
    assert column_specs(site, ["x"])["x"]["a"]["description"] == "{file_managed}.fid"


def test_the_next_id_is_more_than_any_before(dump: Load, tmp_path: Path) -> None:
    site = on(dump("base"), tmp_path)
    ((most,),) = site.rows("SELECT MAX(id) FROM {field_config}")

    assert next_id(site, "field_config") == int(str(most)) + 1
