"""Text formats: their files, what forbids them, what is written."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.kinds import Context, Item, Scope, text_format
from drupalsync.kinds.fields import FieldProblem
from drupalsync.kinds.secrets import mask
from drupalsync.kinds.tables import CannotBeRow
from drupalsync.site import LOADERS, Keys, Site, parse_url
from drupalsync.site.mysql import Mysql
from drupalsync.tree import same
from drupalsync.tree.read import parse
from support.access import TreeOf, live, read_file, run, told
from support.dumps import Load
from support.sql import execute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from support.tiny_site import TinySites

KIND = text_format.KIND
MODULE = "INSERT INTO system (filename, name, type, status) VALUES ('{0}', '{0}', 'module', 1)"
LINKS = "SELECT module, weight, status, settings FROM filter WHERE format = '{}' AND name = 'filter_url'"


def read(text: str) -> Item:
    return read_file("text_format", text)


@pytest.fixture
def site(tiny_sites: TinySites) -> Path:
    execute(f"sqlite:///{tiny_sites.dev}", "INSERT INTO filter_format (format, name, status) VALUES ('old', 'Old', 0)")
    return tiny_sites.dev


def click(site: Path, *statements: str) -> None:
    for statement in statements:
        execute(f"sqlite:///{site}", statement)


def rows(site: Path, query: str) -> list[Any]:
    return [
        tuple(cell.decode() if isinstance(cell, bytes) else cell for cell in row)
        for row in execute(f"sqlite:///{site}", query)
    ]


def write(site: Path, *items: Item) -> Sequence[str]:
    """Makes the site's formats what these items of the tree say; returns what is stale."""
    with run(site, *items) as ctx, closing(ctx.site.db):
        there = live(ctx, "text_format")
        ctx.site.db.begin()
        for item in items:
            known = there.get(item.key)
            filled = KIND.fill(item, known)
            if known is None:
                KIND.create(ctx, filled)
            else:
                KIND.update(ctx, known, filled)
        KIND.finish(ctx)
        ctx.site.db.commit()
        stale = [f"{one.bin}:{one.cid}{'*' if one.prefix else ''}" for one in ctx.site.caches.stale()]
    for item in items:
        assert_settled(site, item)
    return stale


