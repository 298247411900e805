"""Variables: what is read, where it goes, what is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from drupalsync.errors import Problems
from drupalsync.kinds import variable
from drupalsync.kinds._volatile import ENVIRONMENT, VOLATILE, environments_own, volatile
from drupalsync.kinds.base import Scope
from drupalsync.kinds.fields import FieldProblem
from drupalsync.kinds.secrets import mask
from drupalsync.php import PhpObject
from drupalsync.site import Site, Stale, parse_url
from drupalsync.site.sqlite import Sqlite
from drupalsync.site.url import Address
from drupalsync.tree import Env, TreeValue
from support import sql
from support.dumps import needs_dumps, same_site, sqlite_dump, sqlite_url
from support.variable_site import NOW, SCHEMA, MakeContext, context, item, problems, sites, stored, values

if TYPE_CHECKING:
    from support.mariadb import Server

CANARY = "hunter2-very-secret"


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeContext]:
    with sites(tmp_path) as on_site:
        yield on_site


def test_values_have_the_types_that_php_has(make: MakeContext) -> None:
    kept: dict[str, Any] = {
        "a": 5,
        "b": 5.0,
        "c": "5",
        "d": True,
        "e": "",
        "f": None,
        "g": {3: "x"},
        "h": PhpObject("A"),
    }
    read = values(make(kept))
    assert read == kept
    assert [type(value) for value in read.values()] == [type(value) for value in kept.values()]


def test_items_come_by_name_with_their_name_as_local_id_and_their_file_as_source(make: MakeContext) -> None:
    ctx = make({"site_name": "x", "node_preview": 1, "node_options_page": 2, "off_x": 3})
    assert [(one.key, one.local_id, variable.place(one)) for one in variable.read(ctx)] == [
        ("node_options_page", "node_options_page", "variables/node_options.yml"),
        ("node_preview", "node_preview", "variables/node.yml"),
        ("off_x", "off_x", "variables/off.yml"),
        ("site_name", "site_name", "variables/site.yml"),
    ]


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("404_fast_html", "404"),
        ("panelizer_node:page_default", "panelizer"),
        ("Über_x", "%C3%BCber"),
        ("_x", "x"),
        ("__", "other"),
        ("con_x", "%63on"),
    ],
)
def test_a_variable_that_no_site_has_goes_by_its_first_word(name: str, file: str) -> None:
    assert variable.place(item(name, 1)) == f"variables/{file}.yml"


def test_volatile_variables_are_left_out_unless_named_one_by_one(make: MakeContext) -> None:
    there: dict[str, Any] = {"cron_last": 1, "features_semaphore": 2, "menu_masks": 3, "site_name": "x"}
    assert values(make(there)) == {"site_name": "x"}
    assert values(make(there, Scope(include=("variable:*", "variable:c*")))) == {"site_name": "x"}
    named = values(make(there, Scope(include=("variable:cron_last", "variable:features_*"))))
    assert named.keys() == {"cron_last", "features_semaphore", "site_name"}


def test_the_environments_own_come_where_the_manifest_or_the_tree_asks_for_them(make: MakeContext) -> None:
    there: dict[str, Any] = {"site_mail": "a@b.org", "file_public_path": "files"}
    assert values(make(there)) == {}
    assert values(make(there, Scope(include=("variable:file_*",)))) == {"file_public_path": "files"}
    assert values(make(there, tree=[item("site_mail", "x")])) == {"site_mail": "a@b.org"}


def test_the_tree_cannot_ask_for_a_volatile_variable(make: MakeContext) -> None:
    asked = item("cron_last", 1, "variables/cron.yml")
    assert values(make({"cron_last": 1}, tree=[asked])) == {}
    (problem,) = problems(make({}), asked)
    assert isinstance(problem, variable.NotConfiguration)
    assert problem.where == "variables/cron.yml: cron_last"
    assert problems(make({}, Scope(include=("variable:cron_last",))), asked) == []


def test_excluded_variables_are_not_even_decoded(make: MakeContext) -> None:
    ctx = make({"dsx_a": b"broken", "DSX_b": 1}, Scope(exclude=("variable:dsx_*",)))
    assert values(ctx) == {"DSX_b": 1}


@pytest.mark.parametrize("list_", [VOLATILE, ENVIRONMENT], ids=["volatile", "environment"])
def test_every_entry_of_the_lists_has_a_reason_of_its_own_place(list_: Mapping[str, str]) -> None:
    own = volatile if list_ is VOLATILE else environments_own
    for glob, reason in list_.items():
        assert own(glob.replace("*", "x")) == reason


@pytest.mark.parametrize(
    "name", ["site_name", "theme_default", "cron_key", "menu_options_page", "language_content_type_page"]
)
def test_configuration_is_on_no_list(name: str) -> None:
    assert not volatile(name)
    assert not environments_own(name)


def test_a_cut_value_names_the_row_and_how_to_go_on(make: MakeContext) -> None:
    with pytest.raises(variable.BadValue) as caught:
        values(make({"site_name": b's:99:"Example'}))
    assert caught.value.where == "variable.value of site_name"
    assert "exclude: ['variable:site_name']" in caught.value.hint
    assert "Example" not in str(caught.value)


def test_all_cut_values_are_told_at_once_and_no_secret_s_length(make: MakeContext) -> None:
    with pytest.raises(Problems) as caught:
        values(make({"a": b"x", "smtp_password": f's:99:"{CANARY}'.encode(), "ok": 1}))
    told = str(caught.value)
    assert "variable.value of a" in told
    assert CANARY not in told
    assert "the stored value is cut or corrupt\n  where: variable.value of smtp_password" in told


def test_writes_are_variable_set_and_variable_del(make: MakeContext) -> None:
    ctx = make({"a": 1, "b": 2, "c": 3})
    live = {one.key: one for one in variable.read(ctx)}
    assert variable.create(ctx, item("new", {"x": 1})) == "new"
    variable.update(ctx, live["a"], item("a", "1"))
    variable.update(ctx, live["b"], item("renamed", 2))
    variable.delete(ctx, live["c"])
    assert stored(ctx) == {"a": "1", "renamed": 2, "new": {"x": 1}}
    assert {key for _, key in ctx.keys.all("variable")} == {"a", "renamed", "new"}
    assert ctx.site.caches.stale() == [Stale("cache_bootstrap", "variables")]


@pytest.mark.parametrize("name", ["theme_default", "search_active_modules", "file_public_path"])
def test_what_the_router_depends_on_marks_it_for_a_rebuild(make: MakeContext, name: str) -> None:
    ctx = make({})
    variable.create(ctx, item(name, "bartik"))
    assert stored(ctx) == {name: "bartik", "menu_rebuild_needed": True}


def test_what_the_search_index_depends_on_marks_all_nodes(make: MakeContext) -> None:
    ctx = make({"minimum_word_size": "3"})
    (live,) = variable.read(ctx)
    variable.update(ctx, live, item("minimum_word_size", "4"))
    assert ctx.site.rows("SELECT type, reindex FROM {search_dataset} ORDER BY type") == [("node", NOW), ("user", 0)]


def test_a_variable_that_settings_php_sets_is_noted_once(make: MakeContext) -> None:
    ctx = make({}, Scope(owned_elsewhere={"variable:site_name": "settings.php"}))
    assert problems(ctx, item("site_name", "x"), item("site_name", "x")) == []
    assert ctx.notes == ["variable:site_name is set by settings.php: what the table says has no effect on this site"]
    assert variable.owner_of(ctx, "site_slogan") == ""


def test_names_that_differ_by_case_are_two_rows_to_sqlite(make: MakeContext) -> None:
    assert problems(make({"Site_Name": 1}), item("site_name", 1)) == []


def test_a_name_that_does_not_fit_its_column_is_refused(make: MakeContext) -> None:
    assert problems(make({}), item("x" * 128, 1)) == []
    (problem,) = problems(make({}), item("x" * 129, 1))
    assert isinstance(problem, variable.NameTaken)


def test_names_that_the_collation_takes_for_one_are_refused_on_mariadb(mariadb: Server) -> None:
    from drupalsync.site.mysql import Mysql

    url = mariadb.create_database("variables")
    for statement in SCHEMA.split(";"):
        if statement.strip():
            sql.execute(url, statement)
    sql.execute(url, "ALTER TABLE variable CONVERT TO CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci")
    sql.execute(url, "INSERT INTO variable VALUES ('Site_Name', 'i:1;'), ('other', 'i:2;')")
    database = Mysql(parse_url(url, folder=Path()))
    try:
        ctx = context(Site(database, shown="a site"), Scope(), ())
        variable.identify(ctx)
        told = [
            problem.what
            for problem in problems(ctx, item("site_name", 1), item("new", 1), item("NÉW", 1), item("other", 1))
        ]
        assert [what.partition(" to this")[0] for what in told] == [
            "site_name and Site_Name are one row", "new and NÉW are one row", "NÉW and new are one row"
        ]  # fmt: skip
        (live, other) = variable.read(ctx)
        variable.update(ctx, live, item("site_name", 5))
        variable.update(ctx, other, item("other", {"x": b"\xff"}))
        assert stored(ctx) == {"site_name": 5, "other": {"x": b"\xff"}}
    finally:
        database.close()
        mariadb.drop_database(urlsplit(url).path[1:])


def test_a_file_is_a_mapping_of_names_to_values() -> None:
    loaded = list(variable.load("variables/x.yml", {"site_name": "x", 404: [1], "env": Env("E")}))
    assert loaded == [item("site_name", "x"), item("404", [1]), item("env", Env("E"))]
    assert {one.source for one in loaded} == {"variables/x.yml"}
    assert list(variable.load("variables/0.yml", ["zero"])) == [item("0", "zero")]
    assert list(variable.load("variables/x.yml", None)) == list(variable.load("variables/x.yml", [])) == []


@pytest.mark.parametrize("document", [["a"], "text", 5, {b"\xff": 1}, {"": 1}], ids=repr)
def test_anything_else_in_a_file_is_a_problem(document: TreeValue) -> None:
    with pytest.raises(FieldProblem):
        list(variable.load("variables/x.yml", document))


def test_a_new_file_is_sorted_by_name() -> None:
    document = variable.dump([item("site_name", 1), item("404", 2), item("site_403", 3)], None)
    assert isinstance(document, dict)
    assert list(document.items()) == [(404, 2), ("site_403", 3), ("site_name", 1)]


def test_an_old_file_keeps_its_order_and_how_values_are_written() -> None:
    old = {"z": Env("Z", keep=True), "b": {"y": 1, "x": 2}, "gone": 3, "a": 5.0}
    document = variable.dump(
        [item("a", 5), item("b", {"x": 2, "y": 1}), item("c", 0), item("z", Env("Z", keep=True))], old
    )
    assert isinstance(document, dict)
    assert list(document.items()) == [("c", 0), ("z", Env("Z", keep=True)), ("b", {"y": 1, "x": 2}), ("a", 5)]
    assert list(document["b"]) == ["y", "x"]
    assert type(document["a"]) is int


def test_a_file_without_variables_is_empty() -> None:
    assert variable.dump([], {"a": 1}) == {}


@needs_dumps
def test_of_a_real_site_only_its_secrets_are_masked(tmp_path: Path) -> None:
    database = Sqlite(Address(engine="sqlite", database=str(sqlite_dump("base", tmp_path))))
    ctx = context(Site(database, shown="base"), Scope(), ())
    variable.identify(ctx)
    items = list(variable.read(ctx))
    database.close()
    names = [name for one in items for name in mask(one, None)[1]]
    assert names == ["CRON_KEY", "DRUPAL_PRIVATE_KEY", "MAILCHIMP_API_KEY", "SMTP_PASSWORD"]
    assert {"cron_last", "site_mail", "path_alias_whitelist"}.isdisjoint(one.key for one in items)
    assert sum(one.key.startswith("dsx_") for one in items) == 27


@needs_dumps
def test_a_release_leaves_the_variables_that_drupal_itself_left(tmp_path: Path) -> None:
    paths = {name: sqlite_dump(name, tmp_path) for name in ("dev", "prod", "after")}
    dev, prod = (Sqlite(Address(engine="sqlite", database=str(paths[name]))) for name in ("dev", "prod"))
    wanted, ctx = (context(Site(database, shown="a site"), Scope(), ()) for database in (dev, prod))
    nodes = {"site_403", "site_404", "site_frontpage"}  # no kind has identified them here
    desired = {one.key: one for one in variable.read(wanted) if one.key not in nodes}
    live = {one.key: one for one in variable.read(ctx) if one.key not in nodes}
    for name in desired.keys() | live.keys():
        if name not in live:
            variable.create(ctx, desired[name])
        elif name not in desired:
            variable.delete(ctx, live[name])
        else:
            variable.update(ctx, live[name], desired[name])
    dev.close()
    prod.close()
    differs, told = same_site(sqlite_url(paths["prod"]), sqlite_url(paths["after"]), "variable")
    assert not differs, told
