"""Roles: their files, what forbids them, what is written."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from drupalsync.kinds import Context, Item, Scope, all_kinds, role
from drupalsync.kinds._permissions import OF_MODULES, module_of
from drupalsync.kinds._role_check import RoleProblem
from drupalsync.kinds.fields import FieldProblem
from drupalsync.kinds.secrets import mask
from drupalsync.site import LOADERS, Keys, Site, parse_url
from drupalsync.site.mysql import Mysql
from drupalsync.tree import same
from drupalsync.tree.read import parse
from drupalsync.tree.write import emit
from support.access import TreeOf, live, read_file, run, told
from support.dumps import Load
from support.sql import execute

if TYPE_CHECKING:
    from collections.abc import Mapping

    from drupalsync.kinds import Fields
    from support.tiny_site import TinySites

FILE = """\
role: editor
weight: 3
permissions:
  - create article content
  - edit terms in vocabulary:tags
  - fly a kite
modules:
  fly a kite: kites
"""
OFF = "INSERT INTO filter_format (format, name, cache, status, weight) VALUES ('old', 'Old', 1, 0, 0)"
TAGS = "INSERT INTO taxonomy_vocabulary (vid, name, machine_name, description) VALUES ({}, '{}', '{}', '')"


def read(text: str) -> Item:
    return read_file("role", text)


def written(item: Item, old: str | None = None) -> str:
    document: Any = role.dump([item], parse(old.encode(), where="x") if old else None)
    return emit(document)


@pytest.fixture
def site(tiny_sites: TinySites) -> Path:
    url = f"sqlite:///{tiny_sites.dev}"
    execute(url, OFF)
    execute(url, TAGS.format(7, "Ships", "ships"))
    return tiny_sites.dev


def click(site: Path, statement: str) -> None:
    execute(f"sqlite:///{site}", statement)


def rows(site: Path, query: str) -> list[Any]:
    return execute(f"sqlite:///{site}", query)


def write(site: Path, *items: Item) -> None:
    """Makes the site's roles what these items of the tree say."""
    with run(site, *items) as ctx, closing(ctx.site.db):
        there = live(ctx, "role")
        ctx.site.db.begin()
        for item in items:
            known = there.get(item.key)
            filled = role.fill(item, known)
            if known is None:
                role.create(ctx, filled)
            else:
                role.update(ctx, known, filled)
        role.finish(ctx)
        ctx.site.db.commit()


def test_a_file_is_read_and_written_as_it_stands() -> None:
    item = read(FILE)

    assert item.key == "editor"
    assert item.fields == {
        "weight": 3,
        "permissions": ["create article content", "edit terms in vocabulary:tags", "fly a kite"],
        "modules": {"fly a kite": "kites"},
        "extra": {},
    }
    assert written(item) == FILE
    assert written(item, FILE) == FILE


def test_the_order_and_the_module_that_everybody_knows_are_noise() -> None:
    text = "role: editor\npermissions: [fly a kite, access content, access content]\nmodules: {access content: node, fly a kite: kites}\n"
    item = read(text)

    assert item.fields["permissions"] == ["access content", "fly a kite"]
    assert item.fields["modules"] == {"fly a kite": "kites"}
    document = parse(text.encode(), where="x")
    assert role.dump([item], document) == document