def assert_settled(site: Path, item: Item) -> None:
    with run(site, item) as ctx, closing(ctx.site.db):
        there = live(ctx, "text_format")[item.key]
        assert same(KIND.fill(item, there).fields, there.fields)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        pytest.param(
            "name: A\n",
            "the file does not say which text_format it is |  | begin with `text_format: KEY`",
            id="no format",
        ),
        pytest.param("text_format: a\n", "the field 'name' is missing |  | name: What editors read.", id="no name"),
        pytest.param(
            "text_format: a\nname: 5\n",
            "this must be a text, not the number 5 | name | put it in quotes: '5'",
            id="a number",
        ),
        pytest.param(
            "text_format: a\nname: A\nstatus: 1\n",
            "this must be true or false, not the number 1 | status | write true or false, without quotes",
            id="status",
        ),
        pytest.param(
            "text_format: a\nname: A\nweight: '5'\n",
            "this must be a whole number, not a text | weight | write the number without quotes",
            id="weight",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: [filter_url]\n",
            "this must be a mapping, not a list | filters | ",
            id="list of filters",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {filter_url: true}\n",
            "this must be a mapping, not true | filters/filter_url | ",
            id="a filter that is only on",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: !env F\n",
            "a filter cannot come from the environment of a run, its settings can | filters | "
            "write out its module, weight and status",
            id="filters of the environment",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {filter_url: !env F}\n",
            "a filter cannot come from the environment of a run, its settings can | filters/filter_url | "
            "write out its module, weight and status",
            id="a filter of the environment",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilter: {}\n",
            "unknown field 'filter' | filter | did you mean 'filters'?",
            id="field",
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
            "text_format: 'A b'\nname: A\n",
            "'A b' cannot be a text format's machine name | text_formats/x.yml | "
            "lower case letters, digits and _; what editors read is its `name`",
            id="machine name",
        ),
        pytest.param(
            f"text_format: {'x' * 256}\nname: A\n",
            "format has 256 characters; there is room for 255 | text_formats/x.yml text_format | shorten it",
            id="long machine name",
        ),
        pytest.param(
            "text_format: a\nname: ' A'\n",
            "' A' cannot be the name of a text format | text_formats/x.yml name | "
            "what editors read, without spaces at its ends",
            id="space",
        ),
        pytest.param(
            "text_format: a\nname: ''\n",
            "'' cannot be the name of a text format | text_formats/x.yml name | "
            "what editors read, without spaces at its ends",
            id="empty name",
        ),
        pytest.param(
            "text_format: a\nname: Full HTML\n",
            "text_format:a and text_format:full_html have the same name, 'Full HTML' | text_formats/x.yml name | "
            "give one another name",
            id="name of another",
        ),
        pytest.param(
            "text_format: a\nname: Old\n",
            "text_format:a and text_format:old have the same name, 'Old' | text_formats/x.yml name | give one another name",
            id="name of one that is off",
        ),
        pytest.param(
            f"text_format: a\nname: {'x' * 256}\n",
            "name has 256 characters; there is room for 255 | text_formats/x.yml name | shorten it",
            id="long name",
        ),
        pytest.param(
            "text_format: a\nname: A\nweight: 3000000000\n",
            "3000000000 is no weight | text_formats/x.yml weight | from -2147483648 to 2147483647; Drupal's go to 50",
            id="weight",
        ),
        pytest.param(
            "text_format: plain_text\nname: Plain text\nstatus: false\n",
            "text_format:plain_text cannot be switched off: it is the format that everybody may use | "
            "text_formats/x.yml status | name another one in the variable filter_fallback_format first",
            id="fallback",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {odd: {status: true}}\n",
            "nobody knows which module the filter 'odd' is of | text_formats/x.yml filters/odd | say so: module: MODULE",
            id="module",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {odd: {status: true, module: odd}}\n",
            "the filter odd needs the module odd, which is off | text_formats/x.yml filters/odd | drush en odd",
            id="module that is off",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {php_code: {status: true}}\n",
            "the filter php_code needs the module php, which is off | text_formats/x.yml filters/php_code | drush en php",
            id="php is off",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {odd: {status: 1, module: filter}}\n",
            "this must be true or false | text_formats/x.yml filters/odd/status | ",
            id="status of a filter",
        ),
        pytest.param(
            f"text_format: a\nname: A\nfilters: {{{'x' * 33}: {{module: filter}}}}\n",
            f"'{'x' * 33}' cannot be a filter: it has 33 characters, there is room for 32 | "
            f"text_formats/x.yml filters/{'x' * 33} | its machine name, as in filter_html",
            id="long filter",
        ),
        pytest.param(
            f"text_format: a\nname: A\nfilters: {{odd: {{module: {'m' * 65}}}}}\n",
            "module has 65 characters; there is room for 64 | text_formats/x.yml filters/odd/module | shorten it",
            id="long module",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {filter_url: {weight: x}}\n",
            "this must be a whole number | text_formats/x.yml filters/filter_url/weight | ",
            id="weight of a filter",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {filter_url: {settings: many}}\n",
            "the settings of filter_url are a mapping | text_formats/x.yml filters/filter_url/settings | "
            "setting: value lines",
            id="settings",
        ),
        pytest.param(
            "text_format: a\nname: A\nfilters: {filter_url: {colour: red}}\n",
            "{filter} has no column colour on this site | text_formats/x.yml filters/filter_url | "
            "switch on the module that adds it, or take it out",
            id="column of a filter",
        ),
        pytest.param(
            "text_format: a\nname: A\nextra: {colour: red}\n",
            "{filter_format} has no column colour on this site | text_formats/x.yml extra | "
            "switch on the module that adds it, or take it out",
            id="column",
        ),
    ],
)
def test_what_the_site_cannot_have_is_one_message(site: Path, text: str, problem: str) -> None:
    with run(site) as ctx, closing(ctx.site.db):
        assert told(ctx, read(text)) == [problem]


