"""URL aliases of pages that have no file of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from drupalsync.kinds import url_alias
from drupalsync.site import get_variable
from support import nodes
from support.taxonomy import item, items, museum_run, problems, term

if TYPE_CHECKING:
    from pathlib import Path

KIND = url_alias.KIND
ADD = "INSERT INTO url_alias (pid, source, alias, language) VALUES "
FORUM = "UPDATE system SET status = 1 WHERE name = 'forum'"


def alias(key: str, source: str = "contact", **fields: Any) -> Any:
    return item("url_alias", key, source=source, extra={}, **fields)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        pytest.param("contact", "contact", id="a page"),
        pytest.param("node/5/edit", "node:page/about//edit", id="below a node"),
        pytest.param("taxonomy/term/2/feed", "term:tags/History//feed", id="below a term"),
        pytest.param("user/login", "user/login", id="where people log in"),
        pytest.param("node/add", "node/add", id="where nodes are made"),
        pytest.param("node", "node", id="the list of nodes"),
        pytest.param("forum/2", "forum:tags/History", id="a forum"),
    ],
)
def test_the_source_is_named(tmp_path: Path, source: str, shown: str) -> None:
    ctx = museum_run(tmp_path, FORUM, f"{ADD} (90, '{source}', 'somewhere', 'und')")
    assert items(ctx, "url_alias")["und/somewhere"].fields == {"source": shown, "extra": {}}


@pytest.mark.parametrize("source", ["node/5", "taxonomy/term/2", "user/1", "node/99"])
def test_the_alias_of_what_has_a_file_of_its_own_is_none_of_these(tmp_path: Path, source: str) -> None:
    ctx = museum_run(tmp_path, f"{ADD} (90, '{source}', 'somewhere', 'und')")
    assert "und/somewhere" not in items(ctx, "url_alias")


def test_a_path_of_a_forum_is_one_only_where_there_are_forums(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, f"{ADD} (90, 'forum/2', 'somewhere', 'und')")
    assert items(ctx, "url_alias")["und/somewhere"].fields["source"] == "forum/2"
    assert problems(ctx, alias("und/x", "forum/2")) == []


def test_two_rows_that_say_the_same_are_left_alone_and_told(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, f"{ADD} (90, 'contact', 'mail', 'und'), (91, 'contact', 'mail', 'und')")
    assert items(ctx, "url_alias") == {}
    assert ctx.notes == ["url_alias:und/mail is 2 rows of url_alias: none of them is exported or written"]
    assert problems(ctx, alias("und/mail")) == [
        "the alias mail (und) leads to contact already\n  where: url_alias.yml\n"
        "  mend:  delete it there, or choose another"
    ]


def test_a_new_one_gets_its_row_and_the_paths_that_have_aliases_are_known(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, FORUM)
    pid = KIND.create(ctx, alias("de/treffpunkt", "forum:tags/History"))
    assert ctx.site.rows("SELECT * FROM {url_alias} WHERE pid = ?", [pid]) == [(pid, "forum/2", "treffpunkt", "de")]
    assert get_variable(ctx.site, "path_alias_whitelist") == {"node": True, "forum": True}


def test_one_that_gets_another_name_keeps_its_row(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, f"{ADD} (90, 'contact', 'mail', 'und')")
    live = items(ctx, "url_alias")["und/mail"]
    KIND.update(ctx, live, replace(alias("de/post"), local_id=90))
    assert ctx.site.rows("SELECT * FROM {url_alias} WHERE pid = 90") == [(90, "contact", "post", "de")]
    KIND.delete(ctx, items(ctx, "url_alias")["de/post"])
    assert ctx.site.rows("SELECT * FROM {url_alias} WHERE pid = 90") == []


def test_what_is_there_has_no_problem(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path, FORUM, f"{ADD} (90, 'contact', 'mail', 'und'), (91, 'forum/2', 'talk', 'de')")
    live = items(ctx, "url_alias")
    assert list(live) == ["de/talk", "und/mail"]
    assert [problem for one in live.values() for problem in problems(ctx, one)] == []


@pytest.mark.parametrize(
    ("key", "source", "said"),
    [
        pytest.param(
            "und/x", "node/5",
            "the path node/5 names a row by its id, which is another one on every site\n  where: url_alias.yml source\n"
            "  mend:  write the reference: node:page/about",
            id="an id",
        ),
        pytest.param(
            "und/x", "forum/2",
            "the path forum/2 names a row by its id, which is another one on every site\n  where: url_alias.yml source\n"
            "  mend:  write the reference: forum:tags/History",
            id="the id of a forum",
        ),
        pytest.param(
            "und/x", "forum:tags/Histori",
            "term:tags/Histori is neither in the tree nor on this site\n  where: url_alias.yml source\n"
            "  mend:  create it on the site, correct the name (did you mean tags/History?), or remove the reference",
            id="a forum with a slip",
        ),
        pytest.param(
            "und/x", "node:page/about",
            "url_alias:und/x is an alias of node:page/about, which has it in its own file\n  where: url_alias.yml\n"
            "  mend:  write it under `aliases:` in the file of the node",
            id="of a node",
        ),
        pytest.param(
            "und/x", "term:tags/History",
            "url_alias:und/x is an alias of term:tags/History, which has it in its own file\n  where: url_alias.yml\n"
            "  mend:  write it under `aliases:` of the term, in the file of its vocabulary",
            id="of a term",
        ),
        pytest.param(
            "und/x", "user:anna",
            "url_alias:und/x is the alias of a user, which is content\n  where: url_alias.yml\n"
            "  mend:  make it on the site",
            id="of a user",
        ),
        pytest.param(
            "und/x", "",
            "url_alias:und/x leads nowhere\n  where: url_alias.yml\n"
            "  mend:  source: the path that it stands for, without / at its ends",
            id="to nowhere",
        ),
        pytest.param(
            "und/x", "/contact",
            "url_alias:und/x leads nowhere\n  where: url_alias.yml\n"
            "  mend:  source: the path that it stands for, without / at its ends",
            id="to a path with a slash",
        ),
        pytest.param(
            "und/ x", "contact",
            "' x' cannot be an alias\n  where: url_alias.yml\n  mend:  no spaces and no / at its ends",
            id="a space",
        ),
        pytest.param(
            "und/", "contact",
            "'' cannot be an alias\n  where: url_alias.yml\n  mend:  no spaces and no / at its ends",
            id="no alias",
        ),
        pytest.param(
            "contact", "contact",
            "'contact' is no key of a url_alias\n  where: url_alias.yml\n  mend:  its parts are language/alias",
            id="no language",
        ),
        pytest.param(
            "fr/x", "contact",
            "language:fr is neither in the tree nor on this site\n  where: url_alias.yml\n"
            "  mend:  create it on the site, correct the name, or remove the reference",
            id="a language that is missing",
        ),
        pytest.param(
            "und/about", "contact",
            "the alias about (und) leads to node/5 already\n  where: url_alias.yml\n"
            "  mend:  delete it there, or choose another",
            id="one that is taken",
        ),
        pytest.param(
            f"und/{'x' * 256}", "contact",
            "alias has 256 characters; there is room for 255\n  where: url_alias.yml url_alias\n  mend:  shorten it",
            id="a long one",
        ),
    ],
)  # fmt: skip
def test_what_the_site_cannot_have_is_said_with_a_mend(tmp_path: Path, key: str, source: str, said: str) -> None:
    assert problems(museum_run(tmp_path, FORUM), alias(key, source)) == [said]


def test_one_that_two_items_of_the_tree_want_is_refused(tmp_path: Path) -> None:
    wanted, ships = alias("und/ships"), term("tags/Ships", aliases=[{"alias": "ships", "language": "und"}])
    ctx = museum_run(tmp_path)
    assert problems(ctx, wanted, ships) == [
        "the alias ships (und) is that of term:tags/Ships, too\n  where: url_alias.yml\n"
        "  mend:  only one of them can have it"
    ]
    assert problems(ctx, ships, wanted) == [
        "the alias ships (und) is that of url_alias:und/ships, too\n  where: term.yml term:tags/Ships\n"
        "  mend:  only one of them can have it"
    ]


def test_one_that_a_node_of_the_tree_gives_up_is_free(tmp_path: Path) -> None:
    ctx = museum_run(tmp_path)
    assert problems(ctx, alias("und/about"), nodes.new("page/about", "About us", aliases=["about-us"])) == []