def test_a_role_whose_name_no_disk_would_take_has_a_file() -> None:
    assert role.place(read("role: 'Éditeur / en chef'\n")) == "roles/%C3%89diteur%20%2F%20en%20chef.yml"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param("a: 1\n", "the file does not say which role it is |  | begin with `role: NAME`", id="no role"),
        pytest.param("- a\n", "the file does not say which role it is |  | begin with `role: NAME`", id="a list"),
        pytest.param("role: ''\n", "the file does not say which role it is |  | begin with `role: NAME`", id="no name"),
        pytest.param(
            "role: 5\n", "the file does not say which role it is |  | put it in quotes: role: '5'", id="number"
        ),
        pytest.param(
            "role: a\nweight: heavy\n",
            "this must be a whole number, not a text | weight | write the number without quotes",
            id="weight",
        ),
        pytest.param(
            "role: a\nweight: 2147483648\n", "2147483648 is more than 2147483647 | weight | ", id="weight too great"
        ),
        pytest.param(
            "role: a\npermissions: access content\n",
            "this must be a list, not a text | permissions | ",
            id="one permission",
        ),
        pytest.param(
            "role: a\npermissions: [1]\n",
            "this must be a text, not the number 1 | permissions/0 | put it in quotes: '1'",
            id="a number",
        ),
        pytest.param(
            "role: a\npermissions: [x, '  ']\n",
            "this names no permission | permissions/1 | take the line out",
            id="blank",
        ),
        pytest.param(
            "role: a\npermissions: {only: ['']}\n",
            "this names no permission | permissions/only/0 | take the line out",
            id="blank of some",
        ),
        pytest.param(
            "role: a\npermissions: {onyl: [x]}\n",
            "unknown field 'onyl' | permissions/onyl | did you mean 'only'?",
            id="misspelt",
        ),
        pytest.param(
            "role: a\npermissions: {only: x}\n", "this must be a list, not a text | permissions/only | ", id="only one"
        ),
        pytest.param(
            "role: a\npermissions: {only: [y, x], without: [x]}\n",
            "'x' is both granted and taken away | permissions/without/0 | take it out of `only`, or out of `without`",
            id="yes and no",
        ),
        pytest.param(
            "role: a\npermissions: !env MAY\n",
            "this cannot come from the environment of a run, or be a reference | permissions | "
            "write it out; what differs from site to site goes into an overlay",
            id="environment",
        ),
        pytest.param(
            "role: a\npermissions: {only: [access content, !env {name: MAY, unset: keep}]}\n",
            "this cannot come from the environment of a run, or be a reference | permissions/only/1 | "
            "write it out; what differs from site to site goes into an overlay",
            id="one of the environment",
        ),
        pytest.param(
            "role: a\nmodules: {fly: !env MODULE}\n",
            "this cannot come from the environment of a run, or be a reference | modules/fly | "
            "write it out; what differs from site to site goes into an overlay",
            id="module of the environment",
        ),
        pytest.param("role: a\nmodules: [x]\n", "this must be a mapping, not a list | modules | ", id="modules"),
        pytest.param(
            "role: a\nmodules: {x: 1}\n",
            "this must be a text, not the number 1 | modules/x | put it in quotes: '1'",
            id="a module",
        ),
        pytest.param(
            "role: a\npermisions: []\n",
            "unknown field 'permisions' | permisions | did you mean 'permissions'?",
            id="field",
        ),
        pytest.param(
            "role: a\nprotect: maybe\n",
            "this must be true or false, not a text | protect | write true or false, without quotes",
            id="protect",
        ),
    ],
)
def test_a_file_that_is_wrong_is_one_message(text: str, problem: str) -> None:
    with pytest.raises(FieldProblem) as raised:
        read(text)

    assert f"{raised.value.what} | {raised.value.where} | {raised.value.hint}" == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "role: 'a '\n",
            "'a ' cannot be a role's name | roles/x.yml | at most 64 characters, no space at its ends",
            id="space",
        ),
        pytest.param(
            f"role: {'x' * 65}\n",
            f"'{'x' * 65}' cannot be a role's name | roles/x.yml | at most 64 characters, no space at its ends",
            id="long name",
        ),
        pytest.param(
            "role: a\npermissions: [fly]\n",
            "nobody knows which module the permission 'fly' belongs to | roles/x.yml permissions | "
            "if it is spelt right, say so: modules: {'fly': MODULE}",
            id="unknown",
        ),
        pytest.param(
            'role: "<script>"\npermissions: ["x\'; DROP TABLE role; --"]\n',
            'nobody knows which module the permission "x\'; DROP TABLE role; --" belongs to | roles/x.yml permissions | '
            "if it is spelt right, say so: modules: {'x''; DROP TABLE role; --': MODULE}",
            id="hostile",
        ),
        pytest.param(
            "role: a\npermissions: ['use text format nope']\n",
            "text_format:nope is neither in the tree nor on this site | "
            "roles/x.yml permissions: use text format nope | create it on the site, correct the name, or remove the reference",
            id="format",
        ),
        pytest.param(
            "role: a\npermissions: ['use text format old']\n",
            "the text format old is switched off on this site: nobody may use it | "
            "roles/x.yml permissions: use text format old | "
            "take the line out; or have the tree switch it on: config/text_formats/old.yml",
            id="format that is off",
        ),
        pytest.param(
            "role: a\npermissions: ['edit terms in vocabulary:shps']\n",
            "vocabulary:shps is neither in the tree nor on this site | "
            "roles/x.yml permissions: edit terms in vocabulary:shps | "
            "create it on the site, correct the name (did you mean ships?), or remove the reference",
            id="vocabulary",
        ),
        pytest.param(
            "role: a\npermissions: [edit terms in 7]\n",
            "the permission 'edit terms in 7' names a vocabulary by its id, which is another one on every site | "
            "roles/x.yml permissions: edit terms in 7 | write the reference: edit terms in vocabulary:ships",
            id="vid",
        ),
        pytest.param(
            "role: a\npermissions: [delete terms in 99]\n",
            "the permission 'delete terms in 99' names a vocabulary by its id, which is another one on every site | "
            "roles/x.yml permissions: delete terms in 99 | write the reference: delete terms in vocabulary:NAME",
            id="vid of nothing",
        ),
        pytest.param(
            f"role: a\npermissions: [{'y' * 129}]\nmodules: {{{'y' * 129}: node}}\n",
            f"'{'y' * 129}' is too long to be a permission: it has 129 characters, there is room for 128 | "
            "roles/x.yml permissions | correct it",
            id="long permission",
        ),
        pytest.param(
            f"role: a\npermissions: [fly]\nmodules: {{fly: {'m' * 256}}}\n",
            f"'{'m' * 256}' is too long to be a module | roles/x.yml permissions | correct it under `modules`",
            id="long module",
        ),
        pytest.param(
            "role: a\nextra: {machine_name: x}\n",
            "the site's table role has no column 'machine_name' | roles/x.yml | "
            "switch the module on that adds it, or take it out of `extra`",
            id="column",
        ),
    ],
)
def test_what_the_site_cannot_have_is_one_message(site: Path, text: str, problem: str) -> None:
    with run(site) as ctx, closing(ctx.site.db):
        assert told(ctx, read(text)) == [problem]