def test_two_formats_of_a_tree_have_two_names(site: Path) -> None:
    one, other = read("text_format: a\nname: A\n"), read("text_format: b\nname: A\n")
    with run(site) as ctx, closing(ctx.site.db):
        assert told(ctx, one, other) == [
            "text_format:a and text_format:b have the same name, 'A' | text_formats/x.yml name | give one another name"
        ]


def test_what_the_site_has_can_be_written(site: Path) -> None:
    with run(site) as ctx, closing(ctx.site.db):
        for item in live(ctx, "text_format").values():
            assert told(ctx, replace(item, local_id=None)) == []


def test_a_name_that_another_format_gives_up_is_free(site: Path) -> None:
    new = read("text_format: a\nname: Full HTML\n")
    old = read("text_format: full_html\nname: All HTML\nfilters: {filter_url: {status: true}}\n")
    with run(site) as ctx, closing(ctx.site.db):
        assert told(ctx, new, old) == []

    write(site, new, old)

    assert rows(site, "SELECT format FROM filter_format WHERE name IN ('Full HTML', 'All HTML') ORDER BY name") == [
        ("full_html",),
        ("a",),
    ]


def test_two_formats_may_swap_their_names(site: Path) -> None:
    with run(site) as ctx, closing(ctx.site.db):
        there = live(ctx, "text_format")
    names = {"full_html": "Plain text", "plain_text": "Full HTML"}
    items = [
        replace(there[key], local_id=None, fields={**there[key].fields, "name": name}) for key, name in names.items()
    ]

    write(site, *items)

    assert rows(site, "SELECT name FROM filter_format WHERE format = 'full_html'") == [("Plain text",)]


def test_a_format_that_gave_its_name_and_got_none_stops_the_import(site: Path) -> None:
    with run(site) as ctx, closing(ctx.site.db):
        KIND.create(ctx, KIND.fill(read("text_format: a\nname: Full HTML\n"), None))
        with pytest.raises(CannotBeRow, match="another format of the site has the name") as raised:
            KIND.finish(ctx)

    assert raised.value.where == "text_format:full_html"


def test_a_new_format_has_a_row_for_every_filter_of_core(site: Path) -> None:
    write(site, read("text_format: a\nname: A\nfilters: {filter_url: {status: true, weight: 3}}\n"))

    assert rows(site, "SELECT name, cache, status, weight FROM filter_format WHERE format = 'a'") == [("A", 1, 1, 0)]
    html = (
        'a:3:{s:12:"allowed_html";s:74:"<a> <em> <strong> <cite> <blockquote> <code> <ul> <ol> <li> <dl> <dt> <dd>";'
        's:16:"filter_html_help";i:1;s:20:"filter_html_nofollow";i:0;}'
    )
    assert rows(site, "SELECT name, module, weight, status, settings FROM filter WHERE format = 'a' ORDER BY name") == [
        ("filter_autop", "filter", 0, 0, "a:0:{}"),
        ("filter_html", "filter", -10, 0, html),
        ("filter_html_escape", "filter", -10, 0, "a:0:{}"),
        ("filter_htmlcorrector", "filter", 10, 0, "a:0:{}"),
        ("filter_url", "filter", 3, 1, 'a:1:{s:17:"filter_url_length";i:72;}'),
    ]


def test_a_setting_that_a_file_does_not_name_is_at_its_default(site: Path) -> None:
    write(site, read("text_format: a\nname: A\nfilters: {filter_html: {settings: {allowed_html: <a>, odd: 1}}}\n"))

    ((settings,),) = rows(site, "SELECT settings FROM filter WHERE format = 'a' AND name = 'filter_html'")
    assert settings == (
        'a:4:{s:12:"allowed_html";s:3:"<a>";s:16:"filter_html_help";i:1;s:20:"filter_html_nofollow";i:0;s:3:"odd";i:1;}'
    )


