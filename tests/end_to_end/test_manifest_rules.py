"""What drupalsync.yml says is done, or is said to be without effect: no rule is read and passed over in silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.untouched import untouched

if TYPE_CHECKING:
    from support.cli import Project
    from support.golden import Check

SLOGAN = "SELECT value FROM variable WHERE name = 'site_slogan'"


def _say(project: Project, entry: str) -> None:
    project.write("drupalsync.yml", project.read("drupalsync.yml") + entry + "\n")


def _slogan(text: str) -> str:
    return f"UPDATE variable SET value = 's:{len(text)}:\"{text}\";' WHERE name = 'site_slogan'"


RULES = [
    pytest.param("ignore: [{item: 'variable:site_slogan', reason: the editors choose it}]", id="ignore"),
    pytest.param("ignore: [{item: 'variable:site_sl*'}]", id="ignore with a glob"),
    pytest.param("exclude: ['variable:site_slogan']", id="exclude"),
]


@pytest.mark.parametrize("rule", RULES)
def test_what_is_ignored_is_not_exported(tiny: Project, rule: str) -> None:
    _say(tiny, rule)

    tiny.run("export")

    assert "site_name:" in tiny.read("config/variables/site.yml")
    assert "slogan" not in tiny.read("config/variables/site.yml")


@pytest.mark.parametrize("rule", RULES)
def test_what_is_ignored_is_not_written_and_no_drift(museum: Project, production: Project, rule: str) -> None:
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")
    production.click(_slogan("Mind the tide"))
    production.run("import", "--yes", exits=3)
    _say(museum, rule)

    with untouched(production):
        production.run("import", "--yes")

    assert production.one(SLOGAN) == 's:13:"Mind the tide";'


@pytest.mark.parametrize("rule", RULES)
def test_what_is_ignored_is_not_pruned(museum: Project, production: Project, rule: str) -> None:
    museum.click("DELETE FROM variable WHERE name = 'site_slogan'")
    museum.run("export", "--commit")
    _say(museum, rule)

    with untouched(production):
        production.run("import", "--prune", "--yes")

    assert production.one(SLOGAN) == 's:22:"900 years by the water";'


def test_an_export_leaves_the_file_of_what_is_ignored(museum: Project) -> None:
    _say(museum, "ignore: [{item: 'variable:site_slogan'}]")
    museum.git("commit", "--quiet", "--all", "--message=The slogan is the editors'")
    museum.click(_slogan("Ahoy"))

    with untouched(museum):
        museum.run("export", "--commit")


@pytest.mark.parametrize(
    "entry",
    ["ignore: ['variable:site_slogan']", "ignore: {item: x}", "ignore: [{reason: none}]", "ignore: [{item: 1}]"],
)
def test_a_rule_that_cannot_be_followed_is_an_error(production: Project, entry: str) -> None:
    _say(production, entry)

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "`ignore` is a list of rules" in said.stderr


def test_a_rule_with_an_unknown_word_is_an_error(production: Project) -> None:
    _say(production, "ignore: [{item: 'variable:site_slogan', path: value}]")

    assert "unknown entry 'path'" in production.run("import", "--yes", exits=1).stderr


@pytest.mark.parametrize(
    ("entry", "what"),
    [
        ("tables: {}", "`tables` is a list of descriptions"),
        ("tables: [{table: dsx}]", "the word kind is missing"),
        ("tables: [{kind: dsx, tabel: dsx}]", "unknown word 'tabel'\n"),
        ("tables: [{kind: dsx, table: dsx, key: name, folder: 3}]", "folder must be a text"),
        ("tables: [{kind: Dsx, table: dsx, key: name, folder: dsx}]", "'Dsx' cannot be a kind"),
        ("tables: [{kind: role, table: dsx, key: name, folder: dsx}]", "drupalsync has the kind role for that"),
        ("tables: [{kind: dsx, table: role, key: name, folder: dsx}]", "drupalsync has the kind role for that"),
        (
            "tables: [{kind: a, table: a, key: k, folder: a}, {kind: b, table: a, key: k, folder: b}]",
            "two descriptions have the table a",
        ),
        (
            "tables: [{kind: a, table: a, key: k, folder: a, columns: {x: {serialized: true, refers: role}}}]",
            "x cannot be both refers and serialized",
        ),
        (
            "tables: [{kind: hue, table: a, key: k, folder: a, columns: {hue: {}}}]",
            "the field hue has the name of the kind",
        ),
        (
            "tables: [{kind: a, table: a, key: k, folder: a, children: [{table: b, field: b, parent: {i: k}}]}]",
            "nothing says in which order the rows stand, or what they are called",
        ),
    ],
)
def test_a_table_that_is_described_in_words_that_say_nothing_is_an_error(
    museum: Project, production: Project, entry: str, what: str
) -> None:
    _say(museum, entry)

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert what in said.stderr
    assert "drupalsync.yml tables" in said.stderr


def test_a_table_that_the_manifest_describes_is_a_kind_like_any_other(museum: Project, production: Project) -> None:
    for site in (museum, production):
        site.click(
            "CREATE TABLE dsx_step (sid INTEGER PRIMARY KEY, cid INT NOT NULL, pos INT NOT NULL, what VARCHAR(9))"
        )
        site.click(
            "CREATE TABLE dsx (cid INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, settings BLOB, made INT NOT NULL DEFAULT 0)"
        )
    museum.click("INSERT INTO dsx VALUES (7, 'spring', 'a:1:{s:3:\"rid\";s:1:\"4\";}', 99)")
    museum.click("INSERT INTO dsx_step VALUES (3, 7, 2, 'second'), (4, 7, 1, 'first')")
    production.click("INSERT INTO dsx VALUES (1, 'own', NULL, 5)")
    _say(
        museum,
        "tables: [{kind: campaign, table: dsx, key: name, id: cid, folder: campaigns, columns: {settings: {serialized: "
        "true, places: {rid: role}}, made: {derived: true}}, children: [{table: dsx_step, field: steps, parent: {cid: "
        "cid}, order: pos, id: sid}]}]",
    )
    museum.run("export", "--commit")
    assert museum.read("config/campaigns/spring.yml") == (
        "campaign: spring\nsettings:\n  rid: role:editor\nsteps:\n  - pos: 1\n    what: first\n  - pos: 2\n"
        "    what: second\n"
    )

    production.run("import", "--yes")

    rid = production.one("SELECT rid FROM role WHERE name = 'editor'")
    assert production.rows("SELECT cid, name, CAST(settings AS TEXT), made FROM dsx ORDER BY cid") == [
        (1, "own", None, 5),
        (2, "spring", f'a:1:{{s:3:"rid";s:1:"{rid}";}}', 0),
    ]
    assert production.rows("SELECT cid, pos, what FROM dsx_step ORDER BY sid") == [(2, 1, "first"), (2, 2, "second")]
    museum.click("UPDATE dsx_step SET what = 'other' WHERE sid = 3")
    museum.click("DELETE FROM dsx_step WHERE sid = 4")
    museum.run("export", "--commit")
    production.run("import", "--yes")
    assert production.rows("SELECT pos, what FROM dsx_step") == [(2, "other")]
    with untouched(production):
        assert "Nothing to do." in production.run("import", "--yes").stdout
    (museum.root / "config/campaigns/spring.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=No campaign")
    production.run("import", "--prune", "--yes")
    assert production.rows("SELECT name FROM dsx") == [("own",)]
    assert production.rows("SELECT * FROM dsx_step") == []


def test_what_a_file_writes_out_though_the_columns_hold_it_anyway_settles(museum: Project, production: Project) -> None:
    for site in (museum, production):
        site.click(
            "CREATE TABLE dsx (name VARCHAR(9) PRIMARY KEY, title VARCHAR(9) NOT NULL DEFAULT '', w INT NOT NULL DEFAULT 0, n INT)"
        )
        site.click(
            "CREATE TABLE dsx_c (name VARCHAR(9) NOT NULL, pos INT NOT NULL DEFAULT 0, t VARCHAR(9) NOT NULL DEFAULT '')"
        )
    museum.click("INSERT INTO dsx VALUES ('a', 'x', 3, 4)")
    museum.click("INSERT INTO dsx_c VALUES ('a', 1, 'q')")
    _say(
        museum,
        "tables: [{kind: thing, table: dsx, key: name, folder: things, columns: {title: {}, n: {}}, "
        "children: [{table: dsx_c, field: cs, parent: {name: name}, order: pos}]}]",
    )
    museum.run("export", "--commit")
    production.run("import", "--yes")
    museum.write("config/things/a.yml", "thing: a\ntitle: ''\n'n': 0\nextra: {w: 0}\ncs:\n  - {pos: 0, t: ''}\n")
    museum.write("config/things/b.yml", "thing: b\ntitle: ''\n'n': null\ncs: []\n")
    museum.git("add", "--all")
    museum.git("commit", "--quiet", "--message=Zeros")

    production.run("import", "--yes")

    assert production.rows("SELECT * FROM dsx ORDER BY name") == [("a", "", 0, 0), ("b", "", 0, None)]
    assert production.rows("SELECT * FROM dsx_c") == [("a", 0, "")]
    with untouched(production):
        production.run("import", "--yes")


def test_a_filter_that_a_file_switches_off_settles(museum: Project, production: Project) -> None:
    file = "config/text_formats/full_html.yml"
    text = museum.read(file)
    assert "status: true" in text
    museum.write(file, text.replace("status: true", "status: false", 1))
    museum.git("commit", "--quiet", "--all", "--message=Off")

    production.run("import", "--yes")

    with untouched(production):
        production.run("import", "--yes")


def test_a_table_that_is_of_another_version_here_is_left_alone_and_said(museum: Project, production: Project) -> None:
    museum.click("CREATE TABLE dsx (cid INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL)")
    museum.click("CREATE TABLE dsx_step (sid INTEGER PRIMARY KEY, cid INT NOT NULL, pos INT NOT NULL)")
    museum.click("INSERT INTO dsx VALUES (7, 'spring')")
    production.click("CREATE TABLE dsx (cid INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL)")
    production.click("CREATE TABLE dsx_step (sid INTEGER PRIMARY KEY, campaign INT NOT NULL, pos INT NOT NULL)")
    production.click("INSERT INTO dsx VALUES (1, 'autumn')")
    _say(
        museum,
        "tables: [{kind: campaign, table: dsx, key: name, id: cid, folder: campaigns, "
        "children: [{table: dsx_step, field: steps, parent: {cid: cid}, order: pos, id: sid}]}]",
    )
    museum.run("export", "--commit")

    with untouched(production):
        said = production.run("import", "--yes", exits=1)

    assert "{dsx_step} has no column cid on this site, and campaign is told by it" in said.stderr
    assert "describe its table in drupalsync.yml" in said.stderr
    (museum.root / "config/campaigns/spring.yml").unlink()
    museum.git("commit", "--quiet", "--all", "--message=No campaign")
    note = "note: campaign: dsx_step has no column cid on this site: its rows are left to the site"
    assert note in production.run("status").stdout


@pytest.mark.parametrize("entry", ["limits: {}", "tables: []", "modes: {}", "protect: []"])
def test_what_says_nothing_needs_no_note(museum: Project, production: Project, entry: str) -> None:
    _say(museum, entry)

    assert "no effect" not in production.run("import", "--dry-run").stdout


WEIGHT = "SELECT weight FROM block WHERE module = 'system' AND delta = 'powered-by' AND theme = 'bartik'"


def _weigh(project: Project, weight: int) -> None:
    project.click(f"UPDATE block SET weight = {weight} WHERE module = 'system' AND delta = 'powered-by'")


def test_what_is_ignored_is_seen_and_reported(museum: Project, production: Project, golden: Check) -> None:
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")
    _say(museum, "ignore: [{item: 'variable:site_slogan', reason: the editors choose it}]")

    said = production.run("import", "--dry-run")

    golden(said.transcript, "end_to_end/what-is-ignored-is-seen-and-reported.txt")
    assert "1 difference ignored" in production.run("import", "--yes").stdout
    assert "ignored" in production.run("status").stdout


def test_an_ignored_field_is_the_sites_own_in_every_command(museum: Project, production: Project) -> None:
    _say(museum, "ignore: [{item: 'block:*', field: 'placements.*.weight', reason: they sort them by hand}]")
    museum.git("commit", "--quiet", "--all", "--message=Weights are theirs")
    _weigh(production, 7)

    assert "1 difference ignored" in production.run("import", "--yes").stdout
    with untouched(museum):
        production.run("export", "block:system/*", "--commit")
    museum.click("UPDATE block SET title = 'Engine room' WHERE delta = 'powered-by'")
    _weigh(museum, -7)
    museum.run("export", "--commit")
    production.run("import", "--yes")

    assert production.one(WEIGHT) == 7
    assert production.rows("SELECT DISTINCT title FROM block WHERE delta = 'powered-by'") == [("Engine room",)]
    assert "weight: -7" not in museum.read("config/blocks/system/powered-by.yml")


MODES = [
    pytest.param("no-delete", "Ahoy", 1, id="no-delete"),
    pytest.param("create-only", "900 years by the water", 1, id="create-only"),
    pytest.param("observe", "900 years by the water", 1, id="observe"),
    pytest.param("full", "Ahoy", 0, id="full"),
]


@pytest.mark.parametrize(("mode", "slogan", "left"), MODES)
def test_a_mode_says_what_an_import_may_do(
    museum: Project, production: Project, mode: str, slogan: str, left: int
) -> None:
    _say(museum, f"modes: {{variable: full, 'variable:site_*': {mode}}}")
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")
    production.run("import", "--prune", "--yes")
    assert production.one(SLOGAN) == f's:{len(slogan)}:"{slogan}";'

    text = museum.read("config/variables/site.yml")
    museum.write("config/variables/site.yml", "\n".join(line for line in text.split("\n") if "slogan" not in line))
    production.run("import", "--prune", "--yes")

    assert len(production.rows(SLOGAN)) == left


def test_what_is_made_once_is_not_made_again(museum: Project, production: Project) -> None:
    _say(museum, "modes: {'variable:harbour_*': create-only}")
    museum.write("config/variables/harbour.yml", "harbour_master: Ada\n")
    production.run("import", "--yes")
    production.click("DELETE FROM variable WHERE name = 'harbour_master'")

    said = production.run("import", "--yes")

    assert production.rows("SELECT 1 FROM variable WHERE name = 'harbour_master'") == []
    assert "1 difference ignored" in said.stdout


@pytest.mark.parametrize(
    "entry",
    [
        "ignore: [{item: 'variable:site_slogn', reason: theirs}]",
        "exclude: ['variable:dsx_*']",
        "modes: {'variable:dsx_*': observe}",
        "protect: ['variable:dsx_*']",
    ],
)
def test_a_rule_that_matches_nothing_is_warned_of(museum: Project, production: Project, entry: str) -> None:
    museum.click(_slogan("Ahoy"))
    museum.run("export", "--commit")
    _say(museum, entry)

    said = production.run("import", "--dry-run")

    assert "matches nothing: misspelt, or out of date?" in said.stdout


def test_an_exclude_that_hides_something_is_not_warned_of(museum: Project, production: Project) -> None:
    _say(museum, "exclude: ['block:system/powered-by', 'variable:site_slogan', {item: 'menu:main-menu', reason: x}]")

    assert "matches nothing" not in production.run("import", "--dry-run").stdout


def test_a_rule_without_a_reason_is_asked_for_one(museum: Project, production: Project) -> None:
    _say(museum, "ignore: [{item: 'variable:site_slogan'}]")

    assert "gives no reason" in production.run("import", "--dry-run").stdout


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("modes: {variable: ful}", "did you mean full?"),
        ("modes: {varable: full}", "there is no kind 'varable'"),
        ("modes: [full]", "`modes` maps"),
        ("limits: {percent: many}", "percent is not a whole number"),
        ("limits: {delete: 10}", "did you mean 'deletes'?"),
        ("limits: 30", "`limits` maps"),
        ("protect: menu:main", "must be a list of texts"),
        ("exclude: [{item: 'variable:x', field: y}]", "unknown entry 'field'"),
    ],
)
def test_a_rule_that_is_a_mistake_says_its_mend(museum: Project, production: Project, entry: str, said: str) -> None:
    _say(museum, entry)

    code = 64 if "no kind" in said else 1
    assert said in production.run("import", "--dry-run", exits=code).stderr