def test_what_the_site_has_can_be_written(site: Path) -> None:
    with run(site) as ctx, closing(ctx.site.db):
        for item in live(ctx, "role").values():
            assert told(ctx, replace(item, local_id=None)) == []


def test_what_the_tree_will_create_may_be_named(site: Path) -> None:
    new = [
        Item(kind="text_format", key="letters", fields={"name": "Letters", "status": True}),
        Item(kind="vocabulary", key="harbours", fields={}),
    ]
    text = "role: a\npermissions: [use text format letters, 'edit terms in vocabulary:harbours']\n"
    with run(site) as ctx, closing(ctx.site.db):
        assert told(ctx, read(text), *new) == []


def test_a_permission_of_a_format_that_the_tree_keeps_off_is_no_error_where_the_role_has_it(site: Path) -> None:
    click(site, "INSERT INTO role_permission VALUES (4, 'use text format old', 'filter')")
    editor = read("role: editor\npermissions: [use text format old]\n")
    with run(site, editor) as ctx, closing(ctx.site.db):
        assert live(ctx, "role")["editor"].fields["permissions"] != []
        assert told(ctx, editor) == []


def test_rows_of_a_format_that_is_off_are_no_permissions_of_a_role_that_says_nothing_of_them(site: Path) -> None:
    click(site, "INSERT INTO role_permission VALUES (4, 'use text format old', 'filter')")
    click(site, "INSERT INTO role_permission VALUES (4, 'use text format 5', 'filter')")  # of Drupal 6
    with run(site) as ctx, closing(ctx.site.db):
        names = str(live(ctx, "role")["editor"].fields["permissions"])

    assert "use text format full_html" in names
    assert "format old" not in names
    assert "format 5" not in names


def test_a_new_role_gets_a_row_a_permission_with_its_module(site: Path) -> None:
    write(site, read(FILE.replace("editor", "chief").replace("vocabulary:tags", "vocabulary:ships")))

    assert rows(site, "SELECT name, weight FROM role WHERE name = 'chief'") == [("chief", 3)]
    assert rows(
        site,
        "SELECT permission, module FROM role_permission WHERE rid = (SELECT MAX(rid) FROM role) ORDER BY permission",
    ) == [("create article content", "node"), ("edit terms in 7", "taxonomy")]  # kites is off


def test_a_permission_that_went_to_another_module_gets_that(site: Path) -> None:
    click(site, "INSERT INTO role_permission VALUES (4, 'fly a kite', 'node')")

    write(site, read("role: editor\nweight: 3\npermissions: {only: [fly a kite]}\nmodules: {fly a kite: block}\n"))

    assert rows(site, "SELECT module FROM role_permission WHERE permission = 'fly a kite'") == [("block",)]


def test_another_role_of_the_site_tells_the_module_of_a_permission(site: Path) -> None:
    click(site, "INSERT INTO role_permission VALUES (2, 'fly a kite', 'block')")
    click(site, "INSERT INTO role_permission VALUES (1, 'fly a kite', 'a_kite')")  # which is off
    chief = read("role: chief\npermissions: [fly a kite]\n")
    with run(site, chief) as ctx, closing(ctx.site.db):
        assert told(ctx, chief) == []

    write(site, chief)

    assert ("block",) in rows(site, "SELECT module FROM role_permission WHERE rid > 4")