def test_a_setting_that_the_site_never_had_stays_away(site: Path) -> None:
    click(site, "UPDATE filter SET settings = 'a:0:{}' WHERE format = 'full_html' AND name = 'filter_url'")

    write(site, read("text_format: full_html\nname: All HTML\nfilters: {filter_url: {status: true}}\n"))

    assert rows(site, LINKS.format("full_html")) == [("filter", 0, 1, "a:0:{}")]


def test_a_filter_that_is_not_named_is_off_and_keeps_what_it_had(site: Path) -> None:
    click(site, "INSERT INTO filter VALUES ('full_html', 'odd', 'odd', 4, 1, 'a:1:{i:0;i:1;}')")

    write(site, read("text_format: full_html\nname: Full HTML\nweight: 1\n"))

    assert {status for (status,) in rows(site, "SELECT status FROM filter WHERE format = 'full_html'")} == {0}
    assert rows(site, "SELECT weight, settings FROM filter WHERE name = 'odd'") == [(4, "a:1:{i:0;i:1;}")]


def test_a_file_made_by_hand_stays_as_it_is(site: Path) -> None:
    text = "text_format: a\nname: A\nfilters:\n  filter_url: {status: true}\n  filter_html: {status: true, settings: {allowed_html: <a>}}\n"
    write(site, read(text))
    document = parse(text.encode(), where="x")
    with run(site) as ctx, closing(ctx.site.db):
        there = live(ctx, "text_format")["a"]

    assert KIND.dump([there], document) == document


def test_an_export_writes_only_the_filter_that_changed(site: Path) -> None:
    text = "text_format: a\nname: A\nfilters:\n  filter_url: {status: true}\n  filter_autop: {status: true}\n"
    write(site, read(text))
    click(site, "UPDATE filter SET status = 0, weight = 4 WHERE format = 'a' AND name = 'filter_autop'")
    with run(site) as ctx, closing(ctx.site.db):
        document: Any = KIND.dump([live(ctx, "text_format")["a"]], parse(text.encode(), where="x"))

    assert document["filters"] == {"filter_url": {"status": True}, "filter_autop": {"module": "filter", "weight": 4}}


@pytest.mark.parametrize(
    ("rows_before", "filters", "cache"),
    [
        pytest.param([], "{filter_url: {status: true}}", 1, id="harmless"),
        pytest.param([], "{php_code: {status: true}}", 0, id="php"),
        pytest.param([], "{php_code: {}}", 1, id="php that is off"),
        pytest.param([("full_html", 0)], "{odd: {status: true, module: php}}", 0, id="why else is another not cached"),
        pytest.param([("full_html", 1)], "{odd: {status: true, module: php}}", 1, id="another with it is cached"),
    ],
)
def test_whether_texts_are_cached_follows_from_the_filters(
    site: Path, rows_before: list[tuple[str, int]], filters: str, cache: int
) -> None:
    click(site, MODULE.format("php"))
    for name, cached in rows_before:
        click(site, f"INSERT INTO filter VALUES ('{name}', 'php', 'odd', 0, 1, NULL)")
        click(site, f"UPDATE filter_format SET cache = {cached} WHERE format = '{name}'")

    write(site, read(f"text_format: a\nname: A\nfilters: {filters}\n"))

    assert rows(site, "SELECT cache FROM filter_format WHERE format = 'a'") == [(cache,)]


def test_a_format_with_a_filter_of_nobody_knows_what_does_not_become_cacheable_by_a_change_of_another(
    site: Path,
) -> None:
    click(site, MODULE.format("odd"))
    click(site, "INSERT INTO filter VALUES ('full_html', 'odd', 'odd', 0, 1, NULL)")
    click(site, "UPDATE filter_format SET cache = 0 WHERE format = 'full_html'")

    write(site, read("text_format: full_html\nname: Full HTML\nfilters: {odd: {module: odd, status: true}}\n"))
    assert rows(site, "SELECT cache FROM filter_format WHERE format = 'full_html'") == [(0,)]
    write(site, read("text_format: full_html\nname: Full HTML\nfilters: {filter_url: {status: true}}\n"))

    assert rows(site, "SELECT cache FROM filter_format WHERE format = 'full_html'") == [(1,)]


