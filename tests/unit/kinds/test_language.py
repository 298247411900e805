"""Languages, and the variables that follow them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.kinds import language
from drupalsync.php import PhpObject, encode
from drupalsync.site import get_variable
from support import nodes
from support import taxonomy as taxo
from support.taxonomy import items, museum_run, problems, refusal

if TYPE_CHECKING:
    from pathlib import Path

    from drupalsync.kinds import Context

KIND = language.KIND
GERMAN: dict[str, Any] = {
    "language": "de", "name": "German", "native": "Deutsch", "direction": "0", "enabled": 1, "plurals": "0",
    "formula": "", "domain": "", "prefix": "de", "weight": "0", "javascript": "",
}  # fmt: skip


def make_default(ctx: Context, **properties: Any) -> None:
    ctx.site.insert(
        "variable", {"name": "language_default", "value": encode(PhpObject("stdClass", {**GERMAN, **properties}))}
    )


def own(ctx: Context) -> dict[Any, Any]:
    found = get_variable(ctx.site, "language_default")
    assert isinstance(found, PhpObject)
    return dict(found.properties)


def test_the_domain_is_the_environments_own(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, "UPDATE languages SET domain = 'de.dev.example', prefix = '' WHERE language = 'de'")
    live = items(ctx, "language")["de"]
    assert "domain" not in live.fields
    KIND.update(ctx, live, replace(live, fields={**live.fields, "weight": 5}))
    row = ctx.site.one("SELECT domain, weight FROM {languages} WHERE language = 'de'")
    assert row == ("de.dev.example", 5)


def test_a_new_language_has_its_row_and_is_counted(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    KIND.create(ctx, taxo.language("it", name="Italian", native="Italiano", enabled=True, extra={}))
    KIND.finish(ctx)
    row = ctx.site.one("SELECT * FROM {languages} WHERE language = 'it'")
    assert row == ("it", "Italian", "Italiano", 0, 1, 0, "", "", "it", 0, "")
    assert get_variable(ctx.site, "language_count") == 3
    assert get_variable(ctx.site, "javascript_parsed") == {"refresh:it": "waiting"}


def test_one_that_is_switched_off_is_not_counted(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    live = items(ctx, "language")["de"]
    KIND.update(ctx, live, replace(live, fields={**live.fields, "enabled": False}))
    KIND.finish(ctx)
    assert get_variable(ctx.site, "language_count") == 1


def test_the_copy_of_the_sites_own_follows_its_row_as_the_form_writes_it(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    make_default(ctx, direction=0)
    live = items(ctx, "language")["de"]
    KIND.update(ctx, live, replace(live, fields={**live.fields, "native": "Deutsch (Sie)", "prefix": "d"}))
    assert own(ctx) == {**GERMAN, "native": "Deutsch (Sie)", "prefix": "d", "direction": "0"}


def test_the_copy_of_another_language_stays(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    make_default(ctx)
    live = items(ctx, "language")["en"]
    KIND.update(ctx, live, replace(live, fields={**live.fields, "native": "British English", "prefix": "en"}))
    assert own(ctx) == GERMAN


def test_english_gets_its_copy_where_the_site_has_none(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    live = items(ctx, "language")["en"]
    KIND.update(ctx, live, replace(live, fields={**live.fields, "native": "British English"}))
    assert own(ctx) == {
        "language": "en", "name": "English", "native": "British English", "direction": "0", "enabled": 1, "plurals": 0,
        "formula": "", "domain": "", "prefix": "", "weight": 0, "javascript": "",
    }  # fmt: skip


def test_with_a_language_go_the_translations_into_it(tmp_path: Path) -> None:
    ctx = museum_run(
        tmp_path,
        "CREATE TABLE locales_target (lid INTEGER, translation BLOB, language VARCHAR(12))",
        "INSERT INTO locales_target VALUES (1, 'Start', 'de'), (2, 'Ende', 'de'), (1, 'Début', 'fr')",
    )
    german = items(ctx, "language")["de"]
    assert list(KIND.losses(ctx, german, ())) == ["2 translations of the interface into de"]
    KIND.delete(ctx, german)
    KIND.finish(ctx)
    assert ctx.site.rows("SELECT language FROM {locales_target}") == [("fr",)]
    assert ctx.site.rows("SELECT language FROM {languages}") == [("en",)]
    assert get_variable(ctx.site, "language_count") == 1


def test_what_is_there_has_no_problem(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    live = items(ctx, "language")
    assert [problem for one in live.values() for problem in problems(ctx, one, *live.values())] == []


@pytest.mark.parametrize(
    ("key", "fields", "said"),
    [
        pytest.param(
            "x1", {}, "'x1' cannot be a language\n  where: language.yml\n  mend:  letters, - and _ make a code: pt-br",
            id="a digit",
        ),
        pytest.param(
            "x" * 13,
            {},
            "language has 13 characters; there is room for 12\n  where: language.yml language\n  mend:  shorten it",
            id="a long code",
        ),
        pytest.param(
            "it",
            {"native": "<b>Italiano</b>"},
            "native cannot be '<b>Italiano</b>'\n  where: language.yml native\n"
            "  mend:  a text without & < > and quotes",
            id="markup",
        ),
        pytest.param(
            "it",
            {"name": " "},
            "name cannot be ' '\n  where: language.yml name\n  mend:  a text without & < > and quotes",
            id="no name",
        ),
        pytest.param(
            "it",
            {"direction": 2},
            "2 is no direction\n  where: language.yml direction\n"
            "  mend:  0: from left to right, 1: from right to left",
            id="a third direction",
        ),
        pytest.param(
            "it",
            {"prefix": ""},
            "language:it has no prefix: only the language of the site, or one with a domain, can do without\n"
            "  where: language.yml prefix\n  mend:  prefix: it",
            id="no prefix",
        ),
        pytest.param(
            "it",
            {"prefix": "de"},
            "the prefix de is that of language:de\n  where: language.yml prefix\n  mend:  choose another",
            id="another one's prefix",
        ),
        pytest.param(
            "en",
            {"enabled": False, "prefix": ""},
            "language:en cannot be off: it is the language of the site\n  where: language.yml enabled\n"
            "  mend:  enabled: true, or make another one the default on the site first",
            id="the site's own switched off",
        ),
    ],
)  # fmt: skip
def test_what_the_site_cannot_have_is_said_with_a_mend(
    tmp_path: Path, key: str, fields: dict[str, Any], said: str
) -> None:
    wanted = taxo.language(key, **{"name": "Italian", "native": "Italiano", "enabled": True, **fields})
    assert problems(museum_run(tmp_path), wanted) == [said]


def test_what_the_site_has_already_may_stay(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, "INSERT INTO languages VALUES ('x1', '<b>', '&', 0, 1, 0, '', '', '', 0, '')")
    assert problems(ctx, taxo.language("x1", name="<b>", native="&", prefix="", weight=3)) == []


def test_two_new_languages_with_one_prefix_are_refused(tmp_path: Path) -> None:
    assert problems(museum_run(tmp_path), taxo.language("it"), taxo.language("es", prefix="it")) == [
        "the prefix it is that of language:es\n  where: language.yml prefix\n  mend:  choose another"
    ]


def test_two_languages_may_change_prefixes_in_one_import(tmp_path: Path) -> None:
    italian, german = taxo.language("it", prefix="de"), taxo.language("de", prefix="d")
    assert problems(museum_run(tmp_path), italian, german) == []


def test_a_site_without_the_module_is_said(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, "UPDATE system SET status = 0 WHERE name = 'locale'")
    assert problems(ctx, taxo.language("it")) == [
        "language:it needs the module locale, which is off\n  where: language.yml\n  mend:  drush en locale"
    ]


def test_english_and_the_sites_own_do_not_go(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    live = items(ctx, "language")
    assert refusal(ctx, live["en"]) == (
        "language:en cannot be deleted: it is the language of the site\n  where: language:en\n"
        "  mend:  make another one the default first"
    )
    make_default(ctx)
    assert refusal(ctx, live["en"]) == (
        "language:en cannot be deleted: it is English\n  where: language:en\n"
        "  mend:  switch it off instead: enabled: false"
    )
    assert refusal(ctx, live["de"]) == (
        "language:de cannot be deleted: it is the language of the site\n  where: language:de\n"
        "  mend:  make another one the default first"
    )


def test_one_that_nodes_of_the_site_have_does_not_go(tmp_path: Path) -> None:
    german = ("UPDATE node SET language = 'de' WHERE nid IN (1, 8)",)
    ctx = museum_run(tmp_path, *german)
    live = items(ctx, "language")["de"]
    assert refusal(ctx, live) == (
        "language:de cannot be deleted: 2 nodes of this site are in that language\n  where: language:de\n"
        "  mend:  give them another language, or switch it off: enabled: false"
    )
    ctx = museum_run(tmp_path, *german, tree=[nodes.new("page/welcome", "Welcome", language="en")])
    ctx.keys.assign("node", 1, "page/welcome")  # as the ledger has it
    assert "1 node of this site are" in refusal(ctx, live)