def test_only_changed_permissions_make_caches_stale(site: Path) -> None:
    for text, bins in (
        ("role: a\nweight: 9\n", set()),
        ("role: b\npermissions: [access content]\n", {"cache_block", "cache_page"}),
    ):
        with run(site) as ctx, closing(ctx.site.db):
            role.create(ctx, role.fill(read(text), None))
            role.finish(ctx)
            assert {stale.bin for stale in ctx.site.caches.stale()} == bins


def test_a_role_that_users_have_does_not_go_and_says_how_many(site: Path) -> None:
    click(site, "INSERT INTO users_roles VALUES (77, 4)")
    with run(site) as ctx, closing(ctx.site.db), pytest.raises(RoleProblem) as raised:
        list(role.losses(ctx, live(ctx, "role")["editor"], set()))

    assert str(raised.value.what) == "role:editor cannot be deleted: 2 users of this site have it"
    assert raised.value.hint == "take it from them on the site first (admin/people), or keep its file"


@pytest.fixture
def readers(site: Path) -> Path:
    """Two roles that nobody has, and a block of a module for both; the demo's own blocks are for others."""
    click(site, "INSERT INTO role (rid, name, weight) VALUES (8, 'reader', 8), (9, 'boss', 9)")
    click(site, "INSERT INTO block_role VALUES ('user', 'login', 8), ('user', 'login', 9)")
    return site


KEPT = (
    "role:reader cannot be deleted: the block user/login is for it, and could be seen by everybody then | "
    "take the role out of the file of block:user/login, or delete that block"
)

KEPT_BY_SITE = (
    "role:reader cannot be deleted: the block user/login is for it, and could be seen by everybody then | "
    "give block:user/login other roles on the site, or import that block, too; or delete it"
)


def kept(site: Path, *going: str, tree: tuple[Item, ...] = (), written: Mapping[str, Fields] | None = None) -> str:
    """Why the role of readers does not go; "" where it does."""
    with run(site, *tree) as ctx, closing(ctx.site.db):
        ctx.written = written or {}
        try:
            return "; ".join(role.losses(ctx, live(ctx, "role")["reader"], set(going)))
        except RoleProblem as problem:
            return f"{problem.what} | {problem.hint}"


def block_for(*names: str) -> Item:
    return Item(kind="block", key="user/login", fields={"roles": list(names)})


def test_trap_13_a_block_that_others_see_too_keeps_no_role(readers: Path) -> None:
    assert kept(readers) == ""


def test_trap_13_the_last_role_of_a_block_does_not_go(readers: Path) -> None:
    assert kept(readers, "role:boss") == KEPT  # which goes as well
    assert kept(readers, "role:boss", written={"role:boss": {}}) == ""  # which gets another name
    click(readers, "DELETE FROM block_role WHERE rid = 9")
    assert kept(readers) == KEPT
    assert kept(readers, "block:user/login") == ""
    assert kept(readers, "block:user/login", written={"block:user/login": {}}) == KEPT  # it gets another name


def test_trap_13_what_the_tree_says_of_the_block_counts_only_as_far_as_it_is_written(readers: Path) -> None:
    click(readers, "DELETE FROM block_role WHERE rid = 9")
    for said in (block_for("boss"), block_for()):
        assert kept(readers, tree=(said,)) == KEPT_BY_SITE
        assert kept(readers, tree=(said,), written={"block:user/login": {"title": "Log in"}}) == KEPT_BY_SITE
        assert kept(readers, tree=(said,), written={"block:user/login": said.fields}) == ""
    assert kept(readers, "role:boss", written={"block:user/login": {"roles": ["boss"]}}) == KEPT


def test_trap_13_a_block_that_the_tree_wants_for_the_role_keeps_it(readers: Path) -> None:
    assert kept(readers, tree=(block_for("reader", "boss"),)) == KEPT


def test_one_user_has_it(site: Path) -> None:
    with run(site) as ctx, closing(ctx.site.db), pytest.raises(RoleProblem, match="1 user of this site has it"):
        list(role.losses(ctx, live(ctx, "role")["editor"], set()))


def test_a_new_administrator_role_is_told_to_have_nothing(site: Path) -> None:
    variable = Item(kind="variable", key="user_admin_role", fields={"value": "role:boss"})
    note = (
        "role:boss is new here, the administrator role, and no file says what it may do: give it all at "
        "admin/people/permissions"
    )
    with run(site) as ctx, closing(ctx.site.db):
        assert told(ctx, read("role: boss\n"), variable) == []
        assert ctx.notes == [note]
        ctx.notes.clear()
        told(ctx, read("role: boss\npermissions: [access content]\n"), variable)
        told(ctx, read("role: other\n"), variable)
        told(ctx, read("role: editor\n"), variable)
        assert ctx.notes == []