def test_switching_off_touches_no_filter(site: Path) -> None:
    click(site, "DELETE FROM filter WHERE format = 'full_html' AND name <> 'filter_url'")
    before = rows(site, "SELECT * FROM filter ORDER BY format, name")

    write(
        site,
        read(
            "text_format: full_html\nname: Full HTML\nweight: 1\nstatus: false\nfilters: {filter_url: {status: true}}\n"
        ),
    )

    assert rows(site, "SELECT * FROM filter ORDER BY format, name") == before


def test_switching_on_again_touches_no_filter(site: Path) -> None:
    click(
        site,
        "UPDATE filter_format SET status = 0 WHERE format = 'full_html'",
        "DELETE FROM filter WHERE name <> 'filter_url'",
    )
    before = rows(site, "SELECT * FROM filter ORDER BY format, name")

    write(site, read("text_format: full_html\nname: Full HTML\nweight: 1\nfilters: {filter_url: {status: true}}\n"))

    assert rows(site, "SELECT * FROM filter ORDER BY format, name") == before


def test_a_new_format_that_is_taken_back_stays_off(site: Path) -> None:
    with run(site) as ctx, closing(ctx.site.db):
        assert list(KIND.remains(ctx, read("text_format: a\nname: A\n"))) == [
            "the text format a stays, switched off, and so does its name: Drupal deletes none"
        ]


def test_a_filter_that_is_called_like_a_secret_holds_none_but_its_settings_may() -> None:
    item = read(
        "text_format: a\nname: A\nfilters:\n"
        "  token_insert: {module: token_filter, weight: 7, status: true, settings: {length: 5, api_key: hunter2-hunter2}}\n"
    )

    masked, names = mask(item, None)

    assert names == ["TEXT_FORMAT_A_FILTERS_TOKEN_INSERT_SETTINGS_API_KEY"]
    about: Any = masked.fields["filters"]
    assert about["token_insert"]["module"] == "token_filter"
    assert about["token_insert"]["weight"] == 7
    assert about["token_insert"]["settings"]["length"] == 5
    assert "hunter2" not in repr(masked)


def test_what_a_format_leaves_in_caches_is_named(site: Path) -> None:
    assert write(site, read("text_format: a\nname: A\n")) == [
        "cache:entity_info:*",
        "cache:filter_formats*",
        "cache:filter_list_format*",
        "cache_field:*",
        "cache_filter:a:*",
    ]


def test_formats_that_are_off_are_no_items_unless_the_tree_says_so(site: Path) -> None:
    old = read("text_format: old\nname: Old\nstatus: false\n")
    with run(site) as ctx, closing(ctx.site.db):
        assert "old" not in live(ctx, "text_format")
    with run(site, old) as ctx, closing(ctx.site.db):
        assert live(ctx, "text_format")["old"].fields["status"] is False


def test_the_tree_switches_one_on_again(site: Path) -> None:
    write(site, read("text_format: old\nname: Old\n"))

    assert rows(site, "SELECT status FROM filter_format WHERE format = 'old'") == [(1,)]


@pytest.mark.parametrize("engine", ["mariadb"], indirect=True)
def test_names_that_the_database_takes_for_one_are_refused(dump: Load, engine: str) -> None:
    del engine
    site = Site(Mysql(parse_url(dump("base"), folder=Path("/"))), shown="test")
    ctx = Context(site=site, keys=Keys(site, LOADERS), scope=Scope(), memory=TreeOf(), now=1)
    with closing(site.db):
        KIND.identify(ctx)
        assert told(ctx, read("text_format: a\nname: FÚLL html\n")) == [
            "text_format:a and text_format:full_html have the same name, 'Full HTML' | text_formats/x.yml name | "
            "give one another name"
        ]