def test_with_a_role_goes_all_that_is_its_own(site: Path) -> None:
    click(site, "INSERT INTO role (rid, name, weight) VALUES (9, 'boss', 9)")
    click(site, "INSERT INTO role_permission VALUES (9, 'access content', 'node')")
    click(site, "INSERT INTO users_roles VALUES (2, 9)")
    click(site, "INSERT INTO block_role VALUES ('user', 'login', 9)")
    click(site, "UPDATE variable SET value = 'i:9;' WHERE name = 'user_admin_role'")
    with run(site) as ctx, closing(ctx.site.db):
        ctx.site.db.begin()
        role.delete(ctx, live(ctx, "role")["boss"])
        ctx.site.db.commit()

    for table in ("role", "role_permission", "users_roles", "block_role"):
        assert rows(site, f"SELECT rid FROM {table} WHERE rid = 9") == []
    assert rows(site, "SELECT name FROM variable WHERE name = 'user_admin_role'") == []


def test_columns_that_modules_add_are_carried_along(site: Path) -> None:
    click(site, "ALTER TABLE role ADD COLUMN machine_name VARCHAR(64) NOT NULL DEFAULT ''")
    click(site, "UPDATE role SET machine_name = 'ed' WHERE rid = 4")
    with run(site) as ctx, closing(ctx.site.db):
        editor = live(ctx, "role")["editor"]
    assert editor.fields["extra"] == {"machine_name": "ed"}

    write(site, replace(read(written(editor)), key="editor2"))

    assert rows(site, "SELECT machine_name FROM role WHERE name = 'editor2'") == [("ed",)]


def test_what_says_of_no_permission_leaves_them_to_the_site(site: Path) -> None:
    before = rows(site, "SELECT * FROM role_permission ORDER BY rid, permission")

    write(site, read("role: editor\nweight: 12\n"))

    assert rows(site, "SELECT * FROM role_permission ORDER BY rid, permission") == before
    assert rows(site, "SELECT weight FROM role WHERE rid = 4") == [(12,)]


def test_what_a_permission_is_called_is_no_secret() -> None:
    names = ["access_token", "administer_api_key", "force password change", "password", "x" * 32, "d41d8cd98f00b204e98"]
    modules = ", ".join(f"{name}: some_key" for name in names)
    item = read(f"role: a\npermissions: {names}\nmodules: {{{modules}}}\n")

    assert mask(item, None) == (item, [])


def test_every_permission_of_core_has_one_module() -> None:
    listed = [name for names in OF_MODULES.values() for name in names]

    assert len(listed) == len(set(listed))
    assert module_of("create long_form content") == "node"
    assert module_of("create content") is None
    assert module_of("edit terms in vocabulary:tags") == "taxonomy"
    assert module_of("use text format 5") == "filter"


@pytest.mark.parametrize("engine", ["mariadb"], indirect=True)
def test_two_names_that_the_database_takes_for_one_are_refused(dump: Load, engine: str) -> None:
    url = dump("base")
    site = Site(Mysql(parse_url(url, folder=Path("/"))), shown="test")
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=TreeOf(), now=1)
    with closing(site.db):
        all_kinds()["role"].identify(ctx)
        (found,) = told(ctx, read("role: AdministratÖr\n"), read("role: administratOR\n"))[:1]
        (taken,) = told(ctx, read("role: ADMINISTRATOR\n"))

    assert found == (
        "AdministratÖr and administrator are one name to this database | roles/x.yml | "
        "write administrator in the tree, or delete one of the two roles"
    )
    assert taken.startswith("ADMINISTRATOR and administrator are one name to this database | roles/x.yml")
    assert urlsplit(url).scheme == "mysql"


def test_on_an_engine_that_tells_them_apart_they_are_two(site: Path) -> None:
    with run(site) as ctx, closing(ctx.site.db):
        assert told(ctx, read("role: Editor\n")) == []


def test_filling_in_settles(site: Path) -> None:
    item = read(
        "role: editor\npermissions: {only: [administer menu, edit any page content], without: [post comments]}\n"
    )
    with run(site, item) as ctx, closing(ctx.site.db):
        filled = role.fill(item, live(ctx, "role")["editor"])
    write(site, item)
    with run(site, item) as ctx, closing(ctx.site.db):
        there = live(ctx, "role")["editor"]

    assert same(role.fill(item, there).fields, there.fields)
    assert same(filled.fields, there.fields)
